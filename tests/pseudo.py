"""A language that nobody speaks: every message in accented letters between brackets, its placeholders as they were.

What is left in plain letters came past the translation: names and values, or a sentence that nobody marked. Days and
months are Chinese, so that they are seen to be CLDR's.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
LANGUAGE: Final = "zh"
SPEAKS: Final = {"ECNY_SANDBOX_LANG": LANGUAGE}
BEGINS: Final = "\x1e"
ENDS: Final = "\x1f"
_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED: Final = "àƀćďéƒğĥíĵķĺḿńöƥʠŕšţúṽŵẋýžÀƁĆĎÉƑĞĤÍĴĶĹḾŃÖƤɊŔŠŢÚṼŴẊÝŽ"
_TABLE: Final = str.maketrans(_PLAIN, _ACCENTED)
_HOLE: Final = re.compile(r"(\{[\w!.]*\}|%\(\w+\)s|%[sd])")
_PATTERN: Final = re.compile(r"[EdMyHms: ]+")
"""A pattern of CLDR's for dates is a message, and no text."""
_WORD: Final = re.compile(r"(?<![\w.'/=-])[A-Za-z][A-Za-z']*[A-Za-z](?![\w'/=-])")


def accented(message: str) -> str:
    """A message in that language.

    >>> accented("{count} runs"), accented("EEE d MMM")
    ('[{count} ŕúńš]', 'EEE d MMM')
    """
    if _PATTERN.fullmatch(message):
        return message
    parts = _HOLE.split(message)
    return "[" + "".join(part if place % 2 else part.translate(_TABLE) for place, part in enumerate(parts)) + "]"


def compiled(folder: Path, without: frozenset[str] = frozenset()) -> Path:
    """A folder with the catalogue of that language: every message that is found in the code and in click, but some."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    from sandbox.language import DOMAIN
    from tools.messages import template

    catalog = Catalog(locale=LANGUAGE, domain=DOMAIN, charset="utf-8")
    for one in template():
        if one.id and one.id not in without:
            said = (accented(one.id[1]),) if isinstance(one.id, tuple) else accented(one.id)
            catalog.add(one.id, said, context=one.context)
    place = folder / LANGUAGE / "LC_MESSAGES" / f"{DOMAIN}.mo"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_mo(file, catalog)
    return folder


def plain_words(text: str) -> list[str]:
    """Words of two plain letters and more, in order; what is a part of a path, of a file's name or of a number is none.

    >>> plain_words("[ţĥé] end of rules.box, p95 in runs/a-1: 5 ms")
    ['end', 'of', 'in', 'ms']
    """
    without_paths = re.sub(r"[\w*\[\]']+(?:\.[\w*\[\]']+)+", "", text)
    return [word for word in _WORD.findall(without_paths) if word.isascii()]


class Page(HTMLParser):
    """What a person reads of a page: text, and words that stand for an image; no code, no style."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in ("style", "script", "code", "pre"):
            self._within.append(tag)
        self.said += [value for name, value in attrs if value and name in ("alt", "title", "aria-label")]

    def handle_endtag(self, tag: str) -> None:
        """End one."""
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._within and data.strip():
            self.said.append(data.strip())


def door(catalogues: str, drawn: str, lines: str) -> None:
    """Command lines with those catalogues, after one another; texts that figures draw go into a file."""
    from sandbox import language

    language.choose = partial(language.choose, folder=Path(catalogues))
    from reports.figures import canvas
    from sandbox.cli.main import status_of

    letters = canvas.letters

    def recorded(text: str) -> canvas.Letters:
        with Path(drawn).open("a", encoding="utf-8") as file:
            print(text, file=file)
        return letters(text)

    canvas.letters = recorded  # type: ignore[assignment]
    for line in json.loads(lines):
        print(f"{BEGINS}{json.dumps(line)}", flush=True)
        print(f"{ENDS}{status_of(line)}", flush=True)


class Said(NamedTuple):
    """What a command line printed, and its exit status."""

    text: str
    status: int


def answers(
    folder: Path, catalogues: Path, *lines: tuple[str, ...], variables: Mapping[str, str] = SPEAKS
) -> dict[tuple[str, ...], Said]:
    """What command lines print in that language, started in a folder; `drawn.txt` there is what figures say."""
    made = (sys.executable, "-W", "ignore", "-m", "tests.pseudo", str(catalogues), "drawn.txt", json.dumps(lines))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120", "PYTHONIOENCODING": "utf-8", **variables}
    done = subprocess.run(
        made, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        check=True,
    )  # fmt: skip
    found = {}
    for part in done.stdout.split(BEGINS)[1:]:
        line, _, rest = part.partition("\n")
        text, _, status = rest.rpartition(ENDS)
        found[tuple(json.loads(line))] = Said(text, int(status))
    return found


if __name__ == "__main__":
    door(*sys.argv[1:])
