"""The pure views of a run, each on a case small enough to work out by hand."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pytest

from reports import formats
from reports.reading import Entries
from reports.sections import queues
from reports.sections.readings import DERIVED, RECOVERY
from reports.source import Event, Parameter, RunData
from reports.view import axis, flow, parameters, timeline
from reports.view.bins import fold
from reports.view.refusals import refusals
from sandbox.features.lifecycle.report.chapter import _path
from sandbox.metric import Threshold, declared_metrics, threshold

MIN_US = 60_000_000
NAN = math.nan


def run_with(summary: dict | None = None, bin_us: int = MIN_US, **series: list[float]) -> RunData:
    """A run whose series has these columns, one bin after the other; columns left out are 0."""
    length = max((len(column) for column in series.values()), default=0)
    names = ("submitted", "ended", "settled", "unavailable", "timed_out")
    columns = {name: np.zeros(length, dtype=np.int64) for name in names}
    columns["at_us"] = np.arange(length, dtype=np.int64) * bin_us
    columns |= {f"latency_{name}_us": np.full(length, NAN) for name in ("p50", "p95", "p99")}
    columns |= {name: np.asarray(column) for name, column in series.items()}
    return RunData({"scenario": {"bin_us": bin_us}, **(summary or {})}, series=columns)


def test_folded_counts_add_up_and_no_more_groups_than_asked():
    numbers = np.arange(1, 1001)
    for at_most in (1, 7, 299, 300, 1000, 5000):
        bins = fold(np.arange(1000) * MIN_US, MIN_US, at_most)
        assert bins.count <= at_most
        assert bins.sum(numbers).sum() == numbers.sum()
        assert bins.step_us % MIN_US == 0
        assert bins.edges_us[0] == 0
        assert bins.edges_us[-1] >= 1000 * MIN_US


def test_a_fold_into_pairs_by_hand():
    bins = fold([0, 1, 2, 3, 4], 1, at_most=3)
    assert bins.sum([1, 2, 3, 4, 5]).tolist() == [3, 7, 5]
    assert bins.highest([1, NAN, NAN, NAN, 9]).tolist()[::2] == [1, 9]
    assert math.isnan(bins.highest([1, NAN, NAN, NAN, 9])[1])


def test_rows_that_are_missing_leave_an_empty_group():
    bins = fold([0, 5], 1, at_most=6)
    assert bins.sum([10, 20]).tolist() == [10, 0, 0, 0, 0, 20]


@pytest.mark.parametrize(("per_bin", "unit", "rate"), [(600, "s", 10), (30, "min", 30), (1, "min", 1), (0, "h", 0)])
def test_the_unit_of_a_rate_is_one_in_which_it_is_at_least_one(per_bin, unit, rate):
    found = flow.flow(run_with(submitted=[per_bin, 0], settled=[per_bin, 0], ended=[per_bin, 0]))
    assert found.unit == unit
    assert found.offered[0] == pytest.approx(rate)


def test_less_than_one_a_minute_is_told_by_the_hour():
    found = flow.flow(run_with(bin_us=10 * MIN_US, submitted=[3, 0]))
    assert (found.unit, found.offered[0]) == ("h", 18)


def test_a_refusal_by_rule_is_an_answer_and_a_closed_station_is_not():
    found = flow.flow(run_with(ended=[10, 0], settled=[5, 0], unavailable=[1, 0], timed_out=[1, 0]))
    assert (found.share[0], found.answered[0]) == (0.5, 0.8)
    assert math.isnan(found.share[1])
    assert math.isnan(found.answered[1])


def test_of_several_bins_the_highest_quantile_is_kept():
    values = [float(number) * 1000 for number in range(600)]
    run = run_with(settled=[200] * 300 + [5] * 300, latency_p50_us=values, latency_p95_us=values, latency_p99_us=values)
    found = flow.latency(run)
    assert found.bins.count == 300
    assert found.quantiles_ms["p50"].tolist() == [float(number) for number in range(1, 600, 2)]
    assert found.few_share == 0.5


def test_a_histogram_keeps_every_payment_and_only_edges_it_was_given():
    edges = np.geomspace(1, 1e5, 400).tolist()
    counts = list(np.random.default_rng(1).integers(0, 50, 399))
    found = flow.histogram(edges, counts)
    assert sum(found.counts) == sum(counts)
    assert set(found.edges_ms) <= set(edges)
    assert len(found.counts) == len(found.edges_ms) - 1 <= 41
    below = [
        sum(n for n, edge in zip(counts, edges[1:], strict=False) if edge <= upper) for upper in found.edges_ms[1:]
    ]
    assert np.cumsum(found.counts).tolist() == below


def test_a_histogram_s_areas_are_shares():
    found = flow.Histogram([1, 2, 8], [30, 10])
    assert found.per_doubling.tolist() == [0.75, 0.125]
    assert flow.histogram([0, 1, 2], [0, 0]) == flow.Histogram([], [])
    assert flow.histogram([0, 1, 2], [4, 0]) == flow.Histogram([0.1, 1], [4])


@pytest.mark.parametrize(
    ("ended", "closed", "bins", "at_bin"),
    [
        ([10, 10, 10, 10], [0, 0, 0, 0], 0, 0),
        ([10, 10, 10, 10], [0, 1, 1, 0], 2, 1),
        ([100, 100], [5, 5], 0, 0),
        ([100, 100], [6, 6], 2, 0),
        ([10, 10, 0, 0, 10, 10], [0, 9, 0, 0, 9, 0], 4, 1),
        ([10, 10, 0, 0], [0, 9, 0, 0], 1, 1),
        ([0, 0], [0, 0], 0, 0),
        ([10, 0, 10, 10, 10], [9, 0, 0, 9, 9], 2, 3),
    ],
)
def test_the_longest_failure(ended, closed, bins, at_bin):
    found = flow.longest_failing(run_with(ended=ended, unavailable=closed), 0.05)
    assert (found.bins, found.at_us, found.length_us) == (bins, at_bin * MIN_US, bins * MIN_US)


def stations_of(**columns: list) -> dict:
    return {name: np.asarray(column) for name, column in columns.items()}


def test_heat_shows_queues_and_else_utilisation():
    series = run_with(submitted=[1, 1, 1]).series
    at_us, names = [0, MIN_US, MIN_US], np.array(["a", "a", "b"], dtype=object)
    waiting = stations_of(at_us=at_us, station=names, queue_mean=[0.0, 2.0, 0.5], utilisation=[0.1, 0.9, 0.2])
    found = queues.heat(RunData({"scenario": {"bin_us": MIN_US}}, series=series, stations=waiting), ["b", "a"], 5)
    assert found is not None
    assert (found.stations, found.measure) == (["b", "a"], "queue_mean")
    assert found.values.tolist() == [[0, 0.5, 0], [0, 2, 0]]
    idle = {**waiting, "queue_mean": np.zeros(3)}
    found = queues.heat(RunData({"scenario": {"bin_us": MIN_US}}, series=series, stations=idle), ["b", "a"], 1)
    assert found is not None
    assert (found.stations, found.measure, found.values.tolist()) == (["a"], "utilisation", [[0.1, 0.9, 0]])


def test_stations_are_ranked_by_wait_then_use_then_name():
    rows = [("c", 1.0, 0.1), ("b", None, 0.9), ("a", None, 0.9), ("d", 2.0, 0.0)]
    stations = [{"station": name, "wait_ms_mean": wait, "utilisation": use} for name, wait, use in rows]
    assert [row.text("station") for row in queues.ranked(RunData({"stations": stations}))] == ["d", "c", "a", "b"]


def test_refusals_by_class_and_reason():
    rows = [("IV", "timed_out", 2), ("corporate", "single_limit", 3), ("IV", "single_limit", 5), ("I", "frozen", 0)]
    found = refusals(
        RunData({"refusals": [{"payer_class": c, "outcome": o, "count": n, "value_fen": 7 * n} for c, o, n in rows]})
    )
    assert (found.classes, found.reasons) == (["IV", "corporate"], ["single_limit", "timed_out"])
    assert (found.of_class("IV"), found.of_reason("single_limit")) == (7, (8, 56))


def event(at_us: int, actor: str, name: str, subject: str = "", **detail: object) -> Event:
    return Event(at_us, actor, name, subject, detail)


def test_what_happens_often_is_one_row_without_a_mark():
    orders = [
        event(at, "institution", "liquidity_order", f"bank {at % 4}", amount_fen=100, target_fen=9) for at in range(20)
    ]
    rare = [event(5, "campaign", "funded", "x"), event(9, "regulator", "box_changed")]
    found = timeline.timeline(RunData({}, events=tuple(sorted([*orders, *rare], key=lambda one: one.at_us))))
    assert [(mark.at_us, mark.letter) for mark in found.marks] == [(5, "A"), (9, "B")]
    assert [(row.at_us, row.last_us, row.count, row.letter) for row in found.rows] == [
        (0, 19, 20, ""), (5, 5, 1, "A"), (9, 9, 1, "B"),
    ]  # fmt: skip
    assert found.rows[0].subject == "bank 0, bank 1, bank 2, … (4)"
    assert found.rows[0].detail == "amount 20 yuan"


def test_of_many_marks_faults_stay():
    faults = [event(100 + at, "fault", "fault_began", f"s{at}") for at in range(12)]
    others = [event(at, "campaign", f"e{at}") for at in range(12)]
    found = timeline.timeline(RunData({}, events=tuple(others + faults)))
    assert [mark.at_us for mark in found.marks] == list(range(100, 112))
    assert found.left_out == 0


def test_spans_of_faults_that_overlap_and_one_that_never_ends():
    events = (
        event(10, "fault", "fault_began", "a", kind="outage"),
        event(20, "fault", "fault_began", "a", kind="slow_down"),
        event(30, "fault", "fault_ended", "a", kind="outage"),
        event(35, "fault", "fault_began", "b", kind="outage"),
        event(40, "fault", "fault_ended", "a", kind="slow_down"),
    )
    run = run_with(submitted=[1, 1])
    found = timeline.broken_spans(RunData(run.summary, series=run.series, events=events))
    assert found == [(10, 30), (20, 40), (35, 2 * MIN_US)]


def parameter(path: str, set_by: str) -> Parameter:
    return Parameter(path, "1", "lever", "", "ASSUMED", set_by, "")


def test_what_was_set_and_how():
    ones = [parameter("a", "default"), parameter("b", "my.yaml"), parameter("c", "--set")]
    assert [one.path for one in ones if parameters.is_set(one)] == ["b", "c"]
    assert parameters.from_command_line(ones) == [("c", "1")]


def test_a_line_is_passed_only_beyond_it():
    high, low = Threshold(1, 2, "above", ""), Threshold(0.9, 0.5, "below", "")
    assert [high.judge(value) for value in (1, 1.1, 2, 2.1, None, NAN)] == [
        "ok", "watch", "watch", "worry", "none", "none",
    ]  # fmt: skip
    assert [low.judge(value) for value in (0.9, 0.89, 0.5, 0.49)] == ["ok", "watch", "watch", "worry"]


def test_every_line_names_its_source_and_is_in_order():
    held = [one for one in (*declared_metrics(), *DERIVED) if one.threshold is not None]
    assert len(held) > 25
    for one in held:
        assert len(one.threshold.source) >= len("ASSUMED"), one.path
        assert (one.threshold.worry > one.threshold.watch) == (one.threshold.worse == "above"), one.path
        assert one.better != ("lower" if one.threshold.worse == "below" else "higher"), one.path
    assert threshold(RECOVERY).worry == 2 * 3600 * 1_000_000
    assert threshold("risk.concentration.hhi_merchants").worry == 0.25


@pytest.mark.parametrize("hours", [0.001, 0.1, 1, 3, 8, 24, 30, 150, 24 * 40, 24 * 400, 24 * 3650])
def test_ticks_of_a_calendar_are_few_round_and_inside(hours):
    last = int(hours * 3600e6)
    found = axis.calendar(datetime(2020, 10, 12, 18, 7), 0, last)
    assert 1 <= len(found) <= 9
    assert all(0 <= at <= last for at, _ in found)
    assert len({label for _, label in found}) == len(found)
    assert max(len(label) for _, label in found) <= 12


@pytest.mark.parametrize("top", [1e-9, 0.013, 0.99, 1, 7, 4_999_999, 1e12])
def test_linear_ticks_cover_the_top_with_few_steps(top):
    found = axis.linear(top)
    assert found[0] == 0
    assert top <= found[-1] * (1 + 1e-9) < 2.6 * top
    assert len(found) <= 7


@pytest.mark.parametrize("fen", [0, 1, 99, 100, 10**9, 10**15, 9_007_199_254_740_993])
def test_money_is_written_to_the_fen(fen):
    assert int(formats.yuan(fen).replace(",", "").replace(".", "")) == fen


def test_shares_never_claim_all_or_nothing_falsely():
    for share in (1e-12, 1e-6, 1e-4, 0.005, 0.5, 0.9994, 0.99949, 0.9999, 0.99999, 1 - 1e-12):
        assert formats.share(share) not in ("0 %", "100 %", "100.0 %", "0.0 %", "100.00 %", "0.00 %", "100.000 %"), (
            share
        )


@pytest.mark.parametrize(
    ("frozen", "told"),
    [
        (0, "0 yuan were left in their wallets."),
        (1, "0 yuan were left in their wallets: one frozen wallet is paid when its freeze ends."),
        (2, "0 yuan were left in their wallets: 2 frozen wallets are paid when their freezes end."),
    ],
)
def test_a_test_that_is_over_tells_who_is_still_frozen(frozen, told):
    back = {"participants": 9, "amount_fen": 100, "left_fen": 0, "frozen": frozen}
    one = Entries({"institution": "A", "participants": 9, "redeemed": back}, "lifecycle.applicants.*")
    assert _path(one).endswith(told)
