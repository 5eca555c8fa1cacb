"""The month on one page."""

from datetime import date

import pandas as pd

from mlbatch.output import Paper
from mlbatch.pages.overview import overview
from mlbatch.plan import load_plan
from tests.pages.month import small_month

PAPERS = [
    Paper("檢核結果.xlsx", b"", "檢核結果"),
    Paper("受文者/14_屏東縣/核定函.docx", b"", "核定函", "14_屏東縣"),
]
COUNTS = {"檔案": {"採認": 1, "擱置": 1, "合計": 2}}


def page():
    return overview(
        small_month(),
        load_plan(),
        date(2018, 1, 15),
        "已完成公文。",
        "請核對「核定與經費表」。",
        COUNTS,
        PAPERS,
    )


def test_the_figures_the_next_step_and_the_day():
    html = page()
    for words in (
        "基準日：民國107年1月15日",
        "請核對「核定與經費表」。",
        "192,000",
        "元，預算 200,000 元",
        "8,000",
    ):
        assert words in html


def test_what_needs_attention_is_named():
    html = page()
    assert "壞檔.xlsx：檔案無法以試算表開啟（不是壓縮檔）。" in html
    assert "S5 申請公文：缺少「公文收文紀錄」" in html


def test_every_file_is_linked_with_an_address_that_browsers_take():
    html = page()
    assert 'href="%E6%AA%A2%E6%A0%B8%E7%B5%90%E6%9E%9C.xlsx"' in html
    assert 'href="%E5%8F%97%E6%96%87%E8%80%85/14_' in html


def test_senders_text_is_escaped():
    tables = small_month()
    files = tables["files"].assign(file=["a", '<script>alert("1")</script>'])
    html = overview(tables.put(files=files), load_plan(), date(2018, 1, 15), "", "", COUNTS, PAPERS)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_it_loads_nothing_from_elsewhere():
    html = page()
    assert "http" not in html.replace("http-equiv", "")
    assert "<script" not in html


def test_the_same_month_gives_the_same_page():
    assert page() == page()


def test_payment_has_its_figure_and_names_who_is_to_be_reminded():
    payees = pd.DataFrame(
        [
            {"payee": "屏東縣政府", "state": "待補件", "why": "未核章 1 件。", "remind": True, "pay_now": 0},
            {
                "payee": "宜蘭縣政府",
                "state": "可撥款",
                "why": "文件齊備。",
                "remind": False,
                "pay_now": 848_000,
            },
        ]
    )
    tables = small_month().put(payees=payees)
    html = overview(
        tables, load_plan(), date(2018, 2, 10), "已完成請款與撥款。", "請寄送補件通知。", COUNTS, PAPERS
    )
    assert "848,000" in html
    assert "可撥款 1、待補件 1" in html
    assert "屏東縣政府：待補件，未核章 1 件。" in html
    assert "宜蘭縣政府：" not in html


def test_who_owes_something_is_told_first_by_level_and_beside_last_month():
    """T9: two schools of one name are two."""
    school = {"county": "澎湖縣", "name": "縣立望汐國中小"}
    rows = [
        {**school, "code": "164599", "level": "國中", "state": "逾期", "before": "逾期"},
        {**school, "code": "164699", "level": "國小", "state": "逾期", "before": "本月到期"},
        {**school, "code": "164699", "level": "國小", "state": "逾期", "before": "逾期"},
        {**school, "code": "", "level": "", "name": "澎湖縣", "state": "逾期完成", "before": "逾期"},
    ]
    tables = small_month().put(duties=pd.DataFrame(rows))
    html = overview(tables, load_plan(), date(2018, 4, 30), "", "", COUNTS, PAPERS)
    first, second = (
        "澎湖縣　縣立望汐國中小（國小）：2 項，上月 1 項",
        "澎湖縣　縣立望汐國中小（國中）：1 項，上月 1 項",
    )
    assert html.index(first) < html.index(second) < html.index("壞檔.xlsx")
    assert "項，上月 3 項（+0）" in html
