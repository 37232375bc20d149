"""The state of the box at any instant, from the control events of a run alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
    columns = (events[name] for name in ("at_us", "event", "subject", "detail"))
    for when, event, subject, detail in zip(*columns, strict=True):
        if when > at_us:
            break
        known = json.loads(detail) if isinstance(detail, str) else {}
        state = state.after(int(when), str(event), subject if isinstance(subject, str) else None, known)
    return state
