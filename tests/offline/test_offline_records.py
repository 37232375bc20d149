"""Certificates and offline payments as files: one spelling, every change is seen, strangers' files are refused."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.features.offline.checks import Refused, check_chain
from sandbox.features.offline.device import Declined, Device
from sandbox.features.offline.records import (
    BadRecord,
    Caps,
    Certificate,
    Chain,
    certify,
    read_chain,
    signed,
    write_chain,
)
from wallets.keys import ORDER, simulation_key
from wallets.signatures import digest_of, sign_digest, sign_digests
from wallets.strict_json import canonical

OPERATOR = simulation_key(3, "operator")
KEYS = {name: simulation_key(3, name) for name in "abc"}
CAPS = Caps(1_000, 400, 3, 100)
NOW, WITHIN = 50, 100


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
TEXT = write_chain(GOOD)


def reason(chain: Chain, now: int = NOW) -> str | None:
    """Why a chain is refused, if it is."""
    try:
        check_chain(chain, OPERATOR.public, now, WITHIN)
    except Refused as error:
        return error.reason
    return None


def test_a_chain_is_read_as_it_was_written_and_holds() -> None:
    read = read_chain(TEXT)
    assert write_chain(read) == TEXT == write_chain(GOOD)
    assert [link.payment.hops for link in read.links()] == [1, 1, 2]
    assert reason(read) is None
    check_chain(read, OPERATOR.public, 1_000 + WITHIN, WITHIN)
    assert reason(read, 1_001 + WITHIN) == "expired"


@settings(max_examples=150)
@given(place=st.integers(0, len(TEXT) - 1), byte=st.integers(0, 255))
def test_no_byte_can_be_changed(place: int, byte: int) -> None:
    text = TEXT[:place] + bytes([byte]) + TEXT[place + 1 :]
    if text == TEXT:
        return
    try:
        read = read_chain(text)
    except BadRecord:
        return
    assert reason(read) == "bad_signature"


@settings(max_examples=30)
@given(end=st.integers(0, len(TEXT) - 1))
def test_a_file_that_was_cut_is_refused(end: int) -> None:
    with pytest.raises(BadRecord):
        read_chain(TEXT[:end])


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


HOSTILE: dict[str, Any] = {
    "no JSON": "{",
    "a list": "[]",
    "not UTF-8": b"\xff\xfe",
    "nothing in it": '{"certificates":[],"payments":[]}',
    "one thing more": TEXT.decode()[:-1] + ',"more":1}',
    "twice": TEXT.decode().replace('"payments":', '"payments":[],"payments":', 1),
    "spaces": TEXT.decode().replace(":", ": "),
    "too long": b'{"certificates":[],"payments":[' + b" " * 600_000 + b"]}",
    "deep": '{"certificates":' + "[" * 100_000,
    "a float": TEXT.decode().replace('"amount_fen":100', '"amount_fen":100.0'),
    "too many digits": TEXT.decode().replace('"amount_fen":100', '"amount_fen":' + "9" * 40),
    "more than there is money": TEXT.decode().replace('"amount_fen":100', '"amount_fen":999999999999999999'),
    "below zero": TEXT.decode().replace('"amount_fen":100', '"amount_fen":-100'),
    "true": TEXT.decode().replace('"hops":1', '"hops":true'),
    "upper case": TEXT.decode().replace(GOOD.digest.hex()[:8], GOOD.digest.hex()[:8].upper()),
    "a name of lines": TEXT.decode().replace('"payee":"c"', '"payee":"c\\n"'),
    "no name": TEXT.decode().replace('"payee":"c"', '"payee":""'),
    "a long name": TEXT.decode().replace('"payee":"c"', '"payee":"' + "c" * 201 + '"'),
    "a payment that is a number": '{"certificates":[],"payments":[1]}',
    "a payment without a certificate": json.dumps(
        {"certificates": [], "payments": json.loads(TEXT)["payments"]}, sort_keys=True, separators=(",", ":")
    ),
    "in another order": json.dumps(
        {**json.loads(TEXT), "payments": json.loads(TEXT)["payments"][::-1]}, sort_keys=True, separators=(",", ":")
    ),
    "the same twice": json.dumps(
        {**json.loads(TEXT), "payments": json.loads(TEXT)["payments"][:1] * 2}, sort_keys=True, separators=(",", ":")
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_short_word(name: str) -> None:
    text = HOSTILE[name]
    if name == "upper case" and text.encode() == TEXT:
        text = TEXT.decode().replace(GOOD.payment.signature.hex(), GOOD.payment.signature.hex().upper())
    assert text not in (TEXT, TEXT.decode())
    with pytest.raises(BadRecord) as caught:
        read_chain(text)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


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


def test_no_purse_makes_a_record_that_nobody_could_read() -> None:
    """Sixteen hops, each funded by many payments, would be more than a record may hold."""
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
    assert read_chain(write_chain(sealed_by_a(offer)))
    with pytest.raises(Declined) as caught:
        ends[9].offer("c", 290, NOW)
    assert caught.value.why == "hops"


def sealed_by_a(chain: Chain) -> Chain:
    """With the signatures of one key, whoever pays."""
    funds = tuple(map(sealed_by_a, chain.funds))
    return Chain(replace(chain.payment, signature=b"\1" * 64), chain.certificate, funds)


def test_both_libraries_sign_the_same_bytes() -> None:
    digests = [digest_of("test", bytes([number])) for number in range(40)]
    wanted = [(KEYS["abc"[number % 3]], digest) for number, digest in enumerate(digests)]
    assert sign_digests(wanted) == [sign_digest(key, digest) for key, digest in wanted]
    assert all(key.public.point == key.signing.verifying_key.to_string("compressed") for key in KEYS.values())
