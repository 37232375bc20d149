"""The shared ledger by hand: one payment at a time, to the minor unit and the microsecond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.layout import account
from sandbox.features.crossborder.ledger.numbers import MOST_STEPS, shared_ledger_numbers, thinned
from sandbox.features.crossborder.ledger.quotes import MILLION, Quote
from sandbox.features.crossborder.payment import REFUSED, RETURNED, SETTLED
from sandbox.features.crossborder.rates import RATE_ONE, MidRates
from tests.crossborder.bench import DAY, HOUR, MINUTE, SECOND, changed
from tests.crossborder.shared import START_US, TEXT, Town, opening, scenario

RICH = {"liquidity": "100000 USD", "dealer_liquidity": "100000 USD"}


@pytest.fixture(autouse=True)
def _integers_wrap() -> Iterator[None]:
    with np.errstate(over="ignore"):
        yield


def held(town: Town, currency: str, bank: str) -> int:
    """What a bank has in a currency."""
    who = town.arrangement.account(currency, town.setting.banks.index(bank))
    return int(town.ledger.accounts[who, account.BALANCE])


# Exchange.


def test_a_quote_by_hand() -> None:
    """At 7.8 for 7.1 and 1 % from bid to ask, 71.00 yuan are 78.00 dollars at mid and 77.61 at the bid."""
    quote = Quote(dealer=0, spread=MILLION // 100, up=780_000_000, down=710_000_000, expires_us=0)
    assert quote.gives(7_100) == 7_761
    # 77.61 dollars are worth 70.645 yuan at mid.
    assert quote.costs(7_100) == 7_100 - 7_065
    assert quote.bid < 7.8 / 7.1 < quote.ask


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, MILLION // 2), st.integers(1, 10**15), st.integers(1, 10**15), st.integers(0, 10**14)
)  # fmt: skip
def test_whatever_is_quoted(spread: int, up: int, down: int, amount: int) -> None:
    """Never more than the mid, never two minor units less than the bid, cost never below zero; bid never above ask."""
    quote = Quote(0, spread, up, down, 0)
    gives = quote.gives(amount)
    assert gives * down <= amount * up
    assert (gives + 1) * down * 2 * MILLION > amount * up * (2 * MILLION - spread)
    assert 0 <= quote.costs(amount) <= amount
    assert quote.bid <= quote.ask


def test_the_rest_of_rounding_stays_with_the_dealer() -> None:
    town = Town(scenario(**RICH))
    before = held(town, "CNY", "hong_kong bank 1"), held(town, "HKD", "hong_kong bank 1")
    payment = town.pay("out", 400, payer_bank=1, payee_bank=1)
    town.run(MINUTE)
    assert (payment.outcome, payment.pvp) == (SETTLED, True)
    dealer = next(
        one
        for one in ("hong_kong bank 1", "mainland bank 1")
        if town.arrangement.trades[town.setting.banks.index(one)][0]
    )
    if dealer == "hong_kong bank 1":
        assert held(town, "CNY", dealer) - before[0] == payment.amount
        assert before[1] - held(town, "HKD", dealer) == payment.credited
    assert payment.credited is not None
    assert payment.credited < town.setting.mid_rates.convert(payment.amount, "CNY", "HKD", START_US)
    assert payment.fx_cost > 0


def test_the_same_currency_needs_no_exchange() -> None:
    town = Town(scenario(**RICH))
    payment = town.pay("yuan", 400)
    town.run(MINUTE)
    assert (payment.outcome, payment.credited, payment.fx_cost, payment.pvp) == (SETTLED, payment.amount, 0, False)
    assert payment.fee == 710 + payment.amount * 500 // MILLION


def test_mid_rates_walk_each_for_itself_and_pegs_stay() -> None:
    """A day's change of the logarithm has the spread that was asked for; conversion rounds down."""
    of = scenario().crossborder
    assert of is not None
    days: list[float] = []
    for seed in range(40):
        mid_rates = MidRates(of, seed, 3 * DAY)
        assert {mid_rates.rate("AED", at * HOUR) for at in range(72)} == {round(3.6725 * RATE_ONE)}
        days += [np.log(mid_rates.rate("CNY", (day + 1) * DAY) / mid_rates.rate("CNY", day * DAY)) for day in range(3)]
        yuan, baht = ([mid_rates.rate(code, at * HOUR) for at in range(72)] for code in ("CNY", "THB"))
        assert not np.allclose(np.array(yuan) / yuan[0], np.array(baht) / baht[0], rtol=1e-3)
    assert np.std(days) == pytest.approx(0.2, rel=0.25)
    mid_rates = MidRates(of, 1, DAY)
    for amount in (1, 7, 12_345):
        paid = mid_rates.convert(amount, "CNY", "HKD", HOUR)
        assert (
            paid * mid_rates.rate("CNY", HOUR)
            <= amount * mid_rates.rate("HKD", HOUR)
            < (paid + 1) * mid_rates.rate("CNY", HOUR)
        )


