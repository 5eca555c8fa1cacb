"""Templates: checked before any letter, rendered as text, the same bytes each time."""

import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from mlbatch.letters import TemplateError, award_letters
from mlbatch.letters.facts import award_facts
from mlbatch.letters.fields import KINDS, documented
from mlbatch.letters.render import LetterTemplate, template
from mlbatch.recipient import only, recipients
from mlbatch.templates import folder
from tests.letters.docx_file import line, part, rows, words
from tests.letters.month import AFTER, PLAN, SCHOOLS, month

LETTERS = folder() / "letters"
COUNTY = "核定函_縣市"


@pytest.fixture
def edited(tmp_path):
    """A function that makes a copy of the county's 核定函 with one more paragraph, and prepares it."""

    def edit(*runs: str) -> LetterTemplate:
        document = Document(LETTERS / f"{COUNTY}.docx")
        paragraph = document.paragraphs[0]
        paragraph.clear()
        for run in runs:
            paragraph.add_run(run)
        document.save(path := tmp_path / f"{COUNTY}.docx")
        return LetterTemplate(path, COUNTY)

    return edit


def facts(tables=None):
    """What 南投縣's 核定函 says."""
    tables = tables or month()
    who = next(one for one in recipients(tables, PLAN) if one.county == "南投縣")
    return award_facts(only(tables, who), PLAN, who)


def test_the_same_facts_give_the_same_bytes():
    first = [one.content for one in award_letters(month(), PLAN, AFTER)]
    template.cache_clear()
    assert [one.content for one in award_letters(month(), PLAN, AFTER)] == first


def test_zip_entries_carry_a_fixed_date_and_nobodys_name():
    content = template(COUNTY).render(facts())
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2018, 1, 1, 0, 0, 0)}
        names = parts.namelist()
    assert names == [*sorted(names[:-1]), "word/document.xml"]
    assert "<dc:creator></dc:creator>" in part(content, "docProps/core.xml")


def test_the_name_of_whoever_edited_the_template_does_not_go_out(tmp_path):
    document = Document(LETTERS / f"{COUNTY}.docx")
    document.core_properties.last_modified_by = "承辦人丁"
    document.save(path := tmp_path / "範本.docx")
    assert "承辦人丁" not in words(LetterTemplate(path, COUNTY).render(facts()))


@pytest.mark.parametrize("name", ["A & B < C > D 國小", "{{ 7*7 }}國小", "{% raw %}國小", '"雲海"\'國小'])
def test_what_senders_wrote_arrives_as_text(name):
    schools = [school | {"name": name} if school["code"] == "084601" else school for school in SCHOOLS]
    content = template(COUNTY).render(facts(month(schools)))
    assert rows(content)[1][2] == name
    assert line(content, "副本").startswith(f"副本：{name}、")


def test_unprintable_characters_and_line_breaks_stay_out():
    schools = [
        school | {"name": "雲\x07海\u202e\n國小"} if school["code"] == "084601" else school
        for school in SCHOOLS
    ]
    assert rows(template(COUNTY).render(facts(month(schools))))[1][2] == "雲海 國小"


def test_a_field_that_word_cut_into_pieces_is_still_a_field(edited):
    content = edited("檔號 {", "{ 受", "文者 ", "}}").render(facts())
    assert line(content, "檔號") == "檔號 南投縣政府"


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ("{{ 受文著 }}", "沒有的欄位「受文著」，是否為「受文者」？"),
        ("{% for 校 in 學校 %}{{ 校.學校名 }}{% endfor %}", "「校.學校名」，是否為「校.學校名稱」？"),
        ("{% for 校 in 各學校 %}{% endfor %}", "沒有的欄位「各學校」，是否為「學校」？"),
        ("{{ zzz }}", "沒有的欄位「zzz」，可用之欄位見範本資料夾之 README。"),
        ("{{ 學校.學制 }}", "「學校」沒有「學制」；清單須以 for 逐列取用。"),
        ("{{ 受文者.__class__ }}", "「受文者」沒有「__class__」"),
        ("{% if 校數 %}甲案", "標記不完整或不成對"),
        ("{{ 受文者 }", "請檢查「{{受文者}"),
        ("{{ 受文者 | 大寫 }}", "不支援的寫法"),
    ],
)
def test_a_mark_that_cannot_be_filled_is_named(edited, marks, told):
    with pytest.raises(TemplateError) as problem:
        edited(marks)
    assert str(problem.value).startswith(f"公文範本「{COUNTY}」")
    assert told in str(problem.value)


