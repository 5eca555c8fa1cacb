"""檢核結果: every finding with its place, by county, school and cell, and what each rule did.

The same workbook goes to the ministry with everything and to each recipient with its own rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from mlbatch import roc
from mlbatch.again import kept
from mlbatch.columns import Column, begin, listing, waivers
from mlbatch.finding import Finding, Severity
from mlbatch.plan import Plan
from mlbatch.sheet import Book, Page, column_letter
from mlbatch.tables import (
    ACCEPTED,
    BUCKETS,
    LATE,
    QUALIFIED,
    REGISTER,
    RETURNED,
    SET_ASIDE,
    TO_CORRECT,
    VERDICTS,
    Tables,
    records,
    still_open,
)

TABLES = ("schools", "waived", "files", "rule_reports")  # all that a checklist is made of

SEVERITY_STYLE = {Severity.REJECT: "bad", Severity.CORRECT: "warn", Severity.NOTICE: "info",
                  Severity.UNDERSTOOD: "center"}  # fmt: skip
VERDICT_STYLE = {QUALIFIED: "good", TO_CORRECT: "warn"}
BUCKET_STYLE = {ACCEPTED: "good", REGISTER: "good", RETURNED: "good", SET_ASIDE: "bad", LATE: "bad"}


@kept
def checklist(tables: Tables, plan: Plan, as_of: date, title_of: str = "全國") -> bytes:
    """The workbook for `title_of`: a recipient's name, or the whole country.

    Sheets on files and rules are left out where the tables hold none, as in a recipient's copy.
    """
    book = Book("檢核結果")
    findings = sorted(tables.findings, key=lambda finding: finding.order)
    under = f"{plan.title}　{title_of}　基準日 {roc.short(as_of)}"
    _cover(book.page("封面", landscape=False), tables, plan, as_of, title_of)
    _findings(book.page("檢核發現"), findings, tables, under)
    _schools(book.page("依學校"), tables, findings, under)
    if "waived" in tables and len(tables["waived"]):
        _waivers(book.page("豁免與裁示"), records(tables["waived"]), under)
    if "files" in tables:
        _counties(book.page("依縣市", landscape=False), findings, plan, under)
        _files(book.page("檔案"), tables, under)
        _rules(book.page("規則"), tables, under)
    return book.save()


def verdict_style(row: Mapping) -> str:
    """The style of a school's verdict: word and colour together."""
    return VERDICT_STYLE.get(row["verdict"], "bad")


def bucket_style(row: Mapping) -> str:
    """The style of where a file ended: word and colour together."""
    return BUCKET_STYLE.get(row["bucket"], "info")


def _cover(page: Page, tables: Tables, plan: Plan, as_of: date, title_of: str) -> None:
    begin(page, "檢核結果", plan.title)
    facts = [("對象", title_of), ("基準日", roc.long(as_of)), ("請先看", _advice(tables, plan, as_of))]
    for row, (label, words) in enumerate(facts, 3):
        page.text(row, 0, label, "label")
        page.text(row, 1, words)
    row = 7
    severities = Counter(finding.kind.severity for finding in tables.findings)
    row = _tally(page, row, "檢核發現（件）", {str(s): severities[s] for s in Severity})
    verdicts = Counter(tables["schools"]["verdict"])
    row = _tally(page, row, "學校（校）", {v: verdicts[v] for v in VERDICTS if verdicts[v]})
    if "files" in tables:
        buckets = Counter(tables["files"]["bucket"])
        _tally(page, row, "檔案（份）", {b: buckets[b] for b in BUCKETS if buckets[b]})
    page.widths([22, 66])


def _advice(tables: Tables, plan: Plan, as_of: date) -> str:
    schools = tables["schools"]
    if not plan.calendar.closed(as_of) or still_open(schools):
        until = roc.minute(
            max(schools.loc[~schools["closed"].astype(bool), "closes"], default=plan.calendar.closing)
        )
        return f"「檢核發現」列出每一處之檔案、工作表與儲存格；「補正」者請於 {until} 前更正後重新上傳。"
    return "徵件已截止（肆.四(四)4），不得補件或抽換；本表供查對各校之結果與理由。"


def _tally(page: Page, row: int, title: str, counts: Mapping[str, int]) -> int:
    """A small table whose sum is a live formula; returns the row after it."""
    page.text(row, 0, title, "section")
    for number, (label, count) in enumerate(counts.items(), row + 1):
        page.text(number, 0, label, "label")
        page.number(number, 1, count, align="left")
    last = row + 1 + len(counts)
    page.text(last, 0, "合計", "total_text")
    area = f"SUM(B{row + 2}:B{last})" if counts else "0"
    page.formula(last, 1, f"={area}", sum(counts.values()), "total", align="left")
    return last + 2


