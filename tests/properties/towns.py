"""A small town in which everything happens, and its tables as a run leaves them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from sandbox.core.layout import birth
from sandbox.scenario.load import load
from sandbox.scenario.schema import Scenario
from sandbox.simulate import simulate
from sandbox.world import World, build

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"
DAY_US = 86_400_000_000

DRAWN = ["source", "submitted_at_us", "payer", "payee", "amount_fen", "kind", "category"]
"""Columns of a payment that are drawn when it is born, whatever becomes of it."""


@dataclass(frozen=True)
class Tables:
    """A run's tables by name, the digest of each one's file, and its summary."""

    tables: dict[str, pd.DataFrame]
    digests: dict[str, str]
    summary: dict[str, Any]

    @property
    def payments(self) -> pd.DataFrame:
        """In the order in which they ended."""
        return self.tables["payments"]

    def born(self) -> pd.DataFrame:
        """What was drawn, in order of birth, by source and without its number among all payments."""
        return self.payments.sort_values("payment_id")[DRAWN].reset_index(drop=True)

    def of(self, *sources: str) -> pd.DataFrame:
        """Payments of these sources, without their number among all payments."""
        chosen = self.payments["source"].isin(sources)
        return self.payments[chosen].drop(columns="payment_id").reset_index(drop=True)


def written() -> dict[str, Any]:
    """The town's file as it stands."""
    found: dict[str, Any] = YAML(typ="safe").load(TOWN)
    return found


def town(changes: Mapping[str, object] | None = None, seed: int | None = None) -> Scenario:
    """The town with values set by path, as `--set` sets them."""
    return load(TOWN, overrides=dict(changes or {}), seed=seed).scenario


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def run(scenario: Scenario, record: str | float = "all", base_dir: Path | None = None) -> Tables:
    """Run a scenario as the product does."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        summary = simulate(scenario, folder, name="town", record=record, base_dir=base_dir)
        files = sorted(folder.glob("*.parquet"))
        tables = {file.stem: _read(file) for file in files}
        digests = {file.stem: digest_of(file) for file in files}
    return Tables(tables, digests, summary)


def _read(file: Path) -> pd.DataFrame:
    """A table with whole numbers and plain texts: tables compare by what they say and not by how it is coded."""
    table = pq.read_table(file).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    coded = [column for column in table.columns if isinstance(table[column].dtype, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(coded, object))


@cache
def baseline(duration: str = "4 days") -> Tables:
    """The town as it is written, or a shorter run of it."""
    return run(town({"duration": duration}))


def same(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    """Whether two tables are equal row by row, missing values included."""
    return bool(left.equals(right))


def births(scenario: Scenario) -> dict[str, npt.NDArray[np.int64]]:
    """Every source's births before anything is cleared: (birth.ROWS, number)."""
    return births_of(build(scenario, scenario.seed))


def births_of(world: World) -> dict[str, npt.NDArray[np.int64]]:
    """The same of a world that has not run; its sources are used up."""
    found: dict[str, npt.NDArray[np.int64]] = {}
    for source in world.sources:
        buffer, parts = np.zeros((birth.ROWS, 2_000), dtype=np.int64), [np.zeros((birth.ROWS, 0), dtype=np.int64)]
        while count := source.fill(buffer):
            parts.append(buffer[:, :count].copy())
        found[source.name] = np.concatenate(parts, axis=1)
    return found


def until(tables: Tables, at_us: int) -> dict[str, pd.DataFrame]:
    """What had happened before an instant: payments that surely had ended, control events, whole bins.

    A payment that never completed has no time of its end in the table, but stands among those that ended when it did:
    rows up to the last one that completed before the instant count.
    """
    completed_us = tables.payments["completed_at_us"].to_numpy(dtype=np.float64, na_value=np.inf)
    completed = np.flatnonzero(completed_us < at_us)
    bin_us = tables.summary["scenario"]["bin_us"]
    found = {"payments": tables.payments.iloc[: int(completed[-1]) + 1]}
    for name, last_us in (("events", at_us), ("series", at_us - bin_us + 1), ("stations", at_us - bin_us + 1)):
        table = tables.tables[name]
        found[name] = table[table["at_us"] < last_us]
    return found
