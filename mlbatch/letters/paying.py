"""What the papers of payment say (請款與撥款): receipts, requests, what is wanting, what is paid (肆.七).

As in facts.py: tables that `recipient.only` has narrowed down, formatted and never decided; None
where there is nothing to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from mlbatch import money
from mlbatch.letters.facts import WORKSHOP, WORKSHOP_CITE, amount, day, figures, head
from mlbatch.letters.fields import (
    GapRow,
    LetterError,
    PaidRow,
    ReceiptRow,
    Receipts,
    Request,
    RequestRow,
    Supply,
    Transfer,
)
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient
from mlbatch.tables import PAID, PAYABLE, Tables, records

ACCOUNTS = {"current": "經常門", "capital": "資本門"}
COUNTY_SIGNS = "承辦人　　　　　　科（課）長　　　　　　局（處）長　　　　　　機關首長"
COUNTY_NEXT = "學校補助經費請儘速轉撥各校，並督導依計畫期程執行"
SCHOOL_NEXT = "請依計畫期程執行"
SCHOOL_SIGNS = "承辦人　　　　　　主任　　　　　　主（會）計　　　　　　校長"
Row = Mapping[str, object]


def receipt_facts(own: Tables, plan: Plan, who: Recipient) -> Receipts | None:
    """領款收據, a page for each account with money; None for who gets none, or was paid."""
    payee = _payee(own)
    if payee is None or payee["state"] == PAID:
        return None
    rows = (_receipt(payee, name, account) for name, account in ACCOUNTS.items() if payee[name])
    return Receipts(**head(plan, who, "請查照"), receipts=tuple(rows))


def _receipt(payee: Row, name: str, account: str) -> ReceiptRow:
    return ReceiptRow(
        account=account, formal=money.formal(int(payee[name])), figures=figures(payee[name]),
        purpose=f"{_counted(payee) or WORKSHOP}之補助經費（{account}）",
    )  # fmt: skip


def _counted(payee: Row) -> str:
    """4校9班, 3班 of a national school, and nothing for a county that is paid for a workshop alone."""
    if not payee["schools"]:
        return ""
    return f"{payee['schools']}校{payee['classes']}班" if payee["county"] else f"{payee['classes']}班"


def request_facts(own: Tables, plan: Plan, who: Recipient) -> Request | None:
    """經費申請表 with what is known; items, prices and quantities are the applicant's to write."""
    payee = _payee(own)
    if payee is None or payee["state"] == PAID:
        return None
    schools = [row for row in records(own["schools"]) if row["approved"]]
    county = records(own["counties"])[0] if who.county else None
    lines = [*_schools_line(payee, schools), *(_county_lines(county, schools, plan) if county else ())]
    planned, granted = (sum(one[name] for one in lines) for name in ("planned", "granted"))
    if granted != payee["granted"]:
        raise LetterError(f"「{who.name}」之經費申請表：各項補助之和與核定總額不符，請通報系統維護人員。")
    return Request(
        **head(plan, who, "請查照"),
        form_title="縣市經費申請表" if who.county else "經費申請表",
        period=f"{day(plan.calendar.start)}至{day(plan.calendar.end)}",
        lines=tuple(_request(one) for one in lines),
        planned_sum=figures(planned),
        granted_sum=figures(granted),
        own_sum=figures(planned - granted),
        signatures=COUNTY_SIGNS if who.county else SCHOOL_SIGNS,
    )


def _schools_line(payee: Row, schools: list[Row]) -> Iterator[dict]:
    if not schools:
        return
    sums = {
        name: sum(row[name] for row in schools)
        for name in ("plan_total", "grant", "coach", "current", "capital")
    }
    coach = f"，另教練學校補助{sums['coach']:,}元（經常門）" if sums["coach"] else ""
    note = f"{_counted(payee)}；經常門{sums['current']:,}元、資本門{sums['capital']:,}元{coach}（柒.三）"
    granted = sums["grant"] + sums["coach"]
    yield {"item": "學校補助經費", "planned": sums["plan_total"], "granted": granted, "note": note}


def _county_lines(county: Row, schools: list[Row], plan: Plan) -> Iterator[dict]:
    """The county's own grant less what is taken off, and its workshop, which has no own share."""
    net = county["county_grant"] - county["reduction"]
    planned = county["plan_total"] - sum(row["plan_total"] for row in schools)
    taken = (
        f"，已扣減{county['reduction']:,}元（{plan.cite('calendar.county_closing')}）"
        if county["reduction"]
        else ""
    )
    note = f"成果發表會、會議及督導；經常門（{plan.cite('bounds.county_min')}）{taken}"
    if net:
        yield {"item": "縣市補助經費", "planned": planned, "granted": net, "note": note}
    if county["workshop"]:
        amounts = {"planned": county["workshop"], "granted": county["workshop"]}
        yield {"item": WORKSHOP, **amounts, "note": f"經常門（{WORKSHOP_CITE}）"}


def _request(line: Row) -> RequestRow:
    planned = figures(line["planned"])
    return RequestRow(
        item=line["item"], total=planned, note=line["note"], planned=planned, granted=figures(line["granted"])
    )


def supply_facts(own: Tables, plan: Plan, who: Recipient) -> Supply | None:
    """請款補件通知 that names each paper which is wanting; None unless the payee is to be reminded."""
    payee = _payee(own)
    if payee is None or not payee["remind"]:
        return None
    gaps = [row for row in records(own["papers_due"]) if row["gap"]]
    return Supply(
        **head(plan, who, "請查照辦理"),
        gaps=tuple(_gap(number, row) for number, row in enumerate(gaps, 1)),
        gap_count=figures(len(gaps)),
        days=f"{plan.claim.supply_days}",
        papers_due=day(plan.office.papers_due),
        clause=_clause(plan, who),
        about=_about(who),
    )


def _gap(number: int, row: Row) -> GapRow:
    return GapRow(
        number=f"{number}", school=row["school_name"] or row["payee"], paper=row["paper"], gap=row["gap"],
        clause=row["clause"],
    )  # fmt: skip


def transfer_facts(own: Tables, plan: Plan, who: Recipient) -> Transfer | None:
    """撥款函 for a payee whose papers are complete."""
    payee = _payee(own)
    if payee is None or payee["state"] != PAYABLE:
        return None
    lines = [(account, payee[name]) for name, account in ACCOUNTS.items() if payee[name]]
    rows = (
        PaidRow(account=account, amount=figures(paid))
        for account, paid in [*lines, ("合計", payee["pay_now"])]
    )
    return Transfer(
        **head(plan, who, "請查照", "、".join(own["schools"].query("approved > 0")["name"]) if who.county else ""),
        lines=tuple(rows), total=amount(payee["pay_now"]), further=COUNTY_NEXT if who.county else SCHOOL_NEXT, clause=_clause(plan, who), about=_about(who),
    )  # fmt: skip


def _payee(own: Tables) -> Row | None:
    """The one row of `payees` that is this recipient's; None for who gets no money."""
    payees: pd.DataFrame = own["payees"]
    return records(payees)[0] if len(payees) else None


def _clause(plan: Plan, who: Recipient) -> str:
    return plan.cite("papers.county" if who.county else "papers.national")


def _about(who: Recipient) -> str:
    return f"{who.polite}及所屬學校" if who.county else who.polite
