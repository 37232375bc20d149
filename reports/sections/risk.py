"""What is at risk: each figure with one sentence that reads it and the line it is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.chapter import Chapter, Find, Risk
from reports.document import Block, Chart, Finding, Findings, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.asked import level
from reports.sections.context import STATIONS_AT_MOST, Context, explained
from reports.text import known, say
from reports.thresholds import worst
from reports.view.flow import FEW, ended_in_bin, longest_failing
from sandbox.feature import declared
from sandbox.metric import Metric, Threshold, Unit, threshold, unit_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS = STATIONS_AT_MOST
_WORST: Final = "risk.operational.worst_bin_success_share"
_H_US: Final = 3_600_000_000

FAILED: Final = Metric(
    "risk.operational.failed_share",
    "share",
    "share of payments with a technical failure",
    "lower",
    threshold=Threshold(
        0.01,
        0.037,
        "above",
        "0.037: the best of the banks with 3.7 to 9.8 % failures at UPI in 2021 (press); 0.01 ASSUMED",
    ),
)
RECOVERY: Final = Metric(
    "risk.operational.recovery_us",
    "us",
    "longest time with technical failures",
    "lower",
    threshold=Threshold(
        _H_US,
        2 * _H_US,
        "above",
        "CPMI-IOSCO, Principles for financial market infrastructures 2012, principle 17 (6), and Guidance on cyber "
        "resilience 2016: resume within 2 hours; half of it ASSUMED as the first line",
    ),
)
DERIVED: Final = (FAILED, RECOVERY)
"""Numbers with a threshold that this chapter works out."""


def findings(context: Context) -> tuple[Findings, ...]:
    """The risks of which the run has figures, in order."""
    kinds: dict[str, list[Risk]] = {
        "operational": [_operational],
        "liquidity": [_liquidity],
        "concentration": [_concentration],
        "consumer": [_consumer],
    }
    for _, chapter in declared(Chapter):
        for name, risk in chapter.risks.items():
            kinds.setdefault(name, []).append(risk)
    found = {
        name: [item for one in risks for item in one(context, _finding)]
        for name, risks in kinds.items()
        if context.run.get(f"risk.{name}") is not None
    }
    return tuple(Findings(f"risk-{name}", say(f"risk.{name}"), tuple(items)) for name, items in found.items() if items)


def section(context: Context, found: tuple[Findings, ...]) -> Section:
    """The whole chapter."""
    if not found:
        return Section("risk", say("risk.title"), (Paragraph(say("risk.none")),))
    rows = tuple((one.title, say(f"level.{level(one)}"), _decided(one)) for one in found)
    head = (say("risk.kind"), say("risk.level"), say("risk.decides"))
    blocks: list[Block] = [Paragraph(say("risk.intro")), Table(say("risk.overview"), head, rows, text_columns=3)]
    for one in found:
        blocks += [Heading(one.key, one.title), one]
        if one.key == "risk-liquidity":
            blocks += _liquidity_chart(context)
        if one.key == "risk-concentration":
            blocks += _shares_chart(context)
    return Section("risk", say("risk.title"), tuple(blocks))


def _decided(one: Findings) -> str:
    standing = worst([item.level for item in one.items])
    if standing == "ok":
        return say("risk.none_past", count=sum(item.level == "ok" for item in one.items))
    return "; ".join(f"{item.name}: {item.value}" for item in one.items if item.level == standing != "none") or "–"


def _finding(
    key: str, number: float | None, value: str, held_to: str | Metric | None, **words: object
) -> list[Finding]:
    """One finding, or none where the run has no such number. `words` fill its reading."""
    if number is None:
        return []
    reading, name = say(f"{key}.read", value=value, **words), say(key, **words)
    if held_to is None:
        return [Finding(name, value, "none", reading, "")]
    return [Finding(name, value, threshold(held_to).judge(number), reading, _told(held_to))]


_FORMS: Final[Mapping[Unit, Callable[[float], str]]] = {
    "us": lambda value: formats.duration(int(value)),
    "ms": formats.milliseconds,
    "number": formats.decimal,
    "points": formats.points,
}


def _told(held_to: str | Metric) -> str:
    """A threshold in words."""
    held = threshold(held_to)
    form = _FORMS.get(unit_of(held_to) if isinstance(held_to, str) else held_to.unit, formats.percent)
    return say(f"risk.line.{held.worse}", watch=form(held.watch), worry=form(held.worry), source=held.source)


def _operational(context: Context, finding: Find) -> list[Finding]:
    number, whole = context.number, context.whole
    base = "risk.operational"
    unavailable, timed_out = number(f"{base}.unavailable_share"), number(f"{base}.timed_out_share")
    failed = None if unavailable is None or timed_out is None else unavailable + timed_out
    shares = {"unavailable": formats.share(unavailable), "timed_out": formats.share(timed_out)}
    if not whole("throughput.payments"):  # shares of nothing lie within every line
        return _faults(whole(f"{base}.faults"))
    minutes, line = number(f"{base}.minutes_below_95"), formats.percent(threshold(_WORST).watch)
    p99, busy = context.latency_ms("p99"), number(f"{base}.busiest_utilisation")
    retried = number(f"{base}.retried_share")
    station = context.run.get(f"{base}.busiest_station")
    latency = "op.latency" if (whole("throughput.settled") or 0) >= 100 else "op.latency.few"
    return [
        *finding("op.failed", failed, formats.share(failed), FAILED, **shares),
        *_worst_bin(context),
        *finding("op.minutes", minutes, formats.decimal(minutes), None, line=line),
        *_spell(context),
        *finding(latency, p99, formats.milliseconds(p99), "throughput.latency_ms.p99"),
        *finding("op.busiest", busy, formats.share(busy), f"{base}.busiest_utilisation", station=station),
        *finding("op.retried", retried, formats.share(retried), None),
        *_faults(whole(f"{base}.faults")),
    ]


def _faults(number: int | None) -> list[Finding]:
    if number == 0:
        return [Finding(say("op.faults"), "0", "none", say("op.faults.none"), "")]
    return _finding("op.faults", number, formats.count(number), None)


def _worst_bin(context: Context) -> list[Finding]:
    """The worst bin; with few payments in it a share says little, and is held against no line."""
    share, at_us = (
        context.number("risk.operational.worst_bin_success_share"),
        context.whole("risk.operational.worst_bin_at_us"),
    )
    if share == 1:
        return [Finding(say("op.worst"), formats.share(1), "ok", say("op.worst.never"), _told(_WORST))]
    ended = ended_in_bin(context.run, at_us)
    few = ended is not None and ended < FEW
    words = {"moment": formats.moment(context.start, at_us), "ended": formats.count(ended)}
    key = "op.worst.few" if few else "op.worst"
    return _finding(key, share, formats.share(share), None if few else _WORST, **words)


def _spell(context: Context) -> list[Finding]:
    """The longest spell of technical failure: refusals by rule are no outage and are not counted."""
    if not context.has_series or not context.whole("throughput.payments"):
        return []
    line = formats.percent(1 - threshold(_WORST).watch)
    spell = longest_failing(context.run, 1 - threshold(_WORST).watch)
    if not spell.bins:
        name, reading = say("op.spell", line=line), say("op.spell.never", line=line)
        return [Finding(name, formats.NOTHING, "ok", reading, _told(RECOVERY))]
    moment = formats.moment(context.start, spell.at_us)
    value = formats.duration(spell.length_us)
    return _finding("op.spell", spell.length_us, value, RECOVERY, line=line, moment=moment)


def _liquidity(context: Context, finding: Find) -> list[Finding]:
    number, whole = context.number, context.whole
    base = "risk.liquidity"
    lowest = number(f"{base}.lowest_share_of_target")
    institution = context.run.get(f"{base}.lowest_institution")
    orders, turnover = whole(f"{base}.orders"), number(f"{base}.turnover_per_day")
    ordered = formats.money(whole(f"{base}.ordered_fen"))
    top_ups, redeemed = whole(f"{base}.top_ups_fen"), formats.money(whole(f"{base}.redemptions_fen"))
    no_orders = [Finding(say("liq.orders"), "0", "none", say("liq.orders.none"), "")]
    return [
        *finding(
            "liq.lowest", lowest, formats.share(lowest), f"{base}.lowest_share_of_target", institution=institution
        ),
        *(no_orders if orders == 0 else finding("liq.orders", orders, formats.count(orders), None, money=ordered)),
        *finding("liq.top_ups", top_ups, formats.money(top_ups), None, redeemed=redeemed),
        *finding("liq.turnover", turnover, formats.decimal(turnover), None),
    ]


def _concentration(context: Context, finding: Find) -> list[Finding]:
    found: list[Finding] = []
    base = "risk.concentration"
    for key, name in (("con.institutions", "hhi_payer_institutions"), ("con.merchants", "hhi_merchants")):
        hhi = context.number(f"{base}.{name}")
        equal = formats.decimal(1 / hhi) if hhi else formats.NOTHING
        found += finding(f"{key}.all" if hhi == 1 else key, hhi, formats.decimal(hhi), f"{base}.{name}", equal=equal)
    top, ten = context.number(f"{base}.top_institution_share"), context.number(f"{base}.top_10_merchants_share")
    institution = context.run.get(f"{base}.top_institution")
    found += finding("con.top", top, formats.share(top), f"{base}.top_institution_share", institution=institution)
    found += finding("con.top10", ten, formats.share(ten), None)
    return found


def _consumer(context: Context, finding: Find) -> list[Finding]:
    number, whole = context.number, context.whole
    base = "risk.consumer"
    if not whole("throughput.payments"):
        return []
    limits, short = number(f"{base}.refused_by_limit_share"), number(f"{base}.insufficient_share")
    of_class, klass = number(f"{base}.worst_class_refused_share"), context.run.get(f"{base}.worst_class")
    asked, done = whole(f"{base}.upgrades_asked"), whole(f"{base}.upgrades_done")
    refused = formats.money(whole(f"{base}.refused_fen"))
    return [
        *finding("cons.limits", limits, formats.share(limits), f"{base}.refused_by_limit_share", money=refused),
        *finding("cons.insufficient", short, formats.share(short), f"{base}.insufficient_share"),
        *finding(
            "cons.class" if of_class else "cons.class.none",
            of_class,
            formats.share(of_class),
            f"{base}.worst_class_refused_share",
            klass=known("class", klass),
        ),
        *finding("cons.upgrades", done, formats.count(done), None, asked=formats.count(asked)),
    ]


def _liquidity_chart(context: Context) -> list[Block]:
    found: list[Mapping[str, Any]] = context.run.get("risk.liquidity.by_institution") or []
    order = sorted((row for row in found if row.get("target_fen")), key=_lowest)
    if not order:
        return []
    shown = order[:_ROWS]
    labels = Labels(str(row.get("institution")) for row in shown)
    line = threshold("risk.liquidity.lowest_share_of_target").watch

    def draw() -> Figure:
        from reports.figures.risk import liquidity

        return liquidity(shown, labels, line)

    rows = tuple(
        (
            str(row.get("institution")),
            *(formats.yuan(row.get(f"{part}_fen")) for part in ("opening", "lowest", "closing", "target")),
            formats.share(_lowest(row)),
        )
        for row in order
    )
    head = tuple(say(f"col.{n}") for n in ("institution", "opening", "lowest", "closing", "target", "lowest_share"))
    items = (say("fig.item", name=row.get("institution"), value=formats.share(_lowest(row))) for row in shown)
    cut = say("fig.liquidity.cut", shown=len(shown), all=len(order)) if len(shown) < len(order) else ""
    return [
        Chart(
            key="liquidity",
            title=say("fig.liquidity.title"),
            shows=say("fig.liquidity.shows", line=formats.percent(line), cut=cut).strip(),
            hides=say("fig.liquidity.hides"),
            alt=say("fig.liquidity.alt", list="; ".join(items)),
            table=Table(say("fig.liquidity.title"), head, rows, folded=True),
            draw=draw,
            names=explained(labels),
        )
    ]


def _lowest(row: Mapping[str, Any]) -> float:
    return int(row.get("lowest_fen") or 0) / int(row["target_fen"])


def _shares_chart(context: Context) -> list[Block]:
    found: list[Mapping[str, Any]] = context.run.get("stations") or []
    banks = [row for row in found if row.get("kind") == "institution"]
    total = sum(int(row.get("settled_fen_out") or 0) for row in banks)
    if not total:
        return []
    order = sorted(banks, key=lambda row: (-int(row.get("settled_fen_out") or 0), str(row.get("station"))))
    shown = [(str(row.get("station")), int(row.get("settled_fen_out") or 0) / total) for row in order[:_ROWS]]
    labels = Labels(name for name, _ in shown)

    def draw() -> Figure:
        from reports.figures.risk import shares

        return shares(shown, labels)

    rows = tuple(
        (
            str(row.get("station")),
            formats.yuan(row.get("settled_fen_out")),
            formats.yuan(row.get("settled_fen_in")),
            formats.share(int(row.get("settled_fen_out") or 0) / total),
        )
        for row in order
    )
    head = tuple(say(f"col.{name}") for name in ("institution", "paid_yuan", "received_yuan", "share_value"))
    items = (say("fig.item", name=name, value=formats.share(share)) for name, share in shown)
    cut = say("fig.shares.cut", shown=len(shown), all=len(order)) if len(shown) < len(order) else ""
    return [
        Chart(
            key="concentration",
            title=say("fig.shares.title"),
            shows=say("fig.shares.shows", cut=cut).strip(),
            hides=say("fig.shares.hides"),
            alt=say("fig.shares.alt", list="; ".join(items)),
            table=Table(say("fig.shares.title"), head, rows, folded=True),
            draw=draw,
            names=explained(labels),
        )
    ]
