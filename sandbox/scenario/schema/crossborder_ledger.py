"""Schema of the shared ledger: one ledger that holds several central banks' money (after mBridge).

Sums are US dollars at the mid rates of the start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from sandbox.scenario.schema.fields import Dollars, Duration, Model, Patience, Share, param
from sandbox.scenario.schema.office import ever_both
from sandbox.scenario.units import US_PER_DAY

if TYPE_CHECKING:
    from sandbox.scenario.schema.crossborder import CrossBorder
    from sandbox.scenario.schema.scenario import Scenario

MOST_FUNDINGS = 100_000
"""Times in a run at which central banks set balances right."""


class Quotes(Model):
    """Exchange: banks that make markets quote two ways around the mid."""

    dealers_each: int = param(
        2, doc="How many banks of each jurisdiction make markets between its currency and others; its first ones.",
        ge=0, le=500,
    )  # fmt: skip
    dealers: list[str] = param(
        default_factory=list, doc="Names of the banks that make markets instead, such as `hong_kong bank 2`.",
        role="design", max_length=500,
    )  # fmt: skip
    spread_least: Share = param(0.0005, doc="Least distance from bid to ask, as a share of the mid.", le=0.5)
    spread_most: Share = param(0.003, doc="Most; each quote's is drawn between the two.", le=0.5)
    validity: Duration = param(300_000_000, doc="How long a quote holds for who has not locked the money yet.", gt=0)
    requotes: int = param(
        12, doc="How often a payment may ask again when its quote has expired; then it is refused.", role="lever",
        ge=0, le=1_000,
    )  # fmt: skip


class Validators(Model):
    """Nodes that decide together what is settled."""

    members: list[str] = param(
        default_factory=list, doc="Jurisdictions that have a validator each; all of them when left out.",
        role="design", max_length=50,
    )  # fmt: skip
    quorum: Share = param(
        2 / 3, doc="More than this share of the validators must be at work, or nothing is decided.", role="lever"
    )
    consensus_shortest: Duration = param(
        2_000_000, doc="Shortest time that they take for a decision.", source="GSI Exchange 2021"
    )
    consensus_longest: Duration = param(
        10_000_000, doc="Longest; every time between the two is as likely.", source="GSI Exchange 2021", gt=0
    )
    lock_timeout: Duration = param(
        900_000_000, doc="What is locked so long without a decision goes back to who paid it.", role="lever", gt=0
    )

    def needed(self, count: int) -> int:
        """How many of `count` validators must be at work."""
        return math.floor(self.quorum * count + 1e-9) + 1


class LedgerQueue(Model):
    """The queue for payments whose bank has not enough of the currency."""

    mode: Literal["none", "bilateral", "multilateral"] = param(
        "multilateral",
        doc="What settles together when nothing can alone: nothing, two banks' payments, or all banks' payments.",
        role="lever",
    )
    patience: Patience = param(3_600_000_000, doc="How long a payment waits for money before it is refused.")
    every: Patience = param(
        60_000_000, doc="Beside each arrival of a payment or money, the queue is looked at so often.", role="lever"
    )
    overtaking: bool = param(
        True, doc="Whether a payment may settle before an earlier one of the same bank.", role="lever"
    )


class SharedLedger(Model):
    """A multi-currency ledger of several central banks."""

    liquidity: Dollars = param(
        10_000_000_000, doc="What each bank holds at the start in its own currency and in each that it pays in."
    )
    dealer_liquidity: Dollars = param(
        50_000_000_000, doc="What each bank that makes markets holds at the start in every currency instead."
    )
    holdings: dict[str, dict[str, Dollars]] = param(
        default_factory=dict, doc="What some banks hold instead, by bank and currency.", role="design", max_length=500
    )
    refill: Patience = param(
        US_PER_DAY,
        doc="So often central banks issue and take back until each bank holds again what it held at the start.",
        role="lever",
    )
    hours: Literal["always", "office"] = param(
        "always", doc="A currency moves at any time, or while the banks of its jurisdiction are open.", role="lever"
    )
    quotes: Quotes = param(default_factory=Quotes, doc="Exchange.")
    validators: Validators = param(default_factory=Validators, doc="Who decides together.")
    queue: LedgerQueue = param(default_factory=LedgerQueue, doc="Payments that wait for money.")
    fee: Dollars = param(100, doc="What the payer's bank asks for each payment.")
    fee_share: Share = param(0.0005, doc="What it asks on top, as a share of the sum.", le=0.5)

    def held(self, crossborder: CrossBorder, place: str, bank: str, currency: str, is_dealer: bool) -> int:
        """What a bank of a jurisdiction holds of a currency at the start (US cents)."""
        if currency in self.holdings.get(bank, {}):
            return self.holdings[bank][currency]
        if is_dealer:
            return self.dealer_liquidity
        pays = any(
            one.sender == place and crossborder.currencies_of(one)[0] == currency
            for one in crossborder.corridors.values()
        )
        return self.liquidity if pays or crossborder.jurisdictions[place].currency == currency else 0

    def validators_in(self, crossborder: CrossBorder) -> list[str]:
        """Jurisdictions with a validator."""
        return self.validators.members or list(crossborder.jurisdictions)

    def dealers_in(self, crossborder: CrossBorder) -> list[str]:
        """Names of the banks that make markets, in the order of the banks."""
        each = self.quotes.dealers_each
        first = {
            f"{name} bank {number + 1}"
            for name, one in crossborder.jurisdictions.items()
            for number in range(min(each, one.banks))
        }
        chosen = set(self.quotes.dealers) or first
        return [name for _, name in crossborder.banks() if name in chosen]


_Found = Iterator[tuple[tuple[str | int, ...], str, dict[str, object]]]


def ledger_problems(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    """What does not go together on the shared ledger; paths below `crossborder`."""
    if "shared_ledger" not in crossborder.ways:
        return
    for path, code, values in (
        *_names(crossborder), *_numbers(crossborder.shared_ledger, crossborder), *_times(crossborder, scenario)
    ):  # fmt: skip
        yield ("shared_ledger", *path), code, values
    if not any({one.sender, one.receiver} - set(crossborder.jurisdictions) for one in crossborder.corridors.values()):
        yield from _without_market(crossborder)
        yield from _never_together(crossborder, scenario)
        yield from _unused(crossborder)


def _names(crossborder: CrossBorder) -> _Found:
    ledger = crossborder.shared_ledger
    banks = [name for _, name in crossborder.banks()]
    for place, name in enumerate(ledger.quotes.dealers):
        if name not in banks:
            yield ("quotes", "dealers", place), "bank_unknown", {"name": name, "given": name, "valid": banks[:500]}
    for place, name in enumerate(ledger.validators.members):
        if name not in crossborder.jurisdictions:
            valid = list(crossborder.jurisdictions)
            yield (
                ("validators", "members", place), "jurisdiction_unknown", {"name": name, "given": name, "valid": valid}
            )  # fmt: skip
        elif name in ledger.validators.members[:place]:
            yield ("validators", "members", place), "validator_twice", {"name": name}
    for name, held in ledger.holdings.items():
        if name not in banks:
            yield ("holdings", name), "bank_unknown", {"name": name, "given": name, "valid": banks[:500]}
        for code in held:
            if code not in crossborder.currencies:
                valid = list(crossborder.currencies)
                yield ("holdings", name, code), "currency_no_rate", {"name": code, "given": code, "valid": valid}


def _numbers(ledger: SharedLedger, crossborder: CrossBorder) -> _Found:
    quotes, validators = ledger.quotes, ledger.validators
    if quotes.spread_most < quotes.spread_least:
        yield ("quotes", "spread_most"), "quotes_inverted", {}
    if validators.consensus_longest < validators.consensus_shortest:
        yield ("validators", "consensus_longest"), "consensus_order", {}
    if validators.lock_timeout <= validators.consensus_shortest:
        yield ("validators", "lock_timeout"), "lock_too_short", {}
    count = len(ledger.validators_in(crossborder))
    if validators.needed(count) > count:
        yield ("validators", "quorum"), "quorum_impossible", {"count": count}


def _times(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    refill = crossborder.shared_ledger.refill
    count = 0 if refill is None else (scenario.duration + crossborder.settle_within) // refill
    if count > MOST_FUNDINGS:
        yield ("refill",), "too_many_fundings", {"count": f"{count:,}", "limit": f"{MOST_FUNDINGS:,}"}


def _without_market(crossborder: CrossBorder) -> _Found:
    """Corridors in which nothing can ever settle."""
    ledger, at = crossborder.shared_ledger, {name: place for place, name in crossborder.banks()}
    if (set(ledger.quotes.dealers) | set(ledger.holdings)) - set(at):
        return
    quoted = {crossborder.jurisdictions[at[name]].currency for name in ledger.dealers_in(crossborder)}
    dry = _dry(crossborder) if ledger.queue.mode == "none" else {}
    for name, corridor in crossborder.corridors.items():
        pays, gets = crossborder.currencies_of(corridor)
        if pays != gets and not {pays, gets} & quoted:
            yield ("corridors", name), "corridor_no_dealer", {"pays": pays, "gets": gets}
        elif name in dry:
            yield ("corridors", name), "corridor_no_liquidity", {"name": dry[name]}


def _dry(crossborder: CrossBorder) -> dict[str, str]:
    """Corridors in which nobody could ever pay, though whatever comes in is paid on: the currency that lacks."""
    ledger, dealers = crossborder.shared_ledger, set(crossborder.shared_ledger.dealers_in(crossborder))
    places, home = {name: place for place, name in crossborder.banks()}, crossborder.jurisdictions
    ends = {name: (one, *crossborder.currencies_of(one)) for name, one in crossborder.corridors.items()}
    has = {
        (bank, code) for bank in places for _, *codes in ends.values() for code in codes
        if ledger.held(crossborder, places[bank], bank, code, bank in dealers)
    }  # fmt: skip
    dry: dict[str, str] = {}
    size = -1
    while size != len(has):
        size, dry = len(has), {}
        for name, (one, pays, gets) in ends.items():
            markets = {bank for bank in dealers if home[places[bank]].currency in (pays, gets)}
            if not any((bank, pays) in has for bank, place in places.items() if place == one.sender):
                dry[name] = pays
            elif pays != gets and not any((bank, gets) in has for bank in markets):
                dry[name] = gets
            else:
                has |= {(bank, gets) for bank, place in places.items() if place == one.receiver}
                has |= {(bank, pays) for bank in markets} if pays != gets else set()
    return dry


def _never_together(crossborder: CrossBorder, scenario: Scenario) -> _Found:
    """Corridors whose currencies never move at once."""
    if crossborder.shared_ledger.hours != "office":
        return
    until = scenario.duration + crossborder.settle_within
    for name, corridor in crossborder.corridors.items():
        pays, gets = crossborder.currencies_of(corridor)
        places = crossborder.clock_of(pays), crossborder.clock_of(gets)
        one, other = (
            [(0, until)] if place is None else list(crossborder.jurisdictions[place].spans(scenario.start, until))
            for place in places
        )
        if not ever_both(one, other):
            yield ("corridors", name), "corridor_apart", {"pays": pays, "gets": gets}


def _unused(crossborder: CrossBorder) -> _Found:
    """Money that no payment can need."""
    used = {code for one in crossborder.corridors.values() for code in crossborder.currencies_of(one)}
    for name, held in crossborder.shared_ledger.holdings.items():
        for code in held:
            if code in crossborder.currencies and code not in used:
                yield (
                    ("shared_ledger", "holdings", name, code), "holding_unused",
                    {"name": code, "given": code, "valid": sorted(used)},
                )  # fmt: skip


__all__ = ["LedgerQueue", "Quotes", "SharedLedger", "Validators", "ledger_problems"]
