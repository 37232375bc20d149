"""What held back the deposits of people who are alarmed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.banking.test_flight import OWN, flown, town


@pytest.mark.parametrize("regime", ["digital_cash", "digital_deposit"])
def test_why_deposits_of_the_alarmed_stayed(regime: str) -> None:
    """One by one: the parts and what waits for money are the whole, and each is with whom it is said to be."""
    people = {**OWN["people"], "fear": 0.02, "insured_fear": 0.01, "inertia": 0.01}
    rules = {"regime": regime, "insured_cap": 5_000_000}
    one = town({**OWN, "people": people, "deposits": {"mean": 6_000_000, "sigma": 1.0}}, rules=rules)
    _, component = flown(one)
    holders, found = component.holders, component.summary()["flight"]
    wanted, stays = holders.wanted(one.duration), {"insured": 0, "same_bank": 0, "limits": 0, "slow": 0}
    for at in np.flatnonzero(holders.cause > 0).tolist():
        deposit, most = int(holders.deposit[at]), min(int(holders.deposit[at]), 300_000)
        stays["limits"] += int(wanted[at] - component.moved[at] - component.unmet[at])
        why = "limits" if wanted[at] == most else "same_bank" if holders.owed_by[at] == holders.bank[at] else "slow"
        why = "insured" if why == "slow" and deposit <= 5_000_000 else why
        stays[why] += deposit - int(wanted[at])
    assert {name: found[f"kept_{name}_fen"] for name in ("insured", "same_bank", "limits")} == {
        name: stays[name] for name in ("insured", "same_bank", "limits")
    }
    unmet = int(component.unmet[holders.cause > 0].sum())
    assert found["kept_back_fen"] == sum(stays.values()) + unmet
    assert found["kept_insured_fen"] > 0
    assert found["kept_limits_fen"] > 0
    assert (found["kept_same_bank_fen"] > 0) == (regime == "digital_deposit")
