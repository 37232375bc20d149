"""Flight from deposits: how much left the banks, who was alarmed, and how long the banks' reserves lasted."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Finding, Heading, Note, Paragraph, Section
from reports.figures.labels import Labels
from reports.findings import finding, stated
from reports.reading import Entries, share_of
from reports.sections.context import Context
from reports.source import Event
from reports.view.bins import fold
from reports.view.events import Events
from sandbox.features.flight import figures, names
from sandbox.features.flight.figures import Course, courses
from sandbox.features.flight.metrics import WAITING
from sandbox.language import N_, _

_BASE: Final = "risk.disintermediation"
_MOVED: Final = ("outflow_fen", "deposits_fen")
_TABLE_ROWS: Final = 60


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a flight."""
    flight, found = context.section("flight"), courses(context.run)
    if not flight:
        return ()
    texts = [text for text in (headline(context), _people(flight), _limit(flight, context.section(_BASE))) if text]
    blocks = [*map(Paragraph, texts), *_course(context, found), *_banks(context, found)]
    return (Section("flight", _("Flight from deposits"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much left and what it did to the banks, in one sentence."""
    flight, at_risk = context.section("flight"), context.section(_BASE)
    if flight.whole("outflow_fen") is None or flight.whole("deposits_fen") is None:
        return None
    sufficed = N_("The reserves of all {banks} banks sufficed.")
    if at_risk.whole("banks_breaching"):
        sufficed = (
            N_(
                "The reserves of {banks_breaching} of {banks} banks did not suffice; at {banks_with_customers_waiting} "
                "of them customers had to wait for their money."
            )
            if at_risk.whole("banks_with_customers_waiting")
            else N_(
                "The reserves of {banks_breaching} of {banks} banks did not suffice; the central bank lent what they "
                "lacked."
            )
        )
    moved = flight.says(
        "Of {deposits_fen} of deposits {outflow_fen} ({share}) were turned into digital currency.",
        share=formats.share(flight.ratio(*_MOVED)),
    )
    return f"{moved} {at_risk.says(sufficed)}"


def risks(context: Context) -> list[Finding]:
    """What left, which banks could not pay, what they borrowed."""
    at_risk = context.section(_BASE)
    waiting = at_risk.ratio("banks_with_customers_waiting", "banks")
    return [
        *finding(
            at_risk,
            "outflow_share",
            "Deposits that left the banks",
            "{value} of all deposits ({outflow_fen}) were turned into digital currency.",
        ),
        *finding(
            at_risk,
            "breaching_share_of_deposits",
            "Deposits of banks whose reserves did not suffice",
            N_(
                "{banks_breaching} of {banks} banks, with {value} of all deposits, ran out of reserves; the first was "
                "{first_breach_bank}, on {moment}."
            )
            if at_risk.get("first_breach_bank")
            else N_("{banks_breaching} of {banks} banks, with {value} of all deposits, ran out of reserves."),
            moment=formats.moment(context.start, at_risk.instant("first_breach_at_us")),
        ),
        *stated(
            "Banks at which customers had to wait",
            N_("At {waiting} of {banks} banks loans did not suffice either and customers had to wait.")
            if waiting
            else N_("At none of {banks} banks did customers have to wait for their money ({value})."),
            waiting,
            formats.share(waiting),
            WAITING,
            banks=at_risk.shown("banks"),
            waiting=at_risk.shown("banks_with_customers_waiting"),
        ),
        *finding(
            at_risk,
            "funding_drawn_fen",
            "Borrowed from the central bank",
            "Banks borrowed {value} against collateral to pay out what was asked for.",
        ),
        *(
            finding(at_risk, "unmet_fen", "Asked for and not paid", "At the end people still waited for {value}.")
            if at_risk.whole("unmet_fen")
            else []
        ),
    ]


def _people(flight: Entries) -> str:
    alarmed = flight.amount("alarmed_by_news") + flight.amount("alarmed_by_contacts")
    if not alarmed:
        return flight.says("Nobody of {people} people was alarmed; what moved is what people hold for their payments.")
    return flight.says(
        "Of {people} people {share} were alarmed: {alarmed_by_news} by news and {alarmed_by_contacts} by people they "
        "know. {kept_back_fen} of their deposits stayed all the same, because of a limit on what one may hold, of "
        "deposit insurance, or of a bank that had nothing left.",
        share=formats.share(share_of(alarmed, flight.get("people"))),
    )


def _limit(flight: Entries, at_risk: Entries) -> str:
    limit = flight.whole("holding_limit_fen")
    said = [
        _("No holding limit was set; only the limits of the wallets' classes hold.")
        if limit is None
        else _("A person may hold at most {limit} of digital currency.", limit=formats.whole_money(limit))
    ]
    if flight.whole("before_fen"):
        said.append(flight.says("{before_fen} of the outflow was there before any alarm, held for payments."))
    said.append(at_risk.says("Banks borrowed {funding_drawn_fen} from the central bank when their reserves were gone."))
    said.append(
        at_risk.says("At the end people still waited for {unmet_fen}.")
        if at_risk.whole("unmet_fen")
        else _("At the end nobody waited for money.")
    )
    return " ".join(said)


def _drawn(context: Context, found: dict[str | None, Course]) -> list[tuple[Entries, Course]]:
    """The banks that are worst off, with their course where the table has one."""
    banks = ((bank, found.get(bank.text("bank"))) for bank in context.section("flight").rows("worst"))
    return [(bank, course) for bank, course in banks if course is not None]


def _course(context: Context, found: dict[str | None, Course]) -> list[Block]:
    whole, people = found.get(None), context.section("flight").whole("people")
    if whole is None:
        return []
    order = sorted(_drawn(context, found), key=lambda one: -(one[0].ratio(*_MOVED) or 0))
    lost = [(bank.text("bank"), course) for bank, course in order[:1]]
    labels = Labels(name for name, _one in lost)
    line = next(((labels[name], course) for name, course in lost), None)
    step = int(whole.at_us[1] - whole.at_us[0]) if len(whole.at_us) > 1 else context.run.bin_us
    bins = fold(whole.at_us, max(1, step), _TABLE_ROWS)
    numbers = table(
        _("Deposits turned into digital currency over time"),
        zip(bins.edges_us, bins.highest(whole.moved), bins.highest(whole.alarmed), strict=False),
        (_("From"), lambda one: formats.moment(context.start, int(one[0]))),
        (_("Left by the end of the step"), lambda one: formats.share(float(one[1]))),
        (_("People alarmed by then"), lambda one: formats.count(float(one[2]))),
        folded=True,
    )
    return chart(
        "flight-outflow",
        _("What left, and who was alarmed"),
        numbers,
        lambda: figures.outflow(whole, line, people, context.overlay),
        shows=_(
            "The share of deposits that had moved by then, of all banks together and of the bank in the table that "
            "lost most ({bank}); below, the share of all people who were alarmed by then.",
            bank=lost[0][0] if lost else formats.NOTHING,
        ),
        hides=_(
            "That anybody comes back: people do not calm down in this model, and banks do not raise rates. Alarm does "
            "not depend on limits, so they change how much moves and never who is alarmed."
        ),
        alt=_(
            "At the end {share} of all deposits had moved and {alarmed} people were alarmed.",
            share=formats.share(float(whole.moved[-1])),
            alarmed=formats.count(int(whole.alarmed[-1])),
        ),
        labels=[labels],
    )


def _banks(context: Context, found: dict[str | None, Course]) -> list[Block]:
    def when(at_us: int | None) -> str:
        return _("no") if at_us is None else formats.moment(context.start, at_us)

    banks, drawn = context.section("flight").rows("worst"), _drawn(context, found)
    if not banks:
        return []
    numbers = table(
        _("The banks that are worst off"),
        banks,
        (_("Bank"), "bank"),
        (_("Deposits, yuan"), "deposits_fen"),
        (_("Reserves of deposits"), lambda bank: formats.share(bank.ratio("buffer_fen", "deposits_fen"))),
        (_("Left, yuan"), "outflow_fen"),
        (_("Left of deposits"), lambda bank: formats.share(bank.ratio(*_MOVED))),
        (_("Borrowed, yuan"), "funding_fen"),
        (_("Reserves did not suffice"), lambda bank: when(bank.instant("breached_at_us"))),
        (_("Customers had to wait"), lambda bank: when(bank.instant("exhausted_at_us"))),
    )
    heading = _("How long the reserves lasted")
    hint = Note(
        _(
            "Ordinary payments leave reserves alone in this model. Where balances are owed by the wallet's operator "
            "(digital deposit), reserves move to that operator, so that others' rise; where they are owed by the "
            "central bank (digital cash), reserves are gone."
        )
    )
    if not drawn:
        return [Heading("flight-banks", heading), numbers, hint]
    labels = Labels(bank.text("bank") for bank, _one in drawn)
    items = (
        _("{name} {moved}", name=bank.text("bank"), moved=formats.share(bank.ratio(*_MOVED))) for bank, _one in drawn
    )
    blocks = chart(
        "flight-banks",
        heading,
        numbers,
        lambda: figures.reserves(drawn, labels, context.overlay.without_marks),
        shows=_(
            "For each bank its reserves at the central bank as a share of those at the start. Marked: the moment at "
            "which they no longer sufficed, and the one from which customers had to wait because loans did not either. "
            "At the right the share of deposits that left."
        ),
        hides=_(
            "Loans from the central bank (in the table), and banks that are better off. Reserves above one and a half "
            "times those at the start are cut off."
        ),
        alt=_("Share of deposits that left, by bank: {list}.", list=formats.series(items)),
        labels=[labels],
    )
    return [*blocks, hint]


CHAPTER: Final = Chapter(
    section,
    headline,
    {"disintermediation": risks},
    (WAITING,),
    titles={"disintermediation": N_("Flight from deposits")},
    answers=(
        "risk.disintermediation.outflow_share",
        "flight.outflow_fen",
        "risk.disintermediation.banks_breaching",
        "risk.disintermediation.first_breach_at_us",
        "flight.kept_back_fen",
        "flight.unmet_fen",
    ),
)


def _exhausted(event: Event) -> str:
    return _("{asked} asked for, {reserves} left in reserves", **_sums(event, "asked", "reserves"))


def _waits(event: Event) -> str:
    return _("{asked} asked for, {able} left with loans", **_sums(event, "asked", "able"))


def _sums(event: Event, *names: str) -> dict[str, str]:
    return {name: formats.money(event.entries.whole(f"{name}_fen")) for name in names}


EVENTS: Final = Events(
    {"reserves_exhausted": _exhausted, "customers_wait": _waits},
    names=names.EVENTS,
    actors=names.ACTORS,
    fields=names.DETAILS,
)
