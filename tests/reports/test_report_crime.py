"""Chapters of crime, supervision and privacy: their numbers are the run's, and no summary can make them fail."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sandbox
from reports.document import Chart, Table
from reports.render import render
from reports.sections.build import build
from reports.source import Event, Parameter, RunData, read
from sandbox.cli.summary import summary_lines
from sandbox.features.crime.chapter import FEWEST, assess, measure
from sandbox.features.crime.leakage import Leakage, measure_leakage
from sandbox.features.supervision.report.details import WORDS, reading
from sandbox.features.supervision.report.examples import examples
from sandbox.features.supervision.report.names import EVENTS
from sandbox.features.supervision.report.view import (
    backlog,
    clocks_of,
    detectors,
    frontier,
    funnel,
    owed,
    patterns,
    viewers,
)
from sandbox.records import Run
from tests.reports import fake_crime

H_US = 3_600_000_000
CHAPTERS = ("crime", "supervision", "privacy")
SUPERVISED = {
    "population.wallets": 400,
    "demand.segments": {
        "retail": {"payments": "24000 /day", "profile": "flat"},
        "people": {
            "kind": "transfer",
            "payee": "personal",
            "payments": "24000 /day",
            "profile": "flat",
            "ticket": {"median": "100 CNY", "sigma": 1.2},
        },
    },
    "duration": "8 h",
    "crime": {"share": 0.03},
    "faults": [{"kind": "outage", "station": "CCB", "starts": "1 h", "lasts": "1 h"}],
    "supervision": {
        "detectors": {"velocity": {"payments": 3}, "pass_through": {"amount": "10 CNY"}},
        "cases": {
            "analysts": 2,
            "triage": {"mean": "5 min"},
            "report": {"least_payments": 1, "least_amount": "200 CNY"},
            "freezes": {"after": "10 min", "lasts": "1 h"},
        },
        "incidents": {"preset": "cac_cii", "detection": {"mean": "1 min"}, "pace": {"CCB": 3.0}},
        "frontier": {"anonymous_below": ["50 CNY", "500 CNY"]},
    },
}


@pytest.fixture(scope="module")
def supervised(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small run with everything in it that these chapters tell of."""
    from tests.conftest import SMALL_TOWN

    folder = tmp_path_factory.mktemp("supervised")
    file = folder / "town.yaml"
    file.write_text(SMALL_TOWN, encoding="utf-8")
    return sandbox.run(file, out=folder / "run", set=SUPERVISED, finish=render)


def made_up(**changes: Any) -> RunData:
    sections, risks = fake_crime.crime("ICBC")
    scenario = {"start": "2026-03-02T00:00:00", "duration_us": 20 * H_US, "bin_us": H_US}
    summary = {"scenario": scenario, "throughput": {"payments": 1000}, **sections, "risk": risks}
    events = tuple(
        Event(row["at_us"], row["actor"], row["event"], row["subject"] or "", json.loads(row["detail"]))
        for row in sorted(fake_crime.events("ICBC"), key=lambda row: row["at_us"])
    )
    return RunData(**{"summary": summary, "events": events, **changes})


# --- views ----------------------------------------------------------------------------------------------------------


def test_the_funnel_has_every_number_and_what_it_is_a_part_of() -> None:
    assert [tuple(step) for step in funnel(made_up())] == [
        ("payments", 1000, None),
        ("alerts", 50, "payments"),
        ("triaged", 30, "alerts"),
        ("reported", 10, "triaged"),
        ("key_leads", 1, "reported"),
        ("frozen", 5, "reported"),
        ("kept", 1, "frozen"),
    ]


def test_patterns_come_best_found_first_and_detectors_by_their_alerts() -> None:
    run = made_up()
    assert [(one.name, one.found, one.payments, one.time_us) for one in patterns(run)] == [
        ("cycle", 9, 10, 5 * H_US),
        ("no_pattern", 1, 40, 5 * H_US),
        ("fan_in", 0, 5, None),
    ]
    assert [(one.name, one.precision) for one in detectors(run)] == [
        ("velocity", 1 / 45),
        ("cycle", 0.6),
        ("fan_in", None),
    ]


