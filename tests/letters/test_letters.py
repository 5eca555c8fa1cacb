"""Letters: every part in its place, sums as in the tables, senders' text as text (肆.七)."""

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from mlbatch import batch
from mlbatch.letters import award_letters, correction_letters
from mlbatch.letters.facts import KINDS, documented, rows_of
from mlbatch.letters.render import LetterError, LetterTemplate, template
from mlbatch.plan import load_plan
from mlbatch.templates import folder

SAMPLES = Path(__file__).parent.parent.parent / "input_samples"
PARTS = ["檔　　號", "保存年限", "教育部　函", "地　　址", "承 辦 人", "電　　話", "傳　　真", "電子信箱", "受文者", "發文日期",
         "發文字號", "速別", "密等", "附件", "主旨", "說明", "正本", "副本", "部長"]  # fmt: skip


@pytest.fixture(scope="module")
def january():
    return batch.decide(batch.read(SAMPLES / "2018-01", load_plan(), date(2018, 1, 15)))


@pytest.fixture(scope="module")
def letters(january):
    return list(award_letters(january.tables, january.plan, january.as_of))


def text(content):
    document = docx.Document(BytesIO(content))
    return [paragraph.text for paragraph in document.paragraphs]


def table(content):
    return [[cell.text for cell in row.cells] for row in docx.Document(BytesIO(content)).tables[0].rows]


def test_every_letter_has_its_parts_in_order(letters):
    assert {letter.name for letter in letters} == {"核定函.docx", "未獲補助函.docx"}
    for letter in letters:
        lines = text(letter.content)
        found = [next(i for i, line in enumerate(lines) if line.startswith(part)) for part in PARTS]
        assert found == sorted(found)
        assert not re.search(r"\{\{|\{%|\}\}", "".join(lines))


def test_every_funded_recipient_gets_one_award_and_the_sums_agree(january, letters):
    schools, counties = january.tables["schools"], january.tables["counties"]
    awards = {
        letter.recipient.county: letter
        for letter in letters
        if letter.name == "核定函.docx" and letter.recipient.county
    }
    assert set(awards) == set(counties.loc[counties["approved_schools"] > 0, "county"])
    for county, letter in awards.items():
        rows = table(letter.content)
        own = schools[
            ~schools["national"] & (schools["county"] == county) & (schools["approved"].fillna(0) > 0)
        ]
        assert [row[1] for row in rows[1 : 1 + len(own)]] == own["code"].tolist()
        granted = int(counties.set_index("county").loc[county, "granted"])
        assert rows[-1][2] == "補助總計"
        assert rows[-1][7] == f"{granted:,}"
        assert sum(int(row[7].replace(",", "")) for row in rows[1 : 1 + len(own)]) == int(
            (own["grant"] + own["coach"]).sum()
        )


def test_every_school_stands_in_exactly_one_letter(january, letters):
    told = []
    for letter in letters:
        rows = table(letter.content)[1:]
        told += [row[1] for row in rows if row[1].isdigit()]
    assert sorted(told) == sorted(january.tables["schools"]["code"])


def test_no_letter_names_another_recipients_school(january, letters):
    schools = january.tables["schools"]
    for letter in letters:
        who = letter.recipient
        mine = (
            schools["county"].eq(who.county) & ~schools["national"]
            if who.county
            else schools["code"].eq(who.school[0])
        )
        words = "".join(text(letter.content)) + "".join(map("".join, table(letter.content)))
        assert not [
            code
            for code in schools.loc[~mine, "code"]
            if code in words and code not in set(schools.loc[mine, "code"])
        ]


def test_corrections_are_asked_for_until_closing():
    month = batch.decide(batch.read(SAMPLES / "2017-09", load_plan(), date(2017, 9, 20)))
    sent = list(correction_letters(month.tables, month.plan, month.as_of))
    assert sent
    for letter in sent:
        assert "請於106年9月29日中午12時前更正" in "".join(text(letter.content))
        assert all(row[2] and row[6] for row in table(letter.content)[1:])


def test_the_same_facts_give_the_same_bytes(january, letters):
    again = list(award_letters(january.tables, january.plan, january.as_of))
    assert [letter.content for letter in again] == [letter.content for letter in letters]


@pytest.mark.parametrize("name", ["A & B <國小>", "{{ 7*7 }}", "{% raw %}", "=cmd|x", "國小\x07\u202e"])
def test_senders_text_arrives_as_text(january, name):
    schools = january.tables["schools"].assign(name=name)
    letter = next(iter(award_letters(january.tables.put(schools=schools), january.plan, january.as_of)))
    shown = re.sub(r"[\x07\u202e]", "", name)
    assert table(letter.content)[1][2] == shown
    assert zipfile.ZipFile(BytesIO(letter.content)).testzip() is None


@pytest.mark.parametrize("name", KINDS)
def test_each_template_uses_only_documented_fields(name):
    assert template(name).kind is KINDS[name]


def changed(tmp_path, words):
    """A copy of a template in which a clerk misspelt something."""
    document = docx.Document(folder() / "letters" / "核定函_縣市.docx")
    document.paragraphs[0].add_run(words)
    path = tmp_path / "核定函_縣市.docx"
    document.save(path)
    return path


def test_a_misspelt_field_is_named_with_a_suggestion(tmp_path):
    with pytest.raises(LetterError, match="不存在的欄位「recipent」，您是不是要用「recipient」"):
        LetterTemplate(changed(tmp_path, "{{ recipent }}"), KINDS["核定函_縣市"])


@pytest.mark.parametrize("words", ["{{ officer", "{% for %}", "{{ ().__class__ }}"])
def test_a_broken_or_harmful_template_is_refused(tmp_path, words):
    with pytest.raises(LetterError, match="公文範本「核定函_縣市」"):
        LetterTemplate(changed(tmp_path, words), KINDS["核定函_縣市"])


def test_the_clerks_readme_documents_every_field():
    readme = (folder() / "letters" / "README.md").read_text("utf-8")
    for kind in KINDS.values():
        names = [*documented(kind), *(f for shape in rows_of(kind).values() for f in documented(shape))]
        assert [name for name in names if f"`{name}`" not in readme] == []
