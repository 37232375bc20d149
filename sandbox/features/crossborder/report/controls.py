"""Gates and capital controls across borders: what was stopped and refused, flows by day, how much quota is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Heading, Note, Paragraph, Table
from reports.reading import Entries
from reports.sections.context import Context
from reports.view.bins import Ints
from sandbox.features.crossborder.report import figures, view
from sandbox.features.crossborder.report.names import GATES, REASONS
from sandbox.features.crossborder.report.speed import place_name
from sandbox.features.crossborder.report.view import Arrangement, Flow
from sandbox.language import N_, _, named

_GATES = ("travel_rule", "screening", "splitting", "annual_quota")
_MOST_PLACES = 3

_COLUMNS: Final = (N_("{arrangement}: in"), N_("{arrangement}: out"), N_("{arrangement}: position"))
_SIDES: Final = {
    "sent": N_("sent"),
    "received": N_("received"),
}
_QUOTAS: Final = {
    "sent": N_(
        "{place}: {people} people sent money abroad. On average {left} of their annual quota is left, {least} of the "
        "one who used most; {near} used 80 % or more of it."
    ),
    "received": N_(
        "{place}: {people} people received money from abroad. On average {left} of their annual quota is left, {least} "
        "of the one who used most; {near} used 80 % or more of it."
    ),
}


def blocks(context: Context, arrangements: Sequence[Arrangement]) -> list[Block]:
    """What the gates did, and what capital controls look at where there are any."""
    return [*_gates(arrangements), *_reasons(arrangements), *_capital(context, arrangements)]


def _gates(arrangements: Sequence[Arrangement]) -> list[Block]:
    """Payments that each gate stopped, and those of them that it refused."""

    def counts(name: str) -> list[str]:
        kinds = ("gates", "reasons")
        return [formats.count(one.numbers.amount(f"{kind}.{name}")) for one in arrangements for kind in kinds]

    reports = counts("large_value_reports")
    reports[1::2] = [formats.NOTHING] * len(arrangements)
    found = [(named(GATES, name), *counts(name)) for name in _GATES]
    found.append((named(GATES, "large_value_reports"), *reports))
    head = [
        _(words, arrangement=one.title)
        for one in arrangements
        for words in (N_("{arrangement}: stopped"), N_("{arrangement}: refused"))
    ]
    heading = Heading("crossborder-gates", _("What was stopped, refused or sent back, and why"))
    note = _("Stopped: held, looked into or reported by the gate; most of it passes in the end. Refused: what did not.")
    return [heading, Table(_("Stops and refusals by gate"), (_("Gate"), *head), tuple(found), note=note)]


def _reasons(arrangements: Sequence[Arrangement]) -> list[Block]:
    names = list(dict.fromkeys(name for one in arrangements for name in one.numbers.section("reasons").content))
    if not names:
        return [Note(_("Nothing was refused, sent back or lost."))]

    def ended(name: str) -> Iterator[str]:
        for one in arrangements:
            yield formats.count(one.numbers.amount(f"reasons.{name}"))
            yield formats.dollars(one.numbers.amount(f"reasons_usd_cents.{name}"))

    found = tuple((named(REASONS, name), *ended(name)) for name in names)
    head = [_("Reason")]
    for one in arrangements:
        head += [one.title, _("{arrangement}: value", arrangement=one.title)]
    return [Table(_("Refusals, returns and losses by reason"), tuple(head), found)]


def _capital(context: Context, arrangements: Sequence[Arrangement]) -> list[Block]:
    flows = view.flows(arrangements)
    quotas = [
        (arrangement, one)
        for arrangement in arrangements
        for one in arrangement.numbers.rows("quota")
        if one.rows("bands")
    ]
    if not flows and not quotas:
        return []
    places = sorted({one.place for one in flows}, key=lambda place: (-_gross(flows, place), place))[:_MOST_PLACES]
    found: list[Block] = [Heading("crossborder-controls", _("Capital controls"))]
    for count, place in enumerate(places, 1):
        found += _flows(context, [one for one in flows if one.place == place], f"crossborder-flows-{count}")
    quotas.sort(key=lambda two: two[1].get("side") != "sent")
    by_place: dict[str, list[tuple[Arrangement, Entries]]] = {}
    for arrangement, one in quotas:
        by_place.setdefault(one.text("jurisdiction"), []).append((arrangement, one))
    for count, mine in enumerate(by_place.values(), 1):
        found += _quota(mine, f"crossborder-quota-{count}")
    return found


def _gross(flows: Sequence[Flow], place: str) -> int:
    return sum(int((one.out + one.into).sum()) for one in flows if one.place == place)


def _flows(context: Context, mine: Sequence[Flow], key: str) -> list[Block]:
    """One jurisdiction's flows, arrangement by arrangement."""
    place, start = place_name(mine[0].place), context.start
    midnight = datetime(start.year, start.month, start.day) + timedelta(days=mine[0].first_day)
    items = [
        _(
            "Over the {arrangement} {into} came in and {out} went out: {net}.",
            arrangement=one.arrangement.title,
            into=formats.dollars(int(one.into.sum())),
            out=formats.dollars(int(one.out.sum())),
            net=_(N_("net inflow {net}") if one.position[-1] >= 0 else N_("net outflow {net}"),
                    net=formats.dollars(abs(int(one.position[-1])))),
        )
        for one in mine
    ]  # fmt: skip

    def dollars(cents: Ints) -> Callable[[int], str]:
        return lambda day: formats.dollars(int(cents[day]))

    numbers = table(
        _("Capital flows by day: {place}", place=place),
        range(len(mine[0].out)),
        (_("Day"), lambda day: formats.day(midnight + timedelta(days=day))),
        *(
            (_(head, arrangement=one.arrangement.title), dollars(cents))
            for one in mine
            for head, cents in zip(_COLUMNS, (one.into, one.out, one.position), strict=True)
        ),
        folded=True,
    )
    figure = chart(
        key,
        "",
        numbers,
        lambda: figures.flows(mine, midnight),
        shows=_(
            "What came in (up) and went out (down) over the border of {place} by day of its own clock, when it was "
            "credited, in each arrangement; below, the position: what came in less what went out since the start.",
            place=place,
        ),
        hides=_("Which currency it was in, and visitors' wallets. Payments still on their way."),
        alt=_("Bars by day, and a line of the position. {list}", list=" ".join(items)),
    )
    return [Paragraph(_("Capital flows of {place}. {list}", place=place, list=" ".join(items))), *figure]


