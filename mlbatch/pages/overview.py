"""總覽: the month on one page, what needs attention, what to do next, and every file.

The page is one self-contained file that works offline and prints on A4. It counts what the tables
hold and decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from mlbatch import catalogue, roc
from mlbatch.finding import Kind, Severity
from mlbatch.obligation import DONE, OVERDUE, THIS_MONTH
from mlbatch.obligation import LATE as LATE_DONE
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.tables import CLAIMS, LATE, OUTCOMES, PROPOSED, SET_ASIDE, VERDICTS, Tables
from mlbatch.templates import folder

CHECKLIST = (
    catalogue.P1_UNKNOWN_PAYEE, catalogue.P1_TWO_LISTS, catalogue.P1_NOT_RECEIVED, catalogue.P1_NO_DATE,
    catalogue.P1_FUTURE_DATE, catalogue.P1_NOT_DUE, catalogue.P1_DUE_DIFFERS, catalogue.P1_TWICE,
    catalogue.P1_PAID_DIFFERS, catalogue.P3_TWO_PLANS, catalogue.P3_NOT_APPROVED,
)  # fmt: skip
MOST_LISTED = 12  # what needs attention is a list to read, not the whole workbook


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its label, its parts in the chart's order, and its words."""

    label: str
    parts: tuple[int, ...]
    words: str = ""

    @property
    def total(self) -> int:
        """The whole length."""
        return sum(self.parts)


@dataclass(frozen=True)
class Chart:
    """A chart of horizontal bars; `series` names the parts of each bar, darkest first."""

    title: str
    bars: tuple[Bar, ...]
    series: tuple[str, ...] = ()

    @property
    def longest(self) -> int:
        """The longest bar, at least 1."""
        return max([bar.total for bar in self.bars] + [1])


def overview(
    tables: Tables,
    plan: Plan,
    as_of: date,
    stage: str,
    next_step: str,
    counts: Mapping[str, Mapping[str, int]],
    papers: Sequence[Paper],
    letters: Sequence[tuple[str, list[str]]] = (),
) -> str:
    """The page as HTML. `papers` are the files it links to, beside it in the same folder; `letters`
    what needs attention among them: (what, which)."""
    return _template().render(
        title=plan.title,
        as_of=roc.long(as_of),
        stage=stage,
        next_step=next_step,
        tiles=_tiles(tables),
        attention=[*_counted(letters), *_attention(tables)],
        charts=[chart for chart in _charts(tables, plan) if chart.bars],
        counts=counts,
        ministry=[paper for paper in papers if not paper.recipient and not paper.twin_of],
        recipients=_by_recipient(paper for paper in papers if not paper.twin_of),
        twins=_twins(papers),
        href=quote,
    )


