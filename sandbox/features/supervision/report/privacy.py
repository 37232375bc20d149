"""Privacy as a quantity: who sees what, and what anonymity costs detection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Section, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.values import number, part, whole
from sandbox.features.supervision.report.view import Point, frontier, viewers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHARES: Final = ("unattributable_share", "unattributable_value_share")


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run says what is seen."""
    found = part(context.run.get("risk.privacy"))
    if number(found.get("unattributable_share")) is None:
        return ()
    blocks = [*_reading(found), *_viewers(context), *_frontier(context), *_counts(context)]
    return (Section("privacy", say("privacy.title"), tuple(blocks)),)


def _reading(found: Mapping[str, Any]) -> list[Block]:
    hidden, value = (formats.share(number(found.get(name))) for name in _SHARES)
    unlinked = number(found.get("unlinkable_share"))
    linked = say("privacy.unlinked", share=formats.share(unlinked)) if unlinked else say("privacy.linked")
    return [Paragraph(say("privacy.reading", share=hidden, value=value, linked=linked))]


def _viewers(context: Context) -> list[Block]:
    found = viewers(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from sandbox.features.supervision.report.figures import viewers as draw_viewers

        return draw_viewers(found)

    listed = tuple((known("viewer", name), *map(formats.share, shares)) for name, shares in found)
    items = (say("fig.item", name=name, value=named) for name, named, *_ in listed)
    head = (say("col.viewer"), *(say(f"fig.{name}") for name in ("named", "pseudonym", "unseen")))
    chart = Chart(
        key="viewers",
        title=say("viewers.title"),
        shows=say("viewers.shows"),
        hides=say("viewers.hides"),
        alt=say("viewers.alt", list="; ".join(items)),
        table=Table(say("viewers.title"), head, listed),
        draw=draw,
    )
    return [Heading("viewers", say("viewers.heading")), chart]


def _frontier(context: Context) -> list[Block]:
    points = frontier(context.run)
    if not points:
        return []
    heading = Heading("frontier", say("frontier.heading"))
    views = [one for one in points if one.way == "view"]
    if len(points) < 2:
        return [heading, Paragraph(say("frontier.one"))]
    counted = say("frontier.counts") if len(views) < len(points) else ""

    def draw() -> Figure:
        from sandbox.features.supervision.report.figures import frontier as draw_frontier

        return draw_frontier(points)

    items = (
        say("frontier.alt_one", hidden=formats.share(one.hidden), recall=formats.share(one.recall)) for one in points
    )
    chart = Chart(
        key="frontier",
        title=say("frontier.title"),
        shows=say("frontier.shows", counts=counted).strip(),
        hides=say("frontier.hides"),
        alt=say("frontier.alt", list="; ".join(items)),
        table=_table(points),
        draw=draw,
    )
    texts = [say("frontier.intro")] if len(views) > 1 else []
    return [heading, *map(Paragraph, texts), *_cost(views), chart]


def _cost(views: Sequence[Point]) -> list[Block]:
    if len(views) < 2:
        return []
    first, last = views[0], views[-1]
    values = {
        name: formats.share(number(one.row.get("value_recall")))
        for name, one in (("first_value", first), ("last_value", last))
    }
    return [
        Paragraph(
            say(
                "frontier.reading",
                least=formats.share(first.hidden),
                most=formats.share(last.hidden),
                first=formats.share(first.recall),
                last=formats.share(last.recall),
                **values,
            )
        )
    ]


def _table(points: Sequence[Point]) -> Table:
    listed = []
    for one in points:
        row, view = one.row, one.way == "view"
        precision = row.get("precision") if view else row.get("payment_precision")
        listed.append(
            (
                known("way", one.way),
                formats.yuan(one.below_fen) if view else formats.NOTHING,
                formats.share(one.hidden),
                formats.share(number(row.get("unattributable_value_share"))),
                formats.count(whole(row.get("alerts"))),
                formats.share(number(precision)),
                formats.share(one.recall),
                formats.share(number(row.get("value_recall"))),
                formats.yuan(whole(row.get("stoppable_fen"))),
            )
        )
    heads = (
        "way", "below", "hidden", "hidden_value", "alerts", "precision", "recall", "recall_value", "stoppable",
    )  # fmt: skip
    head = tuple(say(f"col.{name}") for name in heads)
    return Table(say("frontier.title"), head, tuple(listed), note=say("frontier.note"))


def _counts(context: Context) -> list[Block]:
    found = part(context.run.get("risk.privacy.aggregates"))
    if not found:
        return []
    heading = Heading("counts", say("counts.title"))
    epsilon, error = number(found.get("epsilon")), number(found.get("error_share"))
    flagged = whole(found.get("flagged"))
    text = say(
        "counts.reading" if flagged else "counts.reading_none",
        epsilon=formats.decimal(epsilon),
        error=formats.share(error),
        flagged=formats.count(flagged),
        recall=formats.share(number(found.get("recall"))),
        precision=formats.share(number(found.get("payment_precision"))),
    )
    return [heading, Paragraph(text)]
