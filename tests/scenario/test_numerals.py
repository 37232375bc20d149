"""One reading of numbers: what is written comes back, commas stand between groups of three, and nothing is guessed."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from sandbox.scenario import corrections, numerals, units

PARSERS = [units.parse_money, units.parse_dollars, units.parse_duration, units.parse_rate, units.parse_share]
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
TYPED = st.text(st.sampled_from("0123456789.,,_+-eE %/shCNY天万元１２٣，．％：  \u200b²"), max_size=24)


def slow_reading(words: str) -> Fraction | None:
    """The rule read plainly: take the separators out if every group has its place, and read what is left."""
    for mark in ",_":
        whole, point, rest = words.lower().partition(".")
        head, e, power = whole.partition("e")
        groups = head.lstrip("+-").split(mark)
        if len(groups) > 1:
            fits = groups[0].isdigit() and len(groups[0]) <= 3 and groups[0][0] != "0"
            if not fits or not all(len(one) == 3 and one.isdigit() for one in groups[1:]):
                return None
            words = head.replace(mark, "") + e + power + point + rest
    return Fraction(words) if PLAIN.fullmatch(words) else None


@given(st.text(st.sampled_from("0123456789.,_+-e"), max_size=14))
@example("1,000")
@example("0,500")
@example("1,000_000")
@example("1e1,000")
def test_a_number_is_what_the_rule_says(words: str) -> None:
    found, expected = numerals.read(words), slow_reading(words)
    if expected is None:
        assert found is None
    elif expected and abs(math.log10(abs(expected.numerator)) - math.log10(expected.denominator)) > 900:
        assert found is not None  # too far from everything to matter
        assert abs(found.adjusted()) >= 900
    else:
        assert found is not None
        assert Fraction(found) == expected


@given(st.integers(-(10**30), 10**30), st.sampled_from(",_"))
def test_groups_of_three_come_back(number: int, mark: str) -> None:
    assert numerals.number(f"{number:{mark}}") == number


@given(st.integers(0, 10**9), st.integers(1, 4), st.integers(0, 9999))
def test_groups_of_another_length_are_refused(whole: int, length: int, rest: int) -> None:
    words = f"{whole},{rest % 10**length:0{length}d}"
    fits = length == 3 and 0 < whole < 1000
    assert (numerals.read(words) is not None) == fits


@pytest.mark.parametrize("parse", PARSERS)
@given(words=TYPED)
@example(words="e5 s")
@example(words="²")
@example(words="1e999999999999 s")
@example(words="1,5 h")
def test_whatever_is_typed_is_read_or_refused_in_our_words(parse: Any, words: str) -> None:
    try:
        found = parse(words)
    except PydanticCustomError as error:
        near = (error.context or {}).get("near")
        if near is not None:
            assert parse(near) is not None
        return
    assert isinstance(found, (int, float))
    assert not math.isnan(found)


@given(TYPED)
def test_whatever_is_typed_for_a_plain_number_too(words: str) -> None:
    try:
        found = units.parse_number(words)
    except PydanticCustomError:
        return
    assert not math.isnan(found)


@given(st.integers(0, 10**17))
def test_parts_of_a_time_add_up(us: int) -> None:
    rest, parts = us, []
    for unit in ("days", "h", "min", "s", "ms", "us"):
        number, rest = divmod(rest, units.parse_duration(f"1 {unit}"))  # type: ignore[operator]
        parts += [f"{number:,} {unit}"] if number else []
    words = " ".join(parts[:4]) or "0 s"
    exact = us if len(parts) <= 4 else us - sum(units.parse_duration(one) for one in parts[4:])  # type: ignore[misc]
    if len(words) <= 64:
        assert units.parse_duration(words) == exact
        assert units.parse_duration(units.format_duration(exact)) == exact


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_what_reports_print_can_be_typed(us: int, fen: int) -> None:
    from reports import formats

    seconds = us // 1_000_000
    found = units.parse_duration(formats.duration(us))
    assert isinstance(found, int)
    assert seconds == 0 or abs(found - us) < 86_400_000_000 / 24
    assert units.parse_money(formats.whole_money(fen)) == fen
    assert units.parse_money(formats.money(fen)) is not None


@pytest.mark.parametrize(
    ("parse", "words", "near"),
    [
        (units.parse_duration, "1,5 h", "1.5 h"), (units.parse_rate, "0,5 /s", "0.5 /s"),
        (units.parse_duration, "1,000,5 h", "1,000.5 h"), (units.parse_money, "1.000,5 CNY", "1000.5 CNY"),
        (units.parse_money, "1 000 CNY", "1,000 CNY"), (units.parse_money, "1'000 CNY", "1,000 CNY"),
        (units.parse_duration, "0,500 h", "0.500 h"), (units.parse_money, "1_0 CNY", "10 CNY"),
        (units.parse_money, "10万", "10万元"), (units.parse_money, "2 million", "2 million CNY"),
        (units.parse_money, "50", "50 CNY"), (units.parse_money, "-50", None), (units.parse_duration, "24", None),
        (units.parse_money, "¥50", "50 CNY"), (units.parse_dollars, "US$ 22.1 million", "22.1 million USD"),
        (units.parse_duration, "３ ｓ", "3 s"), (units.parse_duration, "٣ s", "3 s"),
        (units.parse_share, "5％", "5%"), (units.parse_duration, "5\u200b s", "5 s"),
        (units.parse_money, "1234,567 CNY", None), (units.parse_number, "10万", "100000"),
        (units.parse_number, "1,5", "1.5"), (units.parse_number, "nan", None), (units.parse_number, "1_0", "10"),
    ],
)  # fmt: skip
def test_what_was_meant_is_offered_and_never_taken(parse: Any, words: str, near: str | None) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse(words)
    assert (caught.value.context or {}).get("near") == near


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("1,000,2,000", "1000,2000"), ("1,000 CNY,2,000 CNY", "1000 CNY,2000 CNY"), ("20,000", "20000"),
        ("1,500,2,600", "1500,2600"), ("800,900,1,000,1,100", "800,900,1000,1100"), ("1,500, 2,500", "1500, 2500"),
        ("100,200,400", None), ("10,20,50,100,200", None), ("400,200,100", None), ("4,8", None), ("8, 16, 128", None),
        ("1 h,100 h", None), ("0.100,0.200", None), ("x,y", None), ("", None),
    ],
)  # fmt: skip
def test_commas_inside_the_numbers_of_a_list(words: str, meant: str | None) -> None:
    assert corrections.without_group_commas(words) == meant


def test_far_numbers_are_read_in_no_time() -> None:
    assert numerals.read("1e" + "9" * 100_000) == Decimal("1e1000")
    assert numerals.read("1e-" + "9" * 100_000) == Decimal("1e-1000")
    assert numerals.read("0e99999") == 0
