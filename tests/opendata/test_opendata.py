"""Open data: as its schema says, CSV and JSON alike, nothing that is not declared, nobody's personal data (肆.七)."""

import csv
import json
import re
import tomllib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from mlbatch import batch, catalogue, leak, opendata
from mlbatch import tables as t
from mlbatch.finding import At, Finding
from mlbatch.opendata import fields, results
from mlbatch.opendata.codes import code_lists
from mlbatch.plan import load_plan
from mlbatch.tables import records
from tests.opendata import table_schema

PLAN = load_plan()
AS_OF = date(2018, 2, 10)
SAMPLE = Path(__file__).parents[2] / "input_samples" / "2018-02"
FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
NUMBERS = {"integer", "number"}


@pytest.fixture(scope="module")
def tables():
    """February, decided."""
    return batch.decide(batch.read(SAMPLE, PLAN, AS_OF)).tables


def written(tables, folder, plan=PLAN):
    """Write the open data of some tables; returns the folder that holds it."""
    for paper in opendata.papers(tables, plan, AS_OF):
        assert paper.recipient == ""
        path = folder / paper.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper.content)
    return folder / opendata.FOLDER


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory):
    return written(tables, tmp_path_factory.mktemp("open"))


def cells(folder):
    """(file, column, words) of every cell of every CSV."""
    for path in sorted(folder.glob("*.csv")):
        frame = table_schema.words(path.read_bytes())
        for name in frame:
            yield from ((path.name, name, word) for word in frame[name])


