"""The rules of review and ranking, at a glance and in run order (審查與排序).

They need `schools` with verdict and areas, `counties` with notes, and the registers reviewers,
school_record and county_record. Score sheets are read if they came back.
"""

from mlbatch.rules import assignment, bases, further, marks, ranking
from mlbatch.rules.rule import Part, Rule

CORRECT = "review.correct_severity"
R1_PARTS = (  # with the first part of R6, since it reads no weight
    Part(ranking.part_values, (CORRECT,)),
    Part(ranking.enter, (CORRECT,)),
    Part(ranking.weigh, ("review.weights",)),
)
R6_PARTS = (Part(ranking.place, ("review.second_call_last",)),)

REVIEW = (
    Rule("R2", "分派審查委員", "肆.五(一)", assignment.assign, ("schools", "reviewers")),
    Rule("R2", "採計委員評分", "肆.五(一)", marks.collect, ("schools", "reviewers", "assignments")),
    Rule("R2", "加請委員", "肆.五(一)", further.ask, ("schools", "reviewers", "marks")),
    Rule("R2", "計畫內容", "肆.五(一)", bases.content, ("schools", "marks")),
    Rule("R3", "{schools.record_year}年執行成果", "肆.五(二)", bases.record, ("schools", "school_record")),
    Rule("R4", "資源不足地區", "肆.五(三)", bases.resources, ("schools",)),
    Rule("R5", "縣市配合情形", "肆.五(四)", bases.cooperation, ("schools", "counties", "county_record")),
    Rule("R1", "加權總分", "肆.五", ranking.score, ("schools",), R1_PARTS, ranking.spell_points),
    Rule("R6", "排序與同分", "肆.五", ranking.rank, ("schools",), R6_PARTS, ranking.spell_ranks),
)

__all__ = ["REVIEW"]
