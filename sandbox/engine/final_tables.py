"""Tables written once, when a run is over: ledger, wallets, series, stations, events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from sandbox.control import Columns, Component
from sandbox.core.layout import account, trait
from sandbox.core.ledger import Ledger
from sandbox.engine.columns import flags, numbers, texts, words
from sandbox.engine.recorder import open_table, write_columns, write_rows, write_values
from sandbox.engine.simulation import Simulation
from sandbox.feature import FeatureError
from sandbox.tables import TABLES, arrow_schema, optional_tables
from wallets.classes import CLASS_NAMES


def write_final_tables(simulation: Simulation, folder: Path) -> None:
    """Write everything but `payments` into the run folder."""
    write_ledger(simulation.world.ledger, folder)
    write_wallets(simulation, folder)
    write_columns(folder, "series", simulation.observer.series())
    stations = simulation.observer.stations()
    write_columns(folder, "stations", stations, {"station": simulation.world.station_names})
    write_rows(folder, "events", simulation.log.rows)
    for component in simulation.components:
        for name, columns in component.tables().items():
            _check_declared(component, name, columns)
            write_values(folder, name, columns)


def _check_declared(component: Component, name: str, columns: Columns) -> None:
    """Raises FeatureError for a table that is not as its feature declares it."""
    whose = f"{type(component).__qualname__}: its table {name!r}"
    if name not in optional_tables():
        raise FeatureError(f"{whose} is not declared by a feature (sandbox.tables.Tables)")
    declared = [column.name for column in TABLES[name]]
    if sorted(columns) != sorted(declared):
        raise FeatureError(f"{whose} has the columns {', '.join(columns)}; declared are {', '.join(declared)}")
    if len({len(one) for one in columns.values()}) > 1:
        raise FeatureError(f"{whose} has columns of different lengths")


def write_ledger(ledger: Ledger, folder: Path) -> None:
    """One row an account."""
    schema = arrow_schema("ledger")
    with open_table(folder, "ledger") as writer:
        for block in ledger.blocks:
            for first, last in block.windows():
                rows = ledger.accounts[first:last]
                debits, credits, closing = (
                    np.ascontiguousarray(rows[:, column])
                    for column in (account.DEBITS, account.CREDITS, account.BALANCE)
                )
                same = np.zeros(last - first, dtype=np.int32)
                arrays = [
                    numbers(np.arange(first, last)),
                    texts([block.name(number - block.first) for number in range(first, last)]),
                    words(same, [block.kind]),
                    words(same, [block.currency]),
                    numbers(closing + debits - credits),
                    numbers(debits),
                    numbers(credits),
                    numbers(closing),
                ]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def write_wallets(simulation: Simulation, folder: Path) -> None:
    """One row a wallet, personal and corporate."""
    world, schema = simulation.world, arrow_schema("wallets")
    with open_table(folder, "wallets") as writer:
        for kind in ("personal", "corporate"):
            for first, last in world.blocks[kind].windows():
                rows = world.ledger.accounts[first:last]
                meta = rows[:, account.TRAITS]
                same = np.zeros(last - first, dtype=np.int32)
                arrays = [
                    numbers(np.arange(first, last)),
                    words(same, [kind]),
                    words(meta & trait.CLASS_MASK, CLASS_NAMES),
                    words((meta >> trait.FIRST_CLASS_SHIFT) & trait.CLASS_MASK, CLASS_NAMES),
                    words((meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK, world.institution_names),
                    flags(meta & trait.IN_BOX != 0),
                    flags(meta & trait.CAN_TOP_UP != 0),
                    flags(meta & trait.FROZEN != 0),
                    numbers(rows[:, account.BALANCE]),
                    numbers(rows[:, account.STAMP] >> account.STAMP_COUNT_SHIFT),
                ]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
