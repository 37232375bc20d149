"""The crime that a scenario put among the payments, by pattern, and whether a single column gives it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.amounts import cells
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.sections.context import Context
from reports.source import RunData
from reports.text import known, say
from reports.view.values import part, rows, whole, words
from sandbox.features.crime.leaks import COLUMNS, EVERYTHING, Leak, leaks
from sandbox.features.crime.view import FEWEST, LINE, Told, told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COUNTS: Final = ("instances", "payments", "settled", "settled_fen", "splits", "moves", "given_up", "lost_fen")
_HEADS: Final = ("pattern", "cases", "payments", "settled", "settled_yuan", "splits", "moves", "given_up", "lost")
_OPEN_AT_MOST: Final = 8
_HONEST_AT_MOST: Final = 50_000
"""Leaks are measured against so many honest payments, spread over the run: an area is off by some 0.002."""


def _section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has crime."""
    found = part(context.run.get("crime"))
    if not found:
        return ()
    return (Section("crime", say("crime.title"), (*_payments(found), *_leaks(context))),)


def _payments(found: Mapping[str, Any]) -> list[Block]:
    numbers = {name: formats.count(whole(found.get(name))) for name in _COUNTS}
    value, lost = (formats.money(whole(found.get(name))) for name in ("settled_fen", "lost_fen"))
    blocks: list[Block] = [
        Paragraph(say("crime.reading", **numbers, value=value)),
        Paragraph(say("crime.adapts", **numbers, lost=lost)),
    ]
    listed = tuple(
        (
            known("pattern", words(row.get("pattern"))),
            *cells("crime.patterns.*", row, _COUNTS),
        )
        for row in _by_pattern(found)
    )
    if listed:
        head = tuple(say(f"col.{name}") for name in _HEADS)
        blocks.append(Table(say("crime.table"), head, listed, note=say("crime.note")))
    return blocks


def _by_pattern(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(rows(found.get("patterns")), key=lambda row: -(whole(row.get("payments")) or 0))


# --- leaks ----------------------------------------------------------------------------------------------------------


def _leaks(context: Context) -> list[Block]:
    heading = Heading("leaks", say("leaks.heading"))
    measured = measure(context.run)
    if measured is None:
        return [heading, Note(say("leaks.unmeasured"))]
    if not measured:
        return []
    found = told(context.run, measured)
    line = formats.decimal(LINE)
    blocks: list[Block] = [heading, Paragraph(say("leaks.intro")), Paragraph(_verdict(found)), _chart(found, line)]
    above = sorted((one for one in found if one.why in ("open", "about")), key=_rank)
    if above:
        head = tuple(say(f"col.{name}") for name in ("pattern", "column", "why", "payments", "area"))
        listed = tuple(
            (*_names(one), _why(one), formats.count(one.payments), formats.decimal(one.area)) for one in above
        )
        blocks.append(Table(say("leaks.above", line=line), head, listed, text_columns=3, folded=True, printed=False))
    return blocks


def measure(run: RunData) -> list[Leak] | None:
    """How well each column tells each pattern apart; None where not all payments are there to measure."""
    if run.records is None or not run.complete:
        return None
    start_of_day_us = (run.start - run.start.replace(hour=0, minute=0, second=0, microsecond=0)) // timedelta.resolution
    return leaks(run.records, start_of_day_us, _HONEST_AT_MOST)


def _verdict(found: Sequence[Told]) -> str:
    counts = {why: sum(one.why == why and one.pattern != EVERYTHING for one in found) for why in ("about", "few")}
    unexplained = sorted((one for one in found if one.why == "open"), key=lambda one: -one.area)
    numbers = {name: formats.count(count) for name, count in counts.items()}
    numbers |= {"line": formats.decimal(LINE), "fewest": formats.count(FEWEST)}
    if not unexplained:
        return say("leaks.none_open", **numbers)
    listed = "; ".join(
        say("leaks.open_one", column=_names(one)[1], pattern=_names(one)[0], area=formats.decimal(one.area))
        for one in unexplained[:_OPEN_AT_MOST]
    )
    return say("leaks.some_open", **numbers, open=formats.count(len(unexplained)), list=listed)


def _rank(one: Told) -> tuple[bool, float]:
    return one.why != "open", -one.area


def _names(one: Told) -> tuple[str, str]:
    return known("pattern", one.pattern), known("leak_column", one.column)


def _why(one: Told) -> str:
    return say(f"leaks.why_{one.why}", reason=known("about", one.column))


def _chart(found: Sequence[Told], line: str) -> Chart:
    names = [(column, known("leak_column", column)) for column in COLUMNS]
    whole_: list[Leak] = [one.leak for one in found if one.pattern == EVERYTHING]

    def draw() -> Figure:
        from sandbox.features.crime.figures import leaks as draw_leaks

        return draw_leaks(found, names)

    listed = tuple(
        (known("leak_column", one.column), formats.decimal(one.auc), formats.decimal(one.auc_same_kind))
        for one in whole_
    )
    items = (
        say("fig.item", name=name, value=formats.decimal(max(one.auc, one.auc_same_kind)))
        for (name, *_), one in zip(listed, whole_, strict=True)
    )
    head = tuple(say(f"col.{name}") for name in ("column", "area_all", "area_kind"))
    return Chart(
        key="leaks",
        title=say("leaks.title"),
        shows=say("leaks.shows", line=line),
        hides=say("leaks.hides"),
        alt=say("leaks.alt", list="; ".join(items)),
        table=Table(say("leaks.table"), head, listed, folded=True),
        draw=draw,
    )


CHAPTER: Final = Chapter(_section, lambda context: None)
