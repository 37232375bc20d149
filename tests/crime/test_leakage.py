"""No single column gives crime away, measured on a real run; and the measure sees it when one does."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.features.crime.chapter import LINE
from sandbox.features.crime.inherent import INHERENT
from sandbox.features.crime.leakage import COLUMNS, best_order, measure_leakage, threshold
from sandbox.features.crime.schema import LABELS
from sandbox.records import Run
from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.tables import arrow_schema

FEWEST = 150
"""Payments of a pattern below which an area says little: instances are few, and their payments alike."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The gallery's mule network on a smaller scale, with more crime in it so that every pattern is measured well."""
    folder = tmp_path_factory.mktemp("leaks")
    changes = {"scale": 0.2, "duration": "2 days", "campaigns.spring.lasts": "40 h", "crime.share": 0.06}
    simulate(load("mule-network", overrides=changes).scenario, folder, name="mule-network")
    return Run(folder)


def test_no_column_gives_a_pattern_away(run: Run) -> None:
    found = measure_leakage(run)
    assert {one.label for one in found} == {*LABELS, "all"}
    assert {one.column for one in found} == set(COLUMNS)
    told = [
        (one.label, one.column, round(one.auc, 3), round(one.auc_same_kind, 3))
        for one in found
        if max(one.auc, one.auc_same_kind) > LINE and one.column not in INHERENT.get(one.label, {})
    ]
    assert told == []
    assert min(one.payments for one in found) >= FEWEST


def test_exceptions_are_needed_and_named(run: Run) -> None:
    """Every column that a pattern is said to be about exists, and most of them do tell something."""
    assert set(INHERENT) == set(LABELS)
    assert {column for columns in INHERENT.values() for column in columns} <= set(COLUMNS)
    areas = {(one.label, one.column): max(one.auc, one.auc_same_kind) for one in measure_leakage(run)}
    excepted = [areas[label, column] for label, columns in INHERENT.items() for column in columns]
    assert np.mean(np.array(excepted) > 0.55) > 0.8


@pytest.mark.parametrize("column", ["amount_fen", "source", "payer", "submitted_at_us"])
def test_a_seeded_leak_is_seen(run: Run, tmp_path: Path, column: str) -> None:
    """Round amounts, a source of its own, accounts of its own, nights only: each is found, and by the right column."""
    payments = pd.read_parquet(run.path / "payments.parquet")
    illicit = payments["label"].notna()
    if column == "amount_fen":
        payments.loc[illicit, column] = 100_000_000
    elif column == "source":
        payments[column] = payments[column].astype(str).where(~illicit, "orders").astype("category")
    elif column == "payer":
        payments.loc[illicit, column] = 1
    else:
        hour_us = 3_600_000_000
        payments.loc[illicit, column] = payments.loc[illicit, column] // (24 * hour_us) * (24 * hour_us) + 3 * hour_us
    table = pa.Table.from_pandas(payments, schema=arrow_schema("payments"), preserve_index=False)
    pq.write_table(table, tmp_path / "payments.parquet")
    seen = {"payer": "payer_out_degree", "submitted_at_us": "hour"}.get(column, column)
    areas = {(one.label, one.column): one.auc for one in measure_leakage(Run(tmp_path))}
    assert areas["all", seen] > 0.9
    assert areas["no_pattern", seen] > 0.9


small = st.lists(st.integers(0, 6), min_size=1, max_size=8).map(lambda values: np.array(values, dtype=np.int64))


@given(illicit=small, honest=small)
def test_the_area_is_the_chance_that_an_illicit_payment_stands_above_an_honest_one(
    illicit: np.ndarray, honest: np.ndarray
) -> None:
    pairs = [(a > b) + (a == b) / 2 for a, b in itertools.product(illicit.tolist(), honest.tolist())]
    area = sum(pairs) / len(pairs)
    assert threshold(illicit, np.sort(honest)) == pytest.approx(max(area, 1 - area))


@given(illicit=small, honest=small)
def test_the_best_order_of_words_is_the_best_of_all_orders(illicit: np.ndarray, honest: np.ndarray) -> None:
    words = sorted({*illicit.tolist(), *honest.tolist()})[:5]
    illicit, honest = (one[np.isin(one, words)] for one in (illicit, honest))
    if not illicit.size or not honest.size:
        return
    best = 0.0
    for order in itertools.permutations(words):
        place = {word: rank for rank, word in enumerate(order)}
        pairs = [(place[a] > place[b]) + (a == b) / 2 for a, b in itertools.product(illicit.tolist(), honest.tolist())]
        best = max(best, sum(pairs) / len(pairs))
    assert best_order(illicit, honest) == pytest.approx(best)
