"""Each made-up run is rendered once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.render import RenderedReport, render
from tests.reports.report_cases import CASES

Rendered = Callable[[str], RenderedReport]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Render a case by name, or give what was rendered before."""
    done: dict[str, RenderedReport] = {}

    def get(name: str) -> RenderedReport:
        if name not in done:
            folder: Path = tmp_path_factory.mktemp(name)
            done[name] = render(CASES[name].write(folder))
        return done[name]

    return get
