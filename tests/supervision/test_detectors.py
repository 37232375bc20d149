"""Detectors: worked out on paper, against a plain second reading, in any windows, and blind to ground truth."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.layout import INFINITE, account, ended, tags, trait
from sandbox.engine.simulation import Simulation
from sandbox.features.supervision import visibility as v
from sandbox.features.supervision.component import Supervision
from sandbox.features.supervision.detectors import history as h
from sandbox.features.supervision.detectors.rules import NAMES
from sandbox.features.supervision.monitor import Monitor
from sandbox.features.supervision.schema.detectors import Detectors
from sandbox.features.supervision.schema.visibility import Visibility
from sandbox.features.supervision.visibility import Pseudonyms, Viewer, thresholds_of
from sandbox.scenario.load import load
from sandbox.world import World, build
from tests.supervision.naive import ABROAD, Found, Naive, P, view_of

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YUAN = 100

TOWN = {"population.wallets": 30, "population.corporates": 5, "merchants.count": 5}


@cache
def town() -> World:
    """A small world, for accounts and classes."""
    return build(load("city-retail-day", overrides=TOWN).scenario, 1)


def only(name: str, **parameters: Any) -> Detectors:
    """One detector in use."""
    rest = {one: {"enabled": False} for one in NAMES if one != name}
    return Detectors.model_validate({**rest, name: {"enabled": True, **parameters}})


def monitor(rules: Detectors) -> Monitor:
    world = town()
    thresholds = np.zeros((5, 2), dtype=np.int64)
    made = Monitor(world, rules, thresholds, Pseudonyms(1, len(town().ledger.accounts)))
    made.history.work[h.CROSSING, ABROAD] = 1
    return made


def found(rules: Detectors, payments: list[P]) -> list[Found]:
    return [
        Found(one.rule, one.seen, one.at_us) for one in monitor(rules).look_at(view_of(payments, rules.purchases_from))
    ]


SHORT = {
    "structuring": {"window": f"{30} s", "payments": 2, "thresholds": ["5 CNY", "20 CNY"], "margin": 0.2},
    "velocity": {"window": "10 s", "payments": 3, "amount": "5 CNY"},
    "fan_in": {"window": "40 s", "counterparties": 3, "amount": "1 CNY"},
    "fan_out": {"window": "40 s", "counterparties": 3, "amount": "1 CNY"},
    "pass_through": {"window": "20 s", "amount": "6 CNY"},
    "cycle": {"window": "60 s", "amount": "1 CNY", "share": 0.6},
    "scatter_gather": {"window": "60 s", "share": 0.5},
    "dormant_then_active": {"silence": "30 s", "window": "20 s", "payments": 2, "amount": "3 CNY"},
    "cross_border_splitting": {"window": "50 s", "people": 2},
    "merchant_refunds": {"window": "60 s", "payments": 2, "amount": "1 CNY"},
    "merchant_collection": {"window": "60 s", "counterparties": 2, "amount": "2 CNY"},
    "purchases_from": "4 CNY",
}
"""All of them, at a scale on which a few payments of a few people show everything."""


def quick(**changes: Any) -> Detectors:
    quiet = {name: {"enabled": True, "quiet": "7 s", **SHORT[name]} for name in NAMES}
    return Detectors.model_validate({**quiet, "purchases_from": SHORT["purchases_from"], **changes})


SORTS = [0, 1, 2, 3, 4, 5]
"""By identity: a company, four people and a shop."""

payment = st.tuples(
    st.integers(0, 9_000_000), st.integers(-1, 5), st.integers(-1, 5), st.integers(1, 2200),
    st.sampled_from([0, ABROAD]), st.booleans() | st.just(True),
)  # fmt: skip


def history(raw: list[tuple[int, int, int, int, int, bool]]) -> list[P]:
    """Payments in order of time; whoever is nobody keeps a kind."""
    at, made = 0, []
    for gap, payer, payee, amount, kind, settled in raw:
        at += gap
        if payer != payee or payer == -1:
            made.append(P(at, payer, payee, amount, SORTS[payer % 6], SORTS[payee % 6], kind, settled))
    return made


@given(raw=st.lists(payment, max_size=45))
@settings(max_examples=150)
def test_a_plain_second_reading_finds_the_same(raw) -> None:
    payments = history(raw)
    assert sorted(found(quick(), payments)) == sorted(Naive(quick()).look(payments))


def drawn(rng: np.random.Generator) -> tuple[int, int, int, int, int, bool]:
    """One payment of a crowded minute."""
    gap, payer, payee, amount = rng.integers([0, -1, -1, 300], [4_000_000, 6, 6, 1900]).tolist()
    return gap, payer, payee, amount, ABROAD if rng.random() < 0.5 else 0, True


def test_the_second_reading_is_put_to_use() -> None:
    """Random histories show every rule something; so a rule that saw less would be noticed."""
    rng = np.random.default_rng(3)
    seen = set()
    for _ in range(12):
        payments = history([drawn(rng) for _ in range(60)])
        ours = sorted(found(quick(), payments))
        assert ours == sorted(Naive(quick()).look(payments))
        seen |= {one.rule for one in ours}
    assert seen == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_seeded_bug_is_noticed(name: str) -> None:
    """Off by one in the least number (or a tenth in what is alike) of any one rule."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        payments = history([drawn(rng) for _ in range(50)])
        watcher = monitor(quick())
        row = watcher.history.work[h.RULES + NAMES.index(name)]
        if name == "pass_through":
            row[h.R_PERMILLE] -= 100
        else:
            row[h.R_LEAST] += 1
        broken = sorted(Found(one.rule, one.seen, one.at_us) for one in watcher.look_at(view_of(payments, 4 * YUAN)))
        if broken != sorted(Naive(quick()).look(payments)):
            return
    pytest.fail(f"{name}: nobody noticed")


