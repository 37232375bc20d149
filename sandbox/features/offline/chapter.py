"""Hard wallets: what was paid without a network, how long it took to settle, and what broken purses cost."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.blocks import chart, table
from reports.chapter import Chapter
from reports.document import Block, Finding, Heading, Note, Paragraph, Section
from reports.findings import finding, stated
from reports.reading import Entries, share_of
from reports.sections.context import Context
from reports.view.bins import fold
from sandbox.features.offline import figures
from sandbox.features.offline.names import ATTACKS, DECLINED, MONEY, OUTCOMES, SPREAD, WAITS
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
    offline = context.section("offline")
    if not offline:
        return ()
    texts = [text for text in (headline(context), _details(offline)) if text]
    blocks = [*map(Paragraph, texts), *_broken(offline), *_outcomes(offline), *_value(context), *_times(context)]
    return (Section("offline", _("Hard wallets and offline payments"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """How much was paid offline, how fast it settled, and what was lost, in a few sentences."""
    offline = context.section("offline")
    if offline.whole("purses") is None or offline.whole("payments") is None:
        return None
    if not offline.whole("payments"):
        return offline.says("{purses} purses made no offline payment.")
    made = offline.says(
        "{purses} purses made {payments} offline payments of {payments_fen}. Half of those that settled did so within "
        "{p50}, 95 % within {p95}.",
        **_quantiles(offline),
    )
    return " ".join([*_losses(offline), made, *_tried(offline), *_devices(offline)])


def risks(context: Context) -> list[Finding]:
    """Value outstanding, spent twice against its bound and lost in all, time until settled, what was refused."""
    at_risk = context.section("risk.offline")
    twice = N_("Spent twice, of what the caps allow")
    none = [Finding(_(twice), formats.money(0), "none", _("No purse was copied or set back."), "")]
    return [
        *finding(
            at_risk,
            "outstanding_peak_fen",
            "Most paid and not settled at once",
            "At the worst moment {value} had been paid offline and not settled; in the end {outstanding_fen}.",
        ),
        *(
            finding(
                at_risk,
                "of_bound",
                twice,
                "Broken purses spent {spent_twice_fen} twice, {value} of the {bound_fen} that copies and caps allow at "
                "most.",
            )
            or none
        ),
        *finding(
            at_risk,
            "lost_share",
            "Lost, of what was paid offline",
            "{value} of what was paid offline was lost, by whoever bore it.",
        ),
        *stated(
            "95 % settle within",
            "Of the payments that were settled one in twenty took longer than {value}.",
            at_risk.whole("settle_p95_us"),
            at_risk.duration("settle_p95_us"),
            at_risk.pattern("settle_p95_us"),
        ),
        *finding(
            at_risk,
            "refused_share",
            "Refused when shown",
            "{refused} payments, {value} of those that were shown, were refused: too late, badly signed, above a cap, "
            "or shown again.",
        ),
    ]


def _quantiles(offline: Entries) -> dict[str, str]:
    return {name: offline.duration(f"time_to_settle.{name}_us") for name in ("p50", "p95")}


def _tried(offline: Entries) -> list[str]:
    """How much of what people tried went through, and how many loads were refused."""
    loads, refused = offline.whole("loads"), offline.amount("loads_refused")
    said = []
    if offline.whole("tried"):
        said.append(
            offline.says(
                "Of {tried} payments that their owners tried, {share} were made.",
                share=formats.share(offline.ratio("by_owners", "tried")),
            )
        )
    if loads is not None and (refused or offline.whole("devices.returned")):
        said.append(
            _(
                "{refused} of {loads} loads were refused.",
                refused=formats.count(refused),
                loads=formats.count(loads + refused),
            )
        )
    return said


def _losses(offline: Entries) -> list[str]:
    """What was spent twice and by finders, and who bore it."""
    loss, borne = offline.section("loss"), offline.section("loss.by_bearer_fen")
    said = []
    if loss.whole("spent_twice_fen"):
        said.append(
            loss.says(
                "{spent_twice_fen} were spent twice by broken purses, {share} of the {bound_fen} that {tamperings} "
                "copies and the cap on a purse allow.",
                share=formats.share(loss.ratio("spent_twice_fen", "bound_fen")),
            )
        )
    elif loss.whole("bound_fen"):
        said.append(_("Nothing was spent twice."))
    if offline.whole("devices.spent"):
        said.append(
            offline.says(
                "Finders spent {loss.found_fen} of lost purses, of at most {loss.found_bound_fen} ({devices.spent} "
                "times they tried, times the cap on a purse)."
            )
        )
    if loss.whole("late_fen"):
        said.append(loss.says("{late_fen} were shown too late and are lost to whoever was paid."))
    if loss.whole("gone_fen"):
        said.append(loss.says("{gone_fen} were paid to purses that were lost, by purses that were lost."))
    items = [_(words, money=borne.shown(name)) for name, words in _BORNE.items() if borne.whole(name)]
    return [*said, _("What was lost was borne by {list}.", list=formats.listed(items))] if items else said


def _devices(offline: Entries) -> list[str]:
    """Purses that were lost and given back."""
    devices = offline.section("devices")
    said = []
    if devices.whole("lost"):
        said.append(
            devices.says(
                "{lost} purses were lost, of which {reported} were reported and stopped and {found} handed in."
            )
        )
    if devices.whole("returned"):
        said.append(
            offline.says(
                "{devices.returned} purses were given back; {redeemed_fen} went to the cards that they were filled "
                "from."
            )
        )
    return said


def _details(offline: Entries) -> str:
    """Hops, what came back when times were over, and what is signed."""
    said = [offline.says("Hops between two syncs: {hops_mean} on average, {hops_max} at most.")]
    if offline.whole("money.refunded_fen") or offline.whole("money.forfeited_fen"):
        said.append(
            offline.says(
                "{money.refunded_fen} were refunded from purses whose time was over, {money.forfeited_fen} were kept."
            )
        )
    said.append(
        _(
            "{signed} of these payments carry real signatures, which were verified or refused; those of all others, "
            "and the time that devices ({device} a payment) and gateways ({gateway} at a sync) take, are modelled.",
            signed=offline.shown("signed"),
            **{name: offline.duration(f"modelled.{name}_time_us") for name in ("device", "gateway")},
        )
    )
    return " ".join(said)


def _outcomes(offline: Entries) -> list[Block]:
    outcomes, declined = offline.section("outcomes"), offline.section("declined")
    ended = table(
        _("Offline payments by what became of them"),
        [name for name in outcomes.content if outcomes.whole(name)],
        (_("Outcome"), lambda name: named(OUTCOMES, name)),
        (_("Payments"), outcomes.cell),
        (_("Share"), lambda name: formats.share(share_of(outcomes.get(name), offline.get("payments")))),
        note=_(
            "A payment spent twice may cost nothing, for what its payer's purse still holds is taken first. Payments "
            "that are still open were not shown before the run ended."
        ),
    )
    not_made = table(
        _("Payments that a device declined"),
        sorted(declined.content, key=lambda name: -(declined.number(name) or 0)),
        (_("Reason"), lambda name: named(DECLINED, name)),
        (_("Payments"), declined.cell),
        note=_(
            "They were not made, and are not among those above. Copies in the hands of an attacker try and are "
            "declined as well."
        ),
    )
    money = table(
        _("Where the money of purses was"),
        MONEY,
        (_("Money"), lambda name: _(MONEY[name])),
        (_("Yuan"), lambda name: offline.cell(f"money.{name}_fen")),
    )
    heading = Heading("offline-outcomes", _("What became of them"))
    return [heading, ended, *([not_made] if not_made.rows else []), money]


def _value(context: Context) -> list[Block]:
    found, downs = figures.under_way(context.run), _downs(context.section("offline"))
    if found is None:
        return []
    step = int(found.edges_us[1] - found.edges_us[0])
    bins = fold(found.edges_us[:-1], max(1, step), _ROWS)
    numbers = table(
        _("Value paid offline and not settled yet"),
        zip(bins.edges_us, bins.highest(found.value_fen), strict=False),
        (_("From"), lambda one: formats.moment(context.start, int(one[0]))),
        (_("Under way at most, yuan"), lambda one: formats.yuan(int(one[1]))),
        folded=True,
    )
    return chart(
        "offline-value",
        _("Value under way"),
        numbers,
        lambda: figures.value(found, downs, context.overlay),
        shows=_("What was paid from purse to purse and not yet settled on the ledger, over time."),
        hides=_(
            "Where it is; regions are taken together, and shaded is when the network was down in at least one of them. "
            "What never comes back stays in it to the end."
        ),
        alt=_(
            "At most {most} were under way, at the end {last}.",
            most=formats.money(int(found.value_fen.max())),
            last=formats.money(int(found.value_fen[-1])),
        ),
    )


def _downs(offline: Entries) -> list[tuple[int, int]]:
    """When the network was down somewhere, each time once (us)."""
    spans = {(one.instant("from_us"), one.instant("to_us")) for one in offline.rows("downtimes")}
    return sorted((begin, end) for begin, end in spans if begin is not None and end is not None)


def _times(context: Context) -> list[Block]:
    offline, found = context.section("offline"), figures.waits(context.run)
    if not found:
        return []
    numbers = table(
        _("Time from an offline payment to its settlement"),
        [(one, share) for one in found for share in (0.5, 0.95, 1.0)],
        ("", lambda at: _(WAITS[at[0].name])),
        (_("Settled"), lambda at: formats.percent(at[1])),
        (_("Within"), lambda at: formats.duration(at[0].until(at[1]))),
        folded=True,
    )
    return chart(
        "offline-times",
        _("How long it took to settle"),
        numbers,
        lambda: figures.times(found),
        shows=_(
            "The share of settled payments that had settled after a time; payments funded by the payer's own load, and "
            "those funded by other offline payments."
        ),
        hides=_("Payments that were not settled when the run ended, and those that never will be."),
        alt=_(
            "Half were settled within {p50}, 95 % within {p95}, the last after {longest}.",
            longest=offline.duration("time_to_settle.max_us"),
            **_quantiles(offline),
        ),
    )


def _broken(offline: Entries) -> list[Block]:
    numbers = table(
        _("Broken purses, those that cost most first"),
        offline.rows("tampered"),
        (_("Purse"), "purse"),
        (_("Attack"), lambda one: named(ATTACKS, one.text("kind"))),
        (_("Copied or set back"), "tamperings"),
        (_("Payments made by it"), "payments"),
        (_("Spent twice, yuan"), "loss_fen"),
        (_("Bound, yuan"), "bound_fen"),
        (_("Stopped after"), _stopped),
        text_columns=2,
        folded=True,
    )
    if not numbers.rows:
        return []
    heading = _("What broken purses cost")
    lost, bound = max(0, offline.amount("loss.spent_twice_fen")), offline.amount("loss.bound_fen")
    purses = [max(0, offline.amount(f"loss.spread.{name}.purses")) for name in SPREAD]
    if bound <= 0 or not any(purses):
        return [Heading("offline-loss", heading), numbers, Note(_("Nothing was spent twice."))]
    return chart(
        "offline-loss",
        heading,
        numbers,
        lambda: figures.losses(lost, bound, purses),
        title=_("Spent twice, and the bound of the caps"),
        shows=_(
            "Above, what was spent twice in all, before the most that it could have been: copies, and times a purse "
            "was set back, times the cap on a purse. Below, broken purses by how much of their own bound was spent "
            "twice; the table has each of them."
        ),
        hides=_(
            "Attacks that came to nothing because the register saw through them: replayed and forged payments, and "
            "payments above the caps."
        ),
        alt=_(
            "{loss} of at most {bound} were spent twice; of {purses} purses {all} spent all their bound.",
            purses=formats.count(sum(purses)),
            all=formats.count(purses[-1]),
            loss=formats.money(lost),
            bound=formats.money(bound),
        ),
    )


def _stopped(one: Entries) -> str:
    return _("not stopped") if one.instant("stopped_after_us") is None else one.duration("stopped_after_us")


CHAPTER: Final = Chapter(section, headline, {"offline": risks}, titles={"offline": N_("Offline payments")})
