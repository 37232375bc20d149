"""`ecny-sandbox compare`: policies on common random numbers, and how sure their differences are."""

from __future__ import annotations

from typing import Any

import click

from sandbox.cli import options
from sandbox.language import _


@click.command(
    name="compare",
    help=_(
        "Compare policies on common random numbers.\n\nThe first SCENARIO is the base; others, and variants of it, "
        "are compared with it. Each --set is one variant; several values in one are joined by ';'."
    ),
)
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@options.option(
    "--set",
    "variants",
    multiple=True,
    metavar="PATH=VALUE",
    callback=options.variants,
    help=_("A variant: PATH=VALUE, or PATH=VALUE;PATH=VALUE. Repeatable."),
)
@options.option(
    "--replications",
    type=options.Whole(1, 100_000),
    default=10,
    show_default=True,
    metavar="N",
    help=_("Runs of each point, each with other random draws; every point has the same."),
)
@options.option(
    "--stress",
    metavar="each:KIND",
    help=_(
        "Instead of variants: SCENARIO with each participant failed in turn, ranked by what is lost. "
        "each:institution (it refuses all payments), each:gateway or each:ledger (it loses half of its "
        "servers), each:merchant (one of the ten largest accepts nothing); across borders each:corridor, "
        "each:bank, each:correspondent, each:validator (out of order)."
    ),
)
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
    **given: Any,
) -> int:
    from sandbox import api
    from sandbox.cli import many

    if stress is not None:
        if len(scenarios) > 1 or variants:
            raise click.UsageError(_("--stress goes with one SCENARIO and no --set"))
        return many.run_and_tell(
            lambda execution: api.stress(scenarios[0], stress, replications=replications, **execution),
            scenarios,
            [{}],
            **given,
        )
    return many.run_and_tell(
        lambda execution: api.compare(*scenarios, variants=variants, replications=replications, **execution),
        scenarios,
        [{}, *variants],
        **given,
    )
