"""Make the list of fields in templates/letters/README.md from the letters' facts (公文欄位).

Run `make docs`; a test says when the committed page is out of date. What stands above the list is written by hand.
"""

from __future__ import annotations

from pathlib import Path

from mlbatch.letters.fields import KINDS, documented

PAGE = Path(__file__).parent.parent / "templates" / "letters" / "README.md"
HEAD = """## 欄位

由程式產生（`make docs`），請勿手改。金額除「補助總額」「自籌總額」（例：204萬3,295元）外，皆為加千分位之元。
"""


def page(before: str) -> str:
    """The whole page: what stands before the list in the page `before`, then the list."""
    return before.partition(HEAD.splitlines()[0])[0] + HEAD + "".join(map(_section, KINDS))


def _section(kind: str) -> str:
    rows = (f"| `{name}` | {note} |" for name, note in documented(kind))
    return "\n".join([f"\n### {kind}\n", "| 欄位 | 內容 |", "|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
