"""What tests share: a small scenario, and Hypothesis that gives the same examples on every machine.

`HYPOTHESIS_PROFILE=explore` draws fresh examples instead.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

SMALL_TOWN = """\
title: A small town
question: Does a small run work from one end to the other?
look_for:
  - Nothing in particular.
duration: 2 h
population: {wallets: 300, corporates: 0}
merchants: {count: 12}
demand:
  segments:
    retail: {payments: 24000 /day, profile: flat}
"""
"""About 2,000 payments."""


def slow(*values: object) -> Any:
    """A case of a parametrised test that only the slow tests have."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture
def signals_count() -> Iterator[None]:
    """What a test starts ends by signals, even where the tests themselves run in the background or under `nohup`, which
    ignore some, and pass that on."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGHUP)}
    for one, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(one, signal.default_int_handler if one == signal.SIGINT else signal.SIG_DFL)
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.fixture
def small_town(tmp_path: Path) -> Path:
    """A scenario file that runs in a moment, in a folder of its own."""
    folder = tmp_path / "scenario"
    folder.mkdir()
    file = folder / "small-town.yaml"
    file.write_text(SMALL_TOWN, encoding="utf-8")
    return file
