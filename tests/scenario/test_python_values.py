"""Values from Python: what a scenario can hold comes in whole, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandbox.experiment.plan import sweep_plan
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from tests.scenario.refusals import errors_of

TOWN = "city-retail-day"
MONTHS = "rules.interest.settlement_months"


def found(path: str, value: Any) -> Any:
    """What a value is once it is in force."""
    at: Any = load(TOWN, overrides={path: value}).scenario
    for name in path.split("."):
        at = getattr(at, name)
    return at


@pytest.mark.parametrize(
    ("path", "value", "is_read_as"),
    [
        (MONTHS, np.array([3, 6]), [3, 6]), (MONTHS, range(3, 5), [3, 4]), (MONTHS, (3, 6), [3, 6]),
        ("faults", np.array([]), []), ("population.wallets", np.int64(300), 300), ("scale", np.float32(0.6), 0.6),
        ("scale", Decimal("0.5"), 0.5), ("rules.box.enabled", np.bool_(True), True),
        ("duration", timedelta(hours=1), 3_600_000_000), ("duration", np.timedelta64(1, "h"), 3_600_000_000),
        ("title", Path("x"), "x"), ("title", np.str_("x"), "x"),
    ],
)  # fmt: skip
def test_values_of_python_and_numpy(path: str, value: Any, is_read_as: Any) -> None:
    assert found(path, value) == is_read_as


@pytest.mark.parametrize("value", [{3, 6}, b"x", Fraction(1, 2), object(), 1j, len, Exception("x"), iter([1])])
@pytest.mark.parametrize("path", [MONTHS, "title", "scale"])
def test_what_no_scenario_can_hold_is_refused_by_its_kind(path: str, value: Any) -> None:
    (error,) = errors_of(TOWN, overrides={path: value})
    assert error.path == path
    assert f"is of the type '{type(value).__name__}', which no scenario can hold" in error.problem


SEGMENTS = "demand.segments"
ONE, TWO = {"payments": "5 /day"}, {"payments": "6 /day"}


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({1: ONE, "1": TWO}, "two entries are both called '1'"),
        ({None: ONE}, "None cannot be the name of an entry"),
        ({True: ONE}, "True cannot be the name of an entry"),
        ({("a",): ONE}, "cannot be the name of an entry"),
        ({"a": ONE, "ａ": TWO}, "'ａ' looks like 'a', the name of another entry"),
        ({"ａ": ONE, "a": TWO}, "'ａ' looks like 'a', the name of another entry"),
        ({"a b": ONE, "a\u3000b": TWO}, "looks like 'a b'"),
    ],
)  # fmt: skip
def test_no_entry_is_lost_or_hides_behind_another(entries: Any, says: str) -> None:
    with pytest.raises(ScenarioErrors, match=r"--set: demand\.segments") as caught:
        load(TOWN, overrides={SEGMENTS: entries})
    assert says in str(caught.value)


def test_names_that_look_alike_across_files_are_told_with_their_line(write: Any) -> None:
    write("institutions: {ICBC: {share: 100 %}}\ndemand: {segments: {shops: {payments: 3 /s}}}\n", "parent.yaml")
    (error,) = errors_of(write("extends: parent.yaml\ndemand: {segments: {ｓhops: {payments: 5 /s}}}\n"))
    assert (error.line, error.path) == (4, "demand.segments.ｓhops")
    load(write("extends: parent.yaml\ndemand: {segments: {Shops: {payments: 5 /s}, 商店: {payments: 5 /s}}}\n"))


@pytest.mark.parametrize("values", ["duration=1 h", [("duration", "1 h")], {1: "1 h"}, {("duration",): "1 h"}, 5])
def test_what_is_no_mapping_by_path_is_a_type_error(values: Any) -> None:
    with pytest.raises(TypeError, match="values to set are a mapping by path"):
        load(TOWN, overrides=values)


def test_an_array_can_be_varied() -> None:
    asked = sweep_plan(TOWN, vary={"ledger.servers": np.array([1, 2]), "population.wallets": range(2, 4)})
    assert [one.levels for one in asked.factors] == [("1", "2"), ("2", "3")]
