"""What a sender types stays text in every output (the study shifts all payloads, docs/studies/injection.md)."""

import pytest
import xlsxwriter

from mlbatch.plan import load_plan
from studies import injection


@pytest.mark.parametrize(("month", "shift", "least"), [("2017-09", 7, 300), ("2018-01", 23, 300)])
def test_no_payload_is_anything_but_text(tmp_path, month, shift, least):
    cells, marks, faults = injection.round_of(month, shift, load_plan(), tmp_path)
    assert cells > 1000
    assert marks > least
    assert faults == []


def test_there_are_enough_payloads():
    assert len(set(injection.PAYLOADS)) >= 40


def test_a_live_formula_and_an_unquoted_text_are_told(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "bad.xlsx")
    sheet = book.add_worksheet()
    sheet.write_formula("A1", f'="{injection.MARK}"')
    sheet.write_string("A2", f"=1+1{injection.MARK}", book.add_format({"bold": True}))
    sheet.write_url("A3", f"http://{injection.MARK}.example", book.add_format({"bold": True}))
    book.close()
    (tmp_path / "bad.csv").write_text(f'name\n"=1,{injection.MARK}"\n', "utf-8-sig")
    (tmp_path / "good.csv").write_text(f"name\n'=1{injection.MARK}\n", "utf-8-sig")
    faults = list(injection.faults(tmp_path))
    assert [fault for fault in faults if ".csv" in fault] == [f"bad.csv: formula: =1,{injection.MARK}"]
    assert any("formula" in fault for fault in faults)
    assert any("not quoted" in fault and "A2" in fault for fault in faults)


@pytest.mark.parametrize(
    "page", ["<script>1</script>", f"<b {injection.MARK}='x'>", "<a href='javascript:x'>"]
)
def test_a_live_page_is_told(tmp_path, page):
    (tmp_path / "a.html").write_text(page)
    assert list(injection.faults(tmp_path))
