"""Names with nothing after them, and numbers and lines however they are typed, in files, from Python, by `--set`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.scenario.load import load
from tests.scenario.refusals import errors_of

DEMAND = "demand: {segments: {retail: {payments: 3 /s, ticket: survey}}}\n"


def test_null_for_what_is_not_there_is_a_mistake(write: Any) -> None:
    write("behaviour: {patiense: }\n" + DEMAND, "parent.yaml")
    file = write("extends: parent.yaml\ndemand: {segments: {retial: }}\npopulation: {walets: ~}\n")
    assert [(Path(error.file).name, error.line, error.path) for error in errors_of(file)] == [
        ("case.yaml", 4, "demand.segments.retial"),
        ("case.yaml", 5, "population.walets"),
        ("parent.yaml", 3, "behaviour.patiense"),
    ]


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("poplation", None, "poplation"),
        ("poplation", "", "poplation"),
        ("population", {"walets": None}, "population.walets"),
        ("population", "{walets: }", "population.walets"),
        ("population.walets", "~", "population.walets"),
        ("demand.segments.retail.ticket", {"preset": "survey", "medain": None}, "demand.segments.retail.ticket.medain"),
        ("demand.segments.wholesale", None, "demand.segments.wholesale"),
        ("faults", [{"station": "ledger", "starts": "1 h", "lasts": "1 h", "lost": None}], "faults[0].lost"),
        ("experiment", {"levers": {"population.wallets": None}}, "experiment.levers.'population.wallets'"),
    ],
)
def test_an_unknown_name_with_nothing_is_refused_from_everywhere(write: Any, path: str, value: Any, at: str) -> None:
    (error,) = errors_of(write(DEMAND), overrides={path: value})
    assert (error.file, error.path) == ("--set", at)


def test_null_from_the_command_line_takes_an_entry_out(write: Any) -> None:
    file = write(DEMAND + "population: {wallets: 7}\n")
    scenario = load(file, overrides={"demand.segments.retail": "null", "population.wallets": None}).scenario
    assert scenario.demand.segments == {}
    assert scenario.population.wallets == 100_000


@pytest.mark.parametrize("nothing", ["", " ", "# all of it", "---"])
@pytest.mark.parametrize("path", ["duration", "faults", "population.wallets", "title"])
def test_nothing_typed_is_no_wish_for_the_default(write: Any, path: str, nothing: str) -> None:
    """`--set duration=$LENGTH`, and the shell knows no LENGTH."""
    (error,) = errors_of(write(DEMAND + "duration: 1 h\n"), overrides={path: nothing})
    assert str(error) == f"--set: {path}: there is no value; write `null` for the default"


def test_a_file_keeps_its_lines_whatever_ends_them(write: Any) -> None:
    for end in ("\n", "\r\n", "\r"):
        file = write()
        words = "title: 标题\nquestion: Q?\npopulation:\n  {wallets: 20,000,\n   corporates：5}\nseed: 1,5\n"
        file.write_bytes(words.replace("\n", end).encode())
        assert [error.line for error in errors_of(file)] == [4, 5, 6]


def test_numbers_are_read_alike_with_and_without_a_unit(write: Any) -> None:
    scenario = load(
        write("""\
        duration: 16 days 4 h
        population:
          wallets: 1,000
          corporates: "1_000"
        scale: "1,000.0"
        merchants: {count: "1e3"}
        rules: {box: {per_payment_cap: "1,000 CNY"}}
        """)
    ).scenario
    assert scenario.duration == 388 * 3_600_000_000
    assert (scenario.population.wallets, scenario.population.corporates, scenario.merchants.count) == (1000,) * 3
    assert (scenario.scale, scenario.rules.box.per_payment_cap) == (1000.0, 100_000)


def test_a_file_whose_name_is_no_text_has_a_name_that_tables_can_hold(write: Any) -> None:
    loaded = load(write("population: {wallets: 7}\n", "\udcff.yaml"))
    assert loaded.name == "?"
    for row in loaded.parameters():
        "".join(row.values()).encode("utf-8")
