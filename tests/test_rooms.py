"""The rooms and their one-way imports: cli → batch → rooms → shared things (docs/architecture.md)."""

import ast
import re
from pathlib import Path

import pytest

import mlbatch

PACKAGE = Path(mlbatch.__file__).parent
ROOMS = {"forms", "rules", "workbooks", "letters", "pages"}
SHARED = {
    "columns",
    "applicant",
    "directory",
    "weighing",
    "withdrawal",
    "calendar",
    "classroom",
    "obligation",
    "owed",
    "versions",
    "second_call",
    "plan",
    "finding",
    "catalogue",
    "roc",
    "money",
    "ledger",
    "figures",
    "repeated",
    "breakeven",
    "sheet",
    "workbook_xml",
    "workbook_package",
    "tables",
    "recipient",
    "stop",
    "templates",
    "wording",
    "workday",
    "refund",
    "attending",
    "matching",
    "again",
    "store",
    "recipe",
    "rubbish",
    "children",
    "readable",
}
CORRIDOR = {
    "paying", "batch", "correction", "record", "output", "lock", "exchange", "published", "leak", "unpacked", "budgeting",
    "outbox", "redraft", "dispatch", "twins", "office", "surroundings", "timeless", "opendata", "tracking",
    "closing", "press", "coaching", "workspace", "cluster", "unchanged", "decided",
}  # fmt: skip
PROVING = {"verify", "difference", "scenario", "release", "checking", "plans"}
ALSO_MAY_USE = {
    "plan": {"plan", "stop"},
    "record": SHARED | {"output", "published", "outbox"},
    "output": {"stop", "lock", "exchange", "published"},
    "published": {"wording"},
    "outbox": {"output", "published", "redraft", "wording"},
    "redraft": {"wording"},
    "dispatch": {"outbox", "tables"},
    "release": SHARED | {"output", "published", "outbox", "dispatch", "forms", "letters", "twins"},
    "twins": {"office", "surroundings", "timeless", "output", "published", "forms"},
    "office": {"surroundings"},
    "leak": SHARED | {"output", "unpacked"},
    "verify": SHARED | {"batch", "difference", "published", "outbox", "twins"},
    "pages": SHARED | {"pages", "output"},
    "press": SHARED | {"output", "forms"},
    "decided": SHARED | {"rules", "forms"},
    "unchanged": SHARED | {"output", "press", "batch"},
    "correction": SHARED | ROOMS | {"output", "press"},
    "paying": SHARED | ROOMS | {"output", "press"},
    "budgeting": SHARED | ROOMS | {"output", "press"},
    "opendata": SHARED | {"opendata", "workbooks", "output"},
    "tracking": SHARED | ROOMS | {"output", "press"},
    "closing": SHARED | ROOMS | {"output", "press"},
    "coaching": SHARED | ROOMS | {"output", "press"},
    "workspace": SHARED | {"cluster", "output", "published", "forms"},
    "cluster": SHARED | {"forms"},
    "batch": SHARED | ROOMS | CORRIDOR,
    "checking": SHARED | {"batch", "forms", "rules"},
    "scenario": SHARED | {"batch", "rules", "forms", "workbooks", "output", "record"},
    "plans": SHARED | {"batch", "rules", "forms", "workbooks", "output", "record"},
    "cli": {
        "batch",
        "roc",
        "stop",
        "plan",
        "pages",
        "letters",
        "verify",
        "scenario",
        "release",
        "checking",
        "plans",
        "children",
    },
}
OUTSIDE = {
    "rules": {"pandas"},
    "plan": {"tomllib"},
    "workbooks": {"pandas"},
    "pages": {"pandas", "jinja2"},
    "letters": {"pandas", "docxtpl", "docx", "jinja2", "lxml"},
    "forms": {"pandas", "python_calamine", "xlsxwriter", "openpyxl", "olefile", "pebble"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """The room or shared module that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The modules that a file imports, absolute."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_module_is_in_a_known_room():
    known = ROOMS | SHARED | CORRIDOR | PROVING | {"cli", "__init__", "locale"}
    assert {room(path) for path in MODULES} <= known


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_its_room_may(path):
    own = room(path)
    allowed = ALSO_MAY_USE.get(own, SHARED | {own}) | {"__version__", "__init__"}
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("mlbatch.")}
    assert ours <= allowed


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in OUTSIDE], ids=lambda p: p.stem)
def test_a_room_uses_only_its_own_packages(path):
    packages = {
        "pandas",
        "docxtpl",
        "docx",
        "jinja2",
        "python_calamine",
        "xlsxwriter",
        "openpyxl",
        "click",
        "olefile",
        "pebble",
        "lxml",
    }
    used = {name.split(".")[0] for name in imports(path)} & packages
    assert used <= OUTSIDE[room(path)]


RULES = [path for path in MODULES if room(path) == "rules" and path.stem not in {"__init__"}]
SELECTIONS = {
    "budgeting",
    "intake",
    "sent",
    "review",
    "award",
    "payment",
    "tracking",
    "yearend",
}  # the literal lists of rules


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_imports_no_other_rule_and_no_clock_or_file(path):
    names = imports(path)
    if path.stem not in SELECTIONS:
        others = {name for name in names if name.startswith("mlbatch.rules.")}
        assert others <= {name for name in others if name.startswith("mlbatch.rules.rule.")}
    assert not names & {"os", "time", "pathlib", "pathlib.Path", "random", "io", "open"}
    calls = {
        ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)
    }
    assert not calls & {"open", "date.today", "datetime.now", "datetime.today", "pd.read_excel"}


def test_only_the_renderer_knows_docxtpl_and_only_sheet_and_forms_know_xlsxwriter():
    importers = {
        p.relative_to(PACKAGE).as_posix() for p in MODULES if any(n.startswith("docxtpl") for n in imports(p))
    }
    assert importers == {"letters/render.py"}
    writers = {
        p.relative_to(PACKAGE).as_posix()
        for p in MODULES
        if any(n.startswith("xlsxwriter") for n in imports(p))
    }
    assert {name for name in writers if not name.startswith("forms/")} == {
        "sheet.py", "workbook_package.py", "workbook_xml.py",
    }  # fmt: skip


FORBIDDEN = {"utils", "helpers", "common", "base", "manager"}


def test_no_module_has_a_name_that_says_nothing():
    assert not {path.stem for path in MODULES} & FORBIDDEN


WRITES = re.compile(r"write|merge_range|insert_|add_(?:table|sparkline)")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_only_the_sheet_writes_cells(path):
    """Submitters' text reaches a cell in one way, which never makes a formula or a link of it."""
    if path in (PACKAGE / "sheet.py", PACKAGE / "workbook_xml.py"):
        return
    calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    written = [
        call.attr
        for call in calls
        if isinstance(call, ast.Attribute)
        and WRITES.match(call.attr)
        and ast.unparse(call.value).endswith("worksheet")
    ]
    assert written == []