def test_the_frontier_runs_from_least_to_most_anonymous_with_counts_last() -> None:
    found = [(one.way, one.below_fen, one.hidden) for one in frontier(made_up())]
    assert found == [("view", 0, 0.47), ("view", 2_000, 0.72), ("view", 50_000, 0.97), ("aggregates", None, 1.0)]


def test_shares_of_a_viewer_are_whole() -> None:
    assert all(sum(shares) == pytest.approx(1) for _, shares in viewers(made_up()))


def test_a_report_is_late_after_its_clock_and_missing_if_it_never_came() -> None:
    first, summary = owed(made_up())
    assert (first.report, first.filed_us, first.late_us) == ("first", 7 * H_US, 2 * H_US)
    assert first.used(99 * H_US) == 1.5
    assert (summary.report, summary.filed_us, summary.late_us) == ("summary", None, 0)
    assert summary.used(16 * H_US) == 3


@pytest.mark.parametrize(("filed_us", "late"), [(5 * H_US, False), (5 * H_US + 1, True)])
def test_a_report_at_the_last_microsecond_is_in_time(filed_us: int, late: bool) -> None:
    detail = {"incident": 0, "report": "first", "noticed_us": 0, "due_us": 5 * H_US}
    event = Event(filed_us, "institution", "incident_reported", "ICBC", detail)
    (found,) = owed(made_up(events=(event,)))
    assert (found.late_us > 0) is late
    assert ("late by" in WORDS["incident_reported"](event)) is (late and filed_us - 5 * H_US >= 1)


def test_the_backlog_is_what_was_raised_and_not_decided() -> None:
    found = backlog(made_up(), steps=20)
    assert found is not None
    assert found.raised.tolist() == [10, 20, 30, 40, *[50] * 16]
    assert found.decided.tolist()[:8] == [0, 0, 0, 0, 0, 1, 30, 30]
    assert (found.open == found.raised - found.decided).all()
    assert int(found.open[-1]) == fake_crime.CASES["backlog"] + fake_crime.CASES["in_triage"]


def test_clocks_are_read_from_the_parameters() -> None:
    paths = {
        "supervision.incidents.clocks[0].report": "first",
        "supervision.incidents.clocks[0].within": "1 h",
        "supervision.incidents.clocks[1].report": "summary",
        "supervision.incidents.clocks": "x",
        "faults[0].kind": "outage",
    }
    parameters = tuple(Parameter(path, value, "lever", "", "", "", "") for path, value in paths.items())
    assert clocks_of(made_up(parameters=parameters)) == [{"report": "first", "within": "1 h"}, {"report": "summary"}]


@pytest.mark.parametrize(
    ("label", "column", "payments", "area", "why"),
    [
        ("cycle", "kind", 5, 0.9, "about"),
        ("cycle", "amount_fen", FEWEST - 1, 0.9, "few"),
        ("cycle", "amount_fen", FEWEST, 0.9, "open"),
        ("cycle", "amount_fen", FEWEST, 0.75, "below"),
        ("all", "kind", FEWEST, 0.8, "about"),
        ("all", "hour", FEWEST, 0.8, "open"),
    ],
)
def test_a_column_above_the_line_has_a_reason_or_none(
    label: str, column: str, payments: int, area: float, why: str
) -> None:
    (found,) = assess(made_up(), [Leakage(label, column, payments, 0.5, area)])
    assert (found.area, found.why) == (area, why)


def test_alerts_explain_themselves() -> None:
    assert reading("fan_in", 10_000, 5, {"payers": 5, "took_us": H_US}) == (
        "5 people paid the account 100 yuan in all within 1 h."
    )
    assert reading("pass_through", 1, 2, {"received_fen": 200, "passed_on_fen": 190, "payments_in": 1}) == (
        "2 yuan came in, in one payment, and 1.90 yuan went out again."
    )
    assert reading("of tomorrow", None, None, {}) == "It rests on – payments, – in all."


# --- chapters -------------------------------------------------------------------------------------------------------


def chapters(run: RunData) -> list[str]:
    return [section.key for section in build(run).sections if section.key in CHAPTERS]


def without(run: RunData, *paths: str) -> RunData:
    summary = copy.deepcopy(dict(run.summary))
    for path in paths:
        *above, last = path.split(".")
        place = summary
        for name in above:
            place = place[name]
        del place[last]
    return made_up(summary=summary)


