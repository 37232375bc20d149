"""Gates of payments across borders: each refuses what it should, holds what it should, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import simpy

from sandbox.control import Control, EventLog
from sandbox.features.crossborder.closures import Closures
from sandbox.features.crossborder.gates import Gatekeeper
from sandbox.features.crossborder.payment import Payment
from sandbox.features.crossborder.setting import Setting
from sandbox.scenario.schema import scenario_from
from sandbox.world import build

DAY = 86_400_000_000
HOUR = DAY // 24
QUIET = {
    "travel_rule": {"missing": 0.0},
    "screening": {"takes": 0, "false_positives": 0.0, "listed": 0.0},
    "splitting": {"people": 0},
}


def gatekeeper(start: str = "2026-03-02T09:00:00", **gates: Any) -> Gatekeeper:
    """Gates between Hong Kong and the mainland, open from 9:00 to 17:00; nothing happens but what a test sets."""
    corridor = {"sender": "mainland", "receiver": "hong_kong", "count": 1, "mean": 10_000}
    scenario = scenario_from(
        {
            "title": "Gates",
            "question": "Who passes?",
            "start": start,
            "duration": 400 * DAY,
            "series": {"bin": DAY},
            "population": {"wallets": 2, "corporates": 2},
            "merchants": {"count": 1},
            "crossborder": {
                "corridors": {"one": corridor}, "gates": {**QUIET, **gates},
                "jurisdictions": {"mainland": {"weekend": []}, "hong_kong": {"weekend": []}},
            },
        }
    )  # fmt: skip
    world, env = build(scenario, 1), simpy.Environment()
    machine: Any = None
    assert scenario.crossborder is not None
    control = Control(env, world, EventLog(), machine, env.event())
    setting = Setting(control, scenario.crossborder)
    return Gatekeeper(setting, "shared_ledger", Closures(setting))


def payment(number: int = 0, cents: int = 100_000, payer: int = 1, payee: int = 2, individuals: bool = True,
            key: int = 7, sender: str = "mainland", receiver: str = "hong_kong") -> Payment:  # fmt: skip
    """A payment from the mainland to Hong Kong."""
    return Payment(
        number, "shared_ledger", "", "one", "remittance", individuals, payer, payee, 0, 5, sender, receiver,
        "CNY", "HKD", 7 * cents, cents, 0, np.uint64(key),
    )  # fmt: skip


def asked(
    gates: Gatekeeper, one: Payment, side: str = "sender_side", until: int | None = None
) -> tuple[str | None, int]:
    """The answer of one side, and how long it took (us)."""
    env = gates._setting.control.env
    began = int(env.now)
    found: list[str | None] = []

    def ask() -> Any:
        found.append((yield from getattr(gates, side)(one)))

    env.run(until=env.process(ask()) if until is None else until)
    return found[0], int(env.now) - began


def passes_time(gates: Gatekeeper, us: int) -> None:
    env = gates._setting.control.env
    env.run(until=env.now + us)


def test_the_quota_binds_to_the_cent_and_begins_anew_each_year():
    gates = gatekeeper("2026-12-31T23:00:00")
    assert asked(gates, payment(0, 4_999_999)) == (None, 0)
    assert asked(gates, payment(1, 2)) == ("annual_quota", 0)
    assert asked(gates, payment(2, 1)) == (None, 0)
    assert asked(gates, payment(3, 1, payer=5)) == (None, 0)  # somebody else
    passes_time(gates, HOUR)
    assert asked(gates, payment(4, 5_000_000)) == (None, 0)


def test_the_quota_is_for_people_under_strict_controls():
    gates = gatekeeper()
    assert asked(gates, payment(0, 90_000_000, individuals=False)) == (None, 0)
    assert asked(gates, payment(1, 90_000_000), "receiver_side") == (None, 0)  # Hong Kong has no controls
    home = payment(2, 5_000_001, sender="hong_kong", receiver="mainland")
    assert asked(gates, home) == (None, 0)
    assert asked(gates, home, "receiver_side") == ("annual_quota", 0)


def test_each_person_has_a_quota_each_arrangement():
    """What somebody receives is the payee's, beside what the same person sends; who sends from abroad has none here."""
    gates = gatekeeper()
    home = [payment(n, 3_000_000, payer=payer, payee=payee, sender="hong_kong", receiver="mainland")
            for n, (payer, payee) in enumerate([(7, 1), (7, 2), (8, 1)])]  # fmt: skip
    assert [asked(gates, one, "receiver_side")[0] for one in home] == [None, None, "annual_quota"]
    assert asked(gates, payment(3, 5_000_000, payer=1))[0] is None
    assert asked(gates, payment(4, 1, payer=1))[0] == "annual_quota"


def test_some_controls_are_no_strict_ones():
    gates = gatekeeper()
    assert asked(gates, payment(0, 90_000_000, sender="thailand", receiver="hong_kong"))[0] is None


def test_what_does_not_settle_uses_up_no_quota():
    gates = gatekeeper()
    first = payment(0, 5_000_000)
    assert asked(gates, first)[0] is None
    assert asked(gates, payment(1, 1))[0] == "annual_quota"
    gates.release(first)
    gates.release(first)  # once only
    assert asked(gates, payment(2, 5_000_000))[0] is None
    assert asked(gates, payment(3, 1))[0] == "annual_quota"


