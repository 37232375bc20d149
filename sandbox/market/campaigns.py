"""Red packets: the lottery, the claims and the plan of what winners spend.

A packet is a pending transfer out of the campaign's escrow: posted as it is spent, voided at expiry, when all that is
left goes back to the issuer. The plan is drawn before the run, so that rules change what becomes of it and never the
plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.core.clock import cumulative_intensity, invert
from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array, mix, quantile, stream, uniforms
from sandbox.core.layout import account, birth, tags, trait
from sandbox.core.ledger import Block, Ledger
from sandbox.market.choice import alias_table, choose
from sandbox.market.population import popularity, with_share
from sandbox.market.sources import AMOUNT, PAYEE, PlannedSource, routes, tag, ticket_table
from sandbox.scenario.schema import Campaign, Scenario

WHOLE = 2**31 - 1


@dataclass
class CampaignPlan:
    """One campaign as it will run: who won, and its two sources of births."""

    name: str
    number: int
    campaign: Campaign
    winners: Int64Array
    claims: PlannedSource
    payments: PlannedSource
    merchants_enrolled: int

    @property
    def claimed(self) -> int:
        """How many winners claim within the run."""
        return self.claims.planned.shape[1]


def draw_winners(seed: int, name: str, campaign: Campaign, wallets: int, taken: Int64Array) -> Int64Array:
    """Winning wallets (numbers in the block), in order of wallet; `taken` marks those that hold another packet.

    People who registered and have a wallet are the first `registered` wallets of a random order; the lottery draws
    among them without putting back. Where more registered than there are wallets, the wallets are those of the people
    drawn.
    """
    order = np.empty(wallets, dtype=np.int64)
    uniforms(stream(seed, "campaign", name, "lottery"), 0, WHOLE, order)
    order[taken != 0] = WHOLE
    free = wallets - int(np.count_nonzero(taken))
    entrants = np.argsort(order, kind="stable")[: min(free, campaign.registered)]
    return np.sort(entrants[: campaign.winners])


class Claims(NamedTuple):
    """Who claims a packet, when, and how many payments each then makes."""

    claimers: Int64Array
    claimed_at: Int64Array
    counts: Int64Array


@compiled
def plan_payments(
    key: np.uint64, claims: Claims, cumulative: Int64Array, until: int, tables: Int64Array, alias: Int64Array,
    enrolled: Int64Array, births: Int64Array,
) -> None:  # fmt: skip
    """Draw each claimer's payments: times by the intensity between claim and expiry, sizes, merchants."""
    claimers, claimed_at, counts = claims.claimers, claims.claimed_at, claims.counts
    at = 0
    cells = cumulative.size - 1
    for i in range(claimers.size):
        first = claimed_at[i] // 60_000_000
        low = cumulative[min(first + 1, cells)]
        high = cumulative[cells]
        for turn in range(counts[i]):
            own = mix(key, claimers[i] * 4096 + turn)
            share = np.int64(mix(own, 1) >> np.uint64(33))
            position = low + np.int64(np.float64(high - low) * (np.float64(share) / 2147483648.0))
            when = (
                claimed_at[i] + 1 + np.int64(np.float64(until - claimed_at[i] - 2) * (np.float64(share) / 2147483648.0))
            )
            if high > low:
                left, right = min(first + 1, cells), cells
                while right - left > 1:
                    middle = (left + right) // 2
                    if cumulative[middle] <= position:
                        left = middle
                    else:
                        right = middle
                when = invert(cumulative, left, position, until)
            births[birth.TIME, at] = max(claimed_at[i] + 1, min(when, until - 1))
            births[birth.PAYER, at] = claimers[i]
            births[birth.PAYEE, at] = enrolled[choose(alias, own, PAYEE)]
            births[birth.AMOUNT, at] = quantile(tables, 0, mix(own, AMOUNT))
            births[birth.KEY, at] = np.int64(own)
            at += 1


@compiled
def _stay_within(births: Int64Array, left: Int64Array, first: int, keep: Int64Array) -> None:
    for i in range(births.shape[1]):
        wallet = births[birth.PAYER, i] - first
        if left[wallet] < 0:
            continue
        births[birth.AMOUNT, i] = min(births[birth.AMOUNT, i], left[wallet])
        left[wallet] -= births[birth.AMOUNT, i]
        keep[i] = 1 if births[birth.AMOUNT, i] > 0 else 0


