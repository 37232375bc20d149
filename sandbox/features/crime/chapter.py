"""The crime that a scenario put among the payments, by pattern, and whether a single column gives it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Heading, Note, Paragraph, Section
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, GREY, INK, RED, SKY
from reports.names import PATTERNS
from reports.reading import Entries
from reports.sections.context import Context
from reports.source import RunData
from sandbox.features.crime.leakage import COLUMNS, EVERYTHING, Leakage, measure_leakage
from sandbox.features.crime.names import COLUMN_WORDS, WHY_INHERENT
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE: Final = 0.75
"""Above it a column needs a reason (docs/crime.md)."""
FEWEST: Final = 150
"""With fewer payments an area says little: instances are few, and their payments alike."""


class Assessed(NamedTuple):
    """How well one column tells one pattern (or `all`) apart; `why` is `about`, `few`, `below` (the line) or `open`."""

    pattern: str
    column: str
    payments: int
    area: float
    leak: Leakage
    why: str


def inherent_columns(run: RunData) -> Mapping[str, frozenset[str]]:
    """By pattern, the columns inherent in it (`about` in the summary)."""
    found = {}
    for row in run.entries.rows("crime.patterns"):
        columns = row.get("about")
        words = frozenset(one for one in columns if isinstance(one, str)) if isinstance(columns, list) else frozenset()
        found[row.text("pattern")] = words
    return found


def assess(run: RunData, leaks: Sequence[Leakage]) -> list[Assessed]:
    """Every column against every pattern, in the order of the columns."""
    known = inherent_columns(run)
    every = frozenset(column for columns in known.values() for column in columns)
    found = []
    for one in leaks:
        area = max(one.auc, one.auc_same_kind)
        columns = every if one.label == EVERYTHING else known.get(one.label, frozenset())
        why = "about" if one.column in columns else "few" if one.payments < FEWEST else "open"
        found.append(Assessed(one.label, one.column, one.payments, area, one, why if area > LINE else "below"))
    return sorted(found, key=lambda one: (COLUMNS.index(one.column), one.pattern != EVERYTHING, one.pattern))


_OPEN_AT_MOST: Final = 8
_HONEST_AT_MOST: Final = 50_000
"""Leaks are measured against so many honest payments, spread over the run: an area is off by some 0.002."""

_WHY: Final = {
    "about": N_("what the pattern is about: {reason}"),
    "open": N_("no reason known"),
}


def _section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has crime."""
    found = context.section("crime")
    if not found:
        return ()
    return (Section("crime", _("The crime in this run"), (*_payments(found), *_leaks(context))),)


def _payments(found: Entries) -> list[Block]:
    committed = found.says(
        "Among the payments are {payments} criminal ones, in {instances} cases; {settled} of them settled, "
        "{settled_fen} in all. Each carries its truth as a label that nobody inside the simulation can read: "
        "supervision below found what it found without it."
    )
    refused = found.says(
        "Criminals who were refused paid in smaller parts {splits} times and through another account {moves} times; "
        "{given_up} payments they gave up. Victims lost {lost_fen}."
    )
    numbers = table(
        _("Criminal payments by pattern"),
        sorted(found.rows("patterns"), key=lambda row: -row.amount("payments")),
        (_("Pattern"), lambda row: named(PATTERNS, row.text("pattern"))),
        (_("Cases"), "instances"),
        (_("Payments"), "payments"),
        (_("Settled"), "settled"),
        (_("Settled, yuan"), "settled_fen"),
        (_("Split"), "splits"),
        (_("Moved"), "moves"),
        (_("Given up"), "given_up"),
        (_("Victims lost, yuan"), "lost_fen"),
        note=_("A case is one instance of a pattern; in no pattern, each payment is a case of its own."),
    )
    return [Paragraph(committed), Paragraph(refused), *([numbers] if numbers.rows else [])]


# --- leaks ----------------------------------------------------------------------------------------------------------


def _leaks(context: Context) -> list[Block]:
    heading = Heading("leaks", _("Does a single number give them away?"))
    measured = measure(context.run)
    if measured is None:
        return [heading, Note(_("Not all payments of this run were recorded, so this cannot be measured."))]
    if not measured:
        return []
    found = assess(context.run, measured)
    line = formats.decimal(LINE)
    blocks: list[Block] = [
        heading,
        Paragraph(
            _(
                "Known faults of made-up crime are amounts, hours or accounts that only criminals have. The area under "
                "the curve says how well one column alone tells criminal from honest payments: 0.5 is chance, 1 gives "
                "all of them away. It is the larger of two: against all honest payments, and against those of the same "
                "kind."
            )
        ),
        Paragraph(_verdict(found)),
        *_chart(found, line),
    ]
    above = sorted((one for one in found if one.why in ("open", "about")), key=_rank)
    if above:
        numbers = table(
            _("Columns above {line}, and why (those that rest on few payments left out)", line=line),
            above,
            (_("Pattern"), lambda one: _names(one)[0]),
            (_("Column"), lambda one: _names(one)[1]),
            (_("Why"), _why),
            (_("Payments"), lambda one: formats.count(one.payments)),
            (_("Area"), lambda one: formats.decimal(one.area)),
            text_columns=3,
            folded=True,
            printed=False,
        )
        blocks.append(numbers)
    return blocks


