"""The corridor: one function for each job of the year, each read → rules → write.

A month is the folder of what came in, the plan year and the as-of date; nothing else is state.
`run` goes down `JOBS` until one of them has to wait, and publishes what those before it wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from mlbatch import (
    again,
    budgeting,
    children,
    closing,
    coaching,
    decided,
    dispatch,
    leak,
    opendata,
    outbox,
    output,
    paying,
    press,
    published,
    record,
    rubbish,
    rules,
    tracking,
    twins,
    unchanged,
    workspace,
)
from mlbatch.correction import Desk
from mlbatch.forms import Form, all_forms, award, blank, frames, inbox, prefilled, score, settings
from mlbatch.letters import (
    Letter,
    award_letters,
    closing_letters,
    correction_letters,
    payment_letters,
    reminder_letters,
    rendered,
)
from mlbatch.outbox import Found, Outbox, State
from mlbatch.output import Paper
from mlbatch.pages import overview, story
from mlbatch.plan import Plan, PlanError, load_plan
from mlbatch.press import draft, for_recipient
from mlbatch.recipient import Packages, each, recipients
from mlbatch.rules import agenda, marks, standing
from mlbatch.rules.rule import Report, Rule
from mlbatch.stop import CannotRun
from mlbatch.tables import Tables
from mlbatch.twins import Twins
from mlbatch.workbooks import award as award_book
from mlbatch.workbooks import checklist
from mlbatch.workbooks import outbox as outbox_book
from mlbatch.workbooks import review as review_book

MANY_SCHOOLS = 400  # fewer are drawn before other processes would be ready

Progress = Callable[[str, int, int], None]
Papers = Iterable[Paper]
Drafts = Iterable[Paper | press.Draft]
Twinned = Callable[[Papers], Twins]


@dataclass(frozen=True)
class Month:
    """One month's work: what was read, what was decided, how far it came, what it wrote."""

    plan: Plan
    as_of: date
    forms: Mapping[str, Form]
    read: Tables
    tables: Tables
    inbox: Path | None = None
    done: tuple[Job, ...] = ()
    waiting: str = ""
    papers: tuple[Paper, ...] = ()
    outbox: Outbox | None = None
    twins: Twins | None = None  # in open formats, if they were asked for
    search: leak.Search | None = None  # for others' data, before packages go out

    @cached_property
    def packages(self) -> Packages:
        """Everyone who gets papers, with the tables of its own, cut once for all writers."""
        return each(self.tables, self.plan)

    def seen(self, tables: Tables, read: Tables, packages: Packages) -> Month:
        """The same month with tables of which it is told which were looked into; it has no inbox."""
        month = replace(self, tables=tables, read=read, inbox=None)
        vars(month)["packages"] = packages
        return month

    @property
    def stage(self) -> str:
        """How far the month came, in words."""
        return self.waiting or f"已完成{self.done[-1].title}。"

    @property
    def next_step(self) -> str:
        """What the clerk does next."""
        changed = len(self.outbox.of(State.CHANGED)) if self.outbox else 0
        return agenda.next_step(self.tables, self.plan, self.as_of) + agenda.letters_changed(changed)


@dataclass(frozen=True)
class Job:
    """A job of the year: its command and title, what it waits for, its rules, and what drafts its papers."""

    id: str
    title: str
    wait: Callable[[Tables, Plan, date], str]
    rules: Sequence[Rule]
    draft: Callable[[Month], Drafts]
    whole: bool = True  # whether its papers follow from tables alone, so that all can be taken over

    def write(self, month: Month) -> Papers:
        """The papers of the job, drawn one after the other."""
        return press.drawn(self.draft(month))


def run(
    folder: Path,
    out: Path,
    as_of: date,
    *,
    year: int | Path = 107,
    until: str = "",
    progress: Progress | None = None,
    open_formats: bool = False,
    scheduler: str = "",
    afresh: bool = False,
) -> Month:
    """Do what the month asks for, publish it in `out`, and return what was done.

    `year` is a plan year that is shipped, or the folder of another. `until` names the last job to do; without
    it, all that are due. `open_formats` adds twins of the papers. `scheduler` says where files are read
    (cluster.py). What did not change since the last run into `out` is taken over from it (workspace.py), unless
    it is to be done `afresh`: the bytes are the same. Raises CannotRun, and output.OutputError if `out` holds
    something else.
    """
    if out.resolve().is_relative_to(folder.resolve()):
        raise CannotRun("輸出資料夾不可放在收件資料夾內，請另指定 --out。")
    _there(folder)
    plan = load_plan(year)
    with (
        rubbish.seldom_sought(),
        output.reserved(out) as place,
        workspace.opened(place, folder, plan, scheduler, afresh) as reader,
    ):
        _refuse_other_year(place.out, plan)
        came = read(folder, plan, as_of, progress, reader)
        twinned = twins.Maker(place.out, place.beside(output.WORKSHOP), progress) if open_formats else None
        drafts = place.beside(output.DRAFTS)
        month, manifest = derive(came, until, progress, outbox.former(place.out), twinned, drafts)
        by_hand = month.outbox.carried
        written = [p for p in month.papers if p.path not in by_hand and p.twin_of not in by_hand]
        month.search.refuse(written)
        place.publish(month.papers, manifest)
    return month


