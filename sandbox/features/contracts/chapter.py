"""Programmable money: where it stands, how pending transfers ended, what contracts refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view.values import part, rows, whole, words
from sandbox.features.contracts import view as contracts
from sandbox.features.contracts.schema import KINDS
from sandbox.tables import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TABLE_ROWS: Final = 60
_FEW: Final = 5
"""With more contracts than these the first screen does not tell of each."""


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has contracts."""
    text = _together(context)
    if text is None:
        return ()
    counts = {
        name: formats.count(context.whole(f"contracts.{name}"))
        for name in ("count", "posted", "voided", "expired", "open")
    }
    blocks: list[Block] = [Paragraph(text), Paragraph(say("contracts.endings", **counts))]
    told = [one for one in contracts.contracts(context.run) if one.get("kind") in KINDS and one["kind"] != "courses"]
    blocks += [Paragraph(_own(context, one, "contracts")) for one in told]
    blocks += [*_stands(context), *_courses(context), *_tables(context)]
    return (Section("contracts", say("contracts.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of each contract, a sentence each; of more than a few, of all together."""
    found = [one for one in contracts.contracts(context.run) if one.get("kind") in KINDS]
    if not found or len(found) > _FEW:
        return _together(context)
    said = [_own(context, one, "contracts.short") for one in found]
    said = [one[:1].upper() + one[1:] for one in said]
    most = contracts.most_held_fen(context.run)
    return " ".join([*said, say("contracts.most", most=formats.money(most))] if most else said)


def _together(context: Context) -> str | None:
    """How much was held and where it went."""
    if not part(context.run.get("contracts")):
        return None
    money = {name: context.whole(f"contracts.{name}_fen") for name in ("amount", "spent", "returned", "held")}
    money["most"] = contracts.most_held_fen(context.run)
    words = {name: formats.money(fen) for name, fen in money.items()}
    return say("contracts.head", count=formats.count(context.whole("contracts.count")), **words)


def _own(context: Context, one: Mapping[str, Any], how: str) -> str:
    """What became of one contract: in the words `contracts.short_...` or `contracts....`."""
    own, kind, leaked = part(one.get("own")), str(one.get("kind")), whole(part(one.get("own")).get("leaked"))
    given = dict((*_words(one), *_words(own)))
    outside, refused = part(own.get("refused_outside")), contracts.refused(context.run, one.get("name"))
    given |= {name: formats.count(refused.get(name, 0)) for name in ("keyword", "nothing_left", "expired", "late")}
    given |= {name: formats.count(whole(outside.get(name)) or 0) for name in ("category", "area", "hour")}
    given["outside"] = formats.count(sum(whole(value) or 0 for value in outside.values()))
    back = contracts.gone_back_fen(context.run, one.get("name"))
    given |= {"rejected": formats.money(back.get("voided", 0)), "undecided": formats.money(back.get("expired", 0))}
    given |= {"name": words(one.get("name")), "parts": given.get("parts_taken", formats.NOTHING)}
    bound = whole(own.get("bound_fen"))
    given["bound"] = say("contracts.no_bound") if bound is None else formats.money(bound)
    if leaked:
        given["most"] = given.get("stolen_most", formats.NOTHING)
    try:
        if how == "contracts.short":
            return say("contracts.short_leak" if leaked else f"contracts.short_{kind}", **given)
        text = say(f"contracts.{kind}", **given)
        return f"{text} {say('contracts.leak', **given)}" if leaked else text
    except KeyError:
        # A summary by another hand: what it does not say is not said.
        return f"{given['name']}."


def _words(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Numbers of a summary as a sentence has them, by name; sums without their unit."""
    for name, value in values.items():
        if name.endswith("_fen"):
            yield name.removesuffix("_fen"), formats.money(whole(value))
        elif not isinstance(value, (str, Mapping)):
            yield name, formats.count(whole(value))


def _stands(context: Context) -> list[Block]:
    found = contracts.stands(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from sandbox.features.contracts.figures import stands

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
        from sandbox.features.contracts.figures import chains

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
    if not isinstance(reason, str):
        return formats.NOTHING
    return known("outcome" if reason in OUTCOMES else "contract_reason", reason)


def _table(title: str, columns: tuple[str, ...], body: tuple[tuple[str, ...], ...]) -> Table:
    return Table(say(title), tuple(say(f"col.{name}") for name in columns), body)


CHAPTER: Final = Chapter(section, headline)
