"""Figures of what is at risk in every run."""

from __future__ import annotations

from reports import formats
from reports.blocks import chart, only_some, table
from reports.document import Block
from reports.figures import risk
from reports.figures.labels import Labels
from reports.reading import Entries
from reports.sections.context import STATIONS_AT_MOST, Context
from sandbox.language import _
from sandbox.metric import threshold


def liquidity(context: Context) -> list[Block]:
    """Each operator's e-CNY against its target."""
    found = [one for one in context.rows("risk.liquidity.by_institution") if one.whole("target_fen")]
    order = sorted(found, key=lambda one: one.ratio("lowest_fen", "target_fen") or 0.0)
    if not order:
        return []
    shown = order[:STATIONS_AT_MOST]
    labels = Labels(one.text("institution") for one in shown)
    line = threshold("risk.liquidity.lowest_share_of_target").watch
    numbers = table(
        _("Operators' e-CNY against their targets"),
        order,
        (_("Institution"), "institution"),
        (_("Opening, yuan"), "opening_fen"),
        (_("Lowest, yuan"), "lowest_fen"),
        (_("Closing, yuan"), "closing_fen"),
        (_("Target, yuan"), "target_fen"),
        (_("Lowest of target"), _lowest),
        folded=True,
    )
    items = (_("{name} {value}", name=one.text("institution"), value=_lowest(one)) for one in shown)
    return chart(
        "liquidity",
        "",
        numbers,
        lambda: risk.liquidity(shown, labels, line),
        shows=_(
            "For each operator its opening, closing and lowest holding of e-CNY as a share of its target; the dashed "
            "line is at {line}.",
            line=formats.percent(line),
        ),
        cut=only_some(shown, order, "The {shown} with the lowest share of {all} operators."),
        hides=_("How long it stood low, and what the bank behind it could raise elsewhere."),
        alt=_("By operator; lowest: {list}.", list=formats.series(items)),
        labels=[labels],
    )


def _lowest(one: Entries) -> str:
    return formats.share(one.ratio("lowest_fen", "target_fen"))


def shares(context: Context) -> list[Block]:
    """Each institution's share of the settled value."""
    banks = [one for one in context.rows("stations") if one.get("kind") == "institution"]
    total = sum(one.amount("settled_fen_out") for one in banks)
    if not total:
        return []

    def share(one: Entries) -> float:
        return one.amount("settled_fen_out") / total

    order = sorted(banks, key=lambda one: (-one.amount("settled_fen_out"), one.text("station")))
    shown = [(one.text("station"), share(one)) for one in order[:STATIONS_AT_MOST]]
    labels = Labels(name for name, __ in shown)
    numbers = table(
        _("Settled value by the payer's institution"),
        order,
        (_("Institution"), "station"),
        (_("Paid, yuan"), "settled_fen_out"),
        (_("Received, yuan"), "settled_fen_in"),
        (_("Share"), lambda one: formats.share(share(one))),
        folded=True,
    )
    items = (_("{name} {value}", name=name, value=formats.share(part)) for name, part in shown)
    return chart(
        "concentration",
        "",
        numbers,
        lambda: risk.shares(shown, labels),
        shows=_("The share of all settled value that left each institution's wallets, ranked."),
        cut=only_some(shown, order, "The {shown} largest of {all} institutions."),
        hides=_(
            "Shares of wallets are an input (see the parameters), so this mostly shows what was put in, moved by "
            "limits and faults."
        ),
        alt=_("Bars: {list}.", list=formats.series(items)),
        labels=[labels],
    )
