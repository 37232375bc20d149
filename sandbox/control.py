"""What SimPy's processes share: the environment, the world, the rail between events, and the log of control events.

Processes hold no rules of payment; they wait, change the world through the ledger or the rail's arrays, submit payments
of their own, and log what they did. A *component* is one capability of a run: its processes, tables and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import simpy

from sandbox.core.draws import Int64Array
from sandbox.core.layout import BoxTrip, account, tags, trait
from sandbox.core.ledger import Ledger
from sandbox.market.sources import route, tag
from sandbox.scenario.schema import Scenario
from sandbox.world import World

Process = Any
"""A SimPy process function's generator (SimPy leaves the type of sent values open)."""

Columns = Mapping[str, Sequence[Any] | npt.NDArray[Any]]
"""Columns of a table by name, equally long."""

_AS_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode

TRIPS: Final = [one.name.lower() for one in BoxTrip]
"""Caps on the whole box that stop the rail at the payment that would break them."""


class PaymentResult(NamedTuple):
    """How a payment that a process submitted ended: the outcome is a code of `layout`."""

    payment_id: int
    outcome: int
    ended_us: int


class Trip(NamedTuple):
    """A payment that would have broken a cap on the box and was refused: which cap, which payment, whose."""

    reason: str
    payment_id: int
    payer: int
    amount_fen: int


@dataclass
class EventLog:
    """Control events, in order: rows of `events.parquet`."""

    rows: list[tuple[int, str, str, str | None, str | None]] = field(default_factory=list)

    def add(self, at_us: int, actor: str, event: str, subject: str | None = None, **detail: object) -> None:
        """Log one event; `detail` becomes JSON with sorted keys."""
        text = _AS_JSON(detail) if detail else None
        self.rows.append((at_us, actor, event, subject, text))


class Machine(Protocol):
    """What control may do to the machine room."""

    on_window: list[Callable[[Int64Array], None]]
    on_bin_end: list[Callable[[int], None]]
    components: list[Component]

    def before_change(self) -> None:
        """Count queues and busy servers up to now at the old values, before a station changes."""

    def after_change(self, station: int) -> None:
        """Start whoever may start at a station's new values."""

    def look(self) -> None:
        """Show listeners at once which payments have ended since they were called last."""

    def submit(self, birth: tuple[int, ...]) -> simpy.Event:
        """Let a payment be born now; the event tells how it ended."""

    def submit_many(self, source: int, births: Int64Array) -> None:
        """Let payments of a `BatchSource` be born from now on, each at its time; listeners see how they end."""


class Seen(Protocol):
    """The time series of a run that is over: columns by name."""

    def series(self) -> Mapping[str, npt.NDArray[Any]]:
        """One entry a bin."""

    def stations(self) -> Mapping[str, npt.NDArray[Any]]:
        """One entry a bin and station in which something happened; `station` is the station's number."""


class Trial(Protocol):
    """Another run, made after this one and never recorded."""

    @property
    def control(self) -> Control:
        """Its world, log and components."""

    @property
    def observer(self) -> Seen:
        """Its time series."""


class Component:
    """One capability of a run. It does nothing of its own accord: what a component needs, it overrides."""

    def start(self) -> None:
        """Start processes and register listeners; all components of the run exist."""

    def busy(self) -> bool:
        """Has this component something under way without which the run must not end? Never for ever."""
        return False

    def finish(self) -> None:
        """The last payment has ended; the ledger has not been checked yet."""

    def afterwards(self, again: Callable[[Scenario], Trial]) -> None:
        """The run is over, nothing is written yet: the place to try other scenarios with `again`."""

    def tables(self) -> Mapping[str, Columns]:
        """Tables for the run folder by name (`sandbox.tables.TABLES` says which columns)."""
        return {}

    def summary(self) -> Mapping[str, Any]:
        """Sections of the summary by name; what stands under `risk` joins the summary's risks."""
        return {}


