"""Reports of many runs: what is said, that it is safe and the same each time, and that figures come out."""

import json
import re

import pytest

from reports.experiment import capacity, stress
from reports.experiment.build import build, render
from reports.experiment.source import ExperimentData
from reports.markdown import to_markdown
from sandbox.records import RunError

HOSTILE = "<script>alert(1)</script> 工商银行 | `x`"
P99, SETTLED = "throughput.latency_ms.p99", "throughput.settled_fen"


def described(choice, metric, mean, half, varied=None):
    return {
        "choice": choice, "policy": "town", "varied": varied or {}, "metric": metric, "count": 5, "mean": mean,
        "low": mean - half, "high": mean + half, "level": 0.95, "deviation": half, "least": mean, "most": mean,
        "quantiles": {"0.5": mean},
    }  # fmt: skip


def comparison(other, metric, difference, half, clear, words):
    return {
        "metric": metric, "base": "town", "other": other, "policy": other, "varied": {}, "words": words, "pairs": 5,
        "base_mean": 100.0, "other_mean": 100.0 + difference, "difference": difference, "low": difference - half,
        "high": difference + half, "level": 0.95, "p_value": 0.001, "adjusted": 0.004, "clear": clear, "removed": 0.9,
    }  # fmt: skip


def summary(kind="compare", **more):
    return {
        "kind": kind, "title": f"A town {HOSTILE}", "question": HOSTILE, "metrics": [P99, SETTLED],
        "design": {"kind": "grid", "samples": 1, "replications": 5, "runs": 15, "seed": 1}, "factors": [],
        "policies": [], "described": [], "comparisons": [], "failed": [],
        "labels": {P99: "p99 latency", SETTLED: "settled value"}, "high_is_good": {P99: False, SETTLED: True}, **more,
    }  # fmt: skip


LEVER = {
    "path": "ledger.servers", "kind": "lever", "unit": "whole", "values": ["1", "2", "4"], "numbers": [1.0, 2.0, 4.0],
    "low": None, "high": None, "scale": "linear",
}  # fmt: skip
COMPARED = summary(
    comparisons=[
        comparison("noise", P99, -3.0, 9.0, False, "p99 latency may be unchanged"),
        comparison(HOSTILE, P99, -41.0, 5.0, True, "p99 latency falls by 41 ms, 95 % interval 36 to 46"),
    ],
    described=[
        described(name, metric, 100.0 + at, 3.0)
        for at, name in enumerate(["town", "noise", HOSTILE])
        for metric in (P99, SETTLED)
    ],
    failed=[{"run": 3, "policy": "noise", "varied": {}, "seed": 7, "error": HOSTILE}],
)  # fmt: skip
SWEPT = summary(
    "sweep",
    factors=[LEVER],
    described=[
        described(f"ledger.servers={words}", metric, value, 4.0, {"ledger.servers": words})
        for words, value in (("1", 300.0), ("2", 200.0), ("4", 190.0))
        for metric in (P99, SETTLED)
    ],
    regret=[
        {"metric": P99, "futures": 6,
         "choices": [{"choice": "ledger.servers=4", "worst": 2.0, "mean": 1.0, "best_in": 0.5}]},
    ],
)  # fmt: skip
ENDS = {"low": {"value": -50.0, "low": -60.0, "high": -40.0}, "high": {"value": 5.0, "low": -20.0, "high": 30.0}}
SENSITIVE = {
    "one_at_a_time": {"path": "ledger.service.mean", "low_words": "5 ms", "high_words": "60 ms", **ENDS},
    "morris": {"path": "ledger.service.mean", "size": ENDS["high"] | {"low": 1.0}, "mean": -2.0, "spread": 3.0},
    "saltelli": {
        "path": "ledger.service.mean", "first": {"value": 0.4, "low": 0.3, "high": 0.5},
        "total": {"value": 1.02, "low": 0.8, "high": 1.2},
    },
}  # fmt: skip
FAILED = summary(
    "stress",
    ranking=[
        {
            "participant": name, "share": share, "also": {P99: None},
            "lost": {"value": -1000 * share, "low": -1000 * share - half, "high": -1000 * share + half, "base": 1000.0,
                     "clear": share > 0, "same": half == 0, "pairs": 4, "removed": 0.5},
        }
        for name, share, half in (("giant", 0.85, 50.0), ("small", 0.1, 20.0), ("idle", 0.0, 0.0))
    ],
)  # fmt: skip


