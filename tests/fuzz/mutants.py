"""Mutants of a scenario file: one change of a named kind, made where the schema says that it means something, or two.

What is known of a mutant beforehand is its `meaning`: `REFUSED` (it means nothing, so accepting it is a guess),
`SAME` (it is the same scenario in other words, so its digest is the same), or `OPEN` (whatever is accepted has to be
all that was typed). Everything is drawn from a seed, so the same seed is the same mutant on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from tests.fuzz import bases
from tests.fuzz.sites import Site, Source

REFUSED: Final = "must be refused"
SAME: Final = "must mean the same"
OPEN: Final = "may be either"
TWICE: Final = 0.15
"""Share of mutants with two changes."""


class Change(NamedTuple):
    """A changed text, what is known of it, and the character at which it was changed, where the mistake has one."""

    text: str | bytes
    meaning: str
    at: int | None = None

    @property
    def line(self) -> int | None:
        """In which line it was changed."""
        return None if self.at is None or isinstance(self.text, bytes) else self.text.count("\n", 0, self.at) + 1


class Mutant(NamedTuple):
    """A file to try.

    Attributes:
        seed: makes it again.
        kinds: of its changes.
        base: the text that was changed.
        data: the file's bytes.
        meaning: what is known of it.
        line: where its mistake is, if it is known to have one.
    """

    seed: int
    kinds: tuple[str, ...]
    base: Source
    data: bytes
    meaning: str
    line: int | None


Kind = Callable[[Random, Source], Change | None]
"""Changes a text, or finds nothing to change in it."""

KINDS: Final[dict[str, Kind]] = {}
"""Every kind of mutation by name; modules of this folder put theirs in."""


def kind(name: str) -> Callable[[Kind], Kind]:
    """Declare a kind of mutation."""

    def declare(change: Kind) -> Kind:
        KINDS[name] = change
        return change

    return declare


def pick(random: Random, source: Source, fits: Callable[[Site], bool]) -> Site | None:
    """One of the places that fit."""
    fitting = [site for site in source.sites if site.path[0] not in ("title", "question") and fits(site)]
    return random.choice(fitting) if fitting else None


def mutant(seed: int, folder: Path, only: tuple[str, ...] = ()) -> Mutant:
    """The mutant of a seed.

    Args:
        seed: of everything that is drawn.
        folder: where files may be written on the way.
        only: kinds to choose from; all of them if none is named.
    """
    random = Random(seed)
    base = bases.draw(random, folder)
    kinds: list[str] = []
    change = Change(base.text, OPEN)
    for _ in range(2 if random.random() < TWICE else 1):
        if isinstance(change.text, bytes):
            break
        source = Source(base.name, change.text) if kinds else base
        name, after = _one(random, source, only or tuple(KINDS))
        both = after.meaning if after.meaning == REFUSED or not kinds else OPEN
        kinds.append(name)
        change = Change(after.text, both, after.at)
    data = change.text if isinstance(change.text, bytes) else change.text.encode("utf-8", "surrogatepass")
    return Mutant(seed, tuple(kinds), base, data, change.meaning, change.line if len(kinds) == 1 else None)


def _one(random: Random, source: Source, kinds: tuple[str, ...]) -> tuple[str, Change]:
    for _ in range(40):
        name = random.choice(kinds)
        change = KINDS[name](random, source)
        if change is not None and change.text != source.text:
            return name, change
    return "nothing", Change(source.text, OPEN)
