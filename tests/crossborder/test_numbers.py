"""The summary's numbers of payments across borders, computed once more from the table alone, by other means."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from math import ceil
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from reports.amounts import shown
from sandbox.engine.simulation import Simulation
from sandbox.experiment.words import amount
from sandbox.features.crossborder import numbers
from sandbox.features.crossborder.component import CrossBorderPayments
from sandbox.metric import label, metric, threshold, unit_of
from sandbox.scenario.schema import scenario_from
from sandbox.simulate import simulate

START = datetime(2025, 12, 29, 10, 30)
OFFSETS = {"mainland": 8.0, "hong_kong": 8.0, "thailand": 7.0, "united_states": -5.0}
HOLIDAYS = {"hong_kong": ["2026-01-01"]}
CONTROLS = {"mainland": "strict", "thailand": "some", "united_states": "strict"}
QUOTA_USD_CENTS = 4_000_00
TEXT = f"""
title: Numbers
question: Are they right?
start: {START.isoformat()}
duration: 4 days
series: {{bin: 1 h}}
population: {{wallets: 4, corporates: 2}}
merchants: {{count: 1}}
crossborder:
  settle_within: 3 days
  jurisdictions:
    mainland: {{banks: 2}}
    hong_kong: {{banks: 3, holidays: ["2026-01-01"]}}
    thailand: {{banks: 2}}
    united_states: {{country: US, currency: USD, utc_offset: -5, banks: 2, capital_controls: strict}}
  corridors:
    goods: {{sender: mainland, receiver: hong_kong, payments: 60 /day, mean: 90000 USD, sigma: 2}}
    fruit: {{sender: thailand, receiver: mainland, payments: 30 /day, mean: 20000 USD, sigma: 2}}
    home: {{sender: mainland, receiver: united_states, payments: 90 /day, mean: 600 USD, sigma: 1, purpose: remittance,
           individuals: true, payers: 30, payees: 40, hours: any}}
    family: {{sender: hong_kong, receiver: thailand, payments: 20 /day, mean: 300 USD, purpose: remittance,
             individuals: true}}
    banks: {{sender: united_states, receiver: mainland, payments: 20 /day, mean: 2 million USD, purpose: treasury}}
  gates:
    annual_quota: {QUOTA_USD_CENTS // 100} USD
    travel_rule: {{missing: 10 %, repair: 1 h}}
  shared_ledger: {{liquidity: 3 million USD, dealer_liquidity: 20 million USD}}
  correspondent:
    unprotected: 70 %
    closed_after: 6 h
    intermediaries:
      north: {{utc_offset: 8}}
      south: {{utc_offset: -5}}
    hops: [0.2, 0.8]
  faults:
    - {{kind: correspondent, who: south, starts: 60 h, lasts: 9 h}}
"""


@cache
def run() -> tuple[dict[str, Any], pd.DataFrame]:
    """The summary, and the table of the same run."""
    seen: list[Simulation] = []
    scenario = scenario_from(YAML(typ="safe").load(TEXT))
    summary = simulate(scenario, None, name="numbers", prepare=seen.append)
    (part,) = [one for one in seen[0].components if isinstance(one, CrossBorderPayments)]
    return json.loads(json.dumps(summary)), pd.DataFrame(part.tables()["crossborder"])


def each_arrangement() -> list[tuple[dict[str, Any], pd.DataFrame, pd.DataFrame]]:
    """An arrangement's numbers, its payments, and those that were credited."""
    summary, table = run()
    found = []
    for arrangement in summary["crossborder"]["arrangements"]:
        mine = table[table.path == arrangement["arrangement"]]
        found.append((arrangement, mine, mine[mine.outcome == "settled"]))
    return found


def took(rows: pd.DataFrame) -> list[int]:
    return sorted(int(end - begin) for end, begin in zip(rows.completed_at_us, rows.submitted_at_us, strict=True))


def cost(rows: pd.DataFrame) -> float | None:
    shares = (rows.fee_fen + rows.fx_cost_fen) / (rows.amount_fen - rows.fee_fen)
    return None if rows.empty else float(shares.mean())


def test_the_run_has_something_of_everything() -> None:
    summary, table = run()
    assert {"settled", "refused", "returned", "lost", "pending"} <= set(table.outcome)
    assert {"travel_rule", "annual_quota", "bank_failed"} <= set(table.reason.dropna())
    assert (table.exposed_us > 0).sum() > 5
    assert summary["crossborder"]["pairs"]["settled_on_both"] > 100


def test_counts_values_and_times() -> None:
    for arrangement, mine, credited in each_arrangement():
        for outcome in ("settled", "refused", "returned", "lost", "pending"):
            assert arrangement[outcome] == (mine.outcome == outcome).sum()
        assert arrangement["reasons"] == mine.reason.value_counts().sort_index().to_dict()
        assert arrangement["value_usd_cents"] == mine.value_usd_cents.sum()
        times = took(credited)
        assert arrangement["credit_us_p50"] == times[ceil(0.5 * len(times)) - 1]
        assert arrangement["credit_us_p95"] == times[ceil(0.95 * len(times)) - 1]
        assert arrangement["credit_us_max"] == times[-1]
        assert arrangement["credit_us_mean"] == pytest.approx(sum(times) / len(times))
        assert arrangement["within_hour_share"] == pytest.approx(
            sum(one <= 3_600_000_000 for one in times) / len(times)
        )
        assert arrangement["within_day_share"] == pytest.approx(
            sum(one <= 86_400_000_000 for one in times) / len(times)
        )
        assert arrangement["queued"] == (credited.queued_us > 0).sum()
        assert arrangement["queued_us_max"] == credited.queued_us.max()
        assert arrangement["queued_us_mean"] == pytest.approx(credited.queued_us.mean())
        parts = ["compliance_us", "queued_us", "closed_us", "consensus_us"]
        assert arrangement["compliance_us_mean"] == pytest.approx(credited.compliance_us.mean())
        assert (credited[parts].sum(axis=1) <= credited.completed_at_us - credited.submitted_at_us).all()


def test_costs_are_of_what_was_credited_by_corridor_size_and_segment() -> None:
    edges = [0, 1_000_00, 10_000_00, 100_000_00, 1_000_000_00, 10**18]
    segments = {"remittance": "remittance", "treasury": "wholesale"}
    for arrangement, _, credited in each_arrangement():
        assert arrangement["cost_share_mean"] == pytest.approx(cost(credited))
        assert arrangement["fee_share_mean"] + arrangement["fx_cost_share_mean"] == pytest.approx(
            arrangement["cost_share_mean"]
        )
        for entry, rows in [(arrangement, credited)] + [
            (one, credited[credited.corridor == one["corridor"]]) for one in arrangement["corridors"]
        ]:
            bands = pd.cut(rows.value_usd_cents, edges, right=False, labels=edges[:-1])
            told = {one["from_usd_cents"]: (one["settled"], one["cost_share_mean"]) for one in entry["sizes"]}
            assert told == {
                band: (len(some), pytest.approx(cost(some))) for band, some in rows.groupby(bands, observed=True)
            }
        targets = {one["target"]: one for one in arrangement["targets"]}
        of = credited.purpose.map(lambda purpose: segments.get(purpose, "retail"))
        for segment, mean, worst in (("retail", 0.01, 0.03), ("remittance", 0.03, 0.05)):
            mine = credited[of == segment]
            dearest = max(found for _, rows in mine.groupby("corridor") if (found := cost(rows)) is not None)
            for name, value, line in (("mean", cost(mine), mean), ("worst_corridor", dearest, worst)):
                found = targets[f"{segment}_cost_share_{name}"]
                assert found["value"] == pytest.approx(value)
                assert (found["line"], found["met"]) == (line, value <= line)
        assert targets["within_hour_share"]["met"] == (arrangement["within_hour_share"] >= 0.75)


def test_costs_weighted_by_value_are_told_beside_means_over_payments() -> None:
    """Small payments cost most, so that a mean over payments says another thing than what all of it cost."""
    segments = {"remittance": "remittance", "treasury": "wholesale"}
    for arrangement, _, credited in each_arrangement():
        of = credited.purpose.map(lambda purpose: segments.get(purpose, "retail"))
        told = {one["segment"]: one for one in arrangement["segments"]}
        assert set(told) == {"retail", "remittance", "wholesale"}
        for entry, rows in [(arrangement, credited)] + [(told[name], rows) for name, rows in credited.groupby(of)]:
            rates = (rows.fee_fen + rows.fx_cost_fen) / (rows.amount_fen - rows.fee_fen)
            assert entry["cost_share"] == pytest.approx(np.average(rates, weights=rows.value_usd_cents))
            assert entry["cost_share_mean"] == pytest.approx(rates.mean())
            assert (entry["settled"], entry["settled_usd_cents"]) == (len(rows), rows.value_usd_cents.sum())
        assert arrangement["cost_share_mean"] > 1.5 * arrangement["cost_share"]
        risk = run()[0]["risk"]["cross_border"][arrangement["arrangement"]]
        for name in ("retail", "remittance"):
            assert risk[f"{name}_cost_share_mean"] == told[name]["cost_share_mean"]


def test_a_handful_of_currencies_is_no_market_and_costs_are_held_against_their_own_segment() -> None:
    at = "risk.cross_border.shared_ledger."
    concentration = metric(f"{at}hhi_currencies")
    assert concentration is not None
    assert concentration.threshold is None
    assert metric(f"{at}cost_share_mean") is None
    assert threshold(f"{at}retail_cost_share_mean").watch == 0.01
    assert threshold(f"{at}remittance_cost_share_mean").watch == 0.03


def test_a_business_day_has_no_weekends_and_holidays_of_either_end() -> None:
    """Run over a weekend: 24 hours are counted hour by hour while it is a business day at both ends."""
    hour = timedelta(hours=1)

    def is_business(at: datetime, place: str) -> bool:
        there = at + timedelta(hours=OFFSETS[place] - 8)
        return there.weekday() < 5 and str(there.date()) not in HOLIDAYS.get(place, ())

    for arrangement, _, credited in each_arrangement():
        within = 0
        for one in credited.itertuples():
            begin, end = (START + timedelta(microseconds=int(at)) for at in (one.submitted_at_us, one.completed_at_us))
            business, at = timedelta(), begin
            while at < end:
                until = min(end, at.replace(minute=0, second=0, microsecond=0) + hour)
                if is_business(at, one.from_jurisdiction) and is_business(at, one.to_jurisdiction):
                    business += until - at
                at = until
            within += business <= timedelta(days=1)
        assert arrangement["within_business_day_share"] == pytest.approx(within / len(credited))
        targets = {one["target"]: one for one in arrangement["targets"]}
        assert targets["within_business_day_share"]["value"] == arrangement["within_business_day_share"]
        if arrangement["arrangement"] == "correspondent":
            assert arrangement["within_business_day_share"] > arrangement["within_day_share"]


def test_value_that_was_not_credited_has_its_reason() -> None:
    for arrangement, mine, _ in each_arrangement():
        assert arrangement["reasons_usd_cents"] == mine.groupby("reason").value_usd_cents.sum().to_dict()
        assert arrangement["waited_for_consensus"] == (mine[mine.outcome == "settled"].consensus_us > 60e6).sum()


def on_ledger(**changes: Any) -> tuple[dict[str, Any], pd.DataFrame]:
    """The shared ledger of another run, in which gates hold nothing and nothing fails, and its payments."""
    text = YAML(typ="safe").load(TEXT)
    gates = {"screening": {"false_positives": 0, "listed": 0, "takes": 0}, "travel_rule": {"missing": 0}}
    section = text["crossborder"] | {"arrangements": "shared_ledger", "faults": [], "gates": gates} | changes
    seen: list[Simulation] = []
    scenario = scenario_from(text | {"crossborder": section, "start": "2025-12-31T00:00:00"})
    summary = simulate(scenario, None, name="other", prepare=seen.append)
    (part,) = [one for one in seen[0].components if isinstance(one, CrossBorderPayments)]
    return summary["crossborder"]["arrangements"][0], pd.DataFrame(part.tables()["crossborder"])


def test_lack_of_liquidity_is_told_by_what_the_bank_held() -> None:
    """A third bank makes no markets: it holds 3 million, where dealers hold 20."""
    goods = {"sender": "hong_kong", "receiver": "mainland", "payments": 90, "mean": "2 million USD", "hours": "any"}
    arrangement, table = on_ledger(corridors={"goods": goods | {"payments": "90 /day", "sigma": 1}})
    short = table[table.reason == "no_liquidity"]
    held = short.payer_bank.map(lambda bank: 3_000_000_00 if bank == "hong_kong bank 3" else 20_000_000_00)
    larger = short[short.value_usd_cents > held]
    assert 0 < len(larger) < len(short)
    assert arrangement["larger_than_held"] == len(larger)
    assert arrangement["larger_than_held_usd_cents"] == larger.value_usd_cents.sum()
    assert arrangement["used_share"] == arrangement["used_usd_cents"] / arrangement["held_usd_cents"]
    trades = table[table.outcome == "settled"].dealer.str.split(" bank").str[0].value_counts()
    assert {one["place"]: one["trades"] for one in arrangement["exchange"]["places"] if one["trades"]} == dict(trades)


def test_waits_are_told_by_who_was_closed_and_for_whose_holiday() -> None:
    """On a ledger that keeps office hours nothing else holds a payment, so the table says how long it waited."""
    home = {"sender": "mainland", "receiver": "hong_kong", "payments": "90 /day", "mean": "600 USD", "hours": "any"}
    arrangement, table = on_ledger(corridors={"home": home}, shared_ledger={"hours": "office"})
    table = table[table.closed_us > 0]
    closures = {one["place"]: one for one in arrangement["closures"]}
    assert set(closures) <= {"mainland", "hong_kong"}
    in_all = sum(one["closed_us_mean"] * one["waited"] for one in closures.values())
    assert in_all == pytest.approx(table.closed_us.sum())
    # The first of January is a holiday in Hong Kong alone: from midnight to midnight, 24 to 48 h after the start.
    hour = 3_600_000_000
    ends = table.submitted_at_us + table.closed_us
    off = (ends.clip(upper=48 * hour) - table.submitted_at_us.clip(lower=24 * hour)).clip(lower=0)
    assert arrangement["waited_for_holiday"] == closures["hong_kong"]["waited_for_holiday"] == (off > 0).sum() > 10
    assert arrangement["holiday_us_mean"] == pytest.approx(off[off > 0].mean())
    assert closures.get("mainland", {}).get("waited_for_holiday", 0) == 0


def test_concentration_and_pairs() -> None:
    summary, table = run()
    for arrangement, _, credited in each_arrangement():
        shares = credited.groupby("payee_currency").value_usd_cents.sum() / credited.value_usd_cents.sum()
        assert {one["currency"]: one["share"] for one in arrangement["currencies"]} == pytest.approx(shares.to_dict())
        told = summary["risk"]["cross_border"][arrangement["arrangement"]]
        assert told["hhi_currencies"] == pytest.approx((shares**2).sum())
    credited = table[table.outcome == "settled"].assign(
        took=lambda one: one.completed_at_us - one.submitted_at_us,
        cost=lambda one: (one.fee_fen + one.fx_cost_fen) / (one.amount_fen - one.fee_fen),
    )
    first, second = (
        credited[credited.path == name].set_index("payment_id") for name in ("shared_ledger", "correspondent")
    )
    both = first.join(second.add_suffix("_other"), how="inner")
    pairs = summary["crossborder"]["pairs"]
    assert (pairs["settled_on_both"], pairs["first_arrangement"]) == (len(both), "shared_ledger")
    assert pairs["faster_share"] == pytest.approx((both.took < both.took_other).mean())
    assert pairs["cheaper_share"] == pytest.approx((both.cost < both.cost_other).mean())
    assert pairs["saved_us_p50"] == sorted(both.took_other - both.took)[ceil(len(both) / 2) - 1]
    assert (pairs["only_first"], pairs["only_second"]) == (len(first) - len(both), len(second) - len(both))


def test_principal_at_risk_by_a_sweep_over_time() -> None:
    summary, _ = run()
    for arrangement, mine, _ in each_arrangement():
        exposed = mine[mine.exposed_us > 0]
        told = summary["risk"]["settlement"][arrangement["arrangement"]]
        assert told["exposed_payments"] == len(exposed)
        assert told["exposed_usd_cents"] == exposed.value_usd_cents.sum()
        assert told["lost_usd_cents"] == mine[mine.outcome == "lost"].value_usd_cents.sum()
        ends = exposed.exposed_from_us + exposed.exposed_us
        # A peak begins with some payment: what is at risk at each beginning, ends not included.
        peak = max(
            (
                int(exposed.value_usd_cents[(exposed.exposed_from_us <= at) & (at < ends)].sum())
                for at in exposed.exposed_from_us
            ),
            default=0,
        )  # fmt: skip
        assert told["exposed_usd_cents_peak"] == peak
        assert (peak > 0) == (arrangement["arrangement"] == "correspondent")


def test_flows_are_counted_by_the_day_of_each_place() -> None:
    for arrangement, _, credited in each_arrangement():
        sums: dict[tuple[int, str, str], int] = defaultdict(int)
        for one in credited.itertuples():
            for place, name in ((one.from_jurisdiction, "out_usd_cents"), (one.to_jurisdiction, "in_usd_cents")):
                if place in CONTROLS:
                    there = START + timedelta(microseconds=int(one.completed_at_us), hours=OFFSETS[place] - 8)
                    sums[(there.date() - START.date()).days, place, name] += one.value_usd_cents
        days = sorted({(day, place) for day, place, _ in sums})
        assert [(one["day"], one["jurisdiction"]) for one in arrangement["flows"]] == days
        for one in arrangement["flows"]:
            for name in ("out_usd_cents", "in_usd_cents"):
                assert one[name] == sums[one["day"], one["jurisdiction"], name]
        assert min(days) == (-1, "united_states") or arrangement["arrangement"] == "correspondent"


def test_quota_is_used_by_person_side_and_calendar_year() -> None:
    for arrangement, _, credited in each_arrangement():
        used: dict[tuple[str, str, int, int], int] = defaultdict(int)
        for one in credited[credited.corridor.isin(["home", "family"])].itertuples():
            year = (START + timedelta(microseconds=int(one.submitted_at_us))).year
            for place, side, person in (
                (one.from_jurisdiction, "sent", one.payer), (one.to_jurisdiction, "received", one.payee)
            ):  # fmt: skip
                if CONTROLS.get(place) == "strict":
                    used[place, side, person, year] += one.value_usd_cents
        assert {year for *_, year in used} == {2025, 2026}
        assert [(one["jurisdiction"], one["side"]) for one in arrangement["quota"]] == [
            ("mainland", "sent"), ("united_states", "received")
        ]  # fmt: skip
        for one in arrangement["quota"]:
            mine = [cents for key, cents in used.items() if key[:2] == (one["jurisdiction"], one["side"])]
            assert one["people"] == len(mine)
            assert max(mine) <= QUOTA_USD_CENTS
            assert one["used_share_max"] == max(mine) / QUOTA_USD_CENTS
            assert one["used_share_mean"] == pytest.approx(sum(mine) / len(mine) / QUOTA_USD_CENTS)
            edges = [band["from_share"] for band in one["bands"]] + [1.000001]
            for band, (least, below) in zip(one["bands"], pairwise(edges), strict=True):
                assert band["people"] == sum(least <= cents / QUOTA_USD_CENTS < below for cents in mine)


def test_liquidity_in_dollars_and_time_bank_by_bank() -> None:
    for arrangement, _, credited in each_arrangement():
        if arrangement["arrangement"] == "correspondent":
            chain = arrangement["chain"]
            assert sum(one["held_usd_cents"] for one in chain["liquidity"]) == chain["opening_usd_cents"]
            assert sum(one["turnover_usd_cents"] for one in chain["liquidity"]) == chain["turnover_usd_cents"]
            stages = [chain[f"{name}_us_mean"] for name in ("at_payer_bank", "between_banks", "at_payee_bank")]
            assert sum(stages) == pytest.approx(arrangement["credit_us_mean"])
            assert stages[2] == pytest.approx((credited.completed_at_us - credited.settled_at_us).mean())
            continue
        legs = credited[credited.payer_currency != credited.payee_currency]
        in_dollars = {one["currency"]: one["turnover_usd_cents"] for one in arrangement["liquidity"]}
        thai = legs[legs.payer_currency == "THB"].amount_fen - legs[legs.payer_currency == "THB"].fee_fen
        thai_in = legs[legs.payee_currency == "THB"].credited_fen
        assert in_dollars["THB"] == pytest.approx((thai.sum() + thai_in.sum()) / 33, rel=1e-6)
        assert arrangement["used_of_turnover_share"] == pytest.approx(
            arrangement["used_usd_cents"] / arrangement["turnover_usd_cents"]
        )


def payment(**changes: Any) -> Any:
    return SimpleNamespace(
        exposed_from_us=None, exposed_us=0, value_usd_cents=100, amount=100, fee=1, fx_cost=0, submitted_us=0,
        completed_us=5, outcome="settled", arrangement="shared_ledger", **changes,
    )  # fmt: skip


def test_ties() -> None:
    """What ends is over before anything begins; equal times are not faster; bands hold their lower end."""
    first, second = payment(), payment()
    first.exposed_from_us, first.exposed_us = 0, 10
    second.exposed_from_us, second.exposed_us = 10, 10
    assert numbers._peak([first, second]) == 100
    assert numbers._pairs([first], [second])["faster_share"] == 0
    assert numbers._pairs([first], [second])["cheaper_share"] == 0
    first.value_usd_cents, second.value_usd_cents = 1_000_00, 999_99
    assert [one["from_usd_cents"] for one in numbers._sizes([first, second])] == [0, 1_000_00]


def test_sums_of_many_currencies_are_shown_in_dollars() -> None:
    name = "crossborder.arrangements.correspondent.settled_usd_cents"
    assert (unit_of(name), label(name)) == ("usd_cents", "value credited, correspondent")
    assert (shown(name, 2.2e9), amount(2.5e6, name)) == ("US$ 22 million", "25,000 USD")
