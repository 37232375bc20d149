"""Instants and ends: who wins when a draw and an expiry fall together, where demand stops, and what levers leave alone.

Where a test says so, a step is only how often contracts are looked at, and nobody's money may depend on it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.base.pending import ENDINGS, P_ENDING, P_REASON, P_SPENT
from sandbox.core.layout import ended
from sandbox.features.contracts.draws import Draws
from sandbox.features.contracts.schema import DAY, HOUR
from tests.contracts.town import Watched, as_it_is, town

MINUTE = HOUR // 60


def only(kind: str, step: str = "30 min", duration: str = "4 days", **one: Any) -> Watched:
    """The town with one contract, called `one`."""
    return town(contracts={"step": step, kind: {"one": one}}, duration=duration)


# --- draws and deadlines ----------------------------------------------------------------------------------------------

PARCELS = {
    "orders": 200, "ordered_within": "20 h", "delivered_after": "50 min", "deadline": "40 min", "disputed": "0 %",
    "lost": "5 %",
}  # fmt: skip


def by_holder(run: Watched) -> dict[int, str]:
    """How each holder's pending ended."""
    return {one: ENDINGS[row[P_ENDING]] for one, row in zip(run.holder.tolist(), run.of("one").tolist(), strict=True)}


@pytest.mark.parametrize("step", ["1 min", "7 min", "3 h"])
def test_a_delivery_in_time_is_paid_however_rarely_one_looks(step: str) -> None:
    run = only("deliveries", step=step, **PARCELS)
    orders, ended = run.kind("one"), by_holder(run)
    expected = np.where((orders.arrives <= 40 * MINUTE) & ~orders.lost, "posted", "expired").tolist()
    assert ended == {who: expected[item] for item, who in enumerate(orders.buyers.tolist()) if who in ended}
    assert {"posted", "expired"} == set(ended.values())
    late = np.count_nonzero((orders.arrives > 40 * MINUTE) & ~orders.lost & (orders.pending >= 0))
    assert run.refused("one")["late"] == late


@pytest.mark.parametrize("step", ["1 min", "3 h"])
def test_a_decision_in_time_is_one_however_rarely_one_looks(step: str) -> None:
    run = only("fees", step=step, applicants=150, fee="5 CNY", decided_after="1 h", deadline="1 h", profile="flat")
    forms, ended = run.kind("one"), by_holder(run)
    in_time = np.where(forms.rejected, "voided", "posted")
    expected = np.where(forms.decided <= HOUR, in_time, "expired").tolist()
    assert ended == {who: expected[item] for item, who in enumerate(forms.applicants.tolist()) if who in ended}
    assert len(set(ended.values())) == 3


@pytest.mark.parametrize("step", ["1 min", "1 h"])
def test_the_last_lesson_is_given_when_the_time_is_just_over(step: str) -> None:
    """Seven lessons: the first after 6 hours, then every 10, so the last after 66 hours to the microsecond."""
    course = {"schools": 3, "customers": 60, "sold_within": "6 h", "price": "70 CNY", "lessons": 7,
              "first_lesson": "6 h", "every": "10 h", "withdraw": "0 %"}  # fmt: skip
    just, short = (only("courses", step=step, lasts=lasts, **course) for lasts in ("66 h", "65 h"))
    assert set(just.endings("one")) == {("posted", "lessons")}
    assert set(short.endings("one")) == {("expired", "expired")}
    assert (short.of("one")[:, P_SPENT] == 60_00).all()


def test_what_is_open_has_no_reason_of_its_ending() -> None:
    run = only("courses", duration="1 days", schools=3, customers=60, sold_within="6 h", price="70 CNY", lessons=7,
               first_lesson="1 h", every="10 h", withdraw="0 %")  # fmt: skip
    rows = run.of("one")
    assert (rows[:, P_SPENT] > 0).all()
    assert (rows[:, (P_ENDING, P_REASON)] == 0).all()
    assert not run.endings("one")


# --- where demand stops -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["fees", "deliveries", "courses", "gifts", "subsidies"])
def test_nobody_sets_out_after_the_end(kind: str) -> None:
    terms = {
        "fees": {"applicants": 300, "fee": "1 CNY", "applied_within": "2 days", "profile": "flat"},
        "deliveries": {"orders": 300, "ordered_within": "2 days", "profile": "flat"},
        "courses": {"schools": 2, "customers": 300, "sold_within": "2 days", "price": "5 CNY", "lessons": 2},
        "gifts": {"senders": 300, "amount": "1 CNY", "sent_within": "2 days"},
        "subsidies": {"vouchers": 300, "amount": "90 CNY", "lasts": "2 days", "purchases": "9 /day"},
    }[kind]
    run = only(kind, duration="25 h", step="6 h", **terms)
    ours = next(number for number, one in enumerate(run.simulation.world.sources) if one.name == "contracts")
    born = run.payments[ended.SUBMITTED_AT, run.payments[ended.TAG] & 63 == ours]
    assert born.size > 50
    assert 24 * HOUR < born.max() < 25 * HOUR


def test_the_last_bin_is_where_the_run_ended() -> None:
    """Fees paid after the last step are in the book when the run is over, and in its last row."""
    run = only("fees", duration="25 h", step="6 h", applicants=300, fee="1 CNY", applied_within="25 h", profile="flat")
    table, said = run.component.tables()["contracts"], run.component.summary()["contracts"]
    for name in ("held_fen", "spent_fen", "returned_fen"):
        assert table[name][-1] == said[name]


