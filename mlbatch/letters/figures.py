"""What the outbox shows of a letter (公文之校數與金額): taken from the recipient's own tables."""

from __future__ import annotations

import pandas as pd

from mlbatch.tables import Tables

Figures = tuple[int | None, int | None]  # schools, NT$


def award_figures(own: Tables) -> Figures:
    """The funded schools, and what the county gets, or the national school by itself."""
    schools = own["schools"]
    funded = schools[schools["approved"].fillna(0) > 0]
    if "counties" in own and len(own["counties"]):
        return len(funded), int(own["counties"]["granted"].iloc[0])
    return len(funded), int((funded["grant"] + funded["coach"]).sum())


def refusal_figures(own: Tables) -> Figures:
    """The schools that get nothing or wait."""
    return int((own["schools"]["approved"].fillna(0) == 0).sum()), None


def correction_figures(own: Tables) -> Figures:
    """The schools that have something to correct; a fault of the list as a whole is no school's."""
    faulty = {f.school for f in own.findings if f.kind.severity.weighs}
    keys = pd.MultiIndex.from_frame(own["schools"][["code", "level"]])
    return int(keys.isin([school for school in faulty if school]).sum()), None


def payment_figures(own: Tables) -> Figures:
    """The schools of a payee, and what it was granted."""
    payee = own["payees"].iloc[0]
    return int(payee["schools"]), int(payee["granted"])


def supply_figures(own: Tables) -> Figures:
    """The schools of a payee that lacks papers."""
    return payment_figures(own)[0], None
