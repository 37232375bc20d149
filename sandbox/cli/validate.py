"""`ecny-sandbox validate`: published results beside what the simulator gives for them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from sandbox.cli import options, terminal
from sandbox.language import N_, _
from sandbox.validation.cases import case, names

if TYPE_CHECKING:
    from sandbox.validation.check import Case, CheckOverSeeds


@click.command(
    name="validate",
    help=_(
        "Reproduce published results, as a table.\n\nEach NAME is something that was published; all if "
        "none is given. Says what was published, by whom, what the simulator gives for it, and between "
        "which two numbers that has to lie. Exit status 1 if something does not."
    ),
)
@click.argument("asked", metavar="[NAME]...", nargs=-1, type=options.OneOf(names))
@options.option(
    "--seeds",
    type=options.Whole(min=1),
    default=1,
    metavar="N",
    help=_("Run with seeds 1 to N; the means have to lie there."),
)
@options.option("--json", "as_json", is_flag=True, help=_("Print the table as JSON."))
def command(asked: Sequence[str], seeds: int, as_json: bool) -> int:
    from sandbox.cli.failures import FAILED

    chosen = [case(name) for name in asked or names()]
    found: dict[str, list[CheckOverSeeds]] = {}
    for one, rows in _run(chosen, seeds):
        found[one.name] = rows
        if not as_json:
            terminal.tell(*_block(one, rows, seeds), "")
    judged = [row for rows in found.values() for row in rows if row.judged]
    off = sum(not row.holds for row in judged)
    if as_json:
        terminal.tell_json({name: [_entry(row) for row in rows] for name, rows in found.items()})
    else:
        terminal.tell(
            _("{held} of {count} numbers lie between their limits.", count=len(judged), held=len(judged) - off)
        )
    return FAILED if off else 0


def _run(cases: Sequence[Case], seeds: int) -> Iterator[tuple[Case, list[CheckOverSeeds]]]:
    from sandbox.cli.progress import ProgressBar
    from sandbox.validation.words import label

    done, whole = 0, len(cases) * seeds
    for one in cases:
        with ProgressBar() as bar:

            def on_seed(seed: int, one: Case = one, bar: ProgressBar = bar) -> None:
                nonlocal done
                done += 1
                bar(done / whole, label(one.name))

            bar(done / whole, label(one.name))
            rows = one.rows(range(1, seeds + 1), on_seed)
        yield one, rows


def _block(one: Case, rows: Sequence[CheckOverSeeds], seeds: int) -> Iterator[str]:
    """A case as lines of text."""
    from sandbox.validation.words import label, words

    yield label(one.name)
    head = _("found") if seeds == 1 else _("found, {seeds} seeds", seeds=seeds)
    first = ("", _("published"), head, _("limits"), "", _("source"))
    cells: list[tuple[str, ...]] = [first, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(first))]
    for line in cells:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    if fitted := words(f"{one.name}.fitted"):
        yield _wrapped(_("Fitted: {what}.", what=fitted))
    if note := words(f"{one.name}.note"):
        yield _wrapped(note)


def _wrapped(sentence: str) -> str:
    return textwrap.fill(sentence, 100, initial_indent="  ", subsequent_indent="  ")


def _cells(row: CheckOverSeeds) -> tuple[str, ...]:
    from sandbox.validation.words import label

    check = row.check
    found = check.shown(row.mean)
    if len(row.found) > 1:
        between = _("{least} to {most}", least=check.shown(min(row.found)), most=check.shown(max(row.found)))
        found += f" ({between})"
    if not row.judged:
        return label(check.what), check.published, found, "", "", check.source
    limits = _("{least} to {most}", least=check.shown(check.least), most=check.shown(check.most))
    verdict = _(N_("holds") if row.holds else N_("OFF"))
    return label(check.what), check.published, found, limits, verdict, check.source


def _entry(row: CheckOverSeeds) -> dict[str, Any]:
    check, limits = row.check, {"least": row.check.least, "most": row.check.most} if row.judged else {}
    return {
        "what": check.what, "published": check.published, "source": check.source, "mean": row.mean,
        "found": list(row.found), **limits, "holds": row.holds if row.judged else None,
    }  # fmt: skip
