"""Banks and intermediaries of the chain: when they take orders, when they send them on, when they have failed.

Members are numbers: banks first, in the scenario's order, then intermediaries.
"""

from __future__ import annotations

from sandbox.core.draws import below, stream, under
from sandbox.features.crossborder.calendar import Hours, office_hours
from sandbox.features.crossborder.demand import LONGEST_MARGIN_US
from sandbox.features.crossborder.setting import Setting

PARTS = 1_000_000


class Members:
    """The members of the chain and their calendars."""

    def __init__(self, setting: Setting) -> None:
        world, terms = setting.control.world, setting.crossborder.correspondent
        self._setting, self._terms = setting, terms
        self.banks = len(setting.banks)
        self.names = [*setting.banks, *terms.names()]
        until = setting.end_us + LONGEST_MARGIN_US
        start = world.scenario.start
        taking = {
            name: office_hours(one, start, until, terms.cut_off)
            for name, one in setting.crossborder.jurisdictions.items()
        }
        others = list(terms.intermediaries.values())
        self.hours: list[Hours] = [setting.hours[place] for place in setting.places]
        self.hours += [office_hours(one, start, until) for one in others]
        self._taking = [taking[place] for place in setting.places]
        self._taking += [office_hours(one, start, until, one.cut_off) for one in others]
        batched, share = stream(world.seed, "chain", "batched"), round(terms.batched * PARTS)
        self._batched = [below(under(batched, bank), PARTS) < share for bank in range(self.banks)]
        self._batched += [False] * len(others)
        self._failures: dict[int, list[tuple[int, int]]] = {}
        for fault in setting.crossborder.faults:
            if fault.kind in ("bank", "correspondent") and fault.lasts >= terms.closed_after:
                spans = self._failures.setdefault(self.number(fault.kind, fault.who), [])
                spans.append((fault.starts, fault.starts + fault.lasts))

    def place(self, member: int) -> str:
        """Whose hours it keeps: its jurisdiction's, or its own."""
        return self._setting.places[member] if member < self.banks else self.names[member]

    def number(self, kind: str, name: str) -> int:
        """The member that a fault of this kind names."""
        if kind == "bank":
            return self.names.index(name)
        return self.banks + self._terms.names().index(name)

    def ready(self, member: int, at_us: int, takes_us: int) -> tuple[int, int]:
        """When a member takes an order that reaches it at `at_us`, and when it has sent it on."""
        taken = self._taking[member].next_open(at_us)
        sent = taken + takes_us
        if self._batched[member]:
            sent += -sent % self._terms.batch_every
        return taken, sent

    def next_opening(self, member: int) -> int:
        """When it opens next, from now on."""
        hours, now = self.hours[member], self._setting.control.now
        return hours.next_open(hours.next_close(now) if hours.is_open(now) else now)

    def down(self, member: int) -> bool:
        """Is it out of order now?"""
        kind = "bank" if member < self.banks else "correspondent"
        return self._setting.outages.down(kind, self.names[member])

    def failed(self, member: int, since_us: int, until_us: int) -> int | None:
        """The first instant of a span, both ends included, at which it has failed."""
        return min(
            (max(begins, since_us) for begins, ends in self._failures.get(member, ())
             if begins <= until_us and since_us < ends),
            default=None,
        )  # fmt: skip
