"""Programmable money: where it stands, how pending transfers ended, what contracts refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Heading, Note, Paragraph, Section
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, widest
from reports.figures.colors import FILLS, GREY, HATCHES, INK
from reports.figures.labels import Labels
from reports.figures.overlay import FOOT, Overlay
from reports.names import OUTCOMES
from reports.reading import Entries
from reports.sections.context import Context
from reports.view import axis
from sandbox.features.contracts.names import ENDINGS, FATES, KINDS, REASONS
from sandbox.features.contracts.view import KindTotals, totals
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TABLE_ROWS: Final = 60
_FEW: Final = 5
"""With more contracts than these the first screen does not tell of each."""

_SHORT: Final = {
    "courses": N_("{name}: customers lost {lost} of the {paid} that they paid."),
    "subsidies": N_(
        "{name}: {spent} of {amount} was spent on its purpose; {outside} of {attempts} attempts were outside it; "
        "{returned} went back."
    ),
    "gifts": N_("{name}: {spent} of {amount} was taken, {returned} went back."),
    "deliveries": N_("{name}: shops got {spent} of {amount}, and buyers {returned} back."),
    "dividends": N_("{name}: {wallets} people got {spent}."),
    "fees": N_("{name}: {returned} of {amount} went back; {refused} applicants could not pay."),
    "sub_wallets": N_("{name}: {payments} payments for {paid}."),
}
"""What became of a contract, by its kind; on the first screen."""
_TOLD: Final = {
    "subsidies": N_(
        "{name}: {users} of {holders} holders used the voucher, in {purchases} purchases for {spent} of {amount}. "
        "{outside} of {attempts} attempts were outside its purpose: {category} in another category, {area} in another "
        "area, {hour} at another hour; {nothing_left} came when nothing was left. {returned} went back."
    ),
    "gifts": N_(
        "{name}: {sent} packets of {amount} were sent. {parts} parts were taken, {spent}, and {returned} went back. "
        "{keyword} people had a wrong keyword, {nothing_left} found nothing left, {expired} came too late."
    ),
    "deliveries": N_(
        "{name}: {orders} orders for {amount} were paid into escrow. Shops got {spent}, buyers {returned} back; {late} "
        "deliveries came too late. About {disputes} deliveries there was a dispute."
    ),
    "dividends": N_(
        "{name}: {pay_outs} pay-outs of {spent} in all to {wallets} people; in the last the smallest share was {least} "
        "and the largest {most}."
    ),
    "fees": N_(
        "{name}: {receipts} receipts were given for {amount}. {spent} was kept for what was granted; {rejected} went "
        "back with what was rejected, {undecided} because nobody decided in time. {refused} applicants could not pay."
    ),
    "sub_wallets": N_(
        "{name}: {payments} payments for {paid} through {authorisations} authorisations of {owners} owners; merchants "
        "saw the sub-wallets and not whose they were. {revoked} authorisations were revoked."
    ),
}
"""The same in the chapter."""


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has contracts."""
    contracts, text = context.section("contracts"), _together(context)
    if text is None:
        return ()
    pending = contracts.says(
        "Of {count} pending transfers {posted} were posted (all of the money went on), {voided} voided (somebody gave "
        "what was left back), {expired} expired (their time was over), and {open} were open when the run ended. There "
        "is no fifth way."
    )
    told = [_own(contracts, one, _TOLD) for one in _known(contracts) if one.get("kind") != "courses"]
    blocks: list[Block] = [Paragraph(said) for said in (text, pending, *told)]
    blocks += [*_totals(context), *_courses(contracts), *_tables(contracts)]
    return (Section("contracts", _("Programmable money"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of each contract, a sentence each; of more than a few, of all together."""
    contracts = context.section("contracts")
    found = _known(contracts)
    if not found or len(found) > _FEW:
        return _together(context)
    said = [formats.capital(_own(contracts, one, _SHORT)) for one in found]
    if contracts.whole("held_most_fen"):
        said.append(contracts.says("At most {held_most_fen} was held at once."))
    return " ".join(said)


def _known(contracts: Entries) -> list[Entries]:
    return [one for one in contracts.rows("contracts") if one.text("kind") in KINDS]


def _together(context: Context) -> str | None:
    """How much was held and where it went."""
    contracts = context.section("contracts")
    if not contracts:
        return None
    return contracts.says(
        "Contracts held {amount_fen} in {count} pending transfers, at most {held_most_fen} at once: {spent_fen} went "
        "on to payees, {returned_fen} went back, and {held_fen} were still held at the end."
    )


def _own(contracts: Entries, one: Entries, by_kind: Mapping[str, str]) -> str:
    """What became of one contract, in the words for its kind."""
    own, outside, leaked = one.section("own"), one.section("own.refused_outside"), one.whole("own.leaked")
    refused, ended = one.section("refused_by_reason"), one.section("endings")
    counts = {name: refused.amount(name) for name in ("keyword", "nothing_left", "expired", "late")}
    counts |= {name: outside.amount(name) for name in ("category", "area", "hour")}
    counts["outside"] = sum(outside.amount(name) for name in outside.content)
    given = {path.removesuffix("_fen"): at.shown(path) for at in (one, own) for path in at.content}
    given |= {name: formats.count(count) for name, count in counts.items()}
    for name, ending in (("rejected", "voided"), ("undecided", "expired")):
        given[name] = formats.money(sum(row.amount("returned_fen") for row in ended.sections(ending).values()))
    given |= {"name": one.text("name"), "parts": own.shown("parts_taken")}
    if own.whole("bound_fen") is None:
        given["bound"] = _("any sum")
    if leaked:
        given["most"] = own.shown("stolen_most_fen")
    try:
        if leaked and by_kind is _SHORT:
            return _("{name}: thieves got {stolen}, at most {most} with one authorisation.", **given)
        text = _(by_kind[one.text("kind")], **given)
        if not leaked:
            return text
        leak = _(
            "{leaked} authorisations leaked. Thieves got {stolen}, at most {most} with one of them; the quota let them "
            "get {bound}.",
            **given,
        )
        return f"{text} {leak}"
    except KeyError:
        # A summary by another hand: what it does not say is not said.
        return f"{given['name']}."


def _totals(context: Context) -> list[Block]:
    found = totals(context.run)
    if not found:
        return []
    step = max(1, -(-max(len(one.held_fen) for one in found) // _TABLE_ROWS))
    numbers = table(
        _("Money in contracts over time"),
        [(one, place) for one in found for place in range(step - 1, len(one.held_fen), step)],
        (_("Kind"), lambda at: named(KINDS, at[0].kind)),
        (_("Until"), lambda at: formats.moment(context.start, int(at[0].edges_us[at[1] + 1]))),
        (_("Gone on, yuan"), lambda at: formats.yuan(int(at[0].spent_fen[at[1]]))),
        (_("Still held, yuan"), lambda at: formats.yuan(int(at[0].held_fen[at[1]]))),
        (_("Gone back, yuan"), lambda at: formats.yuan(int(at[0].returned_fen[at[1]]))),
        folded=True,
    )
    items = (
        _(
            "{kind} {spent} gone on, {held} held, {returned} gone back",
            kind=named(KINDS, one.kind),
            spent=formats.money(int(one.spent_fen[-1])),
            held=formats.money(int(one.held_fen[-1])),
            returned=formats.money(int(one.returned_fen[-1])),
        )
        for one in found
    )
    return chart(
        "contracts-money",
        _("Where the money stands"),
        numbers,
        lambda: _draw_totals(found, context.overlay),
        shows=_(
            "For each kind of contract, all money that had come into escrow by then: at the bottom what had gone on to "
            "payees, above it what was still held, on top what had gone back. Each panel has a scale of its own."
        ),
        hides=_("Which contract it is, and whose money: one kind may be several contracts."),
        alt=_("At the end: {list}.", list=formats.series(items)),
    )


def _courses(contracts: Entries) -> list[Block]:
    """What became of what was paid for courses, those that anybody bought."""
    courses = [one for one in contracts.rows("contracts") if one.get("kind") == "courses"]
    found = [one for one in courses if one.whole("own.paid_fen")]
    if not found:
        return []
    labels = Labels(one.text("name") for one in found)
    numbers = table(
        _("What customers of courses got for their money"),
        found,
        (_("Contract"), "name"),
        (_("Held at first, yuan"), "own.paid_fen"),
        *((_(words), f"own.{fate}_fen") for fate, words in FATES.items()),
    )
    items = (one.says("{name}: {own.lost_fen} lost of {own.paid_fen}") for one in found)
    heading, figure = chart(
        "contracts-courses",
        _("Courses paid beforehand"),
        numbers,
        lambda: _draw_courses(found, labels),
        shows=_(
            "For each course, what customers paid, by what became of it: lessons given, money given back, money lost "
            "because the school failed, and what is still owed at the end."
        ),
        hides=_("What courts give back later, and what lessons at another school would cost."),
        alt=_("{list}.", list=formats.series(items)),
        labels=[labels],
    )
    return [heading, *(Paragraph(_course(one)) for one in courses), figure]


def _course(one: Entries) -> str:
    return one.section("own").says(
        N_(
            "{name}, with escrow: {schools_failed} of {schools} schools failed. {customers_hit} customers had lessons "
            "to come; they got {saved_fen} back and lost {lost_fen}."
        )
        if one.flag("own.escrow")
        else N_(
            "{name}, without escrow: {schools_failed} of {schools} schools failed. {customers_hit} customers had "
            "lessons to come; {customers_losing} of them lost {lost_fen}."
        ),
        name=one.text("name"),
    )


def _tables(contracts: Entries) -> list[Block]:
    """Contracts, endings and refusals as tables."""
    transfers = (_("Transfers"), "count")
    on, back = (_("Gone on, yuan"), "spent_fen"), (_("Gone back, yuan"), "returned_fen")
    every = table(
        _("The contracts"),
        contracts.rows("contracts"),
        (_("Contract"), "name"),
        (_("Kind"), lambda one: named(KINDS, one.text("kind"))),
        transfers,
        (_("Held at first, yuan"), "amount_fen"),
        on,
        back,
        (_("Still held, yuan"), "held_fen"),
    )
    endings = table(
        _("How pending transfers ended, and why"),
        _ended(contracts),
        (_("Contract"), lambda row: row[0]),
        (_("Ending"), lambda row: named(ENDINGS, row[1])),
        (_("Why"), lambda row: _why(row[2])),
        *((words, lambda row, path=path: row[3].cell(path)) for words, path in (transfers, on, back)),
        text_columns=3,
    )
    refused = table(
        _("Attempts that came to nothing, by reason"),
        [(one, reason) for one in contracts.rows("contracts") for reason in one.named("refused_by_reason")],
        (_("Contract"), lambda two: two[0].text("name")),
        (_("Why"), lambda two: _why(two[1])),
        (_("Attempts"), lambda two: two[0].cell(f"refused_by_reason.{two[1]}")),
        text_columns=2,
    )
    blocks: list[Block] = [every, endings] if endings.rows else [every]
    if not refused.rows:
        return blocks
    note = _(
        "Reasons of the contract (category, area, hour, quota, keyword) are no outcomes of payments: such an attempt "
        "never reaches a gateway. Reasons of the rail (lack of money, limits, unavailable) are counted among the "
        "payments as well."
    )
    return [*blocks, Heading("contracts-refused", _("What contracts refused")), refused, Note(note)]


def _ended(contracts: Entries) -> Iterator[tuple[str, str, str, Entries]]:
    """Contract, ending and reason of what has ended so."""
    for one in contracts.rows("contracts"):
        for ending in one.named("endings"):
            for reason, row in one.section("endings").sections(ending).items():
                yield one.text("name"), ending, reason, row


def _why(reason: str) -> str:
    return named(OUTCOMES if reason in OUTCOMES else REASONS, reason)


# --- figures --------------------------------------------------------------------------------------------------------


ROW: Final = 84.0
BAR: Final = 34.0
_PARTS: Final = ("spent", "held", "returned")
"""From the bottom up."""
_NAMES: Final = ("spent", "returned", "lost", "held")
_LOOK: Final = {
    name: (FILLS[fill], HATCHES[place]) for place, (name, fill) in enumerate(zip(_NAMES, (0, 1, 5, 3), strict=True))
}

_PART_WORDS: Final = {
    "spent": N_("gone on to payees"),
    "held": N_("held"),
    "returned": N_("gone back"),
}


def _draw_totals(found: Sequence[KindTotals], overlay: Overlay) -> Figure:
    """A panel a kind: what went on, what is held and what went back, one on the other."""
    keys = [Key(_(_PART_WORDS[name]), *_key(name)) for name in _PARTS]
    board, used = Board.with_legend(keys, 8 + (ROW + 24) * len(found) + FOOT)
    ticks = [_ticks(one) for one in found]
    left = widest([label for each in ticks for __, label in each], SMALL) + 9
    panel = None
    for number, one in enumerate(found):
        top = used + 8 + (ROW + 24) * number
        board.words(EDGE, top, named(KINDS, one.kind), color=GREY)
        span = float(one.edges_us[0]), float(one.edges_us[-1])
        panel = Panel(board, left, top + 28, WIDTH - left - 12, ROW - 14, span, (0, max(ticks[number][-1][0], 1)))
        panel.levels(ticks[number])
        overlay.events(panel, letters=number == 0)
        _stack(board, panel, one)
    if panel is not None:
        overlay.calendar(panel)
    return board.finished()


def _key(name: str) -> tuple[str, str, bool, str]:
    color, hatch = _LOOK[name]
    return color, "-", True, hatch


def _ticks(one: KindTotals) -> list[tuple[float, str]]:
    top = float(one.opened_fen.max(initial=0))
    return [(tick, formats.money(int(tick))) for tick in axis.linear(max(top, 1.0), 2)]


def _stack(board: Board, panel: Panel, one: KindTotals) -> None:
    """Areas with corners, for money moves at once and not little by little."""
    floor = np.zeros(one.held_fen.size)
    x = np.repeat(panel.to_x(one.edges_us), 2)[1:-1]
    for name in _PARTS:
        roof = floor + getattr(one, f"{name}_fen")
        lower, upper = (np.repeat(panel.to_y(values), 2) for values in (floor, roof))
        color, hatch = _LOOK[name]
        board.shape(np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]]), color, hatch)
        floor = roof


def _draw_courses(found: Sequence[Entries], labels: Labels) -> Figure:
    """A bar a course: what was paid for it, by what became of it."""
    parts = [name for name in FATES if any(one.amount(f"own.{name}_fen") for one in found)]
    looks = dict(zip(FATES, _LOOK.values(), strict=True))
    keys = [Key(_(FATES[name]), looks[name][0], "-", True, looks[name][1]) for name in parts]
    board, used = Board.with_legend(keys, 12 + (BAR + 22) * len(found) + 26)
    most = float(max(one.amount("own.paid_fen") for one in found))
    ticks = [(tick, formats.money(int(tick))) for tick in axis.linear(most, 3)]
    top = used + 12
    panel = Panel(board, EDGE + 2, top, WIDTH - 2 * EDGE - 14, (BAR + 22) * len(found), (0, max(most, 1.0)), (0, 1))
    panel.columns([one for one in ticks if one[0] <= most])
    for number, one in enumerate(found):
        y, at = top + (BAR + 22) * number, 0.0
        lost = one.says("{own.lost_fen} lost") if one.amount("own.lost_fen") else _("nothing lost")
        board.words(EDGE + 2, y + 2, f"{labels[one.text('name')]}: {lost}", color=INK)
        for name in parts:
            value = float(one.amount(f"own.{name}_fen"))
            if value:
                sides = (float(panel.to_x(at)), y + 19, float(panel.to_x(at + value)), y + 17 + BAR)
                board.boxes([sides], looks[name][0], looks[name][1], edgecolor=INK)
            at += value
    return board.finished()


ANSWERS: Final = ("amount_fen", "spent_fen", "returned_fen", "held_most_fen", "refused", "held_fen")
CHAPTER: Final = Chapter(section, headline, answers=tuple(f"contracts.{name}" for name in ANSWERS))
