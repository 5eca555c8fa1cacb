"""Whether a published month is still what it was, and what it should be (核對).

First every file is held against its sha256 in the manifest. With the inbox at hand the whole month
is derived again in memory, from the as-of date, the plan year and the job that the manifest names;
the first file that differs is named, and the place in it. Twins in open formats are taken as they
stand, so that it needs no LibreOffice. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mlbatch import batch, difference, outbox, published, twins
from mlbatch.outbox import Found
from mlbatch.plan import Plan
from mlbatch.published import MANIFEST, Fault
from mlbatch.stop import CannotRun
from mlbatch.tables import Tables

TELLING = ("發文清單.xlsx", "總覽.html")  # they say what became of each letter
SURROUNDINGS = {"program": "程式版本", "plan": "計畫參數", "templates": "公文範本"}


@dataclass(frozen=True)
class Verdict:
    """What verifying found. `files` counts what the manifest names, `derived` says whether the
    month was derived again; `differs` are sentences, `notes` explain them. No sentence: the same.
    """

    files: int
    derived: bool
    differs: tuple[str, ...]
    notes: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()  # letters that a hand was at since: a draft is made to be edited


def verify(
    out: Path,
    folder: Path | None = None,
    progress: batch.Progress | None = None,
    named: int | Path | None = None,
) -> Verdict:
    """Verify the published folder `out`, with the inbox `folder` from its sources.

    `named` is the plan, or its folder; without it, the year that the manifest names. Raises CannotRun if `out`
    is no output of this program, or if the month cannot be derived.
    """
    record = _manifest(out)
    faults = published.faults(out, record)
    differs = tuple(f"「{fault.path}」{fault.what}。" for fault in faults if not fault.what.by_hand)
    edited = tuple(
        f"公文「{fault.path}」於產出後{fault.what}，不是損壞。" for fault in faults if fault.what.by_hand
    )
    if folder is None:
        return Verdict(len(record["outputs"]), False, differs, (), edited)
    if "as_of" not in record:
        raise CannotRun(f"「{out}」為空白範本，沒有收件可重新推算；不指定 --inbox 即可核對檔案。")
    month = batch.read(folder, _plan(record, named), _as_of(record), progress)
    if changed := tuple(_inputs(record, month.tables)):
        return Verdict(len(record["outputs"]), False, differs + changed, (), edited)
    twinned = twins.Recorded(out, record) if "twins" in record else None
    stood = _stood(out, record, faults)
    month, derived = batch.derive(month, record.get("until", ""), progress, stood, twinned)
    manifest = published.parsed(derived)
    unknown = _unknown(record, faults)
    again = tuple(_first(out, record, month, manifest, faults, unknown | _damaged_twins(record, faults)))
    notes = (*_notes(record, manifest), *_not_derived(unknown), *_twins(month))
    return Verdict(len(record["outputs"]), True, differs + again, notes, edited)


def _stood(out: Path, record: dict, faults: list[Fault]) -> dict[str, Found]:
    """The letters from which the output was settled: those that are as they were published."""
    damaged = {fault.path for fault in faults}
    sound = [said for said in record["outputs"] if said["path"] not in damaged]
    return outbox.former(out, {**record, "outputs": sound})


def _unknown(record: dict, faults: list[Fault]) -> set[str]:
    """What cannot be derived again: letters that a hand had edited before they were published, and
    has again since, and the files that tell of them."""
    said = {paper["path"]: paper for paper in record["outputs"]}
    letters = {letter["path"]: letter["state"] for letter in record.get("letters", ())}
    found = {
        fault.path
        for fault in faults
        if fault.path in letters
        and (published.kept(said[fault.path]) or letters[fault.path] != outbox.State.DRAFT)
    }
    return {*found, *map(outbox.new_draft, found), *TELLING} if found else set()


def _not_derived(unknown: set[str]) -> Iterator[str]:
    if unknown:
        yield "公文於前次執行前已有手改，之後又有變動；該公文、發文清單與總覽未重新推算，僅核對檔案。"


def _damaged_twins(record: dict, faults: list[Fault]) -> set[str]:
    """Twins that are told already, and of which no other bytes are known."""
    twins_of = {paper["path"] for paper in record["outputs"] if "twin_of" in paper}
    return {fault.path for fault in faults} & twins_of


def _twins(month: batch.Month) -> Iterator[str]:
    if month.twins and month.twins.papers:
        yield f"開放格式（{month.twins.made}）依產出時之雜湊核對，未重新轉檔。"


def _manifest(out: Path) -> dict:
    if (record := published.manifest(out)) is None:
        raise CannotRun(f"「{out}」沒有完整之 {MANIFEST}，不是本程式之輸出；若前次執行中斷，請重新執行。")
    return record


def _plan(record: dict, named: int | Path | None) -> Plan:
    """The plan of the year that the manifest names."""
    year = record["plan"]["year"]
    plan = batch.load_plan(year if named is None else named)
    if plan.year != year:
        raise CannotRun(f"輸出為 {year} 年度，不是 {plan.year} 年度；請以 --plan 指定該年度之計畫。")
    return plan


def _as_of(record: dict) -> date:
    return date.fromisoformat(record["as_of"])


def _inputs(record: dict, came: Tables) -> Iterator[str]:
    """What came in otherwise than the manifest says, by file."""
    said = {row["file"]: row["sha256"] for row in record["inputs"]}
    now = dict(zip(came["files"]["file"], came["files"]["sha256"], strict=True))
    for file in sorted(said.keys() | now.keys()):
        if file not in now:
            yield f"收件「{file}」缺少，無從重新推算。"
        elif file not in said:
            yield f"收件「{file}」為產出後新增，未重新推算。"
        elif said[file] != now[file]:
            yield f"收件「{file}」與產出時不同，未重新推算。"


def _first(
    out: Path, record: dict, month: batch.Month, manifest: dict, faults: list[Fault], unknown: set[str]
) -> Iterator[str]:
    """The first file that differs from what was derived again, and where."""
    derived = {paper.path: paper.content for paper in month.papers}
    said = {paper["path"] for paper in record["outputs"]}
    known = {fault.path for fault in faults}
    by_hand = {fault.path for fault in faults if fault.what.by_hand}
    for path in sorted((derived.keys() | said) - by_hand - unknown):
        if path not in derived:
            yield f"重新推算後沒有「{path}」。"
            return
        if path not in said:
            yield f"重新推算後多出「{path}」。"
            return
        content = _content(out / path)
        if content is not None and (where := difference.first(path, content, derived[path])):
            yield f"重新推算後，「{path}」不同：{where}。"
            return
        if content is None and path not in known:
            yield f"「{path}」無法讀取。"
            return
    now, then = _comparable(manifest, unknown), _comparable(record, unknown)
    if key := next((key for key in now if key not in SURROUNDINGS and then.get(key) != now[key]), ""):
        yield f"重新推算後，「{MANIFEST}」不同：{key}。"


def _comparable(manifest: dict, unknown: set[str]) -> dict:
    """A manifest without what it says of files that cannot be derived again."""
    lists = {
        key: [row for row in manifest.get(key, ()) if row["path"] not in unknown]
        for key in ("letters", "outputs")
    }
    return {**manifest, **lists}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _notes(record: dict, manifest: dict) -> Iterator[str]:
    """By what else than then the month was judged now."""
    for key, title in SURROUNDINGS.items():
        if record.get(key) != manifest[key]:
            yield f"{title}與產出時不同。"
