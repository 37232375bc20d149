"""`ecny-sandbox sweep`: a scenario over many values of its parameters."""

from __future__ import annotations

from typing import Any, Final

import click

from sandbox.cli import options
from sandbox.cli.text import text

_MOST_POINTS: Final = 50


@click.command(name="sweep", help=text("sweep.help"))
@click.argument("scenario")
@click.option("--vary", multiple=True, metavar="PATH=V1,V2,...", callback=options.varied, help=text("sweep.vary"))
@click.option(
    "--uncertain", multiple=True, metavar="PATH=LOW..HIGH", callback=options.varied, help=text("sweep.uncertain")
)
@click.option(
    "--design",
    type=click.Choice(["grid", "latin_hypercube", "sobol", "one_at_a_time", "morris", "saltelli"]),
    help=text("sweep.design"),
)
@click.option("--samples", type=options.Whole(1, 1_000_000), metavar="N", help=text("sweep.samples"))
@click.option("--replications", type=options.Whole(1, 100_000), metavar="N", help=text("many.replications"))
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
    metrics: tuple[str, ...],
    overrides: dict[str, str],
    seed: int | None,
    **given: Any,
) -> int:
    from sandbox import api
    from sandbox.cli import many

    return many.carry_out(
        lambda how: api.sweep(
            scenario,
            vary,
            uncertain=uncertain,
            design=design,
            samples=samples,
            replications=replications,
            metrics=metrics or None,
            set=overrides,
            seed=seed,
            **how,
        ),
        lambda: options.told([scenario], _points(overrides, {**vary, **uncertain}), seed),
        **given,
    )


def _points(overrides: dict[str, str], varied: dict[str, Any]) -> list[dict[str, str]]:
    """Each value alone that is to be tried, beside what all have in common."""
    values = [{**overrides, path: one} for path, entry in varied.items() for one in entry.get("values", ())]
    return values[:_MOST_POINTS] or [overrides]
