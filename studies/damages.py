"""The kinds of damage (損壞種類): each as people do it, with the finding that it must raise, or none.

A damage of values is written through the blank, exactly as typed; a damage of the workbook's build
is done to the finished file with openpyxl.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from mlbatch import roc
from mlbatch.forms import Form, blank, spots
from mlbatch.forms.form import STAMP_SHEET
from mlbatch.plan import Plan

BOTH, PLAN, LIST = ("application", "recommendation"), ("application",), ("recommendation",)
Where = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Patient:
    """A clean form: its values by table, as typed."""

    form: Form
    recipient: str
    values: Mapping[str, list[dict]]

    def write(self, plan: Plan, values: Mapping[str, list[dict]] | None = None) -> bytes:
        """The workbook with these values, or the clean ones."""
        return blank.blank(self.form, plan, recipient=self.recipient, values=values or self.values)


@dataclass(frozen=True)
class Harm:
    """A damaged file, and the cells at any of which the fault must be told; empty for the whole file."""

    content: bytes
    where: Where = frozenset()


@dataclass(frozen=True)
class Damage:
    """One kind of damage: the finding that it must raise (empty if none), and the forms that it befalls."""

    name: str
    kind: str
    forms: tuple[str, ...]
    do: Callable[[Patient, random.Random, Plan], Harm] = field(compare=False)


# Damages of values -------------------------------------------------------------------------------


def _typed_so(name: str, kind: str, forms: tuple, table: str, column: str, typed: Callable) -> Damage:
    """A damage of one cell: `typed(value, plan)` is typed where `value` stood."""

    def do(patient: Patient, chance: random.Random, plan: Plan) -> Harm:
        values = copy.deepcopy(dict(patient.values))
        row = chance.randrange(len(values[table]))
        values[table][row][column] = typed(values[table][row][column], plan)
        place = spots.places(patient.form, values)[table, row, column]
        return Harm(patient.write(plan, values), frozenset([place]))

    return Damage(name, kind, forms, do)


def _rows_so(name: str, kind: str, forms: tuple, table: str, change: Callable, at: Callable | None = None):
    """A damage of a table's rows: `change(rows, chance, plan)` returns the rows; `at` the keys at fault."""

    def do(patient: Patient, chance: random.Random, plan: Plan) -> Harm:
        values = copy.deepcopy(dict(patient.values))
        values[table] = change(values[table], chance, plan)
        places = spots.places(patient.form, values)
        keys = at(values, plan) if at else ()
        return Harm(patient.write(plan, values), frozenset(places[key] for key in keys if key in places))

    return Damage(name, kind, forms, do)


def _given(words: object) -> Callable:
    return lambda value, plan: words


def _semester(index: int) -> Callable:
    def change(rows: list[dict], chance: random.Random, plan: Plan) -> list[dict]:
        return [row for row in rows if row["semester"] != plan.schools.semesters[index]]

    return change


def _one_less_or_more(rows: list[dict], chance: random.Random, plan: Plan) -> list[dict]:
    """A class of one semester forgotten; where a semester has only one, another one too many."""
    held = Counter(row["semester"] for row in rows)
    several = [number for number, row in enumerate(rows) if held[row["semester"]] > 1]
    if not several:
        return [*rows, dict(rows[0])]
    gone = chance.choice(several)
    return [row for number, row in enumerate(rows) if number != gone]


def _no_devices(rows: list[dict], chance: random.Random, plan: Plan) -> list[dict]:
    return [{**row, "count": 0} for row in rows]


def _same_rank(rows: list[dict], chance: random.Random, plan: Plan) -> list[dict]:
    one, other = chance.sample(range(len(rows)), 2)
    rows[one]["county_rank"] = rows[other]["county_rank"]
    return rows


def _skipped_rank(rows: list[dict], chance: random.Random, plan: Plan) -> list[dict]:
    last = max(rows, key=lambda row: row["county_rank"])
    last["county_rank"] += chance.randint(1, 5)
    return rows


def _twice(rows: list[dict], chance: random.Random, plan: Plan) -> list[dict]:
    return [*rows, {**chance.choice(rows), "county_rank": len(rows) + 1}]


