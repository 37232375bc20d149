"""What a payment is: service times, sizes, payers and payees, against the distributions that the scenario names."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from sandbox.core.layout import account, birth, trait
from sandbox.scenario.load import load
from sandbox.validation.measure import GATEWAY, observe, scenario_of
from sandbox.world import build
from tests.validation.test_arrivals import births, distance_from_exponential, kolmogorov_limit

NORMAL = NormalDist()


def near(values: np.ndarray, exact: float, spread: float) -> bool:
    """Whether a mean of independent draws with this standard deviation is within 4 standard errors."""
    return bool(abs(float(values.mean()) - exact) <= 4 * spread / np.sqrt(len(values)))


@pytest.mark.parametrize(
    ("shape", "spread"), [("exponential", 1.0), ("lognormal", np.sqrt(np.expm1(0.8**2))), ("fixed", 0.0)]
)
def test_service_times_have_the_mean_and_spread_of_the_scenario(shape: str, spread: float) -> None:
    service = f"{{shape: {shape}, mean: 10 ms, sigma: 0.8}}"
    scenario = scenario_of("mm1.yaml", {"institutions.bank.service": service, "duration": "1 h"})
    services_us = observe(scenario).services_us[GATEWAY]
    assert len(services_us) > 200_000
    assert near(services_us, 10_000, max(spread * 10_000, 0.1))
    assert not near(services_us * 1.03, 10_000, max(spread * 10_000, 0.1))
    assert abs(services_us.std() / 10_000 - spread) <= 0.02
    if shape == "exponential":
        limit = kolmogorov_limit(len(services_us))
        assert distance_from_exponential(services_us, 10_000) < limit
        assert distance_from_exponential(services_us, 10_300) > limit
    if shape == "lognormal":
        logarithms = np.log(services_us)
        assert near(logarithms, float(np.log(10_000) - 0.8**2 / 2), 0.8)
        assert abs(logarithms.std() - 0.8) < 4 * 0.8 / np.sqrt(2 * len(logarithms))


WORLD = """\
title: A town
question: Who pays whom how much?
duration: 1 day
population: {wallets: 4000, corporates: 0, activity_sigma: 1.2}
merchants: {count: 400, popularity_exponent: 0.9}
demand:
  segments:
    retail: {payments: 300000 /day, ticket: {median: 35 CNY, sigma: 1.1, minimum: 2 CNY}}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("draws") / "town.yaml"
    file.write_text(WORLD, encoding="utf-8")
    return file


def test_sizes_have_the_quantiles_of_the_ticket(town: Path) -> None:
    amounts_fen = births(load(town).scenario, birth.AMOUNT)
    for share in (0.01, 0.1, 0.5, 0.9, 0.99, 0.999):
        exact_fen = 3_500 * np.exp(1.1 * NORMAL.inv_cdf(share))
        below, error = float((amounts_fen <= exact_fen).mean()), np.sqrt(share * (1 - share) / len(amounts_fen))
        assert abs(below - share) < 4 * error
        assert abs(float((amounts_fen * 1.05 <= exact_fen).mean()) - share) > 4 * error or share in (0.01, 0.999)
    assert amounts_fen.min() == 200
    smallest = NORMAL.cdf(np.log(200 / 3_500) / 1.1)
    assert abs(float((amounts_fen == 200).mean()) - smallest) < 4 * np.sqrt(smallest / len(amounts_fen))


def test_the_busiest_wallets_pay_as_much_as_the_spread_says(town: Path) -> None:
    """The share of the busiest tenth of a lognormal is Phi(sigma - z), z being the normal's 90 % point."""
    scenario = load(town).scenario
    first = build(scenario, scenario.seed).blocks["personal"].first
    position = (births(scenario, birth.PAYER) - first) / 4_000
    for tenth in (0.9, 0.5):
        exact = NORMAL.cdf(1.2 - NORMAL.inv_cdf(tenth))
        found, error = float((position >= tenth).mean()), np.sqrt(exact * (1 - exact) / len(position))
        assert abs(found - exact) < 4 * error
        assert abs(found - NORMAL.cdf(1.3 - NORMAL.inv_cdf(tenth))) > 4 * error


def test_merchants_are_paid_by_rank(town: Path) -> None:
    scenario = load(town).scenario
    first = build(scenario, scenario.seed).blocks["merchant"].first
    counts = np.bincount(births(scenario, birth.PAYEE) - first, minlength=400)
    for exponent, fits in ((0.9, True), (0.93, False)):
        weights = np.arange(1, 401.0) ** -exponent
        expected = counts.sum() * weights / weights.sum()
        square = float(((counts - expected) ** 2 / expected).sum())
        assert (abs(square - 399) < 4 * np.sqrt(2 * 399)) == fits


def test_wallets_are_spread_over_classes_and_institutions_as_written(tmp_path: Path) -> None:
    file = tmp_path / "town.yaml"
    file.write_text(WORLD.replace("wallets: 4000", "wallets: 200000"), encoding="utf-8")
    scenario = load(file).scenario
    world = build(scenario, scenario.seed)
    meta = world.ledger.accounts[world.blocks["personal"].rows, account.TRAITS]
    shares = {1: 0.05, 2: 0.35, 3: 0.10, 4: 0.50}
    for code, share in shares.items():
        found, error = float(((meta & trait.CLASS_MASK) == code).mean()), np.sqrt(share * (1 - share) / len(meta))
        assert abs(found - share) < 4 * error
    for number, one in enumerate(scenario.institutions.values()):
        found = float((((meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK) == number).mean())
        error = np.sqrt(one.share * (1 - one.share) / len(meta))
        assert abs(found - one.share) < 4 * error
        assert abs(found - one.share - 0.01) > 4 * error
