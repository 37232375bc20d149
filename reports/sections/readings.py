"""What is at risk in every run: the figures of each kind of risk, and the sentences that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reports import formats
from reports.chapter import Risk
from reports.document import Finding
from reports.findings import stated, told
from reports.names import CLASSES
from reports.sections.context import Context
from reports.view.flow import FEW, ended_in_bin, longest_failing
from sandbox.language import N_, _, named
from sandbox.metric import Metric, Threshold, threshold

_WORST: Final = "risk.operational.worst_bin_success_share"
_H_US: Final = 3_600_000_000

FAILED: Final = Metric(
    "risk.operational.failed_share",
    "share",
    "share of payments with a technical failure",
    "lower",
    threshold=Threshold(
        0.01,
        0.037,
        "above",
        "0.037: the best of the banks with 3.7 to 9.8 % failures at UPI in 2021 (press); 0.01 ASSUMED",
    ),
)
RECOVERY: Final = Metric(
    "risk.operational.recovery_us",
    "us",
    "longest time with technical failures",
    "lower",
    threshold=Threshold(
        _H_US,
        2 * _H_US,
        "above",
        "CPMI-IOSCO, Principles for financial market infrastructures 2012, principle 17 (6), and Guidance on cyber "
        "resilience 2016: resume within 2 hours; half of it ASSUMED as the first line",
    ),
)
DERIVED: Final = (FAILED, RECOVERY)
"""Numbers with a threshold that are worked out here."""


def operational(context: Context) -> list[Finding]:
    """Failures, the worst times, the busiest station, faults."""
    number, whole = context.number, context.whole
    base = "risk.operational"
    unavailable, timed_out = number(f"{base}.unavailable_share"), number(f"{base}.timed_out_share")
    failed = None if unavailable is None or timed_out is None else unavailable + timed_out
    shares = {"unavailable": formats.share(unavailable), "timed_out": formats.share(timed_out)}
    if not whole("throughput.payments"):  # shares of nothing lie within every line
        return _faults(whole(f"{base}.faults"))
    minutes, line = number(f"{base}.minutes_below_95"), formats.percent(threshold(_WORST).watch)
    p99, busy = context.latency_ms("p99"), number(f"{base}.busiest_utilisation")
    retried = number(f"{base}.retried_share")
    station = context.run.get(f"{base}.busiest_station")
    latency = (
        N_("One settled payment in a hundred took longer than {value}.")
        if (whole("throughput.settled") or 0) >= 100
        else N_("Fewer than 100 payments settled, so this is simply the slowest of them.")
    )
    return [
        *stated(
            N_("Failed for technical reasons"),
            N_("{unavailable} met a closed station and {timed_out} timed out; together {value} of all payments."),
            failed,
            formats.share(failed),
            FAILED,
            **shares,
        ),
        *_worst_bin(context),
        *stated(
            N_("Minutes with less than {line} answered"),
            N_(
                "In all, bins with less than {line} of the payments answered make up {value} minutes; quiet bins "
                "with few payments count too."
            ),
            minutes,
            formats.decimal(minutes),
            None,
            line=line,
        ),
        *_spell(context),
        *stated(N_("99 of 100 settle within"), latency, p99, formats.milliseconds(p99), "throughput.latency_ms.p99"),
        *stated(
            N_("Busiest station"),
            N_(
                "Of all stations {station} was busiest: {value} of its servers' time was in use over the whole "
                "run; a rush hour is busier than the mean."
            ),
            busy,
            formats.share(busy),
            f"{base}.busiest_utilisation",
            station=station,
        ),
        *stated(
            N_("Tried more than once"),
            N_("{value} of the payments needed more than one attempt; retries add load just when there is least room."),
            retried,
            formats.share(retried),
            None,
        ),
        *_faults(whole(f"{base}.faults")),
    ]


def _faults(number: int | None) -> list[Finding]:
    if number == 0:
        return [
            Finding(
                _("Faults in the scenario"),
                "0",
                "none",
                _("No fault was set, so this run says nothing about outages."),
                "",
            )
        ]
    return stated(
        N_("Faults in the scenario"),
        N_("Set in the scenario: {value}; shaded on the figures."),
        number,
        formats.count(number),
        None,
    )


def _worst_bin(context: Context) -> list[Finding]:
    """The worst bin; with few payments in it a share says little, and is held against no line."""
    share, at_us = (
        context.number("risk.operational.worst_bin_success_share"),
        context.whole("risk.operational.worst_bin_at_us"),
    )
    if share == 1:
        return [
            Finding(
                _("Answered in the worst bin"),
                formats.share(1),
                "ok",
                _("Every payment was answered, settled or refused by a rule, in every bin."),
                told(_WORST),
            )
        ]
    ended = ended_in_bin(context.run, at_us)
    few = ended is not None and ended < FEW
    words = {"moment": formats.moment(context.start, at_us), "ended": formats.count(ended)}
    reading = (
        N_(
            "In the worst bin, from {moment}, {value} of the payments that ended were answered, but only "
            "{ended} ended: too few to judge by."
        )
        if few
        else N_(
            "In the worst bin, from {moment}, {value} of the {ended} payments that ended were answered: "
            "settled, or refused by a rule."
        )
    )
    return stated(
        N_("Answered in the worst bin"), reading, share, formats.share(share), None if few else _WORST, **words
    )


def _spell(context: Context) -> list[Finding]:
    """The longest spell of technical failure: refusals by rule are no outage and are not counted."""
    if not context.has_series or not context.whole("throughput.payments"):
        return []
    line = formats.percent(1 - threshold(_WORST).watch)
    spell = longest_failing(context.run, 1 - threshold(_WORST).watch)
    if not spell.bins:
        name, reading = (
            _("Longest failure of more than {line}", line=line),
            _("In no bin did more than {line} of the payments find a closed station or time out.", line=line),
        )
        return [Finding(name, formats.NOTHING, "ok", reading, told(RECOVERY))]
    moment = formats.moment(context.start, spell.at_us)
    value = formats.duration(spell.length_us)
    return stated(
        N_("Longest failure of more than {line}"),
        N_(
            "The longest unbroken time in which more than {line} of the payments found a closed station or "
            "timed out lasted {value}, from {moment}."
        ),
        spell.length_us,
        value,
        RECOVERY,
        line=line,
        moment=moment,
    )


def liquidity(context: Context) -> list[Finding]:
    """Operators' e-CNY, what they ordered, how fast it turns over."""
    number, whole = context.number, context.whole
    base = "risk.liquidity"
    lowest = number(f"{base}.lowest_share_of_target")
    institution = context.run.get(f"{base}.lowest_institution")
    orders, turnover = whole(f"{base}.orders"), number(f"{base}.turnover_per_day")
    ordered = formats.money(whole(f"{base}.ordered_fen"))
    top_ups, redeemed = whole(f"{base}.top_ups_fen"), formats.money(whole(f"{base}.redemptions_fen"))
    no_orders = [Finding(_("Orders from the central bank"), "0", "none", _("No operator ordered more e-CNY."), "")]
    return [
        *stated(
            N_("Lowest e-CNY of an operator, of its target"),
            N_("{institution} came down to {value} of its target; at 0 its customers can no longer top up."),
            lowest,
            formats.share(lowest),
            f"{base}.lowest_share_of_target",
            institution=institution,
        ),
        *(
            no_orders
            if orders == 0
            else stated(
                N_("Orders from the central bank"),
                N_("Operators ordered {value} times, {money} in all."),
                orders,
                formats.count(orders),
                None,
                money=ordered,
            )
        ),
        *stated(
            N_("Topped up by payers"),
            N_("{value} moved into wallets just in time for a payment, and {redeemed} went back into bank accounts."),
            top_ups,
            formats.money(top_ups),
            None,
            redeemed=redeemed,
        ),
        *stated(
            N_("Turnover a day"),
            N_(
                "How often a yuan of e-CNY in circulation was spent in a day: {value} (all of China in mid-2023: "
                "about 0.34, derived from published totals)."
            ),
            turnover,
            formats.decimal(turnover),
            None,
        ),
    ]


