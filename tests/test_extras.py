"""Without an extra: what needs it names it before anything is done, and all else is as with it.

The environments of `make test-plain` show the same with the package truly installed alone.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from sandbox.cli.main import status_of
from sandbox.extras import EXTRAS, NEEDS, ExtraMissing, needed
from tests.conftest import SMALL_TOWN
from tests.crossborder.crossings import PLAIN, run_folder
from tests.sources import parsed
from wallets import keys, signatures

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"wallets", "sandbox", "reports", "scenarios"}
IMPORTED_AS = {"ruamel.yaml": "ruamel"}
BROUGHT = {"markupsafe": "jinja2", "pydantic_core": "pydantic", "llvmlite": "numba"}
"""Imported though pyproject.toml does not name it, since what it names is made of it."""

MADE_OF = {"SALib": "scipy", "pyiso20022": "xsdata", "distributed": "dask"}
"""Libraries of an extra that import another one of it."""


class Absent(importlib.abc.MetaPathFinder):
    """Libraries that are not installed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Stops the search."""
        if fullname.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)
        return None


def without(names: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As if these libraries were not installed, and nothing had been imported from them yet."""
    together = {*names, *(user for user, used in MADE_OF.items() if used in names)}
    for name in list(sys.modules):
        if name.partition(".")[0] in together or name == "sandbox.features.crossborder.messages.documents":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Absent(names), *sys.meta_path])


def required(requirements: Sequence[str]) -> set[str]:
    """Names under which what these requirements bring is imported."""
    names = {re.split(r"[\[<>=!~ ;]", one)[0] for one in requirements}
    return {IMPORTED_AS.get(name, name) for name in names}


# What is written down: pyproject.toml, `EXTRAS`, and the imports in the sources.


def test_what_an_extra_brings_is_what_pyproject_says() -> None:
    extras = {name: required(its) for name, its in PROJECT["optional-dependencies"].items() if name != "dev"}
    assert {**{name: set(its) for name, its in EXTRAS.items()}, "cluster": {"distributed", "fsspec"}} == extras
    assert {extra for extra, __ in NEEDS.values()} == set(EXTRAS) - {"crypto"}


def foreign_imports(tree: ast.AST, met: frozenset[str] = frozenset()) -> Iterator[tuple[str, int, bool]]:
    """Each library that is imported, the line, and whether it stands where its absence is met."""
    for child in ast.iter_child_nodes(tree):
        now = met
        if isinstance(child, ast.With):
            for call in (item.context_expr for item in child.items):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "needed":
                    now |= set(EXTRAS[NEEDS[ast.literal_eval(call.args[0])][0]])
        elif isinstance(child, ast.Try):
            caught = {ast.unparse(one.type) for one in child.handlers if one.type is not None}
            now |= {"cryptography", "numba"} if "ImportError" in caught else set()
        names: list[str] = []
        if isinstance(child, ast.Import):
            names = [alias.name for alias in child.names]
        elif isinstance(child, ast.ImportFrom) and not child.level:
            names = [child.module or ""]
        elif isinstance(child, ast.Call) and ast.unparse(child.func).endswith("import_module"):
            names = [re.sub(r"^f?['\"]|['\"]$", "", ast.unparse(argument)) for argument in child.args[:1]]
        for name in (one.partition(".")[0] for one in names):
            if name.isidentifier() and name not in {*sys.stdlib_module_names, *OURS}:
                yield name, child.lineno, name in now  # type: ignore[attr-defined]
        yield from foreign_imports(child, now)


BEHIND = "sandbox/features/crossborder/messages/documents.py"
"""May import what it likes: it is itself imported only where absence is met."""


