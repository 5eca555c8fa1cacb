"""What people change without meaning to: the same data, typed or laid out in another way, reads the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mlbatch import catalogue as c
from mlbatch.forms import all_forms
from mlbatch.forms.reader import read_workbook
from mlbatch.plan import load_plan
from tests.forms.workbook import grids, stamped

PLAN = load_plan()
FORMS = all_forms(PLAN)
LIST = FORMS["recommendation"]
FIELDS = LIST.sheets[0].rows
HEAD = {
    "county": "臺中市", "officer": "王示範", "telephone": "(04)5550-0001", "email": "a@example.tw",
    "letter_number": "示範字第1號", "letter_date": "106.09.28",
}  # fmt: skip
ROWS = [
    {"county_rank": 1, "code": "064599", "name": "市立示範國中", "level": "國中", "requested": 3,
     "claimed_new": "是", "claimed_remote": "否", "reason": "載具充足"},
    {"county_rank": 2, "code": "194699", "name": "市立樣本國小", "level": "國小", "requested": 12,
     "claimed_new": "否", "claimed_remote": "是", "reason": "社群成熟"},
]  # fmt: skip
FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
BLANK_ROW: list[str] = []


def read(heads, rows, lay=lambda grid: grid):
    """(values by table, findings that are more than a 說明)."""
    sheets = grids(LIST, {"lists": heads}, {"listed": rows})
    sheets[LIST.sheets[0].title] = lay(sheets[LIST.sheets[0].title])
    reading = read_workbook(stamped(LIST, sheets), "名單.xlsx", FORMS, PLAN)
    values = {
        t: [{k: v for k, v in r.items() if k != "place"} for r in rs] for t, rs in reading.records.items()
    }
    return values, [one.kind.id for one in reading.findings if one.kind.severity is not c.UNDERSTOOD]


PLAIN = read(HEAD, ROWS)
typed_otherwise = st.sampled_from(
    [
        str,
        lambda value: str(value).translate(FULL),
        lambda value: f"　{value}\u200b ",
        lambda value: str(value).replace("臺", "台"),
        lambda value: f" {value}\n",
    ]
)


def test_the_plain_list_has_no_finding():
    assert PLAIN[1] == []


@settings(max_examples=25, deadline=None)
@given(st.lists(typed_otherwise, min_size=len(HEAD), max_size=len(HEAD)), st.data())
def test_width_blanks_and_tai_change_no_value_that_decides(ways, data):
    names = ("county", "letter_date", "email")
    heads = {**HEAD, **{n: way(HEAD[n]) for n, way in zip(names, ways, strict=False)}}
    telling = ("county_rank", "code", "level", "requested", "claimed_new", "claimed_remote")
    rows = [{**row, **{n: data.draw(typed_otherwise)(row[n]) for n in telling}} for row in ROWS]
    assert read(heads, rows) == PLAIN


@settings(max_examples=25, deadline=None)
@given(
    st.permutations(range(len(FIELDS))),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.integers(0, 2),
)
def test_moved_columns_blank_rows_and_inserted_columns_change_nothing(order, blank, inserted):
    def lay(grid):
        header = next(index for index, row in enumerate(grid) if FIELDS[0].label in row)
        body = [[row[i] for i in order] for row in grid[header - 1 :]]
        spaced = [line for row, n in zip(body[2:], blank, strict=False) for line in [*[BLANK_ROW] * n, row]]
        return [["", *[""] * inserted, *row][1:] for row in [*grid[: header - 1], *body[:2], *spaced]]

    assert read(HEAD, ROWS, lay) == PLAIN
