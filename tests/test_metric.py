"""Units and directions: names that somebody chose decide neither, and no place of a summary is missed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from reports.amounts import shown
from sandbox.entries import numbers
from sandbox.experiment.words import amount
from sandbox.feature import Feature, FeatureError, using
from sandbox.metric import TEXT, Metric, Metrics, declared_metrics, direction_of, label, metric, unit_of
from sandbox.scenario.paths import format_path
from tests.properties.test_every_lever import DAY, PLAN
from tests.properties.towns import run, town

SLY = "_refused_share_fen_us"
"""The end of a name that speaks of three units and a direction."""


@pytest.mark.parametrize(
    ("metric", "value", "told", "in_report"),
    [
        ("segments.cards_us.payments", 504.0, "504", "504"),
        ("segments.fair_share.settled", 129.0, "129", "129"),
        ("segments.x_fen.settled_fen", 12_900.0, "129 CNY", "129 yuan"),
        ("stations.'x_us.y_share'.served", 12.0, "12", "12"),
        ("campaigns.latency_ms.claimed", 12.0, "12", "12"),
        ("inclusion.precision.payments", 12.0, "12", "12"),
        (
            "crossborder.arrangements.correspondent.corridors.goods_us.settled_usd_cents",
            2.5e6,
            "25,000 USD",
            "US$ 25,000",
        ),
        ("crossborder.arrangements.shared_ledger.liquidity.EUR.held_fen", 700.0, "700", "700"),
        ("crossborder.arrangements.shared_ledger.liquidity.EUR.held_usd_cents", 70_000.0, "700 USD", "US$ 700"),
        ("crossborder.arrangements.correspondent.targets.within_hour_share.met", 1.0, "1", "1"),
        ("risk.liquidity.by_institution.a_us.lowest_fen", 150.0, "1.5 CNY", "1.50 yuan"),
        ("contracts.refused.my_share.count", 3.0, "3", "3"),
        ("bills.chains.core_us.borne_fen.'tier 1'", 300.0, "3 CNY", "3 yuan"),
        ("data_exchange.products.speeds_ms.trades", 3.0, "3", "3"),
        ("steady_state.numbers.settled_fen.mean", 300.0, "3 CNY", "3 yuan"),
        ("steady_state.numbers.settled_fen.batches", 20.0, "20", "20"),
        ("a_part_of_ones_own.wait_us", 20.0, "20", "20"),
    ],
)
def test_only_what_the_schema_says_decides_a_unit(metric: str, value: float, told: str, in_report: str) -> None:
    assert (amount(value, metric), shown(metric, value)) == (told, in_report)


@pytest.mark.parametrize(
    ("metric", "better"),
    [
        ("throughput.settled", True),
        ("risk.disintermediation.outflow_share", False),
        ("risk.disintermediation.banks_breaching", False),
        ("throughput.payments", None),
        ("segments.denied_loss.settled", None),
        ("stations.waiting.utilisation", None),
        ("stations.'a better bank'.wait_ms_mean", False),
        ("bills.fees_fen", None),
        ("crime.payments", None),
        ("offline.payments", None),
    ],
)
def test_what_has_no_declared_direction_has_none(metric: str, better: bool | None) -> None:
    assert direction_of(metric) is better


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The same with every name in `names` replaced: as a key, as a value, and as a step of a path."""
    if isinstance(value, dict):
        return {_path(key, names): _renamed(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _path(key: str, names: dict[str, str]) -> str:
    return ".".join(names.get(step, step) for step in key.split("."))


CHOSEN = (
    "spring", "elders", "busy", "goods", "swimming", "meals", "keyword", "parcels", "card", "web", "valley",
    "hill", "cards", "ring", "east", "west",
)  # fmt: skip
WORLDS = {
    "a day of everything": DAY,
    "a plan": {
        "duration": "1 days", "rules.box": {"enabled": True, "plan": PLAN}, "series.steady_state": True,
        "faults": DAY["faults"], "supervision": {"incidents": {"preset": "dora"}},
    },
}  # fmt: skip


def undeclared(value: Any, steps: tuple[str, ...] = ()) -> Iterator[str]:
    """Entries of a summary, texts too, that nobody declared: lists of numbers or texts count as one entry."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from undeclared(one, (*steps, key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for one in value:
            # Which names an entry of a list goes by, its first texts, is for `entries` to say; any will do here.
            fits = [list(undeclared(one, (*steps, *["name"] * names))) for names in (0, 1, 2)]
            yield from min(fits, key=len)
    elif metric(format_path(steps)) is None and not (value in ({}, [], None) and begins_one(steps)):
        yield format_path(steps)


def begins_one(steps: tuple[str, ...]) -> bool:
    """Whether something is declared below: an empty section says nothing."""
    heads = (one.steps[: len(steps)] for one in declared_metrics() if len(one.steps) > len(steps))
    return any(all(mine in ("*", step) for mine, step in zip(head, steps, strict=True)) for head in heads)


@pytest.mark.parametrize("world", WORLDS)
def test_names_that_speak_of_units_change_no_unit_and_nothing_is_undeclared(world: str) -> None:
    """With a suffix or without, a name is no part of what decides."""
    sly = {name: name + SLY for name in CHOSEN}
    summary = run(town(_renamed(WORLDS[world], sly)), record="none").summary
    assert sorted(set(undeclared(summary))) == []
    flat = numbers(summary)
    named = [path for path in flat if SLY in path]
    assert len(named) > 100 or world == "a plan"
    for path in named:
        assert metric(path) is metric(path.replace(SLY, "")) is not None, path
    for path, value in flat.items():
        found = metric(path)
        if found is None and value is None:
            continue  # a whole section that does not exist in this run
        assert found is not None, path
        assert SLY not in path or SLY.replace("_", " ") in label(path) or "{}" not in found.label
        assert value is None or value >= 0 or found.signed, path
        assert value is None or value <= 1 or found.unit != "share", path


def test_an_undeclared_entry_is_found() -> None:
    assert list(undeclared({"throughput": {"settled": 1, "new": 2}, "stations": [{"station": "A", "odd": 1}]})) == [
        "throughput.new", "stations.name.odd",
    ]  # fmt: skip


_SAID = {"fen": ("fen", "minor"), "us": ("us", "instant"), "ms": ("ms",), "usd_cents": ("usd_cents",)}


def odd(one: Metric) -> bool:
    """Whether a declaration does not agree with the name of its entry, or its label cannot be filled."""
    last = [step for step in one.steps if step != "*" and not re.fullmatch(r"mean|low|high|max|p\d\d", step)][-1]
    said = re.search(r"(?:^|_)(usd_cents|fen|us|ms)(?:_(?:mean|median|max|peak|in|out|p\d\d|spread))?\Z", last)
    others = ("count", "number", "share", "relative", "points", "yes", "text", "fen")
    return (
        one.unit not in (_SAID[said[1]] if said else others)
        or (said is None and one.unit == "fen" and not one.path.endswith((".by_reason.*", "fen.*")))
        or (re.search(r"_share(_mean|_max)?\Z", last) is not None and one.unit not in ("share", "relative"))
        or one.label.count("{}") > one.steps.count("*")
        or re.search(r"\A\s|[\s.]\Z", one.label) is not None
        or (one.unit == TEXT and one.better != "neither")
    )


def test_a_declaration_agrees_with_its_name_and_its_label_can_be_filled() -> None:
    assert [one.path for one in declared_metrics() if odd(one)] == []


@pytest.mark.parametrize(
    "one",
    [
        Metric("a.wait_us", "ms", "wait"), Metric("a.wait", "fen", "wait"), Metric("a.lost_share", "number", "lost"),
        Metric("a.*.wait_us", "us", "wait of {} at {}"), Metric("a.wait_us", "us", "wait."),
        Metric("a.name", "text", "name", "higher"),
    ],
    ids=lambda one: one.label,
)  # fmt: skip
def test_an_odd_declaration_is_seen(one: Metric) -> None:
    assert odd(one)


def test_two_declarations_of_one_entry_are_refused() -> None:
    twice = Feature("twice", (Metrics((Metric("throughput.settled", "count", "settled"),)),))
    with using(twice), pytest.raises(FeatureError, match=r"throughput\.settled: .*base.*twice"):
        unit_of("throughput.settled")
