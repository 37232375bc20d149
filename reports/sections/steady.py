"""The steady state of a run that asks for one: what was left out of its beginning, and means with intervals."""

from __future__ import annotations

from reports import formats
from reports.document import Block, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.text import say
from reports.view.values import number


def blocks(context: Context) -> list[Block]:
    """Nothing if the scenario asks for no steady state."""
    found = context.run.summary.get("steady_state")
    if not isinstance(found, dict) or not isinstance(found.get("numbers"), dict):
        return []
    cut = {"cut": formats.duration(int(found.get("cut_us", 0))), "share": formats.share(number(found.get("cut_share")))}
    reached = bool(found.get("reached"))
    by = "scenario" if found.get("cut_by") == "scenario" else "mser5" if found.get("cut_us") else "none"
    words = say(f"steady.cut_{by}", **cut)
    rows = tuple(
        (
            say(f"steady.{name}"),
            _shown(name, one, "mean"),
            say("steady.interval", low=_shown(name, one, "low"), high=_shown(name, one, "high")),
            say("steady.yes" if one.get("trusted") else "steady.no"),
        )
        for name, one in found["numbers"].items()
    )
    if not rows:
        left = int(found.get("bins", 0)) - int(found.get("cut_us", 0)) // max(1, int(found.get("bin_us", 0)))
        short = say("steady.short", left=formats.count(left))
        return [Heading("steady", say("steady.heading")), Paragraph(words), Paragraph(short)]
    table = Table(
        say("steady.table", bin=formats.duration(int(found.get("bin_us", 0)))),
        (say("steady.number"), say("steady.mean"), say("steady.interval_head"), say("steady.trusted")),
        rows,
        note=say("steady.note"),
    )
    told = [Paragraph(words)] if reached else [Paragraph(words), Paragraph(say("steady.not_reached"))]
    return [Heading("steady", say("steady.heading")), *told, table]


def _shown(name: str, one: dict[str, object], end: str) -> str:
    value = number(one.get(end))
    if value is None:
        return formats.decimal(None)
    if name.endswith("_fen"):
        return formats.yuan(round(value))
    return formats.share(value) if "utilisation" in name else formats.decimal(value)
