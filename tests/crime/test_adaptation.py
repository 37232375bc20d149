"""What criminals do about a refusal, worked out by hand, and how they cut amounts up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.features.crime.adaptation import Adaptation, adaptation, parts
from sandbox.tables import OUTCOMES

SPLIT, PAYER, PAYEE, AGAIN, GIVE_UP = Adaptation

# outcome, whether the payer is frozen, what follows with spare mules, what follows without
TABLE = """
single_limit          no   SPLIT        SPLIT
box_cap               no   SPLIT        SPLIT
daily_limit           no   OTHER_PAYER  SPLIT
annual_limit          no   OTHER_PAYER  SPLIT
insufficient_balance  no   OTHER_PAYER  SPLIT
balance_cap           no   OTHER_PAYEE  SPLIT
frozen                yes  OTHER_PAYER  GIVE_UP
frozen                no   OTHER_PAYEE  GIVE_UP
outside_box           no   OTHER_PAYEE  GIVE_UP
unavailable           no   AGAIN        AGAIN
timed_out             no   AGAIN        AGAIN
"""
CASES = [line.split() for line in TABLE.split("\n") if line]


@pytest.mark.parametrize(("outcome", "frozen", "with_spares", "without"), CASES)
def test_answers(outcome: str, frozen: str, with_spares: str, without: str) -> None:
    for spares, expected in ((True, with_spares), (False, without)):
        found = adaptation(
            OUTCOMES.index(outcome), 100, payer_frozen=frozen == "yes", other_payer=spares, other_payee=spares
        )
        assert found is Adaptation[expected]


def test_every_refusal_has_an_answer() -> None:
    assert {case[0] for case in CASES} == set(OUTCOMES[1:])


def test_one_fen_cannot_be_split() -> None:
    for outcome in ("single_limit", "daily_limit", "balance_cap"):
        code = OUTCOMES.index(outcome)
        assert adaptation(code, 1, payer_frozen=False, other_payer=False, other_payee=False) is Adaptation.GIVE_UP


@given(amount=st.integers(1, 10**12), most=st.none() | st.integers(1, 10**10))
def test_parts_sum_up_stay_below_and_are_as_few_and_as_equal_as_can_be(amount: int, most: int | None) -> None:
    if most is not None and amount // most > 10_000:
        most = amount // 10_000
    found = parts(amount, most)
    assert sum(found) == amount
    assert min(found) >= 1
    assert max(found) - min(found) <= 1
    if most is not None:
        assert max(found) <= most
        assert (len(found) - 1) * most < amount
