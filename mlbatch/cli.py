"""The front door (指令): arguments in, exit code out, nothing else.

Exit codes: 0 clean · 1 findings were written (normal), a template must be changed, or verify found a difference ·
2 wrong use · 3 could not run.
What a command needs is imported when it runs, so that `--help`, `--version` and completion answer at once (docs/decisions/0044).
"""

from __future__ import annotations

import gettext
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mlbatch import __version__

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

CLEAN, FOUND, WRONG_USE, CANNOT_RUN = 0, 1, 2, 3
YEAR = 107  # the plan year where none is named
SHOWN = 20  # differences that verify lists
WIDEST = 100  # columns of help


class PathOf(click.Path):
    """A path that becomes a `Path` when it is used; `pathlib` costs what half of click costs."""

    def coerce_path_result(self, value: str) -> Path:
        """The value as a `Path`."""
        from pathlib import Path

        return Path(os.fsdecode(value))


existing_folder = PathOf(exists=True, file_okay=False)
existing_file = PathOf(exists=True, dir_okay=False)
as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="日期",
    help="基準日，西元年-月-日，例如 2017-12-15；當日終了為準。",
)
out_option = click.option(
    "--out",
    type=PathOf(file_okay=False),
    required=True,
    metavar="資料夾",
    help="輸出資料夾。",
)
twins_option = click.option(
    "--twins", is_flag=True, help="另寫出開放格式：可編輯者 ODS、ODT，定稿者 PDF（須有 LibreOffice）。"
)

scheduler_option = click.option(
    "--scheduler",
    default="",
    metavar="位址",
    help="於既有之 Dask 叢集讀檔，例如 tcp://10.0.0.5:8786；serial 為單一程序。未指定則用本機所有核心。",
)
afresh_option = click.option(
    "--afresh", is_flag=True, help="不沿用前次執行所留之讀檔結果與文件，全部重新處理；結果相同。"
)


class PlanYear(click.ParamType):
    """A plan year that is shipped, by its number, or the folder of another."""

    name = "plan"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | Path | None:
        """The number, or the folder; a text that is neither is wrong use."""
        if isinstance(value, str) and not value.isdecimal():
            return existing_folder.convert(value, param, ctx)
        return int(value) if isinstance(value, str) else value


def _plan_option(default: int | None, words: str):
    return click.option(
        "--plan",
        "year",
        type=PlanYear(),
        default=default,
        envvar="MLBATCH_PLAN",
        metavar="年度或資料夾",
        help=words,
    )


plan_option = _plan_option(
    YEAR, f"計畫年度，或計畫檔所在之資料夾；未指定時為 {YEAR}，或環境變數 MLBATCH_PLAN 所指定者。"
)


class InOrder(click.Group):
    """A group whose help lists its commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were declared."""
        return list(self.commands)


@click.group(
    cls=InOrder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST},
    options_metavar="[選項]",
    subcommand_metavar="指令 …",
)
@click.version_option(__version__, prog_name="mlbatch", message="mlbatch %(version)s 版", help="顯示版本。")
def commands() -> None:
    """國中小行動學習推動計畫之補助作業，每年度一份計畫檔（--plan）。

    每月將收到之檔案放入一個資料夾，執行 run，再開啟輸出資料夾內之「總覽.html」。
    """


@commands.command(
    "run", options_metavar="[選項]", short_help="依月份辦理應辦事項，自檢核、審查、核定至請款、追蹤、結案。"
)
@click.argument("folder", type=existing_folder, metavar="收件資料夾")
@out_option
@as_of_option
@plan_option
@twins_option
@scheduler_option
@afresh_option
def run_all(folder: Path, out: Path, as_of: datetime, **how: object) -> None:
    """讀取收件資料夾，依計畫時程與收件情形辦理應辦事項，文件寫入輸出資料夾。

    收件資料夾不會被更動；輸出資料夾若有前次結果，整份更新。
    """
    _run(folder, out, as_of.date(), **how)


