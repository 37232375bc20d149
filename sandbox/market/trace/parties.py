"""Names in a trace become numbers: wallets, corporate wallets and merchants, each 0, 1, ... in first-seen order.

First seen is by line, and within a line the payer before the payee, whatever the size of the chunks. A person may pay
and be paid and is one wallet. Only accepted rows give out numbers. Names are compared as text without blanks around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.market.trace.refusals import CODE, KINDS, LONGEST_TEXT, Codes, Ints, Mask, Reason, Verdict
from sandbox.market.trace.values import BLANKS, check_text, text_column

PERSONAL: Final = 0
CORPORATE: Final = 1
MERCHANT: Final = 2

PARTIES: Final[dict[str, tuple[int, int]]] = {
    "retail": (PERSONAL, MERCHANT),
    "transfer": (PERSONAL, PERSONAL),
    "wholesale": (CORPORATE, CORPORATE),
    "government": (CORPORATE, PERSONAL),
    "fee": (PERSONAL, MERCHANT),
}
"""Who pays whom in each kind of payment."""

PAYER_OF: Final[Codes] = np.array([PARTIES[kind][0] for kind in KINDS], dtype=np.int8)
PAYEE_OF: Final[Codes] = np.array([PARTIES[kind][1] for kind in KINDS], dtype=np.int8)

_TOO_MANY: Final = (Reason.TOO_MANY_PEOPLE, Reason.TOO_MANY_CORPORATES, Reason.TOO_MANY_MERCHANTS)


MOST_CHARACTERS: Final = 256 * 1024 * 1024
"""In all distinct names together."""


class TooManyNames(ValueError):
    """The names of a trace fill more memory than they may."""

    def __init__(self) -> None:
        most = f"{MOST_CHARACTERS:,}"
        super().__init__(f"its names have more than {most} characters in all; take shorter ones, or numbers")


Names = list[str] | list[int]
"""Distinct names; whole numbers if both columns of the file are, text otherwise."""


@dataclass(frozen=True, slots=True)
class Named:
    """Payers and payees of one chunk as places in `names`, and what is wrong with them."""

    payer: Ints
    payee: Ints
    names: Names
    payer_codes: Codes
    payee_codes: Codes


def distinct(payer: Any, payee: Any) -> Named:
    """Find the distinct names of two columns (text or whole numbers) and examine each once."""
    rows = len(payer)
    codes = np.zeros(2 * rows, dtype=np.int8)
    whole_numbers = payer.type == payee.type and pa.types.is_integer(payer.type)
    if not whole_numbers:
        payer, codes[:rows] = text_column(payer)
        payee, codes[rows:] = text_column(payee)
    encoded = pa.concat_arrays([payer, payee]).dictionary_encode()
    place = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    if not whole_numbers and not _all_plain(encoded.dictionary):
        names, place, wrong = _examine(encoded.dictionary.to_pylist(), place)
        codes = np.where(codes != 0, codes, wrong)
    else:
        names = encoded.dictionary.to_pylist()
        if whole_numbers and encoded.null_count:
            codes[place < 0] = CODE[Reason.MISSING]
    return Named(place[:rows], place[rows:], names, codes[:rows], codes[rows:])


def _all_plain(texts: Any) -> bool:
    """Whether nothing can be wrong with any of these names and none has blanks around it."""
    sizes = pc.binary_length(texts)
    bounds = pc.min_max(sizes)
    if not len(texts) or bounds["min"].as_py() == 0 or bounds["max"].as_py() > LONGEST_TEXT:
        return False
    trimmed = pc.binary_length(pc.ascii_trim(texts, BLANKS))
    return bool(pc.sum(trimmed) == pc.sum(sizes)) and not pc.any(pc.match_substring(texts, "\0")).as_py()


def _examine(texts: list[str], place: Ints) -> tuple[list[str], Ints, Codes]:
    """Names one by one: without the blanks around them, each once, and the reason code of every row."""
    trimmed = [text.strip(BLANKS) for text in texts]
    once = {text: index for index, text in enumerate(dict.fromkeys(trimmed))}
    place = np.array([once[text] for text in trimmed], dtype=np.int64)[place]
    faults = [check_text(text) for text in once]
    wrong = np.array([0 if fault is None else CODE[fault] for fault in faults], dtype=np.int8)
    return list(once), place, wrong[place]


class Numbering:
    """Numbers given to names so far, for each of the three sorts of party.

    `room` is how many wallets, corporate wallets and merchants the world has.
    """

    def __init__(self, room: tuple[int, int, int]) -> None:
        self._room = room
        self._known: tuple[dict[str | int, int], ...] = ({}, {}, {})
        self._characters = 0

    def counts(self) -> tuple[int, int, int]:
        """How many wallets, corporate wallets and merchants have a name."""
        return len(self._known[0]), len(self._known[1]), len(self._known[2])

    def number(self, named: Named, kind: Codes, verdict: Verdict) -> tuple[Ints, Ints]:
        """Numbers of payers and payees; refuses rows in `verdict` for which the world has no room.

        The numbers of refused rows have no meaning.
        """
        parties = np.empty(2 * len(kind), dtype=np.int8)
        parties[0::2], parties[1::2] = PAYER_OF[kind], PAYEE_OF[kind]
        places = np.empty(2 * len(kind), dtype=np.int64)
        places[0::2], places[1::2] = named.payer, named.payee
        numbers = self._try(named, places, parties, verdict.good())
        if numbers is None:
            self._one_by_one(named, kind, verdict)
            numbers = self._try(named, places, parties, verdict.good())
            assert numbers is not None, "every name that is left has a number"
        return numbers[0::2], numbers[1::2]

    def _try(self, named: Named, places: Ints, parties: Codes, good: Mask) -> Ints | None:
        """Numbers for all good rows, new ones where needed; None, and none given, if there is no room for all."""
        numbers = np.full(len(places), -1, dtype=np.int64)
        slots = np.repeat(good, 2)
        given: list[tuple[int, list[str | int]]] = []
        for party in (PERSONAL, CORPORATE, MERCHANT):
            mine = slots & (parties == party)
            if not mine.any():
                continue
            known = self._known[party]
            used = _in_order(places[mine], len(named.names))
            names = [named.names[place] for place in used.tolist()]
            found = np.fromiter(map(known.get, names, repeat(-1)), dtype=np.int64, count=len(names))
            new = np.flatnonzero(found < 0)
            if len(known) + len(new) > self._room[party]:
                return None
            found[new] = np.arange(len(known), len(known) + len(new))
            given.append((party, [names[index] for index in new.tolist()]))
            table = np.full(len(named.names), -1, dtype=np.int64)
            table[used] = found
            numbers[mine] = table[places[mine]]
        for party, fresh in given:
            known = self._known[party]
            known.update(zip(fresh, range(len(known), len(known) + len(fresh)), strict=True))
            self._weigh(fresh)
        return numbers

    def _one_by_one(self, named: Named, kind: Codes, verdict: Verdict) -> None:
        """Row by row: a row whose names do not both fit is refused and gives out no number."""
        rows = np.flatnonzero(verdict.good())
        columns = (rows.tolist(), kind[rows].tolist(), named.payer[rows].tolist(), named.payee[rows].tolist())
        for row, code, payer_place, payee_place in zip(*columns, strict=True):
            payer_party, payee_party = PARTIES[KINDS[code]]
            asked = (("payer", payer_party, named.names[payer_place]), ("payee", payee_party, named.names[payee_place]))
            new = [one for one in asked if one[2] not in self._known[one[1]]]
            if not new:
                continue
            left = [room - len(known) for room, known in zip(self._room, self._known, strict=True)]
            for role, party, _ in new:
                left[party] -= 1
                if left[party] < 0:
                    verdict.refuse_row(row, role, _TOO_MANY[party])
                    break
            else:
                for _, party, name in new:
                    self._known[party][name] = len(self._known[party])
                    self._weigh([name])

    def _weigh(self, fresh: Sequence[str | int]) -> None:
        texts = [name for name in fresh if isinstance(name, str)]
        self._characters += sum(map(len, texts))
        if self._characters > MOST_CHARACTERS:
            raise TooManyNames


def _in_order(places: Ints, distinct_count: int) -> Ints:
    """The distinct places, ordered by where each comes first."""
    first = np.full(distinct_count, len(places), dtype=np.int64)
    np.minimum.at(first, places, np.arange(len(places)))
    used = np.flatnonzero(first < len(places))
    ordered: Ints = used[np.argsort(first[used])]
    return ordered
