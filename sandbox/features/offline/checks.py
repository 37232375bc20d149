"""Whether a chain holds, for anybody who knows the operator's key: rules that need no memory, and signatures.

What needs memory is elsewhere: that a counter was used twice, or a record shown twice, sees who has seen both
(`register`; `device` for what one device has seen).
"""

from __future__ import annotations

from typing import Final, Literal

from sandbox.features.offline.records import MOST_FUNDS, Certificate, Chain, Payment, key_of
from sandbox.language import _
from wallets.keys import BadKey, PublicKey
from wallets.signatures import checker, well_formed

Reason = Literal["bad_signature", "over_cap", "expired"]
"""bad_signature: not signed by who should have, or its parts do not belong together. over_cap: more than the caps, or
than what is shown, allows. expired: made or shown after its time."""


class Refused(ValueError):
    """A chain does not hold; `reason` is why, and the message says it in words."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Final = reason


def check_link(chain: Chain) -> None:
    """The rules that one payment must keep towards its certificate and what funds it; signatures are not looked at.

    Raises:
        Refused: one is broken.
    """
    payment, certificate = chain.payment, chain.certificate
    if payment.certificate != certificate.digest or payment.payer != certificate.purse:
        raise Refused("bad_signature", _("the certificate is not the payer's"))
    if payment.funds != tuple(fund.digest for fund in chain.funds) or len(set(payment.funds)) < len(payment.funds):
        raise Refused("bad_signature", _("the payments that fund it are others, or one stands twice"))
    if any(fund.payment.payee != payment.payer for fund in chain.funds):
        raise Refused("bad_signature", _("it is funded by a payment to somebody else"))
    if payment.payer == payment.payee:
        raise Refused("bad_signature", _("a purse does not pay itself"))
    first = payment.counter == certificate.counter + 1
    if payment.counter <= certificate.counter or first != (payment.previous == certificate.digest):
        raise Refused("bad_signature", _("the counter does not follow from the certificate"))
    if payment.paid_fen < payment.amount_fen or (first and payment.paid_fen != payment.amount_fen):
        raise Refused("bad_signature", _("the sum of what was paid does not fit the payment"))
    _check_caps(chain)
    if not certificate.issued_us <= payment.made_us <= certificate.expires_us:
        raise Refused("expired", _("it was made outside the time of the payer's certificate"))


def _check_caps(chain: Chain) -> None:
    payment, certificate = chain.payment, chain.certificate
    if not 0 < payment.amount_fen <= certificate.caps.payment_fen:
        raise Refused(
            "over_cap",
            _("{amount_fen} fen is more than the cap on a payment, or nothing", amount_fen=payment.amount_fen),
        )
    if payment.hops != 1 + max((fund.payment.hops for fund in chain.funds), default=0):
        raise Refused("over_cap", _("the hops are not counted right"))
    if payment.hops > certificate.caps.hops or len(payment.funds) > MOST_FUNDS:
        raise Refused("over_cap", _("{hops} hops, or too many payments that fund it", hops=payment.hops))
    if certificate.balance_fen > certificate.caps.balance_fen:
        raise Refused("over_cap", _("the purse holds more than its cap"))
    if payment.paid_fen > certificate.balance_fen + sum(fund.payment.amount_fen for fund in chain.funds):
        raise Refused("over_cap", _("it spends more than was loaded and received"))


def check_certificate(certificate: Certificate, operator: PublicKey) -> None:
    """The operator's signature of a certificate.

    Raises:
        Refused: it is not good.
    """
    good = well_formed(certificate.digest, certificate.signature)
    if not good or not checker()(operator, certificate.digest, certificate.signature):
        raise Refused("bad_signature", _("the certificate is not signed by the operator"))


def check_payment(payment: Payment, certificate: Certificate) -> None:
    """The payer's signature of a payment, by the key of the certificate.

    Raises:
        Refused: it is not good.
    """
    try:
        public = key_of(certificate.purse, certificate.public)
    except BadKey as error:
        raise Refused("bad_signature", str(error)) from None
    if not well_formed(payment.digest, payment.signature) or not checker()(public, payment.digest, payment.signature):
        raise Refused("bad_signature", _("the payment is not signed by the payer"))
