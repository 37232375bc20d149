"""What does not go together on the shared ledger."""

from __future__ import annotations

from typing import Final

from sandbox.features.crossborder.schema.common import Found, no_jurisdiction, no_rates, unknown
from sandbox.features.crossborder.schema.ledger import SharedLedger
from sandbox.features.crossborder.schema.office import ever_both
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import N_
from sandbox.scenario.schema import Scenario

MOST_FUNDINGS: Final = 100_000
"""Times in a run at which central banks set balances right."""

_BANK_UNKNOWN: Final = N_("'{name}' is not a bank here")
_VALIDATOR_TWICE: Final = N_("{name} is named already; a jurisdiction has one validator")
_QUOTES_INVERTED: Final = N_("is below `spread_least`, which would put bid above ask")
_CONSENSUS_ORDER: Final = N_("must not be below `consensus_shortest`")
_LOCK_TOO_SHORT: Final = N_("must be above `consensus_shortest`, or nothing would ever be decided in time")
_QUORUM_IMPOSSIBLE: Final = N_("more than all {count} validators can never be at work; take a share below 100 %")
_TOO_MANY_FUNDINGS: Final = N_("that is {count} times; at most {limit}")
_CORRIDOR_NO_DEALER: Final = N_(
    "no bank makes a market between {pays} and {gets}; add one of a jurisdiction with either "
    "currency to `shared_ledger.quotes.dealers`"
)
_CORRIDOR_NO_LIQUIDITY: Final = N_(
    "nobody who would have to pay {name} can ever have any and nothing is offset, so nothing could "
    "ever settle; raise `shared_ledger.liquidity`, or choose another `shared_ledger.queue.mode`"
)
_HOLDING_UNUSED: Final = N_("nobody pays or is paid in {name} here")
_CORRIDOR_APART: Final = N_(
    "{pays} and {gets} never move at the same time within the run, so nothing could ever settle; "
    "change the hours of their jurisdictions, run for longer, or set `shared_ledger.hours` to "
    "`always`"
)


def ledger_problems(crossborder: CrossBorder, scenario: Scenario) -> Found:
    """What does not go together on the shared ledger; paths below `crossborder`."""
    if "shared_ledger" not in crossborder.arrangement_names:
        return
    for path, message, values in (
        *_names(crossborder), *_numbers(crossborder.shared_ledger, crossborder), *_times(crossborder, scenario)
    ):  # fmt: skip
        yield ("shared_ledger", *path), message, values
    if not any({one.sender, one.receiver} - set(crossborder.jurisdictions) for one in crossborder.corridors.values()):
        yield from _without_market(crossborder)
        yield from _never_together(crossborder, scenario)
        yield from _unused(crossborder)


def _names(crossborder: CrossBorder) -> Found:
    ledger = crossborder.shared_ledger
    banks = [name for _, name in crossborder.banks()]
    for place, name in enumerate(ledger.quotes.dealers):
        if name not in banks:
            yield ("quotes", "dealers", place), _BANK_UNKNOWN, unknown(name, banks[:500])
    for place, name in enumerate(ledger.validators.members):
        yield from no_jurisdiction(("validators", "members", place), name, crossborder)
        if name in ledger.validators.members[:place]:
            yield ("validators", "members", place), _VALIDATOR_TWICE, {"name": name}
    for name, held in ledger.holdings.items():
        if name not in banks:
            yield ("holdings", name), _BANK_UNKNOWN, unknown(name, banks[:500])
        for code in held:
            yield from no_rates(("holdings", name, code), [code], crossborder)


def _numbers(ledger: SharedLedger, crossborder: CrossBorder) -> Found:
    quotes, validators = ledger.quotes, ledger.validators
    if quotes.spread_most < quotes.spread_least:
        yield ("quotes", "spread_most"), _QUOTES_INVERTED, {}
    if validators.consensus_longest < validators.consensus_shortest:
        yield ("validators", "consensus_longest"), _CONSENSUS_ORDER, {}
    if validators.lock_timeout <= validators.consensus_shortest:
        yield ("validators", "lock_timeout"), _LOCK_TOO_SHORT, {}
    count = len(crossborder.validators())
    if validators.needed(count) > count:
        yield ("validators", "quorum"), _QUORUM_IMPOSSIBLE, {"count": count}


def _times(crossborder: CrossBorder, scenario: Scenario) -> Found:
    refill = crossborder.shared_ledger.refill
    count = 0 if refill is None else (scenario.duration + crossborder.settle_within) // refill
    if count > MOST_FUNDINGS:
        yield ("refill",), _TOO_MANY_FUNDINGS, {"count": f"{count:,}", "limit": f"{MOST_FUNDINGS:,}"}


def _without_market(crossborder: CrossBorder) -> Found:
    """Corridors in which nothing can ever settle."""
    ledger, at = crossborder.shared_ledger, {name: place for place, name in crossborder.banks()}
    if (set(ledger.quotes.dealers) | set(ledger.holdings)) - set(at):
        return
    quoted = {crossborder.jurisdictions[at[name]].currency for name in crossborder.dealers()}
    dry = _dry(crossborder) if ledger.queue.mode == "none" else {}
    for name, corridor in crossborder.corridors.items():
        pays, gets = crossborder.currencies_of(corridor)
        if pays != gets and not {pays, gets} & quoted:
            yield ("corridors", name), _CORRIDOR_NO_DEALER, {"pays": pays, "gets": gets}
        elif name in dry:
            yield ("corridors", name), _CORRIDOR_NO_LIQUIDITY, {"name": dry[name]}


def _dry(crossborder: CrossBorder) -> dict[str, str]:
    """Corridors in which nobody could ever pay, though whatever comes in is paid on: the currency that lacks."""
    dealers = set(crossborder.dealers())
    places, home = {name: place for place, name in crossborder.banks()}, crossborder.jurisdictions
    ends = {name: (one, *crossborder.currencies_of(one)) for name, one in crossborder.corridors.items()}
    has = {
        (bank, code) for bank in places for _, *codes in ends.values() for code in codes
        if crossborder.holds_at_start(places[bank], bank, code, bank in dealers)
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


def _never_together(crossborder: CrossBorder, scenario: Scenario) -> Found:
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
            yield ("corridors", name), _CORRIDOR_APART, {"pays": pays, "gets": gets}


def _unused(crossborder: CrossBorder) -> Found:
    """Money that no payment can need."""
    used = {code for one in crossborder.corridors.values() for code in crossborder.currencies_of(one)}
    for name, held in crossborder.shared_ledger.holdings.items():
        for code in held:
            if code in crossborder.currencies and code not in used:
                yield ("shared_ledger", "holdings", name, code), _HOLDING_UNUSED, unknown(code, sorted(used))
