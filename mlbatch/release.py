"""Letters go out (核發): copies with number and date, and the register that says so.

The output itself is not touched. The copies and the register 發文紀錄 are written into a folder that
the user names; the register goes into the inbox of later months, so that the next run knows what
went out and the output stays a function of the inbox (docs/decisions/0023). Everything is
prepared in memory and refused as a whole; each file comes into place in one step, the register last.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mlbatch import dispatch, outbox, output, published, twins
from mlbatch.forms import all_forms, blank, frames, inbox
from mlbatch.letters.fields import LetterError
from mlbatch.letters.sending import NUMBER, Filled, filled
from mlbatch.outbox import Found, Sent, State, spoken
from mlbatch.output import Paper
from mlbatch.plan import Plan
from mlbatch.published import What
from mlbatch.stop import CannotRun
from mlbatch.tables import Tables
from mlbatch.twins import Progress, Twins
from mlbatch.wording import wording

LINES = ("發文日期：", "發文字號：")
PART = ".mlbatch-part"  # what a file is called until it is whole


@dataclass(frozen=True)
class Choice:
    """Which letters: recipients (name or folder), kinds, or all that have not gone out.

    `changed` lets letters go out though the facts changed since they were edited.
    """

    recipients: Sequence[str] = ()
    kinds: Sequence[str] = ()
    everything: bool = False
    changed: bool = False

    def takes(self, letter: dict) -> bool:
        """Whether a letter of the manifest is among them."""
        folder = letter["path"].split("/")[1]
        names = (letter["recipient"], folder, folder.partition("_")[2])
        return (not self.recipients or any(name in self.recipients for name in names)) and (
            not self.kinds or letter["kind"] in self.kinds
        )


def release(
    out: Path,
    to: Path,
    choice: Choice,
    plan: Plan,
    *,
    number: str = "",
    day: date | None = None,
    open_formats: bool = False,
    progress: Progress | None = None,
) -> tuple[list[Sent], Twins | None]:
    """Write the chosen letters of the output `out` into `to`, number and date filled in; what went out.

    `open_formats` adds a PDF of each, made from the letter as it goes out. Raises CannotRun, before anything is written, for an output that is not whole, a letter that
    cannot be filled in or that went out before, and a number or date that is none.
    """
    if to.resolve().is_relative_to(out.resolve()) or out.resolve().is_relative_to(to.resolve()):
        raise CannotRun("核發資料夾與輸出資料夾不可互在其中，請另指定 --to。")
    if (manifest := published.manifest(out)) is None:
        raise CannotRun(f"「{out}」沒有完整之 run.json，不是本程式之輸出；若前次執行中斷，請重新執行。")
    if (year := manifest["plan"]["year"]) != plan.year:
        raise CannotRun(
            f"「{out}」為 {year} 年度之輸出，不是 {plan.year} 年度；請以 --plan 指定該年度之計畫。"
        )
    number = _checked(number, plan)
    with output.reserved(out) as place:
        record = _whole(place.out)
        before = _before(place.out, to, plan)
        stood = outbox.former(place.out)
        letters = _chosen(record, choice, before, stood)
        made = [_made(letter, stood[letter["path"]], day, number) for letter in letters]
        _refuse_numbers([sent for sent, _ in made], before.values())
        register = {**before, **{sent.path: sent for sent, _ in made}}
        copies = {sent.path: one.content for sent, one in made}
        shown = _shown(place, copies, progress) if open_formats else None
        copies |= {paper.path: paper.content for paper in shown.papers} if shown else {}
        _refuse_others(to, copies)
        copies[dispatch.REGISTER] = blank.blank(
            all_forms(plan)["dispatched"], plan, recipient="本部", values=dispatch.values(register.values())
        )
        for path, content in copies.items():
            _put(to / path, content)
    return [sent for sent, _ in made], shown


def _shown(place: output.Place, copies: Mapping[str, bytes], progress: Progress | None) -> Twins:
    """The PDF of each letter that goes out."""
    papers = [Paper(path, content, outbox.kind_of(path)) for path, content in copies.items()]
    return twins.Maker(None, place.beside(output.WORKSHOP), progress, final=True)(papers)


def _checked(number: str, plan: Plan) -> str:
    """The whole number: ten digits get the office's prefix."""
    whole = number if not number or "字第" in number else f"{plan.office.number_prefix}{number}號"
    if whole and not NUMBER.fullmatch(whole):
        raise CannotRun(
            f"「{number}」不是文號：字第之後為十碼數字，可加一英文字母，例如 {plan.year}0001234。"
        )
    return whole


