"""What limits refused by class, the busiest ten minutes, and the e-CNY to hold ready: against the run's own tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sandbox

LIMITS = ("single_limit", "daily_limit", "annual_limit", "balance_cap")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> sandbox.Run:
    """Two days of a town with strict limits, and operators that have to order e-CNY and hand it back."""
    folder = tmp_path_factory.mktemp("town")
    file: Path = folder / "town.yaml"
    file.write_text(
        "title: T\nquestion: Q?\nstart: 2026-03-02\nduration: 2 days\nseries: {bin: 4 min}\n"
        "population: {wallets: 800, corporates: 20}\nmerchants: {count: 40}\n"
        "rules: {wallet_limits: {preset: ccb_pilot_2020}}\n"
        "institutions:\n  one: {share: 60 %, liquidity: {target: 20000 CNY, floor: 4000 CNY}}\n"
        "  two: {share: 40 %, liquidity: {target: 9000 CNY, floor: 2000 CNY}}\n"
        "demand: {segments: {shops: {kind: retail, payments: 4000 /day, ticket: qr_quantile}}}\n",
        encoding="utf-8",
    )
    return sandbox.run(file, out=folder / "run")


def test_classes_are_those_of_the_payments(run: sandbox.Run) -> None:
    payments = run.payments
    rows = {row["payer_class"]: row for row in run.summary["classes"]}
    assert set(rows) == set(payments.payer_class.astype(str))
    for name, row in rows.items():
        mine = payments[payments.payer_class.astype(str) == name]
        settled, limited = mine[mine.outcome == "settled"], mine[mine.outcome.isin(LIMITS)]
        assert (row["payments"], row["value_fen"]) == (len(mine), mine.amount_fen.sum())
        assert (row["settled"], row["settled_fen"]) == (len(settled), settled.amount_fen.sum())
        assert (row["limited"], row["limited_fen"]) == (len(limited), limited.amount_fen.sum())
        assert row["limited_value_share"] == pytest.approx(limited.amount_fen.sum() / mine.amount_fen.sum())
    assert sum(row["limited"] for row in rows.values()) > 0


def test_the_busiest_window_is_found_and_measured(run: sandbox.Run) -> None:
    """Windows are three bins of four minutes here: whole bins, ten minutes at least."""
    payments, found = run.payments, run.summary["busiest"]
    length = 3 * 240_000_000
    assert found["lasts_us"] == length
    counts = (payments.submitted_at_us // length).value_counts()
    most = counts.max()
    assert found["submitted"] == pytest.approx(most, abs=1)
    assert counts[found["at_us"] // length] == pytest.approx(most, abs=1)
    ended = payments[payments.completed_at_us.between(found["at_us"], found["at_us"] + length - 1)]
    settled = ended[ended.outcome == "settled"]
    latency = np.sort((settled.completed_at_us - settled.submitted_at_us).to_numpy(dtype=np.int64))
    for name, per_cent in (("p50", 50), ("p99", 99)):
        assert found["latency_ms"][name] == latency[-(-len(latency) * per_cent // 100) - 1] / 1000


def test_what_operators_need_is_their_largest_outflow_since_they_held_their_target(run: sandbox.Run) -> None:
    events, stations = run.events, run.stations
    needed: dict[str, Any] = {}
    for row in run.summary["risk"]["liquidity"]["by_institution"]:
        name = row["institution"]
        mine = stations[stations.station.astype(str) == name]
        held = pd.Series(mine.liquidity_fen.to_numpy(), index=mine.at_us.to_numpy() + 240_000_000)
        own = events[(events.actor == "central_bank") & (events.subject == name)]
        base, most = row["opening_fen"], 0
        steps = sorted(
            [(at, 0, "held", fen) for at, fen in held.items()]
            + [
                (at, -1, event, _amount(detail))
                for at, event, detail in zip(own.at_us, own.event, own.detail, strict=True)
            ]
        )
        for _, _, event, fen in steps:
            if event == "held":
                most = max(most, base - fen)
            elif event == "issued":
                base += fen
            else:
                base = row["target_fen"]
        needed[name] = most
        assert row["needed_fen"] == most
    assert run.summary["risk"]["liquidity"]["needed_fen"] == sum(needed.values()) > 0
    assert run.summary["risk"]["liquidity"]["orders"] > 0


def _amount(detail: Any) -> int:
    return int(json.loads(detail)["amount_fen"])