@cache
def said(folder):
    """File → all its words, a workbook's cells among them."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            values = (cell for page in book for row in page.iter_rows(values_only=True) for cell in row)
            found[path.name] = "\n".join(str(value) for value in values if value is not None)
        else:
            found[path.name] = path.read_text("utf-8-sig")
    return found


def with_school(tables, **columns):
    """The tables with values in the row of the first school."""
    schools = tables["schools"].copy()
    for name, value in columns.items():
        if name not in schools:
            schools[name] = ""
        schools.at[0, name] = value
    return tables.put(schools=schools)


# What is written ----------------------------------------------------------------------------------


def test_every_table_is_written_twice_with_a_descriptor_and_a_codebook(folder):
    twice = {f"{table.title}.{kind}" for table in fields.TABLES for kind in ("csv", "json")}
    assert {path.name for path in folder.iterdir()} == {*twice, "datapackage.json", "代碼簿.xlsx"}


def test_the_sample_is_what_its_table_schema_says(folder):
    assert table_schema.faults(folder) == []


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("學校", "verdict", "合格", "schools: verdict '合格' is not in the list"),
        ("學校", "code", "14597", "schools: code '14597' does not fit"),
        ("學校", "grant", "-1", "schools: grant -1 is below 0"),
        ("學校", "verdict", "", "schools: verdict is blank"),
        ("學校", "outcome_clause", "拾", "schools: ('拾',) is not in clauses"),
        ("受款單位", "payee", "澎湖縣", "payees: key ('澎湖縣',) stands twice"),
    ],
)
def test_the_reader_of_schemas_tells_what_is_wrong(folder, tmp_path, table, column, value, told):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / f"{table}.csv"
    frame = table_schema.words(path.read_bytes())
    frame.loc[0, column] = value
    path.write_bytes(frame.to_csv(index=False).encode("utf-8-sig"))
    assert any(fault.startswith(told) for fault in table_schema.faults(tmp_path))


def test_csv_and_json_agree_value_by_value(folder):
    for resource in table_schema.descriptor(folder)["resources"]:
        rows = json.loads((folder / f"{resource['title']}.json").read_text("utf-8"), parse_float=Decimal)
        plain = [
            {n: v.isoformat() if isinstance(v, date) else v for n, v in row.items()}
            for row in table_schema.read(resource, folder)
        ]
        assert rows == plain, resource["name"]
        assert all(list(row) == [one["name"] for one in resource["schema"]["fields"]] for row in rows)


def test_excel_knows_the_csv_for_unicode_and_json_has_no_mark(folder):
    for path in folder.glob("*.csv"):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n")
    for path in folder.glob("*.json"):
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_figures_are_those_of_the_month(folder, tables):
    read = {
        one["name"]: table_schema.read(one, folder) for one in table_schema.descriptor(folder)["resources"]
    }
    own, (total,) = tables["schools"], read["totals"]
    assert [row["code"] for row in read["schools"]] == own["code"].tolist()
    assert sum(row["grant"] for row in read["schools"]) == total["schools"]
    assert sum(row["coach"] for row in read["schools"]) == total["coaches"]
    assert all(row["current"] + row["capital"] == row["grant"] for row in read["schools"])
    assert (
        sum(row["granted"] for row in read["payees"]) == total["granted"] == tables["totals"].at[0, "granted"]
    )
    assert total["budget"] - total["granted"] == total["left"]
    paid = {row["payee"]: (row["paid_on"], row["paid"]) for row in read["payees"] if row["state"] == "已撥款"}
    assert paid == {"澎湖縣": (date(2018, 2, 8), 536_000)}
    assert [(row["change"], row["before"], row["after"]) for row in read["changes"]] == [
        ("放棄補助", 2, 0),
        ("減班", 3, 2),
    ]


def test_every_school_that_was_not_accepted_has_the_code_of_its_reason(folder):
    resources = {one["name"]: one for one in table_schema.descriptor(folder)["resources"]}
    reasons = {
        row["name"]: row["reason"]
        for row in table_schema.read(resources["schools"], folder)
        if row["verdict"] != "受理"
    }
    assert reasons == {
        "市立銀槐國小": "E2-incomplete",
        "市立橙月國中": "E5-deepening",
        "市立鳳羽國中": "E4-semester",
    }


def test_findings_are_counted_by_kind_for_whom_they_are_told(folder, tables):
    counts = {}
    with (folder / "檢核發現件數.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["group"], row["kind"]] = counts.get((row["group"], row["kind"]), 0) + int(row["count"])
    assert counts["新北市", "E2-incomplete"] == 1
    assert not any(kind.startswith("R") for _, kind in counts)
    national = [
        one for one in tables.findings if one.school[0] in ("150699", "190399") and one.kind.rule[0] != "R"
    ]
    assert sum(n for (group, _), n in counts.items() if group == "國立學校") == len(national)


def test_the_same_month_gives_the_same_bytes(tables):
    first = [(one.path, one.content) for one in opendata.papers(tables, PLAN, AS_OF)]
    assert [(one.path, one.content) for one in opendata.papers(tables, PLAN, AS_OF)] == first


def test_the_second_call_is_told_with_its_closing_time(tables, tmp_path):
    calls = pd.DataFrame(
        [{"county": "南投縣", "announced": date(2017, 11, 1), "closing": datetime(2017, 11, 10, 12)}]
    )
    found = written(tables.put(second_calls=calls), tmp_path)
    assert (found / "再次徵件.csv").read_text(
        "utf-8-sig"
    ) == "county,announced,closing\n南投縣,2017-11-01,2017-11-10T12:00:00\n"
    assert table_schema.faults(found) == []


# What is not --------------------------------------------------------------------------------------


def test_an_undeclared_column_does_not_go_out(tables, tmp_path):
    secret = with_school(tables, officer="祕密甲", diary="祕密乙")
    assert not [name for name, text in said(written(secret, tmp_path)).items() if "祕密" in text]


def test_a_declared_field_that_the_month_lacks_is_an_error_and_no_blank_column(tables):
    lacking = tables.put(schools=tables["schools"].drop(columns="allowed"))
    with pytest.raises(KeyError, match="allowed"):
        list(opendata.papers(lacking, PLAN, AS_OF))


WRITTEN_BY_HAND = {  # besides leak.PERSONAL: what people typed freely, and who did what
    "reviewers": ("name", "institution", "reviewer"),
    "marks": ("comment", "reviewer"),
    "listed": ("reason",),
    "teaching": ("goals", "design", "community", "assessment", "results"),
    "advisors": ("institution", "post"),
    "budget_lines": ("note",),
    "costs": ("note",),
    "withdrawals": ("reason", "letter_number"),
    "decisions": ("reason", "authority"),
    "waivers": ("reason", "letter_number", "authority"),
    "lists": ("letter_number",),
    "claim_rows": ("note",),
    "false_statements": ("why",),
}


def test_no_person_and_no_word_that_a_sender_wrote_is_in_any_file(folder, tables):
    words = {
        (name, column, str(value).strip())
        for name, columns in [*leak.PERSONAL.items(), *WRITTEN_BY_HAND.items()]
        for column in columns
        if name in tables and len(tables[name])  # nothing for what nobody has sent yet
        for value in tables[name][column]
        if value
    }
    assert len({name for name, _, _ in words}) > 12
    assert len(words) > 500
    open_to_all = said_by_us() + "\n".join(tables["directory"]["name"])  # an advisor may work at a school
    private = {word for word in words if len(word[2]) > 1 and word[2] not in open_to_all}
    assert len(private) > 400
    assert [one for one in private if found_in(folder, one[2])] == []
    assert found_in(folder, "市立銀槐國小") == ["學校.csv", "學校.json"]


def found_in(folder, word):
    """The files in which a word stands."""
    return [name for name, text in said(folder).items() if word in text]


def said_by_us():
    """The declarations themselves and the plan's own index: words that stand in every month."""
    meant = [
        f"{code}{meaning}" for one in code_lists(PLAN).values() for code, (meaning, _) in one.meanings.items()
    ]
    noted = [f"{field.title}{field.note}" for table in fields.TABLES for field in table.fields]
    index = files("mlbatch.plan").joinpath("107.clauses.toml").read_text("utf-8")
    return "\n".join([*meant, *noted, index, *(kind.headline for kind in catalogue.ALL)])


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t=", "  =", "\u200b=", "\r\n=", "＝", "－"])
def test_a_hostile_name_is_no_formula_in_csv(tables, tmp_path, mark):
    hostile = with_school(tables, name=f'{mark}HYPERLINK("http://x","甲"),乙\n=1+1國小')
    found = written(hostile, tmp_path)
    started = [
        (file, column, word)
        for file, column, word in cells(found)
        if FORMULA.match(word) and not re.fullmatch(r"-\d+", word)
    ]
    assert started == []
    raw = (found / "學校.csv").read_text("utf-8-sig")
    name = next(csv.DictReader(StringIO(raw)))["name"]
    assert name == f'\'{mark.strip()[-1]}HYPERLINK("http://x","甲"),乙 =1+1國小'.replace("\u200b", "")
    assert len(raw.splitlines()) == 1 + len(tables["schools"])
    assert json.loads((found / "學校.json").read_text("utf-8"))[0]["name"] == name
    assert table_schema.faults(found) == []


