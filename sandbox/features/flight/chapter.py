"""Flight from deposits: how much left the banks, who was alarmed, and how long the banks' reserves lasted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import formats
from reports.chapter import Chapter, Find
from reports.document import Block, Chart, Finding, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.source import Event
from reports.text import say
from reports.view.bins import fold
from reports.view.timeline import Events
from reports.view.values import instant, part, share_of, whole
from sandbox.features.flight import view as flight
from sandbox.features.flight.metrics import WAITING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BASE = "risk.disintermediation"
_TABLE_ROWS = 60


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a flight."""
    if not part(context.run.get("flight")):
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    blocks += [Paragraph(_people(context)), Paragraph(_limit(context)), *_course(context), *_banks(context)]
    return (Section("flight", say("flight.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much left and what it did to the banks, in one sentence."""
    outflow, deposits = context.whole("flight.outflow_fen"), context.whole("flight.deposits_fen")
    if outflow is None or deposits is None:
        return None
    counts = {name: context.whole(f"{_BASE}.{name}") for name in ("banks", "banks_breaching")}
    waiting = context.whole(f"{_BASE}.banks_with_customers_waiting")
    key = "flight.head_none"
    if counts["banks_breaching"]:
        key = "flight.head_breached" if waiting else "flight.head_lent"
    return say(
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
        return say("flight.nobody", people=formats.count(people))
    return say(
        "flight.people",
        people=formats.count(people),
        news=formats.count(news),
        contacts=formats.count(contacts),
        share=formats.share(share_of(news + contacts, people)),
        kept=formats.money(context.whole("flight.kept_back_fen")),
    )


def _limit(context: Context) -> str:
    limit, before = context.whole("flight.holding_limit_fen"), context.whole("flight.before_fen")
    said = [say("flight.no_limit") if limit is None else say("flight.limit", limit=formats.whole_money(limit))]
    if before:
        said.append(say("flight.before", before=formats.money(before)))
    funding, unmet = (context.whole(f"{_BASE}.{name}_fen") for name in ("funding_drawn", "unmet"))
    said.append(say("flight.funding", funding=formats.money(funding)))
    said.append(say("flight.unmet", unmet=formats.money(unmet)) if unmet else say("flight.all_met"))
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

    def draw() -> Figure:
        from sandbox.features.flight.figures import outflow

        return outflow(whole, line, people, context.overlay)

    step = int(whole.at_us[1] - whole.at_us[0]) if len(whole.at_us) > 1 else context.run.bin_us
    bins = fold(whole.at_us, max(1, step), _TABLE_ROWS)
    moved, alarmed = bins.highest(whole.moved), bins.highest(whole.alarmed)
    rows = tuple(
        (formats.moment(context.start, int(at_us)), formats.share(float(share)), formats.count(float(number)))
        for at_us, share, number in zip(bins.edges_us, moved, alarmed, strict=False)
    )
    head = tuple(say(f"col.{name}") for name in ("from", "moved", "alarmed"))
    alt = {"share": formats.share(float(whole.moved[-1])), "alarmed": formats.count(int(whole.alarmed[-1]))}
    return [
        Heading("flight-outflow", say("flight.outflow_heading")),
        Chart(
            key="flight-outflow",
            title=say("flight.outflow_title"),
            shows=say("flight.outflow_shows", bank=worst.name if worst else formats.NOTHING),
            hides=say("flight.outflow_hides"),
            alt=say("flight.outflow_alt", **alt),
            table=Table(say("flight.outflow_title"), head, rows, folded=True),
            draw=draw,
            names=explained(labels),
        ),
    ]


def _banks(context: Context) -> list[Block]:
    found = flight.banks(context.run)
    if not found:
        return []
    table = _banks_table(context, found)
    heading, hint = Heading("flight-banks", say("flight.banks_heading")), Note(say("flight.banks_note"))
    drawn = [bank for bank in found if bank.course]
    if not drawn:
        return [heading, table, hint]
    labels = Labels(bank.name for bank in drawn)

    def draw() -> Figure:
        from sandbox.features.flight.figures import reserves

        return reserves(drawn, labels, context.overlay.without_marks)

    items = (say("flight.banks_item", name=bank.name, moved=formats.share(bank.moved)) for bank in drawn)
    chart = Chart(
        key="flight-banks",
        title=say("flight.banks_title"),
        shows=say("flight.banks_shows"),
        hides=say("flight.banks_hides"),
        alt=say("flight.banks_alt", list="; ".join(items)),
        table=table,
        draw=draw,
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
    columns = ("bank", "deposits", "reserves", "left_yuan", "left_share", "borrowed", "breached_at", "waiting_at")
    return Table(say("flight.banks_title"), tuple(say(f"col.{name}") for name in columns), rows)


def _when(context: Context, at_us: int | None) -> str:
    return say("flight.never") if at_us is None else formats.moment(context.start, at_us)


def risks(context: Context, finding: Find) -> list[Finding]:
    """What left, which banks could not pay, what they borrowed."""
    number, whole = context.number, context.whole
    outflow, breaching = number(f"{_BASE}.outflow_share"), number(f"{_BASE}.breaching_share_of_deposits")
    counts = {name: whole(f"{_BASE}.{name}") for name in ("banks", "banks_breaching", "banks_with_customers_waiting")}
    banks, broke, waited = (formats.count(one) for one in counts.values())
    waiting = share_of(counts["banks_with_customers_waiting"], counts["banks"])
    funding, unmet = (whole(f"{_BASE}.{name}_fen") for name in ("funding_drawn", "unmet"))
    first = context.run.get(f"{_BASE}.first_breach_bank")
    key, wait = "dis.breaching.first" if first else "dis.breaching", "dis.waiting" if waiting else "dis.waiting.none"
    words = {"bank": first, "moment": formats.moment(context.start, instant(whole(f"{_BASE}.first_breach_at_us")))}
    money = formats.money(whole(f"{_BASE}.outflow_fen"))
    return [
        *finding("dis.outflow", outflow, formats.share(outflow), f"{_BASE}.outflow_share", money=money),
        *finding(
            key, breaching, formats.share(breaching), f"{_BASE}.breaching_share_of_deposits",
            banks=banks, breaching=broke, **words,
        ),
        *finding(wait, waiting, formats.share(waiting), WAITING, banks=banks, waiting=waited),
        *finding("dis.funding", funding, formats.money(funding), None),
        *finding("dis.unmet", unmet or None, formats.money(unmet), None),
    ]  # fmt: skip


CHAPTER: Final = Chapter(section, headline, {"disintermediation": risks}, (WAITING,))


def _exhausted(event: Event) -> str:
    return say("bank_event.exhausted", **_sums(event, "asked", "reserves"))


def _waits(event: Event) -> str:
    return say("bank_event.waits", **_sums(event, "asked", "able"))


def _sums(event: Event, *names: str) -> dict[str, str]:
    return {name: formats.money(whole(event.detail.get(f"{name}_fen"))) for name in names}


EVENTS: Final = Events({"reserves_exhausted": _exhausted, "customers_wait": _waits})
