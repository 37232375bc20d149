"""Data for money: how long a trade takes until both ledgers hold its invoice, and how trades ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import formats
from reports.chapter import Chapter, Find
from reports.document import Block, Chart, Finding, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view.values import part, rows, whole, words
from sandbox.features.data_exchange import view as data_exchange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BASE = "data_exchange"


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has a data exchange."""
    if not part(context.run.get(_BASE)):
        return ()
    counts = {
        name: formats.count(context.whole(f"{_BASE}.{name}")) for name in ("invoices", "anchored", "anchors", "entries")
    }
    said = [say("data.anchors", **counts)]
    if context.whole(f"{_BASE}.disputed"):
        said.insert(0, say("data.disputed", disputed=formats.count(context.whole(f"{_BASE}.disputed"))))
    blocks: list[Block] = [Paragraph(headline(context) or ""), Paragraph(" ".join(said)), Paragraph(say("data.check"))]
    blocks += [*_times(context), *_people(context), *_endings(context)]
    return (Section("data-exchange", say("data.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was ordered, paid and returned; how long that took; what is for people."""
    trades = context.whole(f"{_BASE}.trades")
    if trades is None:
        return None
    states = {words(row.get("state")): whole(row.get("trades")) for row in rows(context.run.get(f"{_BASE}.states"))}
    posted = states.get("posted")
    sums = {name: formats.money(context.whole(f"{_BASE}.{name}_fen")) for name in ("ordered", "paid", "returned")}
    said = [say("data.head", trades=formats.count(trades), posted=formats.count(posted), **sums)]
    steps = data_exchange.steps(context.run)
    if steps and steps[-1].name == "anchored":
        half, most = formats.duration(steps[-1].p50_us), formats.duration(steps[-1].p95_us)
        said.append(say("data.head_times", half=half, most=most))
    people, paid = context.whole(f"{_BASE}.people_fen"), context.whole(f"{_BASE}.paid_fen")
    if people and paid and people > 0 and paid > 0:
        out = formats.money(sum(one.paid_fen for one in data_exchange.people(context.run)))
        share = formats.share(people / paid)
        said.append(say("data.head_people", people=formats.money(people), share=share, paid=out))
    return " ".join(said)


def _people(context: Context) -> list[Block]:
    found = data_exchange.people(context.run)
    if not found:
        return []
    labels = Labels(one.product for one in found)

    def draw() -> Figure:
        from sandbox.features.data_exchange.figures import people

        return people(found, labels)

    columns = ("product", "came", "paid_out", "pay_outs", "people", "least_got", "middle_got", "most_got")
    lines = tuple(
        (
            one.product,
            formats.yuan(one.came_fen),
            formats.yuan(one.paid_fen),
            formats.count(one.pay_outs),
            formats.count(one.wallets),
            *(formats.yuan(each) for each in (one.least_fen, one.middle_fen, one.most_fen)),
        )
        for one in found
    )
    items = (
        say(
            "data.people_item" if one.pay_outs else "data.people_none",
            name=one.product,
            came=formats.money(one.came_fen),
            paid=formats.money(one.paid_fen),
            wallets=formats.count(one.wallets),
            middle=formats.money(one.middle_fen),
        )
        for one in found
    )
    chart = Chart(
        key="data-people",
        title=say("data.people_title"),
        shows=say("data.people_shows"),
        hides=say("data.people_hides"),
        alt=say("data.people_alt", list="; ".join(items)),
        table=Table(say("data.people_title"), tuple(say(f"col.{name}") for name in columns), lines),
        draw=draw,
        names=explained(labels),
    )
    return [Heading("data-people", say("data.people_heading")), chart]


def _times(context: Context) -> list[Block]:
    found = data_exchange.steps(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from sandbox.features.data_exchange.figures import times

        return times(found)

    names = [known("data_step", one.name) for one in found]
    lines = tuple(
        (name, formats.count(one.trades), formats.duration(one.p50_us), formats.duration(one.p95_us))
        for name, one in zip(names, found, strict=True)
    )
    items = (
        say("data.times_item", name=name, middle=formats.duration(one.p50_us))
        for name, one in zip(names, found, strict=True)
    )
    head = tuple(say(f"col.{name}") for name in ("step", "reached", "half", "most"))
    chart = Chart(
        key="data-times",
        title=say("data.times_title"),
        shows=say("data.times_shows"),
        hides=say("data.times_hides"),
        alt=say("data.times_alt", list="; ".join(items)),
        table=Table(say("data.times_title"), head, lines),
        draw=draw,
    )
    return [Heading("data-times", say("data.times_heading")), chart]


def _endings(context: Context) -> list[Block]:
    found = data_exchange.products(context.run)
    if not found:
        return []
    labels = Labels(one.name for one in found)

    def draw() -> Figure:
        from sandbox.features.data_exchange.figures import endings

        return endings(found, labels)

    states = [state for state in data_exchange.STATES if any(one.states[state] for one in found)]
    head = (
        *(say(f"col.{name}") for name in ("product", "kind_of_sale", "orders")),
        *(known("data_state", state) for state in states),
        *(say(f"col.{name}") for name in ("units", "paid", "people_share")),
    )
    lines = tuple(
        (
            one.name,
            known("data_kind", one.kind),
            formats.count(one.trades),
            *(formats.count(one.states[state]) for state in states),
            formats.count(one.units),
            formats.yuan(one.paid_fen),
            formats.yuan(one.people_fen),
        )
        for one in found
    )
    items = (
        say(
            "data.ends_item",
            name=one.name,
            trades=formats.count(one.trades),
            posted=formats.count(one.states["posted"]),
        )
        for one in found
    )
    chart = Chart(
        key="data-endings",
        title=say("data.ends_title"),
        shows=say("data.ends_shows"),
        hides=say("data.ends_hides"),
        alt=say("data.ends_alt", list="; ".join(items)),
        table=Table(say("data.ends_title"), head, lines, text_columns=2),
        draw=draw,
        names=explained(labels),
    )
    return [Heading("data-endings", say("data.ends_heading")), chart]


def risks(context: Context, finding: Find) -> list[Finding]:
    """Money that went back, disputes, what hangs, concentration on sellers, invoices in one ledger only."""
    base = "risk.data_exchange"
    returned, disputed, hhi = (
        context.number(f"{base}.{name}") for name in ("returned_share", "disputed_share", "hhi_sellers")
    )
    held, waiting = context.whole(f"{base}.open_fen"), context.whole(f"{base}.not_anchored")
    words = {"equal": formats.decimal(1 / hhi) if hhi else formats.NOTHING}
    words |= {"product": str(context.run.get(f"{base}.top_product"))}
    words |= {"share": formats.share(context.number(f"{base}.top_product_share"))}
    return [
        *finding("dat.returned", returned, formats.share(returned), f"{base}.returned_share",
                 ended=formats.count(context.whole(f"{base}.ended"))),
        *finding("dat.disputed", disputed, formats.share(disputed), None),
        *finding("dat.open", held, formats.money(held), None),
        *finding("dat.hhi", hhi, formats.decimal(hhi), f"{base}.hhi_sellers", **words),
        *finding("dat.anchored", waiting, formats.count(waiting), None),
    ]  # fmt: skip


CHAPTER: Final = Chapter(section, headline, {"data_exchange": risks})
