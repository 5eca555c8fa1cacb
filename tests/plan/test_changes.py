"""What differs between two plan years, each difference once and alone."""

from dataclasses import replace

from mlbatch.plan import load_plan
from mlbatch.plan.changes import ADDED, CHANGED, CITED, REMOVED, changes, clause_changes
from tests.plan.years import INVENTED

OLD, NEW = load_plan(), load_plan(INVENTED)
FOUND = {(one.name, one.part): one for one in changes(OLD, NEW)}


def test_a_year_does_not_differ_from_itself():
    assert list(changes(NEW, NEW)) == []
    assert list(clause_changes(NEW, NEW)) == []


def test_what_differs_is_told_by_entry():
    one = FOUND["deliverables.classes", "學生作品"]
    assert (one.kind, one.old, one.new) == (ADDED, None, ["2019-11", "2020-04"])
    assert (FOUND["classes.cap", "國小"].old, FOUND["classes.cap", "國小"].new) == (4, 3)
    assert FOUND["schools.sources", "數位學習實施計畫"].kind == ADDED
    assert FOUND["rates.per_class", ""].kind == CHANGED
    assert FOUND["rates.per_class", ""].source.ours
    assert ("review.weights", "資源不足") not in FOUND
    assert FOUND["schools.semesters", ""].kind == CHANGED  # neither grew nor shrank


def test_seen_from_the_other_side_what_was_added_is_removed():
    back = {(one.name, one.part): one for one in changes(NEW, OLD)}
    assert back.keys() == FOUND.keys()
    turned = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
    for key, one in FOUND.items():
        assert (back[key].kind, back[key].old, back[key].new) == (turned[one.kind], one.new, one.old), key


def test_each_difference_alone_changes_its_value_and_no_other():
    for one in FOUND.values():
        (found,) = changes(OLD, one.alone(OLD))
        assert (found.name, found.part, found.kind, found.new) == (one.name, one.part, one.kind, one.new)


def test_all_differences_together_make_the_new_year():
    plan = OLD
    for one in FOUND.values():
        plan = one.alone(plan)
    for name in OLD.sources:
        assert plan.value(name) == NEW.value(name), name


def test_a_value_that_only_cites_another_clause_is_told():
    source = replace(OLD.sources["classes.new_remote"], cite="肆.六")
    moved = replace(OLD, sources={**OLD.sources, "classes.new_remote": source})
    (one,) = changes(OLD, moved)
    assert (one.name, one.kind, one.old, one.new) == ("classes.new_remote", CITED, "肆.六(二)", "肆.六")


def test_clauses_that_came_changed_and_are_gone():
    said = {**OLD.clauses, "伍.四": "新增之條", "柒.九": "改了"}
    del said["玖.一"]
    assert list(clause_changes(OLD, replace(OLD, clauses=said))) == [
        (CHANGED, "柒.九", OLD.clauses["柒.九"], "改了"),
        (REMOVED, "玖.一", OLD.clauses["玖.一"], ""),
        (ADDED, "伍.四", "", "新增之條"),
    ]