def number(value, half=5.0):
    return {"value": value, "low": value - half, "high": value + half}


def probe(load, p99_ms, answered, crossed, busy):
    return {
        "load": load, "offered_per_s": 10.0 * load, "p99_ms": p99_ms, "answered": number(answered, 0.0),
        "success": number(answered, 0.0), "crossed": crossed, "busiest": "ledger",
        "busy": {"ledger": busy, "bank": 0.2},
    }  # fmt: skip


RAMP = {
    "by": "people", "precision": 0.02, "bounds": {"p99_ms": 1000.0, "answered": 0.99, "success": None}, "runs": 3,
    "holds": 2.0, "fails": 2.04, "first": {"station": "ledger", "utilisation": 0.97},
    "probes": [
        probe(1.0, number(300.0), 1.0, [], 0.5), probe(2.0, number(900.0), 1.0, [], 0.97),
        probe(2.04, number(1100.0, 3000.0), 0.98, ["p99_ms", "answered"], 1.0),
        probe(3.0, None, 0.2, ["p99_ms", "answered"], 1.0),
    ],
    "planned": {"load": 3.0, "holds": False, "crossed": ["p99_ms", "answered"], "head_room": 2 / 3,
                "needs": [{"station": "ledger", "servers": 200, "needed": 310}]},
}  # fmt: skip
ALL = {
    "compare": COMPARED,
    "sweep": SWEPT,
    "stress": FAILED,
    "capacity": summary("capacity", capacity=RAMP),
    **{
        method: summary("sweep", sensitivity=[{"metric": P99, "method": method, "bars": [bar]}])
        for method, bar in SENSITIVE.items()
    },
}  # fmt: skip


def words_of(found):
    return to_markdown(build(ExperimentData(found)))


@pytest.mark.parametrize("kind", ALL)
def test_a_report_is_one_safe_file_and_the_same_each_time(kind, tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps(ALL[kind]))
    first = render(tmp_path)
    html, drawn = first.html.read_bytes(), {file.name: file.read_bytes() for file in first.figures}
    assert b"<script" not in html
    assert not re.search(rb'(?:src|href)="(?!#)', html)
    assert b"&lt;script&gt;" in html
    assert len(drawn) >= 2
    again = render(tmp_path)
    assert again.html.read_bytes() == html
    assert {file.name: file.read_bytes() for file in again.figures} == drawn


def test_clear_differences_come_first_and_chance_is_called_chance():
    text = words_of(COMPARED)
    assert text.index("falls by 41 ms") < text.index("may be unchanged")
    assert "2 comparisons were made at once" in text
    assert "| noise | 97 ms | -3.0 ms | -12 ms | +6.0 ms | 0.004 | 90.0 % | may be due to chance |" in text
    assert "1 runs failed and are missing" in text


def test_the_front_leaves_out_who_is_beaten():
    text = words_of(SWEPT)
    # Less latency and more value are better: one server has both the most value and the most latency.
    assert "Better: less p99 latency, more settled value" in text
    assert re.search(r"\| 1 \| ledger.servers=1 \| yes", text)
    assert re.search(r"\| 3 \| ledger.servers=4 \| yes", text)
    beaten = json.loads(json.dumps(SWEPT))
    for row in beaten["described"]:
        if row["choice"] == "ledger.servers=2" and row["metric"] == SETTLED:
            row["mean"] = 100.0
    assert re.search(r"\| 2 \| ledger.servers=2 \| no", words_of(beaten))


