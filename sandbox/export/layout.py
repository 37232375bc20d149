"""The layouts that a run can be exported in."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.feature import declared
from sandbox.language import N_

if TYPE_CHECKING:
    from sandbox.records import Run


@dataclass(frozen=True)
class Layout:
    """A published layout; a feature declares the one that its runs can be exported in.

    Args:
        name: what it is called on the command line.
        place: of the function that writes it, as `module:function`. It takes the run, the folder for the files, whether
            files may be replaced and, if it can be short, how many payments to write at most; it returns the files.
        doc: what it holds, for the command line's help.
        can_be_short: whether it can be written of some payments only.
    """

    name: str
    place: str
    doc: str
    can_be_short: bool = False

    def export(self, run: Run, folder: Path, force: bool, most: int | None) -> list[Path]:
        """Write the files of a run."""
        write: Callable[..., list[Path]] = pkgutil.resolve_name(self.place)
        return write(run, folder, force, *((most,) if self.can_be_short else ()))


PAYSIM: Final = Layout("paysim", "sandbox.export.paysim:export", N_("transactions with balances"))


def layouts() -> dict[str, Layout]:
    """All of them by name."""
    return {one.name: one for one in (PAYSIM, *(one for _, one in declared(Layout)))}
