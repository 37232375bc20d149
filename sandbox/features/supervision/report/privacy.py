"""Privacy as a quantity: who sees what, and what anonymity costs detection."""

from __future__ import annotations

from collections.abc import Sequence

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Heading, Paragraph, Section, Table
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.supervision.report import figures
from sandbox.features.supervision.report.names import VIEWERS, WAYS
from sandbox.features.supervision.report.view import Point, frontier, viewers
from sandbox.language import N_, _, named


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run says what is seen."""
    found = context.section("risk.privacy")
    if found.number("unattributable_share") is None:
        return ()
    blocks = [
        Paragraph(_reading(found)),
        *_viewers(context),
        *_frontier(context),
        *_counts(found.section("aggregates")),
    ]
    return (Section("privacy", _("Privacy and what it costs"), tuple(blocks)),)


def _reading(found: Entries) -> str:
    linked = (
        found.says("Of {unlinkable_share} nobody can even tell which others came from the same wallet.")
        if found.number("unlinkable_share")
        else _("All payments of one wallet can be told to belong together, under a pseudonym, by somebody.")
    )  # fmt: skip
    return found.says(
        "Of {unattributable_share} of the settled payments ({unattributable_value_share} of the value) no operator and "
        "no authority can say who paid. {linked}",
        linked=linked,
    )


def _viewers(context: Context) -> list[Block]:
    found = viewers(context.run)
    if not found:
        return []
    numbers = table(
        _("What each viewer knows of who paid"),
        found,
        (_("Viewer"), lambda one: named(VIEWERS, one[0])),
        (_("named"), lambda one: formats.share(one[1][0])),
        (_("a pseudonym"), lambda one: formats.share(one[1][1])),
        (_("nothing"), lambda one: formats.share(one[1][2])),
    )
    items = (_("{name} {value}", name=name, value=known) for name, known, *__ in numbers.rows)
    return chart(
        "viewers",
        _("Who sees what"),
        numbers,
        lambda: figures.viewers(found),
        shows=_(
            "Of all settled payments: whose payer the viewer can name, tell apart under a pseudonym, or not tell at "
            "all."
        ),
        hides=_(
            "What they see is set by the wallet's class and the amount (see the parameters). What somebody could put "
            "together from several sources."
        ),
        alt=_("By viewer, named: {list}.", list=formats.series(items)),
    )


def _frontier(context: Context) -> list[Block]:
    points = frontier(context.run)
    if not points:
        return []
    heading = Heading("frontier", _("Anonymity against detection"))
    views = [one for one in points if one.way == "view"]
    if len(points) < 2:
        return [
            heading,
            Paragraph(_("Only one pair of eyes watched this run, so there is nothing to compare it with.")),
        ]
    counted = _("The triangle is another way, counts with noise; see below.") if len(views) < len(points) else ""
    items = (
        _("{hidden} hidden, {recall} found", hidden=formats.share(one.hidden), recall=formats.share(one.recall))
        for one in points
    )
    figure = chart(
        "frontier",
        "",
        _table(points),
        lambda: figures.frontier(points),
        shows=_(
            "A point for each threshold below which payments of persons are anonymous to all. Right is more privacy, "
            "up is more crime found. {counts}",
            counts=counted,
        ).strip(),
        hides=_("Crime that would adapt to the threshold, and what people would do with more privacy."),
        alt=_("From the least anonymous on: {list}.", list=formats.series(items)),
    )
    texts = (
        [
            _(
                "The same run was watched again by eyes that see less: payments of persons below a threshold are "
                "nobody's to them. The rules are the same, so what is lost is the price of anonymity."
            )
        ]
        if len(views) > 1
        else []
    )
    return [heading, *map(Paragraph, texts), *_cost(views), *figure]


def _cost(views: Sequence[Point]) -> list[Block]:
    if len(views) < 2:
        return []
    first, last = views[0], views[-1]
    return [
        Paragraph(
            first.row.says(
                "From {least} of payments that nobody can attribute to {most}, the criminal payments found go from "
                "{first} to {last}; of the criminal value {value_recall} and {last_value} are found.",
                last_value=last.row.shown("value_recall"),
                least=formats.share(first.hidden),
                most=formats.share(last.hidden),
                first=formats.share(first.recall),
                last=formats.share(last.recall),
            )
        )
    ]


def _table(points: Sequence[Point]) -> Table:
    return table(
        _("Payments nobody can attribute, and crime found"),
        points,
        (_("Way"), lambda one: named(WAYS, one.way)),
        (_("Below, yuan"), lambda one: formats.yuan(one.below_fen) if one.way == "view" else formats.NOTHING),
        (_("Nobody can attribute"), lambda one: formats.share(one.hidden)),
        (_("of the value"), lambda one: one.row.cell("unattributable_value_share")),
        (_("Alerts"), lambda one: one.row.cell("alerts")),
        (_("Precision"), lambda one: one.row.cell("precision" if one.way == "view" else "payment_precision")),
        (_("Crime found"), lambda one: formats.share(one.recall)),
        (_("of its value"), lambda one: one.row.cell("value_recall")),
        (_("Could be stopped, yuan"), lambda one: one.row.cell("stoppable_fen")),
        note=_(
            "Precision: of alerts those that are right; of counts with noise, the share of criminal payments in counts "
            "that stood out. Could be stopped: what accounts paid criminally after the first alert about them."
        ),
    )


def _counts(found: Entries) -> list[Block]:
    if not found:
        return []
    heading = Heading("counts", _("The third way: counts with noise"))
    text = found.says(
        N_(
            "Usable but not visible: operators pass on only how many payments their customers made in each period, "
            "with noise that hides any single payment (differential privacy, epsilon {epsilon}). The noise was "
            "{error_share} of the counts. {flagged} counts stood out; in them lie {recall} of the criminal payments, "
            "and {payment_precision} of the payments in them are criminal. Such a count says when and where to look "
            "and never who: it stands at the right edge, and is no recall in the sense of the other points."
        )
        if found.whole("flagged")
        else N_(
            "Usable but not visible: operators pass on only how many payments their customers made in each period, "
            "with noise that hides any single payment (differential privacy, epsilon {epsilon}). The noise was "
            "{error_share} of the counts, and no count stood out, so that nothing would have been looked at."
        )
    )
    return [heading, Paragraph(text)]
