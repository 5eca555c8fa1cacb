"""A form that goes out as .ods and comes back as .ods: the same data, the same findings, the same live checks.

Each form goes out prefilled, once as .xlsx and once as the .ods that LibreOffice makes of it as a run does. Both are
filled with the same values, saved by LibreOffice, and read.
"""

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from mlbatch import office
from mlbatch.forms import all_forms, spots
from mlbatch.forms.blank import blank
from mlbatch.forms.form import STAMP_SHEET
from mlbatch.forms.one_file import read_content
from mlbatch.forms.verdict import READY
from mlbatch.plan import load_plan
from tests.forms.opendocument import filled
from tests.forms.test_formats import read
from tests.recalculation import cells, converted, formulas

PLAN = load_plan()
FORMS = all_forms(PLAN)
SAMPLES = Path(__file__).parents[2] / "input_samples" / "2018-02"
# One that was handed in of each form that others fill, a register in one sheet and one with dates.
FILLED = (
    "recommendation", "application", "score", "award", "revised_plan", "claim", "budget", "county_budget",
    "letters_received",
)  # fmt: skip


@cache
def samples():
    """Form → the values by table of a file of that form."""
    found = {}
    for path in sorted(SAMPLES.rglob("*.xlsx")):
        if stamp(path) in set(FILLED) - found.keys():
            reading = read_content(path.read_bytes(), path.name, FORMS, PLAN)
            found[reading.form.id] = reading.records
    return found


def stamp(path):
    book = CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name(STAMP_SHEET).to_python()[0][1] if STAMP_SHEET in book.sheet_names else ""


def typed(value):
    """A value as somebody types it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else value


def given(form, records):
    """What comes prefilled of the records, by table, and what is then typed, by (sheet, cell)."""
    before = {
        table: [{f.name: typed(row[f.name]) for f in fields if f.prefilled and row.get(f.name) is not None} for row in records[table]]
        for table, fields in form.tables()
        if any(f.prefilled for f in fields) and records.get(table)
    }  # fmt: skip
    own = {(table, f.name): f for table, fields in form.tables() for f in fields}
    places = spots.places(form, before)
    after = {
        place: typed(records[table][row][name])
        for (table, row, name), place in places.items()
        if row < len(records.get(table, ())) and records[table][row].get(name) is not None
        and not (own[table, name].formula or own[table, name].prefilled)
    }  # fmt: skip
    return before, after


def filled_by_excel(content, values):
    book = openpyxl.load_workbook(BytesIO(content))
    for (sheet, cell), value in values.items():
        book[sheet][cell].value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    """Form → the workbook that came back as .ods and as .xlsx, and both once more as .xlsx."""
    if not office.find():
        pytest.skip("LibreOffice is not installed")
    folder, parts = tmp_path_factory.mktemp("twins"), {}
    for form, records in samples().items():
        before, after = given(FORMS[form], records)
        parts[form] = blank(FORMS[form], PLAN, recipient="測試單位", values=before), after
    out = office.converted(
        office.find(), {f"{f}.xlsx": book for f, (book, _) in parts.items()}, "ods", folder
    )
    for form, (book, after) in parts.items():
        (folder / f"{form}-o.ods").write_bytes(filled(out[f"{form}.xlsx"], after))
        (folder / f"{form}-x.xlsx").write_bytes(filled_by_excel(book, after))
    both = [folder / f"{form}{end}" for form in parts for end in ("-o.ods", "-x.xlsx")]
    again = converted(both, "xlsx", folder)
    saved = converted([path for path in both if path.suffix == ".ods"], "ods", folder)
    return {
        form: (saved[n].read_bytes(), again[2 * n + 1].read_bytes(), again[2 * n], again[2 * n + 1])
        for n, form in enumerate(parts)
    }


@pytest.mark.parametrize("form", FILLED)
def test_the_twin_comes_back_with_the_same_data_and_findings(came, form):
    ods, xlsx, *_ = came[form]
    own, stamp, records, findings = read(ods)
    assert (own, stamp.form, stamp.recipient) == (form, form, "測試單位")
    assert any(records.values())
    assert (own, stamp, records, findings) == read(xlsx)
    sent = samples()[form]
    assert {t: len(rows) for t, rows in records.items()} == {t: len(rows) for t, rows in sent.items()}


@pytest.mark.parametrize("form", FILLED)
def test_the_checks_and_the_verdict_live_on_in_the_twin(came, form):
    *_, ods, xlsx = came[form]
    live = formulas(xlsx).keys()
    assert len(live) > 10
    assert live <= formulas(ods).keys()
    ours, theirs = cells(xlsx), cells(ods)
    assert {at: theirs.get(at) for at in live} == {at: ours.get(at) for at in live}
    said = {f"{value}" for value in theirs.values()}
    assert READY in said or any(words.startswith("尚有") for words in said), "the verdict on the first sheet"


@pytest.mark.parametrize("form", FILLED)
def test_the_drop_downs_live_on_in_the_twin(came, form):
    *_, ods, xlsx = came[form]
    assert limits(ods) == limits(xlsx)
    assert form == "letters_received" or any(rule[0] == "list" for rule in limits(ods).values())


def limits(path):
    """(sheet, range) → what may be chosen or typed there; among choices an operator says nothing."""
    return {
        (sheet.title, str(area)): (
            rule.type,
            rule.type != "list" and rule.operator,
            rule.formula1,
            rule.formula2,
        )
        for sheet in openpyxl.load_workbook(path).worksheets
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
    }
