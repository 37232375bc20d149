"""The state of the box at any instant, from the control events of a run alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.base.box_state import BoxState

Events = Mapping[str, Sequence[Any]]
"""Columns of `events.parquet` by name: a DataFrame, or a dict of lists."""


def state_at(events: Events, at_us: int) -> BoxState:
    """The box as it was at an instant, all control events of that microsecond included.

    Args:
        events: the run's events in their order, `sandbox.open_run(...).events`.
        at_us: microseconds since the scenario's start.
    """
    state = BoxState()
    for when, event, subject, detail in _rows(events):
        if when > at_us:
            break
        state = state.after(when, event, subject, detail)
    return state


def states(events: Events) -> Iterator[tuple[int, BoxState]]:
    """Every state the box was ever in, with the instant from which on it was in it (us)."""
    state = BoxState()
    for when, event, subject, detail in _rows(events):
        after = state.after(when, event, subject, detail)
        if after != state:
            state = after
            yield when, state


def _rows(events: Events) -> Iterator[tuple[int, str, str | None, Mapping[str, Any]]]:
    columns = (events[name] for name in ("at_us", "event", "subject", "detail"))
    for when, event, subject, detail in zip(*columns, strict=True):
        yield (
            int(when),
            str(event),
            subject if isinstance(subject, str) else None,
            json.loads(detail) if isinstance(detail, str) else {},
        )


__all__ = ["Events", "state_at", "states"]
