"""The front door for Python: three functions, imported when they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sandbox
from sandbox import api, records


def test_importing_the_package_imports_its_version_alone() -> None:
    code = "import sys, sandbox; print([name for name in sys.modules if name.startswith('sandbox.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['sandbox.version']"


def test_the_public_names_are_there() -> None:
    assert sandbox.run is api.run
    assert sandbox.load is api.load
    assert sandbox.open_run is records.open_run
    assert sandbox.Run is records.Run
    assert set(sandbox.__all__) <= set(dir(sandbox))
    with pytest.raises(AttributeError, match="no attribute 'stimulate'"):
        _ = sandbox.stimulate


@pytest.mark.parametrize("bad", ["", "al", "sample:", "sample:0", "sample:-1", "sample:2", "sample:nan", 0, 1.5, True])
def test_what_is_no_record_choice_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="sample:F"):
        api.parse_record(bad)  # type: ignore[arg-type]


def test_a_run_goes_into_a_folder_that_any_system_can_make(tmp_path: Path) -> None:
    from sandbox.api import default_out

    text = "title: A title\nquestion: A question?\n"
    for name in ("red: packets", "x" * 240, "红" * 80):
        file = tmp_path / f"{name}.yaml"
        file.write_text(text)
        folder = default_out(api.load(file)).name
        assert ":" not in folder
        assert len(folder.encode()) < 130
