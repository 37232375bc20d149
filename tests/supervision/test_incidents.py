"""Incidents and their clocks, worked out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.layout import Outcome, code, ended, rule
from sandbox.engine.simulation import Simulation
from sandbox.features.supervision.alert_book import AlertBook
from sandbox.features.supervision.incidents import IncidentReporting, OwedReport, due_at, on_time_share, places
from sandbox.features.supervision.schema.cases import CLOCKS, HOUR, MINUTE, Clock, Incidents
from sandbox.scenario.units import US_PER_DAY
from tests.engine.handmade import BANK, MS, Played, Town

S_MS = 1_000
MINUTE_MS = 60 * S_MS
HOUR_MS = 60 * MINUTE_MS


def fixed(minutes: int) -> dict[str, Any]:
    return {"shape": "fixed", "mean": minutes * MINUTE}


class Watched:
    """A town whose breakdowns are noticed after 5 minutes, classified in 60 and reported in 120."""

    def __init__(self, faults: list[dict[str, Any]], hours: int = 24, **incidents: Any) -> None:
        settings = {
            "detection": fixed(5), "classification": fixed(60), "first_report": fixed(120), "least_payments": 4,
            "later_share": 0.5, "later_sigma": 0.0, **incidents,
        }  # fmt: skip
        self.town = Town(
            duration=hours * HOUR,
            institutions={name: {**BANK, "share": 0.5, "servers": 4} for name in ("north", "south")},
            ledger={"servers": 4, "service": {"shape": "fixed", "mean": 10 * MS}},
            faults=faults,
            series={"bin": 10 * MINUTE},
            supervision={"incidents": settings},
        )
        self.simulation: Simulation

    def play(self) -> Played:
        def keep(simulation: Simulation) -> None:
            self.simulation = simulation

        return self.town.play(prepare=keep)

    @property
    def reporting(self) -> IncidentReporting:
        found = self.simulation.control.component(IncidentReporting)
        assert found is not None
        return found


def outage(station: str, starts_min: int, lasts_min: int) -> dict[str, Any]:
    return {"station": station, "starts": starts_min * MINUTE, "lasts": lasts_min * MINUTE}


def rows(played: Played, *names: str) -> list[tuple[float, str]]:
    return [(at_ms / MINUTE_MS, name) for at_ms, name, _ in played.events(*names)]


ALL = ("incident_opened", "incident_over", "incident_unnoticed", "incident_reported", "incident_report_overdue")


def test_an_outage_is_noticed_reported_and_over() -> None:
    watched = Watched([outage("north", 60, 32)], preset="cac")
    played = watched.play()
    # Noticed at 65, reported at 185, in time (4 h); over at the end of the bin in which it ended.
    assert rows(played, *ALL) == [(65, "incident_opened"), (100, "incident_over"), (185, "incident_reported")]
    (incident,) = watched.reporting.incidents
    assert [(one.report, one.due_us, one.filed_us) for one in incident.reports] == [
        ("first", 305 * MINUTE, 185 * MINUTE), ("summary", 65 * MINUTE + 30 * US_PER_DAY, None),
    ]  # fmt: skip
    assert watched.reporting.timeliness() == 1.0
    found = watched.reporting.summary()["incidents"]
    assert (found["incidents"], found["reports_in_time"], found["reports_pending"], found["reports_late"]) == (
        1,
        1,
        1,
        0,
    )
    book = watched.simulation.control.component(AlertBook)
    assert book is not None
    (row,) = [one for one in book.alerts if one.kind == "incident_report"]
    assert (row.at_us, row.rule, row.status, row.figures["institution"], row.figures["late_us"]) == (
        185 * MINUTE, "first", "filed", "north", 0,
    )  # fmt: skip


def test_a_shorter_clock_makes_the_same_report_late() -> None:
    watched = Watched([outage("north", 60, 30)], preset="cac_cii")
    played = watched.play()
    assert rows(played, *ALL) == [
        (65, "incident_opened"), (90, "incident_over"), (125, "incident_report_overdue"), (185, "incident_reported"),
    ]  # fmt: skip
    assert watched.reporting.timeliness() == 0.0
    assert watched.reporting.timeliness(since_us=125 * MINUTE + 2) is None
    found = watched.reporting.summary()["incidents"]
    assert (found["reports_late"], found["longest_delay_us"]) == (1, HOUR)
    assert found["by_institution"] == [
        {"institution": "north", "incidents": 1, "reports_in_time": 0, "reports_late": 1, "reports_overdue": 0,
         "reports_pending": 1, "longest_delay_us": HOUR}
    ]  # fmt: skip


def test_dora_counts_from_classification_and_from_the_report_before() -> None:
    watched = Watched([outage("south", 0, 30)], hours=24 * 40, preset="dora", pace={"south": 0.5})
    watched.play()
    (incident,) = watched.reporting.incidents
    # Half the time for all: noticed at 2.5, classified at 32.5, reported at 62.5 minutes. Later ones take a quarter.
    first = 62 * MINUTE + 30_000_000
    second = first + 18 * HOUR
    assert [(one.report, one.due_us, one.filed_us) for one in incident.reports] == [
        ("first", 32 * MINUTE + 30_000_000 + 4 * HOUR, first),
        ("intermediate", first + 72 * HOUR, second),
        ("final", second + 30 * US_PER_DAY, second + 30 * US_PER_DAY // 4),
    ]
    assert watched.reporting.timeliness() == 1.0


def test_what_is_over_at_once_nobody_notices() -> None:
    watched = Watched([outage("north", 60, 4), outage("north", 100, 6)], hours=3)
    played = watched.play()
    assert rows(played, *ALL)[:2] == [(65, "incident_unnoticed"), (105, "incident_opened")]
    assert (watched.reporting.unnoticed, len(watched.reporting.incidents)) == (1, 1)


def test_a_drop_of_answers_is_an_incident_of_the_place_that_failed() -> None:
    """Half the servers of north are slow and its customers impatient: fewer than 95 % of a bin get an answer."""
    watched = Watched(
        [{"station": "north", "kind": "slow_down", "starts": 0, "lasts": 15 * MINUTE, "factor": 1000.0}], hours=2
    )
    made = watched.town
    made.world.rules[rule.PATIENCE] = 1_000 * MS
    object.__setattr__(made.world.scenario.behaviour, "patience", 1_000 * MS)
    north, south = made.wallet(0, 10_000, bank=0), made.wallet(1, 10_000, bank=1)
    shops = made.shop(0, bank=0), made.shop(1, bank=1)
    for number in range(40):
        payer, shop = (north, south)[number % 2], shops[number // 2 % 2]
        made.pay(number * 30 * S_MS, payer, shop, 10)
    played = watched.play()
    # The first bin ends at 10 minutes; noticed 5 minutes later.
    assert rows(played, "incident_opened") == [(15, "incident_opened")]
    (incident,) = watched.reporting.incidents
    assert (incident.station, incident.cause) == ("north", "success_drop")
    failed = [one for one in played.ended if one.outcome == "timed_out"]
    assert incident.failed == len(failed) > 10
    assert incident.failed_fen == sum(one.amount for one in failed)


def test_who_pays_at_an_open_bank_fails_at_a_closed_one() -> None:
    """All payments go between the banks; south is down, and north has no incident."""
    watched = Watched([outage("south", 10, 30)], hours=2)
    made = watched.town
    payers, shops = (
        (made.wallet(0, 10_000, bank=0), made.wallet(1, 10_000, bank=1)),
        (made.shop(0), made.shop(1, bank=1)),
    )
    for number in range(120):
        made.pay(number * 30 * S_MS, payers[number % 2], shops[1 - number % 2], 10)
    played = watched.play()
    assert [one.station for one in watched.reporting.incidents] == ["south"]
    assert watched.reporting.incidents[0].failed == sum(one.outcome == "unavailable" for one in played.ended) == 60


def test_the_ledger_has_incidents_of_its_own() -> None:
    watched = Watched([outage("ledger", 10, 30)], hours=2)
    made = watched.town
    payers, shops = (
        (made.wallet(0, 10_000, bank=0), made.wallet(1, 10_000, bank=1)),
        (made.shop(0), made.shop(1, bank=1)),
    )
    for number in range(120):
        made.pay(number * 30 * S_MS, payers[number % 2], shops[number // 2 % 2], 10)
    watched.play()
    assert [one.station for one in watched.reporting.incidents] == ["ledger"]


def test_where_a_payment_failed() -> None:
    north, south, ledger, patience = 0, 1, 2, 1_000
    cases = [
        # payer's bank, payee's bank, outcome, waits, services, where
        (north, south, Outcome.UNAVAILABLE, (0, 0, 0), (0, 0, 0), north),
        (north, south, Outcome.UNAVAILABLE, (5, 0, 0), (100, 0, 0), south),
        (north, south, Outcome.UNAVAILABLE, (5, 0, 0), (100, 90, 0), ledger),
        (north, north, Outcome.UNAVAILABLE, (0, 0, 0), (100, 0, 0), ledger),
        (south, north, Outcome.TIMED_OUT, (900, 0, 0), (100, 0, 0), south),
        (south, north, Outcome.TIMED_OUT, (900, 0, 0), (99, 0, 0), north),
        (south, north, Outcome.TIMED_OUT, (500, 200, 0), (99, 300, 0), north),
        (south, north, Outcome.TIMED_OUT, (500, 200, 0), (99, 100, 0), ledger),
    ]
    window = np.zeros((ended.ROWS, len(cases)), dtype=np.int64)
    for number, (payer, payee, outcome, waits, services, _) in enumerate(cases):
        window[ended.CODES, number] = (
            outcome | payer << code.PAYER_INSTITUTION_SHIFT | payee << code.PAYEE_INSTITUTION_SHIFT
        )
        window[ended.WAITS : ended.WAITS + 3, number] = waits
        window[ended.SERVICES : ended.SERVICES + 3, number] = services
    assert places(window, patience, 2).tolist() == [where for *_, where in cases]


@given(
    reports=st.lists(st.tuples(st.integers(0, 50), st.none() | st.integers(0, 60)), max_size=12), now=st.integers(0, 60)
)
def test_the_share_in_time_is_that_of_counting(reports: list[tuple[int, int | None]], now: int) -> None:
    owed = [OwedReport("a", due, filed if filed is not None and filed <= now else None) for due, filed in reports]
    good = sum(one.filed_us is not None and one.filed_us <= one.due_us for one in owed)
    bad = sum(one.due_us < now if one.filed_us is None else one.filed_us > one.due_us for one in owed)
    share = on_time_share(owed, 0, now)
    assert share == (good / (good + bad) if good + bad else None)


@given(preset=st.sampled_from(sorted(CLOCKS)), noticed=st.integers(0, US_PER_DAY), takes=st.integers(0, 3 * US_PER_DAY))
def test_a_longer_classification_never_gives_less_time_and_at_most_a_day(preset: str, noticed: int, takes: int) -> None:
    first = Incidents.model_validate({"preset": preset}).clocks[0]
    due = due_at(first, noticed, noticed + takes, None)
    assert due >= due_at(first, noticed, noticed, None)
    assert due <= noticed + US_PER_DAY


def test_an_institution_s_draws_do_not_depend_on_another_s_breakdowns() -> None:
    settings = {"detection": {"shape": "exponential", "mean": 10 * MINUTE}, "first_report": {"mean": HOUR}}
    alone = Watched([outage("south", 100, 90)], **settings)
    both = Watched([outage("north", 10, 90), outage("south", 100, 90), outage("ledger", 20, 90)], **settings)
    alone.play(), both.play()
    of_south = [one for one in both.reporting.incidents if one.station == "south"]
    (expected,) = alone.reporting.incidents
    assert [(one.noticed_us, one.reports[0].filed_us) for one in of_south] == [
        (expected.noticed_us, expected.reports[0].filed_us)
    ]
    assert expected.noticed_us not in (105 * MINUTE, 110 * MINUTE)


def test_presets_are_what_was_published() -> None:
    due = {name: [(one["report"], one["within"]) for one in clocks] for name, clocks in CLOCKS.items()}
    assert due == {
        "cac": [("first", "4 h"), ("summary", "30 days")],
        "cac_cii": [("first", "1 h"), ("summary", "30 days")],
        "dora": [("first", "4 h"), ("intermediate", "72 h"), ("final", "30 days")],
        "mas": [("first", "1 h")],
    }


@pytest.mark.parametrize(
    ("clock", "noticed", "expected"),
    [
        (Clock(report="a", within=HOUR), 7, 7 + HOUR),
        (Clock(report="a", within=HOUR, counted_from="classified"), 7, 107 + HOUR),
        (Clock(report="a", within=HOUR, counted_from="classified", at_most=99), 7, 106),
        (Clock(report="a", within=HOUR, counted_from="report_before"), 7, 500 + HOUR),
    ],
)
def test_when_a_report_is_due(clock: Clock, noticed: int, expected: int) -> None:
    assert due_at(clock, noticed, noticed + 100, 500) == expected
