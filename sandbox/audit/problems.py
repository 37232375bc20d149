"""What does not hold in a run folder: the file, the place in it, and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from sandbox.language import N_, _

FIGURE: Final = N_("{name} is {said}; by {table} it is {found}")
ROWS: Final = N_("it has {found} rows, not {said} as the manifest says")
AS_SAID: Final = "{reason}"
"""What somebody else has put into words already."""
MOST_SHOWN: Final = 200
"""Characters of one value in a sentence."""


class Problem(NamedTuple):
    """One thing that does not hold."""

    file: str
    place: str
    """`row 17`, `line 3`, `block 2`; empty for the whole file."""
    message: str
    """Marked with `N_`."""
    values: dict[str, object]

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {_(self.message, **{name: _seen(one) for name, one in self.values.items()})}"


@dataclass
class Findings:
    """What was looked at, and what does not hold."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    payments: int = 0
    blocks: int = 0
    signatures: int = 0
    tables: int = 0
    covers: str = "no_balances"
    """`every_balance`, `least_balances` or `no_balances`: how much of the balances was worked out again."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


def problem(file: str, place: str, message: str, /, **values: object) -> Problem:
    """A problem with the values of its sentence."""
    return Problem(_seen(file), place, message, values)


def wrong_figure(file: str, place: str, name: str, said: object, table: str, found: object) -> Problem:
    """A figure that is another by some table."""
    return problem(file, place, FIGURE, name=name, said=said, table=table, found=found)


def first_wrong_row(
    file: str, said: Sequence[Mapping[str, Any]], table: str, found: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """The first row of a file that is not what follows from a table."""
    if len(said) != len(found):
        yield problem(file, "", ROWS, found=len(said), said=len(found))
        return
    for number, (here, there) in enumerate(zip(said, found, strict=True)):
        for name, value in there.items():
            if here[name] != value:
                yield wrong_figure(file, in_row(number), name, here[name], table, value)
                return


def in_row(number: int) -> str:
    """The place of a row of a table."""
    return _("row {number}", number=number)


def in_line(number: int) -> str:
    """The place of a line of the journal."""
    return _("line {number}", number=number)


def of_payment(number: int) -> str:
    """The place of a payment, by its number."""
    return _("payment {number}", number=number)


def _seen(value: object) -> str:
    """A value as a line of text shows it: names and texts of a stranger may be long, or steer a terminal."""
    words = str(value)
    plain = (
        words
        if words.isprintable()
        else "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in words)
    )
    return plain if len(plain) <= MOST_SHOWN else plain[:MOST_SHOWN] + "..."
