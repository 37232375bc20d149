"""A cap that never binds changes nothing, to the byte; one that binds changes something."""

from __future__ import annotations

import pytest

from tests.properties.towns import DRAWN, baseline, run, same, town

HUGE = "100 billion CNY"
CALM: dict[str, object] = {
    "institutions.north.servers": 100,
    "institutions.south.servers": 100,
    "institutions.village.servers": 100,
    "ledger.servers": 100,
    "behaviour.patience": "none",
    "faults": [],
}
"""A town in which nobody loses patience."""


def class_i(**limits: str) -> dict[str, object]:
    """Limits for class I, which has none."""
    return {"rules.wallet_limits.classes.I": limits}


NEVER: dict[str, dict[str, object]] = {
    "per payment": {"rules.box.per_payment_cap": HUGE},
    "participant": {"rules.box.participant_cap": HUGE},
    "total exposure": {"rules.box.total_exposure_cap": HUGE},
    "all of the box": {f"rules.box.{name}_cap": HUGE for name in ("per_payment", "participant", "total_exposure")},
    "class I": class_i(balance=HUGE, single=HUGE, daily=HUGE, annual=HUGE),
    "annual": {f"rules.wallet_limits.classes.{name}.annual": HUGE for name in ("II", "III")},
    "later": {"rules.changes": [{"at": "1 days", "box": {"participant_cap": HUGE, "per_payment_cap": HUGE}}]},
    "the same limits again": {"rules.changes": [{"at": "1 days", "wallet_limits": "AS WRITTEN"}]},
}


def changes_of(name: str) -> dict[str, object]:
    changes = NEVER[name]
    if name == "the same limits again":
        limits = town().rules.wallet_limits.model_dump(mode="json")
        for one in limits["classes"].values():
            one.update({what: "none" if fen is None else f"{fen} fen" for what, fen in one.items()})
        changes = {"rules.changes": [{"at": "1 days", "wallet_limits": limits}]}
    return changes


@pytest.mark.parametrize("name", NEVER)
def test_a_cap_that_never_binds_changes_nothing(name: str) -> None:
    found = run(town(changes_of(name)))
    for table in ("payments", "ledger", "wallets", "series", "stations"):
        assert found.digests[table] == baseline().digests[table], table


def test_patience_that_never_ends_is_none() -> None:
    calm, patient = run(town(CALM)), run(town({**CALM, "behaviour.patience": "3650 days"}))
    assert "timed_out" not in set(calm.payments["outcome"])
    assert calm.digests == patient.digests


BINDING: dict[str, tuple[dict[str, object], str]] = {
    "per payment": ({"rules.box.per_payment_cap": "3000 CNY"}, "box_cap"),
    "participant": ({"rules.box.participant_cap": "2000 CNY"}, "box_cap"),
    "total exposure": ({"rules.box.total_exposure_cap": "50000 CNY"}, "box_cap"),
    "single": (class_i(single="100 CNY"), "single_limit"),
    "daily": (class_i(daily="200 CNY"), "daily_limit"),
    "annual": (class_i(annual="300 CNY"), "annual_limit"),
    "balance": ({**class_i(balance="300 CNY"), "rules.waterfall": "false"}, "balance_cap"),
    "later": ({"rules.changes": [{"at": "1 days", "box": {"per_payment_cap": "3000 CNY"}}]}, "box_cap"),
}


@pytest.mark.parametrize("name", BINDING)
def test_a_cap_that_binds_changes_outcomes_and_not_draws(name: str) -> None:
    changes, outcome = BINDING[name]
    found = run(town(changes))
    assert found.digests["payments"] != baseline().digests["payments"]
    assert found.summary["outcomes"][outcome] > baseline().summary["outcomes"][outcome]
    assert same(found.born()[DRAWN], baseline().born()[DRAWN])
