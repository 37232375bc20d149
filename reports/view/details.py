"""Details of events in words, for events whose detail is more than a few numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reports import formats
from reports.names import FAULTS
from reports.source import Event
from reports.view.events import field_words, value_words
from sandbox.language import N_, _, named


def plain(values: Mapping[str, object]) -> str:
    """The detail of an event in words: money in yuan, times in their unit, the rest as it is.

    >>> plain({"amount_fen": 250000, "lasts_us": 7200000000, "open": False, "nothing": None})
    'amount 2,500 yuan; lasts 2 h; open: no'
    >>> plain({"box": {"on": True, "participants": None, "per_payment_fen": 5000}})
    'box (on: yes; per payment 50 yuan)'
    """
    return formats.series(_one_detail(name, value) for name, value in values.items() if value is not None)


def _one_detail(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return _("{name} ({details})", name=field_words(name), details=plain(value))
    if isinstance(value, bool):
        return _(N_("{name}: yes") if value else N_("{name}: no"), name=field_words(name))
    name, shown = _shown(name, value)
    return _("{name} {value}", name=field_words(name), value=shown)


def _shown(name: str, value: object) -> tuple[str, str]:
    """What a value is called, and its words."""
    if isinstance(value, list):
        return name, formats.listed(map(str, value))
    if isinstance(value, float):
        return name, formats.share(value) if name.endswith("_share") else formats.decimal(value)
    if not isinstance(value, int):
        return name, value_words(str(value)) if name in ("kind", "reason") else str(value)
    if name.endswith(("_fen", "_cap")):
        return name.removesuffix("_fen"), formats.money(value)
    if name.endswith("_us"):
        return name.removesuffix("_us"), formats.duration(value)
    return name, formats.count(value)


def _fault(event: Event) -> str:
    """A station's fault, and the state that it leaves the station in, other faults of the same time included."""
    servers, slow = event.entries.whole("servers"), event.entries.number("slow_permille")
    if servers is None or slow is None:
        return plain(event.detail)
    kind = named(FAULTS, event.detail.get("kind"))
    if event.detail.get("open") is False:
        return _("{kind}; closed", kind=kind)
    words = {"kind": kind, "servers": formats.count(servers)}
    if slow == 1000:
        return _("{kind}; open, servers: {servers}", **words)
    return _("{kind}; open, servers: {servers}, each {times} times as slow", **words, times=f"{slow / 1000:g}")


WORDS: Final[Mapping[str, Callable[[Event], str]]] = {
    "fault_began": _fault,
    "fault_ended": _fault,
}
"""The words of an event's detail by the event's name. Features declare those of theirs."""
