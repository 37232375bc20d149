"""The analysts' desk: how long alerts waited, what was reported, who was frozen."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.amounts import shown
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.view.values import number, part, whole
from sandbox.features.supervision.report import figures
from sandbox.features.supervision.report.view import Backlog, backlog
from sandbox.language import _

_ROWS: Final = 24


def desk(context: Context) -> list[Block]:
    """Reading and figure, if there are analysts."""
    found = part(context.run.get("cases"))
    if not found:
        return []
    texts = [_work(context), _freezes(context)]
    drawn = backlog(context.run)
    heading = Heading("cases", _("The analysts' desk"))
    return [heading, *map(Paragraph, texts), *([_chart(context, drawn)] if drawn is not None else [])]


def _work(context: Context) -> str:
    found = part(context.run.get("cases"))
    names = ("analysts", "triaged", "alerts", "reported", "backlog", "in_triage", "backlog_max")
    counts = {name: whole(found.get(name)) for name in names}
    numbers = {name: formats.count(value) for name, value in counts.items()}
    if not counts["triaged"]:
        return _("{analysts} analysts looked at none of {alerts} alerts. {backlog} were waiting at the end.", **numbers)
    mean, p95 = (shown(f"cases.{name}", number(found.get(name))) for name in ("wait_us_mean", "wait_us_p95"))
    said = [
        _(
            "{analysts} analysts looked at {triaged} of {alerts} alerts and reported {reported} of them. An "
            "alert they came to had waited {mean} on average, one in twenty more than {p95}. When the run "
            "ended {backlog} were waiting and {in_triage} in work.",
            **numbers,
            mean=mean,
            p95=p95,
        )
    ]
    busy = number(found.get("analyst_utilisation"))
    if busy is not None:
        said.append(_("The analysts were busy {share} of their working time.", share=formats.share(busy)))
    # What waits at the end is more than what was looked at in the time that one round of all analysts takes.
    behind = (counts["backlog"] or 0) > max(counts["analysts"] or 0, (counts["triaged"] or 0) // 10)
    said.append(
        _("They fell behind: more came in than they could look at, and what waits longest is stopped last.")
        if behind
        else _("They kept up: at no time were more than {max} alerts waiting.", max=numbers["backlog_max"])
    )
    return " ".join(said)


def _freezes(context: Context) -> str:
    found = part(context.run.get("cases"))
    if not whole(found.get("frozen")):
        return _("No account was frozen.")
    counts = {name: max(0, whole(found.get(name)) or 0) for name in ("frozen", "released", "kept")}
    counts["open"] = max(0, counts["frozen"] - counts["released"] - counts["kept"])
    numbers = {name: formats.count(count) for name, count in counts.items()}
    after = shown("cases.alert_to_freeze_us_mean", number(found.get("alert_to_freeze_us_mean")))
    return _(
        "{frozen} accounts were frozen, {after} after the alert on average, with {value} in them; after "
        "the inquiry {released} were released and {kept} stay frozen; {open} inquiries were not over.",
        **numbers,
        after=after,
        value=formats.money(whole(found.get("frozen_fen"))),
    )


def _chart(context: Context, found: Backlog) -> Chart:
    every = max(1, -(-len(found.open) // _ROWS))
    rows = tuple(
        (
            formats.moment(context.start, int(found.edges_us[place + 1])),
            *(formats.count(int(column[place])) for column in (found.raised, found.decided, found.open)),
        )
        for place in range(every - 1, len(found.open), every)
    )
    head = (
        _("Until"),
        *(
            _("raised"),
            _("decided"),
            _("not yet decided"),
        ),
    )
    return Chart(
        key="backlog",
        title=_("Alerts raised, and alerts decided"),
        shows=_("Alerts raised and decided so far; between the lines those that nobody has decided yet."),
        hides=_("In which order they were looked at, and what was in those that waited."),
        alt=_(
            "Of {raised} alerts {decided} were decided by the end; at most {most} were undecided at once.",
            raised=formats.count(int(found.raised[-1])),
            decided=formats.count(int(found.decided[-1])),
            most=formats.count(int(found.open.max())),
        ),
        table=Table(_("Alerts raised, and alerts decided"), head, rows, folded=True),
        draw=lambda: figures.backlog(found, context.overlay),
    )
