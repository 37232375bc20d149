"""The chapters of the sandbox, of a flight from deposits and of cohorts: what they say is what the run says."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from reports.document import Chart, Document, Table
from reports.render import render
from reports.sections.build import build
from reports.sections.context import Context
from reports.source import Event, RunData, read
from reports.view import timeline
from sandbox.features.flight import figures as flight
from sandbox.features.inclusion import chapter as inclusion
from sandbox.features.lifecycle.report import gantt
from sandbox.features.lifecycle.report.view import Gate, applicants, gate_value, inside, length, reason_words
from tests.conftest import slow
from tests.reports.fake_box import H_US, containment, life
from tests.reports.report_cases import CASES

CHAPTERS = ("flight", "sandbox", "inclusion")
SECTIONS = ("lifecycle", "containment", "complaints", "compensation", "rollout", "regimes", "flight", "inclusion")


def summary_of(name: str, rendered: Any) -> dict[str, Any]:
    """A case's summary, to be changed."""
    found: dict[str, Any] = json.loads((rendered(name).html.parent / "summary.json").read_text(encoding="utf-8"))
    return found


def chapters(document: Document) -> list[str]:
    return [section.key for section in document.sections if section.key in CHAPTERS]


def tables(document: Document, title: str) -> list[Table]:
    blocks = [block for section in document.sections for block in section.blocks]
    found = [block.table if isinstance(block, Chart) else block for block in blocks]
    return [one for one in found if isinstance(one, Table) and one.title.startswith(title)]


# --- which chapters there are ---------------------------------------------------------------------------------------


def test_chapters_are_there_with_their_sections_and_only_then(rendered):
    assert chapters(build(read(rendered("oversight").html.parent))) == list(CHAPTERS)
    assert chapters(build(read(rendered("full").html.parent))) == []
    whole = summary_of("oversight", rendered)
    for gone in SECTIONS:
        less = {name: part for name, part in whole.items() if name != gone}
        expected = set(CHAPTERS) - ({gone} & {"flight", "inclusion"})
        assert set(chapters(build(RunData(less)))) == expected, gone
    neither = {name: part for name, part in whole.items() if name not in ("lifecycle", "regimes")}
    assert "sandbox" not in chapters(build(RunData(neither)))


@pytest.mark.parametrize("gone", [SECTIONS[0], *map(slow, SECTIONS[1:])])
def test_a_run_without_one_section_renders(gone, tmp_path):
    folder = CASES["oversight"].write(tmp_path / "run")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    del summary[gone]
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    assert render(folder).html.exists()


def test_a_flight_without_its_table_has_its_chapter_and_no_figure(tmp_path):
    folder = CASES["oversight"].write(tmp_path / "run")
    (folder / "flight.parquet").unlink()
    document = build(read(folder))
    assert "flight" in chapters(document)
    assert not [chart.key for chart in document.charts if chart.key.startswith("flight")]
    assert tables(document, "The banks that are worst off")


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [None, 3, "x"], {"applicants": 3, "worst": {}, "findings": 1}])
def test_any_value_in_place_of_a_section_is_survived(section, value, rendered):
    summary = summary_of("oversight", rendered)
    summary[section] = value
    assert build(RunData(summary)).sections


@pytest.mark.parametrize("every", [7, slow(1)])
def test_any_single_number_gone_wrong_is_survived(rendered, every):
    """Each leaf of these sections in turn (or one in `every`) is replaced by what no run writes."""
    found = summary_of("oversight", rendered)
    whole = {name: part for name, part in found.items() if name in (*SECTIONS, "risk")}
    base = {"scenario": {"duration_us": 40 * H_US}}
    places = [place for name in SECTIONS for place in leaves(whole[name], (name,))]
    places += [("risk", part, name) for part in ("disintermediation", "inclusion") for name in whole["risk"][part]]
    assert len(places) > 300
    for number, place in list(enumerate(places))[::every]:
        broken = copy.deepcopy(whole)
        target: Any = broken
        for step in place[:-1]:
            target = target[step]
        target[place[-1]] = ("x", None, -(10**30), 10**30, [1], {"a": 1}, True, float("inf"))[number % 8]
        document = build(RunData({**base, **broken}))
        assert chapters(document), place


