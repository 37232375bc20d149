"""The life of a digital bill: its states, and the only moves there are between them.

A package is a bill of so many fen, made of as many bills of 1 fen with numbers 1, 2, 3, ...; a *part* is a range of
those numbers with one holder. A package that is not splittable has one part for ever.

    drawn --accept--> held --endorse--> held          paid for with goods: no money moves
      |                |--offer--> offered --take--> held (money for the bill)   or --retract--> held
      +-cancel->       +--present--> presented --discharge--> discharged
      cancelled                          |
                                         +--dishonour--> dishonoured --recourse--> dishonoured (who paid now holds it)
                                                              |--refuse (somebody liable does not pay)
                                                              |--discharge (the acceptor pays late)
                                                              +--lose--> lost (nobody is left to ask)

What follows money can only be done with a receipt of that very money, and a receipt can be used once: so a bill is
discharged if and only if the money has moved, and nobody pays twice for the same fen. Whoever pays in recourse gets the
bill and the claims that its holder had, on those before him alone.

Invariants: the parts' ranges are disjoint and together the package; so their faces sum to its face. Costs of discount
are split with a part, to the fen. A move that is not legal raises `IllegalMove` and changes nothing.

Parties are account numbers; times us; sums fen. Source of the design: splittable bills of the new bill system of 2022.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from sandbox.core.moves import IllegalMove, Receipt, need
from sandbox.language import _


class State(StrEnum):
    """Where a part is in its life."""

    DRAWN = "drawn"
    HELD = "held"
    OFFERED = "offered"
    PRESENTED = "presented"
    DISHONOURED = "dishonoured"
    DISCHARGED = "discharged"
    LOST = "lost"
    CANCELLED = "cancelled"


_DUE: Final = "it is due: it can be presented only"
OVER = frozenset({State.DISCHARGED, State.LOST, State.CANCELLED})


class Terms(NamedTuple):
    """What is written on a bill."""

    bill_id: int
    drawer: int
    acceptor: int
    payee: int
    face_fen: int
    issued_us: int
    due_us: int
    pay_by_us: int
    """Until when the acceptor may still pay (us)."""
    splittable: bool


@dataclass
class BillPart:
    """A range of a package's bills."""

    first: int
    last: int
    holder: int
    state: State = State.DRAWN
    liable: tuple[int, ...] = ()
    """Who is liable to the holder beside the acceptor, the earliest first."""
    offer: tuple[int, int] | None = None
    """To whom, for how much."""
    asked: frozenset[int] = frozenset()
    """Liable, asked after the bill was dishonoured, and did not pay."""
    recourse_payers: tuple[int, ...] = ()
    """Who has paid the holder of that time in recourse, in order."""
    endorsements: int = 0
    discounted_fen: int = 0
    """Face for which somebody got money before it was due; what a bank gets for it later does not count."""
    cost_fen: int = 0
    """What its first seller gave up for that."""
    ended_us: int | None = None

    @property
    def face_fen(self) -> int:
        """Its face: one fen a number."""
        return self.last - self.first + 1

    @property
    def outcome(self) -> str:
        """How it stands, as tables say it."""
        if self.state is State.LOST:
            return "recourse" if self.recourse_payers else "defaulted"
        if self.state in (State.DISCHARGED, State.CANCELLED, State.DISHONOURED):
            return self.state.value
        return "open"


