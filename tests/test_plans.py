"""The plan year on the command line: which one is meant, what is refused, and what differs between two."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from mlbatch import plans
from mlbatch.stop import CannotRun
from tests.plan.years import INVENTED, folder

SAMPLES = Path(__file__).parent.parent / "input_samples"


def mlbatch(*arguments, **environment):
    """Run the command line as a user does."""
    command = [sys.executable, "-m", "mlbatch.cli", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


def test_what_differs_is_published_and_told(tmp_path):
    done = mlbatch("plans", "--from", "107", "--to", INVENTED, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "out" / "年度計畫比較.xlsx"
    values, forms, clauses = plans.compare(107, INVENTED, tmp_path / "again")
    assert done.stdout.splitlines() == [
        f"參數差異 {len(values)} 處、表件差異 {len(forms)} 處、條次差異 {len(clauses)} 條：{path}",
        "下一步：核對「參數」逐列之新值；無誤後以 --plan 執行 templates 產生新年度範本。",
    ]
    assert openpyxl.load_workbook(path)["參數"]["A1"].value == "107 年度與 108 年度參數比較"
    first = hashlib.sha256(path.read_bytes()).hexdigest()
    assert min(map(len, (values, forms, clauses))) > 10
    assert hashlib.sha256((tmp_path / "again" / path.name).read_bytes()).hexdigest() == first


def test_a_clause_that_the_program_still_cites_is_told(tmp_path):
    gone = ("108.clauses.toml", '"參" =', '"玖.一" = { gone = "刪除" }\n"參" =')
    done = mlbatch("plans", "--to", folder(tmp_path / "plan", gone), "--out", tmp_path / "out")
    assert "注意：程式仍引用已刪除之條次：玖.一，請洽維護人員。" in done.stdout


def test_a_plan_with_a_mistake_is_one_sentence_and_writes_nothing(tmp_path):
    wrong = folder(tmp_path / "plan", ("108.toml", "value = 2019-08-01", "value = 2018-08-01"))
    told = "無法執行：「計畫開始日」2018-08-01 不在 108 年。\n"
    for arguments in (
        ("plans", "--to", wrong, "--out", tmp_path / "out"),
        ("run", SAMPLES / "2017-09", "--out", tmp_path / "out", "--as-of", "2019-04-10", "--plan", wrong),
        ("templates", "--out", tmp_path / "out", "--plan", wrong),
    ):
        done = mlbatch(*arguments)
        assert (done.returncode, done.stdout, done.stderr) == (3, "", told)
    assert not (tmp_path / "out").exists()


def test_a_year_that_is_not_shipped_is_named(tmp_path):
    with pytest.raises(CannotRun, match="沒有 108 年度之計畫資料"):
        plans.compare(107, 108, tmp_path / "out")
    done = mlbatch("templates", "--out", tmp_path / "out", "--plan", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "不存在" in done.stderr


def test_templates_and_checks_take_the_year_from_the_option_or_the_environment(tmp_path):
    done = mlbatch("templates", "--out", tmp_path / "108", "--plan", INVENTED)
    assert done.returncode == 0, done.stderr
    made = {path.relative_to(tmp_path / "108").as_posix() for path in (tmp_path / "108").rglob("*.xlsx")}
    assert {"推薦學校名單.xlsx", "清冊/107年補助學校.xlsx", "清冊/105、106年未完成資料繳交學校.xlsx"} <= made
    blank = tmp_path / "108" / "推薦學校名單.xlsx"
    ours = mlbatch("check", blank, MLBATCH_PLAN=f"{INVENTED}")
    assert "I3-other-year" not in ours.stdout
    prompts = [
        one.prompt for one in openpyxl.load_workbook(blank)["推薦學校名單"].data_validations.dataValidation
    ]
    assert any("例如 108.04.12。" in words for words in prompts)
    theirs = mlbatch("check", blank)
    assert theirs.returncode == 1
    assert "檔案為 108 年度之「推薦學校名單」，本次辦理 107 年度。" in theirs.stdout


@pytest.mark.parametrize(
    "command", ["run", "track", "close", "templates", "check", "compare", "verify", "release"]
)
def test_every_command_that_judges_by_a_plan_says_so_in_its_help(command):
    done = mlbatch(command, "--help")
    assert "--plan 年度或資料夾" in done.stdout
    assert "計畫檔" in done.stdout
