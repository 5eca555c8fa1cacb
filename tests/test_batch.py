"""The main job on the samples, as a clerk runs it."""

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from mlbatch import batch
from mlbatch.stop import CannotRun

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "input_samples"
MONTHS = {
    "2017-09": date(2017, 9, 20),
    "2017-12": date(2017, 12, 15),
    "2018-01": date(2018, 1, 15),
    "2018-02": date(2018, 2, 10),
    "2018-06": date(2018, 6, 30),
}


def hashes(folder):
    """Relative path → sha256 of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The output of each sample month, run once."""
    folder = tmp_path_factory.mktemp("out")
    for month, as_of in MONTHS.items():
        batch.run(SAMPLES / month, folder / month, as_of)
    return folder


def papers(out, month):
    return set(hashes(out / month))


def test_september_checks_and_asks_for_corrections(out):
    found = papers(out, "2017-09")
    assert {"檢核結果.xlsx", "總覽.html", "run.json", "decisions.json"} <= found
    assert any(name.endswith("補正通知.docx") for name in found)
    assert not any(name.startswith(("審查/", "核定/")) for name in found)


def test_december_proposes(out):
    found = papers(out, "2017-12")
    assert {
        "審查/審查總表.xlsx",
        "核定/核定清冊.xlsx",
        "核定/核定與經費表.xlsx",
        "核定/未獲補助.xlsx",
    } <= found
    assert not any(name.startswith("審查/評分表/") for name in found)
    assert not any(name.endswith("補正通知.docx") for name in found)


def test_january_writes_letters_and_the_overview_links_to_every_file(out):
    found = papers(out, "2018-01")
    assert any("核定函" in name for name in found)
    assert any("未獲補助函" in name for name in found)
    page = (out / "2018-01" / "總覽.html").read_text("utf-8")
    from urllib.parse import quote

    assert [name for name in sorted(found - {"總覽.html"}) if f'href="{quote(name)}"' not in page] == []


def test_every_file_row_and_school_has_one_end_and_the_sums_agree(out):
    for month in MONTHS:
        counts = json.loads((out / month / "run.json").read_text("utf-8"))["counts"]
        for ends in counts.values():
            assert sum(number for end, number in ends.items() if end != "合計") == ends["合計"]
        inbox = [path for path in (SAMPLES / month).rglob("*") if path.is_file()]
        assert counts["檔案"]["合計"] == len(inbox)


def test_the_manifest_names_what_went_in_and_what_came_out(out):
    manifest = json.loads((out / "2018-01" / "run.json").read_text("utf-8"))
    found = hashes(out / "2018-01")
    assert {p["path"]: p["sha256"] for p in manifest["outputs"]} == {
        name: digest for name, digest in found.items() if name != "run.json"
    }
    inbox = hashes(SAMPLES / "2018-01")
    assert {f["file"]: f["sha256"] for f in manifest["inputs"] if f["sha256"]}.items() <= inbox.items()


def test_each_recipients_folder_names_no_other_recipients_school(out):
    stories = json.loads((out / "2018-01" / "decisions.json").read_text("utf-8"))["schools"]
    tables = batch.decide(batch.read(SAMPLES / "2018-01", batch.load_plan(), MONTHS["2018-01"])).tables
    schools = tables["schools"]
    assert len(stories) == len(schools)
    own = {}
    for code, name, county, national in schools[["code", "name", "county", "national"]].itertuples(
        index=False
    ):
        own.setdefault(code if national else county, set()).update({code, name})
    everyone = set().union(*own.values())
    where_advisors_serve = set(tables["advisors"]["institution"])  # a plan goes back with its own advisors
    for folder in (out / "2018-01" / "受文者").iterdir():
        key = next(key for key in own if folder.name.endswith(key))
        text = "".join(_text(path) for path in folder.rglob("*") if path.is_file())
        assert own[key] & {word for word in own[key] if word in text}
        others = everyone - own[key] - where_advisors_serve
        assert {word for word in others if word in text} == set()


def _text(path: Path) -> str:
    """All text in a zip of XML parts; what stands in two cells or paragraphs is not run together."""
    import re
    import zipfile

    with zipfile.ZipFile(path) as parts:
        texts = [parts.read(name).decode("utf-8", "ignore") for name in parts.namelist()]
    return "".join(re.sub(r"<[^>]+>", "", re.sub(r"</(?:c|si|w:p)>", "\n", text)) for text in texts)


def run_elsewhere(inbox, out, **environment):
    """Run the command line in another process and environment."""
    command = [
        sys.executable,
        "-m",
        "mlbatch.cli",
        "run",
        str(inbox),
        "--out",
        str(out),
        "--as-of",
        "2018-01-15",
    ]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    return hashes(out)


def test_the_same_inputs_give_the_same_bytes_whatever_the_surroundings(out, tmp_path):
    files = [path for path in (SAMPLES / "2018-01").rglob("*") if path.is_file()]
    random.Random(7).shuffle(files)
    for number, path in enumerate(files):
        copy = tmp_path / "inbox" / path.relative_to(SAMPLES / "2018-01")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        os.utime(copy, (1_000_000_000 + number, 1_000_000_000 + number))
    elsewhere = run_elsewhere(
        tmp_path / "inbox", tmp_path / "out", TZ="America/New_York", LC_ALL="C", PYTHONHASHSEED="4711"
    )
    assert elsewhere == hashes(out / "2018-01")


