"""The chapter on how much a scenario can carry, and its sentences, which the command line prints too."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Paragraph, Section
from reports.experiment.source import ExperimentData, Response, interval, short
from reports.figures import experiment as figures
from sandbox.language import N_, _
from sandbox.visible import plain

STATIONS: Final = 4
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


def sentences(found: ExperimentData) -> list[str]:
    """What was found, most important first."""
    ramp = found.entries.section("capacity")
    if not ramp:
        return []
    probes = {one.number("load"): one for one in ramp.rows("probes")}
    holds, fails = ramp.number("holds"), ramp.number("fails")
    words = {"holds": _load(ramp, "holds"), "fails": _load(ramp, "fails")}
    if holds is None:
        code = N_("It does not hold at all: even at {fails} times its demand {crossed}.")
        lines = [_(code, **words, crossed=crossed(probes[fails]))]
    elif fails is None:
        lines = [_("It holds even at {holds} times its demand, the most that was tried.", **words)]
    else:
        code = N_(
            "It holds up to {holds} times its demand ({rate} payments a second on average); at {fails} times {crossed}."
        )
        rate = formats.decimal(probes[holds].number("offered_per_s"))
        lines = [_(code, **words, rate=rate, crossed=crossed(probes[fails])), _first(ramp, probes[holds])]
    return lines + _planned(ramp, probes)


def _first(ramp: Response, knee: Response) -> str:
    first = ramp.section("first")
    if not first:
        return _(
            "No station is full there ({station} is the busiest, {busy} in use): the bound is crossed otherwise.",
            station=knee.text("busiest"),
            busy=_busiest(knee),
        )
    return _(
        "{station} saturates first: {busy} of its server time is in use in its busiest bin.",
        station=first.text("station"),
        busy=formats.share(first.number("utilisation")),
    )


def _planned(ramp: Response, probes: dict[float | None, Response]) -> list[str]:
    plan = ramp.section("planned")
    if not plan:
        return []
    load, room = _load(plan, "load"), plan.number("head_room")
    if plan.flag("holds"):
        if room is None or ramp.number("fails") is None:
            return [_("The planned {load} times fits.", load=load)]
        code = N_("The planned {load} times fits; the knee is at {room} times the plan.")
        return [_(code, load=load, room=formats.decimal(room))]
    code = (
        N_("The planned {load} times does not fit: {crossed}.")
        if room is None
        else N_("The planned {load} times does not fit: {crossed}. The knee is at {room} of the plan.")
    )
    needs = [
        _(
            "For the plan {station} would need about {needed} servers; it has {servers}.",
            station=one.text("station"),
            needed=formats.count(one.number("needed")),
            servers=formats.count(one.number("servers")),
        )
        for one in plan.rows("needs")
    ]
    crossed_there = crossed(probes[plan.number("load")])
    return [_(code, load=load, crossed=crossed_there, room=formats.share(room)), *needs]


def crossed(probe: Response) -> str:
    """Which bounds a load crosses, in words."""
    return formats.listed(
        _(_CROSSED[name], value=_measured(name, probe.number(f"{name}.value")))
        if probe.section(name)
        else _("nothing settles")
        for name in probe.get("crossed")
    )


def _measured(name: str, value: float | None) -> str:
    """What a bound is about."""
    return formats.milliseconds(value) if name == "p99_ms" else formats.share(value)


def _load(entries: Response, path: str) -> str:
    return plain(entries.number(path) or 0.0, 4)


def _busiest(probe: Response) -> str:
    return formats.share(probe.named("busy").get(probe.text("busiest")))


def section(found: ExperimentData) -> Section | None:
    """The chapter; None where there is no ramp."""
    ramp = found.entries.section("capacity")
    if not ramp:
        return None
    bounds = [
        _(_BOUNDS[name], value=_measured(name, one)) for name, one in ramp.named("bounds").items() if one is not None
    ]
    held = _(
        "Bounds: {bounds}. {runs} runs of each load, on common random numbers.",
        bounds=formats.series(bounds),
        runs=ramp.get("runs"),
    )
    return Section("capacity", _("The knee"), (Paragraph(held), Paragraph(_(_BY[ramp.text("by")])), *_chart(ramp)))


def _chart(ramp: Response) -> list[Block]:
    probes = ramp.rows("probes")
    numbers = table(
        _("Every load that was tried"),
        probes,
        (_("Load"), lambda one: f"{_load(one, 'load')}×"),
        (_("Payments a second"), lambda one: formats.decimal(one.number("offered_per_s"))),
        *interval(_("p99 latency"), "p99_ms.value", lambda one, path: formats.milliseconds(one.number(path))),
        (_("Answered"), lambda one: formats.share(one.number("answered.value"))),
        (_("Settled"), lambda one: formats.share(one.number("success.value"))),
        (_("Busiest station"), "busiest"),
        (_("In use"), _busiest),
        (_("Holds"), lambda one: _(N_("no") if one.get("crossed") else N_("yes"))),
    )
    return chart(
        "capacity",
        "",
        numbers,
        lambda: figures.ramp(_drawn(ramp, probes), formats.milliseconds, formats.percent),
        title=_("Latency and use of stations as the load grows"),
        shows=_(
            "Above, the time within which 99 of 100 settle, with 95 % intervals and the bound; below, the "
            "busiest stations' server time in use in their busiest bin; the shaded strip holds the knee, and "
            "the upright dashed line is the planned load."
        ),
        hides=_("Loads between the marks; slower growth, in which people or stations would adapt."),
        alt=_("Two panels over the load: latency on a logarithmic scale, and shares of server time."),
    )


def _drawn(ramp: Response, probes: list[Response]) -> figures.Ramp:
    knee = next((one for one in probes if one.get("load") == ramp.get("holds")), probes[-1]).named("busy")
    names = sorted(knee, key=lambda name: -knee[name])[:STATIONS]
    return figures.Ramp(
        loads=tuple(float(one.get("load")) for one in probes),
        p99_ms=tuple(one.mark("p99_ms.value") if one.section("p99_ms") else None for one in probes),
        stations=tuple((short(name, 18), tuple(one.named("busy")[name] for one in probes)) for name in names),
        bound_ms=ramp.number("bounds.p99_ms"),
        holds=ramp.number("holds"),
        fails=ramp.number("fails"),
        planned=ramp.number("planned.load"),
    )