def test_five_people_and_one_party_abroad_within_three_days():
    gates = gatekeeper(splitting={"people": 5})
    for person in (1, 2, 3, 4, 1, 2):
        assert asked(gates, payment(person, payer=person))[0] is None
    assert asked(gates, payment(9, payer=9, payee=77))[0] is None  # another party
    passes_time(gates, 3 * DAY - 1)
    assert asked(gates, payment(5, payer=5))[0] == "splitting"
    passes_time(gates, 1)
    # The first day's people have left the window, the one who was refused is still in it.
    assert [asked(gates, payment(n, payer=n))[0] for n in (6, 7, 8)] == [None, None, None]
    assert asked(gates, payment(9, payer=9))[0] == "splitting"


def test_splitting_may_be_reported_only():
    gates = gatekeeper(splitting={"people": 2, "refuse": False})
    assert [asked(gates, payment(n, payer=n))[0] for n in (1, 2)] == [None, None]
    assert [row[2] for row in gates._setting.control.log.rows] == ["splitting_found"]
    assert gates.numbers()["gates"] == {"splitting": 1}


def test_missing_data_hold_a_payment_until_they_are_there_in_office_hours():
    terms = {"threshold": 100_000, "missing": 1.0, "repaired": 1.0, "repair": 5 * HOUR}
    gates = gatekeeper("2026-03-02T16:00:00", travel_rule=terms)
    assert asked(gates, payment(0, 100_000)) == (None, 0)  # not above the threshold
    one = payment(1, 100_001)
    answer, took = asked(gates, one)
    assert (answer, one.compliance_us) == (None, took)
    # One hour is left of the day; what is beyond it is done from nine o'clock on.
    assert took <= HOUR or took >= 17 * HOUR
    assert asked(gatekeeper(travel_rule=terms), payment(2, 100_001), "receiver_side") == (
        None,
        0,
    )  # they have come along
    refusing = gatekeeper(travel_rule=terms | {"repaired": 0.0})
    assert asked(refusing, payment(1, 100_001))[0] == "travel_rule"


def test_a_listed_name_is_refused_and_a_likeness_is_looked_into():
    refused = gatekeeper(screening={"takes": 5, "listed": 1.0, "false_positives": 0.0})
    assert asked(refused, payment(0))[0] == "screening"
    gates = gatekeeper(screening={"takes": 5, "listed": 0.0, "false_positives": 1.0, "remembered": True})
    answer, took = asked(gates, payment(0))
    assert answer is None
    assert took > 5
    assert asked(gates, payment(1)) == (None, 5)  # cleared and remembered
    assert asked(gates, payment(2, payer=99))[1] > 5


def test_reviews_wait_for_one_another():
    gates = gatekeeper(screening={"takes": 0, "false_positives": 1.0, "listed": 0.0, "reviewers": 1})
    env, ended = gates._setting.control.env, []

    def ask(number: int) -> Any:
        yield from gates.sender_side(payment(number, payer=number, key=number))
        ended.append(int(env.now))

    for number in (1, 2, 3):
        env.process(ask(number))
    env.run(until=DAY)
    apart = [asked(gatekeeper(screening={"takes": 0, "false_positives": 1.0, "listed": 0.0}),
                   payment(number, payer=number, key=number))[1] for number in (1, 2, 3)]  # fmt: skip
    assert ended == list(np.cumsum(apart))


def test_who_looks_like_a_listed_person_is_the_same_on_every_payment_and_arrangement():
    terms = {"takes": 5, "listed": 0.0, "false_positives": 0.3}
    gates = gatekeeper(screening=terms)
    stopped = {who for who in range(60) if asked(gates, payment(who, payer=who, key=who))[1] > 5}
    assert 8 <= len(stopped) <= 30
    other = Gatekeeper(gatekeeper(screening=terms)._setting, "correspondent", gatekeeper(screening=terms)._closures)
    assert {who for who in range(60) if asked(other, payment(who, payer=who, key=900 + who))[1] > 5} == stopped


def test_each_place_has_reviewers_of_its_own():
    gates = gatekeeper(screening={"takes": 0, "false_positives": 1.0, "listed": 0.0, "reviewers": 1})
    env, ended = gates._setting.control.env, {}

    def ask(side: str) -> Any:
        yield from getattr(gates, side)(payment(payer=1, payee=1))
        ended[side] = int(env.now)

    for side in ("sender_side", "receiver_side"):
        env.process(ask(side))
    env.run(until=DAY)
    assert ended["sender_side"] == ended["receiver_side"], "the same work, begun at once"


def test_large_values_are_reported_once_a_day_and_person():
    gates = gatekeeper(report_people=1_000_000)
    for number in range(4):
        asked(gates, payment(number, 500_000))
    assert gates.numbers()["gates"] == {"large_value_reports": 1}
    passes_time(gates, DAY)
    asked(gates, payment(9, 1_000_000))
    assert gates.numbers()["gates"] == {"large_value_reports": 2}
    asked(gates, payment(10, 19_999_999, payer=50, individuals=False))
    assert gates.numbers()["gates"] == {"large_value_reports": 2}
    asked(gates, payment(11, 1, payer=50, individuals=False))
    assert gates.numbers()["gates"] == {"large_value_reports": 3}
    assert gates.numbers()["quota_people"] == 1
    assert gates.numbers()["quota_used_share_mean"] == pytest.approx(3_000_000 / 5_000_000)


def test_each_arrangement_remembers_for_itself():
    gates = gatekeeper()
    other = Gatekeeper(gates._setting, "correspondent", gates._closures)
    assert asked(gates, payment(0, 5_000_000))[0] is None
    assert asked(other, payment(0, 5_000_000))[0] is None