# --- levers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lever",
    [
        {"lasts": "6 h"}, {"lasts": "90 days"}, {"amount": "7 CNY"}, {"vouchers": 100}, {"to_hour": 9},
        {"categories": ["education"]}, {"areas": ["west"]},
    ],
    ids=str,
)  # fmt: skip
def test_no_lever_changes_who_takes_out_a_voucher_for_how_much(lever: dict[str, Any]) -> None:
    terms = {"vouchers": 150, "amount": "60 CNY", "lasts": "3 days", "categories": ["food"], "purchases": "1 /day"}
    areas = {"east": "60 %", "west": "40 %"}
    one, other = (
        town(contracts={"areas": areas, "subsidies": {"one": given}}).kind("one") for given in (terms, terms | lever)
    )
    people = min(one.holders.size, other.holders.size)
    count = np.count_nonzero(one.holder < people)
    assert count > 50
    for name in ("holder", "wanted_fen", "keys"):
        np.testing.assert_array_equal(getattr(one, name)[:count], getattr(other, name)[:count], err_msg=name)
    if not {"to_hour", "categories", "areas"} & set(lever):
        np.testing.assert_array_equal(one.times[:count], other.times[:count])
        np.testing.assert_array_equal(one.shop[:count], other.shop[:count])
    anyhow = ~one.draws.has("on_purpose", one.holder.size, 0.8)[:count]
    np.testing.assert_array_equal(one.times[:count][anyhow], other.times[:count][anyhow])
    np.testing.assert_array_equal(one.shop[:count][anyhow], other.shop[:count][anyhow])


def test_who_withdrew_before_the_school_failed_is_not_hit_by_it() -> None:
    course = as_it_is().kind("swimming")
    said, endings = course.summary(), as_it_is().endings("swimming")
    assert said["customers_hit"] == endings["voided", "merchant_failed"]
    left_before = course.over & ~course.hit & course.failed[course.school]
    assert left_before.any()
    voided = as_it_is().of("swimming")
    word = as_it_is().component.service.pendings.word
    failed = [row for row in voided.tolist() if word(row[P_REASON]) == "merchant_failed"]
    assert said["saved_fen"] == sum(row[4] for row in failed)


# --- draws ------------------------------------------------------------------------------------------------------------


def draws() -> Draws:
    """Draws of a contract of the town."""
    return Draws(as_it_is().simulation.world.scenario, 7, "one")


@pytest.mark.parametrize("bound", [1, 2, 3_600_000_000, 30 * DAY, 36_600 * DAY])
def test_a_draw_below_a_bound_is_below_it(bound: int) -> None:
    """A time of up to a hundred years, which times a billion is more than 64 bits hold."""
    drawn = draws().below("one", 20_000, bound)
    assert drawn.min() >= 0
    assert drawn.max() < bound
    assert abs(float(drawn.mean()) - (bound - 1) / 2) <= 0.02 * bound


@pytest.mark.parametrize("mean", [0.0, 0.3, 99.0, 101.0, 1_500.0])
def test_how_many_is_poisson_however_many(mean: float) -> None:
    drawn = draws().poisson("many", 4_000, mean)
    sigma = mean**0.5
    assert abs(drawn.mean() - mean) <= 5 * sigma / 4_000**0.5
    assert abs(drawn.var() - mean) <= 0.15 * mean


@pytest.mark.parametrize("told", [2, 7, 799])
def test_a_keyword_is_told_to_different_people(told: int) -> None:
    packets = only("gifts", duration="1 h", senders=40, amount="10 CNY", told=told if told < 500 else 500).kind("one")
    friends = packets.claimant.reshape(40, -1)
    people = packets.control.world.blocks["personal"]
    for sender, those in zip(packets.senders.tolist(), friends.tolist(), strict=True):
        assert len({*those, sender}) == len(those) + 1
        assert people.first <= min(those) <= max(those) < people.end


def test_a_pool_goes_out_even_if_nobody_was_of_much_use() -> None:
    """With uses as unequal as may be, some of the median are less than one thousandth of it."""
    run = only("dividends", duration="10 h", pool="9 CNY", wallets=1, use_sigma=4, parts=100, every="5 min")
    assert set(run.endings("one")) == {("posted", "paid_out")}


def test_a_thief_starts_within_one_of_his_rounds() -> None:
    """Rounds of a day: the first try is in the day after the leak, never before it."""
    run = only("sub_wallets", owners=30, leaked="100 %", leaks_at="30 h", thief_every="1 days", found_after="2 days")
    tries = [one.at_us for one in run.kind("one").tries() if one.thief]
    assert 30 * HOUR <= min(tries) < 54 * HOUR
    assert len(tries) > 60


def test_owners_pay_as_often_as_the_scenario_says_whenever_it_begins() -> None:
    for starts in ("0 h", "3 days"):
        shops = only("sub_wallets", owners=2, merchants_each=1, starts=starts, payments="300 /day").kind("one")
        days = 4 if starts == "0 h" else 1
        assert abs(len(shops.tries()) - 600 * days) <= 5 * (600 * days) ** 0.5
