"""What contracts do to money: every ending of every kind, purposes and quotas worked out again from the payments."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.base.pending import P_AMOUNT, P_ENDING, P_ESCROW, P_PAYER, P_RETURNED, P_SPENT
from sandbox.core.layout import Outcome, account, code, ended, trait
from sandbox.features.contracts.accounts import ESCROW, SUB_WALLET, TREASURY
from sandbox.features.contracts.dividends import in_proportion
from sandbox.features.contracts.schema import DAY, HOUR
from sandbox.features.contracts.subsidies import areas_of
from sandbox.scenario.load import load
from sandbox.world import build
from tests.contracts.town import TOWN, Watched, as_it_is, town
from tests.oracle.compare import compare, run_rail
from tests.oracle.inputs import read_inputs

YUAN = 100


def settled(run: Watched) -> np.ndarray:
    """Columns of the payments that settled."""
    return run.payments[:, run.payments[ended.CODES] & code.OUTCOME_MASK == Outcome.SETTLED]


# --- all kinds --------------------------------------------------------------------------------------------------------


def test_what_is_open_is_what_escrows_hold() -> None:
    run = as_it_is()
    accounts, ledger = run.simulation.world.ledger.accounts, run.simulation.world.ledger
    held = run.rows[:, P_AMOUNT] - run.rows[:, P_SPENT] - run.rows[:, P_RETURNED]
    for kind in (ESCROW, SUB_WALLET):
        block = ledger.block(kind)
        expected = np.zeros(len(accounts), dtype=np.int64)
        np.add.at(expected, run.rows[:, P_ESCROW], held)
        np.testing.assert_array_equal(accounts[block.rows, account.BALANCE], expected[block.rows])
    assert (held[run.rows[:, P_ENDING] != 0] == 0).all()
    assert ((run.rows[:, P_RETURNED] == 0) == (run.rows[:, P_ENDING] == 1))[run.rows[:, P_ENDING] != 0].all()
    assert (run.rows[:, (P_SPENT, P_RETURNED)] >= 0).all()


def test_the_oracle_agrees_on_every_payment_that_contracts_bring_about() -> None:
    scenario = load(TOWN).scenario
    world = build(scenario, scenario.seed)
    seen = compare(read_inputs(world), run_rail(world))
    assert seen["submitted by parts"] > 1_000


def test_events_tell_of_every_pending() -> None:
    """Opened and ended, counted over the log, are the pendings; sub-wallets tell of their endings only."""
    run = as_it_is()
    told: Counter[str] = Counter()
    for _, actor, event, subject, detail in run.simulation.log.rows:
        if actor == "contract" and subject != "shops" and event in ("opened", "posted", "voided", "expired"):
            told[event] += int(str(detail).split('"count": ')[1].split(",")[0].rstrip("}"))
    rows = run.rows[run.contract != run.kind("shops").number]
    assert told["opened"] == len(rows)
    assert told["posted"] + told["voided"] + told["expired"] == np.count_nonzero(rows[:, P_ENDING])


# --- courses ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_each_lesson_draws_its_part_and_all_lessons_the_price() -> None:
    run = town(contracts__courses__swimming__fails="0 %", contracts__courses__swimming__withdraw="0 %",
               contracts__courses__swimming__lasts="4 days")  # fmt: skip
    rows, course = run.of("swimming"), run.kind("swimming")
    bought = np.flatnonzero(course.paid_fen)
    parts = [100 * YUAN * n // 7 for n in range(8)]
    in_order = bought[np.argsort(course.pending[bought])]
    assert rows[:, P_SPENT].tolist() == [parts[course.given[item]] for item in in_order]
    whole = rows[:, P_ENDING] == 1
    assert whole.any()
    assert (rows[whole, P_SPENT] == 100 * YUAN).all()


def test_escrow_saves_what_is_lost_without() -> None:
    """One lever: who buys what when is the same; with escrow nobody loses a fen."""
    with_it, without = as_it_is(), town(contracts__courses__swimming__escrow=False)
    one, other = with_it.kind("swimming"), without.kind("swimming")
    np.testing.assert_array_equal(one.customers, other.customers)
    np.testing.assert_array_equal(one.school, other.school)
    saved, lost = one.summary(), other.summary()
    assert saved["lost_fen"] == 0
    assert saved["saved_fen"] > 0
    failed = other.failed[other.school] & (other.paid_fen > 0)
    expected = sum(
        100 * YUAN - 100 * YUAN * int(other.given[item]) // 7 - int(other.back_fen[item])
        for item in np.flatnonzero(failed)
    )
    assert lost["lost_fen"] == expected > 0
    assert not without.of("swimming").size


# --- purpose-bound vouchers -------------------------------------------------------------------------------------------


def test_vouchers_pay_for_their_purpose_alone() -> None:
    run = as_it_is()
    food, world = run.kind("food"), run.simulation.world
    shops = world.blocks["merchant"]
    paid = settled(run)
    paid = paid[:, paid[ended.PAYER] == food.escrow]
    assert paid.shape[1] > 50
    categories = list(world.scenario.merchants.categories)
    code = (world.ledger.accounts[paid[ended.PAYEE], account.TRAITS] >> trait.CATEGORY_SHIFT) & trait.CATEGORY_MASK
    assert {categories[one - 1] for one in code.tolist()} == {"food", "health"}
    area = areas_of(run.component.service.terms, world.seed, shops.count)
    assert set(area[paid[ended.PAYEE] - shops.first].tolist()) == {0}
    # Born by the hour; at most a few seconds pass before it settles.
    hours = paid[ended.ENDED_AT] % DAY
    assert hours.min() >= 8 * HOUR
    assert hours.max() < 20 * HOUR + 60_000_000
    assert paid[ended.AMOUNT].sum() == run.of("food")[:, P_SPENT].sum() == food.summary()["spent_fen"]


def test_refusals_of_vouchers_are_worked_out_again() -> None:
    """A plain loop over the plan, one purchase after the other; nothing else fails in this town."""
    run = as_it_is()
    food, world = run.kind("food"), run.simulation.world
    assert not {"frozen", "unavailable", "timed_out", "not_given_out"} & set(run.refused("food"))
    names, shops = list(world.scenario.merchants.categories), world.blocks["merchant"]
    area = areas_of(run.component.service.terms, world.seed, shops.count)
    left = dict.fromkeys(range(food.holders.size), 60 * YUAN)
    expected: Counter[str] = Counter()
    for item in np.lexsort((np.arange(food.times.size), food.times)).tolist():
        if food.times[item] > 3 * HOUR + 3 * DAY or food.times[item] >= 4 * DAY:
            continue
        shop, holder = int(food.shop[item]), int(food.holder[item])
        code = (
            int(world.ledger.accounts[shops.first + shop, account.TRAITS]) >> trait.CATEGORY_SHIFT
        ) & trait.CATEGORY_MASK
        hour = int(food.times[item]) % DAY // HOUR
        if names[code - 1] not in ("food", "health"):
            expected["category"] += 1
        elif area[shop] != 0:
            expected["area"] += 1
        elif not 8 <= hour < 20:
            expected["hour"] += 1
        elif left[holder] == 0:
            expected["nothing_left"] += 1
        else:
            left[holder] -= min(left[holder], int(food.wanted_fen[item]))
    assert run.refused("food") == dict(expected)
    assert set(expected) == {"category", "area", "hour", "nothing_left"}
    rows = run.of("food")
    assert rows[:, P_RETURNED].tolist() == [left[holder] for holder in np.argsort(food.pending).tolist()]


def test_vouchers_come_from_the_treasury_and_go_back_there() -> None:
    run = as_it_is()
    food, accounts = run.kind("food"), run.simulation.world.ledger.accounts
    rows = run.of("food")
    assert set(rows[:, P_PAYER].tolist()) == {food.treasury}
    assert accounts[food.treasury, account.DEBITS] == 200 * 60 * YUAN
    assert accounts[food.treasury, account.BALANCE] == rows[:, P_RETURNED].sum()
    poor = run.simulation.world.cohort_of == 1
    assert poor[food.holders - run.simulation.world.blocks["personal"].first].all()


def test_a_frozen_holder_is_refused_and_a_frozen_merchant_waits() -> None:
    def freeze(simulation) -> None:  # type: ignore[no-untyped-def]
        control = simulation.control
        world = simulation.world

        def acts():  # type: ignore[no-untyped-def]
            yield control.env.timeout(4 * HOUR)
            for one in (*range(1, 400), *range(world.blocks["merchant"].first, world.blocks["merchant"].end)):
                control.freeze(one)
            yield control.env.timeout(2 * DAY)
            for one in (*range(1, 400), *range(world.blocks["merchant"].first, world.blocks["merchant"].end)):
                control.release(one)

        control.env.process(acts())

    run, free = town(freeze), as_it_is()
    assert run.refused("food")["frozen"] > 0
    assert "frozen" not in free.refused("food")
    # Parcels that arrive meanwhile are paid when the shops are released, all at the same moment.
    ended = {row[7] for row in run.of("parcels").tolist() if row[P_ENDING] == 1}
    assert 4 * HOUR + 2 * DAY in ended
    rows = run.rows[run.contract != run.kind("shops").number]
    held = rows[:, P_AMOUNT] - rows[:, P_SPENT] - rows[:, P_RETURNED]
    block = run.simulation.world.ledger.block(ESCROW)
    assert run.simulation.world.ledger.accounts[block.rows, account.BALANCE].sum() == held.sum()


# --- packets, parcels, dividends, fees --------------------------------------------------------------------------------


def test_packets_are_taken_in_equal_parts() -> None:
    run = as_it_is()
    rows, packets = run.of("keyword"), run.kind("keyword")
    parts = [10 * YUAN * n // 3 for n in range(4)]
    taken = packets.taken[packets.pending >= 0]
    assert sorted(rows[:, P_SPENT].tolist()) == sorted(parts[n] for n in taken.tolist())
    assert not np.any(packets.claimant == np.repeat(packets.senders, 4))
    assert {"keyword", "nothing_left"} <= set(run.refused("keyword"))


def test_claims_are_worked_out_again() -> None:
    """A plain loop, one claim after the other: steps of half an hour, five hours to claim, three parts."""
    run = as_it_is()
    packets, paid = run.kind("keyword"), settled(run)
    sent = dict(
        zip(
            *(paid[one, paid[ended.PAYEE] == packets.escrow].tolist() for one in (ended.PAYER, ended.ENDED_AT)),
            strict=True,
        )
    )
    claims = []
    for item in np.flatnonzero(packets.wants).tolist():
        sender = int(packets.senders[item // 4])
        if sender in sent:
            known = -(-sent[sender] // (30 * 60_000_000))
            at_us = sent[sender] + int(packets.after[item])
            step = max(-(-at_us // (30 * 60_000_000)), known + 1)
            claims += [(step, at_us, item)] if step * 30 * 60_000_000 <= 4 * DAY else []
    expected: Counter[str] = Counter()
    taken: Counter[int] = Counter()
    for _, at_us, item in sorted(claims):
        sender = int(packets.senders[item // 4])
        if packets.wrong[item]:
            expected["keyword"] += 1
        elif taken[sender] == 3:
            expected["nothing_left"] += 1
        elif at_us > sent[sender] + 5 * HOUR:
            expected["expired"] += 1
        else:
            taken[sender] += 1
    assert {reason: run.refused("keyword").get(reason, 0) for reason in expected} == dict(expected)
    assert set(expected) == {"keyword", "nothing_left", "expired"}
    assert {who: n for who, n in zip(packets.senders.tolist(), packets.taken.tolist(), strict=True) if n} == dict(taken)


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_a_pool_is_paid_out_whole_and_in_proportion(amount: int, use: list[int]) -> None:
    shares = in_proportion(amount, np.array(use, dtype=np.int64)).tolist()
    if not sum(use):
        assert not any(shares)
        return
    assert sum(shares) == amount
    assert all(abs(Fraction(amount * one, sum(use)) - share) < 1 for one, share in zip(use, shares, strict=True))


def test_all_of_the_pool_reaches_people() -> None:
    run = as_it_is()
    (pool,) = run.of("data").tolist()
    assert (pool[P_AMOUNT], pool[P_SPENT], pool[P_RETURNED]) == (100_001, 100_001, 0)
    assert run.kind("data").pay_outs == 3


def test_an_office_keeps_the_fees_it_granted() -> None:
    run = as_it_is()
    office, granted = run.kind("permit").office, run.endings("permit")["posted", "granted"]
    assert run.simulation.world.ledger.accounts[office, account.BALANCE] == granted * 50 * YUAN
    assert run.simulation.world.ledger.block(TREASURY).first <= office


# --- sub-wallets ------------------------------------------------------------------------------------------------------


def test_merchants_see_the_sub_wallet_and_not_whose_it_is() -> None:
    run = as_it_is()
    shops, paid = run.kind("shops"), settled(run)
    to_shops = paid[:, np.isin(paid[ended.PAYER], shops.accounts)]
    assert to_shops.shape[1] == shops.paid > 50
    first = run.simulation.world.ledger.block(SUB_WALLET).first
    np.testing.assert_array_equal(to_shops[ended.PAYEE], shops.merchants[to_shops[ended.PAYER] - first])
    # Owners pay into their sub-wallets, and nothing else that the contract brings about has an owner as its payer.
    into = paid[:, np.isin(paid[ended.PAYEE], shops.accounts)]
    np.testing.assert_array_equal(into[ended.PAYER], shops.owners[into[ended.PAYEE] - first])


def test_quotas_hold_and_bound_what_a_thief_gets() -> None:
    run = as_it_is()
    shops, paid = run.kind("shops"), settled(run)
    mine = paid[:, np.isin(paid[ended.PAYER], shops.accounts)]
    by_day: Counter[tuple[int, int]] = Counter()
    by_wallet: Counter[int] = Counter()
    for payer, amount, at_us in zip(
        *(mine[one].tolist() for one in (ended.PAYER, ended.AMOUNT, ended.ENDED_AT)), strict=True
    ):
        by_day[payer, at_us // DAY] += amount
        by_wallet[payer] += amount
        assert amount <= 400 * YUAN
    assert max(by_day.values()) <= 1000 * YUAN
    assert max(by_wallet.values()) <= 1500 * YUAN
    own = shops.summary()
    assert own["leaked"] > 3
    assert 0 < own["stolen_most_fen"] <= own["bound_fen"] == 1500 * YUAN
    assert {"per_day", "per_payment", "revoked"} <= set(run.refused("shops"))
    wider = town(contracts__sub_wallets__shops__per_day="5000 CNY", contracts__sub_wallets__shops__per_month="none")
    assert wider.kind("shops").summary()["stolen_most_fen"] > own["bound_fen"]


@pytest.mark.slow
def test_what_a_merchant_cannot_be_paid_goes_back_to_the_owner() -> None:
    def freeze(simulation) -> None:  # type: ignore[no-untyped-def]
        for one in range(simulation.world.blocks["merchant"].first, simulation.world.blocks["merchant"].end):
            simulation.control.freeze(one)

    run = town(freeze)
    assert set(run.endings("shops")) == {("voided", "not_paid")}
    rows, accounts = run.of("shops"), run.simulation.world.ledger.accounts
    assert (rows[:, P_RETURNED] == rows[:, P_AMOUNT]).all()
    block = run.simulation.world.ledger.block(SUB_WALLET)
    assert (accounts[block.rows, account.BALANCE] == 0).all()
    assert accounts[block.rows, account.CREDITS].sum() == rows[:, P_AMOUNT].sum()
