"""The gallery of scenarios that come with the package, by name, and where a scenario named by a user is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from sandbox import installed
from sandbox.language import _
from sandbox.scenario.errors import ScenarioError, ScenarioErrors, short
from sandbox.scenario.numerals import folded
from sandbox.scenario.paths import nearest

SUFFIX: Final = ".yaml"
SUFFIXES: Final = (SUFFIX, ".yml")
_SHORTEST_PART = 3


class Located(NamedTuple):
    """A scenario's file: its name for tables, where it is, and what errors call it."""

    name: str
    path: Path
    label: str


def names() -> list[str]:
    """The scenarios of the gallery, sorted."""
    return [file.stem for file in installed.gallery()]


def read_text(name: str) -> str:
    """The text of a scenario of the gallery.

    Raises:
        ScenarioErrors: there is none of this name; the nearest is named.
    """
    if name not in names():
        raise ScenarioErrors([_unknown(name)])
    return in_gallery(name).path.read_text(encoding="utf-8")


def in_gallery(name: str) -> Located:
    """Where a scenario of the gallery is."""
    return Located(name, installed.GALLERY / (name + SUFFIX), f"scenarios/{name}{SUFFIX}")


def locate(source: str | Path) -> Located:
    """Find a scenario by what a user calls it: the name of one in the gallery, or else a path.

    Raises:
        ScenarioErrors: it looks like a name, and is neither in the gallery nor a file.
    """
    if isinstance(source, str) and source in names():
        return in_gallery(source)
    path = Path(source)
    looks_like_a_name = isinstance(source, str) and path.name == source and path.suffix not in SUFFIXES
    if looks_like_a_name and not exists(path):
        raise ScenarioErrors([_unknown(str(source))])
    if _is_missing(path):
        raise ScenarioErrors([_no_file(source, path)])
    # A name that is no text (Linux allows any bytes) could be written into no table.
    name, label = (words.encode("utf-8", "replace").decode("utf-8") for words in (path.stem, str(source)))
    return Located(name, path, label)


_MOST_BESIDE: Final = 1_000


def exists(path: Path) -> bool:
    """Whether there is anything; not where that cannot be said."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_missing(path: Path) -> bool:
    """Whether there is no such file; of what cannot be looked at, whoever opens it says why."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _no_file(source: str | Path, path: Path) -> ScenarioError:
    near = path.stem if path.stem in names() else nearest(path.name, beside(path), 0.8)
    label = str(source).encode("utf-8", "replace").decode("utf-8")
    here = near if near is None or near == path.stem else str(path.parent / near)
    return ScenarioError(label, None, None, "", _("there is no such file"), nearest=here)


def beside(path: Path) -> list[str]:
    """Other scenario files in the folder of a path; none where it cannot be read, the first ones of very many."""
    try:
        found = [one.name for one in islice(path.parent.iterdir(), _MOST_BESIDE) if one.suffix in SUFFIXES]
    except (OSError, ValueError):
        return []
    return sorted(set(found) - {path.name})


def _unknown(name: str) -> ScenarioError:
    near, several = suggested(name, [*names(), *beside(Path(name))])
    problem = (
        _("neither a scenario of the gallery nor a file")
        if near or several
        else _(
            "neither a scenario of the gallery nor a file; `ecny-sandbox list` shows the gallery; what has "
            "spaces in it goes in quotes"
        )
    )
    return ScenarioError(short(name), None, None, "", problem, short(name), several, near)


def suggested(name: str, known: Iterable[str]) -> tuple[str | None, str | None]:
    """The one that is meant by a part of its name, or is most like it; where a part is in several, which they are.

    >>> suggested("luohu", ["luohu-red-packets-2020", "operator-outage"])
    ('luohu-red-packets-2020', None)
    >>> suggested("day", ["city-day", "holiday", "outage"])
    (None, 'one of city-day, holiday')
    """
    part = folded(name).strip().casefold()
    every = list(known)
    within = [one for one in every if len(part) >= _SHORTEST_PART and part in one.casefold()]
    if len(within) > 1:
        return None, _("one of {names}", names=", ".join(within))
    return (within[0] if within else nearest(name, every)), None
