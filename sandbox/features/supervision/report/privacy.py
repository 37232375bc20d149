"""Privacy as a quantity: who sees what, and what anonymity costs detection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Section, Table
from reports.sections.context import Context
from reports.view.values import number, part, whole
from sandbox.features.supervision.report import figures
from sandbox.features.supervision.report.names import VIEWERS, WAYS
from sandbox.features.supervision.report.view import Point, frontier, viewers
from sandbox.language import N_, _, named

_SHARES: Final = ("unattributable_share", "unattributable_value_share")


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run says what is seen."""
    found = part(context.run.get("risk.privacy"))
    if number(found.get("unattributable_share")) is None:
        return ()
    blocks = [*_reading(found), *_viewers(context), *_frontier(context), *_counts(context)]
    return (Section("privacy", _("Privacy and what it costs"), tuple(blocks)),)


def _reading(found: Mapping[str, Any]) -> list[Block]:
    hidden, value = (formats.share(number(found.get(name))) for name in _SHARES)
    unlinked = number(found.get("unlinkable_share"))
    linked = (
        _("Of {share} nobody can even tell which others came from the same wallet.", share=formats.share(unlinked))
        if unlinked
        else _("All payments of one wallet can be told to belong together, under a pseudonym, by somebody.")
    )
    return [
        Paragraph(
            _(
                "Of {share} of the settled payments ({value} of the value) no operator and no authority can say "
                "who paid. {linked}",
                share=hidden,
                value=value,
                linked=linked,
            )
        )
    ]


def _viewers(context: Context) -> list[Block]:
    found = viewers(context.run)
    if not found:
        return []
    listed = tuple((named(VIEWERS, name), *map(formats.share, shares)) for name, shares in found)
    items = (_("{name} {value}", name=name, value=known) for name, known, *__ in listed)
    head = (
        _("Viewer"),
        *(
            _("named"),
            _("a pseudonym"),
            _("nothing"),
        ),
    )
    chart = Chart(
        key="viewers",
        title=_("What each viewer knows of who paid"),
        shows=_(
            "Of all settled payments: whose payer the viewer can name, tell apart under a pseudonym, or not "
            "tell at all."
        ),
        hides=_(
            "What they see is set by the wallet's class and the amount (see the parameters). What somebody "
            "could put together from several sources."
        ),
        alt=_("By viewer, named: {list}.", list=formats.series(items)),
        table=Table(_("What each viewer knows of who paid"), head, listed),
        draw=lambda: figures.viewers(found),
    )
    return [Heading("viewers", _("Who sees what")), chart]


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
    chart = Chart(
        key="frontier",
        title=_("Payments nobody can attribute, and crime found"),
        shows=_(
            "A point for each threshold below which payments of persons are anonymous to all. Right is more "
            "privacy, up is more crime found. {counts}",
            counts=counted,
        ).strip(),
        hides=_("Crime that would adapt to the threshold, and what people would do with more privacy."),
        alt=_("From the least anonymous on: {list}.", list=formats.series(items)),
        table=_table(points),
        draw=lambda: figures.frontier(points),
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
            _(
                "From {least} of payments that nobody can attribute to {most}, the criminal payments found go "
                "from {first} to {last}; of the criminal value {first_value} and {last_value} are found.",
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
                named(WAYS, one.way),
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
    head = (
        _("Way"),
        _("Below, yuan"),
        _("Nobody can attribute"),
        _("of the value"),
        _("Alerts"),
        _("Precision"),
        _("Crime found"),
        _("of its value"),
        _("Could be stopped, yuan"),
    )
    return Table(
        _("Payments nobody can attribute, and crime found"),
        head,
        tuple(listed),
        note=_(
            "Precision: of alerts those that are right; of counts with noise, the share of criminal payments "
            "in counts that stood out. Could be stopped: what accounts paid criminally after the first alert "
            "about them."
        ),
    )


def _counts(context: Context) -> list[Block]:
    found = part(context.run.get("risk.privacy.aggregates"))
    if not found:
        return []
    heading = Heading("counts", _("The third way: counts with noise"))
    epsilon, error = number(found.get("epsilon")), number(found.get("error_share"))
    flagged = whole(found.get("flagged"))
    text = _(
        N_(
            "Usable but not visible: operators pass on only how many payments their customers made in each "
            "period, with noise that hides any single payment (differential privacy, epsilon {epsilon}). The "
            "noise was {error} of the counts. {flagged} counts stood out; in them lie {recall} of the "
            "criminal payments, and {precision} of the payments in them are criminal. Such a count says when "
            "and where to look and never who: it stands at the right edge, and is no recall in the sense of "
            "the other points."
        )
        if flagged
        else N_(
            "Usable but not visible: operators pass on only how many payments their customers made in each "
            "period, with noise that hides any single payment (differential privacy, epsilon {epsilon}). The "
            "noise was {error} of the counts, and no count stood out, so that nothing would have been looked "
            "at."
        ),
        epsilon=formats.decimal(epsilon),
        error=formats.share(error),
        flagged=formats.count(flagged),
        recall=formats.share(number(found.get("recall"))),
        precision=formats.share(number(found.get("payment_precision"))),
    )
    return [heading, Paragraph(text)]
