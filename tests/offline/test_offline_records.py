"""Certificates and offline payments: signatures and rules are checked, and an honest device keeps its rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from sandbox.features.offline.checks import Refused, check_certificate, check_link, check_payment
from sandbox.features.offline.device import Declined, Device
from sandbox.features.offline.records import Caps, Certificate, Chain, certify, signed
from wallets.keys import ORDER, simulation_key
from wallets.signatures import digest_of, sign_digest, sign_digests
from wallets.strict_json import canonical

OPERATOR = simulation_key(3, "operator")
KEYS = {name: simulation_key(3, name) for name in "abc"}
CAPS = Caps(1_000, 400, 3, 100)
NOW = 50


def device(name: str, balance: int) -> Device:
    one = Device(name)
    plain = Certificate(name, KEYS[name].public.point, 1, 0, balance, CAPS, 0, 1_000)
    one.renew(certify(plain, OPERATOR))
    return one


def sealed(chain: Chain) -> Chain:
    """With all signatures."""
    payment = signed(chain.payment, KEYS[chain.payment.payer])
    return Chain(payment, chain.certificate, tuple(map(sealed, chain.funds)))


def two_hops() -> Chain:
    """a pays b, who pays c out of it."""
    a, b = device("a", 500), device("b", 0)
    for amount in (100, 300):
        first = a.offer("b", amount, NOW)
        a.make(first)
        b.take(first)
    return sealed(b.offer("c", 350, NOW + 1))


GOOD = two_hops()


def reason(chain: Chain) -> str | None:
    """Why a chain is refused, if it is."""
    try:
        for link in chain.links():
            check_link(link)
            check_certificate(link.certificate, OPERATOR.public)
            check_payment(link.payment, link.certificate)
    except Refused as error:
        return error.reason
    return None


def test_a_chain_holds() -> None:
    assert [link.payment.hops for link in GOOD.links()] == [1, 1, 2]
    assert reason(GOOD) is None


def malleated(signature: bytes) -> bytes:
    """The other value of s that most libraries take."""
    return signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


def test_forged_malleated_and_misused_signatures_are_refused() -> None:
    payment, own = GOOD.payment, KEYS["b"]
    other_purpose = sign_digest(own, digest_of("journal", canonical({"amount_fen": 1})))
    for signature in (
        b"", b"\0" * 64, malleated(payment.signature), payment.signature[:63] + b"\0", other_purpose,
        signed(payment, KEYS["c"]).signature, GOOD.funds[0].payment.signature,
    ):  # fmt: skip
        assert reason(Chain(replace(payment, signature=signature), GOOD.certificate, GOOD.funds)) == "bad_signature"
    own_word = replace(GOOD.certificate, signature=sign_digests([(own, GOOD.certificate.digest)])[0])
    assert reason(Chain(payment, own_word, GOOD.funds)) == "bad_signature"
    off_curve = certify(replace(GOOD.certificate, public=b"\x02" + b"\xff" * 32), OPERATOR)
    assert reason(Chain(replace(payment, certificate=off_curve.digest), off_curve)) == "bad_signature"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount_fen": 401, "paid_fen": 401}, "over_cap"),
        ({"amount_fen": 0, "paid_fen": 0}, "over_cap"),
        ({"hops": 1}, "over_cap"),
        ({"hops": 4}, "over_cap"),
        ({"counter": 0}, "bad_signature"),
        ({"counter": 2}, "bad_signature"),
        ({"previous": b"\0" * 32}, "bad_signature"),
        ({"paid_fen": 349}, "bad_signature"),
        ({"payer": "c"}, "bad_signature"),
        ({"payee": "b"}, "bad_signature"),
        ({"funds": ()}, "bad_signature"),
        ({"certificate": b"\0" * 32}, "bad_signature"),
        ({"made_us": 1_001}, "expired"),
    ],
)
def test_a_payment_that_its_payer_signed_against_the_rules_is_refused(changes: dict[str, Any], why: str) -> None:
    payment = signed(replace(GOOD.payment, **changes), KEYS["b"])
    assert reason(Chain(payment, GOOD.certificate, GOOD.funds)) == why


def test_more_than_was_loaded_and_received_is_refused() -> None:
    fewer = signed(replace(GOOD.payment, funds=(GOOD.funds[0].digest,)), KEYS["b"])
    few = Chain(fewer, GOOD.certificate, GOOD.funds[:1])
    assert sum(fund.payment.amount_fen for fund in few.funds) < few.payment.amount_fen
    assert reason(few) == "over_cap"


def test_an_honest_device_keeps_its_rules() -> None:
    a, b = device("a", 500), device("b", 900)
    why = {}
    for name, amount, clock in (("cap", 401, NOW), ("pin", 101, NOW), ("balance", 0, NOW), ("stale", 10, 1_001)):
        with pytest.raises(Declined) as caught:
            a.offer("b", amount, clock, pin=name != "pin")
        why[name] = caught.value.why
    a.offer("b", 100, NOW, pin=False)
    offer = a.offer("b", 101, NOW)
    for name, clock, stopped in (("full", NOW, False), ("revoked", NOW, True)):
        with pytest.raises(Declined) as caught:
            b.would_take(offer, clock, stopped)
        why[name] = caught.value.why
    b = device("b", 0)
    with pytest.raises(Declined) as caught:
        b.would_take(offer, NOW + 10**9)
    why["clock"] = caught.value.why
    b.would_take(offer, None)
    b.take(offer)
    with pytest.raises(Declined) as caught:
        b.would_take(offer, None)
    why["known"] = caught.value.why
    with pytest.raises(Declined) as caught:
        device("c", 0).would_take(offer, None)
    why["broken"] = caught.value.why
    assert why == {name: name for name in why}
    assert len(why) == 9


def test_value_that_has_passed_through_all_hands_is_not_paid_on() -> None:
    purses = [device(name, balance) for name, balance in (("a", 10), ("b", 0), ("c", 0), ("a", 0))]
    for payer, payee in pairwise(purses):
        chain = payer.offer(payee.name, 10, NOW)
        payer.make(chain)
        payee.take(chain)
    with pytest.raises(Declined) as caught:
        purses[3].offer("b", 10, NOW)
    assert caught.value.why == "hops"
    # A device that does it all the same is refused by everybody, whoever counts its hops right.
    last = purses[3]
    assert last.certificate is not None
    cap, last.certificate = last.certificate, replace(last.certificate, caps=replace(CAPS, hops=4))
    payment = replace(last.offer("b", 10, NOW).payment, certificate=cap.digest, previous=cap.digest)
    chain = Chain(payment, cap, (last.incoming[0],))
    assert payment.hops == 4
    assert reason(sealed(chain)) == "over_cap"
    with pytest.raises(Declined) as caught:
        device("b", 0).would_take(chain, NOW)
    assert caught.value.why == "broken"


def test_a_payee_looks_at_all_that_a_payment_rests_on() -> None:
    chain = device_chain()
    device("c", 0).would_take(chain, NOW)
    for changes in ({"amount_fen": 150, "paid_fen": 150}, {"payee": "c"}, {"made_us": 1_001}):
        fund = chain.funds[0]
        other = Chain(replace(fund.payment, **changes), fund.certificate)
        payment = replace(chain.payment, funds=(other.digest,))
        with pytest.raises(Declined) as caught:
            device("c", 0).would_take(Chain(payment, chain.certificate, (other,)), None)
        assert caught.value.why == "broken"


def device_chain() -> Chain:
    """a pays b 100, who pays c out of it."""
    a, b = device("a", 100), device("b", 0)
    first = a.offer("b", 100, NOW)
    a.make(first)
    b.take(first)
    return b.offer("c", 100, NOW)


def test_no_purse_makes_a_payment_that_rests_on_more_than_a_chain_may_hold() -> None:
    """Sixteen hops, each funded by many payments, would be more than a chain may hold."""
    wide = Caps(10_000, 10_000, 16, 0)
    purses = []
    for number in range(300):
        one = Device(f"p{number}")
        plain = Certificate(one.name, KEYS["a"].public.point, 1, 0, 1 if number < 290 else 0, wide, 0, 1_000)
        one.renew(certify(plain, OPERATOR))
        purses.append(one)
    ends = purses[290:]
    for number, one in enumerate(purses[:290]):
        chain = one.offer(ends[number // 60].name, 1, NOW)
        one.make(chain)
        ends[number // 60].take(chain)
    for one in ends[:5]:
        chain = one.offer(ends[9].name, one.balance_fen, NOW)
        one.make(chain)
        ends[9].take(chain)
    offer = ends[9].offer("c", 180, NOW)
    assert len(list(offer.links())) <= 256
    with pytest.raises(Declined) as caught:
        ends[9].offer("c", 290, NOW)
    assert caught.value.why == "hops"


def test_both_libraries_sign_the_same_bytes() -> None:
    digests = [digest_of("test", bytes([number])) for number in range(40)]
    wanted = [(KEYS["abc"[number % 3]], digest) for number, digest in enumerate(digests)]
    assert sign_digests(wanted) == [sign_digest(key, digest) for key, digest in wanted]
    assert all(key.public.point == key.signing.verifying_key.to_string("compressed") for key in KEYS.values())
