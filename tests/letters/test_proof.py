"""Templates tried before anybody runs a month: each fault named at once, what is not used told as information."""

import shutil

import pytest
from docx import Document

from mlbatch.letters import proof
from mlbatch.letters.fields import KINDS, UNNUMBERED
from mlbatch.letters.proof import proofs, sentences
from mlbatch.stop import CannotRun
from mlbatch.templates import folder
from tests.test_cli import mlbatch

LETTERS = folder() / "letters"
NATIONAL = "核定函_國立學校"


@pytest.fixture
def own(tmp_path):
    """A folder of one's own with the national schools' 核定函, and a function that edits it and tries it."""

    def edit(change=None, kind=NATIONAL):
        document = Document(LETTERS / f"{kind}.docx")
        if change:
            change(document)
        document.save(tmp_path / f"{kind}.docx")
        return proofs(tmp_path)[0]

    return edit


def added(words):
    return lambda document: document.paragraphs[0].add_run(words)


def without(first):
    """An edit that deletes the paragraph that begins with `first`."""

    def delete(document):
        (gone,) = [one._p for one in document.paragraphs if one.text.startswith(first)]
        gone.getparent().remove(gone)

    return delete


def test_every_template_of_the_project_can_be_used():
    found = proofs()
    assert sorted(one.name for one in found) == sorted(f"{kind}.docx" for kind in KINDS)
    assert [one.name for one in found if one.faults] == []


def test_each_fault_of_a_template_is_named_once_with_a_suggestion(own):
    found = own(added("{{ 受文著 }}{{ 受文著 }}{{ 班級书 }}{% for 校 in 學校 %}{{ 校.學制別 }}{% endfor %}"))
    assert found.faults == [
        f"公文範本「{NATIONAL}」使用了沒有的欄位「受文著」，是否為「受文者」？",
        f"公文範本「{NATIONAL}」使用了沒有的欄位「班級书」，是否為「班級數」？",
        f"公文範本「{NATIONAL}」使用了沒有的欄位「校.學制別」，是否為「校.學制」？",
    ]
    assert found.unused == []


def test_a_field_that_is_not_used_is_information(own):
    found = own(without("副本"))
    assert found.faults == []
    assert found.unused == [
        "副本",
        "學校.序號",
        "學校.學校代碼",
        "學校.學校名稱",
        "學校.學制",
        "學校.申請班級數",
    ]


def test_of_a_list_that_is_not_used_only_the_list_is_told(own):
    def drop_table(document):
        table = document.tables[0]._tbl
        table.getparent().remove(table)

    assert "學校" in own(drop_table).unused
    assert not [name for name in own(drop_table).unused if name.startswith("學校.")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{% if 校數 %}甲案", "標記不完整或不成對"),
        ("{{ 受文者 | 大寫 }}", "不支援的寫法"),
        ("{{ 班級數 + 1 }}", "試填後有誤：「受文者」之「核定函_國立學校」無法產製"),
        ("{{ 1 // 0 }}", "試填後有誤"),
    ],
)
def test_what_breaks_while_a_letter_is_written_is_told_before(own, words, told):
    (fault,) = own(added(words)).faults
    assert told in fault


@pytest.mark.parametrize("line", ["發文日期", "發文字號"])
def test_a_letter_that_could_not_go_out_is_told_before(own, line):
    (fault,) = own(without(line)).faults
    assert fault == f"公文範本「{NATIONAL}」試填後有誤：應有一行「{line}：」，現有 0 行"


@pytest.mark.parametrize("kind", UNNUMBERED)
def test_a_paper_of_the_payee_needs_no_number(own, kind):
    assert own(kind=kind).faults == []


def test_a_loop_that_ends_in_a_table_leaves_no_letter_that_opens(own):
    def torn(document):
        document.paragraphs[0].add_run("{% for 列 in 學校 %}")
        document.tables[0].rows[0].cells[0].paragraphs[0].add_run("{% endfor %}")

    (fault,) = own(torn).faults
    assert fault.startswith(f"公文範本「{NATIONAL}」試填後無法開啟，請檢查 for、if")


def test_what_most_letters_do_not_have_is_tried_both_ways(own):
    """豁免 is blank in most letters: a mark that needs a row breaks only then, or only there."""
    (fault,) = own(added("{{ 豁免[0].事項 }}")).faults
    assert "試填後有誤" in fault
    (fault,) = own(added("{% if 豁免 %}{{ 1 // 0 }}{% endif %}")).faults
    assert "試填後有誤" in fault


def test_a_file_that_is_no_template_or_cannot_be_opened_is_told(tmp_path):
    shutil.copy(LETTERS / "撥款函.docx", tmp_path / "撥款函(新).docx")
    (tmp_path / "~$撥款函.docx").write_bytes(b"Word's own")
    (tmp_path / "結案函.docx").write_bytes(b"not a document")
    assert {one.name: list(one.faults) for one in proofs(tmp_path)} == {
        "撥款函(新).docx": ["「撥款函(新).docx」不是公文範本之檔名，不會採用，是否為「撥款函.docx」？"],
        "結案函.docx": ["公文範本「結案函.docx」不見或無法開啟，請放回原檔。"],
    }


def test_a_template_that_a_run_would_miss_is_told(tmp_path, monkeypatch):
    shutil.copytree(LETTERS, tmp_path / "letters")
    (tmp_path / "letters" / "撥款函.docx").unlink()
    monkeypatch.setattr(proof, "folder", lambda: tmp_path)
    assert [one.name for one in proofs() if one.faults] == ["撥款函.docx"]
    assert list(sentences(proofs()))[-1] == f"檢核 {len(KINDS)} 份公文範本，應修正 1 份。"


def test_a_folder_without_templates_cannot_be_checked(tmp_path):
    with pytest.raises(CannotRun, match="沒有公文範本"):
        proofs(tmp_path)


def test_the_command_says_what_to_change_and_ends_with_its_code(own, tmp_path):
    (tmp_path / "none").mkdir()
    assert mlbatch("letters-check", tmp_path / "none").returncode == 3
    own(without("副本"))
    done = mlbatch("letters-check", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"［可使用］{NATIONAL}.docx"
    assert "未使用之欄位：副本、" in done.stdout
    own(added("{{ 受文著 }}"))
    done = mlbatch("letters-check", tmp_path)
    assert done.returncode == 1
    assert "沒有的欄位「受文著」，是否為「受文者」？" in done.stdout
    assert done.stdout.splitlines()[-1] == "檢核 1 份公文範本，應修正 1 份。"
