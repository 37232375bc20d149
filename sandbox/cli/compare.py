"""`ecny-sandbox compare`: policies on the same luck, and how sure their differences are."""

from __future__ import annotations

from typing import Any

import click

from sandbox.cli import options
from sandbox.cli.text import text


@click.command(name="compare", help=text("compare.help"))
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@click.option(
    "--set", "variants", multiple=True, metavar="PATH=VALUE", callback=options.variants, help=text("compare.set")
)
@click.option(
    "--replications",
    type=options.Whole(1, 100_000),
    default=10,
    show_default=True,
    metavar="N",
    help=text("many.replications"),
)
@click.option("--stress", metavar="each:KIND", help=text("compare.stress"))
@options.metric
@options.seed
@options.workers
@options.keep_tables
@options.record
@options.output
def command(
    scenarios: tuple[str, ...],
    variants: list[dict[str, str]],
    replications: int,
    stress: str | None,
    metrics: tuple[str, ...],
    seed: int | None,
    **given: Any,
) -> int:
    from sandbox import api
    from sandbox.cli import many

    if stress is not None:
        if len(scenarios) > 1 or variants:
            raise click.UsageError(text("compare.stress_alone"))
        return many.carry_out(
            lambda how: api.stress(
                scenarios[0], stress, replications=replications, metrics=metrics or None, seed=seed, **how
            ),
            lambda: options.told(scenarios, [{}], seed),
            **given,
        )
    return many.carry_out(
        lambda how: api.compare(
            *scenarios, variants=variants, replications=replications, metrics=metrics or None, seed=seed, **how
        ),
        lambda: options.told(scenarios, [{}, *variants], seed),
        **given,
    )
