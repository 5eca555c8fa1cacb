"""What sort of thing a duty is (應辦事項之性質): data to be handed in, an event to be present at, or other work.

Only data can still be handed in when the year is over, so only data keeps a closing open or bars a school (柒.九(一), 玖.二).
"""

from __future__ import annotations

from mlbatch.obligation import (
    COACH_MEETING,
    COACH_REPORT,
    COUNTY_PLAN,
    PRINCIPALS,
    REGIONAL,
    SHARING,
    cloud,
)
from mlbatch.plan import Plan

TOGETHER = ("分區活動", "核心教師參與分區活動")


def is_meeting(item: str, plan: Plan) -> bool:
    """Whether it is an event of which the plan asks that one comes (伍.三(十一), 附件3.四3, 附件3.四4)."""
    return item in (*plan.events.large, *REGIONAL, *TOGETHER, PRINCIPALS, COACH_MEETING, SHARING)


def is_data(item: str, plan: Plan) -> bool:
    """Whether it is handed in: what 附件1 lists as data, a county's plan, a coach's report (附件3.四5)."""
    labels = (plan.sources[f"deliverables.{name}"].label for name in ("profile", "visits"))
    return item in (
        *plan.deliverables.items,
        *map(cloud, plan.deliverables.cloud),
        *labels,
        COUNTY_PLAN,
        COACH_REPORT,
    )
