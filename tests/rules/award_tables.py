"""Small tables for the rules of money: a ranked list of schools, and the registers that they need."""

from datetime import date
from functools import cache

import pandas as pd
from hypothesis import strategies as st

from mlbatch.finding import Place
from mlbatch.plan import Plan, Source, load_plan
from mlbatch.rules.award import AWARD
from mlbatch.rules.rule import run_rules
from mlbatch.tables import QUALIFIED, Tables
from tests.rules.laws import law_of
from tests.rules.whole import whole

AS_OF = date(2018, 1, 15)
ON_TIME = date(2017, 8, 31)
LEVEL = "國小"
PLAN = load_plan()
PERCENTS = ("central_percent", "from_year", "to_year")

law = law_of(100)
law_of_all = law_of(40)  # of the whole chain, which takes longer


def plan_with(**changes) -> Plan:
    """The plan of 107 with office settings changed: `plan_with(budget__total=5)`."""
    source = Source("肆.五", "試", "試", True, "本部", "2017-12-01")
    return PLAN.with_settings({name.replace("__", "."): (value, source) for name, value in changes.items()})


def school(rank, county="南投縣", allowed=2, **more) -> dict:
    """One school; its code follows its rank unless given. National schools need only `national`."""
    return {
        "code": f"{80000 + (rank or 0):06d}", "level": LEVEL, "name": f"第{rank}國小", "county": county,
        "national": False, "island": False, "few_resources": False, "rank": rank, "allowed": allowed,
        "verdict": QUALIFIED, "clause": "", "why": "", **more,
    }  # fmt: skip


def tables(schools, *, coaches=(), workshops=(), closed=None, fiscal=None, decisions=None) -> Tables:
    """Tables ready for AWARD.

    `coaches` are ranks; `workshops` (county, amount); `closed` county → date or None, all on time
    unless given; `fiscal` rows (county, percent, from, to), 90 % unless given; `decisions`
    (rank, classes or None, reason).
    """
    rows = _frame(
        [tuple(row.values()) for row in schools], " ".join(schools[0]),
        rank="Int64", allowed="Int64", national=bool, island=bool, few_resources=bool,
    )  # fmt: skip
    names = sorted({row["county"] for row in schools if not row["national"]}, key=PLAN.county_order)
    names_of_all = sorted({*names, *(county for county, _ in workshops)}, key=PLAN.county_order)
    closed = {name: ON_TIME for name in names} if closed is None else closed
    fiscal = [(name, 90, 106, 108) for name in names_of_all] if fiscal is None else fiscal
    made = Tables().put(
        schools=rows,
        counties=_register(tuple((name, None, 0) for name in names), "county cooperation notes", "notes"),
        county_record=_register(tuple(closed.items()), "county closed_all"),
        coaches=_listed(schools, coaches),
        workshops=_register(tuple(workshops), "county amount", "amount"),
        fiscal=_register(tuple(fiscal), "county central_percent from_year to_year", *PERCENTS),
    )  # fmt: skip
    return made if decisions is None else made.put(decisions=decided(schools, decisions))


def decided(schools, rows) -> pd.DataFrame:
    """The award list: (rank or code, classes or None, reason), from row 6 on; a fourth is the authority."""
    codes = {row["rank"]: row["code"] for row in schools}
    values = [
        (
            codes.get(who, who),
            LEVEL,
            classes,
            reason,
            *(authority or ["部務會議"]),
            _place("核定清冊.xlsx", "核定清冊", row),
        )
        for row, (who, classes, reason, *authority) in enumerate(rows, 6)
    ]
    return _frame(values, "code level decided reason authority place", decided="Int64")


def award(made: Tables, plan: Plan, last: str = "B7") -> Tables:
    """What AWARD makes of the tables, up to and with the rule `last`; each of them must have run."""
    until = [rule.id for rule in AWARD].index(last) + 1
    done, reports = run_rules(AWARD[:until], made, plan, AS_OF)
    assert not [report.rule.id for report in reports if report.missing]
    whole(done.findings)
    return done


def by_rank(done: Tables, column: str) -> list:
    """A column of the ranked schools, best first."""
    schools = done["schools"]
    return schools[schools["rank"].notna()].sort_values("rank")[column].tolist()


def shuffled(made: Tables, order: int) -> Tables:
    """The same tables with the rows of each in another order, `order` any number."""
    return made.put(
        **{name: made[name].sample(frac=1, random_state=order, ignore_index=True) for name in made}
    )


def indexed(made: Tables) -> Tables:
    """The same tables, each with an index that counts down by threes: rules go by rows, not by their numbers."""
    return made.put(**{name: made[name].set_axis(range(3 * len(made[name]), 0, -3)) for name in made})


@st.composite
def programmes(draw, most=7):
    """Schools with shuffled ranks in three counties and the nation, coaches and all."""
    count = draw(st.integers(1, most))
    ranks = draw(st.permutations(range(1, count + 1)))
    return [
        school(
            rank,
            county=draw(st.sampled_from(["南投縣", "屏東縣", "澎湖縣"])),
            allowed=draw(st.integers(1, 5)),
            national=draw(st.sampled_from([False, False, False, True])),
            few_resources=(few := draw(st.booleans())),
            island=few and draw(st.booleans()),
        )
        for rank in ranks
    ]


def choices():
    """Settings for `plan_with`: numbers of schools per county, any reserve, and a tight budget."""
    return st.fixed_dictionaries(
        {
            "budget__total": st.integers(0, 1_800_000),
            "budget__min_schools": st.integers(0, 2),
            "budget__max_schools": st.integers(0, 3),
            "budget__reserve_percent": st.sampled_from([0, 0, 1, 20, 50, 99, 100]),
            "rates__cut": st.booleans(),
        }
    )


@st.composite
def registers(draw):
    """Coaches by rank, workshops, and closing dates of some counties."""
    days = st.sampled_from([ON_TIME, None, date(2017, 9, 1)])
    return {
        "coaches": draw(st.lists(st.integers(1, 7), max_size=2, unique=True)),
        "workshops": draw(
            st.lists(st.tuples(st.sampled_from(["南投縣", "臺北市"]), st.just(30_000)), max_size=1)
        ),
        "closed": {name: draw(days) for name in ("南投縣", "屏東縣", "澎湖縣")},
    }


def _listed(schools, ranks) -> pd.DataFrame:
    rows = [row for row in schools if row["rank"] in ranks]
    listed = [
        (row["county"], row["code"], row["name"], row["level"], _place("教練學校.xlsx", "教練學校", number))
        for number, row in enumerate(rows, 6)
    ]
    return _frame(listed, "county code name level place")


def _place(file, sheet, row) -> Place:
    cells = {
        name: (column, row)
        for name, column in (("code", "C"), ("decided", "L"), ("reason", "M"), ("authority", "N"))
    }
    return Place(file, sheet, row, cells)


def _frame(rows, columns, **types) -> pd.DataFrame:
    names = columns.split()
    made = pd.DataFrame([list(row) for row in rows], columns=names, dtype=object)
    return made.assign(**{name: made[name].astype(dtype) for name, dtype in types.items()})


@cache
def _register(rows, columns, *whole) -> pd.DataFrame:
    """A register of plain values; rules change nothing in place, so it is made once."""
    return _frame(rows, columns, **dict.fromkeys(whole, "Int64"))