def leaves(value: Any, at: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if pairs is None:
        return [at]
    return [found for key, one in pairs for found in leaves(one, (*at, key))]


# --- the sandbox ----------------------------------------------------------------------------------------------------


def test_the_sandbox_is_told_on_the_first_screen_and_in_its_chapter(rendered):
    markdown = rendered("oversight").markdown.read_text(encoding="utf-8")
    first = markdown.split("## Contents")[0]
    assert "ICBC graduated on Wed 14 Oct 2020 04:00" in first
    assert "ABC was refused on Tue 13 Oct 2020 00:00 (criteria not met: in the regulator's scope" in first
    assert "ASIC (Australia) wound down" in first
    assert "2 days of the run stand for 30 days of the plan" in markdown
    assert "Customers filed 29 complaints; 27 were handled and 2 open at the end" in markdown
    assert "Of 135 yuan claimed it paid 135 yuan to 24 customers" in markdown
    assert "First, 10 h 30 min after it began, the gate “slowest payments (p99)” was missed with 1.69 s," in markdown
    assert "620,000 yuan of value crossed the edge" in markdown


def test_reviews_say_what_was_missed_by_how_much(rendered):
    document = build(read(rendered("oversight").html.parent))
    rows = tables(document, "What each review of ICBC decided")[0].rows
    assert [row[4] for row in rows] == ["next stage", "correct", "resume", "suspend", "next stage"]
    assert rows[0][5] == "0 of 3 gates could be judged, and passed"
    assert rows[1][5] == (
        "missed: payments that succeed 68.7 % (at least 98 %); slowest payments (p99) 102 s (at most 1.5 s)"
    )
    assert rows[3][5] == "broken: payments that succeed 40.0 % (at least 98 %)"
    assert rows[4][5] == "all gates passed"
    values = tables(document, "Indicators of ICBC against their gates")[0].rows
    assert values[0][2:] == ("not judged", "not judged", "not judged")
    assert values[1][2:] == ("68.7 % (missed)", "102 s (missed)", "0 % (passed)")
    assert values[3][2] == "40.0 % (broken)"


def test_stages_are_rows_with_what_held_in_them(rendered):
    document = build(read(rendered("oversight").html.parent))
    rows = tables(document, "Stages with their caps")[0].rows
    assert [row[1] for row in rows if row[0] == "ICBC"] == [
        "applied", "public comment", "admitted", "small scale", "correction period", "small scale", "suspended",
        "small scale", "graduated",
    ]  # fmt: skip
    assert rows[3][2:] == (
        "Tue 13 Oct 2020 04:00", "Tue 13 Oct 2020 10:00", "all gates passed", "0", "500", "2,000.00", "–",
        "10,000,000.00",
    )  # fmt: skip
    assert {row[-1] for row in rows if row[0] == "ABC"} == {"–"}


def test_regimes_stand_side_by_side_and_their_differences_are_said(rendered):
    markdown = rendered("oversight").markdown.read_text(encoding="utf-8")
    document = build(read(rendered("oversight").html.parent))
    table = tables(document, "How the test went")[0]
    assert table.head[1:] == ("PBoC (China)", "ASIC (Australia)", "Hangzhou (principles of 2019)", "a plan of its own")
    by_name = {row[0]: row[1:] for row in table.rows}
    assert by_name["How it ended"] == ("graduated", "wound down", "refused", "small scale")
    assert by_name["Let in, after the application"][0] == "4 h (2 days 12 h in the plan's time)"
    assert by_name["Let in, after the application"][2] == "–"
    assert by_name["Length of the test"][3] == "–"
    assert by_name["Why"][1] == "automatic stop: cap on customers"
    assert by_name["Complaints"] == ("29", "0", "3", "7")
    for said in (
        "Let in first: ASIC \\(Australia\\)",
        "Graduated under PBoC \\(China\\).",
        "Ended without graduating under ASIC \\(Australia\\), 3 h \\(1 day 21 h in the plan's time\\)",
        "Refused under Hangzhou \\(principles of 2019\\): no licence.",
        "Still in its test when the run ended under a plan of its own.",
        "Most complaints: PBoC \\(China\\) \\(29\\); fewest: ASIC \\(Australia\\) \\(0\\).",
    ):
        assert said.replace("\\(", "(").replace("\\)", ")") in markdown, said


def test_contained_is_said_where_nothing_could_cross(rendered):
    summary = summary_of("oversight", rendered)
    summary["containment"] = containment(contained=True)
    text = str(build(RunData(summary)))
    assert "so no money, failure or loss can cross. 0 did." in text
    assert "Containment was off" not in text


def test_a_box_that_stands_still_keeps_its_place_and_one_that_lives_has_its_chapter(rendered):
    assert "### The sandbox" in rendered("full").markdown.read_text(encoding="utf-8")
    assert "### The sandbox" not in rendered("oversight").markdown.read_text(encoding="utf-8")
    summary = summary_of("full", rendered)
    summary["containment"] = containment(contained=True)
    happened = next(one for one in build(RunData(summary)).sections if one.key == "happened")
    assert "Containment was on" in str(happened)


def test_bars_cover_the_whole_way_and_ends_have_a_mark():
    run = RunData({**life("A", "B"), "scenario": {"duration_us": 34 * H_US}})
    found = applicants(Context(run))
    drawn = gantt.paths(found, ["A", "B"], 34 * H_US)
    bars = sorted((bar for bar in drawn.bars if bar.look != "bad"), key=lambda bar: bar.from_us)
    assert bars[0].from_us == 0
    assert bars[-1].to_us == 34 * H_US
    assert all(one.to_us == other.from_us for one, other in pairwise(bars))
    names = [name for name, _ in drawn.names]
    assert names == [
        "A", "public comment", "admitted", "small scale", "correction period", "suspended", "graduated", "reviews",
        "B", "refused",
    ]  # fmt: skip
    ends = {(names[mark.row], mark.look, mark.at_us) for mark in drawn.marks if mark.look in ("good", "bad")}
    assert ends == {("graduated", "good", 34 * H_US), ("refused", "bad", 6 * H_US)}
    assert [mark.look for mark in drawn.marks[:5]] == ["advance", "remediate", "resume", "suspend", "advance"]
    assert {bar.look for bar in bars} == {"waiting", "test", "stopped"}


def test_who_is_inside_is_counted_over_all_applicants():
    def change(at_us: int, name: str, subject: str, participants: int) -> Event:
        return Event(at_us, "regulator", name, subject, {"participants": participants})

    events = (
        change(5, "participants_joined", "A", 10), change(6, "participants_joined", "B", 4),
        change(7, "participants_joined", "A", 25), change(8, "participants_redeemed", "A", 99),
        change(9, "stage_changed", "A", 0),
    )  # fmt: skip
    assert inside(RunData({}, events=events)) == ([0, 5, 6, 7, 9], [0, 10, 14, 29, 4])


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("missed: success_share, p99_latency", "missed: payments that succeed, slowest payments (p99)"),
        ("automatic stop: exposure_cap", "automatic stop: cap on exposure"),
        ("time is up (missed: liquidity)", "time is up (missed: liquidity of target)"),
        ("criteria not met: ready", "criteria not met: ready to test"),
        ("no correction left after suspension", "no correction left after suspension"),
        ("a reason of another version: x_y", "a reason of another version: x y"),
    ],
)
def test_reasons_are_in_words(reason, words):
    assert reason_words(reason) == words


