"""The wallets and merchants of the simulated city, as rows of the ledger's accounts.

Every trait of an account is a draw from a stream of its own, numbered by the account, so that changing one share
moves no other trait.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import Int64Array, fixed_table, lognormal_table, sample, stream, uniforms
from sandbox.core.layout import account, limit, trait
from sandbox.core.ledger import Block, Ledger
from sandbox.scenario.schema import OpeningBalance, Scenario
from sandbox.scenario.schema.fields import WalletClass
from sandbox.scenario.schema.world import Cohort, Population

PARTS = 1_000_000_000
"""Shares are compared with draws in these parts."""

NEVER_PAID = (account.STAMP_YEAR_MASK << account.STAMP_YEAR_SHIFT) | account.STAMP_DAY_MASK
"""A stamp that no day and no year equals."""

WALLET_CLASSES: Final[tuple[WalletClass, ...]] = ("I", "II", "III", "IV")

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.uint8]


class Traits:
    """Draws of traits for the accounts number `first` to `first + count - 1` of a block."""

    def __init__(self, seed: int, first: int, count: int) -> None:
        self._seed, self._first, self._count = seed, first, count

    def draw(self, trait: str) -> Int64Array:
        """Uniform in 0..PARTS-1."""
        draws = np.empty(self._count, dtype=np.int64)
        uniforms(stream(self._seed, trait), self._first, PARTS, draws)
        return draws

    def by_share(self, trait: str, shares: Sequence[float]) -> Int64Array:
        """A number 0.. drawn by `shares` (which sum to 1)."""
        edges = np.rint(np.cumsum(np.asarray(shares, dtype=np.float64)) * PARTS).astype(np.int64)[:-1]
        return np.searchsorted(edges, self.draw(trait), side="right").astype(np.int64)

    def with_share(self, trait: str, share: float | npt.NDArray[np.float64]) -> Bools:
        """Whether an account has the trait."""
        return np.asarray(self.draw(trait) < np.rint(np.asarray(share) * PARTS).astype(np.int64))

    def opening_balances(self, trait: str, opening: OpeningBalance, table: Int64Array) -> Int64Array:
        """Balances at the start (fen): `empty_share` zeros, the rest out of `table`."""
        balances = np.empty(self._count, dtype=np.int64)
        sample(table, stream(self._seed, trait, "size"), self._first, balances)
        balances[self.with_share(f"{trait}/empty", opening.empty_share)] = 0
        return balances


def with_share(seed: int, trait: str, count: int, share: float) -> Bools:
    """For each of `count` things, whether it has the trait."""
    return Traits(seed, 0, count).with_share(trait, share)


def opening_table(opening: OpeningBalance) -> Int64Array:
    """Quantiles of the balance of those that do not start empty (fen)."""
    if opening.mean == 0:
        return fixed_table(0)
    mean_of_others = opening.mean / (1.0 - opening.empty_share)
    return lognormal_table(mean_of_others / math.exp(opening.sigma**2 / 2), opening.sigma)


def _inside(scenario: Scenario, institutions: Int64Array, opted_in: Bools) -> Bools:
    """Who is inside the box: opted in, at an institution inside."""
    names = scenario.rules.box.institutions
    allowed = np.array([names is None or name in names for name in scenario.institutions])
    return np.asarray(opted_in & allowed[institutions])


def _bits(flags: Bools, bit: int) -> Int64Array:
    return np.where(flags, bit, 0)


def _place(traits: Traits, kind: str, scenario: Scenario, opting_in: float) -> Int64Array:
    """The bits of accounts' institutions, and of being inside the box."""
    institution = traits.by_share(f"{kind}/institution", [one.share for one in scenario.institutions.values()])
    inside = _inside(scenario, institution, traits.with_share(f"{kind}/box", opting_in))
    return (institution << trait.INSTITUTION_SHIFT) | _bits(inside, trait.IN_BOX)


def cohorts_of(scenario: Scenario, block: Block, seed: int) -> Numbers:
    """Number of each personal wallet's cohort, from 1; 0: in none. Empty if the scenario has no cohorts."""
    shares = [one.share for one in scenario.population.cohorts.values()]
    found = np.zeros(block.count if shares else 0, dtype=np.uint8)
    for first, last in block.windows() if shares else ():
        traits = Traits(seed, first - block.first, last - first)
        drawn = traits.by_share("wallet/cohort", [*shares, 1.0 - math.fsum(shares)])
        found[first - block.first : last - block.first] = (drawn + 1) % (len(shares) + 1)
    return found


def payers_accepted(scenario: Scenario) -> Int64Array:
    """Chance (in PARTS) that a payer who is drawn pays, by cohort number; empty if all alike. Whoever does not is drawn
    again, so that the number of payments stays and only who makes them changes."""
    cohorts = scenario.population.cohorts.values()
    activity = [1.0, *(one.activity for one in cohorts)]
    # Nobody need be outside the cohorts; what counts is the most active of those that people are in.
    most = max([one.activity for one in cohorts if one.share > 0], default=1.0)
    most = max(most, 1.0) if math.fsum(one.share for one in cohorts) < 1.0 else most
    if all(one == 1.0 for one in activity):
        return np.zeros(0, dtype=np.int64)
    return np.array([min(PARTS, round(one / most * PARTS)) for one in activity], dtype=np.int64)


