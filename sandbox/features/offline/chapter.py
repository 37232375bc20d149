"""Hard wallets: what was paid without a network, how long it took to settle, and what broken purses cost."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.sections.context import Context
from reports.view.bins import fold
from reports.view.values import number, part, share_of, whole
from sandbox.features.offline import figures, risks, view
from sandbox.features.offline.names import ATTACKS, DECLINED, MONEY, OUTCOMES, WAITS
from sandbox.language import N_, _, named

_ROWS = 60


_BORNE: Final = {
    "operator": N_("the operators ({money})"),
    "fund": N_("a fund ({money})"),
    "user": N_("who was paid ({money})"),
    "owner": N_("owners of lost purses ({money})"),
}


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has hard wallets."""
    if not part(context.run.get("offline")):
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    blocks += [Paragraph(_details(context)), *_broken(context), *_outcomes(context)]
    blocks += [*_value(context), *_times(context)]
    return (Section("offline", _("Hard wallets and offline payments"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was paid offline, how fast it settled, and what was lost, in a few sentences."""
    purses, payments = context.whole("offline.purses"), context.whole("offline.payments")
    if purses is None or payments is None:
        return None
    if not payments:
        return _("{purses} purses made no offline payment.", purses=formats.count(purses))
    said = [
        *_losses(context),
        _(
            "{purses} purses made {payments} offline payments of {value}. Half of those that settled did so "
            "within {p50}, 95 % within {p95}.",
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
    said = []
    if tried:
        share = formats.share(share_of(made, tried))
        said.append(
            _(
                "Of {tried} payments that their owners tried, {share} were made.",
                tried=formats.count(tried),
                share=share,
            )
        )
    if loads is not None and (refused or context.whole("offline.devices.returned")):
        said.append(
            _(
                "{refused} of {loads} loads were refused.",
                refused=formats.count(refused),
                loads=formats.count(loads + (refused or 0)),
            )
        )
    return said


def _losses(context: Context) -> list[str]:
    """What was spent twice and by finders, and who bore it."""
    names = ("spent_twice", "bound", "found", "found_bound", "late", "gone")
    loss = {name: context.whole(f"offline.loss.{name}_fen") or 0 for name in names}
    money = {name: formats.money(fen) for name, fen in loss.items()}
    said = []
    if loss["spent_twice"]:
        said.append(
            _(
                "{loss} were spent twice by broken purses, {share} of the {bound} that {tamperings} copies and "
                "the cap on a purse allow.",
                loss=money["spent_twice"],
                share=formats.share(share_of(loss["spent_twice"], loss["bound"])),
                bound=money["bound"],
                tamperings=formats.count(context.whole("offline.loss.tamperings")),
            )
        )
    elif loss["bound"]:
        said.append(_("Nothing was spent twice."))
    if spent := context.whole("offline.devices.spent"):
        words = {"found": money["found"], "bound": money["found_bound"], "spent": formats.count(spent)}
        said.append(
            _(
                "Finders spent {found} of lost purses, of at most {bound} ({spent} times they tried, times the "
                "cap on a purse).",
                **words,
            )
        )
    if loss["late"]:
        said.append(_("{late} were shown too late and are lost to whoever was paid.", late=money["late"]))
    if loss["gone"]:
        said.append(_("{gone} were paid to purses that were lost, by purses that were lost.", gone=money["gone"]))
    borne = {name: context.whole(f"offline.loss.by_bearer_fen.{name}") for name in _BORNE}
    items = [_(_BORNE[name], money=formats.money(fen)) for name, fen in borne.items() if fen]
    return [*said, _("What was lost was borne by {list}.", list=", ".join(items))] if items else said


def _devices(context: Context) -> list[str]:
    """Purses that were lost and given back."""
    names = ("lost", "reported", "found", "returned")
    devices = {name: context.whole(f"offline.devices.{name}") or 0 for name in names}
    words = {name: formats.count(count) for name, count in devices.items()}
    said = (
        [_("{lost} purses were lost, of which {reported} were reported and stopped and {found} handed in.", **words)]
        if devices["lost"]
        else []
    )
    if devices["returned"]:
        said.append(
            _(
                "{returned} purses were given back; {redeemed} went to the cards that they were filled from.",
                redeemed=formats.money(context.whole("offline.redeemed_fen")),
                **words,
            )
        )
    return said


def _details(context: Context) -> str:
    """Hops, what came back when times were over, and what is signed."""
    modelled = {name: context.whole(f"offline.modelled.{name}_time_us") for name in ("device", "gateway")}
    said = [
        _(
            "Hops between two syncs: {mean} on average, {most} at most.",
            mean=formats.decimal(context.number("offline.hops_mean")),
            most=formats.count(context.whole("offline.hops_max")),
        )
    ]
    money = {name: context.whole(f"offline.money.{name}_fen") or 0 for name in ("refunded", "forfeited")}
    if any(money.values()):
        said.append(
            _(
                "{refunded} were refunded from purses whose time was over, {forfeited} were kept.",
                **{name: formats.money(fen) for name, fen in money.items()},
            )
        )
    signed = formats.count(context.whole("offline.signed"))
    said.append(
        _(
            "{signed} of these payments carry real signatures, which were verified or refused; those of all "
            "others, and the time that devices ({device} a payment) and gateways ({gateway} at a sync) take, "
            "are modelled.",
            signed=signed,
            **{name: formats.duration(us) for name, us in modelled.items()},
        )
    )
    return " ".join(said)


def _outcomes(context: Context) -> list[Block]:
    payments = context.whole("offline.payments")
    outcomes = {str(name): whole(count) for name, count in part(context.run.get("offline.outcomes")).items()}
    rows = tuple(
        (named(OUTCOMES, name), formats.count(count), formats.share(share_of(count, payments)))
        for name, count in outcomes.items()
        if count
    )
    head = (_("Outcome"), _("Payments"), _("Share"))
    blocks: list[Block] = [
        Heading("offline-outcomes", _("What became of them")),
        Table(
            _("Offline payments by what became of them"),
            head,
            rows,
            note=_(
                "A payment spent twice may cost nothing, for what its payer's purse still holds is taken first. "
                "Payments that are still open were not shown before the run ended."
            ),
        ),
    ]
    declined = {str(name): number(count) for name, count in part(context.run.get("offline.declined")).items()}
    order = sorted(declined, key=lambda name: -(declined[name] or 0))
    if order:
        lines = tuple((named(DECLINED, name), formats.count(declined[name])) for name in order)
        blocks.append(
            Table(
                _("Payments that a device declined"),
                (_("Reason"), _("Payments")),
                lines,
                note=_(
                    "They were not made, and are not among those above. Copies in the hands of an attacker try and "
                    "are declined as well."
                ),
            )
        )
    money = tuple((named(MONEY, name), formats.yuan(_fen(context, name))) for name in MONEY)
    blocks.append(Table(_("Where the money of purses was"), (_("Money"), _("Yuan")), money))
    return blocks


def _fen(context: Context, name: str) -> int | None:
    return context.whole(f"offline.money.{name}_fen")


def _value(context: Context) -> list[Block]:
    found, downs = view.under_way(context.run), view.downs(context.run)
    if found is None:
        return []
    step = int(found.edges_us[1] - found.edges_us[0])
    bins = fold(found.edges_us[:-1], max(1, step), _ROWS)
    rows = tuple(
        (formats.moment(context.start, int(at_us)), formats.yuan(int(fen)))
        for at_us, fen in zip(bins.edges_us, bins.highest(found.value_fen), strict=False)
    )
    head = (_("From"), _("Under way at most, yuan"))
    alt = {"most": formats.money(int(found.value_fen.max())), "last": formats.money(int(found.value_fen[-1]))}
    return [
        Heading("offline-value", _("Value under way")),
        Chart(
            key="offline-value",
            title=_("Value paid offline and not settled yet"),
            shows=_("What was paid from purse to purse and not yet settled on the ledger, over time."),
            hides=_(
                "Where it is; regions are taken together, and shaded is when the network was down in at least "
                "one of them. What never comes back stays in it to the end."
            ),
            alt=_("At most {most} were under way, at the end {last}.", **alt),
            table=Table(_("Value paid offline and not settled yet"), head, rows, folded=True),
            draw=lambda: figures.value(found, downs, context.overlay),
        ),
    ]


def _times(context: Context) -> list[Block]:
    found = view.waits(context.run)
    if not found:
        return []
    rows = tuple(
        (_(WAITS[one.name]), formats.percent(share), formats.duration(int(one.wait_us[place])))
        for one in found
        for share in (0.5, 0.95, 1.0)
        for place in (min(len(one.wait_us) - 1, int(share * len(one.wait_us))),)
    )
    head = ("", _("Settled"), _("Within"))
    longest = formats.duration(context.whole("offline.time_to_settle.max_us"))
    return [
        Heading("offline-times", _("How long it took to settle")),
        Chart(
            key="offline-times",
            title=_("Time from an offline payment to its settlement"),
            shows=_(
                "The share of settled payments that had settled after a time; payments funded by the payer's own "
                "load, and those funded by other offline payments."
            ),
            hides=_("Payments that were not settled when the run ended, and those that never will be."),
            alt=_(
                "Half were settled within {p50}, 95 % within {p95}, the last after {longest}.",
                longest=longest,
                **_quantiles(context),
            ),
            table=Table(_("Time from an offline payment to its settlement"), head, rows, folded=True),
            draw=lambda: figures.times(found),
        ),
    ]


def _broken(context: Context) -> list[Block]:
    found = view.broken(context.run)
    if not found:
        return []
    head = (
        _("Purse"),
        _("Attack"),
        _("Copied or set back"),
        _("Payments made by it"),
        _("Spent twice, yuan"),
        _("Bound, yuan"),
        _("Stopped after"),
    )
    rows = tuple(
        (
            one.name,
            named(ATTACKS, one.kind),
            formats.count(one.tamperings),
            formats.count(one.payments),
            formats.yuan(one.loss_fen),
            formats.yuan(one.bound_fen),
            _("not stopped") if one.stopped_after_us is None else formats.duration(one.stopped_after_us),
        )
        for one in found
    )
    table = Table(
        _("Broken purses, those that cost most first"),
        head,
        rows,
        text_columns=2,
        folded=True,
    )
    heading, spread = Heading("offline-loss", _("What broken purses cost")), view.spread(context.run)
    if spread is None:
        return [heading, table, Note(_("Nothing was spent twice."))]
    purses = {"all": formats.count(spread.purses[-1]), "purses": formats.count(sum(spread.purses))}
    money = {"loss": formats.money(spread.loss_fen), "bound": formats.money(spread.bound_fen)}
    return [
        heading,
        Chart(
            key="offline-loss",
            title=_("Spent twice, and the bound of the caps"),
            shows=_(
                "Above, what was spent twice in all, before the most that it could have been: copies, and times "
                "a purse was set back, times the cap on a purse. Below, broken purses by how much of their own "
                "bound was spent twice; the table has each of them."
            ),
            hides=_(
                "Attacks that came to nothing because the register saw through them: replayed and forged "
                "payments, and payments above the caps."
            ),
            alt=_(
                "{loss} of at most {bound} were spent twice; of {purses} purses {all} spent all their bound.",
                **purses,
                **money,
            ),
            table=table,
            draw=lambda: figures.losses(spread),
        ),
    ]


CHAPTER: Final = Chapter(section, headline, {"offline": risks.risks}, titles={"offline": N_("Offline payments")})
