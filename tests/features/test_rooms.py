"""A feature is named in its room alone: who takes its folder away, and its line in the list, has a house without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, house, modules


def named_outside(root: Path) -> list[str]:
    """Files that name a feature and are not in its room; the list of built-in ones may."""
    rooms = [file.parent for file in sorted((root / "sandbox" / "features").glob("*/__init__.py"))]
    assert rooms, "no feature has a room"
    texts = {name: (file, file.read_text(encoding="utf-8")) for name, file in modules(root).items()}
    return [
        f"{name}: {room.name}"
        for name, (file, text) in texts.items()
        for room in rooms
        if name != "sandbox.feature" and room not in file.parents and re.search(rf"\b{room.name}\b", text)
    ]


def test_a_feature_is_named_in_its_room_alone() -> None:
    assert named_outside(ROOT) == []


@pytest.mark.parametrize("text", ["import sandbox.features.tips", "PARTS = ['tips']", "# as in tips"])
def test_one_that_is_named_elsewhere_is_seen(tmp_path: Path, text: str) -> None:
    room = {
        "sandbox__features": '"""F."""',
        "sandbox__features__tips": '"""T."""',
        "sandbox__features__tips__sums": "tips = 1",
    }
    root = house(tmp_path, **room, sandbox__records=f'"""R."""\n{text}', sandbox__feature="BUILT_IN = ('tips',)")
    assert named_outside(root) == ["sandbox.records: tips"]
