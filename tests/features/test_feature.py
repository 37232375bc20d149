"""A feature of somebody else's has everything that ours have, without a change here; and none that is not in force."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tip_jar import FEATURE, TipJar

import sandbox
from reports.render import render
from sandbox import feature
from sandbox.audit.auditor import audit
from sandbox.cli.main import status_of
from sandbox.cli.summary import summary_lines
from sandbox.control import Columns, Component, Simulated
from sandbox.core.layout import limit
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.stress import participants
from sandbox.feature import Feature, FeatureError, Later, declared, features, using
from sandbox.metric import direction_of, label, unit_of
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from sandbox.scenario.reference import reference_markdown
from sandbox.scenario.schema import Section, scenario_model
from sandbox.scenario.section import Within
from sandbox.tables import TABLES, Tables, ints
from sandbox.world import limit_rows, limits_in_force
from tests.conftest import SMALL_TOWN

TIPS = SMALL_TOWN + "tip_jar: {coin: 2 CNY, every: 10 min}\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    file = tmp_path / "town.yaml"
    file.write_text(TIPS, encoding="utf-8")
    return file


@pytest.fixture
def jar() -> Iterator[None]:
    with using(FEATURE):
        yield


def test_without_it_its_section_is_unknown(town: Path) -> None:
    with pytest.raises(ScenarioErrors, match="'tip_jar' is not a parameter"):
        load(town)
    with using(FEATURE):
        assert load(town).scenario.section(TipJar) == TipJar(coin=200)
    with pytest.raises(ScenarioErrors, match="'tip_jar' is not a parameter"):
        load(town)
    assert "tips" not in TABLES


@pytest.mark.usefixtures("jar")
def test_its_section_is_read_like_ours(town: Path) -> None:
    for wrong, says in (
        ("coin: 2", "expected an amount with its unit"),
        ("coins: 2 CNY", "Did you mean 'coin'?"),
        ("every: 0.1 s", "at least 1 s"),
    ):
        town.write_text(f"{SMALL_TOWN}tip_jar: {{{wrong}}}\n", encoding="utf-8")
        with pytest.raises(ScenarioErrors) as caught:
            load(town)
        assert says in str(caught.value)
    town.write_text(TIPS.replace("wallets: 300", "wallets: 5"), encoding="utf-8")
    with pytest.raises(ScenarioErrors, match="of 5 people nobody tips"):
        load(town)
    town.write_text(TIPS.replace("every:", "starts: 3 h, every:"), encoding="utf-8")
    loaded = load(town)
    assert [note.path for note in loaded.notes] == ["tip_jar.starts"]
    assert "### tip_jar" in reference_markdown() or "`tip_jar" in reference_markdown()


@pytest.mark.usefixtures("jar")
def test_what_it_lets_wallets_hold_bounds_every_class(town: Path) -> None:
    town.write_text(TIPS.replace("every:", "most: 50 CNY, every:"), encoding="utf-8")
    scenario = load(town).scenario
    limits = limits_in_force(scenario, scenario.rules.wallet_limits).reshape(-1, 4)
    assert set(limits[1:, limit.BALANCE].tolist()) == {5_000}
    of_classes = limit_rows(scenario.rules.wallet_limits).reshape(-1, 4)
    assert np.argwhere(limits != of_classes)[:, 1].tolist() == [limit.BALANCE] * 4


@pytest.mark.usefixtures("jar")
def test_a_run_has_its_accounts_table_numbers_lines_and_chapter(town: Path, tmp_path: Path) -> None:
    run = sandbox.run(town, out=tmp_path / "run")
    assert run.summary["tip_jar"] == {"tips": 12, "held_fen": 2_400}
    assert list(run.ledger.owner[run.ledger.kind == "tip_jar"]) == ["tip jar"]
    assert {"tips", "postings"} <= set(run.tables)
    assert (unit_of("tip_jar.held_fen"), direction_of("tip_jar.held_fen")) == ("fen", True)
    assert label("tip_jar.held_fen") == "money in the jar"
    assert "12 tips went into the jar." in summary_lines(run)
    assert "  24 yuan  money in the jar" in summary_lines(run)
    page = render(run.path).html.read_text(encoding="utf-8")
    assert page.count("12 tips went into the jar.") == 2
    assert "They came from 12 wallets." in page
    assert "2\N{NO-BREAK SPACE}yuan at a time" in page
    assert "0\N{NO-BREAK SPACE}% of tips were missed." in page


@pytest.mark.usefixtures("jar")
def test_its_runs_are_exported_stressed_and_validated(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = sandbox.run(town, out=tmp_path / "run").path
    assert status_of(["export", str(run), "--as", "tips", "--out", str(tmp_path / "data")]) == 0
    assert (tmp_path / "data" / "tips.csv").read_text(encoding="utf-8") == 12 * "200\n"
    assert participants(load(town), "each:jar") == ("jar", ["the jar"])
    capsys.readouterr()
    assert status_of(["validate", "tips"]) == 0
    assert "tips a day" in capsys.readouterr().out


@pytest.mark.usefixtures("jar")
def test_what_it_says_is_worked_out_again(town: Path, tmp_path: Path) -> None:
    run = sandbox.run(town, out=tmp_path / "run").path
    assert not audit(run).problems
    with_less = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    with_less["tip_jar"]["held_fen"] -= 1
    (run / "summary.json").write_text(json.dumps(with_less), encoding="utf-8")
    assert any("tip_jar.held_fen is not the 2400 fen" in str(one) for one in audit(run).problems)
    (run / "tips.parquet").unlink()
    assert any(one.file == "tips.parquet" for one in audit(run).problems)


@pytest.mark.usefixtures("jar")
def test_other_processes_do_not_have_it_and_say_so(town: Path, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="tip_jar: not installed"):
        sandbox.replicate(town, replications=2, processes=2, out=tmp_path / "many")


def test_other_runs_are_as_they_were(small_town: Path, tmp_path: Path) -> None:
    plain = sandbox.run(small_town, out=tmp_path / "plain").manifest["tables"]
    with using(FEATURE):
        assert sandbox.run(small_town, out=tmp_path / "with").manifest["tables"] == plain


def test_built_in_features_come_first_in_their_order() -> None:
    assert [one.name for one in features()] == ["base", *feature.BUILT_IN]
    with using(FEATURE):
        assert features()[-1] is FEATURE
        assert list(scenario_model().model_fields)[-1] == "tip_jar"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([FEATURE, FEATURE], "two features have the name 'tip_jar'"),
        ([Feature("bills", ())], "two features have the name 'bills'"),
        ([Feature("tip jar", ())], "cannot be the name of a feature"),
    ],
)
def test_a_name_is_one_features(more: list[Feature], says: str) -> None:
    with pytest.raises(FeatureError, match=says), using(*more):
        pass
    assert FEATURE not in features()


def test_a_section_that_is_taken_is_refused() -> None:
    with using(Feature("other", (Section("demand", TipJar, "-"),))), pytest.raises(FeatureError, match="'demand'"):
        scenario_model()


def broken() -> Feature:
    raise ImportError("no module named tips")


@pytest.mark.parametrize(
    ("load_point", "says"),
    [(lambda: FEATURE, None), (broken, "pots.of:TIPS: ImportError: no module named tips"), (lambda: 5, "it is no")],
)
def test_an_installed_package_adds_its_own(
    monkeypatch: pytest.MonkeyPatch, load_point: object, says: str | None
) -> None:
    point = SimpleNamespace(name="tips", value="pots.of:TIPS", load=load_point)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if "ecny" in group else [])
    feature._installed.cache_clear()
    try:
        if says is None:
            assert features()[-1] is FEATURE
            assert FEATURE in [one for one, _ in declared(Section)]
        else:
            with pytest.raises(FeatureError, match=says):
                features()
    finally:
        monkeypatch.undo()
        feature._installed.cache_clear()


@pytest.mark.usefixtures("jar")
def test_a_jar_that_nobody_can_fill_is_empty(town: Path, tmp_path: Path) -> None:
    town.write_text(TIPS.replace("2 CNY", "9000000 CNY"), encoding="utf-8")
    run = sandbox.run(town, out=tmp_path / "run")
    assert (run.summary["tip_jar"]["tips"], len(run.table("tips"))) == (0, 0)


def test_a_run_is_not_worked_out_again_without_its_feature(town: Path, tmp_path: Path) -> None:
    with using(FEATURE):
        run = sandbox.run(town, out=tmp_path / "run").path
    told = [str(one) for one in audit(run).problems]
    assert any("its section `tip_jar` belongs to no feature that is installed" in one for one in told)
    assert not any("pydantic" in one for one in told)


class Given(Component):
    """A part that gives what it is told to."""

    def __init__(self, tables: Mapping[str, Columns], summary: Mapping[str, Any]) -> None:
        self._tables, self._summary = tables, summary

    def tables(self) -> Mapping[str, Columns]:
        return self._tables

    def summary(self) -> Mapping[str, Any]:
        return self._summary


@pytest.mark.parametrize(
    ("tables", "summary", "says"),
    [
        ({"stray": {"a": [1]}}, {}, "its table 'stray' is not declared by a feature"),
        ({"payments": {"a": [1]}}, {}, "its table 'payments' is not declared by a feature"),
        ({"odd": {"a": [1]}}, {}, "has the columns a; declared are a, b"),
        ({"odd": {"a": [1], "b": [1], "c": [1]}}, {}, "has the columns a, b, c; declared are a, b"),
        ({"odd": {"a": [1], "b": []}}, {}, "has columns of different lengths"),
        ({}, {"throughput": {"x": 1}}, "throughput in the summary is not its own"),
        ({}, {"risk": {"liquidity": {}}}, "liquidity in the summary is not its own"),
    ],
)
def test_what_a_part_gives_is_its_own_and_as_declared(
    tables: Mapping[str, Columns], summary: Mapping[str, Any], says: str, small_town: Path, tmp_path: Path
) -> None:
    part = Simulated(lambda control, scenario: Given(tables, summary))
    odd = Feature("odd", (Within(lambda scenario: scenario), Tables({"odd": ints("a", "b")}), part))
    with using(odd), pytest.raises(FeatureError, match=re.escape(says)):
        sandbox.run(small_town, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_kind_that_nothing_asks_for_is_refused() -> None:
    with pytest.raises(FeatureError, match=r"sandbox.control.Simulatd is no kind .* mean sandbox.control.Simulated\?"):
        Later("sandbox.control.Simulatd", "somewhere:SIMULATED")
