"""The steady state of a run that asks for one: what was left out of its beginning, and means with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reports import formats
from reports.blocks import table
from reports.document import Block, Heading, Paragraph
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.language import N_, _
from sandbox.metric import FEN, unit_of

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
    found = context.section("steady_state")
    if not isinstance(found.get("numbers"), Mapping):
        return []
    by = "scenario" if found.get("cut_by") == "scenario" else "mser5" if found.whole("cut_us") else "none"
    heading = Heading("steady", _("In the long run"))
    words = Paragraph(_(_CUT[by], cut=found.duration("cut_us"), share=found.shown("cut_share")))
    numbers = table(
        _("Means of the steady state, a bin of {bin} each", bin=found.duration("bin_us")),
        found.section("numbers").content,
        (_("Number"), lambda name: _(_NUMBERS[name])),
        (_("Mean"), lambda name: _shown(found, f"numbers.{name}.mean")),
        (_("Interval"), lambda name: _interval(found, f"numbers.{name}")),
        (_("To be trusted"), lambda name: _(N_("yes") if found.get(f"numbers.{name}.trusted") else N_("no"))),
        note=_("Intervals at 95 % by batch means. Where successive batches look alike, the interval is too narrow."),
    )
    if not numbers.rows:
        return [heading, words, Paragraph(_too_short(found))]
    if found.get("reached"):
        return [heading, words, numbers]
    never = Paragraph(_("The run never settles, or is too short to tell: do not trust these means."))
    return [heading, words, never, numbers]


def sentence(context: Context) -> str | None:
    """The number of payments in flight in the long run, for the first screen; None if the scenario asks for none."""
    found = context.section("steady_state")
    if not isinstance(found.get("numbers"), Mapping):
        return None
    if not found.section("numbers"):
        return _too_short(found)
    one = found.section("numbers.in_flight")
    message = (
        N_("In the long run {mean} payments are in flight on average (95 % interval: {interval}).")
        if one.flag("trusted")
        else N_("In the long run {mean} payments are in flight on average ({interval}, an interval not to be trusted).")
    )
    return _(message, mean=one.shown("mean"), interval=_interval(found, "numbers.in_flight")) if one else None


def _too_short(found: Entries) -> str:
    left = found.amount("bins") - found.amount("cut_us") // max(1, found.amount("bin_us"))
    return _(
        "Nothing is left to measure: {left} bins after the warm-up, too few for an interval. Run for longer, or take "
        "shorter bins.",
        left=formats.count(left),
    )


def _interval(found: Entries, path: str) -> str:
    return _("{low} to {high}", low=_shown(found, f"{path}.low"), high=_shown(found, f"{path}.high"))


def _shown(found: Entries, path: str) -> str:
    """As in any table, but a mean of money is rounded."""
    value = found.number(path)
    if value is None or unit_of(found.pattern(path)) != FEN:
        return found.cell(path)
    return formats.yuan(round(value))