def _job_command(job: str, title: str, words: str) -> None:
    @click.argument("folder", type=existing_folder, metavar="收件資料夾")
    @out_option
    @as_of_option
    @plan_option
    @twins_option
    @scheduler_option
    @afresh_option
    def command(folder: Path, out: Path, as_of: datetime, **how: object) -> None:
        _run(folder, out, as_of.date(), job, **how)

    commands.command(job, options_metavar="[選項]", help=words, short_help=title)(command)


_job_command("intake", "只做受理檢核。", "檢核收到之推薦學校名單與計畫書，寫出檢核結果與補正通知。")
_job_command("review", "做到審查為止。", "受理檢核後分派審查委員、寫出評分表、收回評分並排序。")
_job_command("award", "做到核定為止。", "排序後計算班級數與經費，寫出核定與經費表及核定清冊。")
_job_command("letters", "做到公文為止。", "核定後擬具各縣市與國立學校之公文。")
_job_command(
    "budget", "做到經費編列為止。", "裁示後寫出預填之經費申請表，核對送回者，寫出經費編列檢核與縣市彙整表。"
)
_job_command("payment", "做到請款與撥款為止。", "裁示後寫出領款收據、請款文件檢核表、補件通知與撥款總覽。")
_job_command("track", "做到年度追蹤為止。", "計畫執行期間每月寫出繳交追蹤表、待填之執行紀錄簿與催繳通知。")
_job_command(
    "close", "做到結案為止。", "自結案月起寫出預填之經費收支結算表、結案總表、不得申請名單與下年度清冊。"
)


@commands.command(options_metavar="[選項]", short_help="寫出空白範本；有清冊時寫出各縣市預填範本。")
@out_option
@click.option(
    "--registers", type=existing_folder, metavar="資料夾", help="清冊所在資料夾；指定時另寫出各縣市預填範本。"
)
@plan_option
@click.option("--twins", is_flag=True, help="每份範本另寫出 ODS（須有 LibreOffice）。")
def templates(out: Path, registers: Path | None, year: int | Path, twins: bool) -> None:
    """寫出本年度各表件之空白範本。

    指定清冊資料夾時，另依學校名錄等清冊寫出各縣市之預填範本。
    """
    batch = _batch()
    with _told(), _progress() as progress:
        papers, made = batch.templates(
            out, batch.load_plan(year), registers, open_formats=twins, progress=progress
        )
    click.echo(f"已寫出 {len(papers)} 份範本：{out}")
    for line in _twins(made):
        click.echo(line)
    click.echo("下一步：將範本寄送填表單位。")


@commands.command(options_metavar="[選項]", short_help="送件前檢核單一檔案。")
@click.argument("paths", nargs=-1, required=True, type=existing_file, metavar="檔案…")
@plan_option
def check(paths: tuple[Path, ...], year: int | Path) -> None:
    """檢核一個或數個檔案，列出每一處應補正之儲存格。

    須對照清冊之規則（例如學校名錄）於送件後由本部檢核。
    """
    from mlbatch import checking
    from mlbatch.plan import load_plan

    with _told():
        checked = checking.check(paths, load_plan(year))
    for finding in sorted(checked.findings, key=lambda finding: finding.order):
        at = finding.at
        place = "　".join(part for part in (at.file, at.sheet, at.cell) if part)
        click.echo(f"［{finding.kind.severity}］{place}　{finding.sentence}")
        click.echo(f"　　　　{finding.remedy}（{finding.kind.cite}；{finding.kind.id}）")
    click.echo(f"檢核 {len(paths)} 份檔案，發現 {len(checked.findings)} 件。")
    if checked.left_out:
        click.echo(f"未檢核（須對照本部清冊）：{'、'.join(checked.left_out)}。")
    sys.exit(FOUND if checked.findings else CLEAN)


