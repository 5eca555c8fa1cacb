"""What a budget shows of itself while it is filled (經費即時檢核): G1 to G4 (柒.一, 柒.五, 柒.六)."""

from __future__ import annotations

from mlbatch import catalogue
from mlbatch.forms.across import Across, Refs, Row, Seen, flat, flat_text, number, words
from mlbatch.plan import Plan

CURRENT, CAPITAL = "經常門", "資本門"
GRANTED, OWN = "補助", "自籌"
ACCOUNTS = {"current": CURRENT, "capital": CAPITAL}


def checks(head: str, lines: str, plan: Plan, *, capital: bool) -> tuple[Across, ...]:
    """The checks of a budget with these tables; a county has no `capital` account."""
    sundries = () if plan.spending.sundries_percent else (_sundries(lines, plan),)
    accounts = ACCOUNTS if capital else {"current": CURRENT}
    return (
        Across(lines, "amount", catalogue.G1_AMOUNT, "總價應為單價乘以數量", _amount, _is_amount(lines)),
        *(_account(lines, account, plan) for account in (CURRENT, CAPITAL)),
        _by_price(lines, CAPITAL, plan),
        _by_price(lines, CURRENT, plan),
        *(_total(head, lines, field, account) for field, account in accounts.items()),
        _own(head, lines),
        *((_devices(head, lines, plan),) if capital else ()),
        *sundries,
    )


def _sundries(lines: str, plan: Plan) -> Across:
    """G1: sundries, where the office allows none."""
    name = plan.spending.sundries
    return Across(
        lines, "item", catalogue.G1_ITEM, f"不得編列{name}",
        lambda refs: f'{flat(refs.row["item"])}="{name}"',
        lambda seen, index: flat_text(seen.row(lines, index).get("item")) == name,
    )  # fmt: skip


def _amount(refs: Refs) -> str:
    price, quantity, amount = (refs.row[name] for name in ("price", "quantity", "amount"))
    return f"AND(COUNT({price},{quantity},{amount})=3,{price}*{quantity}<>{amount})"


def _is_amount(lines: str):
    def broken(seen: Seen, index: int) -> bool:
        row = seen.row(lines, index)
        three = [_number(row, name) for name in ("price", "quantity", "amount")]
        return None not in three and three[0] * three[1] != three[2]

    return broken


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _any(cell: str, choices: tuple[str, ...]) -> str:
    return f"SUMPRODUCT(--({flat(cell)}={words(*choices)}))>0"


def _account(lines: str, account: str, plan: Plan) -> Across:
    """G1: an item of one account only, booked in the other."""
    items = tuple(i for i, a in plan.items.accounts.items() if a == account and i not in plan.items.by_price)
    other = CAPITAL if account == CURRENT else CURRENT

    def formula(refs: Refs) -> str:
        if not items:
            return "FALSE"
        return f'AND({_any(refs.row["item"], items)},{flat(refs.row["account"])}="{other}")'

    def broken(seen: Seen, index: int) -> bool:
        row = seen.row(lines, index)
        return flat_text(row.get("item")) in items and flat_text(row.get("account")) == other

    return Across(lines, "account", catalogue.G1_ACCOUNT, f"此項目應列{account}", formula, broken)


def _by_price(lines: str, account: str, plan: Plan) -> Across:
    """G2: an item that goes by its unit price, booked in the other account than its price says."""
    items, line = plan.items.by_price, plan.items.capital_from
    kind, sign = (catalogue.G2_CURRENT, "<") if account == CAPITAL else (catalogue.G2_CAPITAL, ">=")
    should = CURRENT if account == CAPITAL else CAPITAL

    def formula(refs: Refs) -> str:
        price = refs.row["price"]
        return (
            f"AND(ISNUMBER({price}),{_any(refs.row['item'], items)},"
            f'{flat(refs.row["account"])}="{account}",{price}{sign}{line})'
        )

    def broken(seen: Seen, index: int) -> bool:
        row = seen.row(lines, index)
        price = _number(row, "price")
        booked = flat_text(row.get("item")) in items and flat_text(row.get("account")) == account
        return price is not None and booked and (price < line if sign == "<" else price >= line)

    said = f"單價{'未達' if should == CURRENT else ''}{line:,}元{'' if should == CURRENT else '以上'}，請列{should}"
    return Across(lines, "account", kind, said, formula, broken)


def _sum(refs: Refs, lines: str, **wanted: str) -> str:
    """The amounts of the lines whose columns hold these words."""
    terms = "".join(f'({flat(refs.columns[lines, name])}="{word}")*' for name, word in wanted.items())
    return f"SUMPRODUCT({terms[:-1]},{refs.columns[lines, 'amount']})"


def _ready(refs: Refs, lines: str) -> str:
    """Whether every line that is filled has its amount."""
    return f"COUNT({refs.columns[lines, 'amount']})={refs.filled(lines)}"


def _added(seen: Seen, lines: str, **wanted: str) -> float | None:
    """The same sum; None while a line has no amount."""
    rows = seen.rows(lines)
    if any(_number(row, "amount") is None for row in rows):
        return None
    return sum(row["amount"] for row in rows if all(flat_text(row.get(n)) == w for n, w in wanted.items()))


def _total(head: str, lines: str, field: str, account: str) -> Across:
    """G1: the subsidy of an account beside what was granted."""

    def formula(refs: Refs) -> str:
        cell = refs.row[field]
        own = _sum(refs, lines, fund=GRANTED, account=account)
        return f"AND(ISNUMBER({cell}),{_ready(refs, lines)},{own}<>{cell})"

    def broken(seen: Seen, index: int) -> bool:
        wanted, own = number(seen.head(head, field)), _added(seen, lines, fund=GRANTED, account=account)
        return None not in (wanted, own) and own != wanted

    return Across(head, field, catalogue.G1_TOTAL, f"{account}之補助合計與核定數不同", formula, broken)


def _own(head: str, lines: str) -> Across:
    """G4: own funds."""

    def formula(refs: Refs) -> str:
        cell = refs.row["own_share"]
        return f"AND(ISNUMBER({cell}),{_ready(refs, lines)},{_sum(refs, lines, fund=OWN)}<{cell})"

    def broken(seen: Seen, index: int) -> bool:
        wanted, own = number(seen.head(head, "own_share")), _added(seen, lines, fund=OWN)
        return None not in (wanted, own) and own < wanted

    return Across(head, "own_share", catalogue.G4_OWN, "自籌合計不足應自籌數", formula, broken)


def _devices(head: str, lines: str, plan: Plan) -> Across:
    """G3, at each device that the grant pays: both accounts beside half of the capital account."""
    by, items = plan.items.devices_divisor, plan.items.devices

    def formula(refs: Refs) -> str:
        capital = refs.heads[head, "capital"]
        own = "+".join(_sum(refs, lines, fund=GRANTED, item=item) for item in items)
        paid = f'{_any(refs.row["item"], items)},{flat(refs.row["fund"])}="{GRANTED}"'
        return f"AND({paid},ISNUMBER({capital}),{_ready(refs, lines)},{by}*({own})>{capital})"

    def broken(seen: Seen, index: int) -> bool:
        row, capital = seen.row(lines, index), number(seen.head(head, "capital"))
        sums = [_added(seen, lines, fund=GRANTED, item=item) for item in items]
        paid = flat_text(row.get("item")) in items and flat_text(row.get("fund")) == GRANTED
        return paid and capital is not None and None not in sums and by * sum(sums) > capital

    return Across(lines, "amount", catalogue.G3_DEVICES, "行動載具補助逾資本門之半", formula, broken)