def stay_within(births: Int64Array, packets: Int64Array, first: int) -> npt.NDArray[np.bool_]:
    """Cut planned payments (in order of time) of those who spend only their packet to what it still holds.

    `packets` is what each wallet may spend, 0 for those who add money of their own. Returns which payments are left;
    amounts are changed in place. The plan is drawn beforehand, so what others do and which rules hold does not change
    it.
    """
    keep = np.ones(births.shape[1], dtype=np.int64)
    _stay_within(births, np.where(packets > 0, packets, -1), first, keep)
    return np.asarray(keep == 1)


def _payments_each(seed: int, name: str, mean: float, winners: Int64Array, wallets: int) -> Int64Array:
    """Payments of each claimer: 1 + geometric with this mean."""
    draws = np.empty(wallets, dtype=np.int64)
    uniforms(stream(seed, "campaign", name, "count"), 0, WHOLE, draws)
    extra = mean - 1.0
    if extra <= 0:
        return np.ones(winners.size, dtype=np.int64)
    # P(count > k) = q**k with q = extra / mean; the inverse by comparing with a table of tails avoids a logarithm.
    tails = np.rint(WHOLE * (extra / mean) ** np.arange(1, 4000)).astype(np.int64)
    tails = tails[tails > 0]
    return 1 + (tails.size - np.searchsorted(tails[::-1], draws[winners], side="right")).astype(np.int64)


def plan(
    number: int, name: str, scenario: Scenario, seed: int, ledger: Ledger, wallets: Block, merchants: Block,
    taken: Int64Array, sources: tuple[int, int],
) -> CampaignPlan:  # fmt: skip
    """Draw one campaign. `sources` are the numbers of its two sources; winners are marked in `taken`."""
    campaign = scenario.campaigns[name]
    winners = draw_winners(seed, name, campaign, wallets.count, taken)
    taken[winners] = 1
    until = min(campaign.starts + campaign.lasts, scenario.duration)
    claims_share = with_share(seed, f"campaign/{name}/claims", wallets.count, campaign.claimed)[winners]
    delay = np.empty(wallets.count, dtype=np.int64)
    uniforms(stream(seed, "campaign", name, "claim_at"), 0, WHOLE, delay)
    claimed_at = campaign.starts + (delay[winners] * (campaign.claim_within / WHOLE)).astype(np.int64)
    keep = claims_share & (claimed_at < until - 2)
    claimers, claimed_at = winners[keep], claimed_at[keep]

    enrolled = np.flatnonzero((ledger.accounts[merchants.rows, account.TRAITS] >> (trait.ENROLLED_SHIFT + number)) & 1)
    claims = np.zeros((birth.ROWS, claimers.size), dtype=np.int64)
    claims[birth.TIME], claims[birth.PAYER], claims[birth.PAYEE] = claimed_at, wallets.first + claimers, number + 1
    claims[birth.AMOUNT], claims[birth.TAG] = campaign.packet, tag(sources[0], "campaign") | tags.CLAIM

    counts = _payments_each(seed, name, campaign.payments_per_claimer, claimers, wallets.count)
    if enrolled.size == 0:
        counts[:] = 0
    payments = np.zeros((birth.ROWS, int(counts.sum())), dtype=np.int64)
    if payments.shape[1]:
        cumulative = cumulative_intensity(scenario.start, until, 1e6, campaign.profile, [])
        alias = alias_table(popularity(scenario, merchants.count)[enrolled])
        plan_payments(
            stream(seed, "campaign", name, "payments"), Claims(claimers, claimed_at, counts), cumulative, until,
            ticket_table(campaign.ticket).reshape(1, -1), alias, enrolled, payments,
        )  # fmt: skip
        payments[birth.PAYER] += wallets.first
        payments[birth.PAYEE] += merchants.first
        payments[birth.TAG] = tag(sources[1], "campaign")
        payments[birth.ROUTE] = routes(ledger.accounts, payments[birth.PAYER], payments[birth.PAYEE])
    by_time = (np.argsort(births[birth.TIME], kind="stable") for births in (claims, payments))
    claims, payments = (births[:, order] for births, order in zip((claims, payments), by_time, strict=True))
    adds = with_share(seed, f"campaign/{name}/own_money", wallets.count, campaign.adds_own_money)
    adds &= ledger.accounts[wallets.rows, account.TRAITS] & trait.CAN_TOP_UP != 0
    payments = payments[:, stay_within(payments, np.where(adds, 0, campaign.packet), wallets.first)]
    return CampaignPlan(
        name, number, campaign, winners,
        PlannedSource(f"{name} claims", "campaign", np.ascontiguousarray(claims)),
        PlannedSource(name, "campaign", np.ascontiguousarray(payments)),
        int(enrolled.size),
    )  # fmt: skip