def _keys(table: str, column: str) -> Callable:
    """Every row's cell of one column: a fault that several rows share may be told at any of them."""
    return lambda values, plan: [(table, row, column) for row in range(len(values[table]))]


FULL = {ord(character): ord(character) + 0xFEE0 for character in "0123456789"}
VALUES = (
    _typed_so("必填漏填（姓名）", "F1-blank", PLAN, "plans", "principal", _given("")),
    _typed_so("只打空白", "F1-blank", PLAN, "plans", "officer", _given("　 ")),
    _typed_so("只有零寬字元", "F1-blank", PLAN, "plans", "principal", _given("\u200b")),
    _typed_so("名單漏填原因", "F1-blank", LIST, "listed", "reason", _given("")),
    _typed_so("名單漏填推薦序", "F1-blank", LIST, "listed", "county_rank", _given("")),
    _typed_so("實施班級漏填教師", "F1-blank", PLAN, "classes", "teacher", _given("")),
    _typed_so("經費漏填單價", "F1-blank", PLAN, "costs", "price", _given("")),
    _typed_so("班級數填文字", "F2-not-whole", PLAN, "plans", "requested", _given("若干")),
    _typed_so("人數填約數", "F2-not-whole", PLAN, "plans", "core_team", _given("約十幾人")),
    _typed_so("學生數有小數", "F2-not-whole", PLAN, "classes", "pupils", _given(25.5)),
    _typed_so("金額夾文字", "F2-not-whole", PLAN, "costs", "amount", _given("2,000x")),
    _typed_so("底線數字", "F2-not-whole", PLAN, "costs", "quantity", _given("1_000")),
    _typed_so("推薦序填「前三」", "F2-not-whole", LIST, "listed", "county_rank", _given("前三")),
    _typed_so("班級數為零", "F6-out-of-range", PLAN, "plans", "requested", _given(0)),
    _typed_so("班級數為負", "F6-out-of-range", LIST, "listed", "requested", _given(-2)),
    _typed_so("學生數過大", "F6-out-of-range", PLAN, "classes", "pupils", _given(999)),
    _typed_so("金額過大", "F6-out-of-range", PLAN, "costs", "amount", _given(10**12)),
    _typed_so("學期自創", "F4-not-a-choice", PLAN, "classes", "semester", _given("下下學期")),
    _typed_so("領域自創", "F4-not-a-choice", PLAN, "classes", "area", _given("魔法")),
    _typed_so("貼上蓋過選單", "F4-not-a-choice", PLAN, "plans", "coverage", _given("大概都有")),
    _typed_so("學制填高中", "F4-not-a-choice", LIST, "listed", "level", _given("高中")),
    _typed_so("是否填也許", "F4-not-a-choice", PLAN, "advisors", "professor", _given("也許")),
    _typed_so("經資門填錯", "F4-not-a-choice", PLAN, "costs", "account", _given("雜支門")),
    _typed_so("來源填學校", "F4-not-a-choice", PLAN, "devices", "source", _given("隔壁")),
    _typed_so("代碼四碼", "F5-not-a-code", LIST, "listed", "code", lambda value, plan: str(value)[:4]),
    _typed_so("代碼夾字母", "F5-not-a-code", LIST, "listed", "code", lambda value, plan: f"A{value}"),
    _typed_so("代碼多一碼", "F5-not-a-code", PLAN, "plans", "code", lambda value, plan: f"{value}9"),
    _typed_so("電郵少小老鼠", "F11-not-an-address", LIST, "lists", "email", lambda value, plan: str(value).replace("@", "")),
    _typed_so("電郵填電話", "F11-not-an-address", PLAN, "plans", "email", _given("(02)5550-0101")),
    _typed_so("日期填口語", "F3-not-date", LIST, "lists", "letter_date", _given("下週五")),
    _typed_so("日期十三月", "F3-not-date", LIST, "lists", "letter_date", _given("106.13.05")),
    _typed_so("日期二月三十", "F3-not-date", LIST, "lists", "letter_date", _given("106/2/30")),
    _typed_so("原因過長", "F7-too-long", LIST, "listed", "reason", _given("很" * 400)),
    _typed_so("校長過長", "F7-too-long", PLAN, "plans", "principal", _given("王" * 60)),
    _typed_so("沒有無線網路", "E3-no-network", PLAN, "plans", "coverage", _given("無")),
    _typed_so("國小填一年級", "E1-grade", PLAN, "classes", "grade", _given(1)),
    _rows_so("少一學期", "E4-semester", PLAN, "classes", _semester(1)),
    _rows_so("少列或多列一班", "E4-count", PLAN, "classes", _one_less_or_more),
    _rows_so("載具數為零", "E3-no-devices", PLAN, "devices", _no_devices),
    _rows_so("刪光經費", "F10-no-rows", PLAN, "costs", lambda rows, chance, plan: []),
    _rows_so("推薦序重複", "S6-rank-tie", LIST, "listed", _same_rank, _keys("listed", "county_rank")),
    _rows_so("推薦序跳號", "S6-rank-gap", LIST, "listed", _skipped_rank, _keys("listed", "county_rank")),
    _rows_so("同校列兩次", "S6-listed-twice", LIST, "listed", _twice, _keys("listed", "code")),
    # Understood, and nothing is asked.
    _typed_so("全形數字", "", PLAN, "plans", "requested", lambda value, plan: str(value).translate(FULL)),
    _typed_so("數字加單位", "", PLAN, "plans", "requested", lambda value, plan: f"{value}班"),
    _typed_so("數字存成文字", "", PLAN, "classes", "pupils", lambda value, plan: str(value)),
    _typed_so("金額加千分號", "", PLAN, "costs", "amount", lambda value, plan: f"{int(value):,}"),
    _typed_so("金額加貨幣", "", PLAN, "costs", "amount", lambda value, plan: f"NT${int(value)}元"),
    _typed_so("代碼夾空白", "", LIST, "listed", "code", lambda value, plan: f" {value[:3]}\u3000{value[3:]}\xa0"),
    _typed_so("代碼掉零", "", LIST, "listed", "code", lambda value, plan: int(value)),
    _typed_so("代碼全形", "", PLAN, "plans", "code", lambda value, plan: str(value).translate(FULL)),
    _typed_so("是填打勾", "", PLAN, "advisors", "professor", lambda value, plan: "✓" if value == "是" else "✗"),
    _typed_so("選項夾空白", "", PLAN, "classes", "area", lambda value, plan: f" {value}　"),
    _typed_so("日期民國斜線", "", LIST, "lists", "letter_date", lambda value, plan: _spelt(value, "{}/{}/{}")),
    _typed_so("日期民國文字", "", LIST, "lists", "letter_date", lambda value, plan: _spelt(value, "民國{}年{}月{}日")),
)  # fmt: skip


