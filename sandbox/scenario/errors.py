"""What a user is told about a mistake in a scenario: each mistake with its place, and all of them at once.

An error prints as `FILE:LINE: PATH: what is wrong; expected ... Did you mean '...'?`. Lines and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sandbox.language import _
from sandbox.visible import visible

SHOWN_ERRORS: Final = 50
SHOWN_CHARACTERS: Final = 60


@dataclass(frozen=True)
class ScenarioError:
    """One mistake.

    Attributes:
        file: as the user named it, or `--set` or `--seed` for the command line.
        line, column: from 1; None where there is no line (a missing file, the command line).
        path: of the parameter, such as `rules.box.enabled`; empty if the file as a whole is meant.
        problem: what is wrong, without the rest.
        value: the bad value, shortened; None if there is none.
        expected: what would be right; None if `problem` says it.
        nearest: the nearest valid name or value; None if nothing is near.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    problem: str
    value: str | None = None
    expected: str | None = None
    nearest: str | None = None

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        if self.expected is None:
            return self.problem
        return _("{problem}; expected {expected}", problem=self.problem, expected=self.expected)

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        says = self.sentence
        if self.nearest is not None:
            says = _("{problem}. Did you mean '{nearest}'?", problem=says, nearest=short(self.nearest, 200))
        return visible(": ".join(part for part in (place, self.path, says) if part))

    def as_dict(self) -> dict[str, Any]:
        """For JSON output."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class ScenarioErrors(Exception):
    """Everything that is wrong with a scenario, sorted by place. Never empty."""

    def __init__(self, errors: Iterable[ScenarioError]) -> None:
        self.errors: tuple[ScenarioError, ...] = tuple(dict.fromkeys(sorted(errors, key=_place)))
        super().__init__(self.errors)

    @property
    def lines(self) -> list[str]:
        """What to print: a line a mistake, of the first ones."""
        lines = [str(error) for error in self.errors[:SHOWN_ERRORS]]
        if len(self.errors) > SHOWN_ERRORS:
            lines.append(_("... and {count} more", count=len(self.errors) - SHOWN_ERRORS))
        return lines

    def __str__(self) -> str:
        return "\n".join(self.lines)


def _place(error: ScenarioError) -> tuple[str, int, int, str]:
    return error.file, error.line or 0, error.column or 0, error.path


def shown(value: object, most: int = SHOWN_CHARACTERS) -> str:
    """A value as an error shows it: in quotes if text, shortened, and without characters that steer a terminal.

    >>> shown("2000"), shown(7), shown(True), shown(None), shown([1, 2]), shown({"a": 1})
    ("'2000'", '7', 'true', 'null', 'a list of 2', 'a mapping of 1')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return _("a mapping of {count}", count=len(value))
    if isinstance(value, (list, tuple)):
        return _("a list of {count}", count=len(value))
    if isinstance(value, str):
        return f"'{short(value, most)}'"
    return short(str(value), most)


def short(words: str, most: int = SHOWN_CHARACTERS) -> str:
    """Text cut to `most` characters, with unprintable ones escaped."""
    cut = words if len(words) <= most else words[: most - 1] + "…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in cut)
