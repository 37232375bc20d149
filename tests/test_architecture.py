"""The house stays as docs/architecture.md draws it: who may import whom, no circles, short files, short functions.

Every check is a function of a source tree, and is tried on a small tree with the fault seeded before it is trusted on
ours. A check that finds nothing to look at is red.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.sources import parsed

ROOT = Path(__file__).parents[1]
PACKAGES = ("wallets", "sandbox", "reports", "scenarios")
CODE = (*PACKAGES, "tests", "benchmarks", "tools")

MOST_LINES = 400
MOST_FUNCTION_LINES = 70
LONG_FILES: set[str] = set()
"""Files that are allowed to be longer than `MOST_LINES`. May only shrink: an entry that is not needed is an error."""
LONG_FUNCTIONS: set[str] = set()
"""The same for functions, as `path:name`."""


class Import(NamedTuple):
    """One import of a module of ours."""

    importer: str
    imported: str
    line: int


def modules(root: Path) -> dict[str, Path]:
    """Every module of the packages by dotted name."""
    found = {}
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    assert found, f"no module found below {root}"
    return found


@cache
def imports(root: Path) -> list[Import]:
    """Every import of one module of ours by another, also inside functions, or for type annotations only."""
    known = modules(root)
    found = []
    for name, file in known.items():
        for node in ast.walk(parsed(file)):
            for target in targets(node, name, file.name == "__init__.py"):
                while target and target not in known:
                    target = target.rpartition(".")[0]
                if target and target != name:
                    found.append(Import(name, target, node.lineno))  # type: ignore[attr-defined]
    return found


def last_name(node: ast.AST) -> str:
    """`c` of `a.b.c`; empty for what is no name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def targets(node: ast.AST, module: str, is_package: bool) -> Iterator[str]:
    """Dotted names that a statement may import."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            here = module.split(".") if is_package else module.split(".")[:-1]
            kept = here[: len(here) - node.level + 1]
            base = ".".join([*kept, *([node.module] if node.module else [])])
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and last_name(node.func) == "import_module":
        yield from (arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def rules(document: str) -> dict[str, tuple[str, ...]]:
    """The table of docs/architecture.md: for each part, the parts that it may import."""
    allowed: dict[str, tuple[str, ...]] = {}
    for line in document.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        name = dotted(cells[0].strip("`"))
        named = tuple(dotted(part) for part in re.findall(r"`([^`]+)`", cells[2]))
        if cells[2] == "everything":
            allowed[name] = PACKAGES
        elif cells[2].startswith("as "):
            (other,) = named
            allowed[name] = next(parts for known, parts in allowed.items() if known.endswith(other))
        else:
            assert named or cells[2] in ("nothing of ours", "-"), f"not understood: {line}"
            allowed[name] = named
    assert allowed, "docs/architecture.md has no table of who may import what"
    return allowed


def dotted(path: str) -> str:
    return path.removesuffix(".py").strip("/").replace("/", ".")


def part_of(module: str, parts: dict[str, tuple[str, ...]]) -> str | None:
    """The part of the table that a module belongs to: the longest that begins its name."""
    fitting = [part for part in parts if is_within(module, part)]
    return max(fitting, key=len, default=None)


def is_within(module: str, part: str) -> bool:
    return module == part or module.startswith(part + ".")


def wrong_imports(root: Path, allowed: dict[str, tuple[str, ...]]) -> list[str]:
    """Imports that the table does not allow."""
    wrong = []
    for found in imports(root):
        part = part_of(found.importer, allowed)
        if found.importer == "sandbox":
            continue  # names the public functions, which it imports when they are asked for
        if part is None:
            wrong.append(f"{found.importer} belongs to no part of the table in docs/architecture.md")
        elif (
            not any(is_within(found.imported, other) for other in (part, *allowed[part]))
            and found.imported != "sandbox"
        ):
            wrong.append(f"{found.importer}:{found.line} imports {found.imported}: {part} may not")
    return sorted(set(wrong))


def circles(root: Path) -> list[str]:
    """Modules that import one another in a circle."""
    graph: dict[str, set[str]] = {name: set() for name in modules(root)}
    for found in imports(root):
        if found.importer not in PACKAGES:
            graph[found.importer].add(found.imported)
    done: set[str] = set()
    found_circles = []

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            found_circles.append(" -> ".join([*path[path.index(name) :], name]))
            return
        if name in done:
            return
        for imported in sorted(graph[name]):
            visit(imported, [*path, name])
        done.add(name)

    for name in sorted(graph):
        visit(name, [])
    return found_circles


def not_data(root: Path) -> list[str]:
    """What is in `scenarios/` and is not data."""
    files = [
        file for file in sorted((root / "scenarios").rglob("*")) if file.is_file() and "__pycache__" not in file.parts
    ]
    assert any(file.suffix == ".yaml" for file in files), "no scenario found in scenarios/"
    wrong = []
    for file in files:
        if file.name == "__init__.py":
            body = ast.parse(file.read_text(encoding="utf-8")).body
            if any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body):
                wrong.append(f"{file.name} holds code")
        elif file.suffix in (".py", ".pyc", ".so", ".sh"):
            wrong.append(f"{file.name} is code")
    return wrong


def source_files(root: Path) -> list[Path]:
    files = [file for folder in CODE for file in sorted((root / folder).rglob("*.py"))]
    assert files, f"no source file found below {root}"
    return files


def long_files(root: Path) -> set[str]:
    return {
        file.relative_to(root).as_posix()
        for file in source_files(root)
        if len(file.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }


def long_functions(root: Path) -> set[str]:
    found = set()
    for file in source_files(root):
        for node in ast.walk(parsed(file)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES:
                    found.add(f"{file.relative_to(root).as_posix()}:{node.name}")
    return found


def without_header(root: Path) -> list[str]:
    """Modules that do not say at their head what they are."""
    return [name for name, file in modules(root).items() if not ast.get_docstring(parsed(file))]


# The house itself.


@pytest.fixture(scope="module")
def table() -> dict[str, tuple[str, ...]]:
    return rules((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))


def test_imports_run_downwards_only(table: dict[str, tuple[str, ...]]) -> None:
    assert wrong_imports(ROOT, table) == []


def test_every_part_of_the_table_exists(table: dict[str, tuple[str, ...]]) -> None:
    known = modules(ROOT)
    assert [part for part in table if part not in known] == []


def test_the_layers_are_in_order(table: dict[str, tuple[str, ...]]) -> None:
    assert table["wallets"] == ()
    assert table["sandbox.feature"] == ()
    assert table["sandbox.language"] == ("sandbox.feature",)
    assert table["sandbox.tables"] == ("sandbox.feature",)
    assert table["sandbox.files"] == ("sandbox.language",)
    assert set(table["sandbox.records"]) <= {
        "wallets", "sandbox.files", "sandbox.parquet", "sandbox.tables", "sandbox.language"
    }  # fmt: skip
    assert table["reports"] == (
        "sandbox.entries", "sandbox.sentence",
        "sandbox.tables", "sandbox.records", "sandbox.metric", "sandbox.language", "sandbox.visible", "sandbox.disk",
        "sandbox.feature",
    )  # fmt: skip
    for part, allowed in table.items():
        if part != "sandbox.cli":
            assert not any(is_within(other, "sandbox.cli") for other in allowed), part
            assert not any(is_within(other, "sandbox.features") for other in allowed), part
            assert ("reports" in allowed) == (part == "sandbox.features"), part


def test_no_module_imports_itself_in_a_circle() -> None:
    assert circles(ROOT) == []


def test_the_gallery_is_data_only() -> None:
    assert not_data(ROOT) == []


def test_files_stay_short() -> None:
    assert long_files(ROOT) == LONG_FILES, "split a file that is too long; take out of LONG_FILES what is short now"


def test_functions_stay_short() -> None:
    assert long_functions(ROOT) == LONG_FUNCTIONS, (
        "split what is too long; take out of LONG_FUNCTIONS what is short now"
    )


def test_every_module_says_what_it_is() -> None:
    assert without_header(ROOT) == []


# The checks themselves: each must see the fault that is seeded for it.

TABLE = """
| folder | owns | may import |
| --- | --- | --- |
| `wallets/` | wallets | nothing of ours |
| `sandbox/records.py` | tables | nothing of ours |
| `sandbox/engine/` | engine | `wallets`, `sandbox.market` |
| `sandbox/market/` | demand | `wallets`, `sandbox.engine.draws` |
| `sandbox/base/` | banks | as `market` |
| `reports/` | reports | `sandbox.records` |
| `sandbox/cli/` | front door | everything |
| `scenarios/` | gallery | - |
"""


def house(root: Path, **files: str) -> Path:
    """A small tree without a fault, with `files` (by dotted name, `__` for the dot) on top."""
    sound = {
        "wallets": '"""W."""',
        "sandbox": '"""S."""',
        "sandbox__records": '"""R."""',
        "sandbox__engine": '"""E."""',
        "sandbox__engine__draws": '"""D."""\nimport wallets',
        "sandbox__engine__rail": '"""R."""\nfrom sandbox.market import demand',
        "sandbox__market": '"""M."""',
        "sandbox__market__demand": '"""D."""\nfrom sandbox.engine import draws',
        "sandbox__base": '"""B."""',
        "sandbox__base__banks": '"""B."""\nfrom ..engine.draws import draw',
        "sandbox__cli": '"""C."""\nimport reports, sandbox.records',
        "reports": '"""R."""\nfrom sandbox.records import open_run',
        "scenarios": '"""G."""',
    }
    content = {**sound, **files}
    for name, text in content.items():
        parts = name.split("__")
        is_package = any(other.startswith(name + "__") for other in content) or len(parts) == 1
        file = root.joinpath(*parts, "__init__.py") if is_package else root.joinpath(*parts).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    (root / "scenarios" / "one.yaml").write_text("title: one\n")
    return root


def test_a_sound_house_passes_every_check(tmp_path: Path) -> None:
    root = house(tmp_path)
    assert wrong_imports(root, rules(TABLE)) == []
    assert circles(root) == []
    assert not_data(root) == []
    assert long_files(root) == set()
    assert long_functions(root) == set()
    assert without_header(root) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("wallets__classes", "from sandbox import records"),
        ("wallets__classes", "def late():\n    import sandbox.records"),
        ("sandbox__records", "import importlib\nimportlib.import_module('sandbox.engine.rail')"),
        ("sandbox__market__demand", "from sandbox.engine.rail import clear"),
        ("sandbox__market__demand", "from sandbox.engine import rail"),
        ("sandbox__base__banks", "from ..engine import rail"),
        ("sandbox__engine__rail", "import reports"),
        ("reports", "from sandbox.engine.rail import clear"),
        ("reports", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sandbox.engine import rail"),
        ("sandbox__stray", "import wallets"),
    ],
)
def test_an_import_upwards_is_seen(tmp_path: Path, module: str, text: str) -> None:
    assert len(wrong_imports(house(tmp_path, **{module: text}), rules(TABLE))) == 1


@pytest.mark.parametrize("begin", ["def late()", "from typing import TYPE_CHECKING\nif TYPE_CHECKING"])
def test_a_circle_is_seen(tmp_path: Path, begin: str) -> None:
    root = house(tmp_path, sandbox__engine__draws=f"{begin}:\n    from sandbox.market.demand import demand")
    assert circles(root) == ["sandbox.engine.draws -> sandbox.market.demand -> sandbox.engine.draws"]


@pytest.mark.parametrize("name", ["scenarios/helper.py", "scenarios/deep/tool.sh"])
def test_code_in_the_gallery_is_seen(tmp_path: Path, name: str) -> None:
    root = house(tmp_path)
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("x = 1\n")
    assert len(not_data(root)) == 1


def test_code_in_the_gallerys_init_is_seen(tmp_path: Path) -> None:
    assert not_data(house(tmp_path, scenarios='"""G."""\nfrom pathlib import Path')) == ["__init__.py holds code"]


def test_long_files_and_functions_are_seen(tmp_path: Path) -> None:
    body = "\n".join(["def long():"] + ["    x = 1"] * MOST_FUNCTION_LINES)
    root = house(tmp_path, wallets__a=body, wallets__b="\n" * MOST_LINES)
    assert long_functions(root) == {"wallets/a.py:long"}
    assert long_files(root) == {"wallets/b.py"}


def test_a_missing_header_is_seen(tmp_path: Path) -> None:
    assert without_header(house(tmp_path, wallets__a="x = 1", wallets__b='""""""')) == ["wallets.a", "wallets.b"]


def test_finding_nothing_is_red(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    for check in (modules, circles, not_data, long_files, long_functions, without_header):
        with pytest.raises(AssertionError):
            check(tmp_path)
    with pytest.raises(AssertionError):
        rules("no table here")
