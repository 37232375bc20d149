"""Hard wallets: what was paid without a network, how long it took to settle, and what broken purses cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import formats
from reports.chapter import Chapter, Find
from reports.document import Block, Chart, Finding, Heading, Note, Paragraph, Section, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.bins import fold
from reports.view.values import number, part, share_of, whole
from sandbox.features.offline import view

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS = 60
_BEARERS = ("operator", "fund", "user", "owner")
_MONEY = ("loaded", "covered", "paid_out", "in_escrow")


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has hard wallets."""
    if not part(context.run.get("offline")):
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    blocks += [Paragraph(_details(context)), *_broken(context), *_outcomes(context)]
    blocks += [*_value(context), *_times(context)]
    return (Section("offline", say("offline.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was paid offline, how fast it settled, and what was lost, in a few sentences."""
    purses, payments = context.whole("offline.purses"), context.whole("offline.payments")
    if purses is None or payments is None:
        return None
    if not payments:
        return say("offline.head_none", purses=formats.count(purses))
    said = [
        *_losses(context),
        say(
            "offline.head",
            purses=formats.count(purses),
            payments=formats.count(payments),
            value=formats.money(context.whole("offline.payments_fen")),
            **_quantiles(context),
        ),
        *_tried(context),
        *_devices(context),
    ]
    return " ".join(said)


def _quantiles(context: Context) -> dict[str, str]:
    return {name: formats.duration(context.whole(f"offline.time_to_settle.{name}_us")) for name in ("p50", "p95")}


def _tried(context: Context) -> list[str]:
    """How much of what people tried went through, and how many loads were refused."""
    tried, made = context.whole("offline.tried"), context.whole("offline.by_owners")
    loads, refused = context.whole("offline.loads"), context.whole("offline.loads_refused")
    said = [] if not tried else [
        say("offline.tried", tried=formats.count(tried), share=formats.share(share_of(made, tried)))
    ]  # fmt: skip
    if loads is not None and (refused or context.whole("offline.devices.returned")):
        said.append(say("offline.loads", refused=formats.count(refused), loads=formats.count(loads + (refused or 0))))
    return said


def _losses(context: Context) -> list[str]:
    """What was spent twice and by finders, and who bore it."""
    names = ("spent_twice", "bound", "found", "found_bound", "late", "gone")
    loss = {name: context.whole(f"offline.loss.{name}_fen") or 0 for name in names}
    money = {name: formats.money(fen) for name, fen in loss.items()}
    said = []
    if loss["spent_twice"]:
        said.append(
            say(
                "offline.head_loss",
                loss=money["spent_twice"],
                share=formats.share(share_of(loss["spent_twice"], loss["bound"])),
                bound=money["bound"],
                tamperings=formats.count(context.whole("offline.loss.tamperings")),
            )
        )
    elif loss["bound"]:
        said.append(say("offline.no_loss"))
    if spent := context.whole("offline.devices.spent"):
        words = {"found": money["found"], "bound": money["found_bound"], "spent": formats.count(spent)}
        said.append(say("offline.found", **words))
    said += [say(f"offline.{name}", **{name: money[name]}) for name in ("late", "gone") if loss[name]]
    borne = {name: context.whole(f"offline.loss.by_bearer_fen.{name}") for name in _BEARERS}
    items = [say(f"offline.borne.{name}", money=formats.money(fen)) for name, fen in borne.items() if fen]
    return [*said, say("offline.borne", list=", ".join(items))] if items else said


def _devices(context: Context) -> list[str]:
    """Purses that were lost and given back."""
    names = ("lost", "reported", "found", "returned")
    devices = {name: context.whole(f"offline.devices.{name}") or 0 for name in names}
    words = {name: formats.count(count) for name, count in devices.items()}
    said = [say("offline.lost", **words)] if devices["lost"] else []
    if devices["returned"]:
        said.append(say("offline.returned", redeemed=formats.money(context.whole("offline.redeemed_fen")), **words))
    return said


def _details(context: Context) -> str:
    """Hops, what came back when times were over, and what is signed."""
    modelled = {name: context.whole(f"offline.modelled.{name}_time_us") for name in ("device", "gateway")}
    said = [
        say(
            "offline.hops",
            mean=formats.decimal(context.number("offline.hops_mean")),
            most=formats.count(context.whole("offline.hops_max")),
        )
    ]
    money = {name: context.whole(f"offline.money.{name}_fen") or 0 for name in ("refunded", "forfeited")}
    if any(money.values()):
        said.append(say("offline.refunded", **{name: formats.money(fen) for name, fen in money.items()}))
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
    found, downs = view.under_way(context.run), view.downs(context.run)
    if found is None:
        return []

    def draw() -> Figure:
        from sandbox.features.offline.figures import value

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
    found = view.waits(context.run)
    if not found:
        return []

    def draw() -> Figure:
        from sandbox.features.offline.figures import times

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
    found = view.broken(context.run)
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
        say("offline.loss_table"), tuple(say(f"offline.col.{name}") for name in head), rows, text_columns=2, folded=True
    )
    heading, spread = Heading("offline-loss", say("offline.loss_heading")), view.spread(context.run)
    if spread is None:
        return [heading, table, Note(say("offline.no_loss"))]

    def draw() -> Figure:
        from sandbox.features.offline.figures import losses

        return losses(spread)

    purses = {"all": formats.count(spread.purses[-1]), "purses": formats.count(sum(spread.purses))}
    money = {"loss": formats.money(spread.loss_fen), "bound": formats.money(spread.bound_fen)}
    return [
        heading,
        Chart(
            key="offline-loss",
            title=say("offline.loss_title"),
            shows=say("offline.loss_shows"),
            hides=say("offline.loss_hides"),
            alt=say("offline.loss_alt", **purses, **money),
            table=table,
            draw=draw,
        ),
    ]


def risks(context: Context, finding: Find) -> list[Finding]:
    """Value outstanding, spent twice against its bound and lost in all, time until settled, what was refused."""
    base = "risk.offline"
    shares = {name: context.number(f"{base}.{name}") for name in ("of_bound", "lost_share", "refused_share")}
    money = {name: context.whole(f"{base}.{name}_fen") for name in ("outstanding_peak", "outstanding", "spent_twice")}
    settle, refused = context.whole(f"{base}.settle_p95_us"), context.whole(f"{base}.refused")
    said = {name: formats.money(fen) for name, fen in money.items()}
    bound = formats.money(context.whole(f"{base}.bound_fen"))
    twice, lost, late = (formats.share(shares[name]) for name in ("of_bound", "lost_share", "refused_share"))
    spent = finding("off.twice", shares["of_bound"], twice, f"{base}.of_bound", money=said["spent_twice"], bound=bound)
    peak = money["outstanding_peak"]
    return [
        *finding("off.outstanding", peak, said["outstanding_peak"], None, last=said["outstanding"]),
        *(spent or [Finding(say("off.twice"), formats.money(0), "none", say("off.twice.none"), "")]),
        *finding("off.lost", shares["lost_share"], lost, f"{base}.lost_share"),
        *finding("off.settle", settle, formats.duration(settle), f"{base}.settle_p95_us"),
        *finding("off.refused", shares["refused_share"], late, f"{base}.refused_share", count=formats.count(refused)),
    ]


CHAPTER: Final = Chapter(section, headline, {"offline": risks})
