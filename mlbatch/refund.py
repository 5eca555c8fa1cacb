"""What is to be returned at the closing (應繳回): one line of a settlement, by account (柒.九(三), Z2).

A is what was planned, B what was granted, D what was spent: (A − D) × B ÷ A is the grant's share of what is
left. Money of classes that left is returned besides, as far as it is not in that share already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlbatch import money

ALL_BACK = "取消資格"  # who made false statements returns all that was paid (肆.四(四)6)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in NT$: `classes_due` is what is returned for classes that left, `left` why the whole school did."""

    planned: int
    granted: int
    paid: int
    spent: int
    classes_due: int = 0
    left: str = ""

    @property
    def balance(self) -> int:
        """E = A − D, what is left of the plan; negative where more was spent."""
        return self.planned - self.spent

    @property
    def share(self) -> int:
        """F, the grant's share of what is left, rounded down."""
        return money.surplus_share(self.planned, self.granted, self.spent)

    def owed(self, exempt: bool) -> int:
        """What is returned, from 0 to what was paid; `exempt`: the surplus of who stays need not be."""
        if self.left == ALL_BACK:
            return self.paid
        share = 0 if exempt and not self.left else self.share
        unpaid = self.granted - self.paid
        return max(0, min(self.paid, max(self.classes_due, share) - unpaid))


def surplus(lines: Iterable[Line]) -> int:
    """What all who stay have left of their plans, which is held against the exemption."""
    return sum(max(0, line.balance) for line in lines if not line.left)


def line(row: Mapping[str, object]) -> Line | None:
    """The line that a row holds; None while one of its amounts is no whole number."""
    amounts = [row.get(name) for name in ("planned", "granted", "paid", "spent")]
    if not all(
        isinstance(one, int | float) and not isinstance(one, bool) and one == int(one) for one in amounts
    ):
        return None
    due = row.get("classes_due")
    return Line(
        *map(int, amounts), int(due) if isinstance(due, int | float) else 0, str(row.get("left") or "")
    )
