"""Signatures: ECDSA over P-256 and SHA-256, deterministic (RFC 6979), and in one form only.

A signature is 64 bytes: r and s, 32 bytes each, big-endian, s at most half the order. For every valid (r, s) the pair
(r, n - s) verifies too; taking the lower s only makes a changed signature a wrong one (as Bitcoin's BIP 62 and 146 do).

What is signed is a digest over a purpose and a message: SHA-256(purpose, zero byte, message). So what was signed for
one purpose cannot be presented for another.

`sign` and `verify` are the library `ecdsa`. `sign_digests` and `verify_many` take `cryptography` (OpenSSL) instead
where it is installed: ten to thirty times as fast, and the two are tested against each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from wallets.keys import ORDER, PublicKey, SimulationKey

SIGNATURE_BYTES: Final = 64
DIGEST_BYTES: Final = 32


class Signed(NamedTuple):
    """A signature with what it should be of."""

    public: PublicKey
    purpose: str
    message: bytes
    signature: bytes


def digest_of(purpose: str, message: bytes) -> bytes:
    """What is signed in the place of a message."""
    return hashlib.sha256(purpose.encode() + b"\0" + message).digest()


def sign(key: SimulationKey, purpose: str, message: bytes) -> bytes:
    """Sign a message for a purpose: the same key, purpose and message give the same 64 bytes."""
    return sign_digest(key, digest_of(purpose, message))


def sign_digest(key: SimulationKey, digest: bytes) -> bytes:
    """Sign a SHA-256 digest (RFC 6979, section 3.2; the nonce depends on key and digest alone)."""
    from ecdsa.util import sigencode_string_canonize

    signature: bytes = key.signing.sign_digest_deterministic(digest, hashlib.sha256, sigencode_string_canonize)
    return signature


def verify(public: PublicKey, purpose: str, message: bytes, signature: bytes) -> bool:
    """Whether this is the one good signature of the message for the purpose by the holder of the key."""
    return verify_digest(public, digest_of(purpose, message), signature)


def verify_digest(public: PublicKey, digest: bytes, signature: bytes) -> bool:
    """As `verify`, of a SHA-256 digest."""
    return well_formed(digest, signature) and _by_ecdsa(public, digest, signature)


def verify_many(signed: Sequence[Signed]) -> list[bool]:
    """As `verify`, of many; by OpenSSL where `cryptography` is installed."""
    check = checker()
    found = []
    for public, purpose, message, signature in signed:
        digest = digest_of(purpose, message)
        found.append(well_formed(digest, signature) and check(public, digest, signature))
    return found


def well_formed(digest: bytes, signature: bytes) -> bool:
    """Whether a signature has its only allowed form: 64 bytes, 0 < r < n, 0 < s <= n / 2."""
    if len(digest) != DIGEST_BYTES or not isinstance(signature, bytes) or len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return 0 < r < ORDER and 0 < s <= ORDER // 2


def sign_digests(wanted: Sequence[tuple[SimulationKey, bytes]]) -> list[bytes]:
    """As `sign_digest`, of many, the same bytes; by OpenSSL where an installed `cryptography` can do RFC 6979."""
    signer = _openssl_signer() or sign_digest
    return [signer(key, digest) for key, digest in wanted]


@lru_cache(maxsize=1)
def _openssl_signer() -> Callable[[SimulationKey, bytes], bytes] | None:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric import ec, utils
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        return None
    try:
        # OpenSSL has it from 3.2 on, `cryptography` from 43 on; before, this raises.
        algorithm = ec.ECDSA(utils.Prehashed(SHA256()), deterministic_signing=True)
    except (TypeError, UnsupportedAlgorithm):
        return None

    @lru_cache(maxsize=4096)
    def private(secret: int) -> Any:
        return ec.derive_private_key(secret, ec.SECP256R1())

    def signer(key: SimulationKey, digest: bytes) -> bytes:
        r, s = utils.decode_dss_signature(private(key.secret).sign(digest, algorithm))
        return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")

    return signer


Checker = Callable[[PublicKey, bytes, bytes], bool]


def checker() -> Checker:
    """The fastest way at hand to check a well-formed signature of a digest."""
    return by_openssl() or _by_ecdsa


def _by_ecdsa(public: PublicKey, digest: bytes, signature: bytes) -> bool:
    import ecdsa

    try:
        return bool(public.verifying.verify_digest(signature, digest))
    except ecdsa.BadSignatureError:
        return False
    except TypeError:  # it leads to the point at infinity, which has no x for the library to compare
        return False


@lru_cache(maxsize=1)
def by_openssl() -> Checker | None:
    """A checker by OpenSSL; None where `cryptography` is not installed."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec, utils
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        return None
    algorithm = ec.ECDSA(utils.Prehashed(SHA256()))

    @lru_cache(maxsize=4096)
    def key_of(point: bytes) -> Any:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)

    def check(public: PublicKey, digest: bytes, signature: bytes) -> bool:
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        try:
            key_of(public.point).verify(utils.encode_dss_signature(r, s), digest, algorithm)
        except InvalidSignature:
            return False
        return True

    return check
