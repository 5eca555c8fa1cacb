"""The ministry's own lists, dirt included: invented schools in the shape in which they are published."""

import pytest

from mlbatch import catalogue as c
from mlbatch.forms import all_forms, inbox
from mlbatch.forms.frames import frames
from mlbatch.forms.reader import read_workbook
from mlbatch.forms.register_csv import read_csv
from mlbatch.plan import load_plan
from tests.forms.workbook import book

PLAN = load_plan()
FORMS = all_forms(PLAN)
HEADER = "代碼,學校名稱,公/私立,縣市名稱,地址,電話,網址\n"
ELEMENTARY = HEADER + (
    "019601,市立示範國小\u3000,公立,[01]新北市,[220]新北市板橋區示範路1號 ,(02)55500001,\n"
    "060698,國立樣本大學附小,公立,[19]臺中市,[403]臺中市西區示範路2號,(04)55500002,\n"
)
JUNIOR = HEADER + "724598,縣立樣本國中(小),公立,[72]連江縣,[211]連江縣莒光鄉樣本村4號,(0836)55503,\n"
ATTACHED = HEADER + (
    "11399,私立示範高中附設國中,私立,[01]新北市,[251]新北市淡水區示範街6號,(02)55500004,\n"
    "181399,私立範例國中附設國小,私立,[18]新竹市,[300]新竹市東區市場路7號,(03)5550005,\n"
    "531399,私立前例高中附設國小,私立,[53]高雄市,[806]高雄市前鎮區示範路8號,(07)5550006,\n"
)
REMOTE = (
    "縣市名稱,鄉鎮市區,學生等級,學校代碼,學校名稱,公/私立,地區屬性,地址,班級數\n"
    "[14]臺東縣,蘭嶼鄉,國小,144699,縣立範例國小,公立,極偏,[952]臺東縣蘭嶼鄉1號,6\n"
    "[03]桃園市,復興區,附設國中,034399,市立範例高中,公立,偏遠,[336]桃園市復興區2號,10\n"
)


def read(text, name="名錄.csv", encoding="utf-8"):
    return read_csv(text.encode(encoding), name, FORMS, PLAN)


def kept(reading, *names):
    return [tuple(row[name] for name in names) for row in reading.records[reading.form.id]]


def test_schools_of_a_level():
    reading = read(ELEMENTARY)
    assert kept(reading, "county", "code", "name", "level", "owner", "township", "classes_in_grades") == [
        ("新北市", "019601", "市立示範國小", "國小", "公立", "板橋區", None),
        ("臺中市", "060698", "國立樣本大學附小", "國小", "國立", "西區", None),
    ]
    assert [f.kind for f in reading.findings] == [c.I9_LIST_LACKS]
    assert kept(read(JUNIOR), "level", "township") == [("國中", "莒光鄉")]


def test_attached_sections_and_codes_that_lost_their_zero():
    reading = read(ATTACHED)
    assert kept(reading, "code", "level", "township") == [
        ("011399", "國中", "淡水區"), ("181399", "國小", "東區"), ("531399", "國小", "前鎮區")]  # fmt: skip
    assert [(f.kind, f.at.cell) for f in reading.findings][1:] == [(c.E7_LOST_ZERO, "A2")]


def test_remote_schools():
    reading = read(REMOTE)
    assert (reading.form.id, reading.findings) == ("remote", ())
    assert kept(reading, "county", "code", "level", "area_class") == [
        ("臺東縣", "144699", "國小", "極偏"), ("桃園市", "034399", "國中", "偏遠")]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp950"])
def test_encodings_titles_columns_in_another_order_and_more_of_them(encoding):
    lines = [line.split(",") for line in ELEMENTARY.splitlines()]
    text = "106學年度國民小學名錄\n\n" + "".join(
        ",".join(["106", *reversed(line)]) + ",\n" for line in lines
    ).replace("106,網址", "學年度,網址").replace("公/私立", "公私立")
    assert kept(read(text, encoding=encoding), "code", "county") == [
        ("019601", "新北市"),
        ("060698", "臺中市"),
    ]


def test_a_list_saved_as_a_workbook_needs_no_stamp():
    grid = [line.split(",") for line in ELEMENTARY.splitlines()]
    reading = read_workbook(book({"工作表1": grid}), "名錄.xlsx", FORMS, PLAN)
    assert (reading.form.id, kept(reading, "code")) == ("directory", [("019601",), ("060698",)])
    assert reading.records["directory"][0]["place"].at("code").sheet == "工作表1"
    assert [f.kind for f in reading.findings] == [c.I9_LIST_LACKS]


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return inbox.gather(folder, PLAN)


def test_lists_without_a_common_school_make_one_directory(tmp_path):
    came = write(tmp_path, a=ELEMENTARY, b=JUNIOR, c=ATTACHED, copy=ELEMENTARY)
    assert len(frames(came.readings, FORMS)["directory"]) == 6
    assert came.files["why"].tolist() == ["", "", "", "與「a.csv」內容相同，只計一次。"]


def test_two_lists_of_the_same_schools_stop_the_job(tmp_path):
    with pytest.raises(inbox.InboxError, match="兩份不同的「學校名錄」"):
        write(tmp_path, a=ELEMENTARY, b=ELEMENTARY.replace("示範路1號", "示範路9號"))


def test_a_school_whose_level_cannot_be_seen_is_asked_about():
    reading = read(ELEMENTARY.replace("019601,市立示範國小", "019301,市立示範高中"))
    assert [f.facts["label"] for f in reading.findings if f.kind is c.F1_BLANK] == ["學制"]
