"""Signatures as Project Wycheproof tries them: rare sums, rare numbers, other spellings; what either library says."""

from __future__ import annotations

import hashlib

import pytest

from tests.wallets.test_keys import KEY, OTHER, number, parts
from wallets.keys import ORDER, PublicKey
from wallets.signatures import by_openssl, sign_digest, sign_digests, verify_digest, well_formed

PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
DIGEST = hashlib.sha256(b"odd").digest()
E = int.from_bytes(DIGEST, "big")


def say_both(public: PublicKey, digest: bytes, signature: bytes) -> set[bool]:
    """What either library says."""
    openssl = by_openssl()
    said = {verify_digest(public, digest, signature)}
    return said if openssl is None else said | {well_formed(digest, signature) and openssl(public, digest, signature)}


def lower(s: int) -> int:
    return min(s, ORDER - s)


@pytest.mark.parametrize("sign_of_r", [1, -1], ids=["doubling", "infinity"])
def test_a_sum_that_needs_care_is_refused(sign_of_r: int) -> None:
    """r = e / d makes both halves of the sum one point; r = -e / d makes them cancel. Neither is a signature."""
    r = sign_of_r * E * pow(KEY.secret, -1, ORDER) % ORDER
    for s in (1, 5, ORDER // 2):
        assert say_both(KEY.public, DIGEST, number(r) + number(s)) == {False}


def key_for(point: object, r: int, s: int) -> PublicKey:
    """The key under which (r, s) signs DIGEST with this point as the nonce's: Q = (s R - e G) / r."""
    import ecdsa

    generator = ecdsa.NIST256p.generator
    found = (point * s + generator * (ORDER - E % ORDER)) * pow(r, -1, ORDER)  # type: ignore[operator]
    return PublicKey("made", found.to_bytes("compressed"))


def test_an_x_beyond_the_order_is_taken_by_its_remainder() -> None:
    """r is x mod n; here x is n or more, which no random signature ever shows."""
    import ecdsa

    r, point = 0, None
    while point is None:
        r += 1
        try:
            encoded = b"\x02" + number(ORDER + r)
            point = ecdsa.ellipticcurve.PointJacobi.from_bytes(ecdsa.NIST256p.curve, encoded, order=ORDER)
        except ecdsa.errors.MalformedPointError:
            continue
    assert ORDER + r < PRIME
    s = 12345
    public = key_for(point, r, s)
    assert say_both(public, DIGEST, number(r) + number(s)) == {True}
    assert say_both(public, DIGEST, number(r + 1) + number(s)) == {False}
    assert say_both(public, DIGEST, number(ORDER + r) + number(s)) == {False}


@pytest.mark.parametrize(("s", "good"), [(1, True), (ORDER // 2, True), (ORDER // 2 + 1, False), (ORDER - 1, False)])
def test_s_is_good_up_to_half_the_order(s: int, good: bool) -> None:
    point = OTHER.public.verifying.pubkey.point
    r = int(point.x()) % ORDER
    public = key_for(point, r, s)
    assert say_both(public, DIGEST, number(r) + number(s)) == {good}


def test_leading_zeros_stay() -> None:
    """r or s below 2**248 is written in 32 bytes all the same; shorter ones, and DER, are refused."""
    from ecdsa.util import sigencode_der

    found = {}
    for turn in range(3000):
        digest = hashlib.sha256(turn.to_bytes(4, "big")).digest()
        signature = sign_digests([(KEY, digest)])[0]
        found |= {name: (digest, signature) for name, at in (("r", 0), ("s", 32)) if signature[at] == 0}
        if len(found) == 2:
            break
    for digest, signature in found.values():
        assert sign_digest(KEY, digest) == signature
        assert say_both(KEY.public, digest, signature) == {True}
        short = signature[1:] if signature[0] == 0 else signature[:32] + signature[33:]
        r, s = parts(signature)
        for other in (short, sigencode_der(r, s, ORDER), signature.hex().encode(), b"\0" + signature):
            assert say_both(KEY.public, digest, other) == {False}
    assert len(found) == 2


@pytest.mark.parametrize("digest", [bytes(32), b"\xff" * 32, number(ORDER), number(ORDER - 1)])
def test_any_digest_can_be_signed(digest: bytes) -> None:
    """Zero, and numbers beyond the order, as RFC 6979, section 2.3.4 reduces them."""
    signature = sign_digest(KEY, digest)
    assert say_both(KEY.public, digest, signature) == {True}
    assert sign_digests([(KEY, digest)]) == [signature]
