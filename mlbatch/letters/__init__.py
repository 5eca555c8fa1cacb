"""What we say (公文): letters as .docx, from templates that a clerk edits in Word (肆.七).

發文日期 and 發文字號 stay open, 中華民國　年　月　日 and the office's prefix with a blank: the
document system fills them when a letter is sent. A letter is one of 核定函, 未獲補助函 and 補正通知, or a paper
of payment; who has nothing to be told gets none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from mlbatch.again import kept
from mlbatch.letters.closing import closed_facts, closing_figures, closing_reminder_facts, wanting_facts
from mlbatch.letters.facts import award_facts, correction_facts, refusal_facts, workshop_facts
from mlbatch.letters.fields import KINDS, Head, LetterError
from mlbatch.letters.figures import (
    award_figures,
    correction_figures,
    payment_figures,
    refusal_figures,
    supply_figures,
)
from mlbatch.letters.paying import receipt_facts, request_facts, supply_facts, transfer_facts
from mlbatch.letters.placeholders import TemplateError
from mlbatch.letters.reminding import reminder_facts, reminder_figures
from mlbatch.letters.render import complete, template
from mlbatch.plan import Plan
from mlbatch.recipient import Packages, Recipient, each
from mlbatch.tables import Tables, still_open


@dataclass(frozen=True)
class Letter:
    """One letter: for whom, its file name, its kind, its facts, how many schools and how much money (NT$)."""

    recipient: Recipient
    name: str
    kind: str
    facts: Head
    schools: int | None = None
    amount: int | None = None

    @cached_property
    def content(self) -> bytes:
        """Its bytes. Raises LetterError where the template's own expressions fail."""
        return rendered(self.kind, self.facts)


@dataclass(frozen=True)
class Sort:
    """A sort of letter: its file name, its templates for counties and for schools, its facts, its figures."""

    name: str
    for_county: str
    for_school: str
    facts: Callable[[Tables, Plan, Recipient], Head | None]
    figures: Callable[[Tables], tuple[int | None, int | None]]


CORRECTION = (Sort("補正通知.docx", "補正通知", "補正通知", correction_facts, correction_figures),)
AWARD = (
    Sort("核定函.docx", "核定函_縣市", "核定函_國立學校", award_facts, award_figures),
    Sort("核定函.docx", "核定函_工作坊", "核定函_工作坊", workshop_facts, award_figures),
    Sort("未獲補助函.docx", "未獲補助函", "未獲補助函_國立學校", refusal_facts, refusal_figures),
)
PAYMENT = (
    Sort("領款收據.docx", "領款收據", "領款收據", receipt_facts, payment_figures),
    Sort("經費申請表.docx", "經費申請表", "經費申請表", request_facts, payment_figures),
    Sort("請款補件通知.docx", "請款補件通知", "請款補件通知", supply_facts, supply_figures),
    Sort("撥款函.docx", "撥款函", "撥款函", transfer_facts, payment_figures),
)
TRACKING = ("催繳通知.docx", "催繳通知", reminder_figures)
CLOSING = (
    Sort("結案催送函.docx", "結案催送函", "結案催送函", closing_reminder_facts, closing_figures),
    Sort("結案補件通知.docx", "結案補件通知", "結案補件通知", wanting_facts, closing_figures),
    Sort("結案函.docx", "結案函", "結案函", closed_facts, closing_figures),
)


def correction_letters(
    tables: Tables, plan: Plan, as_of: date, packages: Packages | None = None
) -> list[Letter]:
    """補正通知 for each recipient with something to correct, while that can still be done (肆.四(四)4).

    After closing there is none, but for counties that were called again: nothing may be added or replaced. Raises as `award_letters`.
    """
    over = plan.calendar.closed(as_of) and not still_open(tables["schools"])
    return [] if over else _letters(CORRECTION, tables, plan, packages)


def award_letters(tables: Tables, plan: Plan, as_of: date, packages: Packages | None = None) -> list[Letter]:
    """核定函 and 未獲補助函 for counties, then for national schools (肆.七(一)1, 肆.七(三)).

    `packages` are the tables of each recipient, where they were cut before.

    Raises TemplateError for a template that cannot be used, before any letter is written, and
    LetterError that names every letter that lacks a value, and which.
    """
    return _letters(AWARD, tables, plan, packages)


def payment_letters(tables: Tables, plan: Plan, packages: Packages | None = None) -> list[Letter]:
    """領款收據 and 經費申請表 for each payee not yet paid, 請款補件通知 for who lacks a paper, 撥款函 for who can be paid.

    Raises as `award_letters`.
    """
    return _letters(PAYMENT, tables, plan, packages)


def reminder_letters(
    tables: Tables, plan: Plan, as_of: date, packages: Packages | None = None
) -> list[Letter]:
    """催繳通知 for each recipient with something overdue at the end of the day `as_of`; none for who owes nothing (伍.二(四)).

    Raises as `award_letters`.
    """
    name, kind, figures = TRACKING
    sort = Sort(name, kind, kind, lambda own, plan, who: reminder_facts(own, plan, who, as_of), figures)
    return _letters((sort,), tables, plan, packages)


def closing_letters(tables: Tables, plan: Plan, packages: Packages | None = None) -> list[Letter]:
    """結案催送函 for who has sent no settlement, 結案補件通知 for who lacks something, 結案函 for who is closed (柒.九).

    Raises as `award_letters`.
    """
    return _letters(CLOSING, tables, plan, packages)


def _letters(
    sorts: tuple[Sort, ...], tables: Tables, plan: Plan, packages: Packages | None = None
) -> list[Letter]:
    for kind in (kind for sort in sorts for kind in (sort.for_county, sort.for_school)):
        template(kind)
    letters, faults = [], []
    for who, own in packages or each(tables, plan):
        for sort in sorts:
            try:
                if facts := sort.facts(own, plan, who):
                    kind = sort.for_county if who.county else sort.for_school
                    complete(kind, facts)
                    letters.append(Letter(who, sort.name, kind, facts, *sort.figures(own)))
            except LetterError as fault:
                faults.append(str(fault))
    if faults:
        raise LetterError("\n".join(faults))
    return letters


@kept
def rendered(kind: str, facts: Head) -> bytes:
    """A letter of a kind, from its facts."""
    return template(kind).render(facts)


__all__ = [
    "KINDS",
    "Letter",
    "LetterError",
    "TemplateError",
    "award_letters",
    "closing_letters",
    "correction_letters",
    "payment_letters",
    "reminder_letters",
    "rendered",
]
