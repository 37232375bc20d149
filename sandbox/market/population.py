"""The wallets and merchants of the simulated city, as rows of the ledger's accounts.

Every trait of an account is a draw from a stream of its own, numbered by the account, so that changing one share moves no
other trait.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sandbox.engine.draws import Int64Array, lognormal_table, sample, stream, uniforms
from sandbox.engine.layout import (
    BALANCE, CAN_TOP_UP, CATEGORY_SHIFT, CLASS_MASK, CREDITS, ENROLLED_SHIFT, FIRST_CLASS_SHIFT, IN_BOX, INSTITUTION_MASK,
    INSTITUTION_SHIFT, L_BALANCE, META, REDEEMS, STAMP, STAMP_DAY_MASK, STAMP_YEAR_MASK, STAMP_YEAR_SHIFT, WILLING,
)  # fmt: skip
from sandbox.engine.ledger import Block, Ledger
from sandbox.scenario.schema import OpeningBalance, Scenario
from wallets.classes import CLASS_NAMES

PARTS = 1_000_000_000
"""Shares are compared with draws in these parts."""

NEVER_PAID = (STAMP_YEAR_MASK << STAMP_YEAR_SHIFT) | STAMP_DAY_MASK
"""A stamp that no day and no year equals."""

Bools = npt.NDArray[np.bool_]


def by_share(seed: int, trait: str, count: int, shares: Sequence[float]) -> Int64Array:
    """For each of `count` things, a number 0.. drawn by `shares` (which sum to 1)."""
    draws = np.empty(count, dtype=np.int64)
    uniforms(stream(seed, trait), 0, PARTS, draws)
    edges = np.rint(np.cumsum(np.asarray(shares, dtype=np.float64)) * PARTS).astype(np.int64)[:-1]
    return np.searchsorted(edges, draws, side="right").astype(np.int64)


def with_share(seed: int, trait: str, count: int, share: float | npt.NDArray[np.float64]) -> Bools:
    """For each of `count` things, whether it has the trait."""
    draws = np.empty(count, dtype=np.int64)
    uniforms(stream(seed, trait), 0, PARTS, draws)
    return np.asarray(draws < np.rint(np.asarray(share) * PARTS).astype(np.int64))


def opening_balances(seed: int, trait: str, count: int, opening: OpeningBalance) -> Int64Array:
    """Balances at the start (fen): `empty_share` zeros, the rest lognormal with `mean` over all."""
    balances = np.empty(count, dtype=np.int64)
    if opening.mean == 0:
        balances[:] = 0
        return balances
    mean_of_others = opening.mean / (1.0 - opening.empty_share)
    median = mean_of_others / float(np.exp(opening.sigma**2 / 2))
    sample(lognormal_table(median, opening.sigma), stream(seed, trait, "size"), 0, balances)
    balances[with_share(seed, f"{trait}/empty", count, opening.empty_share)] = 0
    return balances


def _inside(scenario: Scenario, institutions: Int64Array, opted_in: Bools) -> Bools:
    """Who is inside the box: opted in, at an institution inside."""
    names = scenario.rules.box.institutions
    allowed = np.array([names is None or name in names for name in scenario.institutions])
    return np.asarray(opted_in & allowed[institutions])


def fill_personal(ledger: Ledger, block: Block, scenario: Scenario, seed: int, limits: Int64Array) -> None:
    """Class, institution, rights, box and opening balance (cut at the class's cap) of the personal wallets."""
    people = scenario.population
    order = CLASS_NAMES[1:]
    klass = 1 + by_share(seed, "wallet/class", block.count, [people.classes.get(name, 0.0) for name in order])  # type: ignore[call-overload]
    institution = by_share(seed, "wallet/institution", block.count, [one.share for one in scenario.institutions.values()])
    top_up_share = np.array([0.0, *(people.can_top_up.get(name, 0.0) for name in order)])  # type: ignore[call-overload]
    meta = klass | (klass << FIRST_CLASS_SHIFT) | (institution << INSTITUTION_SHIFT)
    meta |= np.where(with_share(seed, "wallet/top_up", block.count, top_up_share[klass]), CAN_TOP_UP, 0)
    meta |= np.where(with_share(seed, "wallet/willing", block.count, people.willing_to_upgrade), WILLING, 0)
    meta |= np.where(with_share(seed, "wallet/redeems", block.count, scenario.behaviour.redeem_share), REDEEMS, 0)
    opted_in = with_share(seed, "wallet/box", block.count, scenario.rules.box.participants)
    meta |= np.where(_inside(scenario, institution, opted_in), IN_BOX, 0)
    rows = ledger.accounts[block.rows]
    rows[:, META] = meta
    rows[:, STAMP] = NEVER_PAID
    balances = opening_balances(seed, "wallet/balance", block.count, people.opening_balance)
    rows[:, BALANCE] = np.minimum(balances, limits[klass, L_BALANCE])


def fill_corporates(ledger: Ledger, block: Block, scenario: Scenario, seed: int) -> None:
    """Institution, box and opening balance of corporate wallets; they can always top up and belong to no class."""
    institution = by_share(
        seed, "corporate/institution", block.count, [one.share for one in scenario.institutions.values()]
    )
    opted_in = with_share(seed, "corporate/box", block.count, scenario.rules.box.participants)
    rows = ledger.accounts[block.rows]
    rows[:, META] = (institution << INSTITUTION_SHIFT) | CAN_TOP_UP
    rows[:, META] |= np.where(_inside(scenario, institution, opted_in), IN_BOX, 0)
    rows[:, STAMP] = NEVER_PAID
    rows[:, BALANCE] = opening_balances(seed, "corporate/balance", block.count, scenario.population.corporate_opening_balance)


def fill_merchants(ledger: Ledger, block: Block, scenario: Scenario, seed: int) -> None:
    """Institution, category, box and the campaigns a merchant takes part in; merchants start empty."""
    shops = scenario.merchants
    institution = by_share(seed, "merchant/institution", block.count, [one.share for one in scenario.institutions.values()])
    category = by_share(seed, "merchant/category", block.count, list(shops.categories.values()))
    opted_in = with_share(seed, "merchant/box", block.count, scenario.rules.box.merchants)
    meta = (institution << INSTITUTION_SHIFT) | ((category + 1) << CATEGORY_SHIFT) | CAN_TOP_UP
    meta |= np.where(_inside(scenario, institution, opted_in), IN_BOX, 0)
    for number, (name, campaign) in enumerate(scenario.campaigns.items()):
        enrolled = with_share(seed, f"campaign/{name}/merchant", block.count, campaign.merchants)
        meta |= np.where(enrolled, 1 << (ENROLLED_SHIFT + number), 0)
    rows = ledger.accounts[block.rows]
    rows[:, META] = meta
    rows[:, STAMP] = NEVER_PAID


def issue_openings(ledger: Ledger) -> None:
    """Book the balances that accounts start with as issued by the central bank before the start."""
    issuer = ledger.block(Ledger.ISSUER).first
    ledger.accounts[issuer, BALANCE] = -int(ledger.accounts[issuer + 1 :, BALANCE].sum())


def popularity(scenario: Scenario, count: int) -> npt.NDArray[np.float64]:
    """Weight of each merchant: the k-th weighs k to the minus `popularity_exponent`."""
    return np.asarray(np.arange(1, count + 1, dtype=np.float64) ** -scenario.merchants.popularity_exponent)


def classes_of(meta: Int64Array) -> Int64Array:
    """Class codes (0 corporate, 1-4) out of META."""
    return np.asarray(meta & CLASS_MASK)


def institutions_of(meta: Int64Array) -> Int64Array:
    """Institution numbers out of META."""
    return np.asarray((meta >> INSTITUTION_SHIFT) & INSTITUTION_MASK)


__all__ = [
    "CREDITS", "by_share", "classes_of", "fill_corporates", "fill_merchants", "fill_personal", "institutions_of",
    "issue_openings", "opening_balances", "popularity", "with_share",
]  # fmt: skip
