"""Flight from deposits: how much left the banks, who was alarmed, and how long the banks' reserves lasted."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Finding, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.findings import stated
from reports.sections.context import Context, explained
from reports.source import Event
from reports.view.bins import fold
from reports.view.timeline import Events
from reports.view.values import instant, part, share_of, whole
from sandbox.features.flight import figures, names
from sandbox.features.flight import view as flight
from sandbox.features.flight.metrics import WAITING
from sandbox.language import N_, _

_BASE = "risk.disintermediation"
_TABLE_ROWS = 60


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a flight."""
    if not part(context.run.get("flight")):
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    blocks += [Paragraph(_people(context)), Paragraph(_limit(context)), *_course(context), *_banks(context)]
    return (Section("flight", _("Flight from deposits"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much left and what it did to the banks, in one sentence."""
    outflow, deposits = context.whole("flight.outflow_fen"), context.whole("flight.deposits_fen")
    if outflow is None or deposits is None:
        return None
    counts = {name: context.whole(f"{_BASE}.{name}") for name in ("banks", "banks_breaching")}
    waiting = context.whole(f"{_BASE}.banks_with_customers_waiting")
    key = N_(
        "Of {deposits} of deposits {outflow} ({share}) were turned into digital currency. The reserves "
        "of all {banks} banks sufficed."
    )
    if counts["banks_breaching"]:
        key = (
            N_(
                "Of {deposits} of deposits {outflow} ({share}) were turned into digital currency. The reserves "
                "of {breaching} of {banks} banks did not suffice; at {waiting} of them customers had to wait for "
                "their money."
            )
            if waiting
            else N_(
                "Of {deposits} of deposits {outflow} ({share}) were turned into digital currency. The reserves "
                "of {breaching} of {banks} banks did not suffice; the central bank lent what they lacked."
            )
        )
    return _(
        key,
        deposits=formats.money(deposits),
        outflow=formats.money(outflow),
        share=formats.share(share_of(outflow, deposits)),
        banks=formats.count(counts["banks"]),
        breaching=formats.count(counts["banks_breaching"]),
        waiting=formats.count(waiting),
    )


def _people(context: Context) -> str:
    news, contacts = (context.whole(f"flight.alarmed_by_{name}") or 0 for name in ("news", "contacts"))
    people = context.whole("flight.people")
    if not news + contacts:
        return _(
            "Nobody of {people} people was alarmed; what moved is what people hold for their payments.",
            people=formats.count(people),
        )
    return _(
        "Of {people} people {share} were alarmed: {news} by news and {contacts} by people they know. "
        "{kept} of their deposits stayed all the same, because of a limit on what one may hold, of "
        "deposit insurance, or of a bank that had nothing left.",
        people=formats.count(people),
        news=formats.count(news),
        contacts=formats.count(contacts),
        share=formats.share(share_of(news + contacts, people)),
        kept=formats.money(context.whole("flight.kept_back_fen")),
    )


def _limit(context: Context) -> str:
    limit, before = context.whole("flight.holding_limit_fen"), context.whole("flight.before_fen")
    said = [
        _("No holding limit was set; only the limits of the wallets' classes hold.")
        if limit is None
        else _("A person may hold at most {limit} of digital currency.", limit=formats.whole_money(limit))
    ]
    if before:
        said.append(
            _("{before} of the outflow was there before any alarm, held for payments.", before=formats.money(before))
        )
    funding, unmet = (context.whole(f"{_BASE}.{name}_fen") for name in ("funding_drawn", "unmet"))
    said.append(
        _(
            "Banks borrowed {funding} from the central bank when their reserves were gone.",
            funding=formats.money(funding),
        )
    )
    said.append(
        _("At the end people still waited for {unmet}.", unmet=formats.money(unmet))
        if unmet
        else _("At the end nobody waited for money.")
    )
    return " ".join(said)


def _course(context: Context) -> list[Block]:
    found = flight.courses(context.run)
    whole = found.get(None)
    if whole is None:
        return []
    order = sorted((bank for bank in flight.banks(context.run) if bank.course), key=lambda bank: -(bank.moved or 0))
    worst, people = (order[0] if order else None), context.whole("flight.people")
    labels = Labels([worst.name] if worst else [])
    line = (labels[worst.name], worst.course) if worst and worst.course else None
    step = int(whole.at_us[1] - whole.at_us[0]) if len(whole.at_us) > 1 else context.run.bin_us
    bins = fold(whole.at_us, max(1, step), _TABLE_ROWS)
    moved, alarmed = bins.highest(whole.moved), bins.highest(whole.alarmed)
    rows = tuple(
        (formats.moment(context.start, int(at_us)), formats.share(float(share)), formats.count(float(number)))
        for at_us, share, number in zip(bins.edges_us, moved, alarmed, strict=False)
    )
    head = (_("From"), _("Left by the end of the step"), _("People alarmed by then"))
    alt = {"share": formats.share(float(whole.moved[-1])), "alarmed": formats.count(int(whole.alarmed[-1]))}
    return [
        Heading("flight-outflow", _("What left, and who was alarmed")),
        Chart(
            key="flight-outflow",
            title=_("Deposits turned into digital currency over time"),
            shows=_(
                "The share of deposits that had moved by then, of all banks together and of the bank in the "
                "table that lost most ({bank}); below, the share of all people who were alarmed by then.",
                bank=worst.name if worst else formats.NOTHING,
            ),
            hides=_(
                "That anybody comes back: people do not calm down in this model, and banks do not raise rates. "
                "Alarm does not depend on limits, so they change how much moves and never who is alarmed."
            ),
            alt=_("At the end {share} of all deposits had moved and {alarmed} people were alarmed.", **alt),
            table=Table(_("Deposits turned into digital currency over time"), head, rows, folded=True),
            draw=lambda: figures.outflow(whole, line, people, context.overlay),
            names=explained(labels),
        ),
    ]


def _banks(context: Context) -> list[Block]:
    found = flight.banks(context.run)
    if not found:
        return []
    table = _banks_table(context, found)
    heading, hint = (
        Heading("flight-banks", _("How long the reserves lasted")),
        Note(
            _(
                "Ordinary payments leave reserves alone in this model. Where balances are owed by the wallet's "
                "operator (digital deposit), reserves move to that operator, so that others' rise; where they "
                "are owed by the central bank (digital cash), reserves are gone."
            )
        ),
    )
    drawn = [bank for bank in found if bank.course]
    if not drawn:
        return [heading, table, hint]
    labels = Labels(bank.name for bank in drawn)
    items = (_("{name} {moved}", name=bank.name, moved=formats.share(bank.moved)) for bank in drawn)
    chart = Chart(
        key="flight-banks",
        title=_("The banks that are worst off"),
        shows=_(
            "For each bank its reserves at the central bank as a share of those at the start. Marked: the "
            "moment at which they no longer sufficed, and the one from which customers had to wait because "
            "loans did not either. At the right the share of deposits that left."
        ),
        hides=_(
            "Loans from the central bank (in the table), and banks that are better off. Reserves above one "
            "and a half times those at the start are cut off."
        ),
        alt=_("Share of deposits that left, by bank: {list}.", list="; ".join(items)),
        table=table,
        draw=lambda: figures.reserves(drawn, labels, context.overlay.without_marks),
        names=explained(labels),
    )
    return [heading, chart, hint]


def _banks_table(context: Context, found: list[flight.Bank]) -> Table:
    rows = tuple(
        (
            bank.name,
            formats.yuan(bank.deposits_fen),
            formats.share(share_of(bank.buffer_fen, bank.deposits_fen)),
            formats.yuan(bank.outflow_fen),
            formats.share(bank.moved),
            formats.yuan(bank.funding_fen),
            _when(context, bank.breached_us),
            _when(context, bank.waiting_us),
        )
        for bank in found
    )
    columns = (
        _("Bank"),
        _("Deposits, yuan"),
        _("Reserves of deposits"),
        _("Left, yuan"),
        _("Left of deposits"),
        _("Borrowed, yuan"),
        _("Reserves did not suffice"),
        _("Customers had to wait"),
    )
    return Table(_("The banks that are worst off"), columns, rows)


def _when(context: Context, at_us: int | None) -> str:
    return _("no") if at_us is None else formats.moment(context.start, at_us)


def risks(context: Context) -> list[Finding]:
    """What left, which banks could not pay, what they borrowed."""
    number, whole = context.number, context.whole
    outflow, breaching = number(f"{_BASE}.outflow_share"), number(f"{_BASE}.breaching_share_of_deposits")
    counts = {name: whole(f"{_BASE}.{name}") for name in ("banks", "banks_breaching", "banks_with_customers_waiting")}
    banks, broke, waited = (formats.count(one) for one in counts.values())
    waiting = share_of(counts["banks_with_customers_waiting"], counts["banks"])
    funding, unmet = (whole(f"{_BASE}.{name}_fen") for name in ("funding_drawn", "unmet"))
    first = context.run.get(f"{_BASE}.first_breach_bank")
    breach = (
        N_(
            "{breaching} of {banks} banks, with {value} of all deposits, ran out of reserves; the first was "
            "{bank}, on {moment}."
        )
        if first
        else N_("{breaching} of {banks} banks, with {value} of all deposits, ran out of reserves.")
    )
    wait = (
        N_("At {waiting} of {banks} banks loans did not suffice either and customers had to wait.")
        if waiting
        else N_("At none of {banks} banks did customers have to wait for their money ({value}).")
    )
    words = {"bank": first, "moment": formats.moment(context.start, instant(whole(f"{_BASE}.first_breach_at_us")))}
    money = formats.money(whole(f"{_BASE}.outflow_fen"))
    return [
        *stated(
            N_("Deposits that left the banks"),
            N_("{value} of all deposits ({money}) were turned into digital currency."),
            outflow,
            formats.share(outflow),
            f"{_BASE}.outflow_share",
            money=money,
        ),
        *stated(
            N_("Deposits of banks whose reserves did not suffice"),
            breach,
            breaching,
            formats.share(breaching),
            f"{_BASE}.breaching_share_of_deposits",
            banks=banks,
            breaching=broke,
            **words,
        ),
        *stated(
            N_("Banks at which customers had to wait"),
            wait,
            waiting,
            formats.share(waiting),
            WAITING,
            banks=banks,
            waiting=waited,
        ),
        *stated(
            N_("Borrowed from the central bank"),
            N_("Banks borrowed {value} against collateral to pay out what was asked for."),
            funding,
            formats.money(funding),
            None,
        ),
        *stated(
            N_("Asked for and not paid"),
            N_("At the end people still waited for {value}."),
            unmet or None,
            formats.money(unmet),
            None,
        ),
    ]


CHAPTER: Final = Chapter(
    section,
    headline,
    {"disintermediation": risks},
    (WAITING,),
    titles={"disintermediation": N_("Flight from deposits")},
)


def _exhausted(event: Event) -> str:
    return _("{asked} asked for, {reserves} left in reserves", **_sums(event, "asked", "reserves"))


def _waits(event: Event) -> str:
    return _("{asked} asked for, {able} left with loans", **_sums(event, "asked", "able"))


def _sums(event: Event, *names: str) -> dict[str, str]:
    return {name: formats.money(whole(event.detail.get(f"{name}_fen"))) for name in names}


EVENTS: Final = Events(
    {"reserves_exhausted": _exhausted, "customers_wait": _waits}, names=names.EVENTS, actors=names.ACTORS
)