def concentration(context: Context) -> list[Finding]:
    """How much hangs on few institutions and merchants."""
    found: list[Finding] = []
    base = "risk.concentration"
    for what, reading, of_one, name in (
        (
            N_("Concentration of payers' institutions (HHI)"),
            N_(
                "The Herfindahl-Hirschman index of settled value over payers' institutions is {value}: as if "
                "{equal} equal ones shared it."
            ),
            N_("The Herfindahl-Hirschman index of settled value over payers' institutions is 1: one has all of it."),
            "hhi_payer_institutions",
        ),
        (
            N_("Concentration of merchants (HHI)"),
            N_("The index of settled value over merchants is {value}: as if {equal} equal ones shared it."),
            N_("The index of settled value over merchants is 1: one has all of it."),
            "hhi_merchants",
        ),
    ):
        hhi = context.number(f"{base}.{name}")
        equal = formats.decimal(1 / hhi) if hhi else formats.NOTHING
        read = of_one if hhi == 1 else reading
        found += stated(what, read, hhi, formats.decimal(hhi), f"{base}.{name}", equal=equal)
    top, ten = context.number(f"{base}.top_institution_share"), context.number(f"{base}.top_10_merchants_share")
    institution = context.run.get(f"{base}.top_institution")
    found += stated(
        N_("Share of the largest institution"),
        N_("{institution} carries {value} of the value paid; if it stops, so does that."),
        top,
        formats.share(top),
        f"{base}.top_institution_share",
        institution=institution,
    )
    found += stated(
        N_("Share of the ten largest merchants"),
        N_("The ten merchants with the most takings received {value} of what merchants were paid."),
        ten,
        formats.share(ten),
        None,
    )
    return found