def measure(run: RunData) -> list[Leakage] | None:
    """How well each column tells each pattern apart; None where not all payments are there to measure."""
    if run.records is None or not run.complete:
        return None
    start_of_day_us = (run.start - run.start.replace(hour=0, minute=0, second=0, microsecond=0)) // timedelta.resolution
    return measure_leakage(run.records, start_of_day_us, _HONEST_AT_MOST)


def _verdict(found: Sequence[Assessed]) -> str:
    counts = {why: sum(one.why == why and one.pattern != EVERYTHING for one in found) for why in ("about", "few")}
    unexplained = sorted((one for one in found if one.why == "open"), key=lambda one: -one.area)
    numbers = {name: formats.count(count) for name, count in counts.items()}
    numbers |= {"line": formats.decimal(LINE), "fewest": formats.count(FEWEST)}
    if not unexplained:
        return _(
            "No column stands above {line} without a reason: {about} are what a pattern is about, {few} rest on fewer "
            "than {fewest} payments, where an area is mostly draws.",
            **numbers,
        )
    listed = formats.series(
        _(
            "{column} of {pattern} ({area})",
            column=_names(one)[1],
            pattern=_names(one)[0],
            area=formats.decimal(one.area),
        )
        for one in unexplained[:_OPEN_AT_MOST]
    )
    return _(
        "{open} columns stand above {line} without a reason, which a detector could learn instead of crime: {list}. "
        "{about} more are what a pattern is about, and {few} rest on fewer than {fewest} payments.",
        **numbers,
        open=formats.count(len(unexplained)),
        list=listed,
    )


def _rank(one: Assessed) -> tuple[bool, float]:
    return one.why != "open", -one.area


def _names(one: Assessed) -> tuple[str, str]:
    return named(PATTERNS, one.pattern), named(COLUMN_WORDS, one.column)


def _why(one: Assessed) -> str:
    return _(_WHY[one.why], reason=named(WHY_INHERENT, one.column))


def _chart(found: Sequence[Assessed], line: str) -> list[Block]:
    names = [(column, named(COLUMN_WORDS, column)) for column in COLUMNS]
    every: list[Leakage] = [one.leak for one in found if one.pattern == EVERYTHING]
    numbers = table(
        _("All crime together, column by column"),
        every,
        (_("Column"), lambda one: named(COLUMN_WORDS, one.column)),
        (_("All honest payments"), lambda one: formats.decimal(one.auc)),
        (_("Same kind"), lambda one: formats.decimal(one.auc_same_kind)),
        folded=True,
    )
    items = (
        _(
            "{name} {value}",
            name=named(COLUMN_WORDS, one.column),
            value=formats.decimal(max(one.auc, one.auc_same_kind)),
        )
        for one in every
    )
    return chart(
        "leaks",
        "",
        numbers,
        lambda: _draw_leakage(found, names),
        title=_("How well a single column tells crime apart"),
        shows=_("For each column the area for every pattern and for all crime together. Dashed: {line}.", line=line),
        hides=_("What several columns together tell, and what the payments of one account tell over time."),
        alt=_("For all crime together: {list}.", list=formats.series(items)),
    )


# --- figures --------------------------------------------------------------------------------------------------------


_LOOKS: Final = {
    "all": N_("all crime"),
    "about": N_("above, by its nature"),
    "few": N_("above, too few payments"),
    "open": N_("above, no reason"),
    "below": N_("a pattern below the line"),
}


def _draw_leakage(found: Sequence[Assessed], names: Sequence[tuple[str, str]]) -> Figure:
    """For each column (`names`: with its words) a mark a pattern: how well it alone tells the pattern apart."""
    looks = {"all": ("|", INK, 13.0), "about": ("D", AMBER, 4.5), "few": (".", GREY, 4.0), "open": ("X", RED, 7.0),
             "below": ("o", SKY, 3.5)}  # fmt: skip
    used_looks = [name for name in looks if name == "all" or any(_look(one) == name for one in found)]
    keys = [Key(_(_LOOKS[name]), looks[name][1], marker=looks[name][0]) for name in used_looks]
    board, used = Board.with_legend(keys, 6 + 17 * len(names) + 42)
    left = widest([name for __, name in names], SMALL) + 12
    panel = Panel(board, left, used + 6, WIDTH - left - 18, 17.0 * len(names), (0.5, 1), (0, 1))
    panel.columns([(tick, formats.decimal(tick)) for tick in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)])
    panel.column(LINE)
    rows = Rows(board, left, panel.top, panel.width, 1, row=17)
    for number, (column, name) in enumerate(names):
        board.words(left - 6, rows.place(number), name, ha="right", va="center", size=SMALL)
        for look in ("below", "few", "about", "open", "all"):
            its = [one.area for one in found if one.column == column and _look(one) == look]
            marker, color, size = looks[look]
            board.spots(panel.to_x(its), [rows.place(number)] * len(its), marker, color, size)
    rows.axis(len(names))
    board.words(
        WIDTH - EDGE, panel.bottom + 22, _("area under the curve (0.5 is chance)"), ha="right", color=GREY, size=SMALL
    )
    return board.finished()


def _look(one: Assessed) -> str:
    return "all" if one.pattern == "all" else one.why


CHAPTER: Final = Chapter(_section, lambda context: None)
