"""Analysts at work: how long alerts waited, what was reported, who was frozen."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Heading, Paragraph
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.supervision.report import figures
from sandbox.features.supervision.report.view import backlog
from sandbox.language import _

_ROWS: Final = 24


def cases(context: Context) -> list[Block]:
    """Reading and figure, if there are analysts."""
    found = context.section("cases")
    if not found:
        return []
    heading = Heading("cases", _("The analysts' desk"))
    return [heading, Paragraph(_work(found)), Paragraph(_freezes(found)), *_chart(context)]


def _work(found: Entries) -> str:
    if not found.whole("triaged"):
        return found.says("{analysts} analysts looked at none of {alerts} alerts. {backlog} were waiting at the end.")
    said = [
        found.says(
            "{analysts} analysts looked at {triaged} of {alerts} alerts and reported {reported} of them. An alert they "
            "came to had waited {wait_us_mean} on average, one in twenty more than {wait_us_p95}. When the run ended "
            "{backlog} were waiting and {in_triage} in work."
        )
    ]
    if found.number("analyst_utilisation") is not None:
        said.append(found.says("The analysts were busy {analyst_utilisation} of their working time."))
    # What waits at the end is more than what was looked at in the time that one round of all analysts takes.
    behind = found.amount("backlog") > max(found.amount("analysts"), found.amount("triaged") // 10)
    said.append(
        _("They fell behind: more came in than they could look at, and what waits longest is stopped last.")
        if behind
        else found.says("They kept up: at no time were more than {backlog_max} alerts waiting.")
    )
    return " ".join(said)


def _freezes(found: Entries) -> str:
    if not found.whole("frozen"):
        return _("No account was frozen.")
    frozen, released, kept = (max(0, found.amount(name)) for name in ("frozen", "released", "kept"))
    return found.says(
        "{frozen} accounts were frozen, {alert_to_freeze_us_mean} after the alert on average, with {frozen_fen} in "
        "them; after the inquiry {released} were released and {kept} stay frozen; {open} inquiries were not over.",
        frozen=formats.count(frozen),
        released=formats.count(released),
        kept=formats.count(kept),
        open=formats.count(max(0, frozen - released - kept)),
    )


def _chart(context: Context) -> list[Block]:
    found = backlog(context.run)
    if found is None:
        return []
    every = max(1, -(-len(found.open) // _ROWS))
    numbers = table(
        _("Alerts raised, and alerts decided"),
        range(every - 1, len(found.open), every),
        (_("Until"), lambda place: formats.moment(context.start, int(found.edges_us[place + 1]))),
        (_("raised"), lambda place: formats.count(int(found.raised[place]))),
        (_("decided"), lambda place: formats.count(int(found.decided[place]))),
        (_("not yet decided"), lambda place: formats.count(int(found.open[place]))),
        folded=True,
    )
    return chart(
        "backlog",
        "",
        numbers,
        lambda: figures.backlog(found, context.overlay),
        shows=_("Alerts raised and decided so far; between the lines those that nobody has decided yet."),
        hides=_("In which order they were looked at, and what was in those that waited."),
        alt=_(
            "Of {raised} alerts {decided} were decided by the end; at most {most} were undecided at once.",
            raised=formats.count(int(found.raised[-1])),
            decided=formats.count(int(found.decided[-1])),
            most=formats.count(int(found.open.max())),
        ),
    )
