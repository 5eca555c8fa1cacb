"""The sample year's documents: from the readable tables to what each form is filled with.

A `Document` is one file of an inbox: its path, its form and its values. `year(month)` gives the
faultless documents of a month by key: `register:uploads`, `list:新北市`, `plan:014683-國小`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from io import StringIO
from pathlib import PurePosixPath

from plans import filled_plan
from readable import APPLICATIONS, BY_KEY, FORMS, PLAN, SCHOOLS, Row, fill, table, typed

from mlbatch.forms import Form, blank
from mlbatch.plan import Plan

SEPTEMBER, FINAL = "2017-09", "2017-12"
REGISTERS = "本部清冊"
ONLY_LATER = (
    "letters_received",
    "reviewers",
    "county_record",
    "fiscal",
    "coaches",
    "winners",
    "former_coaches",
    "workshops",
    "settings",
    "waivers",
)
BETWEEN_UPLOADS = timedelta(minutes=1, seconds=7)
SEATS = ("市立", "縣立", "私立", "國立")

Documents = dict[str, "Document"]


@dataclass(frozen=True)
class Document:
    """One file. `uploaded` and `by` stand in the upload register; None for what is not uploaded.

    `content` is what a file holds that is no workbook of ours, which has no form then, or that
    something was altered in after it was filled.
    """

    path: str
    form: Form | None
    recipient: str = ""
    values: Mapping[str, list[Row]] = field(default_factory=dict)
    uploaded: datetime | None = None
    by: str = ""
    content: bytes = b""
    plan: Plan = PLAN

    @cached_property
    def saved(self) -> bytes:
        """The bytes of the file: a workbook, or CSV where its name says so."""
        if self.form is None or self.content:
            return self.content
        if self.path.endswith(".csv"):
            return _csv(self)
        return blank.blank(self.form, self.plan, recipient=self.recipient, values=self.values)


def year(month: str) -> Documents:
    """The faultless documents of a month, registers first, without the upload register."""
    return {**_registers(month), **_submissions(month)}


def upload_register(documents: Documents, month: str) -> Document:
    """The website's upload register: everything uploaded, in the order of time."""
    names = Counter(PurePosixPath(one.path).name for one in documents.values())
    rows = [
        {"upload_name": _upload_name(one.path, names), "uploaded_at": one.uploaded, "uploaded_by": one.by}
        for one in sorted(documents.values(), key=lambda one: (one.uploaded or datetime.max, one.path))
        if one.uploaded
    ]
    ending = "xlsx" if month == SEPTEMBER else "csv"
    return register("uploads", rows, ending)


def _upload_name(path: str, names: Counter[str]) -> str:
    """The file's name; with its folders where another file has the same name."""
    name = PurePosixPath(path).name
    return name if names[name] == 1 else path


# Registers ---------------------------------------------------------------------------------------


def _registers(month: str) -> Documents:
    rows = {
        "directory": SCHOOLS,
        "remote": [row for row in SCHOOLS if row["area_class"]],
        "subsidised": [{**row, "classes": row["subsidised"]} for row in SCHOOLS if row["subsidised"]],
        **{name: with_schools(table(name)) for name in ("incomplete", "deepening", "false_statements", "coaches", "winners")},
        "former_coaches": [with_coached(row) for row in with_schools(table("former_coaches"))],
        "school_record": [row for row in SCHOOLS if row["score"]],
        "county_record": table("county_figures"),
        "letters_received": list(_letters()),
        "reviewers": table("reviewers"),
        "fiscal": table("county_figures"),
        "workshops": table("workshops"),
        "settings": table("settings"),
        "waivers": with_schools(table("waivers")),
    }  # fmt: skip
    if month == SEPTEMBER:
        rows = {name: rows[name] for name in rows if name not in ONLY_LATER}
        rows["deepening"] = []  # not chosen before December
    return {f"register:{name}": register(name, of) for name, of in rows.items()}


def register(name: str, rows: list[dict], ending: str = "xlsx") -> Document:
    form = FORMS[name]
    fields = form.sheets[0].rows
    filled = [
        {f.name: typed(row[f.name], f.kind) if isinstance(row[f.name], str) else row[f.name] for f in fields}
        for row in rows
    ]
    return Document(f"{REGISTERS}/{form.title}.{ending}", form, "本部", {name: filled})


def with_schools(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**BY_KEY[row["code"], row["level"]], **row} for row in rows]


def with_coached(row: dict[str, str]) -> dict[str, str]:
    """A row of a coach with the name and county of the school that it coaches."""
    coached = BY_KEY[row["coached_code"], row["coached_level"]]
    return {**row, "coached_name": coached["name"], "coached_county": coached["county"]}


def _letters() -> Iterator[Row]:
    """Each sender's letter, with the schools of its list; a national school's with its own."""
    for sender in table("senders"):
        codes = "、".join(row["code"] for row in _of(sender["sender"]))
        yield {**sender, "codes": codes, "corrected_on": "", "note": ""}


def _csv(document: Document) -> bytes:
    fields = document.form.sheets[0].rows
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([one.label for one in fields])
    for row in document.values[document.form.id]:
        writer.writerow([row[one.name] for one in fields])
    return out.getvalue().encode("utf-8-sig")


# What was submitted ------------------------------------------------------------------------------


def _of(sender: str) -> list[dict[str, str]]:
    """The applications of a county, or of a national school, in the order of rank."""
    if sender in PLAN.counties:
        return [row for row in APPLICATIONS if row["county"] == sender and row["county_rank"]]
    return [row for row in APPLICATIONS if row["name"] == sender]


def _submissions(month: str) -> Documents:
    documents: Documents = {}
    for sender in table("senders"):
        moment = sender["september" if month == SEPTEMBER else "final"]
        if not moment:
            continue
        at = datetime.fromisoformat(moment)
        for number, (key, one) in enumerate(_sent(sender)):
            uploaded = at + number * BETWEEN_UPLOADS
            documents[key] = replace(one, uploaded=uploaded, by=sender["sender"])
    return documents


def _sent(sender: dict[str, str]) -> Iterator[tuple[str, Document]]:
    own = _of(sender["sender"])
    if sender["list_name"]:
        path = f"{sender['folder']}/{sender['list_name']}"
        head = fill("recommendation", "lists", {**sender, "county": sender["sender"]})
        rows = [fill("recommendation", "listed", {**row, **_claims(row)}) for row in own]
        values = {"lists": [head], "listed": rows}
        yield f"list:{sender['sender']}", Document(path, FORMS["recommendation"], sender["sender"], values)
    for row in own:
        key = f"{row['code']}-{row['level']}"
        name = sender["plan_name"].format_map(
            {**row, "short": _short(row["name"]), "rank": int(row["county_rank"] or 0)}
        )
        path = f"{sender['folder']}/{name}"
        yield f"plan:{key}", Document(path, FORMS["application"], key, filled_plan(row))


def _short(name: str) -> str:
    return name[2:] if name.startswith(SEATS) else name


def _claims(row: dict[str, str]) -> dict[str, str]:
    """新申請 and 偏遠 as the county ticks them: here, as the registers say."""
    school = BY_KEY[row["code"], row["level"]]
    return {
        "claimed_new": "否" if school["subsidised"] else "是",
        "claimed_remote": "是" if school["area_class"] else "否",
    }