def test_a_run_without_any_of_it_has_no_chapter() -> None:
    assert chapters(RunData({})) == []
    everything = ("supervision", "crime", "cases", "incidents", "risk.financial_crime", "risk.privacy")
    assert chapters(without(made_up(), *everything)) == []
    assert chapters(made_up()) == list(CHAPTERS)


@pytest.mark.parametrize(
    ("left_out", "gone"),
    [
        (("crime",), {"crime"}),
        (("risk.privacy",), {"privacy"}),
        (("supervision", "cases", "incidents"), {"supervision"}),
        (("supervision", "cases", "risk.financial_crime"), set()),
        (("cases", "incidents", "risk.financial_crime"), set()),
    ],
)
def test_each_chapter_stands_on_its_own(left_out: tuple[str, ...], gone: set[str]) -> None:
    assert set(CHAPTERS) - set(chapters(without(made_up(), *left_out))) == gone


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def spoil(value: Any, data: st.DataObject, part: int) -> Any:
    """The same with about one in `part` of its values replaced."""
    if data.draw(st.integers(0, part)) == 0:
        return data.draw(junk)
    if isinstance(value, dict):
        return {name: spoil(one, data, part) for name, one in value.items()}
    return [spoil(one, data, part) for one in value] if isinstance(value, list) else value


@settings(max_examples=40)
@given(data=st.data())
def test_no_summary_and_no_event_can_make_the_chapters_fail(data: st.DataObject) -> None:
    names = ("supervision", "crime", "cases", "incidents")
    whole = made_up()
    summary = dict(whole.summary)
    spoilt = {name: spoil(summary[name], data, 12) for name in names}
    risks = {name: spoil(summary["risk"][name], data, 12) for name in ("financial_crime", "privacy")}
    events = [
        Event(one.at_us, one.actor, one.event, one.subject, found)
        for one in (whole.events[0], *whole.events[-5:])
        if isinstance(found := spoil(dict(one.detail), data, 4), dict)
    ]
    run = made_up(summary={**summary, **spoilt, "risk": risks}, events=tuple(events))
    charts = [
        block
        for section in build(run).sections
        for block in section.blocks
        if section.key in CHAPTERS and isinstance(block, Chart)
    ]
    for chart in charts:
        chart.draw()


# --- a real run -----------------------------------------------------------------------------------------------------


def test_examples_are_rows_of_the_tables(supervised: Run) -> None:
    alerts = supervised.table("alerts").set_index("alert_id")
    payments = supervised.payments.set_index("payment_id")
    found = examples(supervised, truth=True)
    assert 2 <= len(found) <= 4
    for one in found:
        row = alerts.loc[one.alert_id]
        ids = json.loads(row["payment_ids"])
        assert (row["kind"], row["rule"], row["account"], row["amount_fen"]) == (
            "alert",
            one.rule,
            one.account,
            one.amount_fen,
        )
        assert one.illicit == int(payments.loc[ids, "label"].notna().sum())
        assert {its.payment_id for its in one.shown} <= set(ids)
        for its in one.shown:
            of = payments.loc[its.payment_id]
            assert (of["payer"], of["payee"], of["amount_fen"]) == (its.payer, its.payee, its.amount_fen)
            assert (of["label"] if its.label else None) == (its.label or None)
    right = [one for one in found if one.illicit]
    assert len({one.rule for one in right}) == len(right) > 0
    assert [one.illicit for one in found].count(0) == 1


def test_leaks_of_a_sample_are_near_those_of_all(supervised: Run) -> None:
    every = measure_leakage(supervised)
    some = measure_leakage(supervised, honest_at_most=3_000)
    assert [one[:3] for one in some] == [one[:3] for one in every]
    assert max(abs(one.auc - other.auc) for one, other in zip(some, every, strict=True)) < 0.03
    assert measure_leakage(supervised, honest_at_most=10**9) == every


def test_leaks_know_the_time_of_day_at_which_a_run_starts(supervised: Run) -> None:
    hours = {one.label: one.auc for one in measure_leakage(supervised) if one.column == "hour"}
    later = {one.label: one.auc for one in measure_leakage(supervised, 20 * H_US) if one.column == "hour"}
    assert hours != later


