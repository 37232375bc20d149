"""What one payment of one arrangement is in messages: its legs, each agent's charge, how it ended; no XML.

Units: `_fen` are minor units of the currency beside them, `_us` microseconds since the scenario's start.
Invariants: a leg in the payer's currency carries what the payer gave less the charges so far, and all charges together
are the payment's fee, to the minor unit. A leg in another currency carries the same at the rate of the payment.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sandbox.features.crossborder.currencies import minor_digits
from sandbox.features.crossborder.messages.codes import OTHER_REASON, REASONS, STATUSES
from sandbox.features.crossborder.messages.rows import MOST_FEN, SETTLED, SHARED_LEDGER, PaymentRow, is_rate
from sandbox.features.crossborder.messages.terms import Charge, Terms, agents

CUSTOMERS, BANKS, STATUS, CREDIT = "pacs.008", "pacs.009", "pacs.002", "camt.054"
TREASURY: Final = "treasury"
"""The purpose whose payers and payees are the banks themselves."""


class Leg(NamedTuple):
    """Money from one agent to the next."""

    kind: str
    message: str
    """Identifier of the message, which no other has."""
    sender: str
    receiver: str
    before: tuple[str, ...]
    """Agents that had it before the sender, the payer's bank not counted; the first one first."""
    after: tuple[str, ...]
    """Agents after the receiver, the payee's bank not counted."""
    at_us: int
    amount_fen: int
    currency: str
    charges: tuple[Charge, ...]
    """Taken so far."""
    rate: float | None = None
    """Units of this currency for one of the payer's, where they differ and it is known."""
    bound: bool = False
    """Whether it settles together with the leg that it is exchanged for, or not at all."""
    pays_exchange: bool = False
    """Whether it only pays for the currency that another leg delivers."""


class Ending(NamedTuple):
    """The answer to the first leg."""

    message: str
    at_us: int
    status: str
    reason: str | None
    """Code of the standard."""
    words: str | None


class Arrival(NamedTuple):
    """What the payee is told."""

    message: str
    at_us: int
    charges: tuple[Charge, ...]
    """All of them."""


class MessageFlow(NamedTuple):
    """A payment in messages."""

    payment: PaymentRow
    legs: tuple[Leg, ...]
    payer_bears: bool
    """Whether all charges are the payer's."""
    ending: Ending | None
    """None while it is on its way."""
    arrival: Arrival | None


def flow(payment: PaymentRow, terms: Terms) -> MessageFlow:
    """What happened, as far as the table says.

    Raises:
        RunError: the payment is of no corridor of the scenario.
    """
    taken = terms.charges(payment)
    on_ledger = payment.path == SHARED_LEDGER
    legs = _ledger_legs(payment, taken) if on_ledger else _chain(payment, taken, terms.currencies(payment))
    ending = arrival = None
    if payment.completed_at_us is not None and payment.outcome in STATUSES:
        ending = _ending(payment, payment.completed_at_us)
        if payment.outcome == SETTLED:
            arrival = Arrival(name_of(payment, CREDIT, 1), payment.completed_at_us, taken)
    return MessageFlow(payment, legs, terms.payer_bears(payment), ending, arrival)


def _ending(payment: PaymentRow, at_us: int) -> Ending:
    name, status = name_of(payment, STATUS, 1), STATUSES[payment.outcome]
    if payment.outcome == SETTLED:
        return Ending(name, at_us, status, None, None)
    why = payment.reason or ""
    return Ending(name, at_us, status, REASONS.get(why, OTHER_REASON), f"{payment.outcome}: {why}")


def name_of(payment: PaymentRow, kind: str, number: int) -> str:
    """Identifier of a message: payment, L for the ledger or C for the chain, kind, number."""
    arrangement = "L" if payment.path == SHARED_LEDGER else "C"
    return f"{payment.payment_id}-{arrangement}-{kind[-3:]}-{number}"


def _ledger_legs(payment: PaymentRow, taken: tuple[Charge, ...]) -> tuple[Leg, ...]:
    """On the shared ledger: what is paid, and, if that is another currency, what pays for it; both at once."""
    net = payment.amount_fen - payment.fee_fen, payment.payer_currency
    changed = payment.payer_currency != payment.payee_currency and payment.credited_fen is not None
    dealer = payment.dealer if changed and payment.pvp else None
    bound = dealer is not None
    arrives = (payment.credited_fen, payment.payee_currency) if payment.credited_fen is not None else net
    kind, sender, at_us = _kind(payment), payment.payer_bank, payment.submitted_at_us
    first = Leg(
        kind, name_of(payment, kind, 1), sender, payment.payee_bank, (), (), at_us, *arrives, taken,
        payment.rate if changed else None, bound,
    )  # fmt: skip
    if dealer is None:
        return (first,)  # one currency, or a bank exchanged for its own customer: nothing else moved between banks
    name = name_of(payment, BANKS, 2 if kind == BANKS else 1)
    pays = Leg(BANKS, name, sender, dealer, (), (), at_us, *net, (), None, bound, pays_exchange=True)
    return first, pays


def _chain(payment: PaymentRow, taken: tuple[Charge, ...], currencies: tuple[str, ...]) -> tuple[Leg, ...]:
    """From bank to bank; before it settles, the first leg alone, and none whose amount cannot be known."""
    everybody, kind, last = agents(payment), _kind(payment), len(currencies) - 1
    begun_us, settled_us = payment.submitted_at_us, payment.settled_at_us
    span_us = max(0, (begun_us if settled_us is None else settled_us) - begun_us)
    legs: list[Leg] = []
    left = payment.amount_fen
    for place in range(1 if settled_us is None else last + 1):
        left -= taken[place].fen
        carried = _carried(payment, left, taken, currencies[place])
        if carried is None:
            if legs:
                break
            carried = left, payment.payer_currency, None
        amount, currency, rate = carried
        changes = any(currencies[one] != currencies[place] for one in (max(place - 1, 0), min(place + 1, last)))
        # Nobody noted when the ones between sent it on.
        at_us = begun_us + (span_us * place // last if last else 0)
        legs.append(
            Leg(
                kind, name_of(payment, kind, place + 1), everybody[place], everybody[place + 1], everybody[1:place],
                everybody[place + 2 : -1], at_us, amount, currency, taken[: place + 1], rate, payment.pvp and changes,
            )
        )  # fmt: skip
    return tuple(legs)


def _carried(
    payment: PaymentRow, left: int, taken: tuple[Charge, ...], currency: str
) -> tuple[int, str, float | None] | None:
    """What is left of a payment (minor units of the payer's currency) in the currency of a leg, at which rate.

    In the payee's currency it is worth what the payee got for it; in dollars between the two, what the whole was worth
    at the mid rates of the start. None if the table does not say.
    """
    if currency == payment.payer_currency:
        return left, currency, None
    if payment.credited_fen is None:
        return None
    worth, of, rate = payment.credited_fen, payment.amount_fen - payment.fee_fen, payment.rate
    if currency != payment.payee_currency:
        worth, of = payment.value_usd_cents, payment.amount_fen - taken[0].fen
        rate = worth / max(of, 1) * 10.0 ** (minor_digits(payment.payer_currency) - minor_digits(currency))
    amount = worth * left // max(of, 1)
    if amount >= MOST_FEN:
        return None
    return amount, currency, rate if rate is not None and is_rate(rate) else None


def _kind(payment: PaymentRow) -> str:
    return BANKS if payment.purpose == TREASURY else CUSTOMERS
