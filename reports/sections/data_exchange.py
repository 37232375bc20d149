"""Data for money: how long a trade takes until both ledgers hold its invoice, and how trades ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view import data_exchange
from reports.view.values import part, rows, whole, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BASE = "data_exchange"


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a data exchange."""
    if not part(context.run.get(_BASE)):
        return ()
    counts = {
        name: formats.count(context.whole(f"{_BASE}.{name}")) for name in ("invoices", "anchored", "anchors", "entries")
    }
    said = [say("data.anchors", **counts)]
    if context.whole(f"{_BASE}.disputed"):
        said.insert(0, say("data.disputed", disputed=formats.count(context.whole(f"{_BASE}.disputed"))))
    blocks: list[Block] = [Paragraph(headline(context) or ""), Paragraph(" ".join(said)), Paragraph(say("data.check"))]
    blocks += [*_times(context), *_endings(context)]
    return (Section("data-exchange", say("data.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was ordered, paid and returned, in two sentences."""
    trades = context.whole(f"{_BASE}.trades")
    if trades is None:
        return None
    states = {words(row.get("state")): whole(row.get("trades")) for row in rows(context.run.get(f"{_BASE}.states"))}
    posted = states.get("posted")
    sums = {name: formats.money(context.whole(f"{_BASE}.{name}_fen")) for name in ("ordered", "paid", "people")}
    returned = formats.money(context.whole(f"{_BASE}.returned_fen"))
    return say("data.head", trades=formats.count(trades), posted=formats.count(posted), returned=returned, **sums)


def _times(context: Context) -> list[Block]:
    found = data_exchange.steps(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from reports.figures.data_exchange import times

        return times(found)

    names = [known("data_step", one.name) for one in found]
    lines = tuple(
        (name, formats.count(one.trades), formats.duration(one.p50_us), formats.duration(one.p95_us))
        for name, one in zip(names, found, strict=True)
    )
    items = (
        say("data.times_item", name=name, middle=formats.duration(one.p50_us))
        for name, one in zip(names, found, strict=True)
    )
    head = tuple(say(f"col.{name}") for name in ("step", "reached", "half", "most"))
    chart = Chart(
        key="data-times",
        title=say("data.times_title"),
        shows=say("data.times_shows"),
        hides=say("data.times_hides"),
        alt=say("data.times_alt", list="; ".join(items)),
        table=Table(say("data.times_title"), head, lines),
        draw=draw,
    )
    return [Heading("data-times", say("data.times_heading")), chart]


def _endings(context: Context) -> list[Block]:
    found = data_exchange.products(context.run)
    if not found:
        return []
    labels = Labels(one.name for one in found)

    def draw() -> Figure:
        from reports.figures.data_exchange import endings

        return endings(found, labels)

    states = [state for state in data_exchange.STATES if any(one.states[state] for one in found)]
    head = (
        *(say(f"col.{name}") for name in ("product", "kind_of_sale", "orders")),
        *(known("data_state", state) for state in states),
        *(say(f"col.{name}") for name in ("units", "paid", "people_share")),
    )
    lines = tuple(
        (
            one.name,
            known("data_kind", one.kind),
            formats.count(one.trades),
            *(formats.count(one.states[state]) for state in states),
            formats.count(one.units),
            formats.yuan(one.paid_fen),
            formats.yuan(one.people_fen),
        )
        for one in found
    )
    items = (
        say(
            "data.ends_item",
            name=one.name,
            trades=formats.count(one.trades),
            posted=formats.count(one.states["posted"]),
        )
        for one in found
    )
    chart = Chart(
        key="data-endings",
        title=say("data.ends_title"),
        shows=say("data.ends_shows"),
        hides=say("data.ends_hides"),
        alt=say("data.ends_alt", list="; ".join(items)),
        table=Table(say("data.ends_title"), head, lines, text_columns=2),
        draw=draw,
        names=explained(labels),
    )
    return [Heading("data-endings", say("data.ends_heading")), chart]
