"""Gates and capital controls across borders: what was stopped and refused, flows by day, how much quota is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from reports import formats
from reports.document import Block, Chart, Heading, Note, Paragraph, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.values import part
from sandbox.features.crossborder.report import view
from sandbox.features.crossborder.report.speed import place_name, whole_number
from sandbox.features.crossborder.report.view import Flow, Quota, Way

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GATES = ("travel_rule", "screening", "splitting", "annual_quota")
_MOST_PLACES = 3


def blocks(context: Context, ways: Sequence[Way]) -> list[Block]:
    """What the gates did, and what capital controls look at where there are any."""
    return [*_gates(ways), *_reasons(ways), *_capital(context, ways)]


def _by_way(ways: Sequence[Way]) -> tuple[str, ...]:
    return tuple(known("path", way.name) for way in ways)


def _gates(ways: Sequence[Way]) -> list[Block]:
    """Payments that each gate stopped, and those of them that it refused."""
    found: list[tuple[str, ...]] = []
    for name in _GATES:
        stopped = [whole_number(part(way.numbers.get("gates")), name) or 0 for way in ways]
        refused = [whole_number(part(way.numbers.get("reasons")), name) or 0 for way in ways]
        counts = (formats.count(one) for pair in zip(stopped, refused, strict=True) for one in pair)
        found.append((known("gate", name), *counts))
    reports = (whole_number(part(way.numbers.get("gates")), "large_value_reports") or 0 for way in ways)
    found.append((
        known("gate", "large_value_reports"),
        *(one for count in reports for one in (formats.count(count), formats.NOTHING)),
    ))  # fmt: skip
    head = [say(f"crossborder.{what}", way=way) for way in _by_way(ways) for what in ("stopped", "refused")]
    heading = Heading("crossborder-gates", say("crossborder.gates_heading"))
    note = say("crossborder.gates_note")
    return [heading, Table(say("crossborder.gates_title"), (say("crossborder.gate"), *head), tuple(found), note=note)]


def _reasons(ways: Sequence[Way]) -> list[Block]:
    by_way = [part(way.numbers.get("reasons")) for way in ways]
    names = list(dict.fromkeys(name for one in by_way for name in one))
    if not names:
        return [Note(say("crossborder.no_reasons"))]
    found = tuple(
        (known("reason", name), *(formats.count(whole_number(one, name) or 0) for one in by_way)) for name in names
    )
    head = (say("crossborder.reason"), *(known("path", way.name) for way in ways))
    return [Table(say("crossborder.reasons_title"), head, found)]


def _capital(context: Context, ways: Sequence[Way]) -> list[Block]:
    flows, quotas = view.flows(ways), view.quotas(ways)
    if not flows and not quotas:
        return []
    places = sorted({one.place for one in flows}, key=lambda place: (-_gross(flows, place), place))[:_MOST_PLACES]
    found: list[Block] = [Heading("crossborder-controls", say("xctl.heading"))]
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

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import flows

        return flows(mine, midnight)

    head = [say(f"xctl.col.{what}", way=known("path", one.way)) for one in mine for what in ("in", "out", "position")]
    lines = []
    for day in range(len(mine[0].out)):
        cells = (cents for one in mine for cents in (one.into[day], one.out[day], one.position[day]))
        when = midnight + timedelta(days=day)
        lines.append((f"{formats.WEEKDAYS[when.weekday()]} {when.day} {formats.MONTHS[when.month - 1]} {when.year}",
                      *(formats.dollars(int(cents)) for cents in cells)))  # fmt: skip
    items = [
        say(
            "xctl.flows_item",
            way=known("path", one.way),
            into=formats.dollars(int(one.into.sum())),
            out=formats.dollars(int(one.out.sum())),
            net=say("xctl.net_in" if one.position[-1] >= 0 else "xctl.net_out",
                    net=formats.dollars(abs(int(one.position[-1])))),
        )
        for one in mine
    ]  # fmt: skip
    title = say("xctl.flows_title", place=place)
    chart = Chart(
        key=key,
        title=title,
        shows=say("xctl.flows_shows", place=place),
        hides=say("xctl.flows_hides"),
        alt=say("xctl.flows_alt", list=" ".join(items)),
        table=Table(title, (say("xctl.day"), *head), tuple(lines), folded=True),
        draw=draw,
    )
    return [Paragraph(say("xctl.flows", place=place, list=" ".join(items))), chart]


def _quota(mine: Sequence[Quota], key: str) -> list[Block]:
    """How much of the annual quota people of one jurisdiction have used; drawn for the first way."""
    place, way = place_name(mine[0].place), mine[0].way
    first = [one for one in mine if one.way == way]
    bands = [_band(least, below) for least, below in pairwise([*(least for least, _ in first[0].bands), 1.0])]
    sides = [(say(f"xctl.side.{one.side}"), [people for _, people in one.bands]) for one in first]

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import quota

        return quota(bands, sides)

    told = [
        say(
            f"xctl.quota.{one.side}",
            place=place,
            people=formats.count(one.people),
            left=formats.share(None if one.mean is None else 1 - one.mean),
            least=formats.share(None if one.most is None else 1 - one.most),
            near=formats.count(one.bands[-1][1]) if one.bands[-1][1] else say("xctl.nobody"),
        )
        for one in first
    ]
    head = [f"{known('path', one.way)}: {say(f'xctl.side.{one.side}')}" for one in mine]
    lines = [(band, *(formats.count(one.bands[row][1]) for one in mine)) for row, band in enumerate(bands)]
    lines.append((say("xctl.quota_mean"), *(formats.share(one.mean) for one in mine)))
    lines.append((say("xctl.quota_most"), *(formats.share(one.most) for one in mine)))
    title = say("xctl.quota_title", place=place)
    chart = Chart(
        key=key,
        title=title,
        shows=say("xctl.quota_shows", way=known("path", way)),
        hides=say("xctl.quota_hides"),
        alt=say("xctl.quota_alt", list=" ".join(told)),
        table=Table(title, (say("xctl.band"), *head), tuple(lines)),
        draw=draw,
    )
    return [Paragraph(" ".join(told)), chart]


def _band(least: float, below: float) -> str:
    if not least:
        return say("xctl.band_below", below=formats.percent(below))
    return say("xctl.band_between", least=formats.percent(least), below=formats.percent(below))
