"""Programmable money: where it stands, how pending transfers ended, what contracts refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.names import OUTCOMES
from reports.sections.context import Context, explained
from reports.view.values import part, rows, whole, words
from sandbox.features.contracts import figures
from sandbox.features.contracts import view as contracts
from sandbox.features.contracts.names import ENDINGS, FATES, KINDS, REASONS
from sandbox.language import N_, _, named
from sandbox.metric import Unit, unit_of

_TABLE_ROWS: Final = 60
_FEW: Final = 5
"""With more contracts than these the first screen does not tell of each."""
_FORMS: Final[Mapping[Unit, Callable[[int | None], str]]] = {"fen": formats.money, "count": formats.count}


_SHORT: Final = {
    "courses": N_("{name}: customers lost {lost} of the {paid} that they paid."),
    "subsidies": N_(
        "{name}: {spent} of {amount} was spent on its purpose; {outside} of {attempts} attempts were "
        "outside it; {returned} went back."
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
        "{name}: {users} of {holders} holders used the voucher, in {purchases} purchases for {spent} of "
        "{amount}. {outside} of {attempts} attempts were outside its purpose: {category} in another "
        "category, {area} in another area, {hour} at another hour; {nothing_left} came when nothing was "
        "left. {returned} went back."
    ),
    "gifts": N_(
        "{name}: {sent} packets of {amount} were sent. {parts} parts were taken, {spent}, and {returned} "
        "went back. {keyword} people had a wrong keyword, {nothing_left} found nothing left, {expired} "
        "came too late."
    ),
    "deliveries": N_(
        "{name}: {orders} orders for {amount} were paid into escrow. Shops got {spent}, buyers "
        "{returned} back; {late} deliveries came too late. About {disputes} deliveries there was a "
        "dispute."
    ),
    "dividends": N_(
        "{name}: {pay_outs} pay-outs of {spent} in all to {wallets} people; in the last the smallest "
        "share was {least} and the largest {most}."
    ),
    "fees": N_(
        "{name}: {receipts} receipts were given for {amount}. {spent} was kept for what was granted; "
        "{rejected} went back with what was rejected, {undecided} because nobody decided in time. "
        "{refused} applicants could not pay."
    ),
    "sub_wallets": N_(
        "{name}: {payments} payments for {paid} through {authorisations} authorisations of {owners} "
        "owners; merchants saw the sub-wallets and not whose they were. {revoked} authorisations were "
        "revoked."
    ),
}
"""The same in the chapter."""


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has contracts."""
    text = _together(context)
    if text is None:
        return ()
    counts = {
        name: formats.count(context.whole(f"contracts.{name}"))
        for name in ("count", "posted", "voided", "expired", "open")
    }
    blocks: list[Block] = [
        Paragraph(text),
        Paragraph(
            _(
                "Of {count} pending transfers {posted} were posted (all of the money went on), {voided} voided "
                "(somebody gave what was left back), {expired} expired (their time was over), and {open} were "
                "open when the run ended. There is no fifth way.",
                **counts,
            )
        ),
    ]
    told = [one for one in contracts.contracts(context.run) if one.get("kind") in KINDS and one["kind"] != "courses"]
    blocks += [Paragraph(_own(context, one, _TOLD)) for one in told]
    blocks += [*_stands(context), *_courses(context), *_tables(context)]
    return (Section("contracts", _("Programmable money"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of each contract, a sentence each; of more than a few, of all together."""
    found = [one for one in contracts.contracts(context.run) if one.get("kind") in KINDS]
    if not found or len(found) > _FEW:
        return _together(context)
    said = [_own(context, one, _SHORT) for one in found]
    said = [one[:1].upper() + one[1:] for one in said]
    most = contracts.most_held_fen(context.run)
    return " ".join([*said, _("At most {most} was held at once.", most=formats.money(most))] if most else said)


def _together(context: Context) -> str | None:
    """How much was held and where it went."""
    if not part(context.run.get("contracts")):
        return None
    money = {name: context.whole(f"contracts.{name}_fen") for name in ("amount", "spent", "returned", "held")}
    money["most"] = contracts.most_held_fen(context.run)
    words = {name: formats.money(fen) for name, fen in money.items()}
    return _(
        "Contracts held {amount} in {count} pending transfers, at most {most} at once: {spent} went on "
        "to payees, {returned} went back, and {held} were still held at the end.",
        count=formats.count(context.whole("contracts.count")),
        **words,
    )


def _own(context: Context, one: Mapping[str, Any], by_kind: Mapping[str, str]) -> str:
    """What became of one contract, in the words for its kind."""
    own, kind, leaked = part(one.get("own")), str(one.get("kind")), whole(part(one.get("own")).get("leaked"))
    place = "contracts.contracts.*"
    given = dict((*_words(place, one), *_words(f"{place}.own", own)))
    outside, refused = part(own.get("refused_outside")), contracts.refused(context.run, one.get("name"))
    given |= {name: formats.count(refused.get(name, 0)) for name in ("keyword", "nothing_left", "expired", "late")}
    given |= {name: formats.count(whole(outside.get(name)) or 0) for name in ("category", "area", "hour")}
    given["outside"] = formats.count(sum(whole(value) or 0 for value in outside.values()))
    back = contracts.gone_back_fen(context.run, one.get("name"))
    given |= {"rejected": formats.money(back.get("voided", 0)), "undecided": formats.money(back.get("expired", 0))}
    given |= {"name": words(one.get("name")), "parts": given.get("parts_taken", formats.NOTHING)}
    bound = whole(own.get("bound_fen"))
    given["bound"] = _("any sum") if bound is None else formats.money(bound)
    if leaked:
        given["most"] = given.get("stolen_most", formats.NOTHING)
    try:
        if leaked and by_kind is _SHORT:
            return _("{name}: thieves got {stolen}, at most {most} with one authorisation.", **given)
        text = _(by_kind[kind], **given)
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


def _words(place: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Numbers of a section of the summary as a sentence has them, by name; sums without their unit."""
    for name, value in values.items():
        form = _FORMS.get(unit_of(f"{place}.{name}"))
        if form is not None:
            yield name.removesuffix("_fen"), form(whole(value))


def _stands(context: Context) -> list[Block]:
    found = contracts.stands(context.run)
    if not found:
        return []
    step = max(1, -(-max(len(one.held_fen) for one in found) // _TABLE_ROWS))
    body = tuple(
        (
            named(KINDS, one.kind),
            formats.moment(context.start, int(one.edges_us[place + 1])),
            *(formats.yuan(int(column[place])) for column in (one.spent_fen, one.held_fen, one.returned_fen)),
        )
        for one in found
        for place in range(step - 1, len(one.held_fen), step)
    )
    head = (_("Kind"), _("Until"), _("Gone on, yuan"), _("Still held, yuan"), _("Gone back, yuan"))
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
    chart = Chart(
        key="contracts-money",
        title=_("Money in contracts over time"),
        shows=_(
            "For each kind of contract, all money that had come into escrow by then: at the bottom what had "
            "gone on to payees, above it what was still held, on top what had gone back. Each panel has a "
            "scale of its own."
        ),
        hides=_("Which contract it is, and whose money: one kind may be several contracts."),
        alt=_("At the end: {list}.", list="; ".join(items)),
        table=Table(_("Money in contracts over time"), head, body, folded=True),
        draw=lambda: figures.stands(found, context.overlay),
    )
    return [Heading("contracts-money", _("Where the money stands")), chart]


def _courses(context: Context) -> list[Block]:
    found = contracts.chains(context.run)
    if not found:
        return []
    labels = Labels(one.name for one in found)
    columns = ("paid", "delivered", "back", "lost", "owed")
    head = (_("Contract"), _("Held at first, yuan"), *(_(FATES[name]) for name in columns[1:]))
    body = tuple((one.name, *(formats.yuan(getattr(one, f"{name}_fen")) for name in columns)) for one in found)
    items = (
        _(
            "{name}: {lost} lost of {paid}",
            name=one.name,
            lost=formats.money(one.lost_fen),
            paid=formats.money(one.paid_fen),
        )
        for one in found
    )
    said = [Paragraph(_course(one)) for one in contracts.contracts(context.run, "courses")]
    chart = Chart(
        key="contracts-courses",
        title=_("What customers of courses got for their money"),
        shows=_(
            "For each course, what customers paid, by what became of it: lessons given, money given back, "
            "money lost because the school failed, and what is still owed at the end."
        ),
        hides=_("What courts give back later, and what lessons at another school would cost."),
        alt=_("{list}.", list="; ".join(items)),
        table=Table(_("What customers of courses got for their money"), head, body),
        draw=lambda: figures.chains(found, labels),
        names=explained(labels),
    )
    return [Heading("contracts-courses", _("Courses paid beforehand")), *said, chart]


def _course(one: Mapping[str, Any]) -> str:
    own = part(one.get("own"))
    counts = {
        name: formats.count(whole(own.get(key)))
        for name, key in (
            ("failed", "schools_failed"),
            ("schools", "schools"),
            ("hit", "customers_hit"),
            ("losing", "customers_losing"),
        )
    }
    money = {name: formats.money(whole(own.get(f"{name}_fen"))) for name in ("saved", "lost")}
    key = (
        N_(
            "{name}, with escrow: {failed} of {schools} schools failed. {hit} customers had lessons to come; "
            "they got {saved} back and lost {lost}."
        )
        if own.get("escrow") is True
        else N_(
            "{name}, without escrow: {failed} of {schools} schools failed. {hit} customers had lessons to "
            "come; {losing} of them lost {lost}."
        )
    )
    return _(key, name=words(one.get("name")), **counts, **money)


def _tables(context: Context) -> list[Block]:
    """Contracts, endings and refusals as tables."""
    money = ("amount_fen", "spent_fen", "returned_fen", "held_fen")
    head = (
        _("Contract"),
        _("Kind"),
        _("Transfers"),
        _("Held at first, yuan"),
        _("Gone on, yuan"),
        _("Gone back, yuan"),
        _("Still held, yuan"),
    )
    all_of_them = tuple(
        (
            words(one.get("name")),
            named(KINDS, one.get("kind")),
            formats.count(whole(one.get("count"))),
            *(formats.yuan(whole(one.get(name))) for name in money),
        )
        for one in contracts.contracts(context.run)
    )
    endings = tuple(
        (
            words(one.get("name")),
            named(ENDINGS, one.get("ending")),
            _why(one.get("reason")),
            formats.count(whole(one.get("count"))),
            *(formats.yuan(whole(one.get(name))) for name in ("spent_fen", "returned_fen")),
        )
        for one in rows(context.run.get("contracts.endings"))
    )
    refused = tuple(
        (words(one.get("name")), _why(one.get("reason")), formats.count(whole(one.get("count"))))
        for one in rows(context.run.get("contracts.refused"))
    )
    blocks: list[Block] = [Table(_("The contracts"), head, all_of_them)]
    if endings:
        names = (_("Contract"), _("Ending"), _("Why"), _("Transfers"), _("Gone on, yuan"), _("Gone back, yuan"))
        blocks.append(Table(_("How pending transfers ended, and why"), names, endings))
    if refused:
        blocks.append(Heading("contracts-refused", _("What contracts refused")))
        blocks.append(
            Table(_("Attempts that came to nothing, by reason"), (_("Contract"), _("Why"), _("Attempts")), refused)
        )
        blocks.append(
            Note(
                _(
                    "Reasons of the contract (category, area, hour, quota, keyword) are no outcomes of payments: "
                    "such an attempt never reaches a gateway. Reasons of the rail (lack of money, limits, "
                    "unavailable) are counted among the payments as well."
                )
            )
        )
    return blocks


def _why(reason: Any) -> str:
    if not isinstance(reason, str):
        return formats.NOTHING
    return named(OUTCOMES if reason in OUTCOMES else REASONS, reason)


CHAPTER: Final = Chapter(section, headline)