# Locks and decisions.


def test_locked_first_then_both_legs_at_one_instant() -> None:
    town = Town(scenario(**RICH))
    payment = town.pay("out", 400, 1, 1)
    town.run(2 * SECOND)
    assert payment.outcome == "pending"
    (batch,) = town.arrangement.consensus.undecided
    assert len(batch.locked.held) == 2
    assert not town.posted
    town.run(10 * SECOND)
    assert payment.settled_us == batch.since_us + batch.takes_us
    assert {one.at_us for one in town.posted} == {payment.settled_us}
    assert len(town.posted) == 2


def test_without_a_quorum_it_waits_and_comes_back() -> None:
    town = Town(scenario(**RICH))
    for who in ("thailand", "uae"):
        town.fail("validator", who, HOUR)
    town.run(SECOND)
    payment = town.pay("out", 400, 1, 1)
    town.run(MINUTE)
    assert (payment.outcome, payment.reason) == (RETURNED, "quorum_lost")
    assert payment.fee == 0, "a fee for what did not settle"
    assert not town.posted
    assert held(town, "CNY", "mainland bank 2") == 100_000 * 710


def test_one_validator_of_four_may_fail() -> None:
    town = Town(scenario(**RICH))
    town.fail("validator", "uae", HOUR)
    town.run(SECOND)
    payment = town.pay("out", 400, 1, 1)
    town.run(MINUTE)
    assert payment.outcome == SETTLED


def test_with_the_quorum_a_decision_begins_anew() -> None:
    town = Town(scenario(**RICH))
    payment = town.pay("out", 400, 1, 1)
    town.run(SECOND)
    (batch,) = town.arrangement.consensus.undecided
    for who in ("thailand", "uae"):
        town.fail("validator", who, 9 * SECOND)
    town.run(HOUR)
    regained = START_US + SECOND + 9 * SECOND
    assert payment.settled_us == regained + batch.takes_us


def test_a_failed_bank_brings_the_lock_back() -> None:
    town = Town(scenario(**RICH))
    payment = town.pay("out", 400, 1, 1)
    town.run(2 * SECOND)
    town.fail("bank", "hong_kong bank 2", HOUR)
    town.run(SECOND)
    assert (payment.outcome, payment.reason, payment.completed_us) == (RETURNED, "bank_failed", START_US + 2 * SECOND)
    late = town.pay("out", 400, 1, 1)
    town.run(SECOND)
    assert (late.outcome, late.reason) == (REFUSED, "bank_failed")


def test_another_bank_takes_over_the_exchange() -> None:
    town = Town(scenario(**RICH))
    payment = town.pay("out", 400, 1, 1)
    town.run(2 * SECOND)
    (batch,) = town.arrangement.consensus.undecided
    first = batch.attempts[0].dealer
    town.fail("bank", first or "", HOUR)
    town.run(MINUTE)
    assert payment.outcome == SETTLED
    traded = {town.setting.banks[bank] for bank, (trades, _) in town.arrangement.trades.items() if trades}
    assert traded == {"mainland bank 1", "hong_kong bank 1"} - {first}


