"""A signed register: moves as entries, chained by hash, each signed; one function does them in a run and again later.

An entry is one JSON object in its canonical spelling: its number in its chain, the hash of the entry before it there
(of the first, 32 zero bytes), when, which move, and what that move needs. Its hash is SHA-256 over a byte that tells
registers apart and that spelling; its signature is of the hash. `SignedRegister.apply` is the one way in: a run comes
through it, and so does whoever reads a file, so what a file says is what would have been allowed to happen, or it is
refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, NamedTuple

from sandbox.core.moves import IllegalMove
from sandbox.language import N_, _
from wallets.keys import PublicKey, SimulationKey, simulation_key
from wallets.signatures import Signed, digest_of, sign_digests
from wallets.strict_json import BadText, canonical, count_at, exact_names, hex_at, shown, text_at

HASH_BYTES: Final = 32
NOTHING_BEFORE: Final = bytes(HASH_BYTES)
MOST_NUMBER: Final = 10**17
"""No account, time or sum of ours is larger."""
LONGEST_TEXT: Final = 64

Value = Callable[[dict[str, Any], str, str], object]
"""Checks one value of an entry: the entry, the value's name, what to call the entry; raises BadText."""

_HEAD: Final = ("entry", "previous", "at_us", "move")


class Entry(NamedTuple):
    """One move as it is written down."""

    content: dict[str, Any]
    hash: bytes


class Form(NamedTuple):
    """What entries of a register look like."""

    mark: bytes
    """The byte before what is hashed: no entry of one register passes for one of another."""
    purpose: str
    """What signatures are for."""
    head: tuple[str, ...]
    """What every entry says beside its number, hash, time and move."""
    moves: Mapping[str, tuple[str, ...]]
    """What each move needs beside that."""
    values: Mapping[str, Value]
    """How values are checked by name; all others are whole numbers from 0 on."""
    chain: str = ""
    """Name of the number that says in which chain an entry stands; without, there is one chain."""

    def hash_of(self, content: Mapping[str, Any]) -> bytes:
        """What is signed of an entry, and what the next one of its chain points at."""
        return hashlib.sha256(self.mark + canonical(dict(content))).digest()


def boolean(content: dict[str, Any], name: str, what: str) -> None:
    """A value that is true or false."""
    if not isinstance(content[name], bool):
        raise BadText(
            _("{what}: {name} is {content}, not true or false", what=what, name=name, content=shown(content[name]))
        )


def digest(content: dict[str, Any], name: str, what: str) -> None:
    """A value of 32 bytes."""
    hex_at(content, name, HASH_BYTES, what)


def short_text(content: dict[str, Any], name: str, what: str) -> None:
    """A short text."""
    if not 0 < len(text_at(content, name, what)) <= LONGEST_TEXT:
        message = N_("{what}: {name} is {content}, not a text of 1 to {longest_text} characters")
        raise BadText(_(message, what=what, name=name, content=shown(content[name]), longest_text=LONGEST_TEXT))


def whole_number(content: dict[str, Any], name: str, what: str) -> None:
    """A whole number, also below 0."""
    value = content[name]
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_NUMBER:
        message = N_("{what}: {name} is {value}, not a whole number of at most 17 digits")
        raise BadText(_(message, what=what, name=name, value=shown(value)))


@dataclass
class SignedRegister:
    """Entries in order. Who has one says its `form`, who signs (`signer`) and what a move does (`_do`)."""

    form: ClassVar[Form]
    entries: list[Entry] = field(default_factory=list)
    _ends: dict[int, tuple[int, bytes, int]] = field(default_factory=dict)
    """Of each chain: how many entries, and the hash and time (us) of the last."""

    def signer(self, content: Mapping[str, Any]) -> str:
        """Name of the key that signs an entry."""
        raise NotImplementedError

    def _do(self, move: str, content: dict[str, Any]) -> None:
        """Do a move whose entry is in its form and the next one.

        Raises:
            IllegalMove: it may not be done; nothing has changed.
        """
        raise NotImplementedError

    def write(self, at_us: int, move: str, **more: Any) -> Entry:
        """Do a move and write it down.

        Raises:
            IllegalMove: it may not be done; nothing has changed.
        """
        count, previous, __ = self._end(more)
        return self.apply({"entry": count, "previous": previous.hex(), "at_us": at_us, "move": move, **more})

    def apply(self, content: dict[str, Any]) -> Entry:
        """Do what an entry says, if it is the next one of its chain.

        Raises:
            BadText: it is no entry, or not the next one.
            IllegalMove: what it says may not be done; nothing has changed.
        """
        move = self._check(content)
        count, previous, last_us = self._end(content)
        if content["entry"] != count:
            raise BadText(_("entry: it is number {entry}; {count} comes next", entry=content["entry"], count=count))
        if content["previous"] != previous.hex():
            raise BadText(_("entry: `previous` is not the hash of the entry before it"))
        if content["at_us"] < last_us:
            raise IllegalMove(_("time goes forward: the entry before it is later"))
        self._do(move, content)
        entry = Entry(content, self.form.hash_of(content))
        self._ends[self._chain(content)] = (count + 1, entry.hash, content["at_us"])
        self.entries.append(entry)
        return entry

    def signatures(self, seed: int, entries: Iterable[Entry] | None = None) -> list[bytes]:
        """Signatures of entries (all, if none are named) by the keys of the run with this seed."""
        chosen = self.entries if entries is None else entries
        return sign_digests(
            [(self._key(seed, one), digest_of(self.form.purpose, one.hash)) for one in chosen]
        )  # fmt: skip

    def signed(self, number: int, public: PublicKey, signature: bytes) -> Signed:
        """What somebody gave as the signature of an entry, with what it should be of."""
        return Signed(public, self.form.purpose, self.entries[number].hash, signature)

    def columns(self, seed: int, named: Mapping[str, str]) -> dict[str, list[Any]]:
        """A row an entry: columns that say what the entry says under a name, then `content` and `signature`."""
        found: dict[str, list[Any]] = {
            column: [one.content[name] for one in self.entries] for column, name in named.items()
        }
        found["content"] = [canonical(one.content).decode() for one in self.entries]
        found["signature"] = [one.hex() for one in self.signatures(seed)]
        return found

    def _key(self, seed: int, entry: Entry) -> SimulationKey:
        return simulation_key(seed, self.signer(entry.content))

    def _chain(self, content: Mapping[str, Any]) -> int:
        return int(content[self.form.chain]) if self.form.chain else 0

    def _end(self, content: Mapping[str, Any]) -> tuple[int, bytes, int]:
        return self._ends.get(self._chain(content), (0, NOTHING_BEFORE, 0))

    def _check(self, content: dict[str, Any]) -> str:
        """The form of an entry; returns its move."""
        form, what = self.form, "entry"
        move = text_at(content, "move", what)
        if move not in form.moves:
            raise BadText(_("{what}: there is no move {move}", what=what, move=shown(move)))
        exact_names(content, frozenset((*_HEAD, *form.head, *form.moves[move])), what)
        digest(content, "previous", what)
        for name in content.keys() - {"move", "previous"}:
            if name in form.values:
                form.values[name](content, name, what)
            elif count_at(content, name, what) > MOST_NUMBER:
                raise BadText(
                    _("{what}: {name} is {content}, too large", what=what, name=name, content=shown(content[name]))
                )
        return move
