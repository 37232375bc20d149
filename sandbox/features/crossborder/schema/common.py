"""What checks of payments across borders find, and what more than one of them finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import N_

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str, dict[str, object]]]
"""Where, below the section; a sentence; what fills it in."""

_NO_RATE: Final = N_("'{name}' has no rate; add it under `crossborder.currencies`")
_NO_JURISDICTION: Final = N_("'{name}' is not a jurisdiction; add it under `crossborder.jurisdictions`")


def unknown(name: str, valid: Iterable[str]) -> dict[str, object]:
    """Values of a problem: a name that is none of those."""
    return {"name": name, "given": name, "valid": list(valid)}


def no_rates(path: Path, codes: Sequence[str], crossborder: CrossBorder) -> Found:
    """Those of some currencies that have no rate."""
    for one in dict.fromkeys(codes):
        if one not in crossborder.currencies:
            yield path, _NO_RATE, unknown(one, crossborder.currencies)


def no_jurisdiction(path: Path, name: str, crossborder: CrossBorder) -> Found:
    """A name that is no jurisdiction's."""
    if name not in crossborder.jurisdictions:
        yield path, _NO_JURISDICTION, unknown(name, crossborder.jurisdictions)
