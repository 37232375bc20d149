"""Offsetting saves about 30 % of liquidity at a delay of minutes to hours; on smaller days than the command prints."""

from __future__ import annotations

import numpy as np
import pytest

from sandbox.features.crossborder.published import liquidity_saving
from sandbox.features.crossborder.published.liquidity_saving import (
    LEAST_DELAY,
    MODES,
    MOST_DELAY,
    PUBLISHED_SAVING,
    Outcome,
    day,
    need,
    outcome,
    settle,
)
from sandbox.features.crossborder.queue.offsetting import Choice
from tests.validation import offsetting

PLAIN, BILATERAL, MULTILATERAL = MODES


def on_a_small_day(seed: int, share: int) -> dict[str, Outcome]:
    payments = day(seed, payments=1_200)
    needed = need(payments)
    return {mode.name: outcome(payments, needed, share, mode.mechanism) for mode in MODES}


@pytest.mark.parametrize("seed", [1, 2])
def test_about_a_third_less_liquidity_costs_minutes_to_hours(seed: int) -> None:
    found = on_a_small_day(seed, round(100 * (1 - PUBLISHED_SAVING)))
    for name in (BILATERAL.name, MULTILATERAL.name):
        assert found[name].unsettled == 0
        assert LEAST_DELAY <= found[name].mean <= MOST_DELAY
        assert found[name].used <= 1 - PUBLISHED_SAVING
        assert found[name].median_queued < found[PLAIN.name].median_queued
        assert found[name].queued < found[PLAIN.name].queued


def test_with_little_liquidity_only_all_together_settle_the_day() -> None:
    found = on_a_small_day(1, 20)
    assert found[MULTILATERAL.name].unsettled == 0
    assert found[PLAIN.name].unsettled > found[BILATERAL.name].unsettled > 0


def test_a_day_without_offsetting_is_not_taken_for_one_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: offsetting finds nothing."""
    for name in ("bilateral", "together"):
        monkeypatch.setattr(
            f"sandbox.features.crossborder.queue.queueing.{name}",
            lambda available, queue, *rest, **options: Choice(
                np.zeros(rest[-1].size, dtype=np.bool_), available
            ),
        )  # fmt: skip
    found = on_a_small_day(1, 20)
    assert found[MULTILATERAL.name].unsettled > 0


def test_what_plain_settlement_needs_is_enough_and_less_is_not() -> None:
    payments = day(3, payments=500)
    needed = need(payments)
    assert outcome(payments, needed, 100, PLAIN.mechanism).mean == 0
    short = needed.copy()
    short[int(needed.argmax())] -= 1
    assert max(settle(payments, short, PLAIN.mechanism).usage.delays_us) > 0


def test_the_days_need_about_what_was_published() -> None:
    """The one number that was fitted; small days need more, because single payments weigh more."""
    shares = []
    for seed in liquidity_saving.SEEDS:
        payments = day(seed)
        net = _running_net(payments)
        shares.append(net.max(axis=0, initial=0).sum() / payments.amount.sum())
    assert np.mean(shares) == pytest.approx(liquidity_saving.NEED_OF_TURNOVER, rel=0.15)


def test_payments_are_sent_while_the_system_is_open() -> None:
    payments = day(1, payments=2_000)
    assert liquidity_saving.OPEN <= payments.at_us.min() < liquidity_saving.OPEN + 10 * liquidity_saving.MINUTE
    assert payments.at_us[payments.at_us < liquidity_saving.SQUARING].max() < liquidity_saving.LAST
    assert (np.diff(payments.at_us) >= 0).all()
    assert (payments.payer != payments.payee).all()
    assert (payments.amount > 0).all()


def _running_net(payments: liquidity_saving.Day) -> np.ndarray:
    """Net debit of each bank after each payment, without a queue: an independent reading of `need`."""
    change = np.zeros((payments.amount.size, liquidity_saving.BANKS), dtype=np.int64)
    rows = np.arange(payments.amount.size)
    change[rows, payments.payer] += payments.amount
    change[rows, payments.payee] -= payments.amount
    return np.cumsum(change, axis=0)


def test_the_need_is_the_peak_of_the_net_debit() -> None:
    payments = day(4, payments=300)
    assert need(payments).tolist() == _running_net(payments).max(axis=0, initial=0).tolist()


def test_gaps_to_the_optimum() -> None:
    """On small queues: together is closest, and near where there is some liquidity."""
    pytest.importorskip("scipy")
    found = {way: float(np.mean(gap)) for way, gap in offsetting.gaps(8, 4, 2.0, cases=40).items()}
    assert found["together"] <= min(found.values())
    assert found["together"] < 0.05 < found["alone"]
