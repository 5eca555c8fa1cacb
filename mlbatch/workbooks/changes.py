"""核定異動對照: what was proposed, decided, and stands after schools gave classes back, side by side (肆.五).

Two sheets of 核定與經費表; every amount follows by formula from the classes and the rates of the sheet 學校.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlbatch.columns import HEADER, Column, begin, listing
from mlbatch.ledger import school_grant
from mlbatch.plan import Plan
from mlbatch.sheet import Page
from mlbatch.workbooks.review import outcome_style

TITLE, BY_COUNTY = "異動對照", "縣市異動"
STAGES = (("proposed", "批次建議"), ("awarded", "本部裁示"), ("approved", "現行核定"))
NATIONAL = "國立"
Row = Mapping[str, object]


def changes(page: Page, rows: Sequence[Row], plan: Plan, schools: str) -> None:
    """The sheet 異動對照; `rows` are those of the sheet named `schools`, in the same order and rows."""
    begin(page, "核定異動對照表", f"{plan.title}　三階段之班級數與補助經費並列；單位：新臺幣元，不含教練補助")
    listing(page, _columns(schools), rows, freeze=4)
    page.wide(2, 4)


def by_county(page: Page, rows: Sequence[Row], plan: Plan) -> None:
    """The sheet 縣市異動: the same by county, from the sheet 異動對照."""
    begin(
        page,
        "縣市異動對照表",
        f"{plan.title}　各校之合計；縣市補助依核定校數另計，見「縣市」；單位：新臺幣元",
    )
    names = list(dict.fromkeys(_place(row) for row in sorted(rows, key=lambda row: _order(row, plan))))
    last = HEADER + 1 + len(rows)
    listing(page, _county_columns(last), [_county(name, rows) for name in names], freeze=1)


def _place(row: Row) -> str:
    return NATIONAL if row["national"] else str(row["county"])


def _order(row: Row, plan: Plan) -> tuple:
    return row["national"], plan.county_order(row["county"])


def _grant(row: Row, stage: str) -> int:
    return school_grant(row["fee"], row["per_class"], row[stage])


def _columns(schools: str) -> list[Column]:
    def grant(stage: str, letter: str) -> Column:
        return Column(
            "補助經費", lambda r: _grant(r, stage), "money", "柒.三(一)",
            lambda n: f"=IF({letter}{n}>0,{schools}!J{n}+{letter}{n}*{schools}!K{n},0)", width=11,
        )  # fmt: skip

    return [
        Column("名次", "rank", "whole", "肆.五", lambda n: f"={schools}!A{n}", width=6),
        Column("縣市", _place, "center", width=8),
        Column("學校代碼", "code", "code", width=9),
        Column("學校名稱", "name", width=18),
        Column("學制", "level", "center", width=6),
        Column("批次建議\n班級數", "proposed", "whole", "柒.三", width=9),
        grant("proposed", "F"),
        Column("本部裁示\n班級數", "awarded", "whole", "肆.五", width=9),
        grant("awarded", "H"),
        Column("現行核定\n班級數", "approved", "total", "肆.五", lambda n: f"={schools}!I{n}", width=9),
        grant("approved", "J"),
        Column("裁示\n增減班級", lambda r: r["awarded"] - r["proposed"], "whole", "肆.五", lambda n: f"=H{n}-F{n}", width=9),
        Column("裁示\n增減經費", lambda r: _grant(r, "awarded") - _grant(r, "proposed"), "money", "肆.五",
               lambda n: f"=I{n}-G{n}", width=11),
        Column("異動\n增減班級", lambda r: r["approved"] - r["awarded"], "whole", "柒.九(三)", lambda n: f"=J{n}-H{n}", width=9),
        Column("異動\n增減經費", lambda r: _grant(r, "approved") - _grant(r, "awarded"), "money", "柒.九(三)",
               lambda n: f"=K{n}-I{n}", width=11),
        Column("核定結果", "outcome", outcome_style, "肆.五", width=10),
        Column("裁示理由", "reason", width=24),
        Column("說明", "outcome_why", width=34),
        Column("依據", "outcome_clause", "center", width=10),
    ]  # fmt: skip


def _county(name: str, rows: Sequence[Row]) -> Row:
    own = [row for row in rows if _place(row) == name]
    sums = {"county": name}
    for stage, _ in STAGES:
        sums[f"{stage}_schools"] = sum(row[stage] > 0 for row in own)
        sums[f"{stage}_classes"] = sum(row[stage] for row in own)
        sums[f"{stage}_grants"] = sum(_grant(row, stage) for row in own)
    return sums


def _county_columns(last: int) -> list[Column]:
    def of(letter: str) -> str:
        return f"{TITLE}!${letter}${HEADER + 2}:${letter}${last}"

    columns = [Column("縣市", "county", "center", width=10)]
    for (stage, label), (classes, grants) in zip(STAGES, ("FG", "HI", "JK"), strict=True):
        columns += [
            Column(f"{label}\n校數", f"{stage}_schools", "whole", "肆.五",
                   lambda n, c=classes: f'=COUNTIFS({of("B")},A{n},{of(c)},">0")', width=9),
            Column(f"{label}\n班級數", f"{stage}_classes", "whole", "肆.六",
                   lambda n, c=classes: f"=SUMIFS({of(c)},{of('B')},A{n})", width=9),
            Column(f"{label}\n經費", f"{stage}_grants", "money", "柒.三(一)",
                   lambda n, g=grants: f"=SUMIFS({of(g)},{of('B')},A{n})", width=12),
        ]  # fmt: skip
    return [
        *columns,
        Column("班級數\n總增減", lambda r: r["approved_classes"] - r["proposed_classes"], "whole", "肆.五",
               lambda n: f"=I{n}-C{n}", width=9),
        Column("經費\n總增減", lambda r: r["approved_grants"] - r["proposed_grants"], "money", "肆.五",
               lambda n: f"=J{n}-D{n}", width=12),
    ]  # fmt: skip
