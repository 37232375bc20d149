"""A resolved scenario says all there is: it loads to the same scenario, digest, sources and certainty of each value."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import Loaded, load
from sandbox.scenario.starter import starter_text
from tests.conftest import slow
from tests.scenario.strategies import scenarios, words, wrong_values

MODEST = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def load_text(text: str | bytes, name: str = "case.yaml", **options: Any) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        return load(file, **options)


def outcome(text: str, **options: Any) -> Loaded | ScenarioErrors:
    """What loading comes to; anything but these two is a fault of ours."""
    try:
        return load_text(text, **options)
    except ScenarioErrors as errors:
        return errors


def assert_says_everything(loaded: Loaded) -> None:
    resolved = loaded.resolved_yaml()
    again = load_text(resolved, "scenario.yaml")
    assert again.scenario == loaded.scenario
    assert again.digest == loaded.digest
    assert again.resolved_yaml() == resolved
    assert [{**row, "set_by": ""} for row in again.parameters()] == [
        {**row, "set_by": ""} for row in loaded.parameters()
    ]
    assert {row["set_by"] for row in again.parameters()} <= {"scenario.yaml", "default"}
    assert "extends" not in resolved


def test_the_defaults_and_the_starter_say_everything() -> None:
    assert_says_everything(load_text("title: A\nquestion: B\n"))
    assert_says_everything(load_text(starter_text()))
    assert_says_everything(
        load_text(starter_text(), overrides={"duration": "1 h", "population.wallets": "700"}, seed=5)
    )


@pytest.mark.parametrize("name", [slow(name) if place % 6 else name for place, name in enumerate(gallery.names())])
def test_the_gallery_says_everything(name: str) -> None:
    assert_says_everything(load(name))


@given(scenarios())
@MODEST
def test_any_scenario_says_everything(data: dict[str, Any]) -> None:
    assert_says_everything(load_text(json.dumps(data, ensure_ascii=False)))


@given(st.text(max_size=60))
@MODEST
def test_any_text_that_is_accepted_comes_back(title: str) -> None:
    loaded = outcome(json.dumps({"title": title, "question": "B"}, ensure_ascii=True))
    if isinstance(loaded, Loaded):
        assert loaded.scenario.title == title
        assert_says_everything(loaded)


@given(words)
@MODEST
def test_printable_text_is_accepted(title: str) -> None:
    assert load_text(json.dumps({"title": title, "question": "B"}, ensure_ascii=False)).scenario.title == title


def test_a_trace_is_found_from_any_folder(tmp_path: Path) -> None:
    source = tmp_path / "a" / "case.yaml"
    source.parent.mkdir()
    source.with_name("t.csv").write_text("time,payer,payee,amount\n")
    source.write_text("title: A\nquestion: B\ndemand: {trace: {file: t.csv}}\n")
    loaded = load(source)
    assert loaded.scenario.demand.trace is not None
    assert loaded.scenario.demand.trace.file == "t.csv"
    run = tmp_path / "runs" / "one" / "scenario.yaml"
    run.parent.mkdir(parents=True)
    run.write_text(loaded.resolved_yaml())
    again = load(run)
    assert again.digest == loaded.digest
    assert again.trace_path() == loaded.trace_path()


# Whatever a file or a command line holds, what comes out is a scenario or ScenarioErrors.

JUNK = st.text(st.sampled_from(list("ab:-? {}[],&*!|>'\"%@`#\n\t 0123.~<=\\é红\u2028\x85\ufeff")), max_size=80)


@given(st.one_of(st.binary(max_size=60), JUNK.map(lambda text: text.encode())))
@settings(MODEST, max_examples=120)
def test_junk_is_refused_in_words(junk: bytes) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        load_text(junk)
    assert str(caught.value)


@given(JUNK)
@settings(MODEST, max_examples=80)
def test_junk_as_a_value_is_taken_or_refused_in_words(junk: str) -> None:
    came = outcome(f"title: A\nquestion: B\nlook_for: {junk}\n")
    if isinstance(came, ScenarioErrors):
        assert all(error.file.endswith("case.yaml") and error.problem for error in came.errors)


@given(st.data())
@settings(MODEST, max_examples=80)
def test_an_edited_file_loads_or_is_refused_in_words(data: st.DataObject) -> None:
    text = starter_text()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + data.draw(JUNK.map(lambda junk: junk[:12])) + text[end:]
    came = outcome(text)
    if isinstance(came, ScenarioErrors):
        lines = text.count("\n") + 2
        assert all(error.line is None or 1 <= error.line <= lines for error in came.errors)


PATHS = [row["path"] for row in load_text(starter_text()).parameters()]


@given(st.sampled_from(PATHS), wrong_values, st.integers(0, 3))
@settings(MODEST, max_examples=120)
def test_any_value_anywhere_loads_or_is_refused_in_words(path: str, value: Any, cut: int) -> None:
    path = path.rsplit(".", cut)[0]
    came = outcome(starter_text(), overrides={path: value})
    if isinstance(came, Loaded):
        assert_says_everything(came)
    else:
        assert all(error.file in ("--set",) or error.line is not None for error in came.errors)
