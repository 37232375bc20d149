"""The chapter on how much a scenario can carry, and its sentences, which the command line prints too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reports import formats
from reports.blocks import table
from reports.document import Block, Chart, Paragraph, Section
from reports.experiment.source import Experiment
from sandbox.language import N_, _
from sandbox.visible import plain

STATIONS = 4
"""Shown in the figure: the busiest at the knee."""


_CROSSED: Final = {
    "p99_ms": N_("99 of 100 settle only within {value}"),
    "answered": N_("only {value} are answered"),
    "success": N_("only {value} settle"),
}
_BOUNDS: Final = {
    "p99_ms": N_("99 of 100 settle within {value}"),
    "answered": N_("{value} are answered"),
    "success": N_("{value} settle"),
}
_BY: Final = {
    "people": N_(
        "Load grows by people: wallets, merchants and payments alike. Stations, liquidity and campaigns stay."
    ),
    "payments": N_("Load grows by payments of the same people, who may meet their limits. All else stays."),
}


def sentences(found: Mapping[str, Any] | None) -> list[str]:
    """What was found, most important first."""
    if found is None:
        return []
    probes = {one["load"]: one for one in found["probes"]}
    holds, fails = found["holds"], found["fails"]
    lines = []
    if holds is None:
        lines.append(
            _(
                "It does not hold at all: even at {fails} times its demand {crossed}.",
                fails=_load(fails),
                crossed=crossed(probes[fails]),
            )
        )
    elif fails is None:
        lines.append(_("It holds even at {holds} times its demand, the most that was tried.", holds=_load(holds)))
    else:
        rate = formats.decimal(probes[holds]["offered_per_s"])
        why = crossed(probes[fails])
        lines.append(
            _(
                "It holds up to {holds} times its demand ({rate} payments a second on average); at {fails} times "
                "{crossed}.",
                holds=_load(holds),
                rate=rate,
                fails=_load(fails),
                crossed=why,
            )
        )
        lines.append(_first(found, probes[holds]))
    return [*lines, *_planned(found, probes)]


def _first(found: Mapping[str, Any], knee: Mapping[str, Any]) -> str:
    if found["first"] is None:
        station = knee["busiest"]
        return _(
            "No station is full there ({station} is the busiest, {busy} in use): the bound is crossed otherwise.",
            station=station,
            busy=formats.share(knee["busy"][station]),
        )
    busy = formats.share(found["first"]["utilisation"])
    return _(
        "{station} saturates first: {busy} of its server time is in use in its busiest bin.",
        station=found["first"]["station"],
        busy=busy,
    )


def _planned(found: Mapping[str, Any], probes: Mapping[float, Mapping[str, Any]]) -> list[str]:
    plan = found["planned"]
    if plan is None:
        return []
    load, room = _load(plan["load"]), plan["head_room"]
    if plan["holds"]:
        code = (
            N_("The planned {load} times fits.")
            if room is None or found["fails"] is None
            else N_("The planned {load} times fits; the knee is at {room} times the plan.")
        )
        lines = [_(code, load=load, room=formats.decimal(room))]
    else:
        code = (
            N_("The planned {load} times does not fit: {crossed}.")
            if room is None
            else N_("The planned {load} times does not fit: {crossed}. The knee is at {room} of the plan.")
        )
        lines = [_(code, load=load, crossed=crossed(probes[plan["load"]]), room=formats.share(room))]
    needs = [] if plan["holds"] else plan["needs"]
    return lines + [
        _(
            "For the plan {station} would need about {needed} servers; it has {servers}.",
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
            parts.append(_("nothing settles"))
            continue
        value = probe[name]["value"]
        words = formats.milliseconds(value) if name == "p99_ms" else formats.share(value)
        parts.append(_(_CROSSED[name], value=words))
    return formats.listed(parts)


def _load(value: float) -> str:
    return plain(value, 4)


def section(found: Experiment) -> Section | None:
    """The chapter; None where there is no ramp."""
    ramp = found.summary.get("capacity")
    if ramp is None:
        return None
    bounds = [
        _(_BOUNDS[name], value=formats.milliseconds(value) if name == "p99_ms" else formats.share(value))
        for name, value in ramp["bounds"].items()
        if value is not None
    ]
    blocks: list[Block] = [
        Paragraph(
            _(
                "Bounds: {bounds}. {runs} runs of each load, on common random numbers.",
                bounds=formats.series(bounds),
                runs=ramp["runs"],
            )
        ),
        Paragraph(_(_BY[ramp["by"]])),
        _chart(ramp),
    ]
    return Section("capacity", _("The knee"), tuple(blocks))


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

    numbers = table(
        _("Every load that was tried"),
        probes,
        (_("Load"), lambda one: f"{_load(one['load'])}×"),
        (_("Payments a second"), lambda one: formats.decimal(one["offered_per_s"])),
        (_("p99 latency"), lambda one: _p99(one, "value")),
        (_("95 % from"), lambda one: _p99(one, "low")),
        (_("to"), lambda one: _p99(one, "high")),
        (_("Answered"), lambda one: formats.share(one["answered"]["value"])),
        (_("Settled"), lambda one: formats.share(one["success"]["value"])),
        (_("Busiest station"), lambda one: str(one["busiest"])),
        (_("In use"), lambda one: formats.share(one["busy"][one["busiest"]])),
        (_("Holds"), lambda one: _(N_("no") if one["crossed"] else N_("yes"))),
    )
    return Chart(
        "capacity",
        _("Latency and use of stations as the load grows"),
        _(
            "Above, the time within which 99 of 100 settle, with 95 % intervals and the bound; below, the "
            "busiest stations' server time in use in their busiest bin; the shaded strip holds the knee, and "
            "the upright dashed line is the planned load."
        ),
        _("Loads between the marks; slower growth, in which people or stations would adapt."),
        _("Two panels over the load: latency on a logarithmic scale, and shares of server time."),
        numbers,
        draw,
    )


def _p99(probe: Mapping[str, Any], part: str) -> str:
    return formats.milliseconds((probe["p99_ms"] or {}).get(part))