def test_a_school_that_nobody_knows_is_counted_and_not_named(tables, tmp_path):
    unknown = with_school(
        tables, known=False, name="私人住址", code="私人電話0911000000", awarded=0, approved=0
    )
    found = written(unknown, tmp_path)
    assert not [name for name, text in said(found).items() if "私人" in text]
    assert table_schema.words((found / "總計.csv").read_bytes()).at[0, "not_in_directory"] == "1"
    assert len(table_schema.words((found / "學校.csv").read_bytes())) == len(tables["schools"]) - 1
    assert table_schema.faults(found) == []


def test_scores_of_schools_that_get_nothing_go_out_only_if_the_office_says_so(tables, tmp_path):
    plan = replace(PLAN, opendata=replace(PLAN.opendata, scores=False))
    open_, closed = (results.schools(tables, one) for one in (PLAN, plan))
    for one, other in zip(open_, closed, strict=True):
        funded = one["approved"] > 0
        assert (other["total_score"], other["rank"]) == (
            (one["total"], one["rank"]) if funded else (None, None)
        )
        assert one["total_score"] == one["total"]
    assert table_schema.faults(written(tables, tmp_path, plan)) == []


# When ---------------------------------------------------------------------------------------------


def test_a_proposal_is_not_published():
    month = batch.decide(batch.read(SAMPLE.parent / "2017-12", PLAN, date(2017, 12, 15)))
    assert "payment" not in [job.id for job in month.done]
    assert not [
        paper for job in month.done for paper in job.write(month) if paper.path.startswith(opendata.FOLDER)
    ]


