"""核定函 and 未獲補助函: who gets one, its parts, its figures (肆.七)."""

import re

import pytest

from mlbatch.letters import LetterError, award_letters
from mlbatch.recipient import only, recipients
from tests.letters.docx_file import PARTS, line, lines, rows, whole, words
from tests.letters.month import AFTER, PLAN, SCHOOLS, funded, month, out

AMOUNTS = ("requested", "approved", "current", "capital", "coach")


@pytest.fixture(scope="module")
def january():
    return month()


@pytest.fixture(scope="module")
def letters(january):
    """(recipient's name, file name) → content."""
    return {(one.recipient.name, one.name): one.content for one in award_letters(january, PLAN, AFTER)}


def test_who_gets_which_letter_in_the_order_of_ministry_papers(letters):
    assert list(letters) == [
        ("臺北市政府教育局", "核定函.docx"),
        ("臺北市政府教育局", "未獲補助函.docx"),
        ("南投縣政府", "核定函.docx"),
        ("南投縣政府", "未獲補助函.docx"),
        ("國立示範大學附設實驗國小", "核定函.docx"),
        ("國立範例大學附設實驗國小", "未獲補助函.docx"),
    ]


def test_every_letter_has_every_part_once_and_in_order(letters):
    for content in letters.values():
        read = lines(content)
        found = [[n for n, text in enumerate(read) if text.startswith(part)] for part in PARTS]
        assert [len(places) for places in found[:13]] == [1] * 13
        firsts = [places[0] for places in found]
        assert firsts == sorted(firsts)


def test_no_placeholder_is_left(letters):
    for content in letters.values():
        assert not re.search(r"{{|}}|{%|%}", words(content))


def test_the_funding_table_is_the_tables(january, letters):
    who = next(one for one in recipients(january, PLAN) if one.county == "南投縣")
    own = only(january, who)
    schools = own["schools"][own["schools"]["approved"] > 0]
    county = own["counties"].iloc[0]
    _, *table = rows(letters["南投縣政府", "核定函.docx"])
    of_schools, (subtotal, grant, reduction, workshop, total) = table[: len(schools)], table[len(schools) :]
    assert [row[1:4] for row in of_schools] == schools[["code", "name", "level"]].to_numpy().tolist()
    for column, name in enumerate(AMOUNTS, 4):
        assert [whole(row[column]) for row in of_schools] == schools[name].tolist()
    assert [whole(row[9]) for row in of_schools] == (schools["grant"] + schools["coach"]).tolist()
    assert [whole(row[10]) for row in of_schools] == schools["own_share"].tolist()
    assert subtotal[0] == "學校小計"
    assert [whole(cell) for cell in subtotal[1:]] == [
        county["approved_classes"], schools["current"].sum(), schools["capital"].sum(), county["coach"],
        county["school_grants"] + county["coach"], schools["own_share"].sum(),
    ]  # fmt: skip
    assert [row[0] for row in (grant, reduction, workshop)] == [
        "縣市補助（成果發表及督導）（柒.二）",
        "扣減（以前年度計畫未如期結案）（肆.五）",
        "校長科技領導暨教師增能工作坊（陸.三）",
    ]
    assert [whole(row[5]) for row in (grant, reduction, workshop)] == [54_000, -5_400, 300_000]
    assert [whole(cell) for cell in (total[5], total[6])] == [county["granted"], county["own_share"]]


@pytest.mark.parametrize("name", ["南投縣政府", "臺北市政府教育局"])
def test_the_last_two_columns_of_the_funding_table_add_up(letters, name):
    *_, total = table = rows(letters[name, "核定函.docx"])
    subtotal = next(n for n, row in enumerate(table) if row[0] == "學校小計")
    for column in (-2, -1):
        amounts = [whole(row[column]) for row in table[1:]]
        assert sum(amounts[: subtotal - 1]) == amounts[subtotal - 1]
        assert sum(amounts[subtotal - 1 : -1]) == whole(total[column])


def test_lines_that_a_county_does_not_have_are_left_out(letters):
    items = [row[0] for row in rows(letters["臺北市政府教育局", "核定函.docx"])]
    assert items[-2:] == ["縣市補助（成果發表及督導）（柒.二）", "總計"]


def test_the_subject_tells_matter_amount_deadline_and_what_is_expected(letters):
    assert line(letters["臺北市政府教育局", "核定函.docx"], "主旨") == (
        "主旨：核定補助貴局所屬學校辦理「107年國中小行動學習推動計畫」計1校2班，補助經費新臺幣23萬2,000元，"
        "請於107年1月31日前函送領款文件至本部辦理撥款，請查照。"
    )


def test_speed_stays_blank_where_the_subject_has_a_deadline(letters):
    assert {
        (name, line(content, "速別"), line(content, "附件")) for (_, name), content in letters.items()
    } == {
        ("核定函.docx", "速別：", "附件：如說明二"),
        ("核定函.docx", "速別：", "附件："),
        ("未獲補助函.docx", "速別：普通件", "附件：如說明二"),
        ("未獲補助函.docx", "速別：普通件", "附件："),
    }


