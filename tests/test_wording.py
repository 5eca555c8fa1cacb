"""What a letter says, and how it is set, whatever program saved it."""

import random
from io import BytesIO

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from mlbatch.published import What, touched
from mlbatch.wording import Unreadable, wording
from studies import hands
from studies.offices import small_letter

LETTER = small_letter("受文者/01_縣/核定函.docx", 100, "王示範")


def changed(edit, content=LETTER):
    """The letter after `edit` of its document."""
    letter = docx.Document(BytesIO(content))
    edit(letter)
    buffer = BytesIO()
    letter.save(buffer)
    return buffer.getvalue()


def base(content=LETTER):
    said = wording(content)
    from mlbatch.record import sha256

    return {"written": sha256(content), "form": said.form, "words": list(said.hashes)}


def test_paragraphs_and_rows_are_units_in_order_and_blanks_are_none():
    letter = changed(
        lambda d: (
            d.add_paragraph(""),
            d.add_paragraph("  尾　"),
            d.sections[0].header.paragraphs[0].add_run("頁首"),
        )
    )
    assert wording(letter).units[-4:] == ("二、本案補助100元。", "合計｜100", "尾", "頁首")


@pytest.mark.parametrize("save", [hands.saved_again, hands.packed_again])
def test_saving_without_a_change_is_proven_to_be_none(save):
    content = save(LETTER, random.Random(1))
    assert content != LETTER
    assert touched(content, base()) is None


@pytest.mark.parametrize("edit", hands.WORDS)
@pytest.mark.parametrize("seed", range(4))
def test_every_edit_of_words_is_an_edit(edit, seed):
    assert touched(hands.edited(LETTER, edit, random.Random(seed)), base()) is What.EDITED


def test_another_setting_is_no_edit_of_words_and_is_not_proven_untouched():
    assert touched(hands.edited(LETTER, hands.set_bold, random.Random(1)), base()) is What.RESAVED


def test_a_run_cut_in_two_is_the_same_form():
    def cut(letter):
        run = letter.paragraphs[4].runs[0]
        words, run.text = run.text, run.text[:3]
        letter.paragraphs[4].add_run(words[3:])

    assert touched(changed(cut), base()) is None


def test_a_tracked_deletion_is_an_edit_and_what_was_deleted_is_not_said():
    def delete(letter):
        run = letter.paragraphs[5].runs[0]._r
        gone = OxmlElement("w:del")
        run.addprevious(gone)
        gone.append(run)

    content = changed(delete)
    assert "說明：" not in wording(content).units
    assert touched(content, base()) is What.EDITED


def test_the_result_of_a_field_says_nothing():
    def numbered(result):
        def edit(letter):
            for kind, words in (
                ("begin", ""),
                ("", " PAGE "),
                ("separate", ""),
                ("text", result),
                ("end", ""),
            ):
                run = letter.paragraphs[0].add_run(words if kind == "text" else "")
                if kind == "":
                    code = OxmlElement("w:instrText")
                    code.text = words
                    run._r.append(code)
                elif kind != "text":
                    mark = OxmlElement("w:fldChar")
                    mark.set(qn("w:fldCharType"), kind)
                    run._r.append(mark)

        return wording(changed(edit)).units

    assert numbered("1") == numbered("27")
    assert numbered("1")[0] == "承辦人：王示範{PAGE}"


@pytest.mark.parametrize("content", [b"", b"PK", LETTER[:-200], b"PK" + LETTER[2:900]])
def test_what_is_no_whole_document_is_told(content):
    with pytest.raises(Unreadable):
        wording(content)


@pytest.mark.skipif(not hands.SOFFICE, reason="LibreOffice is not installed")
def test_a_letter_saved_by_libreoffice_has_the_same_words(tmp_path):
    (content,) = hands.libreoffice([LETTER], tmp_path)
    assert touched(content, base()) is What.RESAVED
