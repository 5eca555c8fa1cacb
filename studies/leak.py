"""What one sender types never stands in another recipient's folder.

    python -m studies.leak

Sample months are written anew with a mark of its own in every text cell of every file that a county or
a national school sent. The month is run, every paper for a recipient is unpacked, and each mark that
stands in it is followed to its file: it must be one of the recipient's own.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mlbatch import batch, unpacked
from mlbatch.forms import all_forms, blank
from mlbatch.forms.typed import Typed, TypedReader
from mlbatch.plan import Plan, load_plan
from studies.injection import JOINED, KEPT, MONTHS, SAMPLES, TEXTS

MARK = re.compile(r"QZ(\d{3})X\d+Z")
SENDERS = ("lists", "plans")  # a file with one of these tables is a sender's, not the ministry's own


@dataclass
class Marker:
    """Writes a month with marks; `files` are the marked ones, a mark's number is its file's index."""

    plan: Plan
    files: list[Path] = field(default_factory=list)
    cells: int = 0

    def write(self, sample: Path, inbox: Path) -> None:
        """Write the month into `inbox`, marked."""
        forms = all_forms(self.plan)
        reader = TypedReader(forms, self.plan)
        for path in sorted(path for path in sample.rglob("*") if path.is_file()):
            to = inbox / path.relative_to(sample)
            to.parent.mkdir(parents=True, exist_ok=True)
            content = path.read_bytes()
            typed = reader.read(content)
            sent = typed and any(name in SENDERS for name, _ in typed.form.tables())
            to.write_bytes(self._marked(typed, path.relative_to(sample)) if sent else content)

    def _marked(self, typed: Typed, path: Path) -> bytes:
        self.files.append(path)
        values = {}
        for table, fields in typed.form.tables():
            free = {f.name: f for f in fields if f.kind in TEXTS and f.name not in (*KEPT, *JOINED)}
            rows = typed.values.get(table, ())
            values[table] = [{n: self._cell(free.get(n), raw) for n, raw in row.items()} for row in rows]
        return blank.blank(typed.form, self.plan, recipient=typed.recipient, values=values)

    def _cell(self, free: object, raw: object) -> object:
        if free is None or not isinstance(raw, str) or not raw:
            return raw
        self.cells += 1
        return f"QZ{len(self.files) - 1:03}X{self.cells}Z"


def seen(out: Path) -> Mapping[int, Counter[str]]:
    """The index of each marked file → the recipients' folders where its marks stand, and how often."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    folder = out / "受文者"
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        recipient = path.relative_to(folder).parts[0]
        for line in sorted(unpacked.lines(path.read_bytes())):
            for file in MARK.findall(line):
                found[int(file)][recipient] += 1
    return found


def faults(files: list[Path], found: Mapping[int, Counter[str]]) -> Iterator[str]:
    """Marks that stand with another than their sender, and a study in which no mark stands anywhere."""
    if not found:
        yield "no mark stands anywhere: nothing is proved"
    of_folder: dict[str, set[str]] = defaultdict(set)
    for file, recipients in sorted(found.items()):
        path = files[file]
        top = path.parts[0]
        of_folder[path.name if top == "國立學校" else top] |= set(recipients)
    for sender, recipients in sorted(of_folder.items()):
        if len(recipients) > 1:
            yield f"{sender}: stands in {'、'.join(sorted(recipients))}"
    owners = Counter(one for recipients in of_folder.values() for one in recipients)
    yield from (f"{one}: holds marks of {n} senders" for one, n in sorted(owners.items()) if n > 1)


def month_of(sample: str, as_of: date, plan: Plan, folder: Path) -> tuple[int, int, int, int, list[str]]:
    """Of one month: files and cells marked, recipients whose papers hold marks, marks there, faults."""
    marker = Marker(plan)
    marker.write(SAMPLES / sample, folder / "in")
    batch.run(folder / "in", folder / "out", as_of)
    found = seen(folder / "out")
    recipients = {one for counter in found.values() for one in counter}
    marks = sum(counter.total() for counter in found.values())
    return len(marker.files), marker.cells, len(recipients), marks, list(faults(marker.files, found))


def main() -> None:
    """Run the study and print its figures."""
    plan, bad = load_plan(), []
    print("| month | files | marked cells | recipients with marks | marks in their papers | faults |")
    print("|---|---|---|---|---|---|")
    for sample, as_of in MONTHS.items():
        with tempfile.TemporaryDirectory() as folder:
            *figures, wrong = month_of(sample, as_of, plan, Path(folder))
        print(f"| {sample} | {' | '.join(f'{one:,}' for one in figures)} | {len(wrong)} |")
        bad += [f"{sample}: {one}" for one in wrong]
    print(*bad, sep="\n")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