def test_number_and_date_are_left_to_the_document_system(letters):
    content = letters["南投縣政府", "核定函.docx"]
    assert line(content, "發文日期") == "發文日期：中華民國　　年　　月　　日"
    assert re.fullmatch(r"發文字號：臺教資\(三\)字第　+號", line(content, "發文字號"))


def test_papers_due_stand_with_their_clause_and_day(letters):
    content = letters["南投縣政府", "核定函.docx"]
    assert "請於107年1月31日前以紙本函送下列文件" in line(content, "三、")
    assert "肆.七(一)2" in line(content, "三、")
    papers = ["領款收據", "縣市經費申請表", "計畫經費說明表", "計畫資料光碟", "完成證明"]
    items = [text for text in lines(content) if text.startswith("（")]
    assert len(items) == len(papers)
    assert all(paper in item for paper, item in zip(papers, items, strict=True))


def test_a_countys_funded_schools_get_a_copy(letters):
    assert (
        line(letters["南投縣政府", "核定函.docx"], "副本") == "副本：南投縣縣立雲海國小、南投縣縣立松林國小"
    )
    assert line(letters["國立示範大學附設實驗國小", "核定函.docx"], "副本") == "副本："


def test_a_national_schools_award_has_its_own_figures(letters):
    content = letters["國立示範大學附設實驗國小", "核定函.docx"]
    assert rows(content)[1:] == [["3", "192,000", "48,000", "0", "240,000", "26,667"]]
    assert "補助比率為90%，貴校應自籌新臺幣2萬6,667元" in line(content, "二、")
    assert "肆.七(三)" in line(content, "三、")


def test_the_refused_stand_with_result_reason_and_clause(letters):
    assert rows(letters["南投縣政府", "未獲補助函.docx"])[1:] == [
        ["1", "084603", "南投縣縣立竹坑國小", "國小", "備取第3名", "經費分配至前列學校用罄", "柒.三"],
        ["2", "084604", "南投縣縣立梅嶺國小", "國小", "未獲補助", "本部裁示核定 0 班：課程未具體", "肆.五"],
    ]
    assert rows(letters["臺北市政府教育局", "未獲補助函.docx"])[1][4:] == [
        "視同放棄",
        "計畫書未於截止前補正",
        "肆.四(四)4",
    ]
    content = letters["國立範例大學附設實驗國小", "未獲補助函.docx"]
    assert line(content, "二、") == "二、審查結果：備取第4名。"
    assert line(content, "三、") == "三、理由：經費用罄（實施方案柒.三）。"


def test_every_school_is_told_in_exactly_one_letter(january, letters):
    all_words = [words(content) for content in letters.values()]
    for name in january["schools"]["name"]:
        assert sum(name in told for told in all_words) == 1


def test_no_letter_holds_another_recipients_school(january, letters):
    owners = {one.name: only(january, one)["schools"] for one in recipients(january, PLAN)}
    for (who, _), content in letters.items():
        told = words(content)
        others = [row for name, own in owners.items() if name != who for row in zip(own["code"], own["name"], strict=True)]  # fmt: skip
        assert not [part for row in others for part in row if part in told]


def test_a_county_without_a_funded_school_gets_no_award(january):
    schools = [school for school in SCHOOLS if school["code"] != "313602"]
    tables = month(schools).put(counties=january["counties"])
    names = [one.name for one in award_letters(tables, PLAN, AFTER) if one.recipient.county == "臺北市"]
    assert names == ["未獲補助函.docx"]


def test_a_missing_value_names_every_recipient_and_field():
    schools = [
        *(school for school in SCHOOLS if school["code"] not in {"084602", "080602"}),
        funded("084602", "南投縣縣立松林國小", "南投縣", 1, grant=130_001) | {"own_share": None},
        out("080602", "國立範例大學附設實驗國小", "新竹市", "未獲補助", "", "", national=True),
    ]
    with pytest.raises(LetterError) as problem:
        award_letters(month(schools), PLAN, AFTER)
    county, national = str(problem.value).splitlines()
    assert county.startswith("「南投縣政府」之「核定函_縣市」缺少")
    assert "「學校第2列之自籌」" in county
    assert (
        "「國立範例大學附設實驗國小」之「未獲補助函_國立學校」缺少「學校第1列之理由」、「學校第1列之依據」"
        in national
    )


@pytest.mark.parametrize("column", ["granted", "school_grants", "coach", "reduction", "workshop"])
def test_a_county_whose_figures_do_not_add_up_gets_no_letter(january, column):
    counties = january["counties"].assign(**{column: january["counties"][column] + 1})
    with pytest.raises(LetterError, match="南投縣之核定函：各校經費之和與縣市總額不符"):
        award_letters(january.put(counties=counties), PLAN, AFTER)
