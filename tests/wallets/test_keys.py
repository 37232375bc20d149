"""Keys and signatures: the published vectors, every way a signature may be wrong, and two libraries that agree."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallets.keys import CURVE, KIND, ORDER, BadKey, PublicKey, SimulationKey, read_public_key, simulation_key
from wallets.signatures import (
    Signed,
    by_openssl,
    digest_of,
    sign,
    sign_digest,
    verify,
    verify_digest,
    verify_many,
    well_formed,
)
from wallets.strict_json import BadText, canonical, read_object

RFC_KEY = SimulationKey("A.2.5", 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)
"""RFC 6979, section A.2.5: P-256."""
RFC_PUBLIC = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
RFC_VECTORS = [
    (
        b"sample",
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    ),
    (
        b"test",
        0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
        0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
    ),
]

KEY = simulation_key(7, "ledger")
OTHER = simulation_key(7, "another")
MESSAGE = b"one hundred fen"
GOOD = sign(KEY, "payment", MESSAGE)


def number(value: int) -> bytes:
    return value.to_bytes(32, "big")


def parts(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


@pytest.mark.parametrize(("message", "r", "s"), RFC_VECTORS, ids=["sample", "test"])
def test_signatures_are_those_of_rfc_6979_with_the_lower_s(message: bytes, r: int, s: int) -> None:
    signature = sign_digest(RFC_KEY, hashlib.sha256(message).digest())
    assert parts(signature) == (r, min(s, ORDER - s))
    assert RFC_KEY.public.point.hex().upper() == "03" + RFC_PUBLIC
    assert verify_digest(RFC_KEY.public, hashlib.sha256(message).digest(), signature)


def test_one_vector_has_the_high_s_and_one_the_low() -> None:
    """So both cases of the vectors above are real."""
    assert [s > ORDER // 2 for _, _, s in RFC_VECTORS] == [True, False]


def test_keys_follow_from_seed_and_name_and_are_pinned() -> None:
    assert KEY.public.point.hex() == "037235b3dd6f853467a2edaf111bd5bc791928e1ca413cbbdb6bb7a2fd7f8df9fc"
    points = {simulation_key(seed, name).public.point for seed in range(3) for name in ("a", "b", "a/b", "1")}
    assert len(points) == 12


def test_seed_and_name_do_not_run_into_one_another() -> None:
    assert simulation_key(1, "1ledger").secret != simulation_key(11, "ledger").secret


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_name_of_no_use_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        simulation_key(1, name)


def test_private_keys_show_nowhere() -> None:
    written = json.dumps(KEY.public.as_object()) + repr(KEY) + str(KEY)
    assert KIND in written
    assert "nothing real" in KIND
    assert f"{KEY.secret:x}" not in written
    assert str(KEY.secret) not in written


WRONG: dict[str, bytes] = {
    "empty": b"",
    "truncated": GOOD[:-1],
    "one byte more": GOOD + b"\0",
    "r zero": bytes(32) + GOOD[32:],
    "s zero": GOOD[:32] + bytes(32),
    "both zero": bytes(64),
    "r is the order": number(ORDER) + GOOD[32:],
    "s is the order": GOOD[:32] + number(ORDER),
    "r all ones": b"\xff" * 32 + GOOD[32:],
    "s all ones": GOOD[:32] + b"\xff" * 32,
    "malleated: n - s": GOOD[:32] + number(ORDER - parts(GOOD)[1]),
    "r and s swapped": GOOD[32:] + GOOD[:32],
    "r one more": number(parts(GOOD)[0] + 1) + GOOD[32:],
    "s one less": GOOD[:32] + number(parts(GOOD)[1] - 1),
    "r + n, cut to 32 bytes": number((parts(GOOD)[0] + ORDER) % 2**256) + GOOD[32:],
    "forged: r = s = 1": number(1) + number(1),
    "by another key": sign(OTHER, "payment", MESSAGE),
    "of another message": sign(KEY, "payment", b"two hundred fen"),
    "for another purpose": sign(KEY, "journal", MESSAGE),
    "of the message alone": sign_digest(KEY, hashlib.sha256(MESSAGE).digest()),
}


@pytest.mark.parametrize("signature", WRONG.values(), ids=WRONG.keys())
def test_every_other_signature_is_refused(signature: bytes) -> None:
    assert verify(KEY.public, "payment", MESSAGE, GOOD)
    assert not verify(KEY.public, "payment", MESSAGE, signature)
    assert verify_many([Signed(KEY.public, "payment", MESSAGE, each) for each in (signature, GOOD)]) == [False, True]


def test_the_malleated_signature_would_verify_without_the_rule() -> None:
    """The refusal above is ours: both libraries take n - s for s."""
    high = WRONG["malleated: n - s"]
    digest = digest_of("payment", MESSAGE)
    assert KEY.public.verifying.verify_digest(high, digest)
    assert not well_formed(digest, high)


@pytest.mark.parametrize("size", [0, 20, 31, 33, 64])
def test_only_a_sha_256_digest_is_a_digest(size: int) -> None:
    assert not verify_digest(KEY.public, bytes(size), GOOD)


def test_what_is_replayed_on_another_message_or_with_another_key_is_refused() -> None:
    assert not verify(KEY.public, "payment", MESSAGE + b".", GOOD)
    assert not verify(OTHER.public, "payment", MESSAGE, GOOD)


@given(st.binary(max_size=200), st.text(max_size=20), st.integers(0, 2**63))
def test_whatever_is_signed_verifies_and_twice_is_the_same(message: bytes, purpose: str, seed: int) -> None:
    key = simulation_key(seed % 5, "signer")
    signature = sign(key, purpose, message)
    assert signature == sign(SimulationKey("signer", key.secret), purpose, message)
    assert verify(key.public, purpose, message, signature)


# --- two libraries -------------------------------------------------------------------------------------------------


def cases(count: int, seed: int) -> list[tuple[PublicKey, bytes, bytes]]:
    """Good signatures and near misses, half and half."""
    rng, found = random.Random(seed), []
    keys = [simulation_key(seed, str(each)) for each in range(8)]
    for _ in range(count):
        key, digest = rng.choice(keys), rng.randbytes(32)
        signature = sign_digest(key, digest)
        public = key.public
        match rng.randrange(10):
            case 0:
                digest = rng.randbytes(32)
            case 1:
                public = rng.choice(keys).public
            case 2:
                at = rng.randrange(64)
                signature = signature[:at] + bytes([signature[at] ^ 1 << rng.randrange(8)]) + signature[at + 1 :]
            case 3:
                signature = rng.randbytes(64)
            case 4:
                signature = number(rng.randrange(1, 4)) + number(rng.randrange(1, 4))
        found.append((public, digest, signature))
    return found


def disagree(count: int, seed: int) -> tuple[int, int]:
    """How often the two libraries differ, and how many were good."""
    openssl = by_openssl()
    if openssl is None:
        pytest.skip("the extra `crypto` is not installed")
    differ = good = 0
    for public, digest, signature in cases(count, seed):
        one = verify_digest(public, digest, signature)
        other = well_formed(digest, signature) and openssl(public, digest, signature)
        differ, good = differ + (one != other), good + one
    return differ, good


def test_two_libraries_agree() -> None:
    differ, good = disagree(100, 1)
    assert differ == 0
    assert 30 < good < 80


@pytest.mark.long
def test_two_libraries_agree_ten_thousand_times() -> None:
    differ, good = disagree(10_000, 2)
    assert differ == 0
    assert 4_000 < good < 7_000


def test_openssl_signs_the_same_and_takes_ours() -> None:
    """The nonce is RFC 6979's with either library, where OpenSSL can do it."""
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    digest = digest_of("payment", MESSAGE)
    try:
        algorithm = ec.ECDSA(Prehashed(SHA256()), deterministic_signing=True)
        made = ec.derive_private_key(KEY.secret, ec.SECP256R1()).sign(digest, algorithm)
    except (TypeError, UnsupportedAlgorithm):
        pytest.skip("this OpenSSL draws its nonces")
    r, s = decode_dss_signature(made)
    assert number(r) + number(min(s, ORDER - s)) == GOOD


