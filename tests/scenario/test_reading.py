"""Reading YAML with places, units, paths, and how an error prints."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from sandbox.scenario import units
from sandbox.scenario.errors import ScenarioError, ScenarioErrors, shown
from sandbox.scenario.nodes import Node
from sandbox.scenario.paths import format_path, nearest, parse_path
from sandbox.scenario.schema import Behaviour, Box, Institution, Scenario, Ticket
from sandbox.scenario.yaml_reader import read_bytes, read_value


def read(text: str) -> Node:
    node, errors = read_bytes(text.encode("utf-8"), "file.yaml")
    assert errors == []
    return node


def at(node: Node, *steps: str | int) -> Node:
    for step in steps:
        below = node.child(step)
        assert below is not None
        node = below
    return node


def test_every_value_and_name_has_its_place() -> None:
    node = read(
        "title: x\nrules:\n  box: {enabled: true,\n    outside: allow}\nfaults:\n  - {lasts: 1 h}\n  - lasts: 2 h\n"
    )
    places = {
        ("title",): (1, 8, 1, 1),
        ("rules", "box"): (3, 8, 3, 3),
        ("rules", "box", "enabled"): (3, 18, 3, 9),
        ("rules", "box", "outside"): (4, 14, 4, 5),
        ("faults", 0, "lasts"): (6, 13, 6, 6),
        ("faults", 1, "lasts"): (7, 12, 7, 5),
    }
    for path, (line, column, key_line, key_column) in places.items():
        found = at(node, *path)
        assert (found.place.file, found.place.line, found.place.column) == ("file.yaml", line, column)
        assert found.key is not None
        assert (found.key.line, found.key.column) == (key_line, key_column)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("FALSE", False), ("null", None), ("~", None),
        ("12", 12), ("-7", -7), ("007", 7), ("0o17", 15), ("0x1F", 31), ("12:30", "12:30"), ("1_000", "1_000"),
        ("1.5", 1.5), ("1e5", 1e5), ("-.5", -0.5), (".inf", math.inf), ("-.inf", -math.inf), ("2021+", "2021+"),
        ("2026-03-02", "2026-03-02"), ("5 %", "5 %"), ("1.2.3", "1.2.3"), ("'12'", "12"), ('"no\\n"', "no\n"),
    ],
)  # fmt: skip
def test_scalars_are_yaml_1_2(words: str, value: Any) -> None:
    found = at(read(f"a: {words}\n"), "a").value
    assert found == value
    assert type(found) is type(value)


def test_nan_is_read_as_such() -> None:
    value = at(read("a: .nan"), "a").value
    assert isinstance(value, float)
    assert math.isnan(value)


def test_names_are_text_whatever_they_look_like() -> None:
    assert list(read("12: a\nno: b\ntrue: c\n1.5: d\n~: e\n").plain()) == ["12", "no", "true", "1.5", "~"]


def test_aliases_are_read_within_bounds() -> None:
    node = read("a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]\n")
    assert node.plain()["d"] == [{"b": [1, 2]}, {"b": [1, 2]}]
    assert at(node, "c", "b").place.line == 1


def test_a_byte_order_mark_and_other_line_ends_are_read() -> None:
    node, errors = read_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f")
    assert (node.plain(), errors, at(node, "b").place.line) == ({"a": 1, "b": 2}, [], 2)


def test_one_value_is_read_from_the_command_line() -> None:
    assert read_value("{a: [1, x]}", "--set", 1).plain() == {"a": [1, "x"]}
    assert read_value("2000 CNY", "--set", 1).plain() == "2000 CNY"
    assert read_value("null", "--set", 1).plain() is None
    assert read_value("~", "--set", 1).plain() is None
    assert read_value("5", "--set", 1).place.line is None


# Units


@pytest.mark.parametrize(
    ("parse", "words", "value"),
    [
        (units.parse_money, "2000 CNY", 200_000), (units.parse_money, "2,000.50 yuan", 200_050),
        (units.parse_money, "5 万元", 5_000_000), (units.parse_money, "1.2 Million  CNY", 120_000_000),
        (units.parse_duration, "1.5 h", 5_400_000_000), (units.parse_duration, "2 weeks", 14 * units.US_PER_DAY),
        (units.parse_rate, "200 tps", 17_280_000.0), (units.parse_rate, "90 per minute", 129_600.0),
        (units.parse_share, "12.5%", 0.125), (units.parse_limit, "none", None), (units.parse_patience, "无", None),
    ],
)  # fmt: skip
def test_quantities(parse: Any, words: str, value: Any) -> None:
    assert parse(words) == value


@pytest.mark.parametrize(
    ("parse", "words", "code"),
    [
        (units.parse_money, "5", "unit_missing"),
        (units.parse_money, "5 USD", "unit_unknown"),
        (units.parse_money, "CNY", "unit"),
        (units.parse_money, "1e999 CNY", "unit_overflow"),
        (units.parse_money, "0.001 CNY", "unit_fraction"),
        (units.parse_money, "1.00000000000000000000000000000000001 CNY", "unit_fraction"),
        (units.parse_duration, "5 CNY", "unit_unknown"),
        (units.parse_duration, "x" * 100, "unit"),
        (units.parse_duration, True, "unit"),
        (units.parse_duration, None, "unit"),
        (units.parse_rate, "5 %", "unit_unknown"),
        (units.parse_share, "5 CNY", "unit_unknown"),
        (units.parse_share, "", "unit"),
        (units.parse_share, [0.5], "unit"),
    ],
)
def test_what_is_no_quantity(parse: Any, words: Any, code: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse(words)
    assert caught.value.type == code


@given(st.integers(0, 10**17))
def test_money_and_time_come_back(amount: int) -> None:
    assert units.parse_money(units.format_money(amount)) == amount
    assert units.parse_duration(units.format_duration(amount)) == amount


@given(st.floats(0, 1), st.floats(0, 1e10))
def test_shares_and_rates_come_back(share: float, rate: float) -> None:
    assert units.parse_share(units.format_share(share)) == share
    assert units.parse_rate(units.format_rate(rate)) == rate


def test_from_python_numbers_are_in_the_stored_unit_and_from_a_file_refused() -> None:
    assert Behaviour(patience=5, keep_balance=7).model_dump(include={"patience", "keep_balance"}) == {
        "patience": 5,
        "keep_balance": 7,
    }
    for data in ({"patience": 5}, {"keep_balance": 7}, {"backoff": 1.5}):
        with pytest.raises(ValidationError, match="with its unit"):
            Behaviour.model_validate(data, context={"file": True})


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (Box, {"per_payment_cap": -1}),
        (Box, {"starts": -1}),
        (Box, {"participants": 1.5}),
        (Box, {"participant_cap": 10**18}),
        (Behaviour, {"patience": 0}),
        (Behaviour, {"max_attempts": True}),
        (Institution, {"share": 1, "servers": 0}),
        (Ticket, {"sigma": float("inf")}),
        (Ticket, {"median": 0}),
        (Scenario, {"title": "A", "question": "B", "start": 1_600_000_000}),
        (Scenario, {"title": "A", "question": "B", "institutions": {"a\nb": {"share": 1}}}),
    ],
)
def test_bounds_hold_from_python_too(model: Any, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(data)


# Paths and names


@given(st.lists(st.one_of(st.text(min_size=1, max_size=8), st.integers(0, 99)), min_size=1, max_size=5))
def test_paths_come_back(steps: list[str | int]) -> None:
    path = ("a", *steps)
    assert parse_path(format_path(path)) == path


@pytest.mark.parametrize("words", ["", ".", "a.", ".a", "[0]", "a[x]", "a[-1]", "a b", "a.'b", "a..b", "a.*", "a[0]b"])
def test_what_is_no_path(words: str) -> None:
    assert parse_path(words) is None


def test_the_nearest_name_forgives_case() -> None:
    assert nearest("icbc", ["ICBC", "ABC"]) == "ICBC"
    assert nearest("", ["ICBC"]) is None
    assert nearest("zzzz", ["ICBC"]) is None


# Errors


def test_an_error_prints_place_path_problem_expected_and_nearest() -> None:
    error = ScenarioError("a.yaml", 3, 7, "rules.box", "'x' is wrong", "x", "y or z", "y")
    assert str(error) == "a.yaml:3: rules.box: 'x' is wrong; expected y or z. Did you mean 'y'?"
    assert str(ScenarioError("a.yaml", None, None, "", "there is no such file")) == "a.yaml: there is no such file"
    assert error.as_dict() == {
        "file": "a.yaml", "line": 3, "column": 7, "path": "rules.box", "problem": "'x' is wrong", "value": "x",
        "expected": "y or z", "nearest": "y",
    }  # fmt: skip


def test_errors_are_sorted_by_place_and_said_once() -> None:
    later, sooner = ScenarioError("a", 9, 1, "", "x"), ScenarioError("a", 2, 1, "", "y")
    errors = ScenarioErrors([later, sooner, later])
    assert errors.errors == (sooner, later)
    assert str(errors) == "a:2: y\na:9: x"


def test_shown_values_are_short_and_harmless() -> None:
    assert shown("x" * 100) == f"'{'x' * 59}…'"
    assert shown("\x1b[31m") == r"'\x1b[31m'"
    assert shown("红包") == "'红包'"
