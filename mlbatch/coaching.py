"""The desk of coach schools (教練學校): qualification and pairs for the ministry, pairs and records for whom they concern (附件3).

A pair is told to counties and schools only once the ministry has decided it (register 教練配對); until then it is a
proposal, which the ministry finds in a workbook that it puts into its inbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mlbatch.forms import Form, blank, coach_record
from mlbatch.plan import Plan
from mlbatch.press import Draft, draft, for_recipient
from mlbatch.recipient import UNSAFE, Packages, Recipient
from mlbatch.tables import DECIDED, Tables, records
from mlbatch.workbooks.coaching import TABLES, coaching_workbook, own_workbook

FOLDER, RECORDS = "追蹤", "執行紀錄"
Key = tuple[str, str]
Row = Mapping[str, object]


@dataclass(frozen=True)
class Desk:
    """What was decided and tracked, the forms, the plan and the day of the run."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan
    as_of: date

    def papers(self, packages: Packages) -> Iterator[Draft]:
        """Every paper about coach schools, the ministry's first; none if no school is a coach or asks to be one."""
        tables = self.tables
        if "coach_needs" not in tables or not len(tables["coach_schools"]):
            return
        given = tables.take(*TABLES), self.plan, self.as_of
        yield draft(f"{FOLDER}/教練學校.xlsx", "教練學校", coaching_workbook, *given)
        if len(tables["coached"]):
            yield self._register()
        decided = [row for row in records(tables["coached"]) if row["state"] == DECIDED]
        for who, own in packages:
            yield from self._own(who, own, decided)

    def _register(self) -> Draft:
        """The register of pairs, filled: what was decided, and what is proposed without a day of decision."""
        given = {}
        if "coach_pairs" in self.tables:
            given = {
                (row["coached_code"], row["coached_level"]): row
                for row in records(self.tables["coach_pairs"])
            }
        rows = []
        for row in records(self.tables["coached"]):
            known = given.get((row["code"], row["level"]), {}) if row["state"] == DECIDED else {}
            rows.append({
                **{name: row[f"coach_{name}"] for name in ("code", "name", "level")},
                **{f"coached_{name}": row[name] for name in ("county", "code", "name", "level")},
                "decided_on": known.get("decided_on"), "reason": known.get("reason", ""),
            })  # fmt: skip
        given = self.forms["coach_pairs"], self.plan, "本部", {"coach_pairs": rows}
        return draft(f"{FOLDER}/教練配對.xlsx", "教練配對", blank.blank_for, *given)

    def _own(self, who: Recipient, own: Tables, decided: Sequence[Row]) -> Iterator[Draft]:
        """The pairs of one recipient's schools, what its coaches owe, and records to be begun."""
        coaching = [row for row in decided if _is_of(who, row, "coach_")]
        pairs = [row for row in decided if row in coaching or _is_of(who, row, "")]
        duties = records(own["coach_duties"])
        if not pairs and not duties:
            return
        given = pairs, duties, self.plan, self.as_of, who.name
        yield for_recipient(who, "教練學校.xlsx", "教練學校", own_workbook, *given)
        came = set(self.tables["coach_records"]["school"])
        for key in dict.fromkeys((row["coach_code"], row["coach_level"]) for row in coaching):
            if key not in came:
                yield self._record(who, key, coaching)

    def _record(self, who: Recipient, key: Key, coaching: Sequence[Row]) -> Draft:
        """教練輔導紀錄 of one coach, with the schools that it coaches."""
        rows = [row for row in coaching if (row["coach_code"], row["coach_level"]) == key]
        coach = {name: rows[0][f"coach_{name}"] for name in ("code", "level", "name", "county")}
        given = self.forms[coach_record.FORM], self.plan, "-".join(key), coach_record.values(coach, rows)
        name = UNSAFE.sub("_", f"{key[0]}_{coach['name']}_{key[1]}_教練輔導紀錄")
        return for_recipient(who, f"{RECORDS}/{name}.xlsx", name, blank.blank_for, *given)


def _is_of(who: Recipient, row: Row, side: str) -> bool:
    """Whether the coach (`coach_`) or the new school of a pair is one of this recipient's."""
    key, national = (row[f"{side}code"], row[f"{side}level"]), row[f"{side}national"]
    return key == who.school if who.school[0] else not national and row[f"{side}county"] == who.county
