"""What changed after the award: the ministry's register 核定後異動, from the table `withdrawals`."""

from __future__ import annotations

from documents import Documents, register, with_schools
from readable import table


def with_withdrawals(documents: Documents) -> Documents:
    """The documents and the register."""
    return {**documents, "register:withdrawals": register("withdrawals", with_schools(table("withdrawals")))}
