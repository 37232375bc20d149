"""The chapter on how much a scenario can carry, and its sentences, which the command line prints too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports import formats
from reports.document import Block, Chart, Paragraph, Section, Table
from reports.experiment.source import Experiment
from reports.text import say
from sandbox.visible import plain

STATIONS = 4
"""Shown in the figure: the busiest at the knee."""


def sentences(found: Mapping[str, Any] | None) -> list[str]:
    """What was found, most important first."""
    if found is None:
        return []
    probes = {one["load"]: one for one in found["probes"]}
    holds, fails = found["holds"], found["fails"]
    lines = []
    if holds is None:
        lines.append(say("x.capacity.never", fails=_load(fails), crossed=crossed(probes[fails])))
    elif fails is None:
        lines.append(say("x.capacity.open", holds=_load(holds)))
    else:
        rate = formats.decimal(probes[holds]["offered_per_s"])
        why = crossed(probes[fails])
        lines.append(say("x.capacity.knee", holds=_load(holds), rate=rate, fails=_load(fails), crossed=why))
        lines.append(_first(found, probes[holds]))
    return [*lines, *_planned(found, probes)]


def _first(found: Mapping[str, Any], knee: Mapping[str, Any]) -> str:
    if found["first"] is None:
        station = knee["busiest"]
        return say("x.capacity.no_first", station=station, busy=formats.share(knee["busy"][station]))
    busy = formats.share(found["first"]["utilisation"])
    return say("x.capacity.first", station=found["first"]["station"], busy=busy)


def _planned(found: Mapping[str, Any], probes: Mapping[float, Mapping[str, Any]]) -> list[str]:
    plan = found["planned"]
    if plan is None:
        return []
    load, room = _load(plan["load"]), plan["head_room"]
    if plan["holds"]:
        code = "x.capacity.fits_open" if room is None or found["fails"] is None else "x.capacity.fits"
        lines = [say(code, load=load, room=formats.decimal(room))]
    else:
        code = "x.capacity.too_much_open" if room is None else "x.capacity.too_much"
        lines = [say(code, load=load, crossed=crossed(probes[plan["load"]]), room=formats.share(room))]
    needs = [] if plan["holds"] else plan["needs"]
    return lines + [
        say(
            "x.capacity.need",
            station=one["station"],
            needed=formats.count(one["needed"]),
            servers=formats.count(one["servers"]),
        )
        for one in needs
    ]


def crossed(probe: Mapping[str, Any]) -> str:
    """Which bounds a load crosses, in words."""
    parts = []
    for name in probe["crossed"]:
        if probe[name] is None:
            parts.append(say("x.capacity.crossed.nothing"))
            continue
        value = probe[name]["value"]
        words = formats.milliseconds(value) if name == "p99_ms" else formats.share(value)
        parts.append(say(f"x.capacity.crossed.{name}", value=words))
    return ", ".join(parts)


def _load(value: float) -> str:
    return plain(value, 4)


def section(found: Experiment) -> Section | None:
    """The chapter; None where there is no ramp."""
    ramp = found.summary.get("capacity")
    if ramp is None:
        return None
    bounds = [
        say(f"x.capacity.bound.{name}", value=formats.milliseconds(value) if name == "p99_ms" else formats.share(value))
        for name, value in ramp["bounds"].items()
        if value is not None
    ]
    blocks: list[Block] = [
        Paragraph(say("x.capacity.text", bounds="; ".join(bounds), runs=ramp["runs"])),
        Paragraph(say(f"x.capacity.by.{ramp['by']}")),
        _chart(ramp),
    ]
    return Section("capacity", say("x.capacity"), tuple(blocks))


def _chart(ramp: Mapping[str, Any]) -> Chart:
    from matplotlib.figure import Figure

    probes = ramp["probes"]

    def draw() -> Figure:
        from reports.experiment.compare import short
        from reports.figures.experiment import Mark, Ramp
        from reports.figures.experiment import ramp as drawn

        knee = next((one for one in probes if one["load"] == ramp["holds"]), probes[-1])
        names = sorted(knee["busy"], key=lambda name: -knee["busy"][name])[:STATIONS]
        return drawn(
            Ramp(
                loads=tuple(one["load"] for one in probes),
                p99_ms=tuple(None if one["p99_ms"] is None else Mark("", **one["p99_ms"]) for one in probes),
                stations=tuple((short(name, 18), tuple(one["busy"][name] for one in probes)) for name in names),
                bound_ms=ramp["bounds"]["p99_ms"],
                holds=ramp["holds"],
                fails=ramp["fails"],
                planned=None if ramp["planned"] is None else ramp["planned"]["load"],
            ),
            formats.milliseconds,
            formats.percent,
        )

    head = (
        say("x.col.load"), say("x.col.rate"), say("x.col.p99"), say("x.low"), say("x.high"), say("x.col.answered"),
        say("x.col.settled"), say("x.col.busiest"), say("x.col.use"), say("x.col.holds"),
    )  # fmt: skip
    rows = tuple(_row(one) for one in probes)
    return Chart(
        "capacity",
        say("x.capacity.title"),
        say("x.capacity.shows"),
        say("x.capacity.hides"),
        say("x.capacity.alt"),
        Table(say("x.capacity.table"), head, rows, text_columns=1),
        draw,
    )


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    p99 = one["p99_ms"] or {}
    return (
        f"{_load(one['load'])}×",
        formats.decimal(one["offered_per_s"]),
        *(formats.milliseconds(p99.get(name)) for name in ("value", "low", "high")),
        formats.share(one["answered"]["value"]),
        formats.share(one["success"]["value"]),
        str(one["busiest"]),
        formats.share(one["busy"][one["busiest"]]),
        say("x.no") if one["crossed"] else say("x.yes"),
    )