def test_sources_import_what_is_required_or_meet_its_absence() -> None:
    always = required(PROJECT["dependencies"])
    always |= {name for name, by in BROUGHT.items() if by in always}
    wrong, seen = [], set()
    for file in sorted(file for package in OURS for file in (ROOT / package).rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        for name, line, is_met in foreign_imports(parsed(file)):
            seen.add(name)
            if name not in always and not is_met and place != BEHIND:
                wrong.append(f"{place}:{line}: {name}")
    assert wrong == []
    assert {"SALib", "scipy", "duckdb", "distributed", "fsspec", "cryptography", "numpy"} <= seen


@pytest.mark.parametrize(
    ("source", "is_met"),
    [
        ("with needed('query'):\n    import duckdb", True),
        ("with needed('sobol'):\n    import duckdb", False),
        ("import duckdb", False),
        ("def ask():\n    from duckdb import connect", False),
        ("importlib.import_module(f'duckdb.{name}')", False),
        ("with needed('query'):\n    import_module('duckdb.x')", True),
        ("try:\n    import duckdb\nexcept KeyError:\n    pass", False),
    ],
)
def test_an_import_whose_absence_nobody_meets_is_seen(source: str, is_met: bool) -> None:
    assert [found[::2] for found in foreign_imports(ast.parse(source))] == [("duckdb", is_met)]


# What happens.

SWEEP = ("sweep", "town.yaml", "--vary", "scale=0.5,1", "--yes")
NEEDING = [
    ("query", ("query", "select count(*) from runs", ".")),
    ("doe", (*SWEEP, "--design", "sobol", "--samples", "8")),
    ("doe", (*SWEEP, "--design", "morris", "--samples", "8")),
    ("doe", (*SWEEP, "--design", "saltelli", "--samples", "8")),
    ("cluster", (*SWEEP, "--cluster", "local")),
    ("cluster", (*SWEEP, "--cluster", "tcp://127.0.0.1:9")),
    ("cluster", (*SWEEP, "--processes", "1", "--keep-tables", "memory://kept")),
    ("cluster", (*SWEEP, "--processes", "1", "--keep-tables", "s3://kept/here")),
    ("cluster", ("compare", "town.yaml", "--set", "scale=2", "--cluster", "local")),
    ("cluster", ("compare", "town.yaml", "--stress", "each:ledger", "--cluster", "local")),
    ("cluster", ("run", "town.yaml", "--replications", "2", "--cluster", "local")),
    ("cluster", ("capacity", "town.yaml", "--cluster", "local")),
    ("iso20022", ("export", "run", "--as", "iso20022", "--out", "out")),
]
PARTLY = [("doe", "scipy", NEEDING[2][1]), ("iso20022", "xsdata", NEEDING[-1][1]), ("cluster", "dask", NEEDING[4][1])]
CASES = [
    *((extra, EXTRAS[extra], words) for extra, words in NEEDING),
    *((one, (gone,), it) for one, gone, it in PARTLY),
]


@pytest.mark.parametrize(
    ("extra", "missing", "words"), CASES, ids=[f"{' '.join(words)} without {missing}" for _, missing, words in CASES]
)
def test_a_missing_library_is_named_with_its_extra_before_anything_is_done(
    extra: str,
    missing: tuple[str, ...],
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.yaml").write_text(SMALL_TOWN, encoding="utf-8")
    run_folder(tmp_path / "run", [PLAIN])
    before = sorted(tmp_path.rglob("*"))
    without(missing, monkeypatch)
    assert status_of(list(words)) == 2
    said = capfd.readouterr()
    assert f'-m pip install "ecny-sandbox[{extra}]"' in said.err
    whys = [why for its, why in NEEDS.values() if its == extra]
    assert any(said.err.startswith(f"ecny-sandbox: {why}:") for why in whys), said.err
    assert (said.out, sorted(tmp_path.rglob("*"))) == ("", before)


def test_a_library_that_is_there_and_cannot_be_imported_is_told_with_the_reason() -> None:
    told = r'DuckDB \(cannot load _duckdb\): .* --upgrade "ecny-sandbox\[query\]"'
    with pytest.raises(ExtraMissing, match=told), needed("query"):
        raise ImportError("cannot load _duckdb")
    with pytest.raises(ZeroDivisionError), needed("query"):
        1 / 0  # noqa: B018


@pytest.mark.parametrize("missing", [("cryptography",), ("gmpy2",), ("cryptography", "gmpy2")])
def test_signatures_are_the_same_without_the_libraries_that_speed_them_up(
    missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = signatures._openssl_signer, signatures.by_openssl, keys.simulation_key
    digests = [bytes([number] * 32) for number in range(3)]

    def made() -> tuple[list[bytes], bytes, list[bool]]:
        for one in cached:
            one.cache_clear()
        key = keys.simulation_key(7, "ledger")
        signed = signatures.Signed(key.public, "test", b"message", signatures.sign(key, "test", b"message"))
        wrong = signed._replace(message=b"another")
        digest_signatures = signatures.sign_digests([(key, digest) for digest in digests])
        return digest_signatures, key.public.point, signatures.verify_many([signed, wrong])

    usual = made()
    without(missing, monkeypatch)
    assert made() == usual
    assert usual[2] == [True, False]
    for one in cached:
        one.cache_clear()