def _there(folder: Path) -> None:
    if not folder.is_dir():
        raise CannotRun(f"找不到收件資料夾「{folder}」。")


def _refuse_other_year(out: Path, plan: Plan) -> None:
    """Two plan years run side by side from September to March; one must not take the other's folder."""
    stands = published.manifest(out)
    if stands and (year := stands["plan"]["year"]) != plan.year:
        raise CannotRun(f"「{out}」為 {year} 年度之輸出，{plan.year} 年度請另指定 --out。")


def derive(
    month: Month,
    until: str = "",
    progress: Progress | None = None,
    stood: Mapping[str, Found] | None = None,
    twinned: Twinned | None = None,
    drafts: Path | None = None,
) -> tuple[Month, bytes]:
    """Decide and write a month that was read, in memory: the month with its papers, and its manifest.

    `stood` are the letters of the former output, of which those that a hand edited stay. `twinned`
    gives the papers their twins in open formats. `drafts` is where papers lie while other processes draw them.
    """
    month = decide(month, until)
    whom = recipients(month.tables, month.plan)
    month = replace(month, search=leak.Search(month.read, month.tables, whom))
    told, *papers = _drawn(month, progress, drafts)
    settled = outbox.settle(papers, stood, dispatch.sent(month.tables, month.as_of))
    month = replace(month, papers=settled.papers, outbox=settled)
    month = _with_twins(replace(month, papers=(*month.papers, *_outbox(month))), twinned)
    return _closing_papers(month, told, until)


def _drawn(month: Month, progress: Progress | None, drafts: Path | None) -> list[Paper]:
    """The story of each school, and the papers of all jobs in their order; those of a large month are drawn by all cores."""
    large = "schools" in month.tables and len(month.tables["schools"]) >= MANY_SCHOOLS
    search = month.search if large else None
    look = search and press.Look(search.words.in_file, search.told)
    with press.presses(month.plan, children.cores() if large else 1, look, drafts) as lay:
        jobs = (wait for job in month.done for wait in unchanged.laid(job, month, lay))
        laid = [lay(_stories(month)), *jobs]
        again.catch_up()
        papers = []
        for number, wait in enumerate(laid, 1):
            papers.append(wait())
            if progress:
                progress("寫出文件", number, len(laid))
    return papers


def read(
    folder: Path,
    plan: Plan,
    as_of: date,
    progress: Progress | None = None,
    reader: inbox.Reader | None = None,
) -> Month:
    """Read the inbox: every file once, into one table for each table of a form; by `reader`, or in children here.

    Raises CannotRun for a folder that is not there, for a register given twice, and for a
    setting outside the plan's bounds.
    """
    _there(folder)
    try:
        told = progress and (lambda done, of: progress("讀取檔案", done, of))
        came = inbox.gather(folder, plan, told, reader)
        found = frames.later(came.readings, all_forms(plan), came.known_by)
        changes, findings = settings.settings_from(found["settings"]() if "settings" in found else None, plan)
        plan = plan.with_settings(changes)
    except (inbox.InboxError, PlanError) as problem:
        raise CannotRun(str(problem)) from None
    forms = all_forms(plan)
    files = came.files.assign(title=[forms[form].title if form else "" for form in came.files["form"]])
    tables = Tables(findings=(*came.findings, *findings)).put(files=files, **found)
    return Month(plan, as_of, forms, tables, tables, folder)


def decide(month: Month, until: str = "") -> Month:
    """Run the rules of each job in turn, until one has to wait or `until` is done."""
    month = replace(month, tables=decided.without_bytes(month.tables))
    for job in JOBS:
        if waiting := job.wait(month.tables, month.plan, month.as_of):
            month = replace(month, waiting=waiting)
            break
        _require(job, month)
        tables, reports = decided.run_rules(job.id, job.rules, month.tables, month.plan, month.as_of)
        tables = _with_reports(tables, reports, month.forms, month.plan)
        month = replace(month, tables=tables, done=(*month.done, job))
        if job.id == until:
            break
    return replace(month, tables=decided.with_bytes(month.tables, month.read))


