"""One run of the evening for all tests here; nobody changes it but under `kept`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journal.folders import make_run


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run folder."""
    return make_run(tmp_path_factory.mktemp("evening") / "run")