def test_nothing_is_called_better_that_nobody_has_called_so():
    undirected = json.loads(json.dumps(SWEPT))
    undirected["high_is_good"][P99] = None
    text = words_of(undirected)
    assert "Better: more settled value." in text
    assert "Whether more or less of this is better is for the reader to judge: p99 latency." in text
    assert "On the front" not in text
    undirected["regret"][0]["choices"] = []
    assert "# Robustness" in words_of(undirected)
    assert "less p99" not in words_of(undirected)


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("one_at_a_time", "ledger.service.mean moves p99 latency by 55 ms from one end of its range to the other."),
        ("morris", "ledger.service.mean moves p99 latency by 5.0 ms from one end of its range to the other."),
        ("saltelli", "ledger.service.mean makes up 100 % of what the ranges do to p99 latency, together with others."),
    ],
)
def test_the_assumption_that_matters_most_in_a_sentence(method, sentence):
    assert sentence in words_of(ALL[method]).replace("\\", "")


def test_what_chance_could_do_is_no_assumption_that_matters():
    dull = {"path": "a.b", "low_words": "1", "high_words": "2", "low": number(1.0), "high": number(-2.0)}
    found = summary("sweep", sensitivity=[{"metric": P99, "method": "one_at_a_time", "bars": [dull]}])
    assert "Nothing that was varied moves p99 latency by more than chance." in words_of(found)


def test_what_cannot_be_judged_and_what_is_doubtful_is_said():
    row = {"metric": P99, "method": "saltelli"}
    unjudged = summary("sweep", sensitivity=[{**row, "bars": [], "error": "it is the same at all points"}])
    assert "P99 latency cannot be judged: it is the same at all points." in words_of(unjudged)
    for doubtful in (True, False):
        found = summary("sweep", sensitivity=[{**row, "bars": [{**SENSITIVE["saltelli"], "doubtful": doubtful}]}])
        said = "too few samples for ledger.service.mean." in words_of(found).replace("\\", "")
        assert said == doubtful


def test_who_matters_in_sentences_and_lines():
    found = ExperimentData(FAILED)
    assert stress.sentences(found) == [
        "giant matters most: if it fails, 85.0 % of the settled value is lost (80.0 % to 90.0 % at the 95 % level).",
        "It makes no difference at all if one of these fails: idle.",
    ]
    assert stress.table_lines(found)[2] == "idle   loses 0 % of the settled value (0 % to 0 %), the same"
    assert stress.sentences(ExperimentData(summary("stress", ranking=[]))) == [
        "Nothing can be ranked: too many runs failed."
    ]


def knee(ramp):
    return capacity.sentences(ExperimentData({"capacity": ramp}))


def test_the_knee_in_sentences():
    assert knee(RAMP) == [
        "It holds up to 2 times its demand (20 payments a second on average); at 2.04 times 99 of 100 settle only "
        "within 1.1 s, only 98.0 % are answered.",
        "ledger saturates first: 97.0 % of its server time is in use in its busiest bin.",
        "The planned 3 times does not fit: nothing settles, only 20.0 % are answered. The knee is at 66.7 % of the "
        "plan.",
        "For the plan ledger would need about 310 servers; it has 200.",
    ]
    never = {
        **RAMP,
        "holds": None,
        "fails": 1.0,
        "probes": [probe(1.0, number(2000.0), 1.0, ["p99_ms"], 0.5)],
        "planned": None,
    }
    assert knee(never)[0].startswith("It does not hold at all: even at 1 times its demand 99 of 100")
    still = {**RAMP, "fails": None, "first": None, "planned": None}
    assert knee(still) == ["It holds even at 2 times its demand, the most that was tried."]
    other = {
        **RAMP,
        "first": None,
        "planned": {"load": 1.0, "holds": True, "crossed": [], "head_room": 2.0, "needs": []},
    }
    assert knee(other)[1:] == [
        "No station is full there (ledger is the busiest, 97.0 % in use): the bound is crossed otherwise.",
        "The planned 1 times fits; the knee is at 2 times the plan.",
    ]


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_what_is_no_experiment_is_refused(content, tmp_path):
    if content is not None:
        (tmp_path / "summary.json").write_text(content)
    with pytest.raises(RunError, match=re.escape(str(tmp_path))):
        render(tmp_path)


@pytest.mark.parametrize("kind", ALL)
def test_captions_are_sentences(kind):
    """As in the report of one run: a capital in front, a full stop at the end."""
    captions = [words for chart in build(ExperimentData(ALL[kind])).charts for words in (chart.shows, chart.hides)]
    assert captions
    assert [words for words in captions if not words[0].isupper() or not words.endswith(".")] == []
