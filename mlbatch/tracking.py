"""The desk of the running year (年度追蹤): what is owed and done, blanks to be filled (附件1, 伍.二, T9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mlbatch.classroom import Classroom, running
from mlbatch.forms import Form, blank, county_logbook, logbook, profile
from mlbatch.obligation import school_duties, semester_of
from mlbatch.plan import Plan
from mlbatch.press import Draft, draft, for_recipient
from mlbatch.recipient import UNSAFE, Packages
from mlbatch.tables import Tables, records
from mlbatch.workbooks.tracking import TABLES, tracking_workbook

FOLDER = "執行紀錄"
Key = tuple[str, str]


@dataclass(frozen=True)
class Desk:
    """What was decided and tracked, the forms, the plan and the day of the run."""

    tables: Tables
    forms: Mapping[str, Form]
    plan: Plan
    as_of: date

    def papers(self, packages: Packages) -> Iterator[Draft]:
        """Every paper of tracking but the letters, the ministry's first."""
        tables, plan, as_of = self.tables, self.plan, self.as_of
        everything = tables.take(*TABLES)
        yield draft("追蹤/繳交追蹤表.xlsx", "繳交追蹤表", tracking_workbook, everything, plan, as_of)
        classes, came = running(tables), self._came()
        for who, own in packages:
            if not len(own["duties"]):
                continue
            given = own.take(*TABLES), plan, as_of, who.name
            yield for_recipient(who, "繳交追蹤表.xlsx", "繳交追蹤表", tracking_workbook, *given)
            for form, recipient, name, values in self._blanks(own, classes, came):
                path, filled = f"{FOLDER}/{UNSAFE.sub('_', name)}.xlsx", (recipient, values)
                yield for_recipient(who, path, name, blank.blank_for, self.forms[form], plan, *filled)

    def _came(self) -> Mapping[str, set]:
        """Form → whose came: schools, schools with a semester, counties."""
        found: dict[str, set] = defaultdict(set)
        for form, table in (("logbook", "logbooks"), ("county_logbook", "county_logbooks")):
            found[form] = set(self.tables[table]["school"])
        profiles = self.tables["profiles"]
        found["profile"] = set(zip(profiles["school"], profiles["semester"], strict=True))
        return found

    def _blanks(
        self, own: Tables, classes: Mapping[Key, list[Classroom]], came: Mapping[str, set]
    ) -> Iterator[tuple[str, str, str, dict]]:
        """What this recipient has still to begin: (form, recipient of the stamp, name, values)."""
        semester = semester_of(self.as_of, self.plan)
        ran = [row for row in records(own["schools"]) if classes.get((row["code"], row["level"]))]
        schools = [row for row in ran if row["approved"]]
        for row in schools:
            key = row["code"], row["level"]
            stamp, name = "-".join(key), f"{row['code']}_{row['name']}_{row['level']}"
            if key not in came["logbook"]:
                values = logbook.values(row, school_duties(self.plan, classes[key]), self.plan)
                yield "logbook", stamp, f"{name}_執行紀錄簿", values
            if (key, semester) not in came["profile"]:
                yield "profile", stamp, f"{name}_基本資料表", profile.values(row, semester)
        for row in records(own["counties"]):
            if ran and row["county"] not in came["county_logbook"]:
                values = county_logbook.values(row, schools)
                yield "county_logbook", row["county"], f"{row['county']}_縣市執行紀錄簿", values
