"""A ring: one instance of a pattern as a SimPy process that pays, sees how it ended, and adapts.

It follows the plan step by step, passes on what its mules were paid, stays below amounts that it knows to be reported
or has met as a limit, and adapts to refusals (`sandbox/features/crime/adaptation.py`). Draws are its own stream's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sandbox.control import Control, PaymentResult, Process
from sandbox.core.draws import Int64Array, exponential_table, mix, stream
from sandbox.core.layout import Outcome, account, trait
from sandbox.features.crime.adaptation import Adaptation, adaptation, parts
from sandbox.features.crime.plan import Instance, Step
from sandbox.features.crime.schema import NO_PATTERN, Crime
from sandbox.market.random_stream import RandomStream

MOST_PARTS: Final = 64
"""A payment is given up rather than made in more parts than this."""
CUT_PARTS: Final = 10**6
PROBES: Final = 256
"""Wallets looked at to find one that has never paid."""


class Loss(NamedTuple):
    """What a victim lost, when, and by which pattern."""

    at_us: int
    account: int
    amount_fen: int
    label: str


class IllicitPayment(NamedTuple):
    """One illicit payment: part `part` of step `step` (both from 0) of an instance."""

    payment_id: int
    label: str
    instance: int
    step: int
    part: int
    amount_fen: int
    outcome: int


@dataclass
class CrimeLog:
    """What all rings write down together."""

    payments: list[IllicitPayment] = field(default_factory=list)
    """That have ended, in that order."""
    losses: list[Loss] = field(default_factory=list)
    """In order of time."""
    splits: Counter[str] = field(default_factory=Counter)
    """By pattern, as the next two."""
    moves: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)


class Ring:
    """One instance while it happens."""

    def __init__(self, control: Control, instance: Instance, crime: Crime, log: CrimeLog) -> None:
        self._control, self._instance, self._crime, self._log = control, instance, crime, log
        self._accounts = [[account] for account in instance.accounts]
        """By role: its accounts, the one in use last."""
        self._spares = list(instance.spares)
        self._held: dict[tuple[int, int], int] = {}
        """What a role's account was paid and has not passed on (fen)."""
        self._too_much: dict[int, int] = {}
        """Least amount that an account could not pay for being too large (fen)."""
        self._key = stream(control.world.seed, "crime", instance.label, instance.number, "payments")
        self._draws = RandomStream(control.world.seed, "crime", instance.label, instance.number, "pauses")
        self._pause: Int64Array = exponential_table(crime.pause)
        self._paid = self._step = self._part = 0
        self._adapts = crime.adapts and instance.label != NO_PATTERN

    def run(self) -> Process:
        """All steps, each when it is due and the one before it is over."""
        control, until = self._control, self._control.world.scenario.duration
        for number, step in enumerate(self._instance.steps):
            self._step = number
            if step.at_us > control.now:
                yield control.wait_until(step.at_us)
            if control.now >= until:
                return
            if self._step == 0:
                self._open_fresh()
            self._part = 0
            if step.passes:
                yield from self._pass_on(step)
            else:
                yield from self._pay(step, self._accounts[step.payer][-1], step.amount_fen, brings=True)

    def _open_fresh(self) -> None:
        """A wallet opened in a victim's name is one that has never paid, or the least used of those looked at."""
        block = self._control.world.blocks["personal"]
        taken = {*self._instance.accounts, *self._instance.spares}
        for role in sorted(self._instance.shape.fresh):
            choice = [self._accounts[role][0], *(block.first + self._draws.below(block.count) for _ in range(PROBES))]
            used = {one: int(self._control.accounts[one, account.STAMP] >> account.STAMP_COUNT_SHIFT) for one in choice}
            free = [one for one in choice if one == choice[0] or one not in taken]
            self._accounts[role] = [min(free, key=lambda one: used[one])]

    def _pass_on(self, step: Step) -> Process:
        """Pay on a share of what the payer's accounts hold, the cut taken off."""
        cut = round(self._crime.cut * CUT_PARTS)
        for who in list(self._accounts[step.payer]):
            held = self._held.get((step.payer, who), 0)
            amount = held * step.weight // step.left * (CUT_PARTS - cut) // CUT_PARTS
            if amount > 0:
                yield from self._pay(step, who, amount, brings=False)

    def _pay(self, step: Step, payer: int, amount_fen: int, *, brings: bool) -> Process:
        """Move one amount, in as many payments as it takes."""
        control, crime, label = self._control, self._crime, self._instance.label
        tries, queue = crime.tries if self._adapts else 0, parts(amount_fen, self._most(payer))
        while queue and len(queue) <= MOST_PARTS and control.now < control.world.scenario.duration:
            amount = queue.pop(0)
            payee = self._accounts[step.payee][-1]
            if payer == payee:
                break
            paid: PaymentResult = yield self._submit(payer, payee, amount, self._victim(step))
            self._note(step, payer, payee, amount, paid)
            if paid.outcome != Outcome.SETTLED:
                if tries == 0:
                    self._log.given_up[label] += 1
                    continue
                tries -= 1
                payer, queue = self._adapt(step, payer, payee, amount, paid.outcome, queue, brings)
            if queue:
                yield control.env.timeout(max(1, self._draws.of(self._pause)))

    def _victim(self, step: Step) -> int | None:
        """Who loses what this step moves."""
        whose = self._instance.shape.victims.get(step.payer)
        return None if whose is None else self._accounts[whose][0]

    def _submit(self, payer: int, payee: int, amount: int, victim: int | None) -> Process:
        instance = self._instance
        self._paid += 1
        return self._control.pay(
            payer,
            payee,
            amount,
            key=mix(self._key, self._paid),
            kind=instance.kind,
            label=instance.label,
            source=instance.source,
            victim=victim,
        )

    def _adapt(
        self, step: Step, payer: int, payee: int, amount: int, outcome: int, queue: list[int], brings: bool
    ) -> tuple[int, list[int]]:
        """Who pays from now on, and what is still to be paid."""
        victims = self._instance.shape.victims
        movable = bool(self._spares) and payee not in self._spares
        frozen = [bool(self._control.accounts[one, account.TRAITS] & trait.FROZEN) for one in (payer, payee)]
        next_ = adaptation(
            outcome,
            amount,
            payer_frozen=outcome == Outcome.FROZEN and frozen[0],
            other_payer=movable and brings and step.payer not in victims,
            other_payee=movable and self._is_a_mule(payee),
        )
        log, label = self._log, self._instance.label
        if outcome == Outcome.SINGLE_LIMIT:
            self._too_much[payer] = min(amount, self._too_much.get(payer, amount))
        if next_ is Adaptation.SPLIT:
            log.splits[label] += 1
            return payer, [amount - amount // 2, amount // 2, *queue]
        if next_ is Adaptation.OTHER_PAYER:
            log.moves[label] += 1
            other = self._spares.pop(0)
            self._accounts[step.payer].append(other)
            return other, [amount, *queue]
        if next_ is Adaptation.OTHER_PAYEE:
            log.moves[label] += 1
            self._accounts[step.payee].append(self._spares.pop(0))
        if next_ is Adaptation.GIVE_UP:
            log.given_up[label] += 1
            return payer, queue
        return payer, [amount, *queue]

    def _is_a_mule(self, account: int) -> bool:
        """Whether a spare could stand in for this payee: wallets can, merchants cannot."""
        shop = self._control.world.blocks["merchant"]
        return not shop.first <= account < shop.end

    def _most(self, payer: int) -> int | None:
        """The most that goes in one payment: below what is reported, and half of what was once too large."""
        bounds = [] if self._crime.avoids is None else [max(1, self._crime.avoids - 1)]
        if payer in self._too_much:
            bounds.append(max(1, self._too_much[payer] // 2))
        return min(bounds) if bounds and self._adapts else None

    def _note(self, step: Step, payer: int, payee: int, amount: int, paid: PaymentResult) -> None:
        """Write down how a payment ended: for the tables, for the mules, and for the victims."""
        instance, log = self._instance, self._log
        of = instance.label, instance.number, self._step, self._part
        log.payments.append(IllicitPayment(paid.payment_id, *of, amount, paid.outcome))
        self._part += 1
        if paid.outcome != Outcome.SETTLED:
            return
        self._held[step.payee, payee] = self._held.get((step.payee, payee), 0) + amount
        if step.passes:
            self._held[step.payer, payer] -= amount
        victim = self._victim(step)
        if victim is not None:
            log.losses.append(Loss(paid.ended_us, victim, amount, instance.label))
