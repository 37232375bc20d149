"""Whole runs with hard wallets: what comes of attacks, of people who leave, of a network that is down."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.base.pending import P_AMOUNT, P_KIND, P_PAYER
from sandbox.core.layout import account
from sandbox.engine.simulation import Simulation
from sandbox.features.offline.component import HardWallets
from sandbox.features.offline.network import Network
from sandbox.features.offline.register import COVER
from sandbox.features.offline.rows import FINDER, outstanding
from sandbox.features.offline.schema import CAPS, FILLED, Downtime
from sandbox.metrics.summary import summarise
from sandbox.scenario.load import load
from sandbox.scenario.schema import scenario_from
from sandbox.world import build

HOUR = 3_600_000_000
DAY = 24 * HOUR

SMALL: dict[str, Any] = {
    "title": "t",
    "question": "q",
    "duration": 2 * DAY,
    "series": {"bin": HOUR},
    "population": {
        "wallets": 40, "corporates": 0, "opening_balance": {"empty_share": 0.0, "mean": 500_000, "sigma": 0.1},
    },
    "merchants": {"count": 4},
    "institutions": {"Alpha": {"share": 0.5}, "Beta": {"share": 0.5}},
    "demand": {"segments": {}},
}  # fmt: skip
CARDS: dict[str, Any] = {"pays": "always", "load": 20_000, "payments": 4.0, "to_people": 0.3, "sync": 12 * HOUR}


def ran(offline: dict[str, Any], seed: int = 1, **changes: Any) -> tuple[Simulation, HardWallets, dict[str, Any]]:
    """A run that is over, its component and its section of the summary; the money of purses adds up."""
    purses = offline.pop("purses", {"cards": CARDS})
    data = {**SMALL, "seed": seed, **changes, "offline": {**offline, "purses": purses}}
    scenario = scenario_from(data)
    simulation = Simulation(build(scenario, seed))
    simulation.run()
    component = simulation.control.component(HardWallets)
    assert component is not None
    found = summarise(simulation, "t")["offline"]
    escrow = simulation.world.ledger.block("offline_escrow")
    money = found["money"]
    assert int(simulation.control.accounts[escrow.rows, account.BALANCE].sum()) == money["in_escrow_fen"]
    assert money["in_escrow_fen"] == money["worth_fen"] + money["waiting_fen"]
    assert money["loaded_fen"] + money["covered_fen"] == money["paid_out_fen"] + money["in_escrow_fen"]
    assert found["loss"]["spent_twice_fen"] <= found["loss"]["bound_fen"]
    assert all(one["loss_fen"] <= one["bound_fen"] for one in found["tampered"])
    return simulation, component, found


def outcomes(found: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in found["outcomes"].items() if count}


def test_honest_people_lose_nothing_and_nobody_is_stopped() -> None:
    purses = {"cards": {**CARDS, "load": 4_000, "to_people": 0.5, "sync": 30 * HOUR}}
    _, component, found = ran({"network": [{"starts": 6 * HOUR, "lasts": 20 * HOUR}], "purses": purses})
    assert set(outcomes(found)) == {"settled", "open"}
    assert outcomes(found)["settled"] > 80
    assert found["hops_max"] > 1
    assert found["loss"]["total_fen"] == 0
    assert not [purse for purse in component.register.purses.values() if purse.revoked_us is not None]
    made_down = [row for row in component.register.rows if 6 * HOUR <= row.made_us < 26 * HOUR]
    assert made_down
    assert all(row.presented_us is None or row.presented_us >= 26 * HOUR for row in made_down)
    assert all(row.presented_us >= row.made_us for row in component.register.rows if row.presented_us is not None)
    assert all(row.signed for row in component.register.rows if row.settled_us is not None)


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    tables = [ran({}, seed)[1].tables()["offline"] for seed in (1, 1, 2)]
    lists = [{name: list(column) for name, column in table.items()} for table in tables]
    assert lists[0] == lists[1]
    assert lists[0] != lists[2]


def test_signatures_that_are_not_made_change_nothing_else() -> None:
    tables = [dict(ran({"signed": most})[1].tables()["offline"]) for most in (5_000, 20)]
    assert [sum(table.pop("signed")) for table in tables][1] == 20
    assert all({name: list(one) for name, one in table.items()} == {
        name: list(one) for name, one in tables[0].items()} for table in tables)  # fmt: skip


def test_when_down_people_pay_by_purse_only_while_the_network_is() -> None:
    purses = {"cards": {**CARDS, "pays": "when_down"}}
    downs = [{"region": "north", "starts": 10 * HOUR, "lasts": 5 * HOUR, "every": 24 * HOUR}]
    _, component, found = ran({"regions": {"north": 0.5, "south": 0.5}, "network": downs, "purses": purses})
    assert found["payments"]
    assert all(10 * HOUR <= row.made_us % DAY < 15 * HOUR for row in component.register.rows)
    assert {component.fleet.by_name[row.payer].region for row in component.register.rows} == {0}


@pytest.mark.parametrize(
    ("kind", "outcome", "lost"),
    [
        ("clone", "double_spend", True), ("rollback", "double_spend", True), ("replay", "replayed", False),
        ("forge", "bad_signature", False), ("overspend", "over_cap", False),
    ],
)  # fmt: skip
def test_attacks_are_seen_and_cost_what_the_caps_allow(kind: str, outcome: str, lost: bool) -> None:
    attack = {"kind": kind, "group": "cards", "devices": 4, "copies": 3, "starts": 10 * HOUR, "payments": 100.0}
    down = [{"starts": 11 * HOUR, "lasts": 12 * HOUR}]
    _, component, found = ran({"attacks": {"one": attack}, "network": down, "caps": {"balance": 40_000}})
    labels = Counter(row.outcome for row in component.register.rows if row.label == kind)
    assert labels[outcome] >= 4
    assert all(row.label == kind for row in component.register.rows if row.outcome == outcome)
    assert (found["loss"]["spent_twice_fen"] > 0) == lost
    # Payees remember counters, so a purse that is set back finds nobody left before it has been set back so often.
    most = 4 * 3 * 40_000 if lost else 0
    assert found["loss"]["bound_fen"] == most or (kind == "rollback" and 0 < found["loss"]["bound_fen"] < most)
    assert found["loss"]["by_bearer_fen"]["user"] == 0


def test_the_operator_behind_the_payer_bears_the_loss() -> None:
    attack = {"kind": "clone", "group": "cards", "devices": 6, "copies": 2, "starts": 10 * HOUR, "payments": 200.0}
    offline = {"attacks": {"one": attack}, "network": [{"starts": 9 * HOUR, "lasts": 12 * HOUR}]}
    _, component, _ = ran({**offline, "purses": {"cards": {**CARDS, "to_people": 0.0}}})
    purses, pendings = component.register.purses, component.pendings
    owed, other, paid = Counter[int](), Counter[int](), Counter[int]()
    for row in component.register.rows:
        if row.borne_by == "operator":
            owed[purses[row.payer].operator] += row.loss_fen
            other[purses[row.payee].operator] += row.loss_fen
    for pending in pendings.rows:
        if pendings.word(int(pending[P_KIND])) == COVER:
            paid[int(pending[P_PAYER])] += int(pending[P_AMOUNT])
    assert owed == paid
    assert len(owed) == 2
    assert owed != other


def test_a_clock_that_is_set_back_cheats_cards_alone_and_they_bear_it() -> None:
    attack = {"kind": "clock", "group": "cards", "devices": 3, "starts": HOUR, "payments": 200.0}
    caps = {"time": 10 * HOUR}
    _, component, found = ran({"attacks": {"one": attack}, "caps": caps, "settle_within": HOUR})
    late = [row for row in component.register.rows if row.label == "clock" and row.outcome == "expired"]
    assert late
    assert {row.payee.split()[0] for row in late} == {"purse"}
    assert found["loss"]["late_fen"] >= sum(row.loss_fen for row in late) > 0
    assert found["loss"]["spent_twice_fen"] == 0


def test_a_terminal_looks_at_its_clock_and_takes_its_time() -> None:
    purses = {"cards": {**CARDS, "to_people": 0.0, "sync": 30 * DAY}}
    _, component, _ = ran({"purses": purses, "device_time": 3 * HOUR, "terminals": {"sync": HOUR}})
    rows = [row for row in component.register.rows if row.presented_us is not None]
    assert rows
    assert min(row.presented_us - row.made_us for row in rows if row.presented_us is not None) >= 3 * HOUR
    fleet = component.fleet
    holder = next(one for one in fleet.holders if one.device.balance_fen)
    before = fleet.counts.declined["clock"]
    assert fleet.pay(holder.device, fleet.terminals[0], 1, clock_us=fleet.control.now - HOUR) is None
    assert fleet.counts.declined["clock"] == before + 1
    assert fleet.pay(holder.device, fleet.terminals[0], 1) is not None


def test_who_leaves_gets_everything_back() -> None:
    purses = {"cards": {**CARDS, "stays": 20 * HOUR, "to_people": 0.0}}
    simulation, _, found = ran({"purses": purses})
    assert found["devices"]["returned"] == found["purses"] == 40
    assert found["money"]["worth_fen"] == 0
    people = simulation.world.blocks["personal"]
    assert int(simulation.control.accounts[people.rows, account.BALANCE].sum()) == 0
    assert found["redeemed_fen"] > 40 * 300_000


@pytest.mark.parametrize("rule", ["refund", "forfeit"])
def test_lost_purses_end_by_their_rule(rule: str) -> None:
    purses = {"cards": {**CARDS, "payments": 0.5, "lost": 0.5, "found": 0.0, "sync": 6 * HOUR}}
    offline = {"purses": purses, "caps": {"time": 8 * HOUR}, "settle_within": 8 * HOUR, "lost_balance": rule}
    _, _, found = ran(offline)
    assert found["devices"]["lost"] > 5
    back, kept = found["money"]["refunded_fen"], found["money"]["forfeited_fen"]
    assert (back > 0, kept > 0) == (rule == "refund", rule == "forfeit")


LOSSY: dict[str, Any] = {**CARDS, "lost": 0.5, "found": 1.0, "found_after": HOUR, "sync": 6 * HOUR}


def test_finders_spend_without_the_pin_until_the_purse_is_stopped() -> None:
    cards = {**LOSSY, "spent": 1.0, "spends": 200.0, "reported_after": 3 * HOUR}
    _, component, found = ran({"purses": {"cards": cards}, "terminals": {"sync": HOUR}})
    made = [row for row in component.register.rows if row.label == FINDER]
    assert made
    assert {row.payee.split()[0] for row in made} == {"terminal"}
    assert max(row.amount_fen for row in made) == 5_000
    assert found["devices"]["spent"] == found["devices"]["lost"] > found["devices"]["found"] == 0
    assert found["devices"]["reported"] > 3
    by = {who: sum(row.loss_fen for row in made if row.borne_by == who) for who in ("owner", "operator")}
    assert found["loss"]["found_fen"] == sum(by.values())
    assert 0 < found["loss"]["found_fen"] <= found["loss"]["found_bound_fen"]
    assert by["owner"] > 0, "before the report"
    assert found["loss"]["by_bearer_fen"]["owner"] == by["owner"]
    # A terminal learns that a purse was reported at its next sync, an hour later at most.
    reported = {name: one.reported_us for name, one in component.register.purses.items() if one.reported_us is not None}
    assert all(row.made_us <= reported.get(row.payer, 10**18) + HOUR for row in made)
    assert found["declined"]["revoked"] > 0


def test_payments_after_the_report_are_borne_by_the_rule() -> None:
    cards = {**LOSSY, "spent": 1.0, "spends": 200.0, "reported_after": HOUR}
    for rule, bearer in (("operator", "operator"), ("user", "owner")):
        offline = {"purses": {"cards": cards}, "loss": rule, "terminals": {"sync": 8 * HOUR}}
        _, component, found = ran(offline)
        purses = component.register.purses
        late = [
            row
            for row in component.register.rows
            if row.label == FINDER and row.loss_fen and row.made_us > (purses[row.payer].reported_us or 10**18)
        ]
        assert late
        assert {row.borne_by for row in late} == {bearer}
        assert found["loss"]["by_bearer_fen"]["user"] == 0


def test_always_with_the_pin_nobody_else_spends() -> None:
    cards = {**LOSSY, "spent": 1.0, "spends": 200.0}
    _, _, found = ran({"purses": {"cards": cards}, "caps": {"without_pin": 0}})
    assert found["devices"]["spent"] > 0
    assert found["loss"]["found_fen"] == 0


def test_a_purse_that_is_handed_in_is_used_and_syncs_again() -> None:
    """Also one that was lost while it waited for the network to sync."""
    network = [{"starts": 4 * HOUR, "lasts": 6 * HOUR}]
    _, component, found = ran({"purses": {"cards": {**LOSSY, "lost": 1.0}}, "network": network}, duration=4 * DAY)
    assert found["devices"]["found"] > 100
    fleet = component.fleet
    last = {one.place: component.register.purses[one.device.name].synced_us for one in fleet.holders if not one.lost}
    assert min(last.values()) > 3 * DAY
    assert found["loss"]["total_fen"] == found["loss"]["gone_fen"]
    assert not [one for one in component.register.purses.values() if one.revoked_us is not None]


def test_people_pay_in_the_hours_of_the_profile() -> None:
    purses = {"cards": {**CARDS, "payments": 40.0, "profile": "office_hours"}}
    _, component, _ = ran({"purses": purses}, start="2026-04-08T06:00:00", duration=DAY)
    assert len(component.register.rows) > 400
    # From 07:30 to 18:30, for weights are joined between the middles of hours.
    assert {(row.made_us // HOUR + 6) % 24 for row in component.register.rows} == set(range(7, 19))


def test_the_number_of_payments_does_not_depend_on_the_shape_of_the_day() -> None:
    tried = []
    for profile in ("flat", "two_humps"):
        purses = {"cards": {**CARDS, "payments": 50.0, "profile": profile}}
        tried.append(ran({"purses": purses}, start="2026-04-08T00:00:00", duration=DAY)[2]["tried"])
    assert all(abs(count - 2_000) < 5 * 2_000**0.5 + 60 for count in tried), tried


@pytest.mark.parametrize("preset", CAPS)
def test_a_preset_of_caps_is_in_force(tmp_path: Path, preset: str) -> None:
    """In a file, from the command line, and in a file that extends another."""
    head = "title: t\nquestion: q\nduration: 1 day\noffline: {purses: {cards: {load: 10 CNY}}, caps: {"
    (tmp_path / "file.yaml").write_text(f"{head}preset: {preset}}}}}\n")
    (tmp_path / "parent.yaml").write_text(f"{head}balance: 700 CNY, hops: 2}}}}\n")
    (tmp_path / "child.yaml").write_text(
        f"extends: parent.yaml\ntitle: t\nquestion: q\noffline: {{caps: {{preset: {preset}}}}}\n"
    )
    loaded = [load(tmp_path / f"{name}.yaml") for name in ("file", "child")]
    loaded.append(load(tmp_path / "parent.yaml", overrides={"offline.caps.preset": preset}))
    for one in loaded:
        offline = one.scenario.offline
        assert offline is not None
        assert tuple(getattr(offline.caps, name) for name in FILLED) == CAPS[preset]


def test_an_attack_that_begins_at_once_waits_until_there_are_purses() -> None:
    _, component, found = ran({"attacks": {"one": {"kind": "clone", "group": "cards", "devices": 4}}})
    assert len(component.attacks.tampered) == 4
    assert found["loss"]["tamperings"] == 4


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5)


@given(spans=SPANS, phase=st.integers(0, 6), every=st.integers(1, 9), at=st.integers(0, 80))
def test_ticks_are_those_of_a_slow_look(spans: list[tuple[int, int]], phase: int, every: int, at: int) -> None:
    downtimes = [Downtime(starts=start, lasts=lasts) for start, lasts in spans]
    network = Network(["here"], downtimes, 100)
    up = [all(not start <= t < start + lasts for start, lasts in spans) for t in range(200)]
    assert [network.is_up(0, t) for t in range(100)] == up[:100]
    assert network.up_from(0, at) == next(t for t in range(at, 200) if up[t])
    ticks = [t for t in range(200) if (t - phase) % every == 0 and up[t]]
    assert network.next_tick(0, phase, every, at) == next(t for t in ticks if t > at)
    assert network.last_tick(0, phase, every, at) == max((t for t in ticks if t <= at), default=-1)


def test_what_is_due_to_a_closed_merchant_waits_in_escrow():
    closed = {"merchants": {"count": 1, "closures": [{"merchant": 0, "starts": 6 * HOUR, "lasts": 9 * DAY}]}}
    waiting, open_again = (
        ran({"purses": {"cards": {**CARDS, "to_people": 0.0}}}, **merchants)[2]["money"]
        for merchants in (closed, {"merchants": {"count": 1}})
    )
    assert waiting["waiting_fen"] > 0
    assert open_again["waiting_fen"] == 0
    assert waiting["paid_out_fen"] < open_again["paid_out_fen"]


def test_what_is_made_and_settled_in_the_first_instant_is_notoutstanding():
    row = SimpleNamespace(made_us=0, presented_us=0, settled_us=0, amount_fen=500)
    assert outstanding([row])[1] == 0
    waits = SimpleNamespace(made_us=0, presented_us=None, settled_us=None, amount_fen=300)
    assert outstanding([row, waits]) == (300, 300)
