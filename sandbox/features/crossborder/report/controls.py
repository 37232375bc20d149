"""Gates and capital controls across borders: what was stopped and refused, flows by day, how much quota is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from reports import formats
from reports.document import Block, Chart, Heading, Note, Paragraph, Table
from reports.sections.context import Context
from reports.view.values import part
from sandbox.features.crossborder.report import figures, view
from sandbox.features.crossborder.report.names import GATES, PATHS, REASONS
from sandbox.features.crossborder.report.speed import place_name, whole_number
from sandbox.features.crossborder.report.view import Flow, Quota, Way
from sandbox.language import N_, _, named

_GATES = ("travel_rule", "screening", "splitting", "annual_quota")
_MOST_PLACES = 3


_COLUMNS: Final = (N_("{way}: in"), N_("{way}: out"), N_("{way}: position"))
_SIDES: Final = {
    "sent": N_("sent"),
    "received": N_("received"),
}
_QUOTAS: Final = {
    "sent": N_(
        "{place}: {people} people sent money abroad. On average {left} of their annual quota is left, "
        "{least} of the one who used most; {near} used 80 % or more of it."
    ),
    "received": N_(
        "{place}: {people} people received money from abroad. On average {left} of their annual quota is "
        "left, {least} of the one who used most; {near} used 80 % or more of it."
    ),
}


def blocks(context: Context, ways: Sequence[Way]) -> list[Block]:
    """What the gates did, and what capital controls look at where there are any."""
    return [*_gates(ways), *_reasons(ways), *_capital(context, ways)]


def _by_way(ways: Sequence[Way]) -> tuple[str, ...]:
    return tuple(named(PATHS, way.name) for way in ways)


def _gates(ways: Sequence[Way]) -> list[Block]:
    """Payments that each gate stopped, and those of them that it refused."""
    found: list[tuple[str, ...]] = []
    for name in _GATES:
        stopped = [whole_number(part(way.numbers.get("gates")), name) or 0 for way in ways]
        refused = [whole_number(part(way.numbers.get("reasons")), name) or 0 for way in ways]
        counts = (formats.count(one) for pair in zip(stopped, refused, strict=True) for one in pair)
        found.append((named(GATES, name), *counts))
    reports = (whole_number(part(way.numbers.get("gates")), "large_value_reports") or 0 for way in ways)
    found.append((
        named(GATES, "large_value_reports"),
        *(one for count in reports for one in (formats.count(count), formats.NOTHING)),
    ))  # fmt: skip
    head = [words for way in _by_way(ways) for words in (_("{way}: stopped", way=way), _("{way}: refused", way=way))]
    heading = Heading("crossborder-gates", _("What was stopped, refused or sent back, and why"))
    note = _("Stopped: held, looked into or reported by the gate; most of it passes in the end. Refused: what did not.")
    return [heading, Table(_("Stops and refusals by gate"), (_("Gate"), *head), tuple(found), note=note)]


def _reasons(ways: Sequence[Way]) -> list[Block]:
    by_way = [part(way.numbers.get("reasons")) for way in ways]
    names = list(dict.fromkeys(name for one in by_way for name in one))
    if not names:
        return [Note(_("Nothing was refused, sent back or lost."))]
    found = tuple(
        (named(REASONS, name), *(formats.count(whole_number(one, name) or 0) for one in by_way)) for name in names
    )
    head = (_("Reason"), *(named(PATHS, way.name) for way in ways))
    return [Table(_("Refusals, returns and losses by reason"), head, found)]


def _capital(context: Context, ways: Sequence[Way]) -> list[Block]:
    flows, quotas = view.flows(ways), view.quotas(ways)
    if not flows and not quotas:
        return []
    places = sorted({one.place for one in flows}, key=lambda place: (-_gross(flows, place), place))[:_MOST_PLACES]
    found: list[Block] = [Heading("crossborder-controls", _("Capital controls"))]
    for count, place in enumerate(places, 1):
        found += _flows(context, [one for one in flows if one.place == place], f"crossborder-flows-{count}")
    quotas.sort(key=lambda one: one.side != "sent")
    for count, place in enumerate(dict.fromkeys(one.place for one in quotas), 1):
        found += _quota([one for one in quotas if one.place == place], f"crossborder-quota-{count}")
    return found


def _gross(flows: Sequence[Flow], place: str) -> int:
    return sum(int((one.out + one.into).sum()) for one in flows if one.place == place)


def _flows(context: Context, mine: Sequence[Flow], key: str) -> list[Block]:
    """One jurisdiction's flows, way by way."""
    place, start = place_name(mine[0].place), context.start
    midnight = datetime(start.year, start.month, start.day) + timedelta(days=mine[0].first_day)
    head = [_(column, way=named(PATHS, one.way)) for one in mine for column in _COLUMNS]
    lines = []
    for day in range(len(mine[0].out)):
        cells = (cents for one in mine for cents in (one.into[day], one.out[day], one.position[day]))
        when = midnight + timedelta(days=day)
        lines.append((f"{formats.WEEKDAYS[when.weekday()]} {when.day} {formats.MONTHS[when.month - 1]} {when.year}",
                      *(formats.dollars(int(cents)) for cents in cells)))  # fmt: skip
    items = [
        _(
            "Over the {way} {into} came in and {out} went out: {net}.",
            way=named(PATHS, one.way),
            into=formats.dollars(int(one.into.sum())),
            out=formats.dollars(int(one.out.sum())),
            net=_(N_("net inflow {net}") if one.position[-1] >= 0 else N_("net outflow {net}"),
                    net=formats.dollars(abs(int(one.position[-1])))),
        )
        for one in mine
    ]  # fmt: skip
    title = _("Capital flows by day: {place}", place=place)
    chart = Chart(
        key=key,
        title=title,
        shows=_(
            "What came in (up) and went out (down) over the border of {place} by day of its own clock, when "
            "it was credited, on each way; below, the position: what came in less what went out since the "
            "start.",
            place=place,
        ),
        hides=_("Which currency it was in, and visitors' wallets. Payments still on their way."),
        alt=_("Bars by day, and a line of the position. {list}", list=" ".join(items)),
        table=Table(title, (_("Day"), *head), tuple(lines), folded=True),
        draw=lambda: figures.flows(mine, midnight),
    )
    return [Paragraph(_("Capital flows of {place}. {list}", place=place, list=" ".join(items))), chart]


