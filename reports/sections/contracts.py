"""Programmable money: where it stands, how pending transfers ended, what contracts refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view import contracts
from reports.view.values import part, rows, whole, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TABLE_ROWS: Final = 60
_SAY: Final = {
    "subsidies": "subsidy",
    "gifts": "gift",
    "deliveries": "delivery",
    "dividends": "dividend",
    "fees": "fee",
    "sub_wallets": "sub_wallet",
}


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has contracts."""
    text = headline(context)
    if text is None:
        return ()
    counts = {
        name: formats.count(context.whole(f"contracts.{name}"))
        for name in ("count", "posted", "voided", "expired", "open")
    }
    blocks: list[Block] = [Paragraph(text), Paragraph(say("contracts.endings", **counts))]
    blocks += [Paragraph(_own(one)) for one in contracts.contracts(context.run) if one.get("kind") in _SAY]
    blocks += [*_stands(context), *_courses(context), *_tables(context)]
    return (Section("contracts", say("contracts.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was held and where it went, in one sentence."""
    if not part(context.run.get("contracts")):
        return None
    money = {
        name: formats.money(context.whole(f"contracts.{name}_fen")) for name in ("amount", "spent", "returned", "held")
    }
    return say("contracts.head", count=formats.count(context.whole("contracts.count")), **money)


def _own(one: Mapping[str, Any]) -> str:
    """What is special to one contract."""
    own, kind = part(one.get("own")), str(one.get("kind"))
    counts = {name: formats.count(whole(value)) for name, value in own.items() if not name.endswith("_fen")}
    money = {name.removesuffix("_fen"): formats.money(whole(own[name])) for name in own if name.endswith("_fen")}
    outside = part(own.get("refused_outside"))
    reasons = {name: whole(value) or 0 for name, value in outside.items()}
    given: dict[str, str] = {
        **{"category": "0", "area": "0", "hour": "0"},
        **counts,
        **money,
        **{name: formats.count(value) for name, value in reasons.items()},
    }
    given |= {"outside": formats.count(sum(reasons.values())), "name": words(one.get("name"))}
    given["parts"] = counts.get("parts_taken", formats.NOTHING)
    try:
        text = say(f"contracts.{_SAY[kind]}", **given)
        if kind == "sub_wallets" and whole(own.get("leaked")):
            bound = whole(own.get("bound_fen"))
            given["bound"] = say("contracts.no_bound") if bound is None else formats.money(bound)
            given["most"] = formats.money(whole(own.get("stolen_most_fen")))
            text += " " + say("contracts.leak", **given)
    except KeyError:
        # A summary by another hand: what it does not say is not said.
        text = words(one.get("name"))
    return text


def _stands(context: Context) -> list[Block]:
    found = contracts.stands(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from reports.figures.contracts import stands

        return stands(found, context.overlay)

    step = max(1, -(-max(len(one.held_fen) for one in found) // _TABLE_ROWS))
    body = tuple(
        (
            known("contract_kind", one.kind),
            formats.moment(context.start, int(one.edges_us[place + 1])),
            *(formats.yuan(int(column[place])) for column in (one.spent_fen, one.held_fen, one.returned_fen)),
        )
        for one in found
        for place in range(step - 1, len(one.held_fen), step)
    )
    head = tuple(say(f"col.{name}") for name in ("contract_kind", "until", "gone_on", "still_held", "gone_back"))
    items = (
        say(
            "contracts.stands_item",
            kind=known("contract_kind", one.kind),
            spent=formats.money(int(one.spent_fen[-1])),
            held=formats.money(int(one.held_fen[-1])),
            returned=formats.money(int(one.returned_fen[-1])),
        )
        for one in found
    )
    chart = Chart(
        key="contracts-money",
        title=say("contracts.stands_title"),
        shows=say("contracts.stands_shows"),
        hides=say("contracts.stands_hides"),
        alt=say("contracts.stands_alt", list="; ".join(items)),
        table=Table(say("contracts.stands_title"), head, body, folded=True),
        draw=draw,
    )
    return [Heading("contracts-money", say("contracts.stands_heading")), chart]


def _courses(context: Context) -> list[Block]:
    found = contracts.chains(context.run)
    if not found:
        return []
    labels = Labels(one.name for one in found)

    def draw() -> Figure:
        from reports.figures.contracts import chains

        return chains(found, labels)

    columns = ("paid", "delivered", "back", "lost", "owed")
    head = (say("col.contract"), say("col.opened"), *(say(f"fig.course_{name}") for name in columns[1:]))
    body = tuple((one.name, *(formats.yuan(getattr(one, f"{name}_fen")) for name in columns)) for one in found)
    items = (
        say("contracts.course_item", name=one.name, lost=formats.money(one.lost_fen), paid=formats.money(one.paid_fen))
        for one in found
    )
    said = [Paragraph(_course(one)) for one in contracts.contracts(context.run, "courses")]
    chart = Chart(
        key="contracts-courses",
        title=say("contracts.course_title"),
        shows=say("contracts.course_shows"),
        hides=say("contracts.course_hides"),
        alt=say("contracts.course_alt", list="; ".join(items)),
        table=Table(say("contracts.course_title"), head, body),
        draw=draw,
        names=explained(labels),
    )
    return [Heading("contracts-courses", say("contracts.course_heading")), *said, chart]


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
    key = "contracts.course_with" if own.get("escrow") is True else "contracts.course_without"
    return say(key, name=words(one.get("name")), **counts, **money)


def _tables(context: Context) -> list[Block]:
    """Contracts, endings and refusals as tables."""
    money = ("amount_fen", "spent_fen", "returned_fen", "held_fen")
    head = ("contract", "contract_kind", "pendings", "opened", "gone_on", "gone_back", "still_held")
    all_of_them = tuple(
        (
            words(one.get("name")),
            known("contract_kind", one.get("kind")),
            formats.count(whole(one.get("count"))),
            *(formats.yuan(whole(one.get(name))) for name in money),
        )
        for one in contracts.contracts(context.run)
    )
    endings = tuple(
        (
            words(one.get("name")),
            known("ending", one.get("ending")),
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
    blocks: list[Block] = [_table("contracts.contracts_title", head, all_of_them)]
    if endings:
        names = ("contract", "ending", "why", "pendings", "gone_on", "gone_back")
        blocks.append(_table("contracts.endings_title", names, endings))
    if refused:
        blocks.append(Heading("contracts-refused", say("contracts.refused_heading")))
        blocks.append(_table("contracts.refused_title", ("contract", "why", "attempts_refused"), refused))
        blocks.append(Note(say("contracts.refused_note")))
    return blocks


def _why(reason: Any) -> str:
    return known("contract_reason", reason) if isinstance(reason, str) else formats.NOTHING


def _table(title: str, columns: tuple[str, ...], body: tuple[tuple[str, ...], ...]) -> Table:
    return Table(say(title), tuple(say(f"col.{name}") for name in columns), body)
