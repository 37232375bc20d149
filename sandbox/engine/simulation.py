"""One run: SimPy's processes decide, the rail clears between their events, the recorder writes.

The rail is itself a SimPy process. It asks for the time of the next control event, clears every payment before it,
and waits for it with a priority after all others, so that at one microsecond control events act first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import simpy
from simpy.core import SimTime
from simpy.events import Event, EventPriority

from sandbox.control import TRIPS, Control, EventLog, PaymentResult, Process, SomeComponent, Trip
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, Stopped, birth, code, ended, scalar, station, stop
from sandbox.core.ledger import BrokenInvariant
from sandbox.engine.arrays import grown, new_rail
from sandbox.engine.components import components_of
from sandbox.engine.observer import Observer
from sandbox.engine.rail import advance
from sandbox.engine.recorder import Names, PaymentsWriter
from sandbox.engine.stations import capacity_changed, count_until
from sandbox.engine.tally import add, new_tally
from sandbox.market.sources import KINDS
from sandbox.world import World

AFTER_ALL_OTHERS: Final = 2
"""SimPy priority below NORMAL (1)."""

Progress = Callable[[float, str], None]


class Simulation:
    """One run of one world. Writes `payments` as it goes; `run` returns when the last payment has ended."""

    def __init__(self, world: World, writer: PaymentsWriter | None = None, progress: Progress | None = None) -> None:
        self.world = world
        self.env = simpy.Environment()
        self.log = EventLog()
        self.rail = new_rail(world)
        self.tally = new_tally(len(world.institution_names), len(world.campaigns), world.blocks["merchant"].count)
        self.observer = Observer(world)
        below_floor = [self.env.event() for _ in world.institution_names]
        self.control = Control(self.env, world, self.log, self, self.env.event(), below_floor)
        self.on_window: list[Callable[[Int64Array], None]] = []
        """Called at the end of each bin, and in between when many have ended, with the columns of the payments that
        ended since (ended.ROWS, number)."""
        self.on_bin_end: list[Callable[[int], None]] = []
        """Called then, at the end of each bin, with the time at which it began."""
        self.components = components_of(self.control)
        self._writer = writer
        self._progress = progress
        self._seen = 0
        self._ordered: dict[int, Event] = {}
        """Payments that processes submitted and wait for, by key."""
        self._finished = self.env.event()

    def run(self) -> None:
        """Run to the end; the invariants of the ledger are checked at every midnight and at the end."""
        self._start_processes()
        with np.errstate(over="ignore"):
            self.env.run(until=self._finished)
        self._end_bin()
        if self.world.stations[:, station.FIRST_COUNTER :].any():
            # The last payments moved at the very instant at which a bin ended: they belong to the next one.
            self._look()
            self.observer.end_bin(int(self.env.now))
        self._flush()
        for component in self.components:
            component.finish()
        self.world.ledger.check()
        if int(self.world.scalars[scalar.NEXT_ID]) != int(self.tally.counts.sum()):
            raise BrokenInvariant("some payments were born and never ended")

    def one(self, kind: type[SomeComponent]) -> SomeComponent:
        """Its component of a kind that every run has."""
        found = self.control.component(kind)
        assert found is not None, kind
        return found

    # --- what control may do here (sandbox.control.Machine) --------------------------------------------------------

    def before_change(self) -> None:
        """Count queues and busy servers up to now."""
        count_until(self.world.stations, int(self.env.now))

    def after_change(self, station: int) -> None:
        """Start whoever may start."""
        capacity_changed(self.rail, station, int(self.env.now))

    def look(self) -> None:
        """Show listeners which payments have ended since they were called last."""
        self._look()

    def submit(self, row: tuple[int, ...]) -> Event:
        """Let a payment be born now; the event tells how it ended."""
        source, key = self.world.orders, row[birth.KEY]
        if key in self._ordered:
            raise BrokenInvariant("two payments in flight have the same key")
        self._ordered[key] = self.env.event()
        self.world.sources[source].submit(row)  # type: ignore[attr-defined]
        self.rail.sources[source, 2] = 0
        return self._ordered[key]

    def submit_many(self, source: int, births: Int64Array) -> None:
        """Let payments of a `BatchSource` be born from now on, each at its time; listeners see how they end."""
        self.world.sources[source].submit(births)  # type: ignore[attr-defined]
        self.rail.sources[source, 2] = 0

    # --- processes -------------------------------------------------------------------------------------------------

    def _start_processes(self) -> None:
        scenario = self.world.scenario
        for component in self.components:
            component.start()
        self.env.process(self._observe(scenario.series.bin))
        self.env.process(self._clear(scenario.duration))

    def _observe(self, bin_us: int) -> Process:
        while True:
            yield self.env.timeout(bin_us)
            self._end_bin()
            if self._progress is not None:
                done = min(1.0, self.env.now / self.world.scenario.duration)
                self._progress(done, f"{int(self.world.scalars[scalar.NEXT_ID]):,}")

    def _end_bin(self) -> None:
        now, bin_us = int(self.env.now), self.world.scenario.series.bin
        began = (now - 1) // bin_us * bin_us
        if now == 0 or self.observer.last_bin == began:
            return
        self._look()
        count_until(self.world.stations, now)
        self.observer.end_bin(began)
        for listener in self.on_bin_end:
            listener(began)

    def _after_all_others(self, at_us: int) -> Event:
        """An event at an instant that comes after everything else then."""
        event = Event(self.env)
        event._ok, event._value = True, None
        delay: SimTime = at_us - self.env.now
        self.env.schedule(event, EventPriority(AFTER_ALL_OTHERS), delay)
        return event

    def _clear(self, duration: int) -> Process:
        """The rail as a SimPy process."""
        env, scalars = self.env, self.world.scalars
        yield self._after_all_others(0)
        while True:
            while env.peek() <= env.now:
                yield self._after_all_others(int(env.now))
            next_event = env.peek()
            until = INFINITE if next_event == float("inf") else int(next_event)
            reason = advance(self.rail, until)
            if reason == Stopped.NEED_BIRTHS:
                self._refill(int(scalars[scalar.EMPTY_SOURCE]))
            elif reason == Stopped.OUT_FULL:
                self._flush()
            elif reason == Stopped.GROW:
                self.rail = grown(self.rail)
            elif reason == Stopped.TRIPPED:
                yield self._after_all_others(int(scalars[scalar.NOW]))
                self._tell_who_waits()
            elif reason == Stopped.REACHED:
                if until > duration and self._drained() and not any(component.busy() for component in self.components):
                    break
                yield self._after_all_others(until)
        yield self._after_all_others(max(duration, int(env.now), int(scalars[scalar.NOW])))
        self._finished.succeed()

    def _tell_who_waits(self) -> None:
        """The rail stopped at a payment that somebody waits for: wake them, at that very microsecond."""
        scalars = self.world.scalars
        last, why = self.rail.out[:, int(scalars[scalar.OUT_SIZE]) - 1], int(scalars[scalar.STOP])
        scalars[scalar.STOP] = 0
        if why & stop.LIQUIDITY:
            self.control.below_floor[int(scalars[scalar.LOW_INSTITUTION])].succeed()
        if why & stop.BOX:
            tripped, self.control.tripped = self.control.tripped, self.env.event()
            reason = TRIPS[int(scalars[scalar.BOX_TRIP])]
            tripped.succeed(Trip(reason, int(last[ended.ID]), int(last[ended.PAYER]), int(last[ended.AMOUNT])))
        if why & stop.ORDER:
            paid = PaymentResult(
                int(last[ended.ID]), int(last[ended.CODES] & code.OUTCOME_MASK), int(last[ended.ENDED_AT])
            )
            self._ordered.pop(int(last[ended.KEY])).succeed(paid)

    def _drained(self) -> bool:
        """Whether nothing is in flight and nothing more will be born."""
        scalars = self.world.scalars
        ended = bool(
            np.all(self.rail.sources[:, 2] == 1) and np.all(self.rail.sources[:, 0] >= self.rail.sources[:, 1])
        )
        return ended and scalars[scalar.ENDED] == scalars[scalar.NEXT_ID]

    def _refill(self, number: int) -> None:
        """Ask a source for its next births."""
        count = self.world.sources[number].fill(self.rail.births[number])
        self.rail.sources[number] = 0, count, int(count == 0)

    # --- ended payments --------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Tally what ended since the last look, and show it to whoever listens."""
        last = int(self.world.scalars[scalar.OUT_SIZE])
        if last > self._seen:
            add(self.tally, self.rail.out, self._seen, last, self.world.blocks["merchant"].first)
            window = self.rail.out[:, self._seen : last]
            self.observer.take(window)
            for listener in self.on_window:
                listener(window)
            self._seen = last

    def _flush(self) -> None:
        """Hand what has ended over to the recorder, and begin anew."""
        self._look()
        if self._writer is not None:
            self._writer.write(self.rail.out[:, : int(self.world.scalars[scalar.OUT_SIZE])])
        self.world.scalars[scalar.OUT_SIZE] = 0
        self._seen = 0


def names_of(world: World) -> Names:
    """The words behind the codes of the world's payments."""
    return Names(
        kinds=KINDS,
        categories=list(world.scenario.merchants.categories),
        institutions=world.institution_names,
        sources=[source.name for source in world.sources],
        labels=world.labels,
    )