class _Wallets:
    """Traits of personal wallets that a cohort may have of its own; every draw is the same as without cohorts."""

    def __init__(self, traits: Traits, people: Population, cohort: Cohort | None) -> None:
        own = cohort if cohort is not None else Cohort(share=1.0)
        classes = own.classes or people.classes
        top_up = {**people.can_top_up, **own.can_top_up} if own.smartphone else {}
        willing = people.willing_to_upgrade if own.willing_to_upgrade is None else own.willing_to_upgrade
        opening = own.opening_balance or people.opening_balance
        self.klass = 1 + traits.by_share("wallet/class", [classes.get(name, 0.0) for name in WALLET_CLASSES])
        top_up_share = np.array([0.0, *(top_up.get(name, 0.0) for name in WALLET_CLASSES)])
        self.rights = _bits(traits.with_share("wallet/top_up", top_up_share[self.klass]), trait.CAN_TOP_UP)
        self.rights |= _bits(traits.with_share("wallet/willing", willing if own.smartphone else 0.0), trait.WILLING)
        self.balances = traits.opening_balances("wallet/balance", opening, opening_table(opening))


def fill_personal(
    ledger: Ledger, block: Block, scenario: Scenario, seed: int, limits: Int64Array, cohort_of: Numbers
) -> None:
    """Class, institution, rights, box and opening balance (cut at the class's cap) of the personal wallets."""
    people = scenario.population
    for first, last in block.windows():
        traits = Traits(seed, first - block.first, last - first)
        own = _Wallets(traits, people, None)
        klass, rights, balances = own.klass, own.rights, own.balances
        mine = cohort_of[first - block.first : last - block.first]
        for number, cohort in enumerate(people.cohorts.values()):
            those, theirs = mine == number + 1, _Wallets(traits, people, cohort)
            klass[those], rights[those], balances[those] = (
                column[those] for column in (theirs.klass, theirs.rights, theirs.balances)
            )
        meta = klass | (klass << trait.FIRST_CLASS_SHIFT) | rights
        meta |= _place(traits, "wallet", scenario, scenario.rules.box.participants)
        meta |= _bits(traits.with_share("wallet/redeems", scenario.behaviour.redeem_share), trait.REDEEMS)
        rows = ledger.accounts[first:last]
        rows[:, account.TRAITS] = meta
        rows[:, account.STAMP] = NEVER_PAID
        rows[:, account.BALANCE] = np.minimum(balances, limits[klass, limit.BALANCE])


def fill_corporates(ledger: Ledger, block: Block, scenario: Scenario, seed: int) -> None:
    """Institution, box and opening balance of corporate wallets; they can always top up and belong to no class."""
    opening = scenario.population.corporate_opening_balance
    table = opening_table(opening)
    for first, last in block.windows():
        traits = Traits(seed, first - block.first, last - first)
        rows = ledger.accounts[first:last]
        rows[:, account.TRAITS] = _place(traits, "corporate", scenario, scenario.rules.box.participants)
        rows[:, account.TRAITS] |= trait.CAN_TOP_UP
        rows[:, account.STAMP] = NEVER_PAID
        rows[:, account.BALANCE] = traits.opening_balances("corporate/balance", opening, table)


def fill_merchants(ledger: Ledger, block: Block, scenario: Scenario, seed: int) -> None:
    """Institution, category, box and the campaigns a merchant takes part in; merchants start empty."""
    categories = list(scenario.merchants.categories.values())
    for first, last in block.windows():
        traits = Traits(seed, first - block.first, last - first)
        meta = _place(traits, "merchant", scenario, scenario.rules.box.merchants) | trait.CAN_TOP_UP
        meta |= (traits.by_share("merchant/category", categories) + 1) << trait.CATEGORY_SHIFT
        for number, (name, campaign) in enumerate(scenario.campaigns.items()):
            enrolled = traits.with_share(f"campaign/{name}/merchant", campaign.merchants)
            meta |= _bits(enrolled, 1 << (trait.ENROLLED_SHIFT + number))
        rows = ledger.accounts[first:last]
        rows[:, account.TRAITS] = meta
        rows[:, account.STAMP] = NEVER_PAID


def fill_escrows(ledger: Ledger, block: Block, scenario: Scenario, institutions: Sequence[str | None]) -> None:
    """Accounts that hold money for others: each with the institution that runs it (none: the first operator), inside
    the box if that is, without class, limits or top-ups."""
    names = list(scenario.institutions)
    first = next(name for name, one in scenario.institutions.items() if one.kind == "operator")
    places = np.array([names.index(name or first) for name in institutions], dtype=np.int64)
    rows = ledger.accounts[block.rows]
    rows[:, account.TRAITS] = places << trait.INSTITUTION_SHIFT
    rows[:, account.TRAITS] |= _bits(_inside(scenario, places, np.ones(places.size, dtype=np.bool_)), trait.IN_BOX)
    rows[:, account.STAMP] = NEVER_PAID


def issue_openings(ledger: Ledger) -> None:
    """Book the balances that accounts start with as issued by the central bank before the start."""
    issuer = ledger.block(Ledger.ISSUER).first
    ledger.accounts[issuer, account.BALANCE] = -int(ledger.accounts[issuer + 1 :, account.BALANCE].sum())


def chosen(seed: int, name: str, block: Block, count: int, allowed: Int64Array | None = None) -> Int64Array:
    """`count` accounts of a block (fewer if not as many are allowed), drawn without putting back, in order of draw.
    Who is drawn first stays so if more are drawn."""
    order = np.empty(block.count, dtype=np.int64)
    uniforms(stream(seed, "contract", name), 0, 2**31 - 1, order)
    ranked = np.argsort(order, kind="stable")
    if allowed is not None:
        ranked = ranked[np.isin(ranked, allowed)]
    return np.asarray(block.first + ranked[:count])


def popularity(scenario: Scenario, count: int) -> npt.NDArray[np.float64]:
    """Weight of each merchant: the k-th weighs k to the minus `popularity_exponent`."""
    return np.asarray(np.arange(1, count + 1, dtype=np.float64) ** -scenario.merchants.popularity_exponent)
