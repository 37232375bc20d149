"""Bills to play with."""

from __future__ import annotations

from sandbox.features.bills.bill import Package, Terms

DRAWER, ACCEPTOR, PAYEE, SECOND, BANK, STRANGER = range(1, 7)
DUE, LAST = 1_000, 1_300


def package(face_fen: int = 100, drawer: int = ACCEPTOR, splittable: bool = True) -> Package:
    return Package(Terms(0, drawer, ACCEPTOR, PAYEE, face_fen, 10, DUE, LAST, splittable))
