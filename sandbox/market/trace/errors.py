"""What is said when a whole trace cannot be used: `ScenarioErrors` that point at the file, its lines and columns."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from sandbox.language import N_, _
from sandbox.market.trace.refusals import Refusal, Tally
from sandbox.scenario.errors import ScenarioError, ScenarioErrors, short
from sandbox.scenario.paths import nearest
from sandbox.scenario.schema import Trace


def refuse(path: Path, problem: str, *, line: int | None = None, column: str = "") -> NoReturn:
    """Say one thing about the file."""
    raise ScenarioErrors([ScenarioError(short(str(path), 1000), line, None, short(column), problem)])


def no_column(path: Path, missing: dict[str, str], names: list[str], line: int | None) -> NoReturn:
    """Columns (name by role) are not there; tells what is, and the nearest name."""
    there = ", ".join(f"'{short(name, 30)}'" for name in names[:12]) + (", ..." if len(names) > 12 else "")
    hint = ""
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        hint = "; fields must be separated by commas"
    raise ScenarioErrors(
        ScenarioError(
            short(str(path), 1000), line, None, f"columns.{role}", f"there is no column '{short(name)}'{hint}",
            expected=f"one of {there}", nearest=nearest(name, names),
        )
        for role, name in missing.items()
    )  # fmt: skip


def too_many_refused(path: Path, trace: Trace, tally: Tally) -> NoReturn:
    """More lines were refused than the scenario allows: how many, why, and the first few."""
    file = short(str(path), 1000)
    refused = tally.rows - tally.accepted
    counts = ", ".join(f"{reason} {count}" for reason, count in tally.by_reason().items())
    whole = _(
        N_("lines refused: {refused} of {rows} ({share} %), no payment is left: {reasons}")
        if refused <= trace.refused_at_most * tally.rows
        else N_(
            "lines refused: {refused} of {rows} ({share} %), demand.trace.refused_at_most allows {most} %: {reasons}"
        ),
        refused=refused,
        rows=tally.rows,
        share=f"{refused / tally.rows * 100:.3g}",
        most=f"{trace.refused_at_most * 100:g}",
        reasons=counts,
    )
    examples = [_one(file, trace, refusal) for refusal in tally.examples]
    raise ScenarioErrors([ScenarioError(file, None, None, "", whole), *examples])


def _one(file: str, trace: Trace, refusal: Refusal) -> ScenarioError:
    column = "" if refusal.role is None else str(getattr(trace.columns, refusal.role))
    return ScenarioError(file, refusal.line, None, short(column), refusal.words())