def _findings(page: Page, findings: Iterable[Finding], tables: Tables, under: str) -> None:
    names = _names(tables)
    rows = [{**_finding(finding, names), "number": n} for n, finding in enumerate(findings, 1)]
    columns = (
        Column("序號", "number", "whole", width=5),
        Column("嚴重\n程度", "severity", lambda row: SEVERITY_STYLE[row["severity"]], width=6),
        Column("縣市", "county", "center", width=7),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "school", width=14),
        Column("檔案", "file", width=18),
        Column("工作表", "sheet", width=10),
        Column("儲存格", "cell", "center", width=7),
        Column("填寫內容", "read", width=10),
        Column("說明", "sentence", width=28),
        Column("請如何處理", "remedy", width=24),
        Column("依據", "cite", "center", width=10),
        Column("發現代號", "kind", width=12),
    )
    begin(page, "檢核發現", f"{under}　共 {len(rows)} 件")
    listing(page, columns, rows, freeze=2)


def _finding(finding: Finding, names: Mapping[tuple[str, str], str]) -> dict:
    at = finding.at
    return {
        "severity": finding.kind.severity, "county": finding.county, "code": finding.school[0],
        "school": names.get(finding.school, ""), "file": at.file, "sheet": at.sheet, "cell": at.cell,
        "read": finding.read, "sentence": finding.sentence, "remedy": finding.remedy,
        "cite": finding.kind.cite, "kind": finding.kind.id,
    }  # fmt: skip


def _names(tables: Tables) -> dict[tuple[str, str], str]:
    schools = tables["schools"]
    return dict(zip(zip(schools["code"], schools["level"], strict=True), schools["name"], strict=True))


def _schools(page: Page, tables: Tables, findings: Iterable[Finding], under: str) -> None:
    counts = Counter((finding.school, finding.kind.severity) for finding in findings)
    rows = [
        {**row, **{s: counts[(row["code"], row["level"]), s] for s in Severity}}
        for row in records(tables["schools"])
    ]
    columns = (
        Column("縣市", "county", "center", width=9),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=22),
        Column("學制", "level", "center", width=7),
        Column("推薦序", "county_rank", "whole", "肆.四(一)2", width=8),
        Column("申請\n班級數", "requested", "whole", "肆.四(四)3", width=9),
        Column("資格審查結果", "verdict", verdict_style, "肆.四(四)4", width=14),
        *(Column(f"{severity}\n（件）", severity, "whole", width=8) for severity in Severity),
        Column("說明", "why", width=44),
        Column("依據", "clause", "center", width=13),
        *waivers(rows),
    )
    begin(page, "依學校", f"{under}　每校一列，共 {len(rows)} 校")
    listing(page, columns, rows, freeze=3)


def _waivers(page: Page, rows: list[dict], under: str) -> None:
    columns = (
        Column("縣市", "county", "center", width=9),
        Column("學校代碼", "code", "code", width=10),
        Column("學校名稱", "name", width=22),
        Column("學制", "level", "center", width=7),
        Column("規則", "rule", width=24),
        Column("裁示機關", "authority", width=16),
        Column("公文文號", "letter_number", width=24),
        Column(
            "日期", lambda row: roc.short(row["decided_on"]) if row["decided_on"] else "", "center", width=11
        ),
        Column("理由", "reason", width=40),
    )
    begin(page, "豁免與裁示", f"{under}　已套用 {len(rows)} 件；該項檢核仍列於「檢核發現」，不影響資格")
    listing(page, columns, rows, freeze=3)


def _counties(page: Page, findings: Iterable[Finding], plan: Plan, under: str) -> None:
    counts = Counter((finding.county, finding.kind.severity) for finding in findings)
    names = sorted({county for county, _ in counts}, key=plan.county_order)
    rows = [
        {"county": name or "（國立學校及其他）", **{s: counts[name, s] for s in Severity},
         "sum": sum(counts[name, s] for s in Severity)}
        for name in names
    ]  # fmt: skip
    last = column_letter(len(Severity))
    columns = (
        Column("縣市", "county", "center", width=20),
        *(Column(f"{severity}（件）", severity, "whole", width=12) for severity in Severity),
        Column("合計（件）", "sum", "total", formula=lambda row: f"=SUM(B{row}:{last}{row})", width=12),
    )
    begin(page, "依縣市", under)
    listing(page, columns, rows, freeze=1)


def _files(page: Page, tables: Tables, under: str) -> None:
    rows = records(tables["files"])
    columns = (
        Column("檔案", "file", width=44),
        Column("表件", "title", width=18),
        Column("去向", "bucket", bucket_style, "肆.四(四)4", width=10),
        Column("說明", "why", width=44),
        Column("sha256（前 16 碼）", lambda row: row["sha256"][:16], "code", width=20),
    )
    begin(page, "檔案", f"{under}　每檔一列，共 {len(rows)} 份")
    listing(page, columns, rows, freeze=1)


def _rules(page: Page, tables: Tables, under: str) -> None:
    columns = (
        Column("規則", "id", "center", width=8),
        Column("名稱", "title", width=28),
        Column("依據", "cite", "center", width=14),
        Column("執行情形", "result", _rule_style, width=16),
        Column("說明", "skipped", width=44),
    )
    begin(page, "規則", f"{under}　依執行順序")
    listing(page, columns, records(tables["rule_reports"]))


def _rule_style(row: Mapping) -> str:
    if row["skipped"]:
        return "bad"
    return "warn" if row["found"] else "good"
