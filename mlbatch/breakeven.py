"""Where a school turns (損益點): at which budget, and at which amount a class, it comes in or falls out.

The order of allotment does not depend on the budget and the line never jumps over a school (see
`rules/allotment.py`). So what must be paid before a school's turn is a fixed sum and a number of
classes, and the turning points follow without trying: whole NT$.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlbatch.ledger import Claim, Key, Ledger


@dataclass(frozen=True, slots=True)
class Point:
    """One school in the order of allotment, with what is paid before it.

    `fixed` are the fees, coach grants, county grants and workshops up to and with this school, and
    `county` what of them its county's grant grows by; `classes` are the classes of all before it.
    """

    claim: Claim
    fixed: int
    county: int
    classes: int

    @property
    def key(self) -> Key:
        """The school's key."""
        return self.claim.key

    def budget(self, classes: int) -> int:
        """The least budget that gives it so many classes; at least one."""
        return self.fixed + self.claim.per_class * (self.classes + classes)

    def per_class(self, classes: int, budget: int) -> int:
        """The most a class may cost for it to get so many of `budget`; negative if nothing helps.

        It holds for this order: a share kept for areas with few resources may order schools otherwise
        when grants change.
        """
        return (budget - self.fixed) // (self.classes + classes)


def points(claims: Iterable[Claim], ledger: Ledger) -> list[Point]:
    """The points of `claims`, which stand in the order of allotment; none asks for less than one class.

    `ledger` has paid what comes before all schools; it is used up.
    """
    found, fixed, classes = [], ledger.spent, 0
    for claim in claims:
        county = ledger.spent_with(claim, 1) - ledger.spent - claim.cost(1)
        fixed += claim.fee + claim.coach + county
        found.append(Point(claim, fixed, county, classes))
        ledger.pay(claim, claim.allowed)
        classes += claim.allowed
    return found
