"""`answers` of a scenario: which numbers, beside what, in which words; and what of it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load

HEAD = "title: T\nquestion: Q?\nanswers:\n"


def written(tmp_path: Path, answers: str) -> Path:
    file = tmp_path / "town.yaml"
    file.write_text(HEAD + answers, encoding="utf-8")
    return file


def test_a_path_alone_is_a_metric(tmp_path: Path) -> None:
    answers = load(written(tmp_path, "  - throughput.settled\n  - {metric: throughput.payments}\n")).scenario.answers
    assert [one.metric for one in answers] == ["throughput.settled", "throughput.payments"]


def test_answers_change_nothing_else(tmp_path: Path) -> None:
    """They are text: two scenarios that differ in them alone are the same world."""
    (tmp_path / "plain.yaml").write_text("title: T\nquestion: Q?\n", encoding="utf-8")
    plain, asked = load(tmp_path / "plain.yaml"), load(written(tmp_path, "  - throughput.settled\n"))
    assert plain.digest == asked.digest
    assert plain.scenario.model_dump(exclude={"answers"}) == asked.scenario.model_dump(exclude={"answers"})


@pytest.mark.parametrize(
    ("answers", "place", "problem"),
    [
        ("  - throughput.setled\n", "answers[0].metric", "Did you mean 'throughput.settled'?"),
        ("  - {metric: throughput.settled, of: throughput.paymets}\n", "answers[0].of", "'throughput.payments'?"),
        ("  - {metric: throughput.settled, against: nowhere.at.all}\n", "answers[0].against", "no run has"),
        ("  - {metric: throughput.settled, says: 'so {many.more}'}\n", "answers[0].says", "no run has a number"),
        ("  - {metric: throughput.settled, says: 'so {value'}\n", "answers[0].says", "a brace has no partner"),
        ("  - {metric: throughput.settled, says: 'of {other}'}\n", "answers[0].says", "needs one of"),
        (
            "  - {metric: throughput.settled, of: throughput.payments, published: 3}\n",
            "answers[0].published", "give one of",
        ),
        ("  - {metric: throughput.settled, within: 5 %}\n", "answers[0].within", "no `published` number"),
        ("  - {metric: throughput.settled, beside: the rest}\n", "answers[0].beside", "`against` is missing"),
        ("  - {metric: throughput.settled_fen, published: 8.7}\n", "answers[0].published", "with its unit"),
        ("  - {metric: throughput.latency_ms.p50, published: 3 CNY}\n", "answers[0].published", "a time"),
        ("  - {metric: throughput.settled, published: many}\n", "answers[0].published", "a number"),
        ("  - {label: nothing}\n", "answers[0].metric", "a value is missing"),
        ("  - {metrc: throughput.settled}\n", "answers[0].metrc", "metric"),
        ("  - throughput.settled\n" * 7, "answers", "at most 6"),
        ("  - 7\n", "answers[0]", "expected entries such as"),
    ],
)  # fmt: skip
def test_what_is_refused(answers: str, place: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        load(written(tmp_path, answers))
    assert any(place in str(one) and problem in str(one) for one in caught.value.errors), str(caught.value)
    assert all(one.line is not None and one.line >= 3 for one in caught.value.errors if place in str(one))


def test_metrics_of_an_experiment_are_looked_up_as_well(tmp_path: Path) -> None:
    file = tmp_path / "town.yaml"
    file.write_text("title: T\nquestion: Q?\nexperiment: {metrics: [throughput.setled]}\n", encoding="utf-8")
    with pytest.raises(ScenarioErrors, match=r"experiment.metrics\[0\]: .*'throughput.settled'"):
        load(file)