# --- hostile keys --------------------------------------------------------------------------------------------------

FINE: dict[str, Any] = KEY.public.as_object()
DEEP = "[" * 50_000

HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "not JSON"),
    "no JSON": ("key: value", "not JSON"),
    "no object": ("[]", "not a JSON object"),
    "a number": ("NaN", "NaN is no number"),
    "NaN inside": (json.dumps({**FINE, "name": float("nan")}), "NaN is no number"),
    "infinity": (json.dumps({**FINE, "name": float("-inf")}), "-Infinity is no number"),
    "beyond all floats": ('{"name": 1e999}', "too large"),
    "huge integer": ('{"name": ' + "9" * 3000 + "}", "more than 64 bits"),
    "huge": (json.dumps({**FINE, "name": "x" * 10_000_000}), "longer than"),
    "deep": (DEEP, "longer than"),
    "not UTF-8": (b"\xff\xfe{}", "not UTF-8"),
    "binary": (bytes(range(256)), "not"),
    "a name twice": ('{"kind": "a", "kind": "b"}', "stands twice"),
    "nothing in it": ("{}", "lacks curve, kind, name, public"),
    "a name more": (json.dumps({**FINE, "secret": "1"}), "does not know 'secret'"),
    "no text": (json.dumps({**FINE, "public": 7}), "public is 7, not a text"),
    "no hexadecimal": (json.dumps({**FINE, "public": "zz" * 33}), "lower-case hexadecimal"),
    "upper case": (json.dumps({**FINE, "public": FINE["public"].upper()}), "lower-case hexadecimal"),
    "short": (json.dumps({**FINE, "public": FINE["public"][:-2]}), "33 bytes"),
    "other curve by name": (json.dumps({**FINE, "curve": "secp256k1"}), "its curve is 'secp256k1'"),
    "point of another curve": (
        json.dumps({**FINE, "public": "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}),
        "no point of P-256",
    ),
    "no point": (json.dumps({**FINE, "public": "02" + "ff" * 32}), "no point of P-256"),
    "infinity as a point": (json.dumps({**FINE, "public": "00" * 33}), "no point of P-256"),
    "hybrid form": (json.dumps({**FINE, "public": "06" + FINE["public"][2:]}), "no point of P-256"),
    "x is the prime": (
        json.dumps({**FINE, "public": f"02{2**256 - 2**224 + 2**192 + 2**96 - 1:064x}"}),
        "no point of P-256",
    ),
    "all of an uncompressed one": (json.dumps({**FINE, "public": "04" + "11" * 64}), "33 bytes"),
    "uncompressed": (json.dumps({**FINE, "public": "04" + "00" * 32}), "no point of P-256"),
    "not ours": (json.dumps({**FINE, "kind": "a key of a real bank"}), "only simulation keys"),
    "control characters": (json.dumps({**FINE, "name": "led\u0007ger"}), "printable"),
    "no name": (json.dumps({**FINE, "name": ""}), "printable"),
}


@pytest.mark.parametrize(("source", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_key_is_refused_with_a_reason(source: str | bytes, reason: str) -> None:
    with pytest.raises(BadKey, match=r"^public key: ") as caught:
        read_public_key(source)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 200


def test_the_secp256k1_point_is_really_one_of_that_curve() -> None:
    """So the case above tries a wrong curve and not just any bytes."""
    import ecdsa

    point = bytes.fromhex(json.loads(HOSTILE["point of another curve"][0])["public"])
    assert ecdsa.VerifyingKey.from_string(point, ecdsa.SECP256k1)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_text_is_a_key_or_refused(source: str | bytes) -> None:
    with pytest.raises(BadKey):
        read_public_key(source)


def test_a_key_comes_back_as_it_was() -> None:
    assert read_public_key(json.dumps(FINE)) == read_public_key(FINE) == KEY.public
    assert FINE["curve"] == CURVE


def test_deep_nesting_within_the_bound_is_refused_too() -> None:
    with pytest.raises(BadText, match=r"nested too deep|not JSON"):
        read_object(DEEP, "this", 100_000)


@given(
    st.dictionaries(
        st.text(), st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text() | st.floats(-1e9, 1e9)
    )
)
def test_the_canonical_spelling_is_one(content: dict[str, Any]) -> None:
    spelled = canonical(content)
    again = read_object(spelled, "this", 1 << 20)
    assert again == content
    assert canonical(dict(reversed(list(content.items())))) == canonical(again) == spelled


def test_without_openssl_many_are_verified_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from wallets import signatures

    monkeypatch.setattr(signatures, "by_openssl", lambda: None)
    signed = [Signed(KEY.public, "payment", MESSAGE, each) for each in (GOOD, *WRONG.values())]
    assert verify_many(signed) == [True] + [False] * len(WRONG)


def test_what_is_signed_is_told_in_two_pages() -> None:
    """A printed page holds some five hundred words."""
    from pathlib import Path

    words = (Path(__file__).parents[2] / "docs" / "signed-and-modelled.md").read_text(encoding="utf-8").split()
    assert len(words) <= 1_000
