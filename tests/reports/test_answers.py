"""Tiles and sentences of answers: a number beside what it is compared with."""

from __future__ import annotations

from typing import Any

import pytest

from reports.document import Tile
from reports.sections.answers import OF_EVERY_RUN, Answer, answers_of
from reports.sections.context import Context
from reports.source import RunData

SUMMARY: dict[str, Any] = {
    "scenario": {"start": "2026-03-02T08:00:00"},
    "throughput": {
        "payments": 2_000, "settled": 1_500, "settled_fen": 90_000_00, "value_fen": 120_000_00, "success_share": 0.75,
        "success_value_share": 0.75, "latency_ms": {"p50": 150.0, "p99": 450.0},
    },
    "busiest": {"at_us": 3_600_000_000},
    "stations": [{"station": "Bank of X", "utilisation": 0.25}, {"station": "ledger", "utilisation": 0.5}],
    "risk": {"consumer": {"worst_class": "IV"}},
}  # fmt: skip


def context(answers: list[dict[str, Any]] | None = None) -> Context:
    scenario = {**SUMMARY["scenario"], **({"answers": answers} if answers is not None else {})}
    return Context(RunData({**SUMMARY, "scenario": scenario}))


@pytest.mark.parametrize(
    ("asked", "tile", "sentence"),
    [
        ({"metric": "throughput.settled", "says": "{value}"}, Tile("1,500", "number of settled payments"), "1,500"),
        (
            {"metric": "throughput.settled", "of": "throughput.payments", "label": "settled",
             "says": "{value}, {share} of {other}"},
            Tile("1,500", "settled", "75.0 % of 2,000"), "1,500, 75.0 % of 2,000",
        ),
        (
            {"metric": "throughput.latency_ms.p99", "against": "throughput.latency_ms.p50", "label": "p99",
             "says": "{difference}"},
            Tile("450 ms", "p99", "against 150 ms"), "+300 ms",
        ),
        (
            {"metric": "throughput.settled_fen", "published": 100_000_00, "within": 0.1, "label": "paid",
             "says": "{difference}"},
            Tile("90,000 yuan", "paid", "published: 100,000 yuan; -10.0 %, tolerance 10 %"), "-10.0 %",
        ),
        (
            {"metric": "throughput.settled_fen", "published": 100_000_00, "within": 0.09, "label": "paid"},
            Tile("90,000 yuan", "paid", "published: 100,000 yuan; -10.0 %, outside the tolerance of 9 %"), None,
        ),
        (
            {"metric": "throughput.settled", "published": 6_000, "label": "settled", "says": "{share} of {other}"},
            Tile("1,500", "settled", "25.0 % of the published 6,000"), "25.0 % of 6,000",
        ),
        (
            {"metric": "throughput.success_share", "published": 0.8, "within": 0.05, "label": "settle"},
            Tile("75.0 %", "settle", "published: 80.0 %; -5 percentage points, outside the tolerance of 5 %"), None,
        ),
        (
            {"metric": "throughput.latency_ms.p99", "against": "throughput.latency_ms.p50", "label": "p99",
             "beside": "median"},
            Tile("450 ms", "p99", "median: 150 ms"), None,
        ),
        ({"metric": "busiest.at_us", "label": "from"}, Tile("Mon 2 Mar 2026 09:00", "from"), None),
        ({"metric": "risk.consumer.worst_class", "label": "worst off"}, Tile("IV", "worst off"), None),
        (
            {"metric": "stations.'Bank of X'.utilisation", "label": "used", "says": "{stations.ledger.utilisation}"},
            Tile("25.0 %", "used"), "50.0 %",
        ),
        (
            {"metric": "box.exposure_fen", "of": "throughput.settled_fen", "label": "exposed", "says": "{share}"},
            Tile("–", "exposed", "– of 90,000 yuan"), "–",
        ),
    ],
)  # fmt: skip
def test_an_answer(asked: dict[str, Any], tile: Tile, sentence: str | None) -> None:
    answer = Answer(context(), asked)
    assert answer.tile() == tile
    assert answer.sentence() == sentence


def test_what_a_scenario_asks_for_is_told_in_its_order() -> None:
    asked = [{"metric": "busiest.at_us"}, {"metric": "throughput.settled"}]
    assert [one.path for one in answers_of(context(asked))] == ["busiest.at_us", "throughput.settled"]


def test_without_answers_every_run_tells_the_same() -> None:
    assert tuple(one.path for one in answers_of(context())) == OF_EVERY_RUN
