"""How a letter looks (公文格式): 標楷體, 20, 16 and 12 points, margins of 2.5 cm, page numbers.

Used once, by make_letters.py; from then on the .docx files are the source.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell

FONT = "標楷體"
RIGHT, CENTER, LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
AGENCY, BODY, DATA, TABLE = "公文機關", "公文本文", "公文資料", "公文表格"
SIZES = {AGENCY: 20, BODY: 16, DATA: 12, TABLE: 12}
CONTACT = [
    ("地址", "機關地址"),
    ("承辦人", "承辦人"),
    ("電話", "電話"),
    ("傳真", "傳真"),
    ("電子信箱", "電子信箱"),
]


class Draft:
    """One template while it is written, from the top of the letter down."""

    def __init__(self) -> None:
        self.document = Document()
        self._drop_thumbnail()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
        self._styles()
        self._page_numbers(section.footer.paragraphs[0])

    # Parts of a letter ---------------------------------------------------------------------------

    def head(self, speed: str, annex: str) -> None:
        """From 檔號 to 附件, in the order of the document rules."""
        for label in ("檔　　號：", "保存年限："):
            self.line(label, DATA, left=330)
        self.line("{{ 機關全銜 }}　函", AGENCY, CENTER, after=6)
        for label, field in CONTACT:
            self.line(f"{label}：{{{{ {field} }}}}", DATA, left=180, hanging=12 * (len(label) + 1))
        self.line("受文者：{{ 受文者 }}", BODY, before=12, after=6)
        self.line("發文日期：中華民國　　年　　月　　日", DATA)
        self.line("發文字號：{{ 發文字 }}　　　　　　　　號", DATA)
        self.line(f"速別：{speed}", DATA)
        self.line("密等及解密條件或保密期限：", DATA)
        self.line(f"附件：{annex}", DATA, after=12)

    def subject(self, words: str) -> None:
        """主旨, one paragraph."""
        self.line(f"主旨：{words}", hanging=48, after=6)

    def reasons(self, *items: str) -> None:
        """說明: items 一、 and below them （一）."""
        self.line("說明：")
        for item in items:
            deep = item.startswith("（")
            self.line(item, left=32 if deep else 16, hanging=48 if deep else 32)

    def waivers(self, number: str) -> None:
        """The item of 說明 on what was waived, left out where nothing was."""
        self.line("{%p if 豁免 %}")
        self.line(f"{number}、上列學校之豁免與裁示：", left=16, hanging=32)
        self.line("{%p for 裁 in 豁免 %}")
        self.line(
            "{{ 裁.學校名稱 }}之「{{ 裁.事項 }}」，依{{ 裁.裁示機關 }}{{ 裁.日期 }}{{ 裁.公文文號 }}豁免：{{ 裁.理由 }}。",
            left=48,
        )
        for end in ("{%p endfor %}", "{%p endif %}"):
            self.line(end)

    def foot(self) -> None:
        """正本, 副本 and the signature of the head, never alone on a page."""
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        for words, before, after in (("正本：{{ 受文者 }}", 10, 0), ("副本：{{ 副本 }}", 0, 12)):
            self.line(words, DATA, hanging=36, before=before, after=after)
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self.line("{{ 署名 }}", AGENCY)

    def annex(self, title: str, note: str) -> None:
        """The landscape page of the table."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
        self.line("附件", DATA)
        self.line(title, BODY, CENTER)
        self.line(note, DATA, RIGHT, after=3)

    def landscape(self) -> None:
        """Turn the page at which the draft stands."""
        section = self.document.sections[-1]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)

    def new_page(self) -> None:
        """Let the paragraph that was written last begin a page of its own, but for the first of a loop."""
        self.document.paragraphs[-1].paragraph_format.page_break_before = True

    def line(
        self, words: str, style: str = BODY, align=None, *, left=0, hanging=0, before=0, after=0
    ) -> None:
        """One paragraph; distances in points, `hanging` by which the lines after the first stand in."""
        paragraph = self.document.add_paragraph(words, style)
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent = Pt(left + hanging), Pt(-hanging)
        form.space_before, form.space_after = Pt(before), Pt(after)

    # Tables --------------------------------------------------------------------------------------

    def table(self, columns: list[tuple], loop: str) -> None:
        """A table with a repeated header, and a row for each item of `loop` (校 in 學校)."""
        self.columns = columns
        self._table = self.document.add_table(rows=0, cols=len(columns), style="Table Grid")
        self._table.alignment, self._table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        self._margins()
        for grid, (_, _, width, _) in zip(self._table.columns, columns, strict=True):
            grid.width = Cm(width)
        self.row([label for label, *_ in columns], head=True)
        self.rows(loop, [words for _, words, *_ in columns])

    def grouped_head(self, groups: list[tuple[str, int]]) -> None:
        """Put a row above the header: (label, how many columns); a label of one column reaches down."""
        lower = self._table.rows[0]
        upper = self._table.add_row()
        lower._tr.addprevious(upper._tr)
        for mark in ("w:cantSplit", "w:tblHeader"):
            self._mark(upper, mark)
        place = 0
        for label, count in groups:
            cell = upper.cells[place]
            if count == 1:
                lower.cells[place].paragraphs[0].clear()
                cell = cell.merge(lower.cells[place])
                for empty in cell.paragraphs[1:]:
                    empty._p.getparent().remove(empty._p)
            elif count > 1:
                cell = cell.merge(upper.cells[place + count - 1])
            self._cell(cell, label, CENTER)
            place += count

    def rows(self, loop: str, cells: list[str], span: int = 1) -> None:
        """A row for each item of `loop`."""
        self.row([f"{{%tr for {loop} %}}"])
        self.row(cells, span=span)
        self.row(["{%tr endfor %}"])

    def row(self, cells: list[str], *, span: int = 1, head: bool = False, height: float = 0) -> None:
        """One row, at least `height` cm high; the first `span` columns are one cell."""
        row = self._table.add_row()
        if height:
            row.height = Cm(height)
        self._mark(row, "w:cantSplit")
        if head:
            self._mark(row, "w:tblHeader")
        if span > 1:
            row.cells[0].merge(row.cells[span - 1])
        places = [0, *range(span, len(self.columns))]
        for place, (_, _, width, align) in enumerate(self.columns):
            row.cells[place].width = Cm(sum(c[2] for c in self.columns[:span]) if place < span else width)
            if place in places and places.index(place) < len(cells):
                words = cells[places.index(place)]
                self._cell(row.cells[place], words, CENTER if head else LEFT if place < span > 1 else align)

    def _cell(self, cell: _Cell, words: str, align) -> None:
        first, *more = words.split("\n")
        paragraph = cell.paragraphs[0]
        paragraph.style, paragraph.alignment = TABLE, align
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph.add_run(first)
        for line in more:
            cell.add_paragraph(line, TABLE).alignment = align

    def _margins(self) -> None:
        """Room around the words of a cell: 0.05 cm above and below, 0.1 cm at the sides."""
        margins = OxmlElement("w:tblCellMar")
        for side, width in (("top", 28), ("left", 57), ("bottom", 28), ("right", 57)):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), str(width))
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        self._table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)

    @staticmethod
    def _mark(row, name: str) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement(name))

    # The file ------------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Write the template, with nobody's name and a fixed date among its properties."""
        properties = self.document.core_properties
        properties.author, properties.comments, properties.title = "", "", path.stem
        properties.created = properties.modified = datetime(2018, 1, 1)
        self.document.save(path)

    def _styles(self) -> None:
        styles = self.document.styles
        for name in (AGENCY, BODY, DATA, TABLE):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        for name, size in {"Normal": 16, "Footer": 12, **SIZES}.items():
            style = styles[name]
            style.font.name, style.font.size = FONT, Pt(size)
            for script in ("w:eastAsia", "w:cs"):
                style.element.rPr.rFonts.set(qn(script), FONT)
            style.paragraph_format.space_after = Pt(0)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-TW")
        styles["Normal"].element.rPr.append(language)

    def _page_numbers(self, paragraph) -> None:
        paragraph.alignment = CENTER
        for words, code in (("第 ", "PAGE"), (" 頁，共 ", "NUMPAGES"), (" 頁", "")):
            paragraph.add_run(words)
            for kind in ("begin", "instr", "separate", "1", "end") if code else ():
                self._field(paragraph.add_run(), kind, code)

    @staticmethod
    def _field(run, kind: str, code: str) -> None:
        """One step of a field; the number 1 is what is shown until Word counts the pages."""
        if kind == "1":
            run.text = kind
            return
        mark = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
        if kind == "instr":
            mark.text = f" {code} "
        else:
            mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)

    def _drop_thumbnail(self) -> None:
        """Leave out the picture that python-docx's own template carries."""
        relations = self.document.part.package.rels
        for key in [k for k, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
            del relations[key]