def consumer(context: Context) -> list[Finding]:
    """What limits and lack of money kept people from."""
    number, whole = context.number, context.whole
    base = "risk.consumer"
    if not whole("throughput.payments"):
        return []
    limits, short = number(f"{base}.refused_by_limit_share"), number(f"{base}.insufficient_share")
    of_class, klass = number(f"{base}.worst_class_refused_share"), context.run.get(f"{base}.worst_class")
    asked, done = whole(f"{base}.upgrades_asked"), whole(f"{base}.upgrades_done")
    refused = formats.money(whole(f"{base}.refused_fen"))
    return [
        *stated(
            N_("Refused by a wallet limit"),
            N_(
                "{value} of the payments were above a limit of the payer's or payee's wallet; with other "
                "refusals {money} could not be paid."
            ),
            limits,
            formats.share(limits),
            f"{base}.refused_by_limit_share",
            money=refused,
        ),
        *stated(
            N_("Not enough money"),
            N_(
                "{value} of the payments failed because the payer, or the institution behind a top-up, had too "
                "little e-CNY."
            ),
            short,
            formats.share(short),
            f"{base}.insufficient_share",
        ),
        *stated(
            N_("Class most often refused"),
            N_("{klass} wallets were refused most often: {value} of their payments.")
            if of_class
            else N_("No class of wallets was refused a payment by its limits."),
            of_class,
            formats.share(of_class),
            f"{base}.worst_class_refused_share",
            klass=named(CLASSES, klass),
        ),
        *stated(
            N_("Upgrades of a wallet's class"),
            N_(
                "{asked} payers or payees asked for a higher class after a refusal and {value} had it when the "
                "run ended."
            ),
            done,
            formats.count(done),
            None,
            asked=formats.count(asked),
        ),
    ]


RISKS: Final[Mapping[str, Risk]] = {
    "operational": operational, "liquidity": liquidity, "concentration": concentration, "consumer": consumer,
}  # fmt: skip
TITLES: Final = {
    "operational": N_("Operational"),
    "liquidity": N_("Liquidity"),
    "concentration": N_("Concentration"),
    "consumer": N_("Consumer"),
}