def test_the_best_quote_of_a_bank_that_is_neither_payer_nor_payee_and_is_there() -> None:
    town = Town(scenario(quotes__dealers_each=2, **RICH))
    banks, market, outages = town.setting.banks, town.arrangement.market, town.setting.outages
    own = ["mainland bank 1", "hong_kong bank 1"]
    for _ in range(8):
        payment = town.payment("shared_ledger", "out", 400, START_US, 0, 0)
        spreads: dict[str, int] = {}
        outages._down.clear()
        while (quote := market.best(payment, 0)) is not None:
            spreads[banks[quote.dealer]] = quote.spread
            outages._down["bank", banks[quote.dealer]] = 1
        others = ["mainland bank 2", "hong_kong bank 2"]
        assert list(spreads) == [*sorted(others, key=spreads.__getitem__), *sorted(own, key=spreads.__getitem__)]


def test_what_is_locked_together_takes_as_long_as_the_slowest() -> None:
    town = Town(scenario(queue__patience="1 h"))
    for corridor, dollars in (("yuan", 1_500), ("yuan", 1_400), ("yuan", 1_200)):
        payment = town.pay(corridor, dollars, 1, 1)
        if dollars == 1_400:
            payment.payer_bank, payment.payee_bank = payment.payee_bank, payment.payer_bank
    town.run(2 * SECOND)
    (batch,) = town.arrangement.consensus.undecided
    for one in batch.attempts:
        one.tries = 0
    alone = [town.arrangement.consensus._takes_us(one) for one in batch.attempts]
    assert len(alone) > 1
    assert batch.takes_us == max(alone) > min(alone)


def test_both_sides_check_before_anything_moves_and_what_is_refused_uses_up_no_quota() -> None:
    """The payee's bank refuses the second for what the first brought, and its payer may send as much as before."""
    strict = {f"jurisdictions__{place}__capital_controls": "strict" for place in ("hong_kong", "mainland")}
    rich = {f"shared_ledger__{name}": value for name, value in RICH.items()}
    town = Town(changed(TEXT, ("crossborder",), {**strict, **rich, "gates__annual_quota": "700 USD"}))
    first = town.pay("out", 400, 1, 1)
    first.individuals, first.payer, first.payee = True, 1, 2
    town.run(MINUTE)
    second = town.pay("out", 400, 1, 1)
    second.individuals, second.payer, second.payee = True, 3, 2
    town.run(MINUTE)
    assert (first.outcome, second.outcome, second.reason) == (SETTLED, REFUSED, "annual_quota")
    assert len(town.locked) == 2, "the first one's legs"
    third = town.pay("out", 699, 1, 0)
    third.individuals, third.payer, third.payee = True, 4, 5
    town.fail("bank", "hong_kong bank 1", MINUTE)
    town.run(2 * MINUTE)
    assert (third.outcome, third.reason) == (REFUSED, "bank_failed")
    gates = town.arrangement.gates
    assert {who for (side, who, _), used in gates._used.items() if used and side == "sent"} == {1}


# Money.


def test_without_money_it_waits_and_is_refused() -> None:
    town = Town(scenario(queue__patience="1 min", quotes__validity="10 min"))
    payment = town.pay("yuan", 1_500, 1, 1)
    town.run(HOUR)
    # Nobody holds yuan in Hong Kong but whom the corridor lets pay in them: 1,000 dollars' worth.
    assert (payment.outcome, payment.reason) == (REFUSED, "no_liquidity")
    assert MINUTE <= payment.queued_us <= MINUTE + 1


def test_two_that_owe_each_other_settle_together() -> None:
    """Neither bank has 1,500 dollars' worth; together they need nothing."""
    town = Town(scenario(queue__patience="1 h", hours="always"))
    there = town.pay("yuan", 1_500, 1, 1)
    town.run(SECOND)
    assert len(town.arrangement.queue) == 1
    back = town.pay("yuan", 1_400, 1, 1)
    back.payer_bank, back.payee_bank = there.payee_bank, there.payer_bank
    town.run(MINUTE)
    assert (there.outcome, back.outcome) == (SETTLED, SETTLED)
    assert there.settled_us == back.settled_us
    assert town.arrangement.consensus.counts.together == 2


