"""What hard wallets sign: certificates and offline payments, their one spelling, and reading them from strangers.

A **certificate** is what the operator signs at each sync: the purse's key, the value that it holds, how far its counter
has come, what it may do (caps) and until when. A **payment** is what a purse signs: whom it pays, its next counter, the
hash of what it signed before, all that it has paid since its certificate, and the payments to itself that fund this one
where the certificate's value does not. A **chain** is a payment with everything that it rests on, so that whoever holds
it can be paid without having met anybody else. Units: fen, us.

Signatures are of a SHA-256 digest over the canonical JSON of all fields but the signature (`wallets.signatures`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import Any, Final

from sandbox.language import _
from wallets.keys import LONGEST_NAME, PUBLIC_BYTES, PublicKey, SimulationKey, read_public_key
from wallets.signatures import DIGEST_BYTES, SIGNATURE_BYTES, digest_of, sign_digests
from wallets.strict_json import (
    BadText,
    canonical,
    count_at,
    exact_names,
    hex_at,
    hex_bytes,
    read_object,
    shown,
    text_at,
)

CERTIFICATE_PURPOSE: Final = "ecny-sandbox purse certificate 1"
PAYMENT_PURPOSE: Final = "ecny-sandbox offline payment 1"
MOST_FUNDS: Final = 64
"""Payments that one payment may be funded by; a purse that needs more must sync."""
MOST_LINKS: Final = 256
"""Payments in a chain, and certificates in one that is read."""
MOST_BYTES: Final = 512 * 1024
MOST_VALUE: Final = 10**17
"""Largest amount (fen), counter or time that is read."""


class BadRecord(BadText):
    """This is no certificate, payment or chain of ours; the message says why."""


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

    def as_object(self) -> dict[str, Any]:
        """As it is written."""
        return {**self._body(), "signature": self.signature.hex()}


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

    def as_object(self) -> dict[str, Any]:
        """As it is written."""
        return {**self._body(), "signature": self.signature.hex()}


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


# --- files ----------------------------------------------------------------------------------------------------------

_CAP_NAMES: Final = {"balance_cap_fen", "payment_cap_fen", "hops", "pin_cap_fen"}
_CERTIFICATE_NAMES: Final = frozenset({one.name for one in fields(Certificate)} - {"caps"} | _CAP_NAMES)
_PAYMENT_NAMES: Final = frozenset(one.name for one in fields(Payment))
_CHAIN: Final = "offline chain"


def write_chain(chain: Chain) -> bytes:
    """A chain as one line of canonical JSON: payments in order, what is shown last; certificates as they are needed."""
    links = list(chain.links())
    certificates = {link.certificate.digest: link.certificate for link in links}
    return canonical(
        {
            "certificates": [one.as_object() for one in certificates.values()],
            "payments": [link.payment.as_object() for link in links],
        }
    )


def read_chain(text: str | bytes) -> Chain:
    """Read a chain from a stranger. Signatures are not looked at here (`sandbox.features.offline.checks`).

    Raises:
        BadRecord: it is not one, in its one spelling; or something in it is missing, twice, or leads nowhere.
    """
    try:
        return _read_chain(text)
    except BadRecord:
        raise
    except BadText as error:
        raise BadRecord(str(error)) from None


def _read_chain(text: str | bytes) -> Chain:
    content = read_object(text, _CHAIN, MOST_BYTES)
    exact_names(content, frozenset({"certificates", "payments"}), _CHAIN)
    certificates: dict[bytes, Certificate] = {}
    for each in _objects(content, "certificates"):
        certificate = _certificate(each)
        if certificates.setdefault(certificate.digest, certificate) is not certificate:
            raise BadRecord(_("{chain}: a certificate stands twice", chain=_CHAIN))
    links: dict[bytes, Chain] = {}
    for each in _objects(content, "payments"):
        payment = _payment(each)
        if payment.digest in links:
            raise BadRecord(_("{chain}: a payment stands twice", chain=_CHAIN))
        if payment.certificate not in certificates:
            raise BadRecord(
                _(
                    "{chain}: the certificate of payment {counter} of {payer} lacks",
                    chain=_CHAIN,
                    counter=payment.counter,
                    payer=shown(payment.payer),
                )
            )
        lacking = [one for one in payment.funds if one not in links]
        if lacking:
            raise BadRecord(
                _(
                    "{chain}: {lacking} funds a payment and does not stand before it",
                    chain=_CHAIN,
                    lacking=shown(lacking[0].hex()),
                )
            )
        funds = tuple(links[one] for one in payment.funds)
        links[payment.digest] = Chain(payment, certificates[payment.certificate], funds)
    if not links:
        raise BadRecord(_("{chain}: it holds no payment", chain=_CHAIN))
    chain = next(reversed(links.values()))
    given = text.encode() if isinstance(text, str) else text
    if write_chain(chain) != given:
        raise BadRecord(
            _("{chain}: not in its one spelling, or it holds what its last payment does not rest on", chain=_CHAIN)
        )
    return chain


def _objects(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    given = content[name]
    if not isinstance(given, list) or len(given) > MOST_LINKS or not all(isinstance(one, dict) for one in given):
        raise BadRecord(
            _(
                "{chain}: {name} is no list of at most {most_links} objects",
                chain=_CHAIN,
                name=name,
                most_links=MOST_LINKS,
            )
        )
    return given


def _certificate(content: dict[str, Any]) -> Certificate:
    what = "certificate"
    exact_names(content, _CERTIFICATE_NAMES, what)
    caps = Caps(
        _bounded(content, "balance_cap_fen", what),
        _bounded(content, "payment_cap_fen", what),
        _bounded(content, "hops", what),
        _bounded(content, "pin_cap_fen", what),
    )
    return Certificate(
        purse=_name(content, "purse", what),
        public=hex_at(content, "public", PUBLIC_BYTES, what),
        number=_bounded(content, "number", what),
        counter=_bounded(content, "counter", what),
        balance_fen=_bounded(content, "balance_fen", what),
        caps=caps,
        issued_us=_bounded(content, "issued_us", what),
        expires_us=_bounded(content, "expires_us", what),
        signature=hex_at(content, "signature", SIGNATURE_BYTES, what),
    )


def _payment(content: dict[str, Any]) -> Payment:
    what = "offline payment"
    exact_names(content, _PAYMENT_NAMES, what)
    funds = content["funds"]
    if not isinstance(funds, list) or len(funds) > MOST_FUNDS or not all(isinstance(one, str) for one in funds):
        raise BadRecord(_("{what}: funds is no list of at most {most_funds} digests", what=what, most_funds=MOST_FUNDS))
    return Payment(
        payer=_name(content, "payer", what),
        payee=_name(content, "payee", what),
        counter=_bounded(content, "counter", what),
        amount_fen=_bounded(content, "amount_fen", what),
        made_us=_bounded(content, "made_us", what),
        previous=hex_at(content, "previous", DIGEST_BYTES, what),
        certificate=hex_at(content, "certificate", DIGEST_BYTES, what),
        paid_fen=_bounded(content, "paid_fen", what),
        funds=tuple(hex_bytes(one, DIGEST_BYTES, f"{what}: funds") for one in funds),
        hops=_bounded(content, "hops", what),
        signature=hex_at(content, "signature", SIGNATURE_BYTES, what),
    )


def _name(content: dict[str, Any], name: str, what: str) -> str:
    value = text_at(content, name, what)
    if not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise BadRecord(
            _(
                "{what}: {name} is {value}, not 1 to {longest_name} printable characters",
                what=what,
                name=name,
                value=shown(value),
                longest_name=LONGEST_NAME,
            )
        )
    return value


def _bounded(content: dict[str, Any], name: str, what: str) -> int:
    value = count_at(content, name, what)
    if value > MOST_VALUE:
        raise BadRecord(
            _(
                "{what}: {name} is {value}, more than {most_value}",
                what=what,
                name=name,
                value=shown(value),
                most_value=MOST_VALUE,
            )
        )
    return value


@lru_cache(maxsize=4096)
def key_of(purse: str, public: bytes) -> PublicKey:
    """The key of a purse, known to lie on the curve.

    Raises:
        BadKey: it does not.
    """
    return read_public_key(PublicKey(purse, public).as_object())


__all__ = [
    "BadRecord", "Caps", "Certificate", "Chain", "Payment", "certify", "key_of", "read_chain", "signed", "write_chain",
]  # fmt: skip
