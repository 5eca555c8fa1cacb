"""Make the first version of the letter templates; from then on the .docx files are the source.

    python templates/letters/make_letters.py [FOLDER]

Writes the five templates into FOLDER (by default beside this script), with the layout that the
ministry's document rules name: 標楷體, 20/16/12 points, margins of 2.5 cm, page numbers.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FONT = "標楷體"
RIGHT, CENTER = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
PAPERS = [
    "（一）領款收據。",
    "（二）縣市經費申請表（須核章）。",
    "（三）計畫經費說明表。",
    "（四）計畫資料光碟1份：縣市計畫書（含輔導學者專家名單），及各校修正後教學實施計畫書、合作備忘錄（須含簽名）、輔導學者專家合作意向書（須含簽名）。",
    "（五）計畫網站資料填寫與上傳完成證明。",
]
SCHOOL_PAPERS = [
    "（一）領款收據。",
    "（二）經費申請表（須核章）。",
    "（三）計畫資料光碟1份：修正後教學實施計畫書、合作備忘錄（須含簽名）、輔導學者專家合作意向書（須含簽名）。",
    "（四）計畫網站資料填寫與上傳完成證明。",
]
MONEY = ["序號", "學校代碼", "學校名稱", "班級數", "經常門", "資本門", "教練學校", "補助合計", "自籌"]
MONEY_ROW = ["number", "code", "name", "classes", "current", "capital", "coach", "grant", "own_share"]
MONEY_WIDTHS = [1.0, 1.7, 3.4, 1.2, 1.9, 1.8, 1.5, 2.0, 1.5]
REFUSED = ["序號", "學校代碼", "學校名稱", "結果", "理由", "依據"]
REFUSED_ROW = ["number", "code", "name", "result", "why", "cite"]
REFUSED_WIDTHS = [1.0, 1.8, 3.4, 2.4, 5.6, 2.2]
FAULTS = ["序號", "學校", "檔案與儲存格", "填寫內容", "說明", "請如何處理", "依據"]
FAULT_ROW = ["number", "school", "place", "read", "what", "remedy", "cite"]
FAULT_WIDTHS = [1.0, 2.2, 3.0, 1.8, 3.6, 3.2, 1.7]


class Draft:
    """One template while it is written."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Cm(2.5))
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(16)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(0)
        self._page_numbers(section.footer.paragraphs[0])

    def line(self, words: str, size: int = 16, align=None, indent: float = 0, hanging: float = 0) -> None:
        """One paragraph; `hanging` lets the lines after the first stand in."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = Cm(indent + hanging)
        paragraph.paragraph_format.first_line_indent = Cm(-hanging)
        self._run(paragraph, words, size)

    def table(self, labels: list[str], fields: list[str], source: str, widths: list[float]) -> None:
        """A table with one row for each of `source`, its header repeated on every page."""
        self._table = self.document.add_table(rows=4, cols=len(labels))
        self._table.style, self._table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        self._widths = widths
        self._table.autofit = False
        for column, width in zip(self._table.columns, widths, strict=True):
            column.width = Cm(width)
        self._narrow_margins()
        self._fill(0, labels)
        self._repeat(self._table.rows[0])
        self._fill(1, [f"{{%tr for row in {source} %}}"])
        self._fill(2, ["{{ row." + field + " }}" for field in fields], fields)
        self._fill(3, ["{%tr endfor %}"])

    def _narrow_margins(self) -> None:
        """Leave the width of a cell to its figures."""
        margins = OxmlElement("w:tblCellMar")
        for side in ("w:left", "w:right"):
            margin = OxmlElement(side)
            margin.set(qn("w:w"), "28")
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        self._table._tbl.tblPr.append(margins)

    def more(self, cells: list[str], fields: list[str] | None = None) -> None:
        """One more row of the last table."""
        self._table.add_row()
        self._fill(len(self._table.rows) - 1, cells, fields)

    def _fill(self, number: int, cells: list[str], fields: list[str] | None = None) -> None:
        for place, cell in enumerate(self._table.rows[number].cells):
            cell.width = Cm(self._widths[place])
            words = cells[place] if place < len(cells) else ""
            paragraph = cell.paragraphs[0]
            amount = fields and fields[place] in {"current", "capital", "coach", "grant", "own_share"}
            long = fields and fields[place] in {"name", "why", "what", "remedy", "place", "school", "read"}
            paragraph.alignment = RIGHT if amount else None if long else CENTER
            self._run(paragraph, words, 12)

    def _run(self, paragraph, words: str, size: int) -> None:
        run = paragraph.add_run(words)
        run.font.size, run.font.name = Pt(size), FONT
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)

    @staticmethod
    def _repeat(row) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def _page_numbers(self, paragraph) -> None:
        paragraph.alignment = CENTER
        for words, code in (("第 ", "PAGE"), (" 頁，共 ", "NUMPAGES"), (" 頁", "")):
            self._run(paragraph, words, 12)
            if code:
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), code)
                paragraph._p.append(field)
                self._run(paragraph, "1", 12)
                field.append(paragraph.runs[-1]._element)

    def head(self, speed: str, attachment: str) -> None:
        """From 檔號 to 附件, in the order of the document rules."""
        self.line("檔　　號：", 12, indent=11)
        self.line("保存年限：", 12, indent=11)
        self.line("{{ agency }}　函", 20, CENTER)
        for label, field in (("地　　址", "address"), ("承 辦 人", "officer"), ("電　　話", "telephone"),
                             ("傳　　真", "fax"), ("電子信箱", "email")):  # fmt: skip
            self.line(f"{label}：{{{{ {field} }}}}", 12, indent=7.5)
        self.line("受文者：{{ recipient }}")
        self.line("發文日期：中華民國　　　年　　　月　　　日", 12)
        self.line("發文字號：{{ number_prefix }}　　　　　　　　　　號", 12)
        self.line(f"速別：{speed}", 12)
        self.line("密等及解密條件或保密期限：", 12)
        self.line(f"附件：{attachment}", 12)
        self.line("")

    def subject(self, words: str) -> None:
        """主旨, one paragraph."""
        self.line(f"主旨：{words}", hanging=1.7)

    def reasons(self, items: list[str]) -> None:
        """說明, with its items."""
        self.line("說明：")
        for item in items:
            deep = item.startswith("（")
            self.line(item, indent=1.7 if deep else 0.6, hanging=1.7 if deep else 1.15)

    def foot(self, copies: bool) -> None:
        """正本, 副本 and the signature."""
        self.line("")
        self.line("正本：{{ recipient }}", 12)
        self.line("副本：{{ copies }}" if copies else "副本：", 12, hanging=1.3)
        self.line("")
        self.line("{{ signatory }}", 20)

    def save(self, path: Path) -> None:
        """Write the template, with no name and a fixed date among its properties."""
        properties = self.document.core_properties
        properties.author, properties.title = "", path.stem
        properties.created = properties.modified = datetime(2018, 1, 1)
        self.document.save(path)


def county_award() -> Draft:
    """核定函 to a county."""
    draft = Draft()
    draft.head("", "如說明三")
    draft.subject(
        "核定補助{{ polite }}所屬學校辦理「{{ title }}」計{{ school_count }}校{{ class_count }}班，"
        "補助經費新臺幣{{ total }}，請於{{ papers_due }}前備文檢附請款文件到部辦理撥款，請查照。"
    )
    draft.reasons(
        [
            "一、依據「{{ title }}」實施方案肆、七辦理。",
            "二、本案為部分補助，中央補助比率{{ percent }}%，{{ polite }}應相對自籌新臺幣{{ own_total }}；"
            "各校核定班級數與經費如下表（單位：元）。",
            "三、請檢附下列文件各1份：",
            *PAPERS,
        ]
    )
    draft.table(MONEY, MONEY_ROW, "schools", MONEY_WIDTHS)
    sums = ["", "", "各校合計", "{{ class_count }}", "{{ current_sum }}", "{{ capital_sum }}", "{{ coach_sum }}",
            "{{ grant_sum }}", "{{ own_sum }}"]  # fmt: skip
    draft.more(sums, MONEY_ROW)
    draft.more(["{%tr for row in lines %}"])
    draft.more(
        ["", "", "{{ row.label }}（{{ row.cite }}）", "", "", "", "", "{{ row.amount }}", ""], MONEY_ROW
    )
    draft.more(["{%tr endfor %}"])
    draft.more(["", "", "補助總計", "", "", "", "", "{{ total_figures }}", ""], MONEY_ROW)
    draft.foot(copies=True)
    return draft


def school_award() -> Draft:
    """核定函 to a national school."""
    draft = Draft()
    draft.head("", "如說明三")
    draft.subject(
        "核定補助{{ polite }}辦理「{{ title }}」計{{ class_count }}班，補助經費新臺幣{{ total }}，"
        "請於{{ papers_due }}前備文檢附請款文件到部辦理撥款，請查照。"
    )
    draft.reasons(
        [
            "一、依據「{{ title }}」實施方案肆、七辦理。",
            "二、本案為部分補助，補助比率{{ percent }}%，{{ polite }}應自籌新臺幣{{ own_total }}；核定經費如下表（單位：元）。",
            "三、請檢附下列文件各1份：",
            *SCHOOL_PAPERS,
        ]
    )
    draft.table(MONEY, MONEY_ROW, "schools", MONEY_WIDTHS)
    draft.foot(copies=False)
    return draft


def refusal(county: bool) -> Draft:
    """未獲補助函 to a county or to a national school."""
    draft = Draft()
    draft.head("普通件", "")
    whom = "{{ polite }}所屬學校申請" if county else "{{ polite }}申請"
    count = "計{{ school_count }}校" if county else ""
    end = "請查照轉知。" if county else "請查照。"
    draft.subject(f"{whom}「{{{{ title }}}}」，未獲補助{count}，{end}")
    draft.reasons(
        [
            "一、依據「{{ title }}」實施方案肆、五及肆、七辦理。",
            "二、備取學校於獲補助學校放棄時依序遞補；各校審查結果、理由及依據條次如下表。",
        ]
    )
    draft.table(REFUSED, REFUSED_ROW, "schools", REFUSED_WIDTHS)
    draft.foot(copies=county)
    return draft


def correction() -> Draft:
    """補正通知."""
    draft = Draft()
    draft.head("", "檢核結果1份")
    draft.subject(
        "{{ polite }}申請「{{ title }}」之資料應補正{{ fault_count }}件，"
        "請於{{ deadline }}前更正後重新上傳計畫網站，逾時視同放棄，請查照。"
    )
    draft.reasons(
        [
            "一、依據「{{ title }}」實施方案肆、四、(四)、4辦理；截止後不得補件或抽換。",
            "二、應補正事項如下表；並請參閱所附檢核結果。",
        ]
    )
    draft.table(FAULTS, FAULT_ROW, "faults", FAULT_WIDTHS)
    draft.foot(copies=False)
    return draft


DRAFTS = {
    "核定函_縣市": county_award,
    "核定函_國立學校": school_award,
    "未獲補助函": lambda: refusal(county=True),
    "未獲補助函_國立學校": lambda: refusal(county=False),
    "補正通知": correction,
}

if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, make in DRAFTS.items():
        make().save(out / f"{name}.docx")
