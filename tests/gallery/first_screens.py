"""The first screens of the gallery as text, for a person to read through: `first_screens.md` beside this file.

`python -m tests.gallery.first_screens` runs every scenario and writes the file again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sandbox
from reports.sections.first_screen import of_run
from sandbox.scenario import gallery

GOLDEN: Final = Path(__file__).with_name("first_screens.md")
HEAD: Final = """# First screens of the gallery

For each scenario: its question, the answer in bold, its numbers and the sentences that follow, under its own seed.
"""


def screen(name: str, folder: Path) -> str:
    """The first screen of a scenario of the gallery, run into a folder."""
    run = sandbox.run(name, out=folder / name)
    return "\n".join(_lines(name, run))


def _lines(name: str, run: sandbox.Run) -> Iterator[str]:
    said, first = run.summary["scenario"], of_run(run.path)
    yield from (f"## {name}", "", str(said["title"]), "", f"> {said['question']}", "", f"**{first.lead}**", "")
    for tile in first.tiles:
        yield f"- **{tile.value}** {tile.label}" + (f" ({tile.beside})" if tile.beside else "")
    for text in (*first.texts, *first.warnings):
        yield from ("", text)
    yield ""


def screens(text: str) -> dict[str, str]:
    """The golden file's screens by scenario."""
    return {one.partition("\n")[0].strip(): f"## {one}" for one in text.split("\n## ")[1:]}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = [screen(name, Path(folder)) for name in gallery.names()]
    GOLDEN.write_text("\n".join([HEAD, *found]), encoding="utf-8")
