"""The operator's register of purses: takes payments that are shown, settles them, and sees what was spent twice.

For every purse the register knows what it is worth: what was loaded, plus what it was paid and less what it paid, as
far as either was shown. That value lies in escrow as *lots*, parts of the pending transfers by which somebody loaded
it; a payment that is shown moves lots from purse to purse, and lots go on to a wallet when the purse syncs. So nobody
is ever paid out of money that was not loaded, but for what the bearer of losses puts in.

**A broken purse is known by** one counter with two payments; a payment that does not follow from the one before; a
payment under an old certificate that the purse did not show when it had it renewed; a sync with anything but the newest
certificate; or a payment that its worth does not cover, if nobody's fraud before it explains that. It is then stopped:
it gets no new certificate, and what it is still worth pays for what comes to light, until its time is over.

**A loss** is what a payee was paid and the payer's purse is not worth. Whoever bears losses puts it in; if that is the
user, or the bearer has not enough, the payee's purse is worth so much less. What the payee has spent of it already then
falls on who was paid by the payee, so a loss is counted where it ends up, once. What a purse that owes is paid later
goes to who bore the loss, so that the sum does not depend on who syncs first.

**A lost purse** is stopped when its owner reports it. What a finder spends settles like any payment, for the purse is
not broken: it is the owner's loss. Of what was paid after the report the bearer of losses puts as much back into the
purse, up to what it was worth then, so that no purse is made good for more than its cap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sandbox.base.pending import P_PAYER, Pendings
from sandbox.control import Control
from sandbox.core.layout import account
from sandbox.features.offline.checks import Refused, check_certificate, check_link, check_payment
from sandbox.features.offline.device import Device
from sandbox.features.offline.purse import Purse
from sandbox.features.offline.records import Caps, Certificate, Chain, Payment, certify, signed
from sandbox.features.offline.rows import Outcome, Row
from sandbox.language import _
from wallets.keys import PublicKey, SimulationKey

LOAD: Final = "purse load"
COVER: Final = "purse loss"

Side = Literal["payer", "payee"]
Bearer = Literal["operator", "fund", "user"]


@dataclass
class _Known:
    row: Row
    shown_by: set[Side]


class PurseRegister:
    """All purses of a run and all payments that were shown."""

    def __init__(
        self, control: Control, pendings: Pendings, *, operator: SimulationKey, caps: Caps, valid_us: int,
        settle_within_us: int, key_of: Callable[[str], SimulationKey], most_signed: int,
        bearer: Bearer = "user", fund: int | None = None,
    ) -> None:  # fmt: skip
        self._control, self._pendings = control, pendings
        self._operator, self.caps, self._valid_us, self._within_us = operator, caps, valid_us, settle_within_us
        self._operator_public: PublicKey = operator.public
        self._key_of, self._most_signed = key_of, most_signed
        self._bearer, self._fund = bearer, fund
        self.purses: dict[str, Purse] = {}
        self.rows: list[Row] = []
        self._known: dict[bytes, _Known] = {}
        self._rows: dict[bytes, Row] = {}
        self._good: set[bytes] = set()
        """Digests of certificates whose signature was made and verified."""
        self._due: dict[str, Purse] = {}
        self.signed = 0
        self.loaded_fen = self.paid_out_fen = self.refunded_fen = self.forfeited_fen = self.covered_fen = 0
        self.recovered_fen = 0
        """Of what was covered: taken back from the purse that owed it."""
        self.loss_by_root: dict[str, int] = {}
        """What was spent twice, by the purse that did."""
        self.found_fen = 0
        """Spent of purses that had been reported as lost."""

    # --- purses ----------------------------------------------------------------------------------------------------

    def open(self, purse: Purse) -> Purse:
        """Take a purse into the register."""
        self.purses[purse.name] = purse
        return purse

    def load(self, name: str, amount_fen: int) -> None:
        """So much has come from the purse's wallet into its escrow."""
        purse = self.purses[name]
        number = self._pendings.hold(purse.account, amount_fen, escrow=purse.escrow, kind=LOAD, moved=True)
        self._receive(purse, [(number, amount_fen)])
        self.loaded_fen += amount_fen

    def renew(self, device: Device) -> None:
        """Give a device a new certificate on what its purse is worth."""
        purse, now = self.purses[device.name], self._control.now
        number = purse.certificate.number + 1 if purse.certificate is not None else 1
        public = self._key_of(purse.name).public.point
        purse.certificate = Certificate(
            purse.name, public, number, device.counter, purse.worth_fen, self.caps, now, now + self._valid_us
        )
        purse.synced_us, purse.closed = now, False
        # What it has lost by now stays its own loss: the device believes no more than the certificate says.
        purse.short.clear()
        device.renew(purse.certificate)

    def report_lost(self, name: str) -> None:
        """Its owner says that a purse is lost: it is stopped until it is handed in."""
        purse = self.purses[name]
        purse.reported_us, purse.claim_fen = self._control.now, min(purse.worth_fen, self.caps.balance_fen)
        self._control.record("operator", "purse_reported", name)

    def hand_in(self, name: str) -> None:
        """A lost purse is with its owner again and has shown all that it paid."""
        purse = self.purses[name]
        purse.lifted_us, purse.claim_fen = self._control.now, 0

    def withdraw(self, name: str, amount_fen: int, reason: str) -> None:
        """Pay so much of what a purse is worth into its wallet (what that may not hold: to the bank behind it)."""
        purse = self.purses[name]
        self._send([(purse.account, lot) for lot in self._take(purse, amount_fen)], reason)

    def close(self, name: str, forfeit: bool) -> None:
        """Its time is over: what a purse is still worth goes back to the wallet, or is kept by the operator."""
        purse = self.purses[name]
        purse.closed = True
        worth = purse.worth_fen
        if forfeit:
            self._send([(purse.operator, lot) for lot in self._take(purse, worth)], "forfeited")
            self.forfeited_fen += worth
        elif worth:
            self.withdraw(name, worth, "its time is over")
            self.refunded_fen += worth

    # --- what is shown ---------------------------------------------------------------------------------------------

    def note(self, chain: Chain, made_us: int, label: str | None = None) -> Row:
        """Write down a payment that was made, whether or not it will ever be shown (what a simulation knows)."""
        payment = chain.payment
        row = Row(
            len(self.rows), payment.payer, payment.payee, payment.amount_fen, payment.counter, payment.hops,
            made_us, label,
        )  # fmt: skip
        self.rows.append(row)
        self._rows.setdefault(chain.digest, row)
        return row

    def show(self, chain: Chain, side: Side, at_us: int | None = None) -> Row:
        """Take a payment that its payer or its payee shows, with all that it rests on, and settle what can be.

        A payment may be shown once by either side; once more by the same is a replay, and a row of its own.
        """
        for link in chain.links():
            if link.digest not in self._known:
                self._first(link, at_us)
        known = self._known[chain.digest]
        if side in known.shown_by:
            again = self.note(chain, known.row.made_us, known.row.label)
            again.presented_us, again.outcome = self._at(at_us), "replayed"
            return again
        known.shown_by.add(side)
        return known.row

    def pay_out(self) -> None:
        """Pay terminals, and those whose purse is closed, what they were paid by what was shown since the last time."""
        due, self._due = self._due, {}
        lots = [(one.account, lot) for one in due.values() for lot in self._take(one, one.worth_fen)]
        self._send(lots, "paid offline")

    def _send(self, lots: list[tuple[int, tuple[int, int]]], reason: str) -> None:
        """Post lots to accounts; a whole load that goes back to its wallet is voided."""
        if not lots:
            return
        payees = np.array([account for account, __ in lots])
        numbers, parts = np.array([lot for __, lot in lots]).T
        self.paid_out_fen += int(parts.sum())
        whole = (parts == self._pendings.left_of(numbers)) & (self._pendings.rows[numbers, P_PAYER] == payees)
        if np.any(whole):
            self._pendings.void_many(numbers[whole], reason=reason)
        if not np.all(whole):
            self._pendings.post_many(numbers[~whole], payees[~whole], parts[~whole], reason=reason)

    def _at(self, at_us: int | None) -> int:
        return self._control.now if at_us is None else at_us

    def _first(self, chain: Chain, at_us: int | None) -> None:
        row = self._rows.get(chain.digest) or self.note(chain, chain.payment.made_us)
        row.presented_us = self._at(at_us)
        self._known[chain.digest] = _Known(row, set())
        payer, payee = self.purses.get(chain.payment.payer), self.purses.get(chain.payment.payee)
        try:
            if payer is None or payee is None:
                raise Refused("bad_signature", _("one of the purses is unknown"))
            self._verify(chain, row)
            check_link(chain)
            if row.presented_us > chain.certificate.expires_us + self._within_us:
                raise Refused("expired", _("it is shown after its time"))
        except Refused as error:
            self._refuse(row, error.reason, payee)
            return
        self._settle(chain, row, payer, payee)

    def _verify(self, chain: Chain, row: Row) -> None:
        """Verify a payment's signature, made by now, and its certificate's: the first so many, and every one that came
        signed. The others are taken to be good, as everything is that a device signs with its own key."""
        payment, certificate = chain.payment, chain.certificate
        if not payment.signature:
            if self.signed >= self._most_signed:
                return
            payment = signed(payment, self._key_of(payment.payer))
        self.signed += 1
        row.signed = True
        if not certificate.signature and certificate.digest not in self._good:
            certificate = certify(certificate, self._operator)
        if certificate.signature:
            check_certificate(certificate, self._operator_public)
            self._good.add(certificate.digest)
        check_payment(payment, certificate)

    def _refuse(self, row: Row, outcome: Outcome, payee: Purse | None) -> None:
        row.outcome = outcome
        if outcome == "expired" and payee is not None:
            # Somebody took it in good faith and showed it too late; the payer's value goes back to the payer.
            self._lose(row, payee, row.amount_fen)

    def _settle(self, chain: Chain, row: Row, payer: Purse, payee: Purse) -> None:
        """Move what the payer's purse is worth to the payee's, and find somebody for the rest."""
        payment = chain.payment
        broken = self._does_not_follow(chain, payer)
        payer.seen.setdefault(payment.counter, payment)
        covered = min(payment.amount_fen, payer.worth_fen)
        lots = self._take(payer, covered)
        short = payment.amount_fen - covered
        passed_on, outcome = self._passed_on(payer, row, short)
        new = short - passed_on
        if new:
            self.loss_by_root[payer.name] = self.loss_by_root.get(payer.name, 0) + new
            row.root = payer.name
            payer.owes.append(row)
        if short:
            lots += self._bear(row, payer, payee, short, insured=new == short)
        if broken or new:
            row.outcome = "double_spend"
            self._stop(payer)
        else:
            row.outcome = outcome if passed_on else "settled"
            if not short:
                self._make_good(row, payment, payer)
        row.settled_us = self._control.now
        self._pay(payee, lots)

    def _does_not_follow(self, chain: Chain, payer: Purse) -> bool:
        payment, newest = chain.payment, payer.certificate
        if payment.counter in payer.seen or newest is None or chain.certificate.digest != newest.digest:
            return True
        before, after = payer.seen.get(payment.counter - 1), payer.seen.get(payment.counter + 1)
        if payment.counter > newest.counter + 1 and before is not None and before.digest != payment.previous:
            return True
        return after is not None and after.previous != payment.digest

    def _pay(self, payee: Purse, lots: list[tuple[int, int]]) -> None:
        """A purse is worth so much more; what it owes goes on to who bore it."""
        self._receive(payee, lots)
        while payee.owes and payee.worth_fen:
            row = payee.owes[0]
            part = min(payee.worth_fen, row.loss_fen, self.loss_by_root[payee.name])
            row.loss_fen -= part
            self.loss_by_root[payee.name] -= part
            recovered = self._take(payee, part)
            if row.borne_by == "user":
                self._pay(self.purses[row.payee], recovered)
            elif row.borne_by is not None:
                bearer = self._bearer_of(payee)
                assert bearer is not None
                self._send([(bearer, lot) for lot in recovered], "recovered")
                self.recovered_fen += part
            if not row.loss_fen:
                row.borne_by = None
            if payee.worth_fen or not row.loss_fen:
                payee.owes.pop(0)
        if payee.terminal or payee.closed:
            self._due[payee.name] = payee

    def _passed_on(self, payer: Purse, onto: Row, short_fen: int) -> tuple[int, Outcome]:
        """How much of what lacks was lost before the payer passed it on: it is then the payer's loss no more."""
        left = short_fen
        outcome: Outcome = next((row.outcome for row in payer.short if row.loss_fen), "settled")
        while left and payer.short:
            row = payer.short[0]
            part = min(left, row.loss_fen)
            row.loss_fen -= part
            left -= part
            if part and row.root is not None:
                onto.root = row.root
                self.purses[row.root].owes.append(onto)
            if not row.loss_fen:
                row.borne_by = None
                payer.short.pop(0)
        return short_fen - left, outcome

    def _bear(self, row: Row, payer: Purse, payee: Purse, short_fen: int, *, insured: bool) -> list[tuple[int, int]]:
        """Lots for what lacks, from who bears losses; none if the payee does."""
        lots = self._put_in(payer, short_fen) if insured else []
        if lots:
            row.loss_fen, row.borne_by = short_fen, self._bearer
        else:
            self._lose(row, payee, short_fen)
        return lots

    def _bearer_of(self, payer: Purse) -> int | None:
        """Account of who bears what a purse spent twice; None if that is who was paid."""
        return {"operator": payer.operator, "fund": self._fund, "user": None}[self._bearer]

    def _put_in(self, payer: Purse, amount_fen: int) -> list[tuple[int, int]]:
        """Lots that the bearer of losses puts in; none if that is the user, or the bearer has not enough."""
        bearer = self._bearer_of(payer)
        if bearer is None or int(self._control.accounts[bearer, account.BALANCE]) < amount_fen:
            return []
        self.covered_fen += amount_fen
        return [(self._pendings.hold(bearer, amount_fen, escrow=payer.escrow, kind=COVER), amount_fen)]

    def _make_good(self, row: Row, payment: Payment, payer: Purse) -> None:
        """What was paid after the purse was reported as lost is put in again by who bears losses, or is its owner's."""
        part = min(payment.amount_fen, payer.claim_fen)
        if not part or payer.reported_us is None or payment.made_us <= payer.reported_us:
            return
        payer.claim_fen -= part
        self.found_fen += part
        lots = self._put_in(payer, part)
        row.loss_fen, row.borne_by = part, self._bearer if lots else "owner"
        self._receive(payer, lots)

    def _lose(self, row: Row, payee: Purse, amount_fen: int) -> None:
        """The payee's purse is worth so much less than its owner believes."""
        row.loss_fen, row.borne_by = amount_fen, "user"
        if not payee.terminal:
            payee.short.append(row)

    def _stop(self, purse: Purse) -> None:
        if purse.revoked_us is None:
            purse.revoked_us = self._control.now
            self._control.record("operator", "purse_stopped", purse.name)

    # --- syncs -----------------------------------------------------------------------------------------------------

    def sync(self, device: Device, at_us: int | None = None) -> bool:
        """Take all that a device shows; whether its purse may go on."""
        purse = self.purses[device.name]
        for chain in device.incoming:
            self.show(chain, "payee", at_us)
        for chain in device.outgoing:
            self.show(chain, "payer", at_us)
        self.pay_out()
        newest = purse.certificate
        if newest is not None and (device.certificate is None or device.certificate.digest != newest.digest):
            self._stop(purse)
        if max(purse.seen, default=0) > device.counter:
            self._stop(purse)
        return purse.revoked_us is None

    # --- lots ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _receive(purse: Purse, lots: list[tuple[int, int]]) -> None:
        purse.lots.extend(lots)
        purse.worth_fen += sum(part for __, part in lots)

    @staticmethod
    def _take(purse: Purse, amount_fen: int) -> list[tuple[int, int]]:
        """Take so much out of a purse's lots, the oldest first."""
        purse.worth_fen -= amount_fen
        taken = []
        while amount_fen:
            number, part = purse.lots.popleft()
            if part > amount_fen:
                purse.lots.appendleft((number, part - amount_fen))
                part = amount_fen
            taken.append((number, part))
            amount_fen -= part
        return taken
