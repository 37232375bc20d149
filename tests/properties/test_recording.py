"""How a run is watched changes nothing about it: bins, what is recorded, sizes of buffers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sandbox.core.layout import rule
from sandbox.engine import simulation
from sandbox.engine.observer import Observer
from sandbox.market.sources import SegmentSource
from sandbox.scenario.load import load
from tests.properties.towns import baseline, run, same, town

STORY = ("payments", "ledger", "wallets", "events")
"""Tables that do not speak of bins."""


@pytest.mark.parametrize("bin_length", ["1 s", "7 s", "1 min", "59 min", "2 days", "40 days"])
def test_the_bin_changes_nothing(bin_length: str) -> None:
    duration = "10 h" if bin_length in ("1 s", "7 s") else "2 days"
    found, plain = run(town({"series.bin": bin_length, "duration": duration})), baseline(duration)
    for table in STORY:
        assert found.digests[table] == plain.digests[table], table
    for column in ("submitted", "ended", "settled", "settled_fen", "timed_out", "top_up_fen"):
        assert found.tables["series"][column].sum() == plain.tables["series"][column].sum(), column


@pytest.mark.parametrize("record", ["none", 0.1, 0.7])
def test_what_is_recorded_changes_nothing_else(record: str | float) -> None:
    found, everything = run(town(), record), baseline()
    for table in ("ledger", "wallets", "events", "series", "stations"):
        assert found.digests[table] == everything.digests[table], table
    assert found.summary == everything.summary
    chosen = everything.payments["payment_id"].isin(found.payments["payment_id"])
    assert same(found.payments, everything.payments[chosen].reset_index(drop=True))
    share, count = 0.0 if record == "none" else float(record), len(everything.payments)
    assert abs(len(found.payments) - share * count) <= 4 * (share * (1 - share) * count) ** 0.5


def test_a_sample_is_the_same_payments_under_every_policy() -> None:
    free, strict = (run(town(changes), 0.1) for changes in ({}, {"rules.box.per_payment_cap": "10 CNY"}))
    assert set(free.payments["payment_id"]) == set(strict.payments["payment_id"])
    assert not same(free.payments, strict.payments)


@pytest.mark.parametrize(("slots", "births", "out"), [(2, 1, 1), (2, 3, 7), (8, 100, 1_000), (4_096, 1, 50_000)])
def test_small_buffers_that_grow_change_nothing(
    monkeypatch: pytest.MonkeyPatch, slots: int, births: int, out: int
) -> None:
    monkeypatch.setattr(simulation, "new_rail", partial(simulation.new_rail, slots=slots, births=births, out=out))
    found = run(town({"duration": "10 h"}))
    monkeypatch.undo()
    plain = baseline("10 h")
    assert len(plain.payments) > 500
    assert same(found.payments, plain.payments)
    for table in ("ledger", "wallets", "events", "series", "stations"):
        assert found.digests[table] == plain.digests[table], table


EDGE = """\
title: The last payment ends when a bin does
question: Does the time series count it?
duration: 30 s
series: {bin: 60 s}
institutions: {bank: {share: 100 %, service: {shape: fixed, mean: 30 s}}}
ledger: {service: {shape: fixed, mean: 20 s}}
behaviour: {patience: none}
population: {wallets: 10, corporates: 0}
demand: {trace: {file: two.csv}}
"""


@pytest.mark.parametrize("second_at_s", [9, 10, 11])
def test_a_payment_that_ends_with_a_bin_is_counted(tmp_path: Path, second_at_s: int) -> None:
    (tmp_path / "edge.yaml").write_text(EDGE, encoding="utf-8")
    (tmp_path / "two.csv").write_text(f"time,payer,payee,amount\n1,a,b,5\n{second_at_s},a,b,5\n", encoding="utf-8")
    loaded = load(tmp_path / "edge.yaml")
    found = run(loaded.scenario, base_dir=loaded.base_dir)
    assert list(found.payments["completed_at_us"]) == [51_000_000, (second_at_s + 50) * 1_000_000]
    assert found.tables["series"]["ended"].sum() == 2
    assert found.tables["stations"].groupby("station", observed=True)["served"].sum().to_dict() == {
        "bank": 2,
        "ledger": 2,
    }
    # The bin holds its first instant and not its last.
    assert list(found.tables["series"]["ended"]) == ([2] if second_at_s == 9 else [1, 1])


def test_a_watcher_that_touches_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """An observer that moves a rule at each bin's end; a source that loses a payment whenever it is asked for more."""
    look, fill = Observer.end_bin, SegmentSource.fill

    def touches(self: Observer, at_us: int) -> None:
        look(self, at_us)
        self._world.rules[rule.TOP_UP_STEP] += 1

    def loses(self: SegmentSource, births: Any) -> int:
        return max(0, fill(self, births) - 1)

    monkeypatch.setattr(Observer, "end_bin", touches)
    short, long = (run(town({"series.bin": length})) for length in ("1 min", "59 min"))
    assert short.digests["payments"] != long.digests["payments"]
    monkeypatch.undo()
    monkeypatch.setattr(SegmentSource, "fill", loses)
    many = run(town())
    monkeypatch.setattr(simulation, "new_rail", partial(simulation.new_rail, births=50))
    assert len(run(town()).payments) < len(many.payments)