@cache
def _template() -> Template:
    loader = FileSystemLoader(folder() / "pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("overview.html")


def _tiles(tables: Tables) -> list[tuple[str, str, str]]:
    """(label, figure, note) for each figure of the month."""
    schools, findings = tables["schools"], Counter(f.kind.severity for f in tables.findings)
    tiles = [
        ("收到檔案", f"{len(tables['files']):,}", "份"),
        ("學校", f"{len(schools):,}", f"校，受理 {(schools['verdict'] == VERDICTS[0]).sum():,} 校"),
        ("檢核發現", f"{len(tables.findings):,}", "、".join(f"{s} {findings[s]}" for s in Severity)),
    ]
    if "totals" not in tables:
        return tiles
    totals = tables["totals"].iloc[0]
    funded = schools["approved"].fillna(0) > 0
    tiles += [*_payment_tiles(tables), *_tracking_tiles(tables)]
    return [
        *tiles,
        ("核定學校", f"{funded.sum():,}", f"校，{int(schools['approved'].fillna(0).sum()):,} 班"),
        ("核定經費", f"{int(totals['granted']):,}", f"元，預算 {int(totals['budget']):,} 元"),
        ("預算餘額", f"{int(totals['left']):,}", "元"),
    ]


def _payment_tiles(tables: Tables) -> list[tuple[str, str, str]]:
    """What can be paid now, and how the payees stand; nothing before payment."""
    if "payees" not in tables:
        return []
    payees = tables["payees"]
    counts = payees["state"].value_counts()
    note = "、".join(f"{state} {counts[state]}" for state in CLAIMS if state in counts)
    return [("本次撥款", f"{int(payees['pay_now'].sum()):,}", f"元；{note}")]


def _tracking_tiles(tables: Tables) -> list[tuple[str, str, str]]:
    """What is overdue, beside last month; nothing before the running year."""
    if "duties" not in tables:
        return []
    duties = tables["duties"]
    now, then = ((duties[name] == OVERDUE).sum() for name in ("state", "before"))
    soon = (duties["state"] == THIS_MONTH).sum()
    return [("逾期事項", f"{now:,}", f"項，上月 {then:,} 項（{now - then:+,}）；本月到期 {soon:,} 項")]


def _attention(tables: Tables) -> list[tuple[str, list[str], int]]:
    """(what, the first of its items, how many there are) for all that a clerk should look at, what changes month by month first."""
    year = [
        ("逾期未辦之單位", _owing(tables)),
        ("已送之紀錄消失", _findings(tables, "T1", catalogue.T1_VANISHED)),
        ("承辦人異動", _findings(tables, "T10")),
        ("請款文件未齊備", _unpaid(tables)),
    ]
    groups = [
        *year,
        ("擱置之檔案", _files(tables, SET_ASIDE)),
        ("逾時上傳之檔案", _files(tables, LATE)),
        ("未執行之規則", _skipped(tables)),
        ("尚未交齊評分之委員", _outstanding(tables)),
        ("同分", _findings(tables, "R6")),
        ("評分須處理", _findings(tables, "R2")),
        ("裁示未採", _findings(tables, "R8")),
        ("公文缺失", _findings(tables, "S5")),
        ("檢核表須處理", _lists(tables)),
        ("教練學校資格不符", _findings(tables, "K1")),
        ("教練配對待核定", _proposed(tables)),
        ("教練學校配對須處理", _findings(tables, "K2")),
        ("教練學校參加優良學校選拔", _competing(tables)),
        ("豁免與裁示（已套用）", _waived(tables)),
        ("豁免未套用", _findings(tables, "W1")),
    ]
    return _counted(groups)


def _counted(groups: Sequence[tuple[str, list[str]]]) -> list[tuple[str, list[str], int]]:
    return [(what, items[:MOST_LISTED], len(items)) for what, items in groups if items]


def _files(tables: Tables, bucket: str) -> list[str]:
    files = tables["files"]
    chosen = files[files["bucket"] == bucket]
    return [f"{name}：{why}" for name, why in zip(chosen["file"], chosen["why"], strict=True)]


def _skipped(tables: Tables) -> list[str]:
    reports = tables["rule_reports"]
    skipped = reports[reports["skipped"] != ""]
    return [f"{i} {t}：{why}" for i, t, why in skipped[["id", "title", "skipped"]].itertuples(index=False)]


def _outstanding(tables: Tables) -> list[str]:
    if "outstanding" not in tables:
        return []
    late = tables["outstanding"]
    return [f"{name}：尚有 {n} 校" for name, n in zip(late["reviewer"], late["schools"], strict=True)]


def _findings(tables: Tables, rule: str, kind: Kind | None = None) -> list[str]:
    chosen = (f for f in tables.findings if f.kind.rule == rule and kind in (None, f.kind))
    return [finding.sentence for finding in sorted(chosen, key=lambda finding: finding.order)]


def _proposed(tables: Tables) -> list[str]:
    """How many pairs of coach schools still wait for the ministry."""
    if "coached" not in tables:
        return []
    number = (tables["coached"]["state"] == PROPOSED).sum()
    told = f"建議 {number} 對尚未核定：請於「追蹤/教練配對.xlsx」調整並填核定日期，放入收件資料夾。"
    return [told] if number else []


def _competing(tables: Tables) -> list[str]:
    chosen = (one for one in tables.findings if one.kind is catalogue.K3_COMPETES)
    return [one.sentence for one in sorted(chosen, key=lambda one: one.order)]


def _waived(tables: Tables) -> list[str]:
    schools = tables["schools"]
    own = schools.loc[schools["waived"] != "", ["county", "name", "waived"]]
    return [f"{county}{name}：{words}" for county, name, words in own.itertuples(index=False)]


def _unpaid(tables: Tables) -> list[str]:
    """Who lacks papers, as far as they are to be reminded of it."""
    if "payees" not in tables:
        return []
    payees = tables["payees"]
    late = payees[payees["remind"]]
    return [
        f"{name}：{state}，{why}"
        for name, state, why in late[["payee", "state", "why"]].itertuples(index=False)
    ]


def _owing(tables: Tables) -> list[str]:
    """Who owes what is overdue, the most first, beside last month."""
    if "duties" not in tables:
        return []
    columns = ["county", "code", "level", "name"]
    duties = tables["duties"]
    masks = (duties[state] == OVERDUE for state in ("state", "before"))
    now, then = (
        Counter(zip(*(duties[name][mask].tolist() for name in columns), strict=True)) for mask in masks
    )
    return [
        f"{county}{f'　{name}（{level}）' if code else ''}：{count} 項，上月 {then[county, code, level, name]} 項"
        for (county, code, level, name), count in now.most_common()
    ]


def _lists(tables: Tables) -> list[str]:
    """What the ministry's own clerk must put right in the checklists."""
    chosen = (one for one in tables.findings if one.kind in CHECKLIST)
    return [one.sentence for one in sorted(chosen, key=lambda one: one.order)]


def _charts(tables: Tables, plan: Plan) -> Iterable[Chart]:
    schools = tables["schools"]
    verdicts = schools["verdict"].value_counts()
    yield Chart("學校之資格審查結果", _bars(verdicts, VERDICTS))
    yield _findings_chart(tables, plan)
    if "totals" in tables:
        yield Chart("核定結果", _bars(schools["outcome"].value_counts(), OUTCOMES))
        yield _money_chart(tables)
    if "duties" in tables:
        yield _progress_chart(tables, plan)


def _bars(values: pd.Series, order: Sequence[str]) -> tuple[Bar, ...]:
    return tuple(Bar(name, (int(values[name]),), f"{values[name]} 校") for name in order if name in values)


def _findings_chart(tables: Tables, plan: Plan) -> Chart:
    counts = Counter((f.county, f.kind.severity) for f in tables.findings if f.county)
    counties = sorted({county for county, _ in counts}, key=plan.county_order)
    parts = {county: tuple(counts[county, severity] for severity in Severity) for county in counties}
    bars = tuple(Bar(county, part, f"{sum(part)} 件") for county, part in parts.items())
    return Chart("各縣市之檢核發現", bars, tuple(Severity))


def _money_chart(tables: Tables) -> Chart:
    schools = tables["schools"]
    by_county = schools["grant"].fillna(0).groupby(schools["county"], sort=False).sum()
    bars = (Bar(c, (int(m),), f"{int(m):,} 元") for c, m in by_county.items() if m)
    return Chart("各縣市學校之補助（含國立）", tuple(bars))


def _twins(papers: Iterable[Paper]) -> dict[str, list[tuple[str, str]]]:
    """A paper's path → (format, path) of its twins in open formats."""
    found: dict[str, list[tuple[str, str]]] = {}
    for paper in papers:
        if paper.twin_of:
            found.setdefault(paper.twin_of, []).append((paper.path.rpartition(".")[2].upper(), paper.path))
    return found


def _progress_chart(tables: Tables, plan: Plan) -> Chart:
    """What has fallen due, by county: done, late, overdue."""
    duties = tables["duties"]
    counts = Counter(duties.groupby(["county", "state"], sort=False).size().to_dict())
    then = Counter(duties.loc[duties["before"] == OVERDUE, "county"])
    counties = sorted(set(duties["county"]), key=plan.county_order)
    parts = {
        county: tuple(counts[county, state] for state in (DONE, LATE_DONE, OVERDUE)) for county in counties
    }
    bars = tuple(Bar(county, part, f"逾期 {part[2]}，上月 {then[county]}") for county, part in parts.items())
    return Chart("各縣市已到期之應辦事項（含國立，項）", bars, (DONE, LATE_DONE, OVERDUE))


def _by_recipient(papers: Iterable[Paper]) -> dict[str, list[Paper]]:
    found: dict[str, list[Paper]] = {}
    for paper in papers:
        if paper.recipient:
            found.setdefault(paper.recipient, []).append(paper)
    return dict(sorted(found.items()))
