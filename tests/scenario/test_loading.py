"""Loading: names and paths, defaults, `extends`, null, presets, and values from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox import installed
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import Loaded, load
from sandbox.scenario.starter import starter_text
from sandbox.scenario.units import US_PER_DAY
from tests.scenario.refusals import errors_of

DEMAND = "demand: {segments: {retail: {payments: 3 /s, ticket: survey}}}\n"


def test_a_file_with_two_lines_is_a_scenario_of_defaults(write: Any) -> None:
    loaded = load(write())
    assert loaded.name == "case"
    assert loaded.scenario.title == "A title"
    assert len(loaded.scenario.institutions) == 10
    assert loaded.scenario.duration == US_PER_DAY
    assert loaded.scenario.extends is None


def test_title_and_question_are_needed(tmp_path: Path) -> None:
    file = tmp_path / "bare.yaml"
    file.write_text("seed: 1\n")
    assert [(error.line, error.path) for error in errors_of(file)] == [(1, "question"), (1, "title")]


def test_values_are_read_with_their_units(write: Any) -> None:
    loaded = load(
        write("""\
        start: 2020-10-12 18:00
        duration: 1.5 h
        rules: {box: {per_payment_cap: "2,000 元", participant_cap: none}}
        population: {willing_to_upgrade: 5 %, wallets: 1e4}
        demand: {segments: {红包: {payments: 2 /s}}}
        behaviour: {patience: none}
        """)
    )
    scenario = loaded.scenario
    assert scenario.start == datetime(2020, 10, 12, 18)
    assert scenario.duration == 5_400_000_000
    assert scenario.rules.box.per_payment_cap == 200_000
    assert scenario.rules.box.participant_cap is None
    assert scenario.population.willing_to_upgrade == 0.05
    assert scenario.population.wallets == 10_000
    assert scenario.demand.segments["红包"].payments == 172_800.0
    assert scenario.behaviour.patience is None


def test_a_section_given_in_part_keeps_its_other_defaults(write: Any) -> None:
    scenario = load(
        write("ledger: {service: {sigma: 0.1}}\npopulation: {corporate_opening_balance: {sigma: 1}}")
    ).scenario
    assert (scenario.ledger.service.mean, scenario.ledger.service.sigma) == (20_000, 0.1)
    balance = scenario.population.corporate_opening_balance
    assert (balance.mean, balance.empty_share, balance.sigma) == (2_000_000_000, 0.1, 1.0)


@pytest.mark.parametrize(
    ("given", "median", "sigma"),
    [
        ("survey", 1_800, 1.0),
        ("qr_quantile", 3_500, 1.6),
        ("{sigma: 0.2}", 1_800, 0.2),
        ("{median: 5 CNY}", 500, 1.0),
        ("{preset: qr_quantile, sigma: 0.2}", 3_500, 0.2),
    ],
)
def test_tickets(write: Any, given: str, median: int, sigma: float) -> None:
    ticket = (
        load(write(f"demand: {{segments: {{a: {{payments: 3 /s, ticket: {given}}}}}}}"))
        .scenario.demand.segments["a"]
        .ticket
    )
    assert (ticket.median, ticket.sigma) == (median, sigma)


def test_null_and_empty_sections_are_defaults(write: Any) -> None:
    loaded = load(write("rules:\npopulation: {wallets: null, classes: ~}\nfaults:\n"))
    assert loaded.scenario == load(write("", "plain.yaml")).scenario


# extends


def test_a_child_takes_everything_but_title_and_question(write: Any) -> None:
    write(
        """\
        seed: 5
        look_for: [one, two]
        population: {wallets: 500, corporates: 7}
        faults: [{station: ICBC, starts: 1 h, lasts: 1 h}, {station: ABC, starts: 2 h, lasts: 1 h}]
        """,
        "parent.yaml",
    )
    child = """\
        extends: parent.yaml
        look_for: [two, three]
        population: {wallets: 600}
        faults: [{station: CMB, starts: 1 h, lasts: 1 h}]
        """
    scenario = load(write(child, head="title: Child\nquestion: Why?\n")).scenario
    assert (scenario.title, scenario.question, scenario.seed, scenario.extends) == ("Child", "Why?", 5, None)
    assert (scenario.population.wallets, scenario.population.corporates) == (600, 7)
    assert [fault.station for fault in scenario.faults] == ["CMB"]
    assert scenario.look_for == ["one", "two", "three"]
    assert [error.path for error in errors_of(write(child, "untitled.yaml", head=""))] == ["question", "title"]


@pytest.mark.parametrize("one", ["[1, 2]", "{a: 1}", "[]"])
def test_things_to_look_for_that_are_no_texts_are_refused_whoever_says_them(write: Any, one: str) -> None:
    wrong, right = f"look_for: [{one}]\n", "look_for: [two]\n"
    for parent, child, blamed in ((wrong, right, "parent.yaml"), (right, wrong, "case.yaml")):
        write(parent, "parent.yaml")
        errors = errors_of(write("extends: parent.yaml\n" + child))
        assert {(Path(error.file).name, error.path.partition("[")[0]) for error in errors} == {(blamed, "look_for")}
    write(wrong, "parent.yaml")
    assert errors_of(write("extends: parent.yaml\n" + wrong))


def test_null_in_a_child_takes_the_parents_value_out(write: Any) -> None:
    write("population: {wallets: 500}\nbehaviour: {patience: 1 s}\n" + DEMAND, "parent.yaml")
    scenario = load(
        write("extends: parent.yaml\npopulation: null\nbehaviour: {patience: }\ndemand: {segments: {retail: null}}\n")
    ).scenario
    assert scenario.population.wallets == 100_000
    assert scenario.behaviour.patience == 15_000_000
    assert scenario.demand.segments == {}


def test_a_path_is_relative_to_the_file_that_names_it(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("seed: 7", "far/grand.yaml")
    write("extends: ../far/grand.yaml", "near/parent.yaml")
    file = write("extends: near/parent.yaml")
    monkeypatch.chdir("/")
    assert load(file).scenario.seed == 7


def test_a_preset_in_a_child_gives_all_that_it_gives(write: Any) -> None:
    write(
        """\
        rules: {wallet_limits: {preset: "2021+", classes: {IV: {single: 1 CNY}}}}
        demand: {segments: {a: {payments: 3 /s, ticket: {preset: survey, sigma: 0.1, maximum: 900 CNY}}}}
        """,
        "parent.yaml",
    )
    strict = load(
        write("""\
        extends: parent.yaml
        rules: {wallet_limits: {preset: ccb_pilot_2020}}
        demand: {segments: {a: {ticket: qr_quantile}}}
        """)
    ).scenario
    assert strict.rules.wallet_limits.classes["IV"].single == 50_000
    ticket = strict.demand.segments["a"].ticket
    assert (ticket.median, ticket.sigma, ticket.maximum) == (3_500, 1.6, 90_000)


def test_the_gallery_can_be_extended_by_name(write: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write("seed: 9", "shelf/a-day.yaml")
    monkeypatch.setattr(installed, "GALLERY", tmp_path / "shelf")
    assert load("a-day").name == "a-day"
    assert load(write("extends: a-day")).scenario.seed == 9
    (error,) = errors_of("a-dai")
    assert error.nearest == "a-day"
    (error,) = errors_of(write("extends: a-dey", "wrong.yaml"))
    assert (error.line, error.path, error.nearest) == (3, "extends", "a-day")


def test_every_scenario_of_the_gallery_loads() -> None:
    for name in gallery.names():
        assert load(name).name == name
        assert gallery.read_text(name).startswith("#") or "title:" in gallery.read_text(name)


# The command line


def with_set(file: Path, **values: Any) -> Loaded:
    return load(file, overrides={path.replace("__", "."): value for path, value in values.items()})


def test_set_puts_one_value(write: Any) -> None:
    file = write(DEMAND + "faults: [{station: ICBC, starts: 1 h, lasts: 1 h}]\n")
    loaded = load(
        file,
        overrides={
            "duration": "2 h",
            "faults[0].starts": "5 min",
            "institutions.ICBC.servers": "7",
            "population.classes": "{IV: 100 %}",
            "rules.box.enabled": "true",
            "demand.segments.retail.ticket.sigma": "0.5",
            "demand.segments.retail.profile": "flat",
            "demand.segments.friends": "{payments: 1 /s, kind: transfer, payee: personal}",
            "ledger.service.sigma": "0.1",
            "title": "Another title",
        },
    )
    scenario = loaded.scenario
    assert scenario.duration == 7_200_000_000
    assert scenario.faults[0].starts == 300_000_000
    assert scenario.faults[0].station == "ICBC"
    assert scenario.institutions["ICBC"].servers == 7
    assert len(scenario.institutions) == 10
    assert scenario.population.classes == {"IV": 1.0}
    assert scenario.rules.box.enabled
    assert (scenario.demand.segments["retail"].ticket.median, scenario.demand.segments["retail"].ticket.sigma) == (
        1_800,
        0.5,
    )
    assert set(scenario.demand.segments["retail"].profile.weekday) == {1.0}
    assert scenario.demand.segments["friends"].kind == "transfer"
    assert (scenario.ledger.service.mean, scenario.ledger.service.sigma) == (20_000, 0.1)
    assert scenario.title == "Another title"


def test_set_reaches_names_in_quotes(write: Any) -> None:
    file = write("institutions: {Bank of X: {share: 60 %}, Y.Z: {share: 40 %}}\n")
    loaded = load(file, overrides={"institutions.'Bank of X'.servers": "3", "institutions.'Y.Z'.servers": 4})
    assert [one.servers for one in loaded.scenario.institutions.values()] == [3, 4]


def test_set_of_a_preset_gives_all_that_it_gives(write: Any) -> None:
    file = write("rules: {wallet_limits: {classes: {IV: {single: 1 CNY}}}}\n")
    limits = load(file, overrides={"rules.wallet_limits.preset": "ccb_pilot_2020"}).scenario.rules.wallet_limits
    assert limits.classes["IV"].single == 50_000
    resolved = file.with_name("resolved.yaml")
    resolved.write_text(load(file).resolved_yaml(), encoding="utf-8")
    again = load(resolved, overrides={"rules.wallet_limits.preset": "ccb_pilot_2020"}).scenario.rules.wallet_limits
    assert again == limits


def test_set_changes_one_stage_of_a_preset_and_leaves_the_others(write: Any) -> None:
    file = write("rules: {box: {enabled: true, plan: {preset: pboc, pace: 100, applicants: [{institution: ICBC}]}}}\n")
    before = load(file).scenario.rules.box.plan
    path = "rules.box.plan.stages.small_scale"
    plan = load(file, overrides={f"{path}.per_payment": "7 CNY", f"{path}.participants": 5}).scenario.rules.box.plan
    assert before is not None
    assert plan is not None
    changed = before.stages["small_scale"].model_copy(update={"per_payment": 700, "participants": 5})
    assert plan.stages == {**before.stages, "small_scale": changed}


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        ("population.walets", "5", "population.walets", "Did you mean 'wallets'?"),
        ("populaton.wallets", "5", "populaton", "Did you mean 'population'?"),
        ("demand.segments.retial.payments", "5 /s", "demand.segments.retial.payments", "Did you mean 'retail'?"),
        ("duration", "5", "duration", "5 has no unit"),
        (
            "faults[3].starts",
            "5 s",
            "faults[3].starts",
            "there is no entry 3; entries count from 0, the last is faults[0].starts",
        ),
        ("faults.starts", "5 s", "faults.starts", "'faults' is a list; its entries are numbered in brackets"),
        ("fault[0].starts", "5 s", "fault", "'fault' is not a parameter here. Did you mean 'faults'?"),
        ("title.x", "5", "title.x", "'title' holds no entries"),
        ("a..b", "5", "a..b", "this is not a path such as"),
        ("", "5", "", "this is not a path such as"),
        ("faults[x]", "5", "faults[x]", "this is not a path such as"),
        ("extends", "x", "extends", "name the scenario itself"),
        ("title", "[1", "title", "not closed"),
        ("title", "!x y", "title", "a scenario is data only"),
        ("title", "a: b: c", "title", "a second colon"),
        ("seed", 2**64, "seed", "at most 9223372036854775807"),
        ("scale", float("nan"), "scale", "not a finite number"),
        ("rules", {"box": {"enabeld": True}}, "rules.box.enabeld", "Did you mean 'enabled'?"),
    ],
)
def test_a_mistake_in_set_is_placed_there(write: Any, path: str, value: Any, at: str, says: str) -> None:
    file = write(DEMAND + "faults: [{station: ICBC, starts: 1 h, lasts: 1 h}]\n")
    (error,) = errors_of(file, overrides={path: value})
    assert (error.file, error.line, error.path) == ("--set", None, at)
    assert says in str(error)
    assert str(error).startswith(f"--set: {at}: " if at else "--set: ")


def test_mistakes_of_file_and_command_line_come_together(write: Any) -> None:
    errors = errors_of(write("seed: -1\nduration: 5\n"), overrides={"scale": "0", "x[": "1"})
    assert [(Path(error.file).name, error.path) for error in errors] == [
        ("--set", "scale"),
        ("--set", "x["),
        ("case.yaml", "seed"),
        ("case.yaml", "duration"),
    ]


def test_seed_wins_and_stands_apart_from_the_digest(write: Any) -> None:
    file = write("seed: 3\n")
    assert load(file, seed=8).scenario.seed == 8
    assert load(file, seed=8).digest == load(file).digest
    (error,) = errors_of(file, seed=-1)
    assert str(error) == "--seed: seed: -1 is too small; expected at least 0"


# The digest


def test_the_digest_counts_what_decides_the_numbers(write: Any) -> None:
    plain = load(write(DEMAND)).digest
    assert len(plain) == 64
    assert (
        load(write(DEMAND + "population: {wallets: 100000}\nsources: {population: x}\n", "same.yaml")).digest == plain
    )
    assert load(write(DEMAND, "retitled.yaml", head="title: B\nquestion: C\n")).digest == plain
    assert load(write(DEMAND + "population: {wallets: 100001}\n", "other.yaml")).digest != plain
    assert load(write(DEMAND.replace("3 /s", "259200 /day"), "unit.yaml")).digest == plain


def test_the_digest_of_a_trace_is_of_its_bytes(write: Any) -> None:
    file = write("demand: {trace: {file: data/a.csv}}\n")
    trace = file.parent / "data" / "a.csv"
    trace.parent.mkdir()
    trace.write_text("time,payer,payee,amount\n")
    first = load(file)
    assert first.trace_path() == trace.resolve()
    trace.rename(trace.with_name("b.csv"))
    assert load(write("demand: {trace: {file: data/b.csv}}\n")).digest == first.digest
    trace.with_name("b.csv").write_text("time,payer,payee,amount\n1,a,b,2\n")
    assert load(write("demand: {trace: {file: data/b.csv}}\n")).digest != first.digest


def test_a_trace_is_relative_to_the_file_that_names_it(write: Any) -> None:
    write("demand: {trace: {file: a.csv}}\n", "far/parent.yaml")
    child = write("extends: far/parent.yaml\n")
    (error,) = errors_of(child)
    assert (Path(error.file).parts[-2:], error.line, error.path) == (("far", "parent.yaml"), 3, "demand.trace.file")
    (child.parent / "far" / "a.csv").write_text("x\n")
    assert load(child).base_dir == child.parent / "far"


def test_the_starter_file_is_a_scenario_and_so_is_every_comment_in_it(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(starter_text(), encoding="utf-8")
    assert load(file).scenario.population.wallets == 20_000
    lines = [
        line.replace("# ", "", 1) if line.lstrip().startswith("# ") and ":" in line and line[0] in "# " else line
        for line in starter_text().splitlines()[4:]
    ]
    everything = [line for line in lines if not line.startswith(("Ten operators", "Where numbers", "  trace:"))]
    file.write_text("\n".join(everything) + "\n", encoding="utf-8")
    scenario = load(file, overrides={"faults[0].station": "Alpha"}).scenario
    assert list(scenario.institutions) == ["Alpha", "Beta", "Rural"]
    assert scenario.rules.box.enabled
    assert scenario.campaigns["red_packets"].winners == 1_000


def test_a_starter_file_can_extend_another(tmp_path: Path) -> None:
    parent = tmp_path / "old: file.yaml"
    parent.write_text(starter_text(), encoding="utf-8")
    child = tmp_path / "sub" / "new.yaml"
    child.parent.mkdir()
    child.write_text(starter_text(str(parent), child.parent), encoding="utf-8")
    assert load(child).scenario.population.wallets == 20_000
    with pytest.raises(ScenarioErrors, match="no such file"):
        starter_text(str(tmp_path / "none.yaml"))


def test_loading_imports_nothing_heavy() -> None:
    program = (
        "import json, sys, sandbox.scenario.load, sandbox.scenario.starter; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(json.loads(done.stdout))
    assert "pydantic" in loaded
    assert loaded.isdisjoint({"numba", "numpy", "pandas", "matplotlib", "pyarrow", "simpy", "scipy"})


def test_one_limit_of_a_class_that_the_file_does_not_name_can_be_set(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("title: t\nquestion: q\nrules: {wallet_limits: {classes: {IV: {single: 100 CNY}}}}\n")
    limits = load(file, overrides={"rules.wallet_limits.classes.III.single": "50 CNY"}).scenario.rules.wallet_limits
    assert limits.classes["III"].single == 5_000
    assert limits.classes["III"].daily == 1_000_000
    assert limits.classes["IV"].single == 10_000


@pytest.mark.parametrize("name", ["case\ngood.yaml", "case\u202egood.yaml", "case\x1b[2J.yaml"])
def test_a_file_s_name_makes_no_line_of_its_own(write: Any, name: str) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        load(write("wallets: 1\n", name))
    assert len(str(caught.value).splitlines()) == 1
    assert name not in str(caught.value)