def _quota(mine: Sequence[tuple[Arrangement, Entries]], key: str) -> list[Block]:
    """How much of the annual quota people of one jurisdiction have used; drawn for the first arrangement."""
    drawn, first = mine[0]
    place = place_name(first.text("jurisdiction"))
    shown = [one for arrangement, one in mine if arrangement is drawn]
    edges = [band.number("from_share") or 0.0 for band in first.rows("bands")]
    bands = [_band(least, below) for least, below in pairwise([*edges, 1.0])]
    sides = [(_side(one), [band.amount("people") for band in one.rows("bands")]) for one in shown]
    told = []
    for one in shown:
        mean, most, near = one.number("used_share_mean"), one.number("used_share_max"), one.rows("bands")[-1]
        told.append(
            _(
                _QUOTAS[one.text("side")],
                place=place,
                people=one.shown("people"),
                left=formats.share(None if mean is None else 1 - mean),
                least=formats.share(None if most is None else 1 - most),
                near=near.shown("people") if near.whole("people") else _("nobody"),
            )
        )
    head = [_("{arrangement}: {side}", arrangement=arrangement.title, side=_side(one)) for arrangement, one in mine]
    lines = [
        (band, *(formats.count(one.rows("bands")[row].amount("people")) for __, one in mine))
        for row, band in enumerate(bands)
    ]
    lines.append((_("Used, mean"), *(one.cell("used_share_mean") for __, one in mine)))
    lines.append((_("Used, the most by one person"), *(one.cell("used_share_max") for __, one in mine)))
    numbers = Table(_("Annual quota used: {place}", place=place), (_("Used of the quota"), *head), tuple(lines))
    figure = chart(
        key,
        "",
        numbers,
        lambda: figures.quota(bands, sides),
        shows=_(
            "People by how much of the quota of the calendar year was used by what was credited, over the "
            "{arrangement}. The other arrangement is in the table.",
            arrangement=drawn.title,
        ),
        hides=_(
            "What people used before the run began, and in other arrangements: a short run leaves most of a year's "
            "quota unused."
        ),
        alt=_("Bars by share used. {list}", list=" ".join(told)),
    )
    return [Paragraph(" ".join(told)), *figure]


def _side(quota: Entries) -> str:
    return _(_SIDES[quota.text("side")])


def _band(least: float, below: float) -> str:
    if not least:
        return _("below {below}", below=formats.percent(below))
    return _("{least} to {below}", least=formats.percent(least), below=formats.percent(below))
