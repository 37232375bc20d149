"""The plan of all crime of a run: which instances of which patterns, who is in them, when, and how much.

An instance's draws come from a stream of its own, so that one more of them changes no other. The plan knows nothing of
rules: what becomes of it is decided on the rail, and by how criminals answer (`sandbox/features/crime/`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from sandbox.core.draws import Int64Array, stream, uniforms
from sandbox.core.layout import INFINITE, account, birth, limit, trait
from sandbox.features.crime.channels import Channel, Channels
from sandbox.features.crime.schema import NO_PATTERN, SIZES, Crime, Pattern, PatternName, patterns_of
from sandbox.features.crime.shapes import SHAPES, Shape
from sandbox.market.random_stream import BITS, RandomStream
from sandbox.scenario.schema import Scenario

SPARES: Final = 4
"""Further mules of an instance, for when one is frozen or has met a limit."""
FAST: Final = ("mule_layering", "account_takeover")
FOLLOWS_ITS_SEGMENT: Final = ("any", "shops", "campaign")
"""Covers in which payers and payees are of the segment's own kinds throughout."""


@dataclass(frozen=True)
class Step:
    """One planned payment.

    Attributes:
        payer, payee: roles.
        at_us: not before this.
        amount_fen: how much is paid if the payer brings money.
        passes: the payer passes on what it was paid instead: the share `weight / left` of it.
    """

    payer: int
    payee: int
    at_us: int
    amount_fen: int
    passes: bool = False
    weight: int = 1
    left: int = 1


@dataclass(frozen=True)
class Instance:
    """One crime: its people by role, spare mules of the payers' kind, and its steps in order.

    `source` and `kind` are those of the honest payments among which it hides.
    """

    number: int
    label: str
    source: int
    kind: str
    accounts: tuple[int, ...]
    spares: tuple[int, ...]
    shape: Shape
    steps: tuple[Step, ...]


SINGLE: Final = Shape(2, ((0, 1),))


def plan_crime(
    scenario: Scenario, crime: Crime, seed: int, channels: Channels, accounts: Int64Array, limits: Int64Array
) -> list[Instance]:
    """All instances of a run.

    Args:
        accounts: rows of the ledger, for what an account is.
        limits: (class, L_...) limits in force at the start (fen), which criminals know.
    """
    planner = Planner(crime, seed, channels, accounts, limits)
    chosen = _chosen(scenario, crime, seed, channels.payments)
    return [one for each in chosen if (one := planner.instance(*each)).steps]


def _chosen(
    scenario: Scenario, crime: Crime, seed: int, honest: float
) -> Iterator[tuple[int, PatternName | None, Pattern | None]]:
    """Number within its pattern, pattern and size of each instance: first single payments, then patterns until their
    share is full.

    Patterns are drawn so that payments are shared out by weight; the last one is taken by chance, which keeps the mean.
    """
    patterns = {name: one for name, one in patterns_of(scenario, crime).items() if one.weight > 0}
    draws = RandomStream(seed, "crime")
    wanted = honest * crime.share / (1.0 - crime.share)
    alone = round(wanted * (crime.no_pattern if patterns else 1.0))
    yield from ((number, None, None) for number in range(alone))
    left, known = wanted - alone, dict.fromkeys(patterns, 0)
    if not patterns:
        return
    names = list(patterns)
    edges = np.cumsum([max(1, round(2**20 * one.weight / one.payments)) for one in patterns.values()])
    while left > 0:
        name = names[draws.by_weight(edges)]
        one = patterns[name]
        if left < one.payments and draws.below(BITS) >= left / one.payments * BITS:
            return
        yield known[name], name, one
        left -= one.payments
        known[name] += 1