@commands.command(
    "letters-check", options_metavar="[選項]", short_help="檢核公文範本：錯誤之欄位、試填、未使用之欄位。"
)
@click.argument("folder", type=existing_folder, required=False, metavar="[範本資料夾]")
def check_letters(folder: Path | None) -> None:
    """檢核公文範本（.docx）：逐一開啟，指出沒有的欄位並建議相近者，再各試填一份。

    未指定資料夾時，檢核執行時採用之範本（templates/letters）。不寫出任何檔案。
    未使用之欄位僅供參考，不算有誤。結束碼：0 均可使用；1 有應修正者；3 無法執行。
    """
    from mlbatch.letters import proof

    with _told():
        found = proof.proofs(folder)
    for sentence in proof.sentences(found):
        click.echo(sentence)
    sys.exit(FOUND if any(one.faults for one in found) else CLEAN)


@commands.command(options_metavar="[選項]", short_help="比較不同設定（預算、基準、權重等）之結果。")
@click.argument("folder", type=existing_folder, metavar="收件資料夾")
@click.argument("settings", nargs=-1, required=True, type=existing_file, metavar="辦理設定…")
@out_option
@as_of_option
@plan_option
def compare(folder: Path, settings: tuple[Path, ...], out: Path, as_of: datetime, year: int | Path) -> None:
    """以一份或數份「辦理設定」為情境，與現行設定並列比較，寫出「情境比較.xlsx」。

    各情境列出各校與各縣市之增減、新增與落選之學校，以及每校在何種預算、何種每班經費下核定或落選。
    比較批次之建議，不含本部裁示；須已完成排序。
    """
    from mlbatch import scenario

    with _told():
        found = scenario.compare(folder, settings, out, as_of.date(), year=year)
    click.echo(f"已比較現行設定與 {len(found) - 1} 個情境：{out / '情境比較.xlsx'}")
    click.echo("下一步：請看「摘要」與「變動」；「損益點」列出每校核定所需之預算。")


@commands.command(
    "plans", options_metavar="[選項]", short_help="比較兩個年度之計畫：參數、表件與條次之差異。"
)
@click.option(
    "--from", "before", type=PlanYear(), default=YEAR, metavar="年度或資料夾",
    help=f"前一年度，或其計畫檔所在之資料夾；未指定時為 {YEAR}。",
)  # fmt: skip
@click.option(
    "--to",
    "now",
    type=PlanYear(),
    required=True,
    metavar="年度或資料夾",
    help="新年度，或其計畫檔所在之資料夾。",
)
@out_option
def plan_years(before: int | Path, now: int | Path, out: Path) -> None:
    """比較兩個年度之計畫，寫出「年度計畫比較.xlsx」。

    列出每一參數之舊值與新值、依據、屬計畫規定或本部裁量，以及對表件之影響（選單、範圍、說明、期限）。
    計畫檔有誤（缺少項目、引用不存在之條次、日期不在該年度等）時說明原因，不寫出。
    """
    from mlbatch import plans

    with _told():
        values, forms, clauses = plans.compare(before, now, out)
    click.echo(
        f"參數差異 {len(values)} 處、表件差異 {len(forms)} 處、條次差異 {len(clauses)} 條：{out / '年度計畫比較.xlsx'}"
    )
    if gone := [row["cite"] for row in clauses if row["cited"]]:
        click.echo(f"注意：程式仍引用已刪除之條次：{'、'.join(gone)}，請洽維護人員。")
    click.echo("下一步：核對「參數」逐列之新值；無誤後以 --plan 執行 templates 產生新年度範本。")