def test_while_a_decision_stands_refused_nothing_goes_out_and_the_clerk_is_told(tables):
    facts = {"name": "市立映溪國中", "read": 3, "proposed": 0, "cap": 2}
    refused = Finding(
        catalogue.R8_OVER_CAP, At("核定清冊.xlsx", "核定清冊", "K", 9), facts, ("014597", "國中")
    )
    held = tables.found([refused])
    assert list(opendata.papers(held, PLAN, AS_OF)) == []
    ((what, which),) = opendata.held_back(held)
    assert what.startswith("開放資料未寫出")
    assert which == [refused.sentence]
    assert opendata.held_back(tables) == []


def test_a_decision_without_its_authority_stands(tables):
    unsaid = Finding(
        catalogue.R8_NO_AUTHORITY,
        At("核定清冊.xlsx", "核定清冊", "M", 9),
        {"name": "甲", "read": 3, "proposed": 2},
    )
    assert opendata.held_back(tables.found([unsaid])) == []


# The declarations ---------------------------------------------------------------------------------


def test_every_clause_is_one_of_the_plan_and_every_list_explained():
    lists = code_lists(PLAN)
    index = tomllib.loads(files("mlbatch.plan").joinpath("107.clauses.toml").read_text("utf-8"))
    for table in fields.TABLES:
        names = [field.name for field in table.fields]
        assert len(names) == len(set(names))
        assert set(table.key) <= set(names)
        for field in table.fields:
            assert field.cite == "" or field.cite in index, field
            assert field.codes == "" or field.codes in lists, field
    for one in lists.values():
        assert all(cite == "" or cite in index for _, cite in one.meanings.values()), one


def test_every_code_that_a_rule_can_give_is_explained():
    lists = code_lists(PLAN)
    told = {"verdict": t.VERDICTS, "outcome": t.OUTCOMES, "state": t.REVISED, "claim": t.CLAIMS}
    for name, codes in told.items():
        assert tuple(lists[name].meanings) == codes
        assert all(meaning for meaning, _ in lists[name].meanings.values())


def test_the_codebook_has_every_field_and_every_code(folder):
    book = openpyxl.load_workbook(BytesIO((folder / "代碼簿.xlsx").read_bytes()))
    rows = {page.title: list(page.iter_rows(min_row=6, values_only=True)) for page in book}
    assert [(row[0], row[1], row[2]) for row in rows["欄位"]] == [
        (table.title, field.name, field.title) for table in fields.TABLES for field in table.fields
    ]
    assert [row[1] for row in rows["代碼"]] == [
        code for one in code_lists(PLAN).values() for code in one.meanings
    ]
    assert len(rows["資料表"]) == len(fields.TABLES)
    assert len(rows["條次"]) == len(table_schema.words((folder / "條次.csv").read_bytes()))


def test_a_school_has_an_id_that_no_spreadsheet_takes_for_a_number(tables):
    for row in records(tables["schools"]):
        assert not re.fullmatch(r"[\d.\-/eE]+", results.school_id(row))
