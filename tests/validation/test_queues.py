"""Queues built from ordinary scenario files, against closed forms; and proof that the criterion bites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sandbox.scenario.schema import Scenario
from sandbox.validation.measure import GATEWAY, LEDGER, Estimate, observe
from sandbox.validation.queues import CASES, QueueCase, TheoryCheck, row
from tests.conftest import slow

FAST = ("M/M/1", "M/D/1")
DOCUMENT = Path(__file__).parents[2] / "docs" / "validation.md"


class Ran:
    """A case and its one run."""

    def __init__(self, case: QueueCase) -> None:
        self.case, self.scenario = case, case.scenario()
        self.seen = observe(self.scenario)

    def against(self, claimed: Scenario) -> list[TheoryCheck]:
        """The run compared with what theory says of another scenario."""
        return list(self.case.checks(claimed, self.seen))


@pytest.fixture(scope="module", params=[case if case.name in FAST else slow(case) for case in CASES], ids=str)
def ran(request: pytest.FixtureRequest) -> Ran:
    return Ran(request.param)


def described(checks: list[TheoryCheck]) -> str:
    return "\n".join(f"{one.what}: exact {one.exact:.6g}, found {one.found}" for one in checks)


def test_a_queue_is_as_theory_says(ran: Ran) -> None:
    wrong = [one for one in ran.against(ran.scenario) if not one.holds]
    assert not wrong, described(wrong)


def means(checks: list[TheoryCheck]) -> list[TheoryCheck]:
    """The checks that stand for the whole: mean waits and queues, or who leaves."""
    return [one for one in checks if "mean wait" in one.what or "mean queue" in one.what or "leaves" in one.what]


def faster(scenario: Scenario) -> dict[str, object]:
    """Services 3 % shorter, at the gateway and at the ledger."""
    (bank,) = scenario.institutions.values()
    return {
        "institutions.bank.service.mean": f"{bank.service.mean * 97 // 100 or 1} us",
        "ledger.service.mean": f"{scenario.ledger.service.mean * 97 // 100 or 1} us",
    }


def busier(scenario: Scenario) -> dict[str, object]:
    """3 % more payments."""
    return {"demand.segments.retail.payments": f"{scenario.demand.segments['retail'].payments * 1.03} /day"}


@pytest.mark.parametrize("mistake", [faster, busier])
def test_validation_catches_three_per_cent(ran: Ran, mistake: Callable[[Scenario], dict[str, object]]) -> None:
    claimed = ran.case.scenario(mistake(ran.scenario))
    chosen = means(ran.against(claimed))
    assert chosen
    missed = [one for one in chosen if one.holds]
    assert not missed, described(missed)


def test_no_wait_is_lost(ran: Ran) -> None:
    """Little's law without any error: what payments waited is what stations counted, to the microsecond."""
    seen = ran.seen
    for side, station in ((GATEWAY, "bank"), (LEDGER, "ledger")):
        table = seen.stations[station]
        ends = np.minimum(
            table["at_us"] + seen.scenario.series.bin, max(seen.scenario.duration, int(seen.ended_us.max()))
        )
        counted_us = float(table["queue_mean"] @ (ends - table["at_us"]))
        waited_us = seen.waits_us[side].sum()
        if "patience" in ran.case.name:
            # Who leaves the queue has no finished wait, but stood there for all of his patience.
            patience_us = seen.scenario.behaviour.patience
            assert patience_us is not None
            waited_us += table["withdrawn"].sum() * patience_us
        assert counted_us == pytest.approx(float(waited_us), rel=1e-9, abs=1.0)


def test_a_payment_s_time_is_its_waits_and_services(ran: Ran) -> None:
    seen = ran.seen
    settled = seen.outcomes == 0
    took_us = (seen.ended_us - seen.submitted_us)[settled]
    assert np.array_equal(took_us, (seen.waits_us + seen.services_us).sum(axis=0)[settled])
    assert settled.all() or "patience" in ran.case.name
    assert int(seen.services_us[:, settled].min(axis=1)[[GATEWAY, LEDGER]].min()) >= 1


def test_the_document_shows_these_numbers(ran: Ran) -> None:
    """`docs/validation.md` is what `python -m sandbox.validation.queues` prints."""
    document = DOCUMENT.read_text(encoding="utf-8")
    missing = [row(ran.case, one) for one in ran.against(ran.scenario) if row(ran.case, one) not in document]
    assert not missing, "\n".join(missing)


@pytest.mark.long
@pytest.mark.parametrize("name", ["M/M/1", "M/M/5", "M/G/1 lognormal"])
def test_thirty_seeds_are_right_on_average(name: str) -> None:
    """Independent runs: the standard error needs no batches, and theirs can be judged."""
    (case,) = [one for one in CASES if (one.name, one.payments_per_s) == (name, 70)]
    found: dict[str, list[TheoryCheck]] = {}
    for seed in range(101, 131):
        scenario = case.scenario({"duration": "1 h", "series.bin": "30 s"}, seed)
        for one in means(list(case.checks(scenario, observe(scenario)))):
            found.setdefault(one.what, []).append(one)
    for what, ones in found.items():
        values = np.array([one.found.mean for one in ones])
        error = float(values.std(ddof=1) / np.sqrt(len(values)))
        assert Estimate(float(values.mean()), error).agrees(ones[0].exact, 0.01), what
        # A batch-means standard error that lied would make these spread otherwise than as a standard normal.
        away = np.array([(one.found.mean - one.exact) / one.found.standard_error for one in ones])
        assert 0.6 < float(np.sqrt((away**2).mean())) < 1.6, what
