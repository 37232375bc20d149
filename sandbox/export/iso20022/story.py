"""What one payment on one way is in messages: its legs, what each agent kept, how it ended. Numbers only, no XML.

Units: `_fen` are minor units of the currency beside them, `_us` microseconds since the scenario's start.
Invariants: along the legs of a chain what leaves an agent is what reached it less its charge, and all charges together
are the payment's fee, to the minor unit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sandbox.export.iso20022.codes import CREDITED, DEALER, OTHER_REASON, REASONS, REJECTED
from sandbox.export.iso20022.rows import PENDING, SETTLED, SHARED_LEDGER, Payment, exchanged

CUSTOMERS, BANKS, STATUS, CREDIT = "pacs.008", "pacs.009", "pacs.002", "camt.054"
TREASURY: Final = "treasury"
"""The purpose whose payers and payees are the banks themselves."""


class Charge(NamedTuple):
    """What an agent keeps, in the payer's currency."""

    agent: str
    fen: int


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
    converted: bool
    """Whether the amount is in the payee's currency, out of the payer's."""
    pays_exchange: bool = False
    """Whether it pays for the currency that another leg delivers."""


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


class Story(NamedTuple):
    """A payment in messages."""

    payment: Payment
    legs: tuple[Leg, ...]
    ending: Ending | None
    """None while it is on its way."""
    arrival: Arrival | None


def story(payment: Payment) -> Story:
    """What happened, as far as the table says."""
    legs = _exchange_legs(payment) if payment.path == SHARED_LEDGER else _chain(payment)
    ending = None
    if payment.outcome != PENDING and payment.completed_at_us is not None:
        settled, why = payment.outcome == SETTLED, payment.reason or ""
        ending = Ending(
            name_of(payment, STATUS, 1),
            payment.completed_at_us,
            CREDITED if settled else REJECTED,
            None if settled else REASONS.get(why, OTHER_REASON),
            None if settled else f"{payment.outcome}: {why}",
        )
    arrival = None
    if payment.outcome == SETTLED and payment.completed_at_us is not None:
        arrival = Arrival(name_of(payment, CREDIT, 1), payment.completed_at_us, charges(payment))
    return Story(payment, legs, ending, arrival)


def name_of(payment: Payment, kind: str, number: int) -> str:
    """Identifier of a message: payment, L for the ledger or C for the chain, kind, number."""
    way = "L" if payment.path == SHARED_LEDGER else "C"
    return f"{payment.payment_id}-{way}-{kind[-3:]}-{number}"


def agents(payment: Payment) -> tuple[str, ...]:
    """Everybody who has the payment on its way, in order."""
    return (payment.payer_bank, *payment.agents, payment.payee_bank)


def charges(payment: Payment) -> tuple[Charge, ...]:
    """Who keeps what of the fee.

    The table has their sum: on the ledger the payer's bank takes it, on the chain it is shared out evenly among all
    agents, what is left over to the first ones.
    """
    takers = (payment.payer_bank,) if payment.path == SHARED_LEDGER else agents(payment)
    each, over = divmod(payment.fee_fen, len(takers))
    return tuple(Charge(agent, each + (place < over)) for place, agent in enumerate(takers))


def _exchange_legs(payment: Payment) -> tuple[Leg, ...]:
    """On the shared ledger: what is paid, and, where currencies differ, what pays for it; both at once."""
    taken = charges(payment)
    kept = payment.amount_fen - payment.fee_fen
    arrives = kept, payment.payer_currency
    converted = exchanged(payment) and payment.credited_fen is not None
    if payment.credited_fen is not None:
        arrives = payment.credited_fen, payment.payee_currency
    kind = _kind(payment)
    sender, at_us = payment.payer_bank, payment.submitted_at_us
    first = Leg(
        kind, name_of(payment, kind, 1), sender, payment.payee_bank, (), (), at_us, *arrives, taken, converted
    )  # fmt: skip
    if not (converted and payment.pvp):
        return (first,)  # one currency, or a bank exchanged for its own customer: nothing else moved between banks
    number = 2 if kind == BANKS else 1
    pays = Leg(
        BANKS, name_of(payment, BANKS, number), sender, DEALER, (), (), at_us, kept, payment.payer_currency, (), False,
        pays_exchange=True,
    )  # fmt: skip
    return first, pays


def _chain(payment: Payment) -> tuple[Leg, ...]:
    """From bank to bank in the payer's currency, which the payee's bank changes; before it settles, the first leg."""
    everybody, taken = agents(payment), charges(payment)
    last = len(everybody) - 2
    settled_us = payment.settled_at_us
    legs, left = [], payment.amount_fen
    kind = _kind(payment)
    for place in range(last + 1 if settled_us is not None else 1):
        left -= taken[place].fen
        # Nobody noted when the ones between sent it on.
        way_us = max(0, (settled_us or payment.submitted_at_us) - payment.submitted_at_us)
        at_us = payment.submitted_at_us + (way_us * place // last if last else 0)
        legs.append(
            Leg(
                kind, name_of(payment, kind, place + 1), everybody[place], everybody[place + 1],
                everybody[1:place], everybody[place + 2 : -1], at_us, left, payment.payer_currency,
                taken[: place + 1], False,
            )
        )  # fmt: skip
    return tuple(legs)


def _kind(payment: Payment) -> str:
    return BANKS if payment.purpose == TREASURY else CUSTOMERS
