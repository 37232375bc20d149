"""Pending transfers: money in an escrow account that later goes on, goes back, or comes back at its time.

A pending is *opened* with money that has come, or comes by a posting, from its payer into an escrow account. It ends
in exactly one way: **posted** (all of it has gone to payees, at once or in parts), **voided** (what is left went back
to its payer, because somebody said so) or **expired** (the same, because its time was over). There is no other ending;
what has not ended when the run does is open, and its money is in the escrow. What is said at the instant at which one
expires (a draw, a void) is still in time, whichever was planned first.

What is due to a frozen account waits until its release: the ending is then decided, and comes with the money. What a
wallet may not hold goes to the bank behind it (`payouts`). A part that was *reserved* is on its way through the rail:
it can neither be posted nor go back before it is known whether it was taken or left over.

For every escrow account: what its open pendings hold is its balance, from the moment at which each is opened.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from sandbox.base.payouts import grouped, pay_out_many
from sandbox.control import Control, Process
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, account, trait
from sandbox.core.ledger import BrokenInvariant

OPEN, POSTED, VOIDED, EXPIRED = 0, 1, 2, 3
ENDINGS: Final = ("open", "posted", "voided", "expired")
"""By code."""

# Columns of a pending.
P_PAYER, P_ESCROW, P_AMOUNT, P_SPENT, P_RETURNED, P_CREATED, P_EXPIRES, P_ENDED, P_ENDING = range(9)
P_DECIDED: Final = 9
"""The ending that is decided; it comes when nothing waits any more."""
P_WAITS: Final = 10
"""Due to a frozen account (fen)."""
P_RESERVED: Final = 11
"""For payments under way (fen)."""
P_KIND: Final = 12
P_REASON: Final = 13
"""Code of the reason of its ending; 0 before it is decided."""
P_LAST: Final = 14
"""Code of what it last paid for: the reason of its ending, if it is posted."""
P_COLUMNS: Final = 15

Numbers = Int64Array
"""Pendings by number; without repeats where nothing else is said."""

HELD, SPENT, RETURNED = range(3)
"""Columns of `Pendings.totals`."""


class Pendings:
    """All pendings of one part of a run. Numbers count from 0 in the order of opening."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._rows: Int64Array = np.zeros((1024, P_COLUMNS), dtype=np.int64)
        self._count = 0
        self._words: list[str] = [""]
        self._codes: dict[str, int] = {"": 0}
        self._totals: Int64Array = np.zeros((1, 3), dtype=np.int64)
        self._due: dict[int, list[Int64Array]] = {}
        """By expiry: the pendings that then expire, as they were opened."""
        self._times: list[int] = []
        self._alarm = INFINITE
        self._held_back: dict[int, list[tuple[int, int, bool]]] = {}
        """By frozen account: pending, amount, whether it goes back to its payer."""
        self.on_end: list[Callable[[Numbers], None]] = []
        """Called with pendings that have just ended."""
        control.on_release.append(self._released)

    # --- what they are ---------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Int64Array:
        """One row a pending, by the columns P_..."""
        return self._rows[: self._count]

    def word(self, code: int) -> str:
        """What P_KIND and P_REASON stand for."""
        return self._words[code]

    def is_open(self, number: int) -> bool:
        """Whether it can still be posted, reserved or voided."""
        return 0 <= number < self._count and self._rows[number, P_DECIDED] == OPEN

    def left_of(self, numbers: Numbers) -> Int64Array:
        """What is neither gone, nor waits, nor is reserved (fen)."""
        rows = self._rows[numbers]
        gone = rows[:, P_SPENT] + rows[:, P_RETURNED] + rows[:, P_WAITS] + rows[:, P_RESERVED]
        return np.asarray(rows[:, P_AMOUNT] - gone)

    def held_of(self, numbers: Numbers) -> Int64Array:
        """What is still in the escrow (fen)."""
        rows = self._rows[numbers]
        return np.asarray(rows[:, P_AMOUNT] - rows[:, P_SPENT] - rows[:, P_RETURNED])

    def returned_of(self, numbers: Numbers) -> Int64Array:
        """What went back to their payers (fen)."""
        return np.asarray(self._rows[numbers, P_RETURNED])

    def left(self, number: int) -> int:
        """As `left_of`, for one."""
        return int(self.left_of(np.array([number]))[0])

    def open_fen(self, escrow: int | None = None) -> int:
        """What pendings hold, in one escrow or in all."""
        rows = self.rows if escrow is None else self.rows[self.rows[:, P_ESCROW] == escrow]
        return int((rows[:, P_AMOUNT] - rows[:, P_SPENT] - rows[:, P_RETURNED]).sum())

    def waiting_fen(self) -> int:
        """Of what pendings hold, what is due to frozen accounts."""
        return int(self.rows[:, P_WAITS].sum())

    def counts(self, kind: str | None = None) -> dict[str, dict[str, int]]:
        """By ending: how many (`count`), and `amount_fen`, `spent_fen`, `returned_fen`; of one kind or of all."""
        rows = self.rows if kind is None else self.rows[self.rows[:, P_KIND] == self._codes.get(kind, -1)]
        found = {}
        for code, name in enumerate(ENDINGS):
            ended = rows[rows[:, P_ENDING] == code]
            sums = ended[:, (P_AMOUNT, P_SPENT, P_RETURNED)].sum(axis=0).tolist()
            found[name] = {
                "count": len(ended), **dict(zip(("amount_fen", "spent_fen", "returned_fen"), sums, strict=True))
            }  # fmt: skip
        return found

    def totals(self, kind: str) -> list[int]:
        """Where the money of one kind stands now (fen): HELD, SPENT, RETURNED."""
        return self._totals[self._codes[kind]].tolist() if kind in self._codes else [0, 0, 0]

    # --- opening ---------------------------------------------------------------------------------------------------

    def hold(
        self, payer: int, amount_fen: int, *, escrow: int, expires_us: int | None = None, kind: str = "",
        moved: bool = False,
    ) -> int:  # fmt: skip
        """As `hold_many`, for one; returns its number."""
        one = np.array([payer]), np.array([amount_fen])
        return int(self.hold_many(*one, escrow=escrow, expires_us=expires_us, kind=kind, moved=moved)[0])

    def hold_many(
        self, payers: Int64Array, amounts_fen: Int64Array, *, escrow: int,
        expires_us: int | Int64Array | None = None, kind: str = "", moved: bool = False,
    ) -> Numbers:  # fmt: skip
        """Open one pending for each payer (payers may repeat).

        Args:
            payers: accounts that what is left goes back to.
            amounts_fen: above zero.
            escrow: the account that holds the money meanwhile.
            expires_us: when it goes back by itself, later than now; None: never.
            kind: a word for what it is, by which `counts` tells pendings apart.
            moved: the money is in the escrow already (a payment brought it); else it is posted there now.

        Raises:
            BrokenInvariant: an amount is not above zero, or a payer does not hold it, or its time is over.
        """
        count, now = payers.size, self._control.now
        expires = np.broadcast_to(np.asarray(INFINITE if expires_us is None else expires_us, dtype=np.int64), (count,))
        if np.any(amounts_fen <= 0) or np.any(expires <= now):
            raise BrokenInvariant("a pending transfer is of more than nothing and expires later than it is opened")
        if not moved:
            owners, sums = grouped(payers, amounts_fen)
            self._control.ledger.post(owners, escrow, sums)
        while self._count + count > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        numbers = np.arange(self._count, self._count + count, dtype=np.int64)
        self._count += count
        rows = self._rows[numbers[0] : self._count] if count else self._rows[:0]
        rows[:, P_PAYER], rows[:, P_ESCROW], rows[:, P_AMOUNT] = payers, escrow, amounts_fen
        rows[:, P_CREATED], rows[:, P_EXPIRES], rows[:, P_ENDED] = now, expires, -1
        rows[:, P_KIND] = self._code(kind)
        self._totals[self._code(kind), HELD] += int(amounts_fen.sum())
        self._remember(numbers, expires)
        return numbers

    # --- going on and going back -----------------------------------------------------------------------------------

    def post(self, number: int, payee: int, amount_fen: int | None = None, *, reason: str = "") -> None:
        """As `post_many`, for one; without an amount, all that is left."""
        amount = self.left(number) if amount_fen is None else amount_fen
        self.post_many(np.array([number]), np.array([payee]), np.array([amount]), reason=reason)

    def post_many(self, numbers: Numbers, payees: Int64Array, amounts_fen: Int64Array, *, reason: str = "") -> None:
        """Pay parts of pendings to payees; one of which nothing is left has ended as posted. Numbers may repeat.

        Raises:
            BrokenInvariant: a pending is not open, or an amount is below one fen or above what is left.
        """
        if not numbers.size:
            return
        once = self._set_aside(numbers, amounts_fen, P_WAITS)
        self._rows[once[(self.left_of(once) == 0) & (self._rows[once, P_RESERVED] == 0)], P_DECIDED] = POSTED
        self._rows[once, P_LAST] = self._code(reason)
        self._deliver(numbers, payees, amounts_fen, back=False)

    def void(self, number: int, *, reason: str = "") -> None:
        """As `void_many`, for one."""
        self.void_many(np.array([number]), reason=reason)

    def void_many(self, numbers: Numbers, *, reason: str = "") -> None:
        """Give back what is left.

        Raises:
            BrokenInvariant: a pending is not open.
        """
        if numbers.size:
            self._must_be_open(numbers)
            self._give_back(numbers, VOIDED, reason)

    def reserve_many(self, numbers: Numbers, amounts_fen: Int64Array) -> None:
        """Set parts aside for payments out of the escrow that the rail is given now. Numbers may repeat.

        Raises:
            BrokenInvariant: as `post_many`.
        """
        if numbers.size:
            self._set_aside(numbers, amounts_fen, P_RESERVED)

    def postpone_many(self, numbers: Numbers, expires_us: int | None = None) -> None:
        """Let pendings expire at another time, or never.

        Raises:
            BrokenInvariant: a pending is not open, or the time is over.
        """
        if not numbers.size:
            return
        self._must_be_open(numbers)
        if expires_us is not None and expires_us <= self._control.now:
            raise BrokenInvariant("a pending transfer is postponed to a time that is over")
        self._rows[numbers, P_EXPIRES] = INFINITE if expires_us is None else expires_us
        self._remember(numbers, self._rows[numbers, P_EXPIRES])

    def capture_many(self, numbers: Numbers, amounts_fen: Int64Array, *, reason: str = "") -> None:
        """Reserved parts have gone: the rail has moved them out of the escrow. Numbers may repeat."""
        if not numbers.size:
            return
        once, sums = self._unreserve(numbers, amounts_fen)
        self._move_on(once, sums, P_SPENT)
        rows = self._rows[once]
        all_gone = (self.left_of(once) == 0) & (rows[:, P_RESERVED] == 0) & (rows[:, P_DECIDED] == OPEN)
        self._rows[once[all_gone], P_DECIDED] = POSTED
        self._rows[once, P_LAST] = self._code(reason)
        self._end(once)

    def release_many(self, numbers: Numbers, amounts_fen: Int64Array) -> None:
        """Reserved parts were not taken: they are left, or go back if the ending is decided. Numbers may repeat."""
        if not numbers.size:
            return
        once, sums = self._unreserve(numbers, amounts_fen)
        back = self._rows[once, P_DECIDED] != OPEN
        once, sums = once[back], sums[back]
        self._rows[once, P_WAITS] += sums
        self._deliver(once, self._rows[once, P_PAYER], sums, back=True)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _code(self, word: str) -> int:
        if word not in self._codes:
            self._codes[word] = len(self._words)
            self._words.append(word)
            self._totals = np.concatenate([self._totals, np.zeros((1, 3), dtype=np.int64)])
        return self._codes[word]

    def _must_be_open(self, numbers: Numbers) -> None:
        named_twice = numbers.size > 1 and np.unique(numbers).size != numbers.size
        if named_twice or np.any((numbers < 0) | (numbers >= self._count)):
            raise BrokenInvariant("there is no such pending transfer, or one is named twice")
        if np.any(self._rows[numbers, P_DECIDED] != OPEN):
            raise BrokenInvariant("a pending transfer that has ended does not end again")

    def _set_aside(self, numbers: Numbers, amounts_fen: Int64Array, column: int) -> Numbers:
        """Note parts of pendings as waiting or reserved; returns each pending once."""
        once, sums = grouped(numbers, amounts_fen)
        self._must_be_open(once)
        if np.any(amounts_fen <= 0) or np.any(sums > self.left_of(once)):
            raise BrokenInvariant("a pending transfer pays more than it holds, or nothing")
        self._rows[once, column] += sums
        return once

    def _unreserve(self, numbers: Numbers, amounts_fen: Int64Array) -> tuple[Numbers, Int64Array]:
        once, sums = grouped(numbers, amounts_fen)
        if np.any(amounts_fen <= 0) or np.any(sums > self._rows[once, P_RESERVED]):
            raise BrokenInvariant("more comes of a payment out of an escrow than was reserved for it")
        self._rows[once, P_RESERVED] -= sums
        return once, sums

    def _move_on(self, once: Numbers, sums: Int64Array, column: int) -> None:
        """Book what has left the escrow as spent or returned."""
        self._rows[once, column] += sums
        np.subtract.at(self._totals[:, HELD], self._rows[once, P_KIND], sums)
        np.add.at(self._totals[:, SPENT if column == P_SPENT else RETURNED], self._rows[once, P_KIND], sums)

    def _give_back(self, numbers: Numbers, ending: int, reason: str) -> None:
        back = self.left_of(numbers)
        self._rows[numbers, P_DECIDED] = ending
        self._rows[numbers, P_REASON] = self._code(reason)
        self._rows[numbers, P_WAITS] += back
        self._deliver(numbers, self._rows[numbers, P_PAYER], back, back=True)

    def _deliver(self, numbers: Numbers, accounts: Int64Array, amounts_fen: Int64Array, *, back: bool) -> None:
        """Move what waits out of the escrows into accounts, but for the frozen ones."""
        frozen = self._control.accounts[accounts, account.TRAITS] & trait.FROZEN != 0
        if frozen.any():
            for number, who, amount in zip(
                *(column[frozen].tolist() for column in (numbers, accounts, amounts_fen)), strict=True
            ):
                self._held_back.setdefault(who, []).append((number, amount, back))
            numbers, accounts, amounts_fen = numbers[~frozen], accounts[~frozen], amounts_fen[~frozen]
        escrows = self._rows[numbers, P_ESCROW]
        for escrow in np.unique(escrows).tolist():
            of_it = escrows == escrow
            pay_out_many(self._control, escrow, accounts[of_it], amounts_fen[of_it])
        once, sums = grouped(numbers, amounts_fen)
        self._rows[once, P_WAITS] -= sums
        self._move_on(once, sums, P_RETURNED if back else P_SPENT)
        self._end(once)

    def _end(self, numbers: Numbers) -> None:
        """Those whose ending is decided, and of which nothing waits or is under way, have ended."""
        rows = self._rows[numbers]
        still = rows[:, P_WAITS] + rows[:, P_RESERVED]
        over = (rows[:, P_DECIDED] != OPEN) & (still == 0) & (rows[:, P_ENDING] == OPEN)
        numbers, rows = numbers[over], rows[over]
        if not numbers.size:
            return
        # Nothing came back where all that was left had gone by the time the payments under way had ended.
        posted = rows[:, P_RETURNED] == 0
        self._rows[numbers, P_ENDING] = np.where(posted, POSTED, rows[:, P_DECIDED])
        self._rows[numbers, P_REASON] = np.where(posted, rows[:, P_LAST], rows[:, P_REASON])
        self._rows[numbers, P_ENDED] = self._control.now
        for listener in self.on_end:
            listener(numbers)

    def _released(self, account: int) -> None:
        """What waited for a frozen account goes there."""
        for number, amount, back in self._held_back.pop(account, []):
            self._deliver(np.array([number]), np.array([account]), np.array([amount]), back=back)

    # --- expiry ----------------------------------------------------------------------------------------------------

    def _remember(self, numbers: Numbers, expires: Int64Array) -> None:
        if not numbers.size:
            return
        order = np.argsort(expires, kind="stable")
        times, first = np.unique(expires[order], return_index=True)
        for at_us, those in zip(times.tolist(), np.split(numbers[order], first[1:]), strict=True):
            if at_us == INFINITE:
                continue
            if at_us not in self._due:
                heapq.heappush(self._times, at_us)
            self._due.setdefault(at_us, []).append(those)
        self._arm()

    def _arm(self) -> None:
        if self._times and self._times[0] < self._alarm:
            self._alarm = self._times[0]
            self._control.env.process(self._expire(self._alarm))

    def _expire(self, at_us: int) -> Process:
        """What is open at this time expires. One alarm is set at a time, for hundreds of waiting processes cost."""
        yield self._control.wait_until(at_us)
        # What was to happen at this instant happens first: a draw and an expiry that fall together end in the draw.
        yield self._control.env.timeout(0)
        if at_us != self._alarm:
            return
        heapq.heappop(self._times)
        numbers = np.concatenate(self._due.pop(at_us))
        # A time may stand here twice for a pending that was postponed, and one may have been postponed from here.
        numbers = np.unique(numbers[self._rows[numbers, P_EXPIRES] == at_us])
        numbers = numbers[self._rows[numbers, P_DECIDED] == OPEN]
        if numbers.size:
            self._give_back(numbers, EXPIRED, "expired")
        self._alarm = INFINITE
        self._arm()

    def table(self) -> dict[str, Any]:
        """Columns that tables of pendings have in common; an ending is a word, times may be missing."""
        rows = self.rows
        return {
            "number": np.arange(len(rows)),
            "kind": [self._words[code] for code in rows[:, P_KIND].tolist()],
            "payer": rows[:, P_PAYER],
            "amount_fen": rows[:, P_AMOUNT],
            "spent_fen": rows[:, P_SPENT],
            "returned_fen": rows[:, P_RETURNED],
            "created_at_us": rows[:, P_CREATED],
            "ended_at_us": [None if at_us < 0 else at_us for at_us in rows[:, P_ENDED].tolist()],
            "ending": [ENDINGS[code] for code in rows[:, P_ENDING].tolist()],
            "reason": [self._words[code] or None for code in rows[:, P_REASON].tolist()],
        }
