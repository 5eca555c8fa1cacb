"""The rules of money, at a glance and in run order (經費核定).

They need `schools` with verdict and rank, `counties`, and the registers fiscal, coaches, workshops
and county_record; `missing_rates` must be empty before they run. The award list `decisions` is
read if it came back.
"""

from mlbatch.rules import allotment, county, decision, subsidy
from mlbatch.rules.county import missing_rates
from mlbatch.rules.rule import Part, Rule

B4_PARTS = (
    Part(
        allotment.line_up,
        ("budget.min_schools", "budget.max_schools", "budget.reserve_percent", "county_grant"),
    ),
    Part(allotment.draw, ("budget.total",)),
)
B5_PART = Part(subsidy.pay, ("rates",))
R8_PART = Part(decision.settle, ("budget", "county_grant"))
B2_PART = Part(county.county_sums, ("county_grant",))
B8_PART = Part(county.reduce, ("county_grant",))
B9_PART = Part(county.add_up, ("budget.total",))

LINE = ("schools", "county_record", "coaches", "workshops")
SUMS = ("schools", "counties", "workshops")

# B6 and B7 have no parts: no scenario asks for what they add (`mlbatch.scenario.ASIDE`).
AWARD = (
    Rule("B5", "補助基準與預算刪減", "柒.三", subsidy.rates, ("schools",), (B5_PART,), subsidy.spell_rates),
    Rule("B4", "核定順序與核定線", "柒.三", allotment.allot, LINE, B4_PARTS, allotment.spell),
    Rule("R8", "本部裁示與依序遞補", "肆.五", decision.read, LINE, (R8_PART,), decision.spell),
    Rule("B1", "學校補助經費", "柒.三(一)", subsidy.grants, ("schools",), (Part(subsidy.grant),), subsidy.spell_grants),
    Rule("B3", "教練學校補助", "附件3.三", county.coaches, ("schools", "coaches"), (Part(county.coach),), county.spell_coaches),
    Rule("B6", "經資門", "肆.四(四)1", county.accounts, ("schools",)),
    Rule("B2", "縣市補助", "柒.二", county.county_grants, SUMS, (B2_PART,), county.spell_county_grants),
    Rule("B8", "未結案縣市之扣減", "肆.五", county.reductions, ("counties", "county_record"), (B8_PART,), county.spell_reductions),
    Rule("B9", "工作坊補助", "陸.三", county.workshops, SUMS, (B9_PART,), county.spell_totals),
    Rule("B7", "自籌經費", "柒.一", county.shares, ("schools", "counties", "fiscal")),
)  # fmt: skip

__all__ = ["AWARD", "missing_rates"]