def _quota(mine: Sequence[Quota], key: str) -> list[Block]:
    """How much of the annual quota people of one jurisdiction have used; drawn for the first way."""
    place, way = place_name(mine[0].place), mine[0].way
    first = [one for one in mine if one.way == way]
    bands = [_band(least, below) for least, below in pairwise([*(least for least, __ in first[0].bands), 1.0])]
    sides = [(_(_SIDES[one.side]), [people for __, people in one.bands]) for one in first]
    told = [
        _(
            _QUOTAS[one.side],
            place=place,
            people=formats.count(one.people),
            left=formats.share(None if one.mean is None else 1 - one.mean),
            least=formats.share(None if one.most is None else 1 - one.most),
            near=formats.count(one.bands[-1][1]) if one.bands[-1][1] else _("nobody"),
        )
        for one in first
    ]
    head = [_("{way}: {side}", way=named(PATHS, one.way), side=_(_SIDES[one.side])) for one in mine]
    lines = [(band, *(formats.count(one.bands[row][1]) for one in mine)) for row, band in enumerate(bands)]
    lines.append((_("Used, mean"), *(formats.share(one.mean) for one in mine)))
    lines.append((_("Used, the most by one person"), *(formats.share(one.most) for one in mine)))
    title = _("Annual quota used: {place}", place=place)
    chart = Chart(
        key=key,
        title=title,
        shows=_(
            "People by how much of the quota of the calendar year was used by what was credited, over the "
            "{way}. The other way is in the table.",
            way=named(PATHS, way),
        ),
        hides=_(
            "What people used before the run began, and on other ways: a short run leaves most of a year's "
            "quota unused."
        ),
        alt=_("Bars by share used. {list}", list=" ".join(told)),
        table=Table(title, (_("Used of the quota"), *head), tuple(lines)),
        draw=lambda: figures.quota(bands, sides),
    )
    return [Paragraph(" ".join(told)), chart]


def _band(least: float, below: float) -> str:
    if not least:
        return _("below {below}", below=formats.percent(below))
    return _("{least} to {below}", least=formats.percent(least), below=formats.percent(below))
