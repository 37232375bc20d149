"""A payment trace as a source of births: accepted rows, their parties turned into accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array, mix, stream
from sandbox.core.layout import birth, tags
from sandbox.core.ledger import Block
from sandbox.market import trace as traces
from sandbox.market.sources import KINDS, StreamedSource, routes, tag
from sandbox.scenario.schema import Scenario


def trace_source(
    number: int, scenario: Scenario, seed: int, base_dir: Path, blocks: dict[str, Block], accounts: Int64Array
) -> tuple[StreamedSource, dict[str, Any]]:
    """The source of a scenario's trace, and what was found in the file (for `summary.json`).

    Raises ScenarioErrors if the file cannot be used; it is read once here, and again as the run goes on.
    """
    trace, world = scenario.demand.trace, _world(scenario, blocks)
    assert trace is not None
    quality = traces.inspect(trace, base_dir, world)
    batches = _births(number, traces.read(trace, base_dir, world, quality), stream(seed, "trace"), blocks, accounts)
    found = {key: value for key, value in asdict(quality).items() if key not in ("examples", "modified_ns")}
    found["examples"] = [str(example) for example in quality.examples]
    return StreamedSource("trace", "trace", batches), found


def check_trace(scenario: Scenario, base_dir: Path, blocks: dict[str, Block]) -> None:
    """Raises ScenarioErrors if a scenario's trace, if it has one, cannot be used."""
    if scenario.demand.trace is not None:
        traces.inspect(scenario.demand.trace, base_dir, _world(scenario, blocks))


def _world(scenario: Scenario, blocks: dict[str, Block]) -> traces.TraceWorld:
    people, corporates, merchants = (blocks[name].count for name in ("personal", "corporate", "merchant"))
    return traces.TraceWorld(people, corporates, merchants, scenario.duration, scenario.start)


def _births(
    number: int, batches: Iterator[traces.TraceBatch], key: np.uint64, blocks: dict[str, Block], accounts: Int64Array
) -> Iterator[Int64Array]:
    people, corporates, merchants = (blocks[name].first for name in ("personal", "corporate", "merchant"))
    payee_first = np.array([people, corporates, merchants], dtype=np.int64)
    kind_code = np.array([KINDS.index(kind) for kind in traces.KINDS], dtype=np.int64)
    for batch in batches:
        births = np.zeros((birth.ROWS, len(batch)), dtype=np.int64)
        births[birth.TIME], births[birth.AMOUNT] = batch.at_us, batch.amount_fen
        births[birth.PAYER] = batch.payer + np.where(batch.payer_is_corporate, corporates, people)
        births[birth.PAYEE] = batch.payee + payee_first[batch.payee_kind]
        births[birth.TAG] = tag(number, KINDS[0]) + (kind_code[batch.kind] << tags.KIND_SHIFT)
        births[birth.ROUTE] = routes(accounts, births[birth.PAYER], births[birth.PAYEE])
        _keys(key, batch.row, births)
        yield births


@compiled
def _keys(key: np.uint64, rows: Int64Array, births: Int64Array) -> None:
    for i in range(rows.size):
        births[birth.KEY, i] = np.int64(mix(key, rows[i]))
