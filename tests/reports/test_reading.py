"""A summary is read with care, each entry shown in its declared unit; tables say of a column what stands in it."""

from __future__ import annotations

from typing import Any

import pytest

from reports.blocks import chart, table
from reports.document import Chart, Heading
from reports.findings import finding
from reports.reading import Entries

SUMMARY = Entries(
    {
        "throughput": {"settled_fen": 10**9, "settled": 1234, "latency_ms": {"p99": float("nan")}},
        "risk": {"consumer": {"insufficient_share": 0.2}, "concentration": {"hhi_payer_institutions": 0.3}},
        "bills": {"tiers": [{"tier": 1, "rate": 0.045, "sold_fen": 5}, "no tier", {"tier": 2, "rate": "high"}]},
    }
)


def test_an_entry_is_shown_in_its_declared_unit_wherever_the_reading_began() -> None:
    inside = SUMMARY.section("throughput")
    assert SUMMARY.shown("throughput.settled_fen") == inside.shown("settled_fen") == "10 million yuan"
    assert inside.cell("settled_fen") == "10,000,000.00"
    assert (inside.shown("settled"), inside.shown("latency_ms.p99")) == ("1,234", "–")
    assert SUMMARY.section("risk.consumer").shown("insufficient_share") == "20.0 %"


@pytest.mark.parametrize("path", ["bills.no", "throughput.settled.deeper", "bills.tiers.rate", "nowhere"])
def test_what_is_not_there_is_absent(path: str) -> None:
    assert (SUMMARY.get(path), SUMMARY.number(path), SUMMARY.text(path)) == (None, None, "–")
    assert not SUMMARY.section(path)
    assert SUMMARY.rows(path) == []


def test_a_table_has_a_line_for_each_entry_of_a_list() -> None:
    found = table(
        "Tiers",
        SUMMARY.rows("bills.tiers"),
        ("Sold", "sold_fen"),
        ("Rate", "rate"),
        ("No", lambda one: one.shown("tier")),
    )
    assert found.head == ("Sold", "Rate", "No")
    assert found.rows == (("0.05", "4.5 %", "1"), ("–", "–", "2"))


def test_a_finding_is_held_against_the_line_that_is_declared() -> None:
    (found,) = finding(
        SUMMARY.section("risk.concentration"), "hhi_payer_institutions", "Index", "It is {value}, {more}.", more="so"
    )
    assert (found.name, found.value, found.level, found.reading) == ("Index", "0.3", "worry", "It is 0.3, so.")
    assert "Merger Guidelines" in found.line
    (free,) = finding(SUMMARY, "throughput.settled", "Settled", "{value}")
    assert (free.level, free.line) == ("none", "")
    assert finding(SUMMARY, "throughput.nothing", "Nothing", "{value}") == []


def test_entries_fill_messages_by_their_own_names() -> None:
    told = "{throughput.settled_fen}, {risk.consumer.insufficient_share}, {bills.parts} and {{{more}}}"
    assert SUMMARY.says(told, more="{throughput.settled}") == "10 million yuan, 20.0 %, – and {{throughput.settled}}"
    tier, broken = SUMMARY.rows("bills.tiers")
    assert (tier.amount("sold_fen"), broken.amount("sold_fen"), broken.amount("rate")) == (5, 0, 0)
    assert (tier.exact("sold_fen"), broken.exact("sold_fen")) == ("0.05 yuan", "–")
    assert (tier.ratio("tier", "sold_fen"), tier.ratio("rate", "nothing"), broken.ratio("tier", "rate")) == (
        0.2,
        None,
        None,
    )


def test_sections_that_somebody_named_are_read_by_their_names() -> None:
    found = Entries({"campaigns": {"city.2020": {"settled_fen": 100, "odds": 0.5}, "wrong": 3}}).sections("campaigns")
    assert [(name, one.cell("odds"), bool(one)) for name, one in found.items()] == [
        ("city.2020", "50.0 %", True), ("wrong", "–", False),
    ]  # fmt: skip


def test_a_chart_has_the_title_of_its_table_unless_it_has_its_own_and_a_heading_if_it_is_given_one() -> None:
    numbers = table("Tiers", SUMMARY.rows("bills.tiers"), ("Rate", "rate"))

    def nothing() -> Any:
        raise AssertionError("drawn without being asked for")

    words = {"shows": "this", "hides": "that", "alt": "bars"}
    heading, first = chart("tiers", "By tier", numbers, nothing, **words)
    (second,) = chart("tiers", "", numbers, nothing, title="Rates", **words)
    assert heading == Heading("tiers", "By tier")
    assert isinstance(first, Chart)
    assert isinstance(second, Chart)
    assert (first.title, second.title, first.table, first.names) == ("Tiers", "Rates", numbers, ())
