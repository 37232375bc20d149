"""Hints in errors: the parameter that was meant, wherever it lives, and none rather than a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.introspection import Shape, root_shape, shapes
from sandbox.scenario.load import load
from sandbox.scenario.schema.fields import Model


def hint(path: str, value: Any) -> str | None:
    """What the one error about this value suggests."""
    with pytest.raises(ScenarioErrors) as caught:
        load("city-retail-day", overrides={path: value})
    (error,) = caught.value.errors
    assert error.path == path
    return error.nearest


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("supervision.anonymous_below", "supervision.frontier.anonymous_below"),
        ("rules.box.wallets", "population.wallets"),
        ("supervision.detectors.structuring.threshold", "thresholds"),
        ("supervision.detectors.passthrough", "pass_through"),
    ],
)
def test_a_name_in_the_wrong_place_or_misspelt(path: str, meant: str) -> None:
    assert hint(path, 5) == meant


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("supervision.detectors.cycle.between", 3),
        ("supervision.detectors.velocity.counterparties", 3),
        ("supervision.detectors.cycle.payments", 3),
        ("supervision.detectors.velocity.amount", -3),
        ("behaviour.patience", -3),
    ],
)
def test_no_hint_is_better_than_a_wrong_one(path: str, value: Any) -> None:
    """Another detector's parameter, one of quite another part of the file, a negative number with a unit."""
    assert hint(path, value) is None


def test_a_name_of_before_is_refused_with_the_new_one() -> None:
    with pytest.raises(ScenarioErrors, match=r"'paths' has another name now\. Did you mean 'arrangements'\?"):
        load("mbridge-or-correspondent", overrides={"crossborder.paths": "both"})


def test_renamed_entries_are_there_and_the_names_of_before_are_not() -> None:
    renamed = [(one, one.renamed) for one in _models(root_shape()) if one.renamed]
    assert renamed
    for model, names in renamed:
        assert set(names.values()) <= set(model.model_fields)
        assert not set(names) & set(model.model_fields)


def _models(shape: Shape) -> Iterator[type[Model]]:
    if shape.model is not None and issubclass(shape.model, Model):
        yield shape.model
        for one in shapes(shape.model).values():
            yield from _models(one)
    elif shape.item is not None:
        yield from _models(shape.item)


def test_a_number_without_a_unit_gets_the_usual_one() -> None:
    assert hint("supervision.detectors.velocity.amount", 3) == "3 CNY"


AMOUNT, DELAY, RATE = "supervision.detectors.velocity.amount", "rules.kyc_delay", "demand.segments.shops.payments"
MONTHS, LIMIT = "rules.interest.settlement_months", "rules.wallet_limits.classes.I.single"


@pytest.mark.parametrize(
    ("path", "typed", "meant"),
    [
        ("scale", "50％", "0.5"), ("scale", "50 percent", "0.5"), ("merchants.count", "50 %", None),
        ("population.wallets", "2000个", "2000"), ("population.wallets", "0.2万", "2000"),
        ("population.wallets", "1.5 k", "1500"), ("behaviour.redeem_share", 60, "60 %"),
        ("behaviour.redeem_share", "60pct", "60 %"), ("behaviour.redeem_share", "60%%", "60 %"),
        (AMOUNT, "￥5", "5 CNY"), (AMOUNT, "5 ￥", "5 CNY"), (AMOUNT, "5块钱", "5 CNY"), (AMOUNT, "5k CNY", "5000 CNY"),
        (AMOUNT, "5 CNY。", "5 CNY"), (AMOUNT, "5 EUR", None), (AMOUNT, "5 CNY/day", None),
        (DELAY, "2 hrs", "2 h"), (DELAY, "1 h.", "1 h"), (DELAY, "1小时30分", "1小时30 分钟"), (DELAY, "3 m", None),
        (DELAY, "2 months", None), (DELAY, "2026-03-06", None), (DELAY, "1/2 h", None), (DELAY, "1:30", None),
        (DELAY, "24:00:00", "24 h"),
        (DELAY, "1:30:05", "1 h 30 min 5 s"),
        (DELAY, "半小时", "0.5 小时"),
        (DELAY, "三十分钟", "30 分钟"),
        (DELAY, "半", None),
        ("behaviour.redeem_share", "百分之六十", "60 %"),
        ("behaviour.keep_balance", "一百元", "100 元"),
        ("behaviour.keep_balance", "两万元", "20000 元"),
        ("population.wallets", "十万", "100000"),
        (RATE, "2000/天", "2000 /day"), (RATE, "2千 次/天", "2000 /day"), (RATE, "2000 / day", "2000 /day"),
        (RATE, "2000 an hour", "2000 /h"), (RATE, "2000 payments/day", "2000 /day"), (RATE, "2000 /week", None),
        ("rules.box.enabled", "是", "true"), ("rules.box.enabled", "ｏｆｆ", "false"), ("rules.box.enabled", "x", None),
        ("behaviour.patience", "never", "none"), (LIMIT, "不限", "none"), (LIMIT, "ｎｏｎｅ", "none"),
        (MONTHS, "3,6", "[3, 6]"), (MONTHS, "3、6", "[3, 6]"), (MONTHS, "3月", None),
        ("start", "2020年10月12日18时30分", "2020-10-12 18:30"),
    ],
)  # fmt: skip
def test_other_names_for_units_words_and_marks(path: str, typed: Any, meant: str | None) -> None:
    assert hint(path, typed) == meant


@pytest.mark.parametrize("typed", ["2026-03-06", "1/2 h", "1:30", "01:30:00", "5-10 min"])
def test_what_is_no_quantity_at_all_is_not_taken_for_one_with_an_odd_unit(typed: str) -> None:
    with pytest.raises(ScenarioErrors, match=f"'{typed}' cannot be read; expected a time"):
        load("city-retail-day", overrides={"duration": typed})


def test_an_entry_of_a_list_that_holds_several_is_taken_apart() -> None:
    with pytest.raises(ScenarioErrors, match=r"'3、6' cannot be read: .* Did you mean '3, 6'"):
        load("city-retail-day", overrides={MONTHS: "[3、6]"})


def test_a_name_in_other_letters_finds_its_own() -> None:
    with pytest.raises(ScenarioErrors, match="Did you mean 'IV'"):
        load("city-retail-day", overrides={"rules.wallet_limits.classes.Ⅳ.single": "5 CNY"})


def test_a_very_long_name_that_refers_to_nothing_is_cut() -> None:
    with pytest.raises(ScenarioErrors) as caught:
        load("corridor-trade-off", overrides={"crossborder.corridors.fruit.sender": "x" * 10_000})
    said = str(caught.value)
    assert "…' is not a jurisdiction; add it under `crossborder.jurisdictions`" in said
    assert len(said) < 900