def _spelt(value: object, how: str) -> object:
    """A ROC date such as 106.09.25, spelt otherwise; a blank stays blank."""
    parts = str(value or "").split(".")
    return (
        how.format(*map(int, parts))
        if len(parts) == len(roc.short(roc.from_parts(106, 1, 1)).split("."))
        else value
    )


# Damages of the workbook's build ------------------------------------------------------------------


def _built_so(
    name: str, kind: str, forms: tuple, change: Callable[[Workbook, Patient, random.Random], Iterable]
):
    """A damage of the finished workbook: `change` returns the places at fault, or nothing."""

    def do(patient: Patient, chance: random.Random, plan: Plan) -> Harm:
        book = openpyxl.load_workbook(BytesIO(patient.write(plan)))
        where = frozenset(change(book, patient, chance) or ())
        buffer = BytesIO()
        book.save(buffer)
        return Harm(buffer.getvalue(), where)

    return Damage(name, kind, forms, do)


def _sheet(book: Workbook, patient: Patient, chance: random.Random, rows: bool = True) -> Worksheet:
    sheets = [sheet for sheet in patient.form.sheets if bool(sheet.rows) or not rows]
    return book[chance.choice(sheets).title]


def _header(sheet: Worksheet, patient: Patient) -> int:
    """The row of the table's header."""
    labels = {field.label for one in patient.form.sheets if one.title == sheet.title for field in one.rows}
    return next(row for row in range(1, 60) if {sheet.cell(row, c).value for c in range(1, 4)} <= labels)