@commands.command(options_metavar="[選項]", short_help="核發公文：填發文日期與字號，寫出發文紀錄。")
@click.argument("folder", type=PathOf(), metavar="輸出資料夾")
@click.option(
    "--to",
    type=PathOf(file_okay=False),
    required=True,
    metavar="資料夾",
    help="核發之公文與發文紀錄寫入此資料夾；已有之發文紀錄續填。",
)
@click.option(
    "--recipient", "recipients", multiple=True, metavar="受文者", help="只核發此受文者，可重複指定。"
)
@click.option(
    "--kind", "kinds", multiple=True, metavar="種類", help="只核發此種公文，例如 核定函，可重複指定。"
)
@click.option("--all", "everything", is_flag=True, help="核發所有尚未核發之公文。")
@click.option(
    "--number", default="", metavar="文號", help=f"發文字號，例如 {YEAR}0001234；公文上已填者不變。"
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="日期",
    help="發文日期，西元年-月-日；公文上已填者不變。",
)
@click.option("--despite-changes", is_flag=True, help="「內容已變更」之公文仍照現稿核發。")
@plan_option
@click.option("--twins", is_flag=True, help="每件核發之公文另寫出 PDF（須有 LibreOffice）。")
def release(
    folder: Path,
    to: Path,
    recipients: tuple[str, ...],
    kinds: tuple[str, ...],
    everything: bool,
    number: str,
    day: datetime | None,
    despite_changes: bool,
    year: int | Path,
    twins: bool,
) -> None:
    """核發輸出資料夾內之公文：於空白處填發文日期與發文字號，寫入 --to 之資料夾，並續填「發文紀錄.xlsx」。

    以 --recipient、--kind 指定公文，或以 --all 核發所有尚未核發者。輸出資料夾不會被更動。
    請將「發文紀錄.xlsx」放入收件資料夾（取代舊檔）；再次執行 run 時，已核發之公文不再更動。
    結束碼：0 已核發；2 用法錯誤；3 無法核發（未寫出任何公文）。
    """
    if not (recipients or kinds or everything):
        raise click.UsageError("請以 --recipient、--kind 或 --all 指定要核發之公文。")
    from mlbatch import release as releasing
    from mlbatch import roc

    choice = releasing.Choice(recipients, kinds, everything, despite_changes)
    with _told(), _progress() as progress:
        plan = _batch().load_plan(year)
        sent, made = releasing.release(
            folder,
            to,
            choice,
            plan,
            number=number,
            day=day and day.date(),
            open_formats=twins,
            progress=progress,
        )
    for one in sent:
        click.echo(f"{one.recipient}　{one.kind}　{roc.long(one.day)}　{one.number}")
    click.echo(f"已核發 {len(sent)} 件：{to}")
    for line in _twins(made):
        click.echo(line)
    click.echo("下一步：寄發後，將「發文紀錄.xlsx」放入收件資料夾（取代舊檔），再執行 run。")


@commands.command(options_metavar="[選項]", short_help="說明某校之結果與理由。")
@click.argument("folder", type=existing_folder, metavar="輸出資料夾")
@click.argument("school", metavar="學校")
def explain(folder: Path, school: str) -> None:
    """說明一校自送件至核定之經過：每一步之條次與算式。

    學校填代碼、「代碼-學制」或校名。
    """
    from mlbatch.pages import telling

    with _told():
        chosen = telling.find(folder, school)
    click.echo(telling.tell(chosen), nl=False)


@commands.command(options_metavar="[選項]", short_help="核對輸出是否完整、未經變更，並可重新推算。")
@click.argument("folder", type=PathOf(), metavar="輸出資料夾")
@click.option(
    "--inbox", type=existing_folder, metavar="資料夾", help="產出時之收件資料夾；指定時整月重新推算並比對。"
)
@_plan_option(None, "重新推算所用之計畫年度或計畫檔資料夾；未指定時為 run.json 所載之年度。")
def verify(folder: Path, inbox: Path | None, year: int | Path | None) -> None:
    """核對輸出資料夾之每一份檔案與產出時是否相同。

    指定收件資料夾時，另依 run.json 所載之基準日與計畫重新推算整月，指出最先不同之檔案與儲存格。
    經手改之公文會列出，不視為損壞。
    不寫出任何檔案。結束碼：0 相同（或僅公文經手改）；1 不同；3 無法執行。
    """
    from mlbatch import verify as verifying

    with _told(), _progress() as progress:
        verdict = verifying.verify(folder, inbox, progress, year)
    for sentence in (*verdict.differs[:SHOWN], *verdict.edited, *verdict.notes):
        click.echo(sentence)
    if len(verdict.differs) > SHOWN:
        click.echo(f"另有 {len(verdict.differs) - SHOWN} 件不同。")
    if not verdict.differs:
        again = "，並與重新推算之結果逐位元相同" if verdict.derived else ""
        whole = (
            f"{verdict.files} 份檔案均"
            if not verdict.edited
            else f"除上列 {len(verdict.edited)} 件公文外，檔案均"
        )
        click.echo(f"{whole}與 run.json 所載相同{again}。")
    sys.exit(FOUND if verdict.differs else CLEAN)


