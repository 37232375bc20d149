"""A purse as a device: what its secure element keeps and how it pays and takes payments without a network.

An honest device keeps its rules; `fork` is what a broken one is: another device with the same key, state and counter.
Whoever holds a forked device can pay the same value once more with it, which nobody can see who has not seen both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from sandbox.features.offline.checks import Refused, check_link
from sandbox.features.offline.records import MOST_FUNDS, MOST_LINKS, Certificate, Chain, Payment

Why = Literal["stale", "cap", "pin", "balance", "hops", "full", "clock", "revoked", "known", "broken"]
"""stale: too long since the last sync. cap: above the cap on a payment. pin: more than goes without the PIN. balance:
more than there is. hops: value that has passed through too many hands. full: above the payee's cap. clock: the payee's
clock says something else. revoked: the payee knows that the payer's purse was stopped. known: the payee has seen that
counter or a later one. broken: the record does not hold."""

CLOCK_TOLERANCE_US: Final = 600_000_000
"""By how much clocks of two devices may differ (ASSUMED)."""


class Declined(Exception):
    """A device does not pay, or does not take a payment; `why` is a word."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Final = why


@dataclass
class Device:
    """The state of one device (fen, us). One without a certificate, a merchant's terminal, only takes payments."""

    name: str
    certificate: Certificate | None = None
    balance_fen: int = 0
    counter: int = 0
    last_digest: bytes = b""
    """Digest of what it signed last, or of its certificate."""
    paid_fen: int = 0
    """Since its certificate."""
    incoming: list[Chain] = field(default_factory=list)
    outgoing: list[Chain] = field(default_factory=list)
    highest_counters: dict[str, int] = field(default_factory=dict)
    """The highest counter that it took from each payer; kept across syncs, or an old record could be shown anew."""

    def fork(self) -> Device:
        """The same device once more."""
        lists = {
            "incoming": list(self.incoming),
            "outgoing": list(self.outgoing),
            "highest_counters": dict(self.highest_counters),
        }
        return replace(self, **lists)  # type: ignore[arg-type]

    def renew(self, certificate: Certificate) -> None:
        """After a sync: what was shown is settled, and the certificate says what the purse holds."""
        self.certificate, self.balance_fen, self.paid_fen = certificate, certificate.balance_fen, 0
        self.counter, self.last_digest = certificate.counter, certificate.digest
        self.incoming, self.outgoing = [], []

    def offer(self, payee: str, amount_fen: int, clock_us: int, *, pin: bool = True) -> Chain:
        """The payment that it would make, unsigned: its signature follows from key and digest whenever it is wanted.

        `pin` is whether its owner's PIN was given.

        Raises:
            Declined: the purse may not or cannot.
        """
        certificate = self.certificate
        if certificate is None or clock_us > certificate.expires_us:
            raise Declined("stale")
        if amount_fen > certificate.caps.payment_fen:
            raise Declined("cap")
        if not pin and amount_fen > certificate.caps.without_pin_fen:
            raise Declined("pin")
        if not 0 < amount_fen <= self.balance_fen:
            raise Declined("balance")
        funds = self._funds(self.paid_fen + amount_fen - certificate.balance_fen)
        hops = 1 + max((fund.payment.hops for fund in funds), default=0)
        if hops > certificate.caps.hops or len(funds) > MOST_FUNDS:
            raise Declined("hops")
        payment = Payment(
            payer=self.name,
            payee=payee,
            counter=self.counter + 1,
            amount_fen=amount_fen,
            made_us=clock_us,
            previous=self.last_digest,
            certificate=certificate.digest,
            paid_fen=self.paid_fen + amount_fen,
            funds=tuple(fund.digest for fund in funds),
            hops=hops,
        )
        chain = Chain(payment, certificate, funds)
        if sum(1 for _ in chain.links()) > MOST_LINKS:
            raise Declined("hops")
        return chain

    def make(self, chain: Chain) -> None:
        """Make a payment that it offered and the payee would take: there is no way back."""
        payment = chain.payment
        self.counter, self.last_digest, self.paid_fen = payment.counter, payment.digest, payment.paid_fen
        self.balance_fen -= payment.amount_fen
        self.outgoing.append(chain)

    def _funds(self, needed_fen: int) -> tuple[Chain, ...]:
        """Payments taken that make up for what the certificate does not cover: those with the fewest hops first."""
        found, sum_fen = [], 0
        if needed_fen > 0:
            for fund in sorted(self.incoming, key=lambda one: one.payment.hops):
                found.append(fund)
                sum_fen += fund.payment.amount_fen
                if sum_fen >= needed_fen:
                    break
        return tuple(found)

    def would_take(self, chain: Chain, clock_us: int | None, revoked: bool = False) -> None:
        """Whether this device takes a payment; `clock_us` is its own clock, None if it has none.

        Raises:
            Declined: it does not.
        """
        payment = chain.payment
        if revoked:
            raise Declined("revoked")
        if payment.counter <= self.highest_counters.get(payment.payer, 0):
            raise Declined("known")
        own = self.certificate
        if own is not None and self.balance_fen + payment.amount_fen > own.caps.balance_fen:
            raise Declined("full")
        if clock_us is not None and (
            abs(payment.made_us - clock_us) > CLOCK_TOLERANCE_US or clock_us > chain.certificate.expires_us
        ):
            raise Declined("clock")
        try:
            for link in chain.links():
                check_link(link)
        except Refused:
            raise Declined("broken") from None
        if payment.payee != self.name:
            raise Declined("broken")

    def take(self, chain: Chain) -> None:
        """Take a payment that it would take."""
        self.highest_counters[chain.payment.payer] = chain.payment.counter
        self.incoming.append(chain)
        self.balance_fen += chain.payment.amount_fen
