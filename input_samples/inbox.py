"""Build the inbox of any month of the sample year: `python input_samples/inbox.py 2018-08 FOLDER`.

Run with the same folder month after month it brings in what came since, replaces what came anew, and takes out what the senders
took back; files that are not the sample's stay. It then says how to run the month.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

SAMPLES = Path(__file__).parent


def months() -> dict[str, str]:
    """Month → the day of its run, in order."""
    rows = csv.DictReader((SAMPLES / "tables" / "months.csv").read_text("utf-8").splitlines())
    return {row["month"]: row["as_of"] for row in rows}


def inbox(month: str) -> dict[str, Path]:
    """Path in the inbox of a month → the file of the samples that it holds."""
    return {path: source for path, source in _arrived(month).items() if source}


def _arrived(month: str) -> dict[str, Path | None]:
    """Every path up to a month with its last file; None for what was taken out again."""
    return {path: source for at, path, source in _rows() if at <= month}


def _rows() -> Iterator[tuple[str, str, Path | None]]:
    text = (SAMPLES / "year" / "arrivals.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield row["月份"], row["收件路徑"], SAMPLES / row["範例檔案"] if row["範例檔案"] else None


def build(month: str, folder: Path) -> int:
    """Bring the folder to what the month holds; how many files that are."""
    for path, source in _arrived(month).items():
        target = folder / path
        if source:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        else:
            target.unlink(missing_ok=True)
    return len(inbox(month))


def main() -> None:
    """Build one month's inbox, and say what to do next."""
    parser = argparse.ArgumentParser(description="由範例組成任一月份之收件資料夾")
    parser.add_argument("month", choices=list(months()), metavar="月份", help="2017-09 至 2019-03")
    parser.add_argument("folder", type=Path, metavar="收件資料夾", help="寫到何處；可逐月用同一個資料夾")
    given = parser.parse_args()
    count, as_of = build(given.month, given.folder), months()[given.month]
    print(f"{given.folder}：{given.month} 之收件資料夾，{count} 個檔案。執行：")
    print(f"mlbatch run {given.folder} --out output/107 --as-of {as_of}")


if __name__ == "__main__":
    main()