@dataclass(frozen=True)
class Simulated:
    """What a feature declares of what it does in a run.

    Args:
        component: makes its component, or components, of a run whose scenario has its section, with what that holds.
        moves_money: whether money moves by it that no payment moves; such a run records all that does.
    """

    component: Callable[[Control, Any], Component | list[Component]]
    moves_money: bool = False


SomeComponent = TypeVar("SomeComponent", bound=Component)


@dataclass
class Control:
    """Handed to every process and component."""

    env: simpy.Environment
    world: World
    log: EventLog
    machine: Machine
    tripped: simpy.Event
    """Succeeds with a Trip when a cap on the box stops the rail; another event then takes its place."""
    below_floor: list[simpy.Event] = field(default_factory=list)
    """By institution: succeeds when the rail finds it below its floor; who waited puts another in its place."""
    victims: dict[int, int] = field(default_factory=dict)
    """Whose loss a payment is, by the payment's key (tags.LOSS)."""
    on_release: list[Callable[[int], None]] = field(default_factory=list)
    """Called when a freeze has ended, with the account."""

    @property
    def now(self) -> int:
        """The SimPy clock (us)."""
        return int(self.env.now)

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.world.ledger

    @property
    def accounts(self) -> Int64Array:
        """Rows of all accounts."""
        return self.world.ledger.accounts

    def component(self, kind: type[SomeComponent]) -> SomeComponent | None:
        """The run's component of this kind, if it has one; from `Component.start` on."""
        return next((component for component in self.machine.components if isinstance(component, kind)), None)

    def wait_until(self, at_us: int) -> simpy.Event:
        """An event at an instant (now if it has passed)."""
        return self.env.timeout(max(0, at_us - self.now))

    def record(self, actor: str, event: str, subject: str | None = None, **detail: object) -> None:
        """Log a control event now."""
        self.log.add(self.now, actor, event, subject, **detail)

    def listen(self, listener: Callable[[Int64Array], None]) -> None:
        """Have `listener` called with the columns (ended.ROWS, number) of the payments that ended since the last call:
        at the end of each bin, and in between when many have ended. The columns are gone after the call."""
        self.machine.on_window.append(listener)

    def at_bin_end(self, listener: Callable[[int], None]) -> None:
        """Have `listener` called at the end of each bin, after those of `listen`, with the time the bin began."""
        self.machine.on_bin_end.append(listener)

    def pay(
        self, payer: int, payee: int, amount_fen: int, *, key: int | np.uint64, kind: str = "transfer", label: str = "",
        source: int | None = None, victim: int | None = None,
    ) -> simpy.Event:  # fmt: skip
        """Submit a payment now, under the rules of all payments.

        Args:
            payer, payee: accounts.
            amount_fen: above zero.
            key: the payment's own draw (`sandbox.core.draws.mix` of a named stream), from which its service times and
                pauses follow.
            kind: a kind of `sandbox.market.sources.KINDS`.
            label: ground truth, one of `world.labels`; empty for none.
            source: the source of demand that it is shown and counted as one of, if not `orders`.
            victim: ground truth, the account whose owner loses what the payment moves.

        Returns:
            An event that succeeds, at the microsecond at which the payment ends, with a `PaymentResult`.
        """
        number = self.world.labels.index(label) + 1 if label else 0
        flags = tag(self.world.orders if source is None else source, kind, number) | tags.ORDER
        as_int64 = int(np.uint64(key).astype(np.int64))
        if victim is not None:
            flags |= tags.LOSS
            self.victims[as_int64] = victim
        way = int(route(self.accounts, payer, payee))
        return self.machine.submit((self.now, payer, payee, amount_fen, as_int64, flags, way))

    def freeze(self, who: int) -> None:
        """From now on no payment from or to this account is posted."""
        self.accounts[who, account.TRAITS] |= trait.FROZEN

    def release(self, who: int) -> None:
        """End a freeze."""
        self.accounts[who, account.TRAITS] &= ~trait.FROZEN
        for listener in self.on_release:
            listener(who)
