"""What the tests of loading share: a small file, written and loaded."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

HEAD = "title: A title\nquestion: A question?\n"


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a scenario below its title and question, and give its path."""

    def writer(text: str = "", name: str = "case.yaml", head: str = HEAD) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(head + textwrap.dedent(text), encoding="utf-8")
        return file

    return writer