def test_too_many_quotes_expire() -> None:
    town = Town(scenario(quotes__requotes=2, queue__patience="1 h"))
    payment = town.pay("out", 1_500, 1, 1)
    town.run(HOUR)
    assert (payment.outcome, payment.reason) == (REFUSED, "quote_expired")
    assert payment.queued_us == 3 * 40 * SECOND


def test_balances_are_set_right() -> None:
    town = Town(scenario(refill="1 h"))
    town.pay("yuan", 900, 1, 1)
    town.run(MINUTE)
    assert held(town, "CNY", "hong_kong bank 2") == 100 * 710
    town.run(HOUR)
    assert held(town, "CNY", "hong_kong bank 2") == 1_000 * 710
    assert town.arrangement.funded["CNY"] == 900 * 710


def test_what_is_locked_stays_locked_when_balances_are_set_right() -> None:
    """A lock of 900 is no lack: what is free is raised to 1,000 beside it, and goes back at the next turn."""
    town = Town(scenario(refill="1 h"))
    town.run(HOUR - 2 * SECOND)
    payment = town.pay("yuan", 900, 1, 1)
    town.run(SECOND)
    assert len(town.arrangement.consensus.undecided) == 1
    town.run(SECOND + SECOND // 2)
    assert payment.outcome == "pending"
    assert held(town, "CNY", "hong_kong bank 2") == 1_900 * 710
    assert town.arrangement.funded["CNY"] == 900 * 710
    town.run(2 * HOUR)
    assert payment.outcome == SETTLED
    assert held(town, "CNY", "hong_kong bank 2") == held(town, "CNY", "mainland bank 2") == 1_000 * 710


def test_patience_is_for_a_payment_and_not_for_each_of_its_quotes() -> None:
    town = Town(scenario(quotes__requotes=50, queue__patience="90 s"))
    payment = town.pay("out", 1_500, 1, 1)
    town.run(HOUR)
    assert (payment.outcome, payment.reason) == (REFUSED, "no_liquidity")
    assert payment.queued_us == 90 * SECOND


def test_who_holds_what_at_the_start() -> None:
    of = scenario.__wrapped__(holdings={"uae bank 2": {"HKD": "7 USD"}}).crossborder
    assert of is not None
    banks = [name for _, name in of.banks()]
    dealers = [banks.index(name) for name in of.dealers()]
    hkd = dict(zip(banks, opening(of, "HKD", dealers), strict=True))
    assert hkd["hong_kong bank 2"] == 1_000 * 780
    assert hkd["hong_kong bank 1"] == hkd["uae bank 1"] == 2_000 * 780
    assert hkd["thailand bank 2"] == 0
    assert hkd["uae bank 2"] == 7 * 780


# Hours.


def test_both_currencies_have_to_be_open() -> None:
    """At 9 in Hong Kong it is 5 in the Emirates, whose banks open at 9: four hours to wait."""
    town = Town(scenario(hours="office", **RICH))
    payment = town.pay("home", 400, 1, 1)
    assert town.setting.currency_hours()["AED"].next_open(START_US) == START_US + 4 * HOUR
    town.run(5 * HOUR)
    assert payment.outcome == SETTLED
    assert 4 * HOUR - SECOND <= payment.closed_us <= 4 * HOUR


# Numbers.


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 50)), max_size=900))
def test_thinned_steps_keep_the_highest(drawn: list[tuple[int, int]]) -> None:
    steps: list[tuple[int, int]] = []
    at = 0
    for gap, value in drawn:
        at += gap
        steps.append((at, value))
    kept = thinned(steps, at + 1)
    assert len(kept) <= MOST_STEPS
    assert max((value for _, value in kept), default=0) == max((value for _, value in steps), default=0)


def test_liquidity_used_by_hand() -> None:
    town: Any = Town(scenario(**RICH))
    town.pay("yuan", 400, 1, 1)
    town.run(MINUTE)
    town.pay("yuan", 300, 1, 1)
    town.run(MINUTE)
    found = {one["currency"]: one for one in shared_ledger_numbers(town.arrangement)["liquidity"]}
    assert found["CNY"]["used_fen"] == 700 * 710
    assert found["CNY"]["turnover_fen"] == 700 * 710
    assert found["HKD"]["used_fen"] == 0
