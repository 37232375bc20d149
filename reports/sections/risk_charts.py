"""Figures of what is at risk in every run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports import formats
from reports.document import Block, Chart, Table
from reports.figures import risk
from reports.figures.labels import Labels
from reports.sections.context import STATIONS_AT_MOST, Context, explained
from sandbox.language import _
from sandbox.metric import threshold


def liquidity(context: Context) -> list[Block]:
    """Each operator's e-CNY against its target."""
    found: list[Mapping[str, Any]] = context.run.get("risk.liquidity.by_institution") or []
    order = sorted((row for row in found if row.get("target_fen")), key=_lowest)
    if not order:
        return []
    shown = order[:STATIONS_AT_MOST]
    labels = Labels(str(row.get("institution")) for row in shown)
    line = threshold("risk.liquidity.lowest_share_of_target").watch
    rows = tuple(
        (
            str(row.get("institution")),
            *(formats.yuan(row.get(f"{part}_fen")) for part in ("opening", "lowest", "closing", "target")),
            formats.share(_lowest(row)),
        )
        for row in order
    )
    head = (
        _("Institution"),
        _("Opening, yuan"),
        _("Lowest, yuan"),
        _("Closing, yuan"),
        _("Target, yuan"),
        _("Lowest of target"),
    )
    items = (_("{name} {value}", name=row.get("institution"), value=formats.share(_lowest(row))) for row in shown)
    cut = (
        _("The {shown} with the lowest share of {all} operators.", shown=len(shown), all=len(order))
        if len(shown) < len(order)
        else ""
    )
    return [
        Chart(
            key="liquidity",
            title=_("Operators' e-CNY against their targets"),
            shows=_(
                "For each operator its opening, closing and lowest holding of e-CNY as a share of its target; "
                "the dashed line is at {line}. {cut}",
                line=formats.percent(line),
                cut=cut,
            ).strip(),
            hides=_("How long it stood low, and what the bank behind it could raise elsewhere."),
            alt=_("By operator; lowest: {list}.", list=formats.series(items)),
            table=Table(_("Operators' e-CNY against their targets"), head, rows, folded=True),
            draw=lambda: risk.liquidity(shown, labels, line),
            names=explained(labels),
        )
    ]


def _lowest(row: Mapping[str, Any]) -> float:
    return int(row.get("lowest_fen") or 0) / int(row["target_fen"])


def shares(context: Context) -> list[Block]:
    """Each institution's share of the settled value."""
    found: list[Mapping[str, Any]] = context.run.get("stations") or []
    banks = [row for row in found if row.get("kind") == "institution"]
    total = sum(int(row.get("settled_fen_out") or 0) for row in banks)
    if not total:
        return []
    order = sorted(banks, key=lambda row: (-int(row.get("settled_fen_out") or 0), str(row.get("station"))))
    shown = [
        (str(row.get("station")), int(row.get("settled_fen_out") or 0) / total) for row in order[:STATIONS_AT_MOST]
    ]
    labels = Labels(name for name, __ in shown)
    rows = tuple(
        (
            str(row.get("station")),
            formats.yuan(row.get("settled_fen_out")),
            formats.yuan(row.get("settled_fen_in")),
            formats.share(int(row.get("settled_fen_out") or 0) / total),
        )
        for row in order
    )
    head = (_("Institution"), _("Paid, yuan"), _("Received, yuan"), _("Share"))
    items = (_("{name} {value}", name=name, value=formats.share(share)) for name, share in shown)
    cut = (
        _("The {shown} largest of {all} institutions.", shown=len(shown), all=len(order))
        if len(shown) < len(order)
        else ""
    )
    return [
        Chart(
            key="concentration",
            title=_("Settled value by the payer's institution"),
            shows=_(
                "The share of all settled value that left each institution's wallets, ranked. {cut}", cut=cut
            ).strip(),
            hides=_(
                "Shares of wallets are an input (see the parameters), so this mostly shows what was put in, "
                "moved by limits and faults."
            ),
            alt=_("Bars: {list}.", list=formats.series(items)),
            table=Table(_("Settled value by the payer's institution"), head, rows, folded=True),
            draw=lambda: risk.shares(shown, labels),
            names=explained(labels),
        )
    ]
