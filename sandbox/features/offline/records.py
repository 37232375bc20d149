"""What hard wallets sign: certificates and offline payments, and chains of them.

A **certificate** is what the operator signs at each sync: the purse's key, the value that it holds, how far its counter
has come, what it may do (caps) and until when. A **payment** is what a purse signs: whom it pays, its next counter, the
hash of what it signed before, all that it has paid since its certificate, and the payments to itself that fund this one
where the certificate's value does not. A **chain** is a payment with everything that it rests on, so that whoever holds
it can be paid without having met anybody else. Units: fen, us.

Signatures are of a SHA-256 digest over the canonical JSON of all fields but the signature (`wallets.signatures`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final

from wallets.keys import PublicKey, SimulationKey, read_public_key
from wallets.signatures import digest_of, sign_digests
from wallets.strict_json import canonical

CERTIFICATE_PURPOSE: Final = "ecny-sandbox purse certificate 1"
PAYMENT_PURPOSE: Final = "ecny-sandbox offline payment 1"
MOST_FUNDS: Final = 64
"""Payments that one payment may be funded by; a purse that needs more must sync."""
MOST_LINKS: Final = 256
"""Payments in a chain."""


@dataclass(frozen=True)
class Caps:
    """What a purse may do offline: hold, pay at once, how many hands value may pass through, and what it pays at once
    without its owner's PIN (fen, fen, count, fen)."""

    balance_fen: int
    payment_fen: int
    hops: int
    without_pin_fen: int


@dataclass(frozen=True)
class Certificate:
    """The operator's word on a purse at a sync. `number` counts the purse's certificates, `counter` its payments."""

    purse: str
    public: bytes
    number: int
    counter: int
    balance_fen: int
    caps: Caps
    issued_us: int
    expires_us: int
    """The purse may pay until then."""
    signature: bytes = b""

    @cached_property
    def digest(self) -> bytes:
        """What the operator signs."""
        return digest_of(CERTIFICATE_PURPOSE, canonical(self._body()))

    def _body(self) -> dict[str, Any]:
        return {
            "balance_cap_fen": self.caps.balance_fen,
            "balance_fen": self.balance_fen,
            "counter": self.counter,
            "expires_us": self.expires_us,
            "hops": self.caps.hops,
            "issued_us": self.issued_us,
            "number": self.number,
            "payment_cap_fen": self.caps.payment_fen,
            "pin_cap_fen": self.caps.without_pin_fen,
            "public": self.public.hex(),
            "purse": self.purse,
        }


@dataclass(frozen=True)
class Payment:
    """What a purse signs when it pays."""

    payer: str
    payee: str
    counter: int
    amount_fen: int
    made_us: int
    """By the payer's clock."""
    previous: bytes
    """Digest of the payer's payment before, or of its certificate."""
    certificate: bytes
    """Digest of the payer's certificate."""
    paid_fen: int
    """All that the payer has paid since its certificate, this included."""
    funds: tuple[bytes, ...]
    """Digests of payments to the payer that this one rests on."""
    hops: int
    """1, or one more than the most of its funds."""
    signature: bytes = b""

    @cached_property
    def digest(self) -> bytes:
        """What the payer signs, and what the payment is known by."""
        return digest_of(PAYMENT_PURPOSE, canonical(self._body()))

    def _body(self) -> dict[str, Any]:
        return {
            "amount_fen": self.amount_fen,
            "certificate": self.certificate.hex(),
            "counter": self.counter,
            "funds": [one.hex() for one in self.funds],
            "hops": self.hops,
            "made_us": self.made_us,
            "paid_fen": self.paid_fen,
            "payee": self.payee,
            "payer": self.payer,
            "previous": self.previous.hex(),
        }


@dataclass(frozen=True, eq=False)
class Chain:
    """A payment, the payer's certificate, and the chains of the payments that fund it."""

    payment: Payment
    certificate: Certificate
    funds: tuple[Chain, ...] = ()

    @property
    def digest(self) -> bytes:
        """The payment's."""
        return self.payment.digest

    def links(self) -> Iterator[Chain]:
        """Every payment once, those that fund others before them."""
        seen: set[bytes] = set()
        waiting: list[tuple[Chain, bool]] = [(self, False)]
        while waiting:
            link, opened = waiting.pop()
            if opened:
                yield link
            elif link.digest not in seen:
                seen.add(link.digest)
                waiting.append((link, True))
                waiting.extend((fund, False) for fund in reversed(link.funds))


def certify(certificate: Certificate, operator: SimulationKey) -> Certificate:
    """The certificate with the operator's signature."""
    return replace(certificate, signature=sign_digests([(operator, certificate.digest)])[0])


def signed(payment: Payment, key: SimulationKey) -> Payment:
    """The payment with the signature of its payer's key."""
    return replace(payment, signature=sign_digests([(key, payment.digest)])[0])


@lru_cache(maxsize=4096)
def key_of(purse: str, public: bytes) -> PublicKey:
    """The key of a purse, known to lie on the curve.

    Raises:
        BadKey: it does not.
    """
    return read_public_key(PublicKey(purse, public).as_object())
