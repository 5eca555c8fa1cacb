"""What we say (公文): letters as .docx, from templates that a clerk edits in Word (肆.七).

發文日期 and 發文字號 are left to the document system, which gives them when a letter is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mlbatch.letters.facts import award_facts, correction_facts, refusal_facts
from mlbatch.letters.render import LetterError, template
from mlbatch.plan import Plan
from mlbatch.recipient import Recipient, only, recipients
from mlbatch.tables import Tables


@dataclass(frozen=True)
class Letter:
    """One letter: for whom, its file name, and its bytes."""

    recipient: Recipient
    name: str
    content: bytes


def correction_letters(tables: Tables, plan: Plan, as_of: date) -> Iterator[Letter]:
    """補正通知 for each recipient with something to correct, while it still can (肆.四(四)4)."""
    for who in recipients(tables, plan):
        if facts := correction_facts(only(tables, who), plan, who):
            yield Letter(who, "補正通知.docx", template("補正通知").render(facts))


def award_letters(tables: Tables, plan: Plan, as_of: date) -> Iterator[Letter]:
    """核定函 and 未獲補助函, each for its recipient (肆.七(一)1, 肆.七(三))."""
    for who in recipients(tables, plan):
        own = only(tables, who)
        if facts := award_facts(own, plan, who):
            name = "核定函_縣市" if who.county else "核定函_國立學校"
            yield Letter(who, "核定函.docx", template(name).render(facts))
        if facts := refusal_facts(own, plan, who):
            name = "未獲補助函" if who.county else "未獲補助函_國立學校"
            yield Letter(who, "未獲補助函.docx", template(name).render(facts))


__all__ = ["Letter", "LetterError", "award_letters", "correction_letters"]