@dataclass
class Package:
    """One bill with all its parts. `used` holds the numbers of receipts that some bill has used already."""

    terms: Terms
    used: set[int] = field(default_factory=set)
    parts: list[BillPart] = field(default_factory=list)
    """In order of their numbers."""
    last_move_us: int = 0
    """When it was last moved; moves go forward in time."""

    def __post_init__(self) -> None:
        one = self.terms
        need(one.face_fen > 0, "its face is not above 0")
        need(one.issued_us < one.due_us <= one.pay_by_us, "its dates are not in order")
        need(one.payee not in (one.drawer, one.acceptor), "a bill is not payable to who draws or accepts it")
        self.last_move_us = one.issued_us
        self.parts = [BillPart(1, one.face_fen, one.payee)]

    def part(self, first: int, last: int) -> BillPart:
        """The part with exactly these numbers."""
        place = self._place(first)
        if place == len(self.parts) or (self.parts[place].first, self.parts[place].last) != (first, last):
            raise IllegalMove(
                _("bill {bill_id} has no part {first}-{last}", bill_id=self.terms.bill_id, first=first, last=last)
            )
        return self.parts[place]

    def _place(self, first: int) -> int:
        """Where the part that begins with this number stands, or would."""
        return bisect_left(self.parts, first, key=lambda part: part.first)

    # --- before it is due ------------------------------------------------------------------------------------------

    def accept(self, at_us: int, by: int) -> None:
        """The acceptor binds itself; the payee holds the bill."""
        (part,) = self._at(at_us, State.DRAWN, *self.parts)
        need(by == self.terms.acceptor, "only the acceptor named on it accepts a bill")
        drawer = self.terms.drawer
        part.state, part.liable = State.HELD, () if drawer == by else (drawer,)
        self.last_move_us = at_us

    def cancel(self, at_us: int, by: int) -> None:
        """The drawer takes back what nobody accepted."""
        (part,) = self._at(at_us, State.DRAWN, *self.parts)
        need(by == self.terms.drawer, "only its drawer takes a bill back")
        self._end(at_us, part, State.CANCELLED)
        self.last_move_us = at_us

    def split(self, at_us: int, part: BillPart, by: int, off_fen: int) -> tuple[BillPart, BillPart]:
        """Cut off the first `off_fen` numbers of a part; costs are divided in proportion, the odd fen to the rest."""
        self._holds(at_us, State.HELD, part, by)
        need(self.terms.splittable, "this bill cannot be split")
        need(at_us < self.terms.due_us, _DUE)
        need(0 < off_fen < part.face_fen, f"{off_fen} of {part.face_fen} fen cannot be cut off")
        off = BillPart(part.first, part.first + off_fen - 1, part.holder, part.state, part.liable,
                   endorsements=part.endorsements)  # fmt: skip
        off.cost_fen = part.cost_fen * off_fen // part.face_fen
        off.discounted_fen = part.discounted_fen * off_fen // part.face_fen
        part.cost_fen -= off.cost_fen
        part.discounted_fen -= off.discounted_fen
        place = self._place(part.first)
        part.first += off_fen
        self.parts.insert(place, off)
        self.last_move_us = at_us
        return off, part

    def endorse(self, at_us: int, part: BillPart, by: int, to: int) -> None:
        """The holder passes the part on for something other than money."""
        self._holds(at_us, State.HELD, part, by)
        self._may_hold(at_us, part, to)
        self._pass(part, to)
        self.last_move_us = at_us

    def offer(self, at_us: int, part: BillPart, by: int, to: int, price_fen: int) -> None:
        """The holder offers the part for money; until that has come or failed nothing else happens to it."""
        self._holds(at_us, State.HELD, part, by)
        self._may_hold(at_us, part, to)
        need(0 < price_fen <= part.face_fen, f"a price of {price_fen} fen for {part.face_fen} fen")
        part.state, part.offer = State.OFFERED, (to, price_fen)
        self.last_move_us = at_us

    def take(self, at_us: int, part: BillPart, receipt: Receipt) -> None:
        """Its price has been paid: the part is the buyer's in the same instant."""
        self._at(at_us, State.OFFERED, part)
        assert part.offer is not None
        to, price = part.offer
        self._use(receipt, to, part.holder, price)
        if not part.discounted_fen:
            part.discounted_fen, part.cost_fen = part.face_fen, part.face_fen - price
        part.state, part.offer = State.HELD, None
        self._pass(part, to)
        self.last_move_us = at_us

    def retract(self, at_us: int, part: BillPart, by: int) -> None:
        """The money did not come: the part stays with its holder."""
        self._holds(at_us, State.OFFERED, part, by)
        part.state, part.offer = State.HELD, None
        self.last_move_us = at_us

    # --- when it is due --------------------------------------------------------------------------------------------

    def present(self, at_us: int, part: BillPart, by: int) -> None:
        """The holder asks the acceptor to pay."""
        need(at_us >= self.terms.due_us, "it is not due yet")
        self._holds(at_us, State.HELD, part, by)
        part.state = State.PRESENTED
        self.last_move_us = at_us

    def discharge(self, at_us: int, part: BillPart, receipt: Receipt) -> None:
        """The acceptor has paid the holder: the part is over."""
        self._at(at_us, (State.PRESENTED, State.DISHONOURED), part)
        self._use(receipt, self.terms.acceptor, part.holder, part.face_fen)
        self._end(at_us, part, State.DISCHARGED)
        self.last_move_us = at_us

    def dishonour(self, at_us: int, part: BillPart, by: int) -> None:
        """The acceptor refuses, or has not paid by the last day, as the holder then says."""
        self._at(at_us, State.PRESENTED, part)
        need(by in (self.terms.acceptor, part.holder), "only acceptor or holder can say that it is not paid")
        need(by == self.terms.acceptor or at_us >= self.terms.pay_by_us, "the acceptor still has time")
        part.state = State.DISHONOURED
        self.last_move_us = at_us

    def recourse(self, at_us: int, part: BillPart, receipt: Receipt) -> None:
        """Somebody liable has paid the holder: he holds the part now, and claims on those before him alone."""
        self._at(at_us, State.DISHONOURED, part)
        by = receipt.payer
        self._check_liable(part, by)
        self._use(receipt, by, part.holder, part.face_fen)
        part.liable = part.liable[: part.liable.index(by)]
        part.asked &= frozenset(part.liable)
        part.holder, part.recourse_payers = by, (*part.recourse_payers, by)
        self.last_move_us = at_us

    def refuse(self, at_us: int, part: BillPart, by: int) -> None:
        """Somebody liable was asked and cannot or will not pay."""
        self._at(at_us, State.DISHONOURED, part)
        self._check_liable(part, by)
        part.asked |= {by}
        self.last_move_us = at_us

    def lose(self, at_us: int, part: BillPart, by: int) -> None:
        """Nobody liable is left to ask: the loss is the holder's."""
        self._holds(at_us, State.DISHONOURED, part, by)
        left = [one for one in part.liable if one not in part.asked]
        need(not left, f"{left} can still be asked")
        self._end(at_us, part, State.LOST)
        self.last_move_us = at_us

    # --- what moves share ------------------------------------------------------------------------------------------

    def _at(self, at_us: int, states: State | tuple[State, ...], *parts: BillPart) -> tuple[BillPart, ...]:
        need(at_us >= self.last_move_us, f"bill {self.terms.bill_id} was moved later than this already")
        wanted = states if isinstance(states, tuple) else (states,)
        for part in parts:
            need(part.state in wanted, f"a part that is {part.state} is not {' or '.join(wanted)}")
        return parts

    def _holds(self, at_us: int, state: State, part: BillPart, by: int) -> None:
        need(by == part.holder, f"{by} does not hold this part")
        self._at(at_us, state, part)

    def _may_hold(self, at_us: int, part: BillPart, to: int) -> None:
        need(at_us < self.terms.due_us, _DUE)
        need(to != part.holder, "its holder has it already")
        others = (self.terms.drawer, self.terms.acceptor, *part.liable)
        need(to not in others, "it does not go back to who is liable for it")

    def _pass(self, part: BillPart, to: int) -> None:
        part.liable = (*part.liable, part.holder)
        part.holder = to
        part.endorsements += 1

    def _check_liable(self, part: BillPart, by: int) -> None:
        need(by in part.liable, f"{by} is not liable to the holder")
        need(by not in part.asked, f"{by} was asked already")

    def _use(self, receipt: Receipt, payer: int, payee: int, amount_fen: int) -> None:
        need((receipt.payer, receipt.payee) == (payer, payee), "this money went between others")
        need(receipt.amount_fen == amount_fen, f"{receipt.amount_fen} fen moved, not {amount_fen}")
        need(receipt.number not in self.used, f"payment {receipt.number} has paid for something already")
        self.used.add(receipt.number)

    def _end(self, at_us: int, part: BillPart, state: State) -> None:
        part.state, part.ended_us = state, at_us