def _require(job: Job, month: Month) -> None:
    """Stop with a sentence that names what the job needs and does not find."""
    needed = agenda.needed_registers(job.id, month.plan, month.as_of)
    if job.id == "track":
        needed += agenda.coach_registers(month.tables)
    if missing := [month.forms[name].title for name in needed if name not in month.tables]:
        names = "、".join(f"「{title}」" for title in missing)
        raise CannotRun(f"「{job.title}」缺少清冊{names}，請放入收件資料夾後重新執行。")
    if job.id == "award" and (without := rules.missing_rates(month.tables, month.plan)):
        names = "、".join(without)
        raise CannotRun(
            f"「{month.forms['fiscal'].title}」沒有下列縣市 {month.plan.year} 年度之比率：{names}。"
        )


def _with_reports(tables: Tables, reports: Sequence[Report], forms: Mapping[str, Form], plan: Plan) -> Tables:
    titles = {name: form.title for form in forms.values() for name, _ in form.tables()}
    rows = pd.DataFrame(
        [
            {
                "id": r.rule.id,
                "title": r.rule.titled(plan),
                "cite": r.rule.cite,
                "result": r.result,
                "found": r.found,
                "skipped": "、".join(f"缺少「{titles.get(name, name)}」" for name in r.missing),
            }
            for r in reports
        ]
    )
    before = [tables["rule_reports"]] if "rule_reports" in tables else []
    return tables.put(rule_reports=pd.concat([*before, rows], ignore_index=True))


# Writers: one for each job -----------------------------------------------------------------------


def write_intake(month: Month) -> Drafts:
    """檢核結果 for the ministry and for each recipient; before closing also 補正通知."""
    tables, plan, as_of = month.tables, month.plan, month.as_of
    everything = tables.keep(*checklist.TABLES)
    yield draft("檢核結果.xlsx", "檢核結果", checklist.checklist, everything, plan, as_of)
    for who, own in month.packages:
        given = own.keep(*checklist.TABLES), plan, as_of, who.name
        yield for_recipient(who, "檢核結果.xlsx", "檢核結果", checklist.checklist, *given)
    yield from Desk(month.read, tables, month.forms, plan, as_of, month.inbox).papers()
    yield from _letters(correction_letters(tables, plan, as_of, month.packages))


def write_review(month: Month) -> Drafts:
    """審查總表, and a score sheet for each reviewer who still owes scores."""
    tables, plan = month.tables, month.plan
    everything = tables.take(*review_book.TABLES)
    yield draft("審查/審查總表.xlsx", "審查總表", review_book.national_review, everything, plan)
    owed = marks.owed(tables).merge(tables["schools"][["code", "level", "name", "county"]])
    for reviewer, schools in owed.groupby("reviewer", sort=True):
        path, values = f"審查/評分表/審查評分表_{reviewer}.xlsx", score.values(reviewer, schools)
        yield _form(month, path, f"審查評分表（{reviewer}）", "score", reviewer, values)


def write_award(month: Month) -> Drafts:
    """核定與經費表, 核定清冊, 未獲補助, and one review workbook for each recipient."""
    tables, plan = month.tables, month.plan
    final, everything = "decisions" in tables, tables.take(*award_book.TABLES)
    title = "核定與經費表"
    yield draft(f"核定/{title}.xlsx", title, award_book.award_workbook, everything, plan, final)
    yield _form(month, "核定/核定清冊.xlsx", "核定清冊", "award", "本部", award.values(tables["schools"]))
    yield draft("核定/未獲補助.xlsx", "未獲補助", award_book.unfunded, everything, plan)
    for who, own in month.packages:
        given = own.take(*review_book.TABLES), plan, who.county or who.name
        if len(own["schools"]):  # a workshop alone is not reviewed
            yield for_recipient(who, "審查結果.xlsx", "審查結果", review_book.county_review, *given)


def write_letters(month: Month) -> Drafts:
    """核定函 and 未獲補助函 for each recipient, to be edited in Word before they are sent."""
    return _letters(award_letters(month.tables, month.plan, month.as_of, month.packages))


def write_budget(month: Month) -> Drafts:
    """經費編列: 經費編列檢核 for the ministry, budgets to be filled and summaries for each recipient."""
    return budgeting.Desk(month.tables, month.forms, month.plan).papers(month.packages)


