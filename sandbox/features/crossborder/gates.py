"""Gates that a payment has to pass on its way across a border. Each arrangement has its own, with their own memory.

In this order, each gate on the side where it belongs: data that have to travel along; the name, against lists; capital
controls (annual quota, splitting) where the customer is a person under strict ones. What holds a payment is time in
`compliance_us`; what refuses it is the reason that a check comes to. Large values are reported and hold nothing.

Quota is booked when a payment passes and given back if it does not settle (`release`). Draws are made of the payment's
key or the customer's number, so the same person looks alike in every arrangement and under every policy.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import simpy

from sandbox.core.draws import below, exponential_table, quantile, stream, under
from sandbox.core.ratio import share
from sandbox.features.crossborder.closures import Closures
from sandbox.features.crossborder.payment import Payment
from sandbox.features.crossborder.schema.gates import BorderGates
from sandbox.features.crossborder.setting import Setting, Steps
from sandbox.scenario.units import US_PER_DAY

SENT, RECEIVED = "sent", "received"
PARTS: Final = 1_000_000_000
# Purposes of a payment's draws, far from those of the arrangements.
_MISSING, _REPAIRED, _REPAIR, _REVIEW = 9_001, 9_002, 9_003, 9_004
_HEADROOM: Final = 0.8
"""A person who has used more of the quota than this is near its end."""


class Gatekeeper:
    """The gates of one arrangement."""

    def __init__(self, setting: Setting, arrangement: str, closures: Closures) -> None:
        self._setting, self._arrangement, self._closures = setting, arrangement, closures
        self._gates: BorderGates = setting.crossborder.gates
        seed = setting.control.world.seed
        self._names = stream(seed, "crossborder", "names")
        screening, travel = self._gates.screening, self._gates.travel_rule
        self._review = exponential_table(float(screening.review)).reshape(1, -1)
        self._repair = exponential_table(float(travel.repair)).reshape(1, -1)
        self._reviewers = {
            place: simpy.Resource(setting.control.env, screening.reviewers)
            for place in setting.crossborder.jurisdictions
        }
        self._cleared: set[int] = set()
        self._used: Counter[tuple[str, int, int]] = Counter()
        """US cents by side, customer and year."""
        self._booked: dict[int, list[tuple[str, int, int]]] = {}
        """What of `_used` a payment has taken."""
        self._seen: defaultdict[tuple[str, int], deque[tuple[int, int]]] = defaultdict(deque)
        """By side and party abroad: when whom, in the window."""
        self._people: defaultdict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        """By side and party abroad: how often whom, in the window."""
        self._day: Counter[tuple[str, int, int]] = Counter()
        """US cents by side, customer and day."""
        start = np.datetime64(setting.control.world.scenario.start.date())
        days = np.arange(setting.end_us // US_PER_DAY + 2)
        self._years = (start + days).astype("datetime64[Y]").astype(np.int64)
        """Calendar year of each day of the run."""
        self.stopped: Counter[str] = Counter()
        """Payments held, reported or refused, by gate: not all that is stopped is refused."""

    def sender_side(self, payment: Payment) -> Steps:
        """What the payer's bank checks before it sends: None, or the reason why it refuses."""
        return (yield from self._side(payment, SENT, payment.payer, payment.payee, payment.sender))

    def receiver_side(self, payment: Payment) -> Steps:
        """What the payee's bank checks before it credits: None, or the reason why it sends the money back."""
        return (yield from self._side(payment, RECEIVED, payment.payee, payment.payer, payment.receiver))

    def release(self, payment: Payment) -> None:
        """A payment that had passed did not settle: it uses up no quota."""
        for place in self._booked.pop(payment.number, ()):
            self._used[place] -= payment.value_usd_cents

    def numbers(self) -> Mapping[str, Any]:
        """What the gates did, for the arrangement's part of the summary."""
        quota = self._gates.annual_quota
        people = [used for used in self._used.values() if used > 0]
        near = sum(used > _HEADROOM * quota for used in people)
        return {
            "gates": dict(sorted(self.stopped.items())),
            "quota_people": len(people),
            "quota_used_share_mean": share(sum(people), quota * len(people)),
            "quota_near_share": share(near, len(people)),
        }

    def _side(self, payment: Payment, side: str, who: int, other: int, place: str) -> Steps:
        began = self._setting.control.now
        reason = yield from self._checks(payment, side, who, other, place)
        payment.compliance_us += self._setting.control.now - began
        return reason

    def _checks(self, payment: Payment, side: str, who: int, other: int, place: str) -> Steps:
        if side == SENT and not (yield from self._data(payment, place)):
            return "travel_rule"
        if not (yield from self._name(payment, who, place)):
            return "screening"
        if payment.individuals and self._setting.crossborder.jurisdictions[place].capital_controls == "strict":
            if self._split(side, who, other):
                return "splitting"
            if not self._quota(payment, side, who):
                return "annual_quota"
        self._report(payment, side, who)
        return None

    def _data(self, payment: Payment, place: str) -> Any:
        """Data on payer and payee: there, sent on request, or never."""
        terms = self._gates.travel_rule
        if payment.value_usd_cents <= terms.threshold or not self._chance(payment, _MISSING, terms.missing):
            return True
        self.stopped["travel_rule"] += 1
        yield from self._work(payment, place, quantile(self._repair, 0, under(payment.key, _REPAIR)))
        return self._chance(payment, _REPAIRED, terms.repaired)

    def _name(self, payment: Payment, who: int, place: str) -> Any:
        """The customer's name against the lists; a likeness is looked into by somebody."""
        terms = self._gates.screening
        if terms.takes:
            yield self._setting.control.env.timeout(terms.takes)
        drawn = below(under(self._names, who), PARTS)
        listed, alike = round(terms.listed * PARTS), round((terms.listed + terms.false_positives) * PARTS)
        if drawn >= alike or who in self._cleared:
            return True
        self.stopped["screening"] += 1
        with self._reviewers[place].request() as turn:
            yield turn
            # Each side looks into its own customer's name, for a time of its own.
            yield from self._work(payment, place, quantile(self._review, 0, under(payment.key, _REVIEW, who)))
        if drawn < listed:
            return False
        if terms.remembered:
            self._cleared.add(who)
        return True

    def _split(self, side: str, who: int, other: int) -> bool:
        """Whether too many different people have paid, or been paid by, one party abroad."""
        terms, now = self._gates.splitting, self._setting.control.now
        if not terms.people:
            return False
        seen, people = self._seen[side, other], self._people[side, other]
        seen.append((now, who))
        people[who] += 1
        while seen[0][0] <= now - terms.within:
            _, gone = seen.popleft()
            people[gone] -= 1
            if not people[gone]:
                del people[gone]
        if len(people) < terms.people:
            return False
        self.stopped["splitting"] += 1
        self._log("splitting_found", other, people=len(people), side=side)
        return terms.refuse

    def _quota(self, payment: Payment, side: str, who: int) -> bool:
        place = side, who, self._year()
        if self._used[place] + payment.value_usd_cents > self._gates.annual_quota:
            self.stopped["annual_quota"] += 1
            return False
        self._used[place] += payment.value_usd_cents
        self._booked.setdefault(payment.number, []).append(place)
        return True

    def _report(self, payment: Payment, side: str, who: int) -> None:
        """A report a customer, side and day, when the day's sum reaches the line."""
        line = self._gates.report_people if payment.individuals else self._gates.report_firms
        place = side, who, self._today()
        before = self._day[place]
        self._day[place] = before + payment.value_usd_cents
        if before < line <= before + payment.value_usd_cents:
            self.stopped["large_value_reports"] += 1

    def _work(self, payment: Payment, place: str, takes_us: int) -> Any:
        """Wait until somebody in this jurisdiction has worked on it for so long, in office hours."""
        control = self._setting.control
        done_us = self._setting.hours[place].after(control.now, takes_us)
        self._closures.waited(payment.number, place, control.now, done_us, takes_us)
        yield control.wait_until(done_us)

    def _chance(self, payment: Payment, purpose: int, chance: float) -> bool:
        return bool(below(under(payment.key, purpose), PARTS) < round(chance * PARTS))

    def _log(self, event: str, party: int, **detail: object) -> None:
        self._setting.control.record("regulator", event, f"customer {party}", way=self._arrangement, **detail)

    def _today(self) -> int:
        """Number of the calendar day, from the first one of the run."""
        return self._setting.day(self._setting.control.now)

    def _year(self) -> int:
        return int(self._years[min(self._today(), len(self._years) - 1)])