@given(raw=st.lists(payment, max_size=60), cuts=st.lists(st.integers(0, 60), max_size=6))
@settings(max_examples=40)
def test_windows_do_not_matter(raw, cuts) -> None:
    view = view_of(history(raw), 4 * YUAN)
    whole = monitor(quick()).look_at(view) if view.shape[1] else []
    bits, watcher = [], monitor(quick())
    for part in np.split(view, sorted(min(cut, view.shape[1]) for cut in cuts), axis=1):
        bits += watcher.look_at(np.ascontiguousarray(part)) if part.shape[1] else []
    assert bits == whole


def test_a_journal_that_grows_forgets_nothing_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred thousand payments, all within the window, then one that completes a cycle with the first two."""
    rules = only("cycle", window="7 days", share=0.5)
    noise = np.repeat(view_of([P(2, 5, 6, 77)]), 300_000, axis=1)
    noise[v.V_AT] = 3 + np.arange(300_000)
    monkeypatch.setattr(h, "FIRST_ENTRIES", 1 << 16)
    watcher = monitor(rules)
    assert watcher.look_at(view_of([P(1, 1, 2, 900), P(2, 2, 3, 900)])) == []
    for part in np.split(noise, 10, axis=1):
        assert watcher.look_at(np.ascontiguousarray(part)) == []
    (one,) = watcher.look_at(view_of([P(DAY, 3, 1, 900)]))
    assert (one.rule, one.seen, one.figures["hops"], one.figures["took_us"]) == ("cycle", 1, 3, DAY - 1)
    assert len(watcher.history.entries) == 1 << 20


def test_what_is_listed_is_what_it_rests_on() -> None:
    """Nine transfers to nine people within a minute: the alert comes with the sixth and lists six."""
    payments = [P(n * MINUTE // 10, 1, 2 + n, 1_000 * YUAN) for n in range(9)]
    (one,) = monitor(only("fan_out", counterparties=6)).look_at(view_of(payments))
    assert one.payment_ids == (100, 101, 102, 103, 104, 105)
    assert (one.amount_fen, one.at_us) == (6_000 * YUAN, MINUTE // 2)
    assert one.figures == {"payees": 6, "took_us": MINUTE // 2}


def test_scatter_gather_on_paper() -> None:
    out = [P(n, 1, 2 + n, 500) for n in range(3)]
    back = [P(10 + n, 2 + n, 9, 480) for n in range(3)]
    (one,) = monitor(only("scatter_gather", between=3)).look_at(view_of(out + back))
    assert (one.seen, one.figures["between"], one.figures["source_account"]) == (9, 3, 1)
    assert one.payment_ids == (100, 101, 102, 103, 104, 105)
    assert one.amount_fen == 3 * 480


def test_quiet_then_again() -> None:
    payments = [P(n * HOUR, 1, 2 + n % 7, 1_000 * YUAN) for n in range(72)]
    told = found(only("velocity", window="3 h", payments=3, quiet="1 day"), payments)
    assert [one.at // HOUR for one in told] == [2, 26, 50]


def test_nothing_crosses_a_border_here_so_splitting_is_idle() -> None:
    payments = [P(n, n, 9, 1_000) for n in range(8)]
    thresholds = np.zeros((5, 2), dtype=np.int64)
    watcher = Monitor(town(), only("cross_border_splitting"), thresholds, Pseudonyms(1, len(town().ledger.accounts)))
    assert watcher.look_at(view_of(payments)) == []


# --- what a viewer sees -----------------------------------------------------------------------------------------------


def window_of(number: int, seed: int = 1) -> np.ndarray:
    """Settled payments with anything in every other column, and accounts that exist."""
    rng = np.random.default_rng(seed)
    window = rng.integers(0, 2**40, (ended.ROWS, number))
    window[3:5] = rng.integers(1, 36, (2, number))
    window[5] = rng.integers(1, 10_000 * YUAN, number)
    window[ended.CODES] = (window[ended.CODES] & ~(7 << 10 | 15)) | (rng.integers(0, 5, number) << 10)
    return window


def test_a_view_leaves_out_what_nobody_looks_at() -> None:
    """What did not settle, small purchases, and payments between two of whom nothing is seen: and nothing else."""
    window = window_of(500)
    window[ended.CODES] |= np.arange(500) % 3
    window[ended.AMOUNT] %= 200 * YUAN
    visible = thresholds_of(Visibility.model_validate({}).regulator)
    visible[1:] = 150 * YUAN
    viewer = Viewer(town(), visible, Pseudonyms(1, len(town().ledger.accounts)), 100 * YUAN)
    shops, kinds = town().blocks["merchant"], (window[ended.CODES] >> 10) & 7
    classes = town().ledger.accounts[:, account.TRAITS] & trait.CLASS_MASK
    kept = []
    for number, (outcome, amount, payee) in enumerate(zip(window[ended.CODES] & 15, *window[[5, 4]], strict=True)):
        shop = shops.first <= payee < shops.end
        known = amount >= 150 * YUAN or kinds[number] == 0 or shop or classes[payee] == 0
        if outcome == 0 and not (shop and amount < 100 * YUAN) and known:
            kept.append(int(window[0, number]))
    assert viewer.view(window)[v.V_ID].tolist() == kept
    assert 50 < len(kept) < 150


@given(seed=st.integers(0, 1000), label=st.integers(0, 255), source=st.integers(0, 63), key=st.integers(0, 2**60))
@settings(max_examples=50)
def test_a_view_knows_no_label_source_or_key(seed: int, label: int, source: int, key: int) -> None:
    thresholds = thresholds_of(Visibility.model_validate({}).operator)
    viewer = Viewer(town(), thresholds, Pseudonyms(1, len(town().ledger.accounts)))
    window = window_of(20, seed)
    before = viewer.view(window).copy()
    other = window.copy()
    other[ended.TAG] = (other[ended.TAG] & ~((255 << tags.LABEL_SHIFT) | 63)) | (label << tags.LABEL_SHIFT) | source
    other[ended.KEY] = key
    assert np.array_equal(viewer.view(other), before)
    assert before.shape == (v.VIEW_COLUMNS, 20)


def test_alerts_are_the_same_whatever_the_labels(tmp_path) -> None:
    """A whole run with its labels, with other labels, with none: the detectors find the same."""
    changes = {"duration": "1 day", "scale": 0.2, "crime": {"share": "1 %"}, "supervision": {}}
    scenario = load("city-retail-day", overrides=changes).scenario
    results = []
    for relabel in (lambda labels: labels, lambda labels: (labels * 7 + 3) % 17, lambda labels: labels * 0):
        simulation = Simulation(build(scenario, 1))
        windows: list[np.ndarray] = []
        simulation.on_window.append(lambda window, keep=windows: keep.append(window.copy()))
        simulation.run()
        part = next(one for one in simulation.components if isinstance(one, Supervision))
        world = simulation.world
        again = Monitor(
            world, part.rules.detectors, thresholds_of(part.rules.visibility.operator), part.monitor.pseudonyms
        )
        told = []
        for window in windows:
            window[ended.TAG] = (window[ended.TAG] & ~(255 << tags.LABEL_SHIFT)) | (
                relabel((window[ended.TAG] >> tags.LABEL_SHIFT) & 255) << tags.LABEL_SHIFT
            )
            told += again.look(window)
        results.append(told)
        assert [one.payment_ids for one in told] == [one.payment_ids for one in part.raised]
    assert results[0] == results[1] == results[2]
    assert len(results[0]) > 5


def test_who_sees_whom() -> None:
    """Class III: a pseudonym from 5 yuan, the name from 50; below that nobody. A shop is always named."""
    visible = {"III": {"linked_from": "5 CNY", "named_from": "50 CNY"}}
    given = Visibility.model_validate({"regulator": visible})
    pseudonyms = Pseudonyms(1, len(town().ledger.accounts))
    viewer = Viewer(town(), thresholds_of(given.regulator), pseudonyms)
    shop = town().blocks["merchant"].first
    window = window_of(3)
    window[3], window[4], window[5] = 7, shop, [4_99, 5_00, 50_00]
    window[ended.CODES] = 3 << 10
    view = viewer.view(window)
    nobody, pseudonym, named = view[v.V_PAYER].tolist()
    assert (nobody, named) == (-1, 7)
    assert pseudonym >= len(town().ledger.accounts)
    assert pseudonyms.account_of(pseudonym) == 7
    assert view[v.V_PAYEE].tolist() == [shop] * 3
    assert view[v.V_PAYEE_KIND].tolist() == [v.MERCHANT] * 3


@given(accounts=st.integers(1, 5_000), seed=st.integers(0, 100))
@settings(max_examples=40)
def test_a_pseudonym_is_one_account_s(accounts: int, seed: int) -> None:
    one = Pseudonyms(seed, accounts)
    seen = [accounts + (account * one.multiplier + one.shift) % accounts for account in range(accounts)]
    assert sorted(seen) == list(range(accounts, 2 * accounts))
    assert [one.account_of(each) for each in seen] == list(range(accounts))


def test_a_raised_threshold_never_shows_more() -> None:
    visible = Visibility.model_validate({})
    for viewer in ("operator", "central_bank", "regulator", "merchant"):
        rows = [thresholds_of(getattr(visible, viewer), below) for below in (0, 1, 500, 10**6)]
        for low, high in itertools.pairwise(rows):
            assert (low[1:] <= high[1:]).all()
            assert (high[1:, 0] <= high[1:, 1]).all()
            assert (high[0] == 0).all()
        assert (rows[0] <= INFINITE).all()
