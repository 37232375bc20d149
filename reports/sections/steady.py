"""The steady state of a run that asks for one: what was left out of its beginning, and means with intervals."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.amounts import shown
from reports.document import Block, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.view.values import number
from sandbox.language import N_, _
from sandbox.metric import unit_of

_CUT: Final = {
    "mser5": N_("Left out as the warm-up, by MSER-5 of the payments in flight: the first {cut} ({share})."),
    "none": N_("By MSER-5 of the payments in flight there is no warm-up to leave out."),
    "scenario": N_("Left out as the warm-up, as the scenario says: the first {cut} ({share})."),
}
_NUMBERS: Final = {
    "in_flight": N_("Payments in flight"),
    "submitted": N_("Payments offered"),
    "settled": N_("Payments settled"),
    "settled_fen": N_("Value settled (yuan)"),
    "gateway_queue_mean": N_("Waiting at gateways"),
    "ledger_queue_mean": N_("Waiting at the ledger"),
    "gateway_utilisation_max": N_("Use of the busiest gateway"),
    "ledger_utilisation": N_("Use of the ledger"),
}


def blocks(context: Context) -> list[Block]:
    """Nothing if the scenario asks for no steady state."""
    found = context.run.summary.get("steady_state")
    if not isinstance(found, dict) or not isinstance(found.get("numbers"), dict):
        return []
    cut = {"cut": formats.duration(int(found.get("cut_us", 0))), "share": formats.share(number(found.get("cut_share")))}
    reached = bool(found.get("reached"))
    by = "scenario" if found.get("cut_by") == "scenario" else "mser5" if found.get("cut_us") else "none"
    words = _(_CUT[by], **cut)
    rows = tuple(
        (
            _(_NUMBERS[name]),
            _shown(name, one, "mean"),
            _("{low} to {high}", low=_shown(name, one, "low"), high=_shown(name, one, "high")),
            _(N_("yes") if one.get("trusted") else N_("no")),
        )
        for name, one in found["numbers"].items()
    )
    if not rows:
        left = int(found.get("bins", 0)) - int(found.get("cut_us", 0)) // max(1, int(found.get("bin_us", 0)))
        short = _(
            "Nothing is left to measure: {left} bins after the warm-up, too few for an interval. Run for "
            "longer, or take shorter bins.",
            left=formats.count(left),
        )
        return [Heading("steady", _("In the long run")), Paragraph(words), Paragraph(short)]
    table = Table(
        _("Means of the steady state, a bin of {bin} each", bin=formats.duration(int(found.get("bin_us", 0)))),
        (_("Number"), _("Mean"), _("Interval"), _("To be trusted")),
        rows,
        note=_("Intervals at 95 % by batch means. Where successive batches look alike, the interval is too narrow."),
    )
    told = (
        [Paragraph(words)]
        if reached
        else [
            Paragraph(words),
            Paragraph(_("The run never settles, or is too short to tell: do not trust these means.")),
        ]
    )
    return [Heading("steady", _("In the long run")), *told, table]


def _shown(name: str, one: dict[str, object], end: str) -> str:
    path, value = f"steady_state.numbers.{name}.{end}", number(one.get(end))
    return shown(path, value) if value is None or unit_of(path) != "fen" else formats.yuan(round(value))
