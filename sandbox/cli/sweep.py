"""`ecny-sandbox sweep`: a scenario over many values of its parameters."""

from __future__ import annotations

from typing import Any, Final

import click

from sandbox.cli import options
from sandbox.language import _

_MOST_POINTS: Final = 50


@click.command(
    name="sweep",
    help=_(
        "Run SCENARIO over many values of its parameters.\n\nWithout --vary and --uncertain, what the "
        "scenario's `experiment` section says. A sweep that was stopped goes on where it was, with the "
        "same command."
    ),
)
@click.argument("scenario")
@options.option(
    "--vary",
    multiple=True,
    metavar="PATH=V1,V2,...",
    callback=options.varied,
    help=_("A lever: PATH=V1,V2,... or, to be drawn, PATH=LOW..HIGH (add ' log' for ratios). Repeatable."),
)
@options.option(
    "--uncertain",
    multiple=True,
    metavar="PATH=LOW..HIGH",
    callback=options.varied,
    help=_("What nobody knows: PATH=LOW..HIGH or PATH=V1,V2,...; drawn anew for each sample. Repeatable."),
)
@options.option(
    "--design",
    type=click.Choice(["grid", "latin_hypercube", "sobol", "one_at_a_time", "morris", "saltelli"]),
    help=_(
        "All combinations; samples over all ranges together; or for sensitivity: each parameter at "
        "either end, Morris's screening, Saltelli's points for Sobol indices."
    ),
)
@options.option("--samples", type=options.Whole(1, 1_000_000), metavar="N", help=_("How many draws."))
@options.option(
    "--replications",
    type=options.Whole(1, 100_000),
    metavar="N",
    help=_("Runs of each point, each with other random draws; every point has the same."),
)
@options.metric
@options.overrides
@options.seed
@options.workers
@options.keep_tables
@options.record
@options.output
def command(
    scenario: str,
    vary: dict[str, Any],
    uncertain: dict[str, Any],
    design: str | None,
    samples: int | None,
    replications: int | None,
    overrides: dict[str, str],
    **given: Any,
) -> int:
    from sandbox import api
    from sandbox.cli import many

    return many.run_and_tell(
        lambda execution: api.sweep(
            scenario,
            vary,
            uncertain=uncertain,
            design=design,
            samples=samples,
            replications=replications,
            set=overrides,
            **execution,
        ),
        [scenario],
        _points(overrides, {**vary, **uncertain}),
        **given,
    )


def _points(overrides: dict[str, str], varied: dict[str, Any]) -> list[dict[str, str]]:
    """Each value alone that is to be tried, beside what all have in common."""
    values = [{**overrides, path: one} for path, entry in varied.items() for one in entry.get("values", ())]
    return values[:_MOST_POINTS] or [overrides]
