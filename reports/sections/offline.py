"""Hard wallets: what was paid without a network, how long it took to settle, and what broken purses cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import formats
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view import offline
from reports.view.bins import fold
from reports.view.values import number, part, share_of, whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS = 60
_MONEY = ("loaded", "covered", "paid_out", "in_escrow")


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has hard wallets."""
    if not part(context.run.get("offline")):
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    blocks += [Paragraph(_loss(context)), Paragraph(_people(context)), *_outcomes(context)]
    blocks += [*_value(context), *_times(context), *_broken(context)]
    return (Section("offline", say("offline.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was paid offline and how fast it settled, in one or two sentences."""
    purses, payments = context.whole("offline.purses"), context.whole("offline.payments")
    if purses is None or payments is None:
        return None
    if not payments:
        return say("offline.head_none", purses=formats.count(purses))
    return say(
        "offline.head",
        purses=formats.count(purses),
        payments=formats.count(payments),
        value=formats.money(context.whole("offline.payments_fen")),
        settled=formats.count(context.whole("offline.outcomes.settled")),
        **_quantiles(context),
    )


def _quantiles(context: Context) -> dict[str, str]:
    return {name: formats.duration(context.whole(f"offline.time_to_settle.{name}_us")) for name in ("p50", "p95")}


def _loss(context: Context) -> str:
    loss = {name: context.whole(f"offline.loss.{name}_fen") or 0 for name in ("spent_twice", "bound", "late", "gone")}
    said = [say("offline.no_loss")]
    if loss["spent_twice"]:
        said[0] = say(
            "offline.head_loss",
            loss=formats.money(loss["spent_twice"]),
            share=formats.share(share_of(loss["spent_twice"], loss["bound"])),
            bound=formats.money(loss["bound"]),
            tamperings=formats.count(context.whole("offline.loss.tamperings")),
        )
    borne = {name: context.whole(f"offline.loss.by_bearer_fen.{name}") or 0 for name in ("operator", "fund", "user")}
    if any(borne.values()):
        said.append(say("offline.borne", **{name: formats.money(fen) for name, fen in borne.items()}))
    said += [say(f"offline.{name}", **{name: formats.money(loss[name])}) for name in ("late", "gone") if loss[name]]
    return " ".join(said)


def _people(context: Context) -> str:
    modelled = {name: context.whole(f"offline.modelled.{name}_time_us") for name in ("device", "gateway")}
    said = [
        say(
            "offline.hops",
            mean=formats.decimal(context.number("offline.hops_mean")),
            most=formats.count(context.whole("offline.hops_max")),
        )
    ]
    devices = {name: context.whole(f"offline.devices.{name}") or 0 for name in ("lost", "found", "returned")}
    if any(devices.values()):
        said.append(say("offline.devices", **{name: formats.count(count) for name, count in devices.items()}))
    money = {name: context.whole(f"offline.money.{name}_fen") or 0 for name in ("refunded", "forfeited")}
    if any(money.values()):
        said.append(say("offline.refunded", **{name: formats.money(fen) for name, fen in money.items()}))
    redeemed = context.whole("offline.redeemed_fen")
    if redeemed:
        said.append(say("offline.redeemed", redeemed=formats.money(redeemed)))
    signed = formats.count(context.whole("offline.signed"))
    said.append(say("offline.signed", signed=signed, **{name: formats.duration(us) for name, us in modelled.items()}))
    return " ".join(said)


def _outcomes(context: Context) -> list[Block]:
    payments = context.whole("offline.payments")
    outcomes = {str(name): whole(count) for name, count in part(context.run.get("offline.outcomes")).items()}
    rows = tuple(
        (known("offline_outcome", name), formats.count(count), formats.share(share_of(count, payments)))
        for name, count in outcomes.items()
        if count
    )
    head = tuple(say(f"offline.col.{name}") for name in ("outcome", "payments", "share"))
    blocks: list[Block] = [
        Heading("offline-outcomes", say("offline.outcomes_heading")),
        Table(say("offline.outcomes_title"), head, rows, note=say("offline.outcomes_note")),
    ]
    declined = {str(name): number(count) for name, count in part(context.run.get("offline.declined")).items()}
    order = sorted(declined, key=lambda name: -(declined[name] or 0))
    if order:
        lines = tuple((known("declined", name), formats.count(declined[name])) for name in order)
        head = tuple(say(f"offline.col.{name}") for name in ("reason", "payments"))
        blocks.append(Table(say("offline.declined_title"), head, lines, note=say("offline.declined_note")))
    money = tuple((known("offline_money", name), formats.yuan(_fen(context, name))) for name in _MONEY)
    head = tuple(say(f"offline.col.{name}") for name in ("what", "yuan"))
    blocks.append(Table(say("offline.money_title"), head, money))
    return blocks


def _fen(context: Context, name: str) -> int | None:
    return context.whole(f"offline.money.{name}_fen")


def _value(context: Context) -> list[Block]:
    found, downs = offline.under_way(context.run), offline.downs(context.run)
    if found is None:
        return []

    def draw() -> Figure:
        from reports.figures.offline import value

        return value(found, downs, context.overlay)

    step = int(found.edges_us[1] - found.edges_us[0])
    bins = fold(found.edges_us[:-1], max(1, step), _ROWS)
    rows = tuple(
        (formats.moment(context.start, int(at_us)), formats.yuan(int(fen)))
        for at_us, fen in zip(bins.edges_us, bins.highest(found.value_fen), strict=False)
    )
    head = tuple(say(f"offline.col.{name}") for name in ("from", "under_way"))
    alt = {"most": formats.money(int(found.value_fen.max())), "last": formats.money(int(found.value_fen[-1]))}
    return [
        Heading("offline-value", say("offline.value_heading")),
        Chart(
            key="offline-value",
            title=say("offline.value_title"),
            shows=say("offline.value_shows"),
            hides=say("offline.value_hides"),
            alt=say("offline.value_alt", **alt),
            table=Table(say("offline.value_title"), head, rows, folded=True),
            draw=draw,
        ),
    ]


def _times(context: Context) -> list[Block]:
    found = offline.waits(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from reports.figures.offline import times

        return times(found)

    rows = tuple(
        (say(f"fig.{one.name}"), formats.percent(share), formats.duration(int(one.wait_us[place])))
        for one in found
        for share in (0.5, 0.95, 1.0)
        for place in (min(len(one.wait_us) - 1, int(share * len(one.wait_us))),)
    )
    head = ("", *(say(f"offline.col.{name}") for name in ("settled", "within")))
    longest = formats.duration(context.whole("offline.time_to_settle.max_us"))
    return [
        Heading("offline-times", say("offline.times_heading")),
        Chart(
            key="offline-times",
            title=say("offline.times_title"),
            shows=say("offline.times_shows"),
            hides=say("offline.times_hides"),
            alt=say("offline.times_alt", longest=longest, **_quantiles(context)),
            table=Table(say("offline.times_title"), head, rows, folded=True),
            draw=draw,
        ),
    ]


def _broken(context: Context) -> list[Block]:
    found = offline.broken(context.run)
    if not found:
        return []
    head = ("purse", "kind", "tamperings", "made", "loss", "bound", "stopped")
    rows = tuple(
        (
            one.name,
            known("attack", one.kind),
            formats.count(one.tamperings),
            formats.count(one.payments),
            formats.yuan(one.loss_fen),
            formats.yuan(one.bound_fen),
            say("offline.never") if one.stopped_after_us is None else formats.duration(one.stopped_after_us),
        )
        for one in found
    )
    table = Table(
        say("offline.loss_title"), tuple(say(f"offline.col.{name}") for name in head), rows, text_columns=2, folded=True
    )
    heading = Heading("offline-loss", say("offline.loss_heading"))
    drawn = [one for one in found if one.bound_fen or one.loss_fen][: offline.SHOWN]
    if not drawn:
        return [heading, table, Note(say("offline.no_loss"))]
    labels = Labels(one.name for one in drawn)

    def draw() -> Figure:
        from reports.figures.offline import losses

        return losses(drawn, labels)

    most = {"most": formats.money(drawn[0].loss_fen), "bound": formats.money(drawn[0].bound_fen)}
    return [
        heading,
        Chart(
            key="offline-loss",
            title=say("offline.loss_title"),
            shows=say("offline.loss_shows"),
            hides=say("offline.loss_hides", shown=formats.count(offline.SHOWN)),
            alt=say("offline.loss_alt", purses=formats.count(len(drawn)), **most),
            table=table,
            draw=draw,
            names=explained(labels),
        ),
    ]