def test_without_all_payments_leaks_are_not_measured(supervised: Run) -> None:
    every = read(supervised.path)
    assert measure(replace(every, manifest={**every.manifest, "record": "sample:10"})) is None
    assert measure(every)
    document = build(made_up())
    (crime,) = (section for section in document.sections if section.key == "crime")
    assert any("cannot be measured" in getattr(block, "text", "") for block in crime.blocks)


def test_the_report_says_what_the_summary_says(supervised: Run) -> None:
    page = (supervised.path / "report.md").read_text(encoding="utf-8")
    summary = supervised.summary
    scored, cases, late = summary["risk"]["financial_crime"], summary["cases"], summary["incidents"]
    assert scored["found"] > 0
    assert cases["frozen"] > 0
    assert late["reports_late"] + late["reports_overdue"] > 0
    assert f"They cover {scored['found']:,} of {scored['payments']:,} criminal payments" in page
    assert f"Freezes stopped {scored['stopped']:,} criminal payments" in page
    assert f"looked at {cases['triaged']:,} of {cases['alerts']:,} alerts" in page
    assert f"{cases['frozen']:,} accounts were frozen" in page
    assert "the report “first” within 1 h of noticing the breakdown" in page
    assert "Late or missing: CCB" in page
    hidden = summary["risk"]["privacy"]["unattributable_share"]
    assert f"Of {100 * hidden:.1f} % of the settled payments" in page
    for key in ("funnel", "detectors", "patterns", "backlog", "incident-reports", "leaks", "viewers", "frontier"):
        assert (supervised.path / "figures" / f"{key}.png").exists()


def test_the_backlog_of_a_run_ends_as_its_analysts_left_it(supervised: Run) -> None:
    found = backlog(read(supervised.path))
    assert found is not None
    cases = supervised.summary["cases"]
    assert int(found.raised[-1]) == cases["alerts"]
    assert int(found.open[-1]) == cases["backlog"] + cases["in_triage"]
    assert int(found.open.max()) <= cases["backlog_max"] + cases["analysts"]


def test_reports_against_clocks_agree_with_the_summary(supervised: Run) -> None:
    found, counts = owed(read(supervised.path)), supervised.summary["incidents"]
    assert sum(one.late_us > 0 for one in found) == counts["reports_late"]
    assert sum(one.filed_us is not None and not one.late_us for one in found) == counts["reports_in_time"]
    assert sum(one.filed_us is None for one in found) == counts["reports_overdue"]


def test_every_event_of_supervision_has_words(supervised: Run) -> None:
    page = (supervised.path / "report.md").read_text(encoding="utf-8")
    kinds = set(supervised.events["event"].astype(str))
    assert {"alert", "frozen", "incident_opened", "incident_report_overdue", "report_filed"} <= kinds
    table = page[page.index("### Events") :].split("\n### ")[0].split("\n## ")[0]
    assert set(EVENTS) >= set(WORDS)
    assert all(EVENTS[name] in table for name in kinds & set(WORDS))
    assert "{" not in table


def test_the_short_summary_tells_of_it(supervised: Run, small_town: Path, tmp_path: Path) -> None:
    lines = " ".join(summary_lines(supervised))
    assert "of the alerts" in lines
    assert "Financial crime" in lines.partition("Risks. ")[2]
    plain = " ".join(summary_lines(sandbox.run(small_town, out=tmp_path / "run")))
    assert not any(word in plain for word in ("alerts", "criminal", "attribute"))


def test_without_ground_truth_an_example_says_nothing_of_truth(supervised: Run) -> None:
    found = examples(supervised, truth=False)
    assert len({one.rule for one in found}) == len(found) > 1
    run = replace(without(made_up(), "risk.financial_crime"), records=supervised)
    (section,) = (one for one in build(run).sections if one.key == "supervision")
    words = " ".join(getattr(block, "text", "") for block in section.blocks)
    assert f"Alert {found[0].alert_id}: " in words
    assert "In truth" not in words
    assert all("In truth" not in block.head for block in section.blocks if isinstance(block, Table))


def test_alerts_that_are_none_are_told_too(rendered: Any) -> None:
    page = rendered("crime").markdown.read_text(encoding="utf-8")
    assert "The account made 4 payments, 123.45 yuan in all, within 1 h." in page
    assert "about no single account" in page
    assert "It rests on 4 payments, 123.45 yuan in all." in page
