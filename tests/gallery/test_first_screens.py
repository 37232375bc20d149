"""The first screen of every scenario of the gallery says what the golden file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.scenario import gallery
from sandbox.scenario.load import load
from tests.gallery.first_screens import GOLDEN, screen, screens

SCREENS = screens(GOLDEN.read_text(encoding="utf-8"))


def test_the_golden_file_has_each_scenario_once() -> None:
    assert list(SCREENS) == list(gallery.names())


@pytest.mark.parametrize("name", gallery.names())
def test_every_scenario_says_what_answers_it(name: str) -> None:
    assert load(name).scenario.answers


@pytest.mark.slow
@pytest.mark.parametrize("name", gallery.names())
def test_a_first_screen_is_the_reviewed_one(name: str, tmp_path: Path) -> None:
    """After a change on purpose: `python -m tests.gallery.first_screens`, and read what it wrote."""
    assert screen(name, tmp_path).strip() == SCREENS[name].strip()
