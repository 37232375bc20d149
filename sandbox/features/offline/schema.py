"""Schema of hard wallets: purses that pay one another where there is no network, and what may go wrong with them.

No official limit of offline e-CNY is published, so the caps are presets by name: rules of the Reserve Bank of India as
a documented proxy, or ASSUMED ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, Final, Literal

from pydantic import model_validator

from sandbox.language import N_
from sandbox.scenario.schema import Dated, Scenario, Section
from sandbox.scenario.schema.common import SHARES_TOLERANCE, at_most, one_of, whole_shares
from sandbox.scenario.schema.demand import Profile, Ticket
from sandbox.scenario.schema.fields import Duration, Model, Money, Name, Patience, Problem, Rate, Share, param
from sandbox.scenario.units import US_PER_DAY, format_duration, format_money

MOST_OFFLINE: Final = 300_000
"""Offline payments of a run: each is an object of its own."""
EACH_OFFLINE: Final = 4_000
"""Bytes, ASSUMED."""
MOST_PURSES: Final = 100_000

_PRESET: Final = N_("see offline.caps.preset")

MOST_DOWNTIMES: Final = 100_000
"""Times without a network of a run, over all regions."""

CAPS: Final[dict[str, tuple[int, int, int, int, int]]] = {
    "assumed": (100_000, 20_000, 3, 14 * US_PER_DAY, 5_000),
    "rbi_2023": (16_000, 4_000, 1, 30 * US_PER_DAY, 4_000),
    "upi_lite_2024": (40_000, 8_000, 1, 30 * US_PER_DAY, 8_000),
}
"""By preset: balance (fen), payment (fen), hops, time since the last sync (us), payment without a PIN (fen)."""
FILLED: Final = ("balance", "payment", "hops", "time", "without_pin")
"""What a preset fills in."""
MOST_SYNCS: Final = 1_000_000
"""Syncs of purses in a run."""

# What is told of values that do not go together.
_UNKNOWN_REGION: Final = N_("'{name}' is not one of `offline.regions`")
_UNKNOWN_GROUP: Final = N_("'{name}' is not one of `offline.purses`")
_ALWAYS_DOWN: Final = N_("must be longer than `lasts`, or the network would never come back")
_SHARES_OF_PEOPLE: Final = N_("with the groups above, more than 100 % of these people would have a purse")
_FEW_DEVICES: Final = N_("'{name}' has about {count} purses only")
_MANY_PURSES: Final = N_("about {count} purses; at most {limit}")
_MANY_DOWNTIMES: Final = N_("the network is down {count} times, over all regions; at most {limit}")
_MANY_SYNCS: Final = N_("about {count} syncs of purses in all; at most {limit}")
_MANY_OFFLINE: Final = N_("about {count} offline payments in all; at most {limit}")


class Caps(Model):
    """What a purse may do without a network."""

    filled_by_preset: ClassVar = FILLED

    preset: Literal["assumed", "rbi_2023", "upi_lite_2024"] = param(
        "assumed",
        doc="assumed: 1,000 and 200 yuan, 3 hops, 14 days, 50 yuan without a PIN. rbi_2023, upi_lite_2024: limits on "
        "small offline payments in India, at 12.5 rupees a yuan (2,000 and 500; 5,000 and 1,000 rupees, all of it "
        "without a PIN), 1 hop, 30 days.",
        role="lever",
        source="RBI 2024 as a proxy, exchange rate and days ASSUMED; no official e-CNY limit is published",
    )
    balance: Money = param(100_000, doc="Most a purse may hold.", role="lever", source=_PRESET, gt=0)
    payment: Money = param(20_000, doc="Most in one offline payment.", role="lever", source=_PRESET, gt=0)
    hops: int = param(
        3, doc="How many purses value may pass through between two syncs.", role="lever", source=_PRESET, ge=1, le=16
    )
    time: Duration = param(
        14 * US_PER_DAY, doc="How long after its last sync a purse may pay.", role="lever", source=_PRESET, gt=0
    )
    without_pin: Money = param(
        5_000, doc="Most in one payment without the owner's PIN, which a finder does not know; 0: always with it.",
        role="lever", source=_PRESET,
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _fill_from_preset(cls, data: object) -> object:
        """Fill in what the preset gives, so that the resolved scenario shows every cap in force."""
        if not isinstance(data, dict):
            return data
        name = data.get("preset", "assumed")
        found = CAPS.get(name) if isinstance(name, str) else None
        if found is None:
            return data
        balance, payment, hops, time, without_pin = found
        words = format_money(balance), format_money(payment), hops, format_duration(time), format_money(without_pin)
        return {**dict(zip(FILLED, words, strict=True)), **data}


class Downtime(Model):
    """The network is down for purses and terminals."""

    region: str | None = param(None, doc="Where; everywhere when left out.", role="design")
    starts: Duration = param(..., doc="When it begins.", role="design")
    lasts: Duration = param(..., doc="How long.", role="design", gt=0)
    every: Patience = param(None, doc="Again and again after so long; `none`: once.", role="design")


class Terminals(Model):
    """Merchants that take hard wallets."""

    share: Share = param(1.0, doc="Share of merchants.", role="design")
    sync: Duration = param(
        600_000_000, doc="How often a terminal sends what it took, and asks which purses are stopped.", role="lever",
        gt=0,
    )  # fmt: skip


class PurseGroup(Model):
    """People with a hard wallet each, who are alike."""

    kind: Literal["ic_card", "sim", "wearable"] = param(
        "ic_card",
        doc="An IC card has no clock and keeps no list of stopped purses; a SIM or a wearable has both.",
        role="design",
        source="hard wallets as in Forkast/Caixin 2021; what a device knows is ASSUMED",
    )
    cohort: str | None = param(None, doc="Of which cohort; when left out, of people in none.", role="design")
    share: Share = param(1.0, doc="Share of those people who have one.", role="design")
    pays: Literal["always", "when_down"] = param(
        "when_down",
        doc="always: by the purse at any time, as people without a smartphone do. when_down: while the network is.",
        role="design",
    )
    load: Money = param(20_000, doc="Filled up to this at each sync; what is more goes to the wallet.", gt=0)
    payments: Rate = param(1.0, doc="Payments that one purse tries to make on an ordinary weekday.", le=1_000)
    profile: Profile = param(default_factory=Profile, doc="Shape of the day of those payments.")
    ticket: Ticket = param(default_factory=lambda: Ticket(preset="survey"), doc="Size of a payment.")
    to_people: Share = param(0.1, doc="Share of payments to another purse of the region; the rest to terminals.")
    sync: Duration = param(86_400_000_000, doc="Mean time between syncs; between half and one and a half.", gt=0)
    arrives: Duration = param(3_600_000_000, doc="The first load comes within this time.", role="design", gt=0)
    stays: Patience = param(
        None, doc="After so long the purse is given back and what is left refunded; `none`: never.", role="design"
    )
    lost: Rate = param(0.0, doc="How often a purse is lost.", le=1)
    found: Share = param(0.5, doc="Share of lost purses that somebody finds.")
    found_after: Duration = param(2 * US_PER_DAY, doc="Until then (between half and one and a half).", gt=0)
    spent: Share = param(
        0.0, doc="Share of finders who spend what is on it, at terminals and without the PIN; the others hand it in."
    )
    spends: Rate = param(12.0, doc="Payments that such a finder tries to make.", gt=0, le=100_000)
    reported_after: Duration = param(
        US_PER_DAY, gt=0,
        doc="Until its owner reports a lost purse, which is then stopped (between half and one and a half).",
    )  # fmt: skip


class Attack(Model):
    """Purses whose secure element is broken."""

    kind: Literal["clone", "rollback", "replay", "forge", "clock", "overspend"] = param(
        "clone",
        doc="clone: copies of a purse pay side by side. rollback: it is set back when empty. replay: a payee shows a "
        "payment again and again. forge: a payee shows payments that others never made. clock: a purse set back in "
        "time pays after its time. overspend: it pays an accomplice more than the cap.",
        role="design",
    )
    group: str = param(..., doc="Whose purses.", role="design")
    devices: int = param(1, doc="How many.", role="design", ge=1, le=10_000)
    copies: int = param(
        1, doc="Copies of each (clone), times that it is set back, or records that are made up.", ge=1, le=100
    )
    starts: Duration = param(
        0, doc="When it begins; not before all purses of the group had time to arrive.", role="design"
    )
    payments: Rate = param(24.0, doc="Payments that each copy tries to make.", gt=0, le=100_000)


def _one_region() -> dict[str, float]:
    return {"town": 1.0}


class Offline(Model):
    """Hard wallets and payments between them."""

    caps: Caps = param(default_factory=Caps, doc="What a purse may do offline.", role="lever")
    settle_within: Duration = param(
        7 * US_PER_DAY,
        doc="How long after the payer's time is over a payment may still be shown; then what is left goes back.",
        role="lever",
    )
    loss: Literal["operator", "fund", "user"] = param(
        "operator",
        doc="Who bears what was spent twice, and what a finder spends of a purse reported as lost: the payer's "
        "operator, a fund, or the user (of what was spent twice the payee, of a lost purse its owner). A fund or an "
        "operator that has not enough pays nothing, and what a broken purse still holds is taken first.",
        role="lever",
    )
    fund: Money = param(0, doc="What the fund holds at the start.", role="lever")
    lost_balance: Literal["refund", "forfeit"] = param(
        "refund",
        doc="What a lost purse holds when its time is over goes back to the wallet, or is kept by the operator.",
        role="lever",
    )
    device_time: Duration = param(400_000, doc="Modelled: two devices sign and check one payment.")
    gateway_time: Duration = param(5_000, doc="Modelled: the gateway checks one payment at a sync.")
    signed: int = param(
        5_000, doc="Payments that are really signed and verified: the first so many that are shown, and all forged.",
        role="design", ge=0, le=MOST_OFFLINE,
    )  # fmt: skip
    regions: dict[Name, Share] = param(
        default_factory=_one_region, doc="Where people and merchants are; sums to 100 %.", role="design",
        min_length=1, max_length=64,
    )  # fmt: skip
    network: list[Downtime] = param(default_factory=list, doc="When and where the network is down.", max_length=200)
    terminals: Terminals = param(default_factory=Terminals, doc="Who takes hard wallets.")
    purses: dict[Name, PurseGroup] = param(
        default_factory=lambda: {"cards": PurseGroup()}, doc="Who has one.", min_length=1, max_length=32
    )
    attacks: dict[Name, Attack] = param(default_factory=dict, doc="What is broken, with ground truth.", max_length=32)


def expected_purses(scenario: Scenario, group: PurseGroup) -> float:
    """About how many purses a group has."""
    cohorts = scenario.population.cohorts
    named = cohorts.get(group.cohort) if group.cohort is not None else None
    part = 1.0 - math.fsum(one.share for one in cohorts.values()) if named is None else named.share
    return scenario.population.wallets * scenario.scale * max(0.0, part) * group.share


def dated(offline: Offline) -> Iterator[Dated]:
    """Times without a network, and attacks."""
    for number, down in enumerate(offline.network):
        yield Dated(("offline", "network", number), "starts", down.starts, down.lasts if down.every is None else None)
    for name, attack in offline.attacks.items():
        yield Dated(("offline", "attacks", name), "starts", attack.starts)


def needs(scenario: Scenario, offline: Offline) -> Iterator[tuple[str, float, float]]:
    """Payments stay until the end."""
    days = scenario.duration / US_PER_DAY
    payments = math.fsum(expected_purses(scenario, one) * one.payments * days for one in offline.purses.values())
    yield "offline.purses", payments, EACH_OFFLINE


def problems(scenario: Scenario, offline: Offline) -> Iterator[Problem]:
    """What of the hard wallets does not go together, or not with the rest of the scenario."""
    yield from whole_shares(("offline", "regions"), offline.regions.values(), ("offline",))
    for index, down in enumerate(offline.network):
        at = ("offline", "network", index)
        yield from one_of((*at, "region"), _UNKNOWN_REGION, down.region, offline.regions, ("offline",))
        if down.every is not None and down.every <= down.lasts:
            yield Problem((*at, "every"), _ALWAYS_DOWN)
    yield from _many_downtimes(scenario, offline)
    if offline.caps.payment > offline.caps.balance:
        yield Problem(("offline", "caps", "payment"), N_("must not be above `{top}`"), top="balance")
    yield from _groups(scenario, offline)
    for name, attack in offline.attacks.items():
        where = ("offline", "attacks", name)
        group = offline.purses.get(attack.group)
        yield from one_of((*where, "group"), _UNKNOWN_GROUP, attack.group, offline.purses, ("offline",))
        if group is not None and attack.devices > expected_purses(scenario, group):
            about = {"count": f"{expected_purses(scenario, group):,.0f}", "name": attack.group}
            yield Problem((*where, "devices"), _FEW_DEVICES, ("offline", "population", "scale"), **about)


def _many_downtimes(scenario: Scenario, offline: Offline) -> Iterator[Problem]:
    times = 0
    for one in offline.network:
        again = 0 if one.every is None else max(0, scenario.duration - one.starts) // one.every
        times += (1 + again) * (len(offline.regions) if one.region is None else 1)
    yield from at_most(("offline", "network"), _MANY_DOWNTIMES, times, MOST_DOWNTIMES, ("offline", "duration"))


def _groups(scenario: Scenario, offline: Offline) -> Iterator[Problem]:
    sections = ("offline", "population", "scale", "duration")
    taken: dict[str | None, float] = {}
    payments = purses = syncs = 0.0
    for name, group in offline.purses.items():
        where = ("offline", "purses", name)
        unknown = list(one_of(
            (*where, "cohort"), N_("'{name}' is not one of `population.cohorts`"), group.cohort,
            scenario.population.cohorts, ("offline", "population"),
        ))  # fmt: skip
        if unknown:
            yield from unknown
            continue
        taken[group.cohort] = taken.get(group.cohort, 0.0) + group.share
        if taken[group.cohort] > 1 + SHARES_TOLERANCE:
            yield Problem((*where, "share"), _SHARES_OF_PEOPLE)
        if group.load > offline.caps.balance:
            yield Problem((*where, "load"), N_("must not be above `{top}`"), top="offline.caps.balance")
        count = expected_purses(scenario, group)
        purses += count
        payments += count * group.payments * scenario.duration / US_PER_DAY
        syncs += count * scenario.duration / group.sync
    for attack in offline.attacks.values():
        payments += attack.devices * (attack.copies + 1) * max(attack.payments * scenario.duration / US_PER_DAY, 1)
    limits = (purses, MOST_PURSES, _MANY_PURSES), (payments, MOST_OFFLINE, _MANY_OFFLINE)
    for number, most, message in (*limits, (syncs, MOST_SYNCS, _MANY_SYNCS)):
        yield from at_most(("offline", "purses"), message, number, most, sections)


SECTION: Final = Section(
    "offline", Offline, "Hard wallets that pay without a network.", problems=problems, dated=dated, needs=needs
)