def test_a_missing_register_stops_with_a_sentence_that_names_it(tmp_path):
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "2017-12", inbox)
    for path in inbox.rglob("*學校名錄.xlsx"):
        path.unlink()
    with pytest.raises(CannotRun, match="「受理檢核」缺少清冊「學校名錄」、「偏遠地區學校名錄」"):
        batch.run(inbox, tmp_path / "out", MONTHS["2017-12"])
    assert not (tmp_path / "out").exists()


def test_the_inbox_is_not_touched_and_holds_no_output(tmp_path):
    with pytest.raises(CannotRun, match="不可放在收件資料夾內"):
        batch.run(SAMPLES / "2017-12", SAMPLES / "2017-12" / "out", MONTHS["2017-12"])
    with pytest.raises(CannotRun, match="找不到收件資料夾"):
        batch.run(tmp_path / "nowhere", tmp_path / "out", MONTHS["2017-12"])


def test_without_scores_the_batch_waits_and_names_the_reviewers(tmp_path):
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "2017-12", inbox)
    shutil.rmtree(inbox / "評分表")
    month = batch.run(inbox, tmp_path / "out", date(2017, 10, 30))
    assert month.waiting.startswith("等候評分：尚有 ")
    assert "R01（" in month.waiting
    sheets = sorted(path.name for path in (tmp_path / "out" / "審查" / "評分表").iterdir())
    assert len(sheets) == len(month.tables["outstanding"])
    assert not (tmp_path / "out" / "核定").exists()


def test_a_waiver_is_printed_in_every_output_that_it_touches_and_in_no_other(out):
    """The sample's waiver for a funded school of 屏東縣 (豁免與裁示)."""
    folder = out / "2018-01"
    naming = {
        name
        for name in papers(out, "2018-01")
        if name != "run.json" and "臺教資(三)字第1060000901號" in words((folder / name).read_bytes())
    }
    assert naming == {
        "總覽.html", "decisions.json", "檢核結果.xlsx", "審查/審查總表.xlsx", "核定/核定與經費表.xlsx",
        "受文者/14_屏東縣/檢核結果.xlsx", "受文者/14_屏東縣/審查結果.xlsx", "受文者/14_屏東縣/核定函.docx",
    }  # fmt: skip
    letter = (folder / "受文者/14_屏東縣/核定函.docx").read_bytes()
    assert "六、" not in words(letter)
    assert "五、上列學校之豁免與裁示：" in words(letter)
    assert "豁免" not in words((folder / "受文者/01_新北市/核定函.docx").read_bytes())


def words(content):
    """Everything written anywhere in a file."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return "".join(re.sub(r"<[^>]+>", "", parts.read(name).decode()) for name in parts.namelist())


def test_february_pays_who_sent_everything_and_reminds_who_did_not(out):
    found = papers(out, "2018-02")
    tables = batch.decide(batch.read(SAMPLES / "2018-02", batch.load_plan(), MONTHS["2018-02"])).tables
    payees = tables["payees"]
    assert {"請款/撥款總覽.xlsx", "請款/檢核表/01_新北市.xlsx"} <= found
    reminded = {name.split("/")[1] for name in found if name.endswith("請款補件通知.docx")}
    transferred = {name.split("/")[1] for name in found if name.endswith("撥款函.docx")}
    assert len(reminded) == payees["remind"].sum() == 6
    assert len(transferred) == (payees["state"] == "可撥款").sum() == 3
    assert not reminded & transferred
    assert not any("17_澎湖縣" in name and name.endswith("領款收據.docx") for name in found)
    owed = {name for name in found if "/修正計畫書/" in name}
    assert len(owed) == (tables["schools"]["revised_state"] == "未收到").sum()
    returned = {name for name in found if "/待修正/" in name}
    schools, counties = tables["schools"], tables["counties"]
    assert (schools["revised_state"] == "待修正").sum() == 2
    faulty = sum((table["budget_state"] == "待修正").sum() for table in (schools, counties))
    assert len(returned) == 2 + faulty == 4
    page = (out / "2018-02" / "總覽.html").read_text("utf-8")
    assert "請款情形：可撥款 3 單位、待補件 3 單位、未送件 3 單位、已撥款 1 單位" in page
    assert "本次撥款" in page
    assert "請款文件未齊備" in page


def test_a_checklist_that_went_out_comes_back_and_gives_the_same_month(out, tmp_path):
    """What the batch wrote can replace what the clerk sent: nothing that was recorded is lost."""
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "2018-02", inbox)
    for path in inbox.glob("請款文件/*/檢核表.xlsx"):
        path.unlink()
    for path in (out / "2018-02" / "請款" / "檢核表").iterdir():
        shutil.copy(path, inbox / path.name)
    plan, as_of = batch.load_plan(), MONTHS["2018-02"]
    before, after = (
        batch.decide(batch.read(folder, plan, as_of)).tables for folder in (SAMPLES / "2018-02", inbox)
    )
    same = [
        "payee",
        "due",
        "received",
        "unsigned",
        "missing",
        "late",
        "gaps",
        "state",
        "why",
        "paid_on",
        "paid",
    ]
    assert before["payees"][same].equals(after["payees"][same])
    held = ["school_code", "paper", "received", "signed", "received_on", "note", "gap"]
    assert before["papers_due"][held].equals(after["papers_due"][held])


def test_without_decisions_payment_waits(tmp_path):
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "2018-02", inbox)
    shutil.rmtree(inbox / "核定")
    month = batch.decide(batch.read(inbox, batch.load_plan(), MONTHS["2018-02"]))
    assert month.done[-1].id == "letters"
    assert "等候本部裁示" in month.waiting
