"""What mutants are made from: the gallery's scenarios, whole, without their words, and cut down to one section each
with what it needs, which loads in a few milliseconds."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from tests.fuzz.sites import Source

WORDS: Final = ("sources", "look_for")
HEAD: Final = ("extends", "title", "question")
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "faults": ("institutions",),
    "offline": ("population",),
    "crossborder": ("population", "duration"),
    "supervision": ("crime", "demand", "population"),
    "crime": ("demand", "population"),
    "bills": ("population", "duration"),
    "data_exchange": ("population", "duration"),
    "contracts": ("population", "merchants", "duration", "institutions"),
    "flight": ("rules", "institutions", "population", "duration"),
    "campaigns": ("population",),
    "demand": ("population",),
    "series": ("duration",),
    "duration": ("series",),
    "rules": ("institutions", "demand", "duration"),
}
"""What a section cannot do without where it is used to the full."""
ONE_BANK: Final = "institutions: {Bank of X: {share: 100 %}}\n"
"""In place of the ten default institutions, which make a scenario slow to load."""


@cache
def gallery_source(name: str) -> Source:
    """A scenario of the gallery as it stands."""
    return Source(name, gallery.read_text(name))


@cache
def without_words(name: str) -> Source:
    """A scenario of the gallery without its sources and what to look for."""
    return _cut(name, tuple(one for one in _sections(name) if one not in WORDS))


SHORT: Final = {"title": "title: A title\n", "question": "question: A question?\n"}
"""In place of the scenario's words, which take longer to read than all else."""


@cache
def _sections(name: str) -> dict[str, str]:
    source = gallery_source(name)
    return {
        str(site.path[0]): source.words(source.lines(site)).strip("\n") + "\n"
        for site in source.sites
        if len(site.path) == 1
    }


def _cut(name: str, sections: tuple[str, ...], more: str = "") -> Source:
    texts = _sections(name) | SHORT
    return Source(name, "".join(text for section, text in texts.items() if section in sections) + more)


@cache
def _section_alone(name: str, section: str, folder: Path) -> Source:
    kept = (*HEAD, section, *NEEDS.get(section, ()))
    file = folder / f"{name}-{section}.yaml"
    for more in ("", ONE_BANK) if "institutions" in _sections(name) else (ONE_BANK, ""):
        source = _cut(name, kept, more if "institutions" not in kept or "institutions" not in _sections(name) else "")
        file.write_text(source.text, encoding="utf-8")
        try:
            load(file)
        except ScenarioErrors:
            continue
        return source
    return without_words(name)


def draw(random: Random, folder: Path) -> Source:
    """One to make a mutant from; small ones far more often than large ones."""
    name = random.choice(gallery.names())
    chance = random.random()
    if chance < 0.02:
        return gallery_source(name)
    if chance < 0.06:
        return without_words(name)
    section = random.choice([one for one in _sections(name) if one not in (*WORDS, *HEAD)])
    return _section_alone(name, section, folder)