class Planner:
    """Fills shapes with people, times and amounts."""

    def __init__(self, crime: Crime, seed: int, channels: Channels, accounts: Int64Array, limits: Int64Array) -> None:
        self._crime, self._seed, self._channels = crime, seed, channels
        self._accounts, self._limits = accounts, limits
        corporate = channels.blocks["corporate"]
        draws = np.zeros(corporate.count, dtype=np.int64)
        uniforms(stream(seed, "crime", "foreign"), 0, BITS, draws)
        foreign = np.flatnonzero(draws < crime.foreign * BITS)
        self.foreign = corporate.first + (foreign if foreign.size > 1 else np.arange(corporate.count))
        """Corporate wallets under foreign control, by draw: there is no border in this world yet."""
        self._farmed: set[tuple[int, int]] = set()
        """Claims of red packets that are in farmers' hands: campaign, and place among its claims."""

    def instance(self, number: int, name: PatternName | None, pattern: Pattern | None) -> Instance:
        """One instance: a pattern, or a single payment in none."""
        draws = RandomStream(self._seed, "crime", name or NO_PATTERN, number)
        if name is None or pattern is None:
            return self._of_segment(number, NO_PATTERN, SINGLE, self._channels.channel(draws), draws, follows=True)
        shape = SHAPES[name](pattern.accounts, pattern.payments, draws.below)
        if name == "red_packet_farming":
            return self._farm(number, shape, draws)
        cover = SIZES[name].cover
        return self._of_segment(
            number, name, shape, self._channels.channel(draws, cover), draws, cover in FOLLOWS_ITS_SEGMENT
        )

    def _of_segment(
        self, number: int, label: str, shape: Shape, channel: Channel, draws: RandomStream, follows: bool
    ) -> Instance:
        accounts, spares = self._people(label, shape, channel, draws, follows)
        times = self._times(label, shape, channel, draws)
        amounts = [self._channels.amount_fen(draws, channel, of_any=not follows) for _ in shape.edges]
        if label == "sub_threshold_structuring":
            amounts = [self._just_below(accounts[payer], draws) for payer, _ in shape.edges]
        steps = steps_of(shape, times, amounts)
        return Instance(number, label, channel.source, channel.kind, accounts, spares, shape, steps)

    def _people(
        self, label: str, shape: Shape, channel: Channel, draws: RandomStream, follows: bool
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Distinct accounts for the roles, and spares."""
        channels, receivers = self._channels, shape.receivers()
        found: dict[int, None] = {}

        def another(kind: str, paid: bool) -> int:
            while True:
                if label == "cross_border_shells":
                    account = int(self.foreign[draws.below(len(self.foreign))])
                elif not follows:
                    account = channels.both(draws, kind)
                else:
                    account = (channels.payee if paid else channels.payer)(draws, kind)
                if account not in found:
                    found[account] = None
                    return account
                if draws.below(64) == 0:  # few are left that are likely: take the next one that is free
                    block = channels.blocks[kind]
                    others = _around(account, block.first, block.count)
                    account = next((one for one in others if one not in found), account)
                    found[account] = None
                    return account

        roles = []
        for role in range(shape.accounts):
            paid = role in shape.shops or (role in receivers and role not in shape.payers())
            roles.append(another(channel.payee if paid else channel.payer, paid))
        spares = tuple(another(channel.payer, False) for _ in range(SPARES if label != NO_PATTERN else 0))
        return tuple(roles), spares

    def _times(self, label: str, shape: Shape, channel: Channel, draws: RandomStream) -> list[int]:
        """Instants of the steps (us), in order: all within a window around one instant of honest demand."""
        end = self._channels.duration_us
        width = min(self._crime.fast if label in FAST else self._crime.period, end)
        centre = draws.instant(channel.cumulative, 0, end)
        first = min(max(0, centre - width * draws.below(1024) // 1024), end - width)
        times = sorted(draws.instant(channel.cumulative, first, first + width) for _ in shape.edges)
        for k, (payer, _) in enumerate(shape.edges):
            if payer in shape.shops:  # a refund comes soon
                times[k] = times[k - 1] + min(times[k] - times[k - 1], self._crime.fast * draws.below(1024) // 1024)
        return times

    def _just_below(self, who: int, draws: RandomStream) -> int:
        """A little less than what is known to be reported, and than the payer may pay."""
        avoids = self._crime.avoids
        single = int(self._limits[self._accounts[who, account.TRAITS] & trait.CLASS_MASK, limit.SINGLE])
        most = min(avoids if avoids is not None else INFINITE, single, 10_000_000)
        return max(1, most - 1 - most * draws.below(1000) // 10_000)

    def _farm(self, number: int, shape: Shape, draws: RandomStream) -> Instance:
        """Wallets that claimed red packets spend them at once at one merchant that gives the money back.

        An instance has no steps when no campaign has enough packets left that are not farmed yet.
        """
        channels, payers = self._channels, sorted(shape.payers())
        left = {one.number: one.claimed for one in channels.campaigns if one.merchants_enrolled > 0}
        for campaign, _ in self._farmed:
            left[campaign] -= 1
        able = [one for one in channels.campaigns if left.get(one.number, 0) >= 2 * len(payers)]
        if not able:
            return Instance(number, "red_packet_farming", 0, "campaign", (), (), shape, ())
        plan = able[draws.below(len(able))]
        enrolled = trait.ENROLLED_SHIFT + plan.number
        claims = plan.claims.planned
        places: dict[int, None] = {}
        while len(places) < len(payers):
            place = draws.below(claims.shape[1])
            if (plan.number, place) not in self._farmed:
                places[place] = None
        self._farmed |= {(plan.number, place) for place in places}
        takes = self._accounts[channels.blocks["merchant"].rows, account.TRAITS] >> enrolled & 1
        merchant = channels.merchant(draws, takes)
        until = min(plan.campaign.starts + plan.campaign.lasts, channels.duration_us)
        chosen = list(places)
        paying = []
        for k, (payer, payee) in enumerate(shape.edges):
            claimed_at = int(claims[birth.TIME, chosen[payers.index(payer)]])
            within = min(until - claimed_at - 2, self._crime.fast)
            at = claimed_at + 1 + within * draws.below(2**20) // 2**20
            paying.append((at, k, Step(payer, payee, at, plan.campaign.packet)))
        accounts = [merchant] + [int(claims[birth.PAYER, place]) for place in chosen]
        steps = tuple(step for _, _, step in sorted(paying, key=lambda one: one[:2]))
        source = len(channels.campaigns) + plan.number
        return Instance(number, "red_packet_farming", source, "campaign", tuple(accounts), (), shape, steps)


def _around(account: int, first: int, count: int) -> Iterator[int]:
    """All accounts of a block, from the one after `account` on."""
    return (first + (account - first + step) % count for step in range(1, count + 1))


def steps_of(shape: Shape, times: list[int], amounts: list[int]) -> tuple[Step, ...]:
    """Put a shape's edges at their times (in order) and say who brings how much and who passes on which share.

    Who pays several times in a row before being paid again shares out what it has by the amounts drawn.
    """
    steps = []
    for k, (payer, payee) in enumerate(shape.edges):
        passes = payer not in shape.bring and any(paid == payer for _, paid in shape.edges[:k])
        left = 0
        for later, (other, paid) in enumerate(shape.edges[k:], k):
            if paid == payer and later > k:
                break
            if other == payer:
                left += amounts[later]
        brought = amounts[k] * (1 if passes else shape.times_passed(payee))
        steps.append(Step(payer, payee, times[k], brought, passes, amounts[k], max(1, left)))
    return tuple(steps)