def write_payment(month: Month) -> Drafts:
    """請款: checklists and 撥款總覽 for the ministry, papers of payment for each recipient; 開放資料, which has all results."""
    yield from paying.Counter(month.tables, month.forms, month.plan).papers(month.packages)
    yield from _letters(payment_letters(month.tables, month.plan, month.packages))
    yield from opendata.papers(month.tables, month.plan, month.as_of)


def write_tracking(month: Month) -> Drafts:
    """年度追蹤: 繳交追蹤表 for the ministry and each recipient, coach schools, blanks to be filled, 催繳通知 for who owes something."""
    given = month.tables, month.forms, month.plan, month.as_of
    yield from tracking.Desk(*given).papers(month.packages)
    yield from coaching.Desk(*given).papers(month.packages)
    yield from _letters(reminder_letters(month.tables, month.plan, month.as_of, month.packages))


def write_closing(month: Month) -> Drafts:
    """結案: who is closed for the ministry, settlements and letters for each recipient, next year's registers."""
    desk = closing.Desk(month.tables, month.forms, month.plan, month.as_of)
    yield from desk.papers(month.packages)
    yield from _letters(closing_letters(month.tables, month.plan, month.packages))


def _letters(letters: Iterable[Letter]) -> Drafts:
    for letter in letters:
        title = letter.name.removesuffix(".docx")
        made = for_recipient(letter.recipient, letter.name, title, rendered, letter.kind, letter.facts)
        yield replace(made, paper=replace(made.paper, schools=letter.schools, amount=letter.amount))


def _form(
    month: Month, path: str, title: str, form: str, recipient: str, values: Mapping[str, object]
) -> press.Draft:
    """A form that goes out filled with values, to be drawn."""
    return draft(path, title, blank.blank_for, month.forms[form], month.plan, recipient, values)


def _outbox(month: Month) -> Papers:
    """發文清單, and with it the register of what has gone out, to be carried on."""
    entries, plan = month.outbox.entries, month.plan
    if not entries:
        return
    rows = _letter_rows(month)
    apart = [
        {**row, "unit": d.number or None, "stands": d.stands, "new": d.new, "whose": d.whose}
        for row, entry in zip(rows, entries, strict=True)
        for d in entry.differences
    ]
    yield Paper("發文清單.xlsx", outbox_book.outbox(rows, apart, plan, month.as_of), "發文清單")
    if sent := [entry.sent for entry in entries if entry.sent]:
        content = blank.blank(month.forms["dispatched"], plan, recipient="本部", values=dispatch.values(sent))
        yield Paper(dispatch.REGISTER, content, "發文紀錄")


def _letter_rows(month: Month) -> list[dict[str, object]]:
    names = {who.folder: who.name for who in recipients(month.tables, month.plan)}
    return [_letter_row(entry, names) for entry in month.outbox.entries]


def _letter_row(entry: outbox.Entry, names: Mapping[str, str]) -> dict[str, object]:
    new, sent = entry.new, entry.sent
    return {
        "recipient": sent.recipient if sent else names.get(entry.folder, entry.folder),
        "kind": entry.kind, "path": entry.path, "state": str(entry.state), "note": entry.note,
        "schools": new.schools if new else None, "amount": new.amount if new else None,
        "day": sent.day if sent else None, "number": sent.number if sent else "",
        "new_draft": entry.new_draft, "differences": len(entry.differences),
    }  # fmt: skip


def _told(month: Month) -> list[tuple[str, list[str]]]:
    """What a clerk should look at among the papers: (what, which)."""
    lacking = [month.twins.lacking] if month.twins and month.twins.lacking else []
    return [
        *(
            (f"公文{state}", [f"{entry.path}：{entry.note}" for entry in month.outbox.of(state)])
            for state in (State.CHANGED, State.WITHDRAWN, State.EDITED)
        ),
        ("開放格式未寫出", lacking),
    ]


def _with_twins(month: Month, twinned: Twinned | None) -> Month:
    """The month with the twins of its papers, if they were asked for."""
    if not twinned:
        return month
    made = twinned(month.papers)
    return replace(month, papers=(*month.papers, *made.papers), twins=made)


def _stories(month: Month) -> press.Draft:
    given = month.tables.keep(*story.TABLES), month.plan
    return draft("decisions.json", "各校決定之經過", story.told, *given)