def _whole(out: Path) -> dict:
    """The manifest of an output that is as it was published, but for letters that a hand edited."""
    record = published.manifest(out)
    if damaged := [fault for fault in published.faults(out, record) if not fault.what.by_hand]:
        first = damaged[0]
        words = "缺少" if first.what is What.MISSING else str(first.what)
        raise CannotRun(f"輸出資料夾「{out}」不完整：「{first.path}」{words}；請重新執行 run 後再核發。")
    return record


def _before(out: Path, to: Path, plan: Plan) -> dict[str, Sent]:
    """What has gone out, as the registers in the output and in the folder of releases say."""
    found: dict[str, Sent] = {}
    for path in (out / dispatch.REGISTER, to / dispatch.REGISTER):
        if path.exists():
            found |= dispatch.sent(_register(path, plan), date.max)
    return found


def _register(path: Path, plan: Plan) -> Tables:
    came = inbox.gather_files([path], plan)
    tables = Tables().put(**frames.frames(came.readings, all_forms(plan)))
    if "dispatched" not in tables:
        raise CannotRun(f"「{path}」不是發文紀錄，或無法讀取，請復原後再核發。")
    return tables


def _chosen(record: dict, choice: Choice, before: dict[str, Sent], stood: Mapping[str, Found]) -> list[dict]:
    """The letters to release. Raises CannotRun if one of them cannot go out, or if there is none.

    Among all are only those that bear a number: a receipt that the recipient fills in is an enclosure.
    """
    letters = [letter for letter in record.get("letters", ()) if choice.takes(letter)]
    if choice.everything:
        fit = (one for one in letters if one["path"] not in before and one["state"] != State.WITHDRAWN)
        letters = [one for one in fit if one["path"] in stood and _numbered(stood[one["path"]])]
    if not letters:
        raise CannotRun("沒有符合之公文可核發，請核對「發文清單」之受文者與公文種類。")
    if faults := list(_unfit(letters, choice, before)):
        raise CannotRun("\n".join(faults))
    return letters


def _numbered(found: Found) -> bool:
    return any(unit.startswith(LINES) for unit in wording(found.content).units)


def _unfit(letters: Iterable[dict], choice: Choice, before: dict[str, Sent]) -> Iterator[str]:
    for letter in letters:
        path = letter["path"]
        if path in before:
            yield f"「{path}」已於發文紀錄（{before[path].number}），不重複核發。"
        elif letter["state"] == State.WITHDRAWN:
            yield f"「{path}」本次已無此函，不予核發。"
        elif letter["state"] == State.CHANGED and not choice.changed:
            yield (
                f"「{path}」內容已變更，請參照「公文新稿」更新並重新執行後再核發；"
                "確定照現稿發文者，加 --despite-changes。"
            )


def _made(letter: dict, stands: Found, day: date | None, number: str) -> tuple[Sent, Filled]:
    """One letter as it goes out, and its row of the register."""
    path = letter["path"]
    try:
        one = filled(stands.content, day, number)
    except LetterError as problem:
        raise CannotRun(f"「{path}」{problem}，未核發任何公文。") from None
    digest = hashlib.sha256(one.content).hexdigest()
    sent = Sent(
        path, letter["recipient"], letter["kind"], one.day, one.number, digest, spoken(stands.base["words"])
    )
    return replace(sent, units=wording(stands.content).units), one


def _refuse_numbers(made: Sequence[Sent], before: Iterable[Sent]) -> None:
    """One number stands for one kind of letter of one day, to however many recipients."""
    known: dict[str, Sent] = {}
    for sent in (*before, *made):
        first = known.setdefault(sent.number, sent)
        if (first.kind, first.day) != (sent.kind, sent.day):
            raise CannotRun(f"文號「{sent.number}」已用於「{first.path}」，「{sent.path}」請另取號。")


def _refuse_others(to: Path, copies: dict[str, bytes]) -> None:
    for path, content in copies.items():
        if (to / path).exists() and (to / path).read_bytes() != content:
            raise CannotRun(f"「{to / path}」已存在且內容不同，不予覆蓋；請移開或另指定 --to。")


def _put(path: Path, content: bytes) -> None:
    """Write one file whole, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