def _run(folder: Path, out: Path, as_of: date, until: str = "", twins: bool = False, **how: object) -> None:
    from mlbatch import children, roc

    children.ahead()
    batch = _batch()
    with _told(), _progress() as progress:
        month = batch.run(folder, out, as_of, until=until, progress=progress, open_formats=twins, **how)
    files, schools = month.tables["files"], month.tables["schools"]
    click.echo(f"基準日 {roc.long(as_of)}：{len(files)} 份檔案、{len(schools)} 校。{month.stage}")
    click.echo(f"檢核發現 {len(month.tables.findings)} 件；寫出 {len(month.papers)} 份文件。")
    click.echo(f"下一步：{month.next_step}")
    for line in (*_letters(month), *_twins(month.twins)):
        click.echo(line)
    click.echo(f"總覽：{out / '總覽.html'}")
    sys.exit(FOUND if month.tables.findings else CLEAN)


def _letters(month):
    """What became of the letters: a line for all, and one for drafts that are due no more."""
    if counts := month.outbox.counts():
        yield f"公文 {len(month.outbox.entries)} 件：{'、'.join(f'{s} {n}' for s, n in counts.items())}。"
    if gone := month.outbox.withdrawn:
        more = f"等 {len(gone)} 件" if len(gone) > 1 else ""
        yield f"本次已無之草稿（未經手改）已移除：「{gone[0]}」{more}。"


def _twins(made):
    """What there is in open formats, and plainly what was left out."""
    if made and made.papers:
        yield f"開放格式：{made.made}（{made.program}）。"
    if made and made.lacking:
        yield f"開放格式：{made.lacking}其餘文件不受影響。"


def _batch():
    """The batch, imported on demand."""
    from mlbatch import batch

    return batch


@contextmanager
def _told():
    """Turn what the batch or the system cannot do into one sentence and exit code 3, our own defects as well."""
    from mlbatch.stop import CannotRun, reason

    try:
        yield
    except CannotRun as problem:
        click.echo(f"無法執行：{problem}", err=True)
        sys.exit(CANNOT_RUN)
    except OSError as problem:
        where = f"「{problem.filename}」" if problem.filename else "檔案"
        click.echo(f"無法執行：{where}無法讀寫（{reason(problem)}），請排除後重新執行。", err=True)
        sys.exit(CANNOT_RUN)
    except Exception as problem:
        import traceback

        traceback.print_exc()
        click.echo(
            f"無法執行：程式發生錯誤（{type(problem).__name__}），請將以上訊息送交維護人員。", err=True
        )
        sys.exit(CANNOT_RUN)


@contextmanager
def _progress():
    """A progress bar on a terminal; silence where the output goes to a file."""
    if not sys.stderr.isatty():
        yield None
        return
    bars: dict[str, object] = {}

    def show(what: str, done: int, of: int) -> None:
        if what not in bars:
            bars[what] = click.progressbar(length=of, label=what, file=sys.stderr)
        bars[what].update(done - bars[what].pos)
        if done == of:
            bars[what].render_finish()

    yield show


def speak_chinese() -> None:
    """Let click speak Traditional Chinese, whatever the system's language."""
    os.environ["LANGUAGE"] = "zh_TW"
    gettext.bindtextdomain("messages", os.path.join(os.path.dirname(__file__), "locale"))


def _width() -> int:
    """How wide help is written: as click finds it, without `shutil`, which costs as much as all of this module."""
    try:
        columns = int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size(sys.__stdout__.fileno()).columns
    except (ValueError, AttributeError, OSError):
        columns = 80
    return max(min(columns, WIDEST) - 2, 50)


def main() -> None:
    """Run the command line."""
    speak_chinese()
    commands.context_settings["terminal_width"] = _width()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    commands(prog_name="mlbatch")


if __name__ == "__main__":
    main()