def _closing_papers(month: Month, stories: Paper, until: str) -> tuple[Month, bytes]:
    """What every run ends with: the overview page, with it the story of each school, and the manifest."""
    tables, plan, as_of = month.tables, month.plan, month.as_of
    counts = record.counts(month.read, tables)
    page = overview.overview(
        tables,
        plan,
        as_of,
        month.stage,
        month.next_step,
        counts,
        month.papers,
        [*_told(month), *opendata.held_back(tables)],
    )
    papers = (*month.papers, Paper("總覽.html", page.encode(), "總覽"), stories)
    listed = [
        {name: row[name] for name in ("path", "recipient", "kind", "state")} for row in _letter_rows(month)
    ]
    said = month.twins and month.twins.said
    manifest = record.record(
        tables, plan, as_of, until, month.stage, counts, papers, month.outbox, listed, said
    )
    return replace(month, papers=papers), manifest


JOBS = (
    Job("intake", "受理檢核", agenda.no_wait, rules.INTAKE, write_intake, whole=False),
    Job("review", "審查", agenda.until_closing, rules.REVIEW, write_review),
    Job("award", "核定", agenda.until_award, rules.AWARD, write_award),
    Job("letters", "公文", agenda.no_wait, (), write_letters),
    Job("budget", "經費編列", agenda.until_decided, rules.BUDGET, write_budget),
    Job("payment", "請款與撥款", agenda.until_decided, rules.PAYMENT, write_payment),
    Job("track", "年度追蹤", agenda.until_running, rules.TRACKING, write_tracking),
    Job("close", "結案", agenda.until_year_end, rules.CLOSING, write_closing),
)


# Single files, before they are sent, and templates -------------------------------------------------


def check(paths: Sequence[Path], plan: Plan) -> Tables:
    """Check single files as a county would before it sends them; raises CannotRun if none is there.

    Rules that need registers are left out and say so in `rule_reports`.
    """
    return checked(inbox.gather_files(paths, plan), plan)


def checked(came: inbox.Inbox, plan: Plan) -> Tables:
    """What the rules of single files find in what came (see checking.py)."""
    tables = Tables(findings=came.findings).put(files=came.files)
    tables = tables.put(**frames.frames(came.readings, all_forms(plan)))
    tables, reports = rules.run_rules(rules.SINGLE, tables, plan, plan.calendar.call)
    return _with_reports(tables, reports, all_forms(plan), plan)


def left_out(tables: Tables) -> list[str]:
    """The titles of the rules that a check could not run without the ministry's registers."""
    reports = tables["rule_reports"]
    return list(dict.fromkeys(reports.loc[reports["skipped"] != "", "title"]))


def templates(
    out: Path,
    plan: Plan,
    registers: Path | None = None,
    *,
    open_formats: bool = False,
    progress: Progress | None = None,
) -> tuple[list[Paper], Twins | None]:
    """Write the blanks, and with the registers at hand those prefilled for each county; what was written.

    `open_formats` adds an .ods beside each. Raises CannotRun if a register is missing, output.OutputError if `out` holds something else.
    """
    papers = [Paper(name, content, name) for name, content in blank.blanks(plan).items()]
    if registers:
        papers += _prefilled(read(registers, plan, plan.calendar.call))
    with output.reserved(out) as place:
        made = (
            twins.Maker(place.out, place.beside(output.WORKSHOP), progress)(papers) if open_formats else None
        )
        papers += made.papers if made else ()
        place.publish(papers, record.record_of_templates(plan, papers, made and made.said))
    return papers, made


def _prefilled(month: Month) -> Papers:
    if missing := [month.forms[name].title for name in standing.REGISTERS if name not in month.tables]:
        raise CannotRun(f"預填範本缺少清冊「{'」「'.join(missing)}」。")
    schools = standing.known_schools(month.tables, month.plan)
    lists, plans = month.forms["recommendation"], month.forms["application"]
    for county, own in schools[schools["owner"] != "國立"].groupby("county", sort=False):
        content = prefilled.county_list(lists, month.plan, county, own)
        yield Paper(f"縣市/{county}/推薦學校名單.xlsx", content, county)
        for school in own.to_dict("records"):
            name = f"{school['code']}_{school['name']}_{school['level']}.xlsx"
            yield Paper(
                f"縣市/{county}/計畫書/{name}", prefilled.school_plan(plans, month.plan, school), name
            )
    for school in schools[schools["owner"] == "國立"].to_dict("records"):
        name = f"{school['code']}_{school['name']}_{school['level']}.xlsx"
        yield Paper(f"國立學校/{name}", prefilled.school_plan(plans, month.plan, school), name)
