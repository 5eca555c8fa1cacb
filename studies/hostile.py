"""The hostile study: broken and hostile files, each in an inbox with a healthy neighbour.

    python -m studies.hostile [--mutations 20000] [--seed 107]

Holds for each file: no traceback, no dead run, no hang; the file is named with its reason; the
neighbour is read whole. Prints the figures for docs/studies/hostile.md. Files are made in a process
of their own, so that the peak of memory is that of reading.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile

from mlbatch.forms import inbox
from mlbatch.plan import load_plan
from studies.archives import Healthy, packed

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "input_samples" / "2018-01"
BASE = SAMPLES / "宜蘭縣" / "024696霧坪國小.xlsx"
NEIGHBOUR = SAMPLES / "宜蘭縣" / "宜蘭縣-推薦學校名單.xlsx"
HEALTHY_NAME = "healthy.xlsx"
BATCH = 500
MOST_PEAK = 300  # MB, of the parent


def main() -> None:
    """Run the whole study and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=107)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--small", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        return make_kinds(given.make, great=not given.small)
    with tempfile.TemporaryDirectory(dir=ROOT / "output") as folder:
        study(Path(folder), given.mutations, given.seed)


def study(folder: Path, mutations: int, seed: int) -> None:
    """Run both halves in `folder`; print; raise AssertionError for the first file that did harm."""
    subprocess.run(
        [sys.executable, "-m", "studies.hostile", "--make", folder / "kinds"], cwd=ROOT, check=True
    )
    began, outcomes, slowest = time.perf_counter(), Counter(), (0.0, "")
    for name, must, inbox_folder in every_kind(folder / "kinds"):
        start = time.perf_counter()
        bucket, why = read_kind(name, must, inbox_folder)
        slowest = max(slowest, (time.perf_counter() - start, name))
        outcomes[bucket or "read"] += 1
        print(f"| {name} | {bucket or 'read'} | {why} |", flush=True)
    print(f"kinds: {sum(outcomes.values())} in {time.perf_counter() - began:.0f} s; {dict(outcomes)}")
    print(f"slowest kind: {slowest[1]}, {slowest[0]:.1f} s")
    began = time.perf_counter()
    reasons = Counter()
    bases = [BASE.read_bytes(), NEIGHBOUR.read_bytes(), *other_formats(folder)]
    for number, contents in enumerate(batches(bases, mutations, seed)):
        reasons += read_batch(folder / "mutations" / str(number), contents)
    print(f"mutations: {sum(reasons.values())} in {time.perf_counter() - began:.0f} s")
    for reason, count in reasons.most_common():
        print(f"| {reason} | {count} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"parent's peak: {peak} MB")
    assert peak < MOST_PEAK


# Kinds --------------------------------------------------------------------------------------------


def make_kinds(folder: Path, great: bool = True) -> None:
    """Make one inbox a kind under `folder`, in order; without the `GREAT` ones, if told so.

    Imports the makers here, since they hold great texts.
    """
    from studies import hostile_files as files
    from studies import hostile_parts as parts

    healthy = Healthy(BASE.read_bytes())
    made = {
        "aside": files.NOT_A_WORKBOOK,
        "any": files.ARCHIVE | parts.PARTS | parts.CELLS | parts.OTHER_FORMATS,
        "refused": parts.REFUSED,
        "read": parts.READ,
    }
    for must, kinds in made.items():
        for name, make in kinds.items():
            if name in GREAT and not great:
                continue
            (_inbox(folder, name, must) / "hostile.xlsx").write_bytes(make(healthy))
    for name, own in files.NAMES.items():
        with open(bytes(_inbox(folder, name, "any")) + b"/" + own, "wb") as file:
            file.write(healthy.content)
    for name, place in files.PLACED.items():
        place(_inbox(folder, name, "aside") / "hostile.xlsx")


def _inbox(folder: Path, name: str, must: str) -> Path:
    """An inbox with the neighbour; beside it the kind's name and what must become of it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{len(list(folder.iterdir())):03}" / "inbox"
    made.mkdir(parents=True)
    (made.parent / "kind").write_text(f"{name}\n{must}")
    (made / HEALTHY_NAME).write_bytes(NEIGHBOUR.read_bytes())
    return made


def every_kind(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """The name of each kind, what must become of it, and its inbox."""
    for made in sorted(folder.iterdir()):
        yield *(made / "kind").read_text().split("\n"), made / "inbox"


def read_kind(name: str, must: str, folder: Path) -> tuple[str, str]:
    """Read one kind's inbox; its bucket and reason. AssertionError if it is not as it must be."""
    came = gathered(folder)
    others = came.files[came.files["file"] != HEALTHY_NAME]
    if not any(path.name != HEALTHY_NAME and not path.is_dir() for path in folder.iterdir()) and not len(
        others
    ):
        return "略過", "資料夾內沒有檔案"
    assert len(others) == 1, name
    bucket, why = others.iloc[0][["bucket", "why"]]
    told = {finding.kind.id for finding in came.findings if finding.at.file != HEALTHY_NAME}
    assert bucket in BUCKETS[must], (name, bucket, why)
    assert not bucket or why, name
    assert must != "refused" or told == {"I5-refused"}, (name, told)
    assert must != "read" or told & TOLD, (name, told)
    return bucket, why or "、".join(sorted(told))


GREAT = {
    "wide and long text",
    "larger than allowed",
    "parts of one name too large together",
    "bomb of one part",
    "bomb below the limit",
    "bomb in a picture",
    "long attribute",
    "long tag name",
    "5,000 sheets",
    "shared string of 150 MB",
    "inline string of 40 MB",
    "300,000 filled rows",
    "overlapping parts",
    "ods with rows repeated 2**31 times",
    "ods with all cells repeated",
    "xls with a wheel of sectors",
}  # kinds whose file or whose reading takes its time
BUCKETS = {"any": ("", "擱置"), "aside": ("擱置", "略過"), "refused": ("擱置",), "read": ("",)}
TOLD = {"I6-foreign", "I7-hidden", "I7-error-cell", "I7-not-calculated"}


def gathered(folder: Path) -> inbox.Inbox:
    """Read an inbox and hold that the healthy neighbour is whole."""
    came = inbox.gather(folder, PLAN)
    (neighbour,) = [one for one in came.readings if one.file == HEALTHY_NAME]
    assert len(neighbour.records["listed"]) == NEIGHBOURS_ROWS
    assert neighbour.findings == ()
    return came


# Mutations ----------------------------------------------------------------------------------------


def batches(bases: Sequence[bytes], count: int, seed: int) -> Iterator[list[bytes]]:
    """`count` mutated files in batches; the same seed gives the same files."""
    chance = random.Random(seed)
    for start in range(0, count, BATCH):
        yield [mutated(chance.choice(bases), chance) for _ in range(min(BATCH, count - start))]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to four mutations, of the file's bytes or, inside the archive, of a part."""
    for _ in range(chance.randint(1, 4)):
        try:
            content = _in_part(content, chance) if chance.random() < 0.85 else _bytes(content, chance)
        except (BadZipFile, ValueError, KeyError, OSError, NotImplementedError, RuntimeError, EOFError):
            content = _bytes(content, chance)
        except Exception:  # zlib and struct have errors of their own
            content = _bytes(content, chance)
    return content


def _in_part(content: bytes, chance: random.Random) -> bytes:
    parts = Healthy(content).parts
    name = chance.choice(sorted(parts))
    how = chance.randrange(10)
    if how == 0:
        del parts[name]
    elif how == 1:
        parts[chance.choice(sorted(parts))] = parts[name]
    else:
        parts[name] = _bytes(parts[name], chance)
    return packed(parts)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    """The content with some bytes flipped, cut out, doubled, put in, or a number made great."""
    if not content:
        return b"\0"
    at, size = chance.randrange(len(content)), chance.choice((1, 2, 4, 8, 64, 512))
    how = chance.randrange(7)
    if how == 0:
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
    if how == 1:
        return content[:at] + content[at + size :]
    if how == 2:
        return content[:at] + content[at : at + size] * chance.choice((2, 3, 50)) + content[at + size :]
    if how == 3:
        return content[:at] + chance.randbytes(size) + content[at + size :]
    if how == 4:
        return content[:at] + chance.choice(NASTY) + content[at:]
    if how == 5:
        digit = next((i for i in range(at, len(content)) if 48 <= content[i] <= 57), at)
        return content[:digit] + chance.choice(NUMBERS) + content[digit + 1 :]
    return content[:at]


NASTY = (
    b"\0",
    b"\xff\xff\xff\xff",
    b"<",
    b"</",
    b"]]>",
    b"&#0;",
    b"\xed\xa0\x80",
    b'"',
    b"<!--",
    b"\x7f\xff\xff\xff",
)
NUMBERS = (b"0", b"-1", b"4294967296", b"2147483647", b"1048577", b"1e999", b"99999999999999999999", b"")


def read_batch(folder: Path, contents: Sequence[bytes]) -> Counter[str]:
    """Read mutated files as one inbox with the neighbour; how often each reason was given."""
    folder.mkdir(parents=True)
    for number, content in enumerate(contents):
        (folder / f"{number:04}.xlsx").write_bytes(content)
    (folder / HEALTHY_NAME).write_bytes(NEIGHBOUR.read_bytes())
    files = gathered(folder).files
    assert len(files) == len(contents) + 1
    set_aside = files["bucket"] == "擱置"
    assert (files.loc[set_aside, "why"] != "").all()
    for path in folder.iterdir():
        path.unlink()
    return Counter(files.loc[files["file"] != HEALTHY_NAME, "why"].where(set_aside, "（讀取）"))


def other_formats(folder: Path) -> list[bytes]:
    """The neighbour as .xls and .ods, by LibreOffice, where it is installed."""
    saved = []
    for ending in ("xls", "ods"):
        command = [
            "soffice",
            "--headless",
            f"-env:UserInstallation={(folder / 'office').as_uri()}",
            "--convert-to",
        ]
        try:
            subprocess.run([*command, ending, "--outdir", folder, NEIGHBOUR], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        saved.append((folder / NEIGHBOUR.with_suffix(f".{ending}").name).read_bytes())
    return saved


PLAN = load_plan()
NEIGHBOURS_ROWS = 4

if __name__ == "__main__":
    main()
