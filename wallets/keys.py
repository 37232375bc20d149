"""Key pairs of whoever signs in a run. SIMULATION KEYS: they protect nothing real.

A key pair follows from the scenario's seed and the signer's name, so a run is the same bytes again and whoever holds
its `scenario.yaml` can derive every private key. That is wanted here and would be a disaster anywhere else: a signature
shows that a file was not changed by accident or by somebody who does not know how, not who wrote it
(`docs/signed-and-modelled.md`). Private keys are never written into a file.

Curve: NIST P-256 (FIPS 186-5; SP 800-186, section 3.2.1.3) through `ecdsa`. The private number is taken from 512 bits
of SHA-512 reduced by the order (FIPS 186-5, A.2.1: extra random bits), so it is uniform for every practical purpose.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from wallets.strict_json import BadText, exact_names, hex_bytes, read_object, shown, text_at

if TYPE_CHECKING:
    import ecdsa

KIND: Final = "ecny-sandbox simulation key: protects nothing real"
"""Stands in every key that leaves the program."""
CURVE: Final = "P-256"
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Number of points of the curve (SP 800-186, section 3.2.1.3)."""
PUBLIC_BYTES: Final = 33
"""A compressed point (SEC 1, section 2.3.3): 02 or 03, then x."""
LONGEST_NAME: Final = 200

_DOMAIN: Final = b"ecny-sandbox simulation key\0"
_NAMES: Final = frozenset({"kind", "curve", "name", "public"})


class BadKey(BadText):
    """This is no public key of ours; the message says why."""


@dataclass(frozen=True)
class PublicKey:
    """A public key with the name of its holder. Make one with `read_public_key` or take a `SimulationKey`'s."""

    name: str
    point: bytes
    """The compressed point; known to lie on the curve."""

    def as_object(self) -> dict[str, str]:
        """The key as it is written into files."""
        return {"kind": KIND, "curve": CURVE, "name": self.name, "public": self.point.hex()}

    @cached_property
    def verifying(self) -> ecdsa.VerifyingKey:
        """The key of the library `ecdsa`."""
        return _point_of(self.point)


@dataclass(frozen=True, repr=False)
class SimulationKey:
    """A private key, good for this simulation only. Its number shows in no message and no file."""

    name: str
    secret: int

    def __repr__(self) -> str:
        return f"SimulationKey({self.name!r})"

    @cached_property
    def signing(self) -> ecdsa.SigningKey:
        """The key of the library `ecdsa`."""
        import ecdsa

        return ecdsa.SigningKey.from_secret_exponent(self.secret, ecdsa.NIST256p, hashlib.sha256)

    @cached_property
    def public(self) -> PublicKey:
        """The public half; by OpenSSL, twenty times as fast, where `cryptography` is installed."""
        point: bytes = _openssl_point(self.secret) or self.signing.verifying_key.to_string("compressed")
        return PublicKey(self.name, point)


@lru_cache(maxsize=4096)
def simulation_key(seed: int, name: str) -> SimulationKey:
    """The key pair of `name` in the run with this seed.

    >>> simulation_key(7, "ledger").public == simulation_key(7, "ledger").public
    True
    >>> simulation_key(7, "ledger").public.point == simulation_key(8, "ledger").public.point
    False
    """
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"a key's name has 1 to {LONGEST_NAME} characters")
    words = hashlib.sha512(_DOMAIN + str(int(seed)).encode() + b"\0" + name.encode()).digest()
    return SimulationKey(name, int.from_bytes(words, "big") % (ORDER - 1) + 1)


def read_public_key(source: str | bytes | dict[str, Any]) -> PublicKey:
    """Read a public key from a stranger: JSON text, or an object that was read already.

    Raises:
        BadKey: it is not one: not JSON, not marked as a simulation key, another curve, no point of the curve.
    """
    what = "public key"
    try:
        content = source if isinstance(source, dict) else read_object(source, what, 4096)
        exact_names(content, _NAMES, what)
        kind, curve, name, public = (text_at(content, part, what) for part in ("kind", "curve", "name", "public"))
        if kind != KIND:
            raise BadKey(f"{what}: its kind is {shown(kind)}; only simulation keys are read here")
        if curve != CURVE:
            raise BadKey(f"{what}: its curve is {shown(curve)}, not {CURVE}")
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise BadKey(f"{what}: its name is {shown(name)}, not 1 to {LONGEST_NAME} printable characters")
        point = hex_bytes(public, PUBLIC_BYTES, f"{what}: public")
    except BadKey:
        raise
    except BadText as error:
        raise BadKey(str(error)) from None
    _point_of(point)
    return PublicKey(name, point)


def _openssl_point(secret: int) -> bytes | None:
    try:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    except ImportError:
        return None
    public = ec.derive_private_key(secret, ec.SECP256R1()).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _point_of(point: bytes) -> ecdsa.VerifyingKey:
    import ecdsa

    try:
        return ecdsa.VerifyingKey.from_string(
            point, ecdsa.NIST256p, hashlib.sha256, validate_point=True, valid_encodings=("compressed",)
        )
    except (ecdsa.errors.MalformedPointError, ValueError):
        raise BadKey(f"public key: public is {shown(point.hex())}, no point of {CURVE}") from None
