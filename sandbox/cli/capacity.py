"""`ecny-sandbox capacity`: ramp the offered load to its knee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from sandbox.cli import options, terminal
from sandbox.language import _
from sandbox.visible import plain

if TYPE_CHECKING:
    from sandbox.experiment.capacity import Probe

NONE: Final = "none"


@options.callback
def _load(words: str | None) -> float | None:
    """`3x` or `3`."""
    from sandbox.scenario.numerals import folded, read

    if words is None:
        return None
    found = read(words.strip().removesuffix("x"))
    if found is None or not 0 < found < 1_000_000:
        plain = folded(words).lower().replace("×", "x").replace("倍", "x").replace(",", ".")
        near = plain if plain != words and read(plain.removesuffix("x")) else None
        raise click.BadParameter(options.hinted(_("'{text}' is no load such as 3x", text=words), near))
    return float(found)


@options.callback
def _share(words: str | None) -> float | None:
    """`99 %` or `0.99`; None for `none`."""
    return None if words is None or words == NONE else options.share(words)


@options.callback
def _milliseconds(words: str) -> float | None:
    """`1 s` as milliseconds; None for `none`."""
    from sandbox.scenario.units import parse_patience

    found = options.quantity(words, parse_patience)
    if found is not None and found <= 0:
        raise click.BadParameter(_("'{text}': {problem}", text=words, problem=_("more than 0 is expected")))
    return None if found is None else found / 1000.0


@click.command(
    name="capacity",
    help=_(
        "Find how much SCENARIO can carry.\n\nThe offered load is doubled, then bracketed, until the load "
        "is found at which people wait too long or get no answer; the stage that saturates first is "
        "named."
    ),
)
@click.argument("scenario")
@options.option(
    "--by",
    type=click.Choice(["people", "payments"]),
    default="people",
    show_default=True,
    help=_("How load grows: more people who pay as before, or the same people paying more often."),
)
@options.option(
    "--p99",
    default="1 s",
    show_default=True,
    metavar="TIME",
    callback=_milliseconds,
    help=_("99 of 100 settled payments must settle within this; none for no matter."),
)
@options.option(
    "--answered",
    default="99 %",
    show_default=True,
    metavar="SHARE",
    callback=_share,
    help=_("At least this share must be settled or refused by a rule; none for no matter."),
)
@options.option("--success", metavar="SHARE", callback=_share, help=_("At least this share must settle."))
@options.option(
    "--planned",
    metavar="LOAD",
    callback=_load,
    help=_("A planned load, such as 3x: does it fit, with how much room, and what would it take?"),
)
@options.option(
    "--replications",
    type=options.Whole(1, 1000),
    default=3,
    show_default=True,
    metavar="N",
    help=_("Runs of each load."),
)
@options.option(
    "--precision",
    default="2 %",
    show_default=True,
    metavar="SHARE",
    callback=_share,
    help=_("How narrow the bracket round the knee becomes."),
)
@options.option(
    "--most", default="64x", show_default=True, metavar="LOAD", callback=_load, help=_("The heaviest load to try.")
)
@options.overrides
@options.seed
@options.workers
@options.output
def command(scenario: str, quiet: bool, as_json: bool, yes: bool, no_report: bool, **given: Any) -> int:
    from sandbox import api
    from sandbox.cli.many import draw
    from sandbox.cli.progress import ProgressBar

    if given["p99"] is given["answered"] is given["success"] is None:
        raise click.UsageError(
            _("nothing is asked to hold, so any load would; give one of --p99, --answered and --success")
        )
    if not quiet:
        terminal.complain(*options.told([scenario], [given["overrides"]], given["seed"]))
    with ProgressBar(shown=False if quiet else None) as bar:
        bar(0.0, _("preparing; a first run compiles the engine, which takes half a minute"))
        tried = 0

        def on_probe(probe: Probe) -> None:
            nonlocal tried
            tried += 1
            bar(1.0 - 0.8**tried, _line(probe))

        done = api.capacity(scenario, on_probe=on_probe, finish=draw(no_report), **given)
    if as_json:
        terminal.tell_json(done.summary)
    elif not quiet:
        from reports.experiment.capacity import sentences
        from reports.experiment.source import ExperimentData
        from sandbox.cli.many import fitting, folder_lines

        terminal.tell(done.summary["title"])
        for sentence in sentences(ExperimentData(done.summary)):
            terminal.tell(*fitting(sentence))
        terminal.tell(*folder_lines(done))
    return 0


def _line(probe: Probe) -> str:
    from reports import formats

    latency = formats.milliseconds(None if probe.p99_ms is None else probe.p99_ms.value)
    load, answered = f"{plain(probe.load, 4)}x", formats.share(probe.answered.value)
    return _("load {load}: {latency} for 99 of 100, {answered} answered", load=load, latency=latency, answered=answered)