def test_a_gate_knows_its_direction():
    assert Gate("liquidity", 0.9, 0.05, 0.0, "").line == "at least 5 %"
    assert Gate("p99_latency", 0.9, 1_500_000, None, "").line == "at most 1.5 s"
    assert Gate("complaints_per_10000", 1, 25, 1000, "").line == "at most 25"
    assert (Gate("mine", 1, 9, 3, "").line, Gate("mine", 1, 3, 9, "").line) == ("at least 9", "at most 3")
    assert gate_value("reports_on_time", 0.915) == "91.5 %"


def test_lengths_are_told_in_both_times_only_where_they_differ():
    assert length(2 * 24 * H_US, 15) == "2 days (30 days in the plan's time)"
    assert length(2 * 24 * H_US, 1) == "2 days"
    assert length(None, 15) == "–"


# --- events ---------------------------------------------------------------------------------------------------------


def test_events_of_the_box_read_well(rendered):
    rows = tables(build(read(rendered("oversight").html.parent)), "Control events")[0].rows
    by_event = {row[3]: (row[0], row[5]) for row in rows}
    assert by_event["test planned"][1] == "applicants: ICBC; pace 15"
    assert by_event["applies"] == ("–", "without a licence; criteria not met: ready to test")
    assert by_event["stage changes"][1] == (
        "from admitted to small scale (all gates passed); at most 500 customers; at most 2,000 yuan a payment; "
        "at most 10 million yuan in all"
    )
    assert by_event["stage changes"][0] != "–"
    assert by_event["review"][0] == "–"
    assert by_event["review"][1].startswith("correct (missed: payments that succeed 68.7 %")
    assert by_event["customers join"][1] == "80 join, 80 inside, 7 wait"
    assert by_event["customer compensated"][1] == "lost service: 4 yuan of 5 yuan after 1 h"
    assert by_event["reserves do not suffice"][1] == "3,000 yuan asked for, 2,000 yuan left in reserves"
    assert by_event["e-CNY given back"][1] == (
        "the test is over: 80 customers get 1,234.56 yuan of bank money; 7 yuan left in their wallets; 3 frozen "
        "wallets are paid when their freezes end"
    )
    assert by_event["breaks in the roll-out"] == (
        "–", "the gate “slowest payments (p99)” was missed with 1.69 s, above 1.5 s",
    )  # fmt: skip
    assert not any("{" in cell or "None" in cell for row in rows for cell in row)
    order = [row[3] for row in rows]
    assert order.index("review") < order.index("stage changes"), "as they were logged"


def test_what_follows_the_run_has_no_letter():
    events = (Event(5, "regulator", "stage_changed", "A", {}), Event(50, "regulator", "rollout_began", "", {}))
    found = timeline.timeline(RunData({"scenario": {"duration_us": 40}}, events=events))
    assert [mark.at_us for mark in found.marks] == [5]
    assert [row.letter for row in found.rows] == ["A", ""]