def _no_sheet(book, patient, chance):
    sheet = book[patient.form.sheets[-1].title]
    book.remove(sheet)


def _no_label(book, patient, chance):
    sheet = _sheet(book, patient, chance)
    sheet.cell(_header(sheet, patient), chance.choice([1, 2, 3])).value = None


def _no_stamp(book, patient, chance):
    book.remove(book[STAMP_SHEET])


def _stamped(row: int, value: str) -> Callable:
    def change(book, patient, chance):
        book[STAMP_SHEET].cell(row, 2).value = value

    return change


def _renamed(book, patient, chance):
    _sheet(book, patient, chance, rows=False).title = "工作表1"


def _rows_above(book, patient, chance):
    _sheet(book, patient, chance, rows=False).insert_rows(1, chance.randint(1, 4))


def _blank_rows_between(book, patient, chance):
    sheet = _sheet(book, patient, chance)
    sheet.insert_rows(_header(sheet, patient) + 2, chance.randint(1, 3))


def _column_before(book, patient, chance):
    _sheet(book, patient, chance).insert_cols(1)


def _columns_swapped(book, patient, chance):
    sheet = _sheet(book, patient, chance)
    header = _header(sheet, patient)
    one, other = chance.sample([1, 2, 3], 2)
    for row in range(header, sheet.max_row + 1):
        a, b = sheet.cell(row, one), sheet.cell(row, other)
        a.value, b.value = b.value, a.value


def _total_row(book, patient, chance):
    sheet = book["經費需求" if patient.form.id == "application" else "推薦學校名單"]
    row = (
        _header(sheet, patient)
        + len(patient.values["costs" if patient.form.id == "application" else "listed"])
        + 1
    )
    sheet.cell(row, 1).value = "合計"


def _stray_below(book, patient, chance):
    _sheet(book, patient, chance).cell(chance.randint(300, 900), 30).value = "x"


def _no_limits(book, patient, chance):
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation = []


def _names_broken(book, patient, chance):
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names["清單"] = DefinedName("清單", attr_text="#REF!$A$1")


def _another_sheet(book, patient, chance):
    book.create_sheet("我的筆記", 0)["A1"] = "備忘"


def _comment(book, patient, chance):
    from openpyxl.comments import Comment

    _sheet(book, patient, chance)["A1"].comment = Comment("請確認", "x")


def _decorated(book, patient, chance):
    sheet = _sheet(book, patient, chance)
    for cell in sheet[_header(sheet, patient)]:
        cell.value = cell.value and f"＊{cell.value}："


def _sheets_moved(book, patient, chance):
    book.move_sheet(book.worksheets[1], 2)


def _help_gone(book, patient, chance):
    book.remove(book.worksheets[0])


BUILDS = (
    _built_so("刪除工作表", "F9-no-sheet", PLAN, _no_sheet),
    _built_so("清掉欄名", "F8-no-column", BOTH, _no_label),
    _built_so("戳記遺失", "I2-unknown-form", BOTH, _no_stamp),
    _built_so("舊版範本", "I4-old-version", BOTH, _stamped(3, "0")),
    _built_so("去年範本", "I3-other-year", BOTH, _stamped(2, "106")),
    _built_so("工作表改名", "", BOTH, _renamed),
    _built_so("上方插列", "", BOTH, _rows_above),
    _built_so("中間插空白列", "", BOTH, _blank_rows_between),
    _built_so("前方插欄", "", BOTH, _column_before),
    _built_so("欄位對調", "", BOTH, _columns_swapped),
    _built_so("列尾合計", "", BOTH, _total_row),
    _built_so("遠處雜字", "", BOTH, _stray_below),
    _built_so("選單被清除", "", BOTH, _no_limits),
    _built_so("定義名稱損壞", "", BOTH, _names_broken),
    _built_so("加一張工作表", "", BOTH, _another_sheet),
    _built_so("加註解", "", BOTH, _comment),
    _built_so("欄名加星號冒號", "", BOTH, _decorated),
    _built_so("工作表換序", "", PLAN, _sheets_moved),
    _built_so("刪除說明", "", BOTH, _help_gone),
)  # fmt: skip
ALL = (*VALUES, *BUILDS)