def test_two_loops_may_use_one_name_for_their_rows(edited):
    marks = "{% for 列 in 學校 %}{{ 列.學制 }}{% endfor %}{% for 列 in 縣市項目 %}{{ 列.金額 }} {% endfor %}"
    content = edited(f"檔號 {marks}").render(facts())
    assert line(content, "檔號").startswith("檔號 國小國小54,000 -5,400")


def test_a_wrong_template_stops_the_batch_before_any_letter(monkeypatch, tmp_path):
    shutil.copytree(LETTERS, tmp_path / "letters")
    (tmp_path / "letters" / "未獲補助函_國立學校.docx").write_bytes(b"")
    monkeypatch.setattr("mlbatch.letters.render.folder", lambda: tmp_path)
    template.cache_clear()
    with pytest.raises(TemplateError, match=r"未獲補助函_國立學校\.docx」不見或無法開啟"):
        award_letters(month(SCHOOLS[:3]), PLAN, AFTER)
    template.cache_clear()


def test_a_placeholder_in_the_footer_is_filled(tmp_path):
    document = Document(LETTERS / f"{COUNTY}.docx")
    document.sections[0].footer.paragraphs[0].add_run("　{{ 受文者 }}")
    document.save(path := tmp_path / "範本.docx")
    content = LetterTemplate(path, COUNTY).render(facts())
    footer = Document(BytesIO(content)).sections[0].footer.paragraphs[0].text
    assert footer.endswith("　南投縣政府")


# The templates that the project ships ------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_layout_is_that_of_official_letters(kind):
    document = Document(LETTERS / f"{kind}.docx")
    styles = {name: document.styles[name] for name in ("公文機關", "公文本文", "公文資料", "公文表格")}
    assert [style.font.size.pt for style in styles.values()] == [20, 16, 12, 12]
    assert all(style.element.xpath("w:rPr/w:rFonts/@w:eastAsia") == ["標楷體"] for style in styles.values())
    for section in document.sections:
        sides = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert [round(side.cm, 2) for side in sides] == [2.5] * 4
    assert not document.element.xpath("//w:b | //w:u")


@pytest.mark.parametrize("kind", KINDS)
def test_page_numbers_are_fields(kind):
    (footer,) = {section.footer.paragraphs[0] for section in Document(LETTERS / f"{kind}.docx").sections[:1]}
    assert footer.text == "第 1 頁，共 1 頁"
    assert [mark.text.strip() for mark in footer._p.xpath(".//w:instrText")] == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in {"未獲補助函_國立學校", "領款收據", "核定函_工作坊"}]
)
def test_tables_repeat_their_heads(kind):
    (table,) = Document(LETTERS / f"{kind}.docx").tables
    heads = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows]
    assert heads == [True] * heads.count(True) + [False] * heads.count(False)
    assert heads.count(True) == (2 if kind == "經費申請表" else 1)
    sizes = {
        paragraph.style.name for row in table.rows for cell in row.cells for paragraph in cell.paragraphs
    }
    assert "公文表格" in sizes


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_lists_every_field(kind):
    readme = (LETTERS / "README.md").read_text("utf-8")
    section = readme.partition(f"\n### {kind}\n")[2].partition("\n### ")[0]
    assert re.findall(r"^\| `(.+?)` \| (.+) \|$", section, re.MULTILINE) == documented(kind)


def test_the_readme_is_what_the_fields_say():
    made = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "make_letter_fields.py"))
    committed = (LETTERS / "README.md").read_text("utf-8")
    assert committed == made["page"](committed), "run: make docs"


def test_the_first_templates_can_be_made_again_but_not_over_the_edited_ones(tmp_path):
    script = LETTERS / "make_letters.py"
    subprocess.run([sys.executable, script, tmp_path], check=True)
    assert sorted(path.stem for path in tmp_path.glob("*.docx")) == sorted(KINDS)
    for kind in KINDS:
        LetterTemplate(tmp_path / f"{kind}.docx", kind)
    refused = subprocess.run([sys.executable, script, LETTERS], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "不予覆蓋" in refused.stderr


def test_no_path_of_a_machine_stands_in_a_template():
    for path in sorted(Path(LETTERS).glob("*.docx")):
        assert not re.search(r"/(?:tmp|home|work|root)/", words(path.read_bytes()))
