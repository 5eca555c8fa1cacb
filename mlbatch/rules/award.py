"""The rules of money, at a glance and in run order (經費核定).

They need `schools` with verdict and rank, `counties`, and the registers fiscal, coaches, workshops
and county_record; `missing_rates` must be empty before they run. The award list `decisions` is
read if it came back.
"""

from mlbatch.rules import allotment, county, decision, subsidy
from mlbatch.rules.county import missing_rates
from mlbatch.rules.rule import Part, Rule, Run, decides

B4_PARTS = (
    Part(
        allotment.line_up,
        ("budget.min_schools", "budget.max_schools", "budget.reserve_percent", "county_grant"),
    ),
    Part(allotment.draw, ("budget.total",)),
)


def _part(rule: Run, *reads: str) -> tuple[Part, ...]:
    return (Part(decides(rule), reads),)


LINE = ("schools", "county_record", "coaches", "workshops")

AWARD = (
    Rule("B5", "補助基準與預算刪減", "柒.三", subsidy.rates, ("schools",), _part(subsidy.rates, "rates")),
    Rule("B4", "核定順序與核定線", "柒.三", allotment.allot, LINE, B4_PARTS),
    Rule("R8", "本部裁示與依序遞補", "肆.五", decision.read, LINE, _part(decision.read, "budget", "county_grant")),
    Rule("B1", "學校補助經費", "柒.三(一)", subsidy.grants, ("schools",), _part(subsidy.grants)),
    Rule("B3", "教練學校補助", "附件3.三", county.coaches, ("schools", "coaches"), _part(county.coaches)),
    Rule("B6", "經資門", "肆.四(四)1", county.accounts, ("schools",), _part(county.accounts, "account")),
    Rule("B2", "縣市補助", "柒.二", county.county_grants, ("schools", "counties", "workshops"), _part(county.county_grants, "county_grant")),
    Rule("B8", "未結案縣市之扣減", "肆.五", county.reductions, ("counties", "county_record"), _part(county.reductions, "county_grant")),
    Rule("B9", "工作坊補助", "陸.三", county.workshops, ("schools", "counties", "workshops"), _part(county.workshops, "budget.total")),
    Rule("B7", "自籌經費", "柒.一", county.shares, ("schools", "counties", "fiscal"), _part(county.shares, "county_grant")),
)  # fmt: skip

__all__ = ["AWARD", "missing_rates"]
