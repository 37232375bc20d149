"""A feature is named in its room alone: who takes its folder away, and its line in the list, has a house without it."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.feature import Feature, FeatureError, Later, features
from sandbox.scenario.schema import Section
from sandbox.tables import Tables
from tests.sources import parsed
from tests.test_architecture import ROOT, house, modules


def named_outside(root: Path) -> list[str]:
    """Files that name a feature and are not in its room; the list of built-in ones may, and so may sentences for
    people, for crime is a word of everybody's."""
    rooms = [file.parent for file in sorted((root / "sandbox" / "features").glob("*/__init__.py"))]
    assert rooms, "no feature has a room"
    # Payments are in flight without any flight from deposits.
    texts = {name: (file, without_sentences(file).replace("in flight", "")) for name, file in modules(root).items()}
    return [
        f"{name}: {room.name}"
        for name, (file, text) in texts.items()
        for room in rooms
        if name != "sandbox.feature" and room not in file.parents and re.search(rf"\b{room.name}\b", text)
    ]


def without_sentences(file: Path) -> str:
    """A module without strings that have a space in them; what documents code, and comments, are left."""
    tree, lines = parsed(file), file.read_bytes().splitlines()
    documents = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (one for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    for node in (one for one in texts if " " in one.value and one not in documents):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        for number in range(first, last + 1):
            line = lines[number]
            begin, end = node.col_offset if number == first else 0, node.end_col_offset if number == last else len(line)
            lines[number] = line[:begin] + b" " * ((end or 0) - begin) + line[end:]
    return b"\n".join(lines).decode()


@pytest.mark.parametrize("feature", features(), ids=lambda one: one.name)
def test_what_is_declared_later_is_of_its_kind(feature: Feature) -> None:
    for one in feature.declarations:
        if isinstance(one, Later):
            module, _, name = one.kind.rpartition(".")
            kind = getattr(importlib.import_module(module), name)
            assert feature.said(kind) is feature.said(kind) is not None


def test_a_later_one_of_another_kind_is_refused() -> None:
    wrong = Feature("wrong", (Later("sandbox.tables.Tables", "sandbox.tables:REFUSALS"),))
    with pytest.raises(FeatureError, match=r"the feature 'wrong': sandbox\.tables:REFUSALS is no Tables"):
        wrong.said(Tables)
    assert wrong.said(Section) is None


def test_reading_a_scenario_imports_no_engine() -> None:
    script = (
        "import sys; from sandbox.scenario.load import load; load('digital-bills');"
        "print([one for one in ('simpy', 'numba', 'pandas', 'matplotlib', 'reports.chapter') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_feature_is_named_in_its_room_alone() -> None:
    assert named_outside(ROOT) == []


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [
        ("import sandbox.features.tips", True),
        ("PARTS = ['tips']", True),
        ("# as in tips", True),
        ("LEVER = 'tips.share'; SAID = 'so “said”'", True),
        ("SAID = 'so “said”'; LEVER = 'tips.share'", True),
        ("def f():\n    'As in tips.'", True),
        ("SAID = ('He gave tips, '\n 'and tips again.', 5)", False),
        ("SAID = f'no tips in {run}'", False),
    ],
)
def test_one_that_is_named_elsewhere_is_seen(tmp_path: Path, text: str, is_seen: bool) -> None:
    room = {
        "sandbox__features": '"""F."""',
        "sandbox__features__tips": '"""T."""',
        "sandbox__features__tips__sums": "tips = 1",
    }
    root = house(tmp_path, **room, sandbox__records=f'"""R."""\n{text}', sandbox__feature="BUILT_IN = ('tips',)")
    assert named_outside(root) == (["sandbox.records: tips"] if is_seen else [])
