"""Why a line of a trace is refused, in order and in words.

Owns the list of reasons and the verdict over one chunk of rows. A row gets the first reason that applies: first those
of the line, then column by column (time, payer, payee, amount, kind), then those that compare lines.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from sandbox.language import N_, _
from sandbox.scenario.errors import shown

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

LONGEST_TEXT: Final = 200
"""Characters in one value of a mapped column."""
LONGEST_LINE: Final = 65_536
"""Bytes in one line of a CSV file."""
MOST_FEN: Final = 10_000_000_000_000
"""100 billion CNY, the largest amount of one payment."""
EXAMPLES_KEPT: Final = 10
_SHOWN: Final = 40


class Reason(StrEnum):
    """Reasons in order of precedence within a line; `refused_by_reason` uses these names."""

    BROKEN_LINE = "broken_line"
    TOO_LONG = "too_long"
    ENCODING = "encoding"
    NUL = "nul"
    FIELDS = "fields"
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_TIME = "not_a_time"
    TIME_ZONE = "time_zone"
    NOT_FINITE = "not_finite"
    TOO_FINE = "too_fine"
    TIME_NEGATIVE = "time_negative"
    TIME_LATE = "time_late"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    AMOUNT_TOO_LARGE = "amount_too_large"
    UNKNOWN_KIND = "unknown_kind"
    SELF_PAYMENT = "self_payment"
    TIME_BACKWARDS = "time_backwards"
    TOO_MANY_PEOPLE = "too_many_people"
    TOO_MANY_CORPORATES = "too_many_corporates"
    TOO_MANY_MERCHANTS = "too_many_merchants"


KINDS: Final = ("retail", "transfer", "wholesale", "government", "fee")
"""Kinds a trace may name; a batch's `kind` is the place in this list."""

WORDS: Final[dict[Reason, str]] = {
    Reason.BROKEN_LINE: N_("not a line of CSV: an open quote, text after a closing quote, or a stray carriage return"),
    Reason.TOO_LONG: N_("too long; a value may have {longest} characters and a line {most} bytes"),
    Reason.ENCODING: N_("{value} is not UTF-8 text; save the file as UTF-8"),
    Reason.NUL: N_("{value} holds a NUL byte"),
    Reason.FIELDS: N_("the line has {value} fields, not as many as the header"),
    Reason.MISSING: N_("the value is missing"),
    Reason.NOT_A_NUMBER: N_("{value} is not a number; expected one such as `12`, `0.5` or `1,000.50`"),
    Reason.NOT_A_TIME: N_(
        "{value} is not a date and time of day, such as `2026-03-02T08:30:00`; 24:00 is the next 00:00"
    ),
    Reason.TIME_ZONE: N_("{value} has a time zone; give local time without one"),
    Reason.NOT_FINITE: N_("{value} is not a finite number"),
    Reason.TOO_FINE: N_("{value} is finer than the smallest unit (1 us for times, 1 fen for amounts)"),
    Reason.TIME_NEGATIVE: N_("{value} is before the scenario's start"),
    Reason.TIME_LATE: N_("{value} is not before the scenario's end; see `duration`"),
    Reason.AMOUNT_NOT_POSITIVE: N_("{value} is not above 0"),
    Reason.AMOUNT_TOO_LARGE: N_("{value} is more than 100 billion CNY"),
    Reason.UNKNOWN_KIND: N_("{value} is not a kind; expected one of {kinds}"),
    Reason.SELF_PAYMENT: N_("{value} pays itself"),
    Reason.TIME_BACKWARDS: N_("{value} is earlier than a line above; sort the file by time"),
    Reason.TOO_MANY_PEOPLE: N_("{value} finds no wallet free; raise `population.wallets`"),
    Reason.TOO_MANY_CORPORATES: N_("{value} finds no corporate wallet free; raise `population.corporates`"),
    Reason.TOO_MANY_MERCHANTS: N_("{value} finds no merchant free; raise `merchants.count`"),
}