def test_complaints_of_many_events_add_up():
    events = tuple(Event(at, "institution", "complaints_filed", "", {"complaints": 2}) for at in range(10))
    assert timeline.timeline(RunData({}, events=events)).rows[0].detail == "complaints 20"


# --- flight and cohorts ---------------------------------------------------------------------------------------------


def test_the_flight_is_told_with_its_risk(rendered):
    markdown = rendered("oversight").markdown.read_text(encoding="utf-8")
    assert "Of 1 billion yuan of deposits 19.9 million yuan (2.0 %) were turned into digital currency." in markdown
    assert "The reserves of 1 of 10 banks did not suffice; at 1 of them customers had to wait" in markdown
    assert "A person may hold at most 20,000 yuan" in markdown
    assert "the first was ICBC, on Tue 13 Oct 2020 03:00" in markdown
    assert "- Flight from deposits: **second threshold exceeded**" in markdown
    rows = tables(build(read(rendered("oversight").html.parent)), "The banks that are worst off")[0].rows
    assert rows[0][4:] == ("19.0 %", "5,000,000.00", "Tue 13 Oct 2020 03:00", "Tue 13 Oct 2020 09:00")
    assert rows[1][6:] == ("no", "no")


def test_the_course_of_a_flight_is_the_table_s(rendered):
    run = read(rendered("oversight").html.parent)
    found, first = flight.courses(run), Context(run).section("flight").rows("worst")[0]
    course, whole = found[first.text("bank")], found[None]
    assert first.ratio("outflow_fen", "deposits_fen") == 0.19
    np.testing.assert_allclose(course.moved[[0, 10, 20]], [0, 0.095, 0.19])
    np.testing.assert_allclose(flight.reserves_left(first, course)[[0, 10, 20]], [1, 0.05, 0])
    assert whole.at_us.tolist() == [hour * H_US for hour in range(21)]
    assert whole.alarmed.tolist()[-1] == 2400


def test_a_flight_without_breaches_and_without_alarm_is_told_so(rendered):
    summary = summary_of("oversight", rendered)
    summary["flight"] |= {"alarmed_by_news": 0, "alarmed_by_contacts": 0, "holding_limit_fen": None}
    risk = summary["risk"]["disintermediation"]
    risk |= {"banks_breaching": 0, "banks_with_customers_waiting": 0, "unmet_fen": 0, "first_breach_bank": None}
    text = str(build(RunData(summary)))
    for said in (
        "The reserves of all 10 banks sufficed", "Nobody of 40,000 people was alarmed", "No holding limit was set",
        "At the end nobody waited for money", "At none of 10 banks",
    ):  # fmt: skip
        assert said in text, said
    risk["banks_breaching"] = 2
    assert "of 2 of 10 banks did not suffice; the central bank lent" in str(build(RunData(summary)))


def test_cohorts_are_ranked_and_their_payments_add_up(rendered):
    run = read(rendered("oversight").html.parent)
    found = inclusion.cohorts(Context(run))
    assert [one.key for one in found] == ["card_only", "over_60", "few", "others", "everybody"]
    for one in found:
        if one.success is not None:
            assert one.success + sum(one.shares.values()) == pytest.approx(1)
    markdown = rendered("oversight").markdown.read_text(encoding="utf-8")
    first = "Worst off is card only: 60.0 % of its 5,000 payments settled, 35.0 percentage points less than of all"
    assert first in markdown.split("## Contents")[0]
    assert "**Gap of the worst cohort: -35.0 points** (second threshold exceeded)" in markdown
    rows = tables(build(run), "Whether payments settle")[0].rows
    assert rows[0][:6] == ("card only", "2,500", "10.0 %", "5,000", "60.0 %", "-35.0 points")
    assert rows[2][3:6] == ("0", "–", "–")


def test_no_cohort_with_enough_payments_is_told_so(rendered):
    summary = summary_of("oversight", rendered)
    names = ("worst_cohort", "worst_success_share", "worst_payments", "success_gap")
    summary["risk"]["inclusion"] |= dict.fromkeys(names)
    document = build(RunData(summary))
    assert "No cohort made 100 payments" in str(document)
    assert "risk-inclusion" not in {getattr(block, "key", None) for one in document.sections for block in one.blocks}


def test_nobody_is_called_worst_off_who_is_not_worse_off(rendered):
    summary = summary_of("oversight", rendered)
    even = "No cohort is worse off than all people together"
    for gap, said in ((-0.351, "35.1 percentage points less"), (0.02, even), (-1e-5, even)):
        summary["risk"]["inclusion"]["success_gap"] = gap
        assert said in str(build(RunData(summary)))
