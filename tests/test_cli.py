"""The front door: words in Traditional Chinese, exit codes by kind."""

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent.parent / "input_samples"


def mlbatch(*arguments):
    """Run the command line as a user does."""
    command = [sys.executable, "-m", "mlbatch.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_help_is_chinese_and_needs_no_pandas():
    done = mlbatch("--help")
    assert done.returncode == 0
    assert "用法：" in done.stdout
    for word in ("Usage", "Options", "Show", "Commands"):
        assert word not in done.stdout
    probe = "import sys, mlbatch.cli; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True).stdout == "False\n"


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "intake",
        "review",
        "award",
        "letters",
        "budget",
        "payment",
        "templates",
        "check",
        "letters-check",
        "compare",
        "plans",
        "explain",
        "verify",
        "release",
    ],
)
def test_every_command_has_help_in_chinese(command):
    done = mlbatch(command, "--help")
    assert done.returncode == 0
    assert "顯示說明。" in done.stdout
    assert "Show this" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], "沒有 'rum' 這個指令"),
        (["run"], "缺少引數 '收件資料夾'"),
        (["run", "nowhere", "--out", "x", "--as-of", "2018-01-15"], "不存在"),
        (["run", ".", "--out", "x", "--as-of", "1070115"], "不是日期，請填西元年-月-日"),
        (["run", ".", "--out", "x"], "缺少選項 '--as-of'"),
        (["check"], "缺少引數 '檔案…'"),
    ],
)
def test_wrong_use_is_2_and_says_why(arguments, words):
    done = mlbatch(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_what_cannot_run_is_3_in_one_sentence(tmp_path):
    (tmp_path / "inbox").mkdir()
    done = mlbatch("run", tmp_path / "inbox", "--out", tmp_path / "out", "--as-of", "2017-09-20")
    assert done.returncode == 3
    assert done.stderr.startswith("無法執行：「受理檢核」缺少清冊「學校名錄」")
    assert len(done.stderr.splitlines()) == 1


def test_what_the_system_refuses_is_3_in_one_sentence(tmp_path):
    refused = "import builtins, errno; from mlbatch import batch, cli\n"
    refused += "def read(*_, **__): raise OSError(errno.ENOSPC, 'full', '甲.toml')\n"
    refused += "batch.load_plan = read; cli.main()"
    job = ["run", tmp_path, "--out", tmp_path.parent / "out", "--as-of", "2017-09-20"]
    command = [sys.executable, "-c", refused, *map(str, job)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 3
    assert done.stderr == "無法執行：「甲.toml」無法讀寫（磁碟空間不足），請排除後重新執行。\n"


def test_a_month_ends_by_saying_what_to_do_next(tmp_path):
    done = mlbatch("run", SAMPLES / "2018-01", "--out", tmp_path / "out", "--as-of", "2018-01-15")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("基準日 民國107年1月15日：")
    assert lines[2].startswith("下一步：請核對「核定與經費表」")
    assert lines[-1] == f"總覽：{tmp_path / 'out' / '總覽.html'}"


def test_a_job_goes_only_as_far_as_it_says(tmp_path):
    done = mlbatch("intake", SAMPLES / "2018-01", "--out", tmp_path / "out", "--as-of", "2018-01-15")
    assert done.returncode == 1
    assert (tmp_path / "out" / "檢核結果.xlsx").exists()
    assert not (tmp_path / "out" / "審查").exists()


def test_explain_tells_a_school_with_clauses(tmp_path):
    mlbatch("run", SAMPLES / "2018-01", "--out", tmp_path / "out", "--as-of", "2018-01-15")
    import json

    stories = json.loads((tmp_path / "out" / "decisions.json").read_text("utf-8"))["schools"]
    funded = next(s for s in stories if "自籌" in {step["事項"] for step in s["steps"]})
    done = mlbatch("explain", tmp_path / "out", f"{funded['code']}-{funded['level']}")
    assert done.returncode == 0
    assert "差旅輔導費" in done.stdout
    assert "（柒.三(一)）" in done.stdout
    assert mlbatch("explain", tmp_path / "out", "000000").returncode == 3


def test_templates_blank_and_prefilled(tmp_path):
    done = mlbatch("templates", "--out", tmp_path / "blank")
    assert done.returncode == 0
    assert (tmp_path / "blank" / "推薦學校名單.xlsx").exists()
    done = mlbatch("templates", "--out", tmp_path / "all", "--registers", SAMPLES / "2017-12" / "本部清冊")
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "all" / "縣市" / "屏東縣").glob("推薦學校名單*.xlsx"))


def test_check_a_clean_and_a_faulty_file(tmp_path):
    clean = sorted((SAMPLES / "2017-12").rglob("*計畫*.xlsx"))[0]
    done = mlbatch("check", clean)
    assert "檢核 1 份檔案" in done.stdout
    (tmp_path / "網頁.xlsx").write_text("<html>")
    done = mlbatch("check", tmp_path / "網頁.xlsx")
    assert done.returncode == 1
    assert "I1-not-a-workbook" in done.stdout