REASONS: Final = tuple(Reason)
CODE: Final[dict[Reason, int]] = {reason: code for code, reason in enumerate(REASONS, start=1)}
"""Reasons as int8 codes in columns; 0 means nothing wrong."""

ROLES: Final = ("time", "payer", "payee", "amount", "kind")
"""What the mapped columns are, in the order in which they are judged."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused line: where, which role of column (None: the line as a whole), why, and the value as text."""

    line: int
    role: str | None
    reason: Reason
    value: str

    def __str__(self) -> str:
        """As in `line 17: amount: 'x' is not a number`; for Parquet the line is the row, from 1."""
        return ": ".join(part for part in (_("line {number}", number=self.line), self.role, self.words()) if part)

    def words(self) -> str:
        """What is wrong, in words; the value is shortened and its control characters are escaped."""
        value = self.value if self.reason is Reason.FIELDS else shown(self.value, _SHOWN)
        bounds = {"longest": LONGEST_TEXT, "most": LONGEST_LINE, "kinds": ", ".join(KINDS)}
        return _(WORDS[self.reason], value=value, **bounds)


@dataclass(slots=True)
class Broken:
    """Lines of a chunk that could not be split into columns: how many for each reason, and the first few."""

    by_reason: Counter[Reason] = field(default_factory=Counter)
    examples: list[Refusal] = field(default_factory=list)

    def add(self, line: int, reason: Reason, value: str) -> None:
        """One line more; lines come in the order of the file."""
        self.by_reason[reason] += 1
        if len(self.examples) < EXAMPLES_KEPT:
            self.examples.append(Refusal(line, None, reason, value))

    def add_fields(self, lines: Ints, fields: Ints) -> None:
        """Lines with these numbers of fields, which are not as many as the header's."""
        if len(lines):
            self.by_reason[Reason.FIELDS] += len(lines)
            for line, number in zip(lines[:EXAMPLES_KEPT].tolist(), fields[:EXAMPLES_KEPT].tolist(), strict=True):
                self.examples.append(Refusal(line, None, Reason.FIELDS, str(number)))

    def __len__(self) -> int:
        return self.by_reason.total()


class Verdict:
    """The first reason, if any, against each row of a chunk, and the column it is about."""

    def __init__(self, rows: int) -> None:
        self.reason: Codes = np.zeros(rows, dtype=np.int8)
        self.role: Codes = np.zeros(rows, dtype=np.int8)

    def refuse(self, rows: Mask, role: str, reason: Reason) -> None:
        """Refuse the rows of the mask that nothing was said against yet."""
        if rows.any():
            new = rows & (self.reason == 0)
            self.reason[new] = CODE[reason]
            self.role[new] = ROLES.index(role)

    def refuse_row(self, row: int, role: str, reason: Reason) -> None:
        """Refuse one row that nothing was said against yet."""
        self.reason[row], self.role[row] = CODE[reason], ROLES.index(role)

    def note(self, codes: Codes, role: str) -> None:
        """Take over a column's own reason codes (0: nothing wrong) for rows that nothing was said against yet."""
        if codes.any():
            new = (codes != 0) & (self.reason == 0)
            self.reason[new] = codes[new]
            self.role[new] = ROLES.index(role)

    def good(self) -> Mask:
        """Rows that nothing was said against."""
        good: Mask = self.reason == 0
        return good


@dataclass(slots=True)
class Tally:
    """Counts over a whole file: rows read, rows accepted, refusals by reason, and the first few refusals."""

    rows: int = 0
    accepted: int = 0
    by_code: Ints = field(default_factory=lambda: np.zeros(len(REASONS) + 1, dtype=np.int64))
    examples: list[Refusal] = field(default_factory=list)

    def by_reason(self) -> dict[str, int]:
        """Refusals by reason, the most frequent first; equally frequent ones in order of precedence."""
        counted = [(reason.value, int(self.by_code[code])) for reason, code in CODE.items() if self.by_code[code]]
        return dict(sorted(counted, key=lambda one: -one[1]))
