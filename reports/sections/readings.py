"""What is at risk in every run: the figures of each kind of risk, and the sentences that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reports import formats
from reports.chapter import Risk
from reports.document import Finding
from reports.findings import finding, stated, told
from reports.names import CLASSES
from reports.reading import Entries
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
    at_risk, throughput = context.section("risk.operational"), context.section("throughput")
    if not throughput.whole("payments"):  # shares of nothing lie within every line
        return _faults(at_risk)
    unavailable, timed_out = at_risk.number("unavailable_share"), at_risk.number("timed_out_share")
    failed = None if unavailable is None or timed_out is None else unavailable + timed_out
    return [
        *stated(
            "Failed for technical reasons",
            "{unavailable} met a closed station and {timed_out} timed out; together {value} of all payments.",
            failed,
            formats.share(failed),
            FAILED,
            unavailable=at_risk.shown("unavailable_share"),
            timed_out=at_risk.shown("timed_out_share"),
        ),
        *_worst_bin(context),
        *finding(
            at_risk,
            "minutes_below_95",
            "Minutes with less than {line} answered",
            "In all, bins with less than {line} of the payments answered make up {value} minutes; quiet bins with few "
            "payments count too.",
            line=formats.percent(threshold(_WORST).watch),
        ),
        *_spell(context),
        *finding(
            throughput,
            "latency_ms.p99",
            "99 of 100 settle within",
            N_("One settled payment in a hundred took longer than {value}.")
            if throughput.amount("settled") >= 100
            else N_("Fewer than 100 payments settled, so this is simply the slowest of them."),
        ),
        *finding(
            at_risk,
            "busiest_utilisation",
            "Busiest station",
            "Of all stations {busiest_station} was busiest: {value} of its servers' time was in use over the whole "
            "run; a rush hour is busier than the mean.",
        ),
        *finding(
            at_risk,
            "retried_share",
            "Tried more than once",
            "{value} of the payments needed more than one attempt; retries add load just when there is least room.",
        ),
        *_faults(at_risk),
    ]


def _faults(at_risk: Entries) -> list[Finding]:
    name = N_("Faults in the scenario")
    if at_risk.whole("faults") == 0:
        return [Finding(_(name), "0", "none", _("No fault was set, so this run says nothing about outages."), "")]
    return finding(at_risk, "faults", name, "Set in the scenario: {value}; shaded on the figures.")


def _worst_bin(context: Context) -> list[Finding]:
    """The worst bin; with few payments in it a share says little, and is held against no line."""
    at_risk = context.section("risk.operational")
    share, at_us, name = (
        at_risk.number("worst_bin_success_share"), at_risk.whole("worst_bin_at_us"), N_("Answered in the worst bin"),
    )  # fmt: skip
    if share == 1:
        reading = _("Every payment was answered, settled or refused by a rule, in every bin.")
        return [Finding(_(name), formats.share(1), "ok", reading, told(_WORST))]
    ended = ended_in_bin(context.run, at_us)
    few = ended is not None and ended < FEW
    words = {"moment": formats.moment(context.start, at_us), "ended": formats.count(ended)}
    message = (
        N_(
            "In the worst bin, from {moment}, {value} of the payments that ended were answered, but only {ended} "
            "ended: too few to judge by."
        )
        if few
        else N_(
            "In the worst bin, from {moment}, {value} of the {ended} payments that ended were answered: settled, or "
            "refused by a rule."
        )
    )
    return stated(name, message, share, formats.share(share), None if few else _WORST, **words)


def _spell(context: Context) -> list[Finding]:
    """The longest spell of technical failure: refusals by rule are no outage and are not counted."""
    if not context.has_series or not context.section("throughput").whole("payments"):
        return []
    line, name = 1 - threshold(_WORST).watch, N_("Longest failure of more than {line}")
    words, spell = {"line": formats.percent(line)}, longest_failing(context.run, line)
    if not spell.bins:
        reading = _("In no bin did more than {line} of the payments find a closed station or time out.", **words)
        return [Finding(_(name, **words), formats.NOTHING, "ok", reading, told(RECOVERY))]
    return stated(
        name,
        "The longest unbroken time in which more than {line} of the payments found a closed station or timed out "
        "lasted {value}, from {moment}.",
        spell.length_us,
        formats.duration(spell.length_us),
        RECOVERY,
        moment=formats.moment(context.start, spell.at_us),
        **words,
    )


def liquidity(context: Context) -> list[Finding]:
    """Operators' e-CNY, what they ordered, how fast it turns over."""
    at_risk, orders = context.section("risk.liquidity"), N_("Orders from the central bank")
    none = [Finding(_(orders), "0", "none", _("No operator ordered more e-CNY."), "")]
    return [
        *finding(
            at_risk,
            "lowest_share_of_target",
            "Lowest e-CNY of an operator, of its target",
            "{lowest_institution} came down to {value} of its target; at 0 its customers can no longer top up.",
        ),
        *(
            none
            if at_risk.whole("orders") == 0
            else finding(at_risk, "orders", orders, "Operators ordered {value} times, {ordered_fen} in all.")
        ),
        *finding(
            at_risk,
            "top_ups_fen",
            "Topped up by payers",
            "{value} moved into wallets just in time for a payment, and {redemptions_fen} went back into bank "
            "accounts.",
        ),
        *finding(
            at_risk,
            "turnover_per_day",
            "Turnover a day",
            "How often a yuan of e-CNY in circulation was spent in a day: {value} (all of China in mid-2023: about "
            "0.34, derived from published totals).",
        ),
    ]


def concentration(context: Context) -> list[Finding]:
    """How much hangs on few institutions and merchants."""
    at_risk = context.section("risk.concentration")
    return [
        *_hhi(
            at_risk,
            "hhi_payer_institutions",
            N_("Concentration of payers' institutions (HHI)"),
            N_(
                "The Herfindahl-Hirschman index of settled value over payers' institutions is {value}: as if {equal} "
                "equal ones shared it."
            ),
            N_("The Herfindahl-Hirschman index of settled value over payers' institutions is 1: one has all of it."),
        ),
        *_hhi(
            at_risk,
            "hhi_merchants",
            N_("Concentration of merchants (HHI)"),
            N_("The index of settled value over merchants is {value}: as if {equal} equal ones shared it."),
            N_("The index of settled value over merchants is 1: one has all of it."),
        ),
        *finding(
            at_risk,
            "top_institution_share",
            "Share of the largest institution",
            "{top_institution} carries {value} of the value paid; if it stops, so does that.",
        ),
        *finding(
            at_risk,
            "top_10_merchants_share",
            "Share of the ten largest merchants",
            "The ten merchants with the most takings received {value} of what merchants were paid.",
        ),
    ]


def _hhi(at_risk: Entries, path: str, name: str, reading: str, of_one: str) -> list[Finding]:
    hhi = at_risk.number(path)
    equal = formats.decimal(1 / hhi) if hhi else formats.NOTHING
    return finding(at_risk, path, name, of_one if hhi == 1 else reading, equal=equal)


def consumer(context: Context) -> list[Finding]:
    """What limits and lack of money kept people from."""
    at_risk = context.section("risk.consumer")
    if not context.section("throughput").whole("payments"):
        return []
    return [
        *finding(
            at_risk,
            "refused_by_limit_share",
            "Refused by a wallet limit",
            "{value} of the payments were above a limit of the payer's or payee's wallet; with other refusals "
            "{refused_fen} could not be paid.",
        ),
        *finding(
            at_risk,
            "insufficient_share",
            "Not enough money",
            "{value} of the payments failed because the payer, or the institution behind a top-up, had too little "
            "e-CNY.",
        ),
        *finding(
            at_risk,
            "worst_class_refused_share",
            "Class most often refused",
            N_("{klass} wallets were refused most often: {value} of their payments.")
            if at_risk.number("worst_class_refused_share")
            else N_("No class of wallets was refused a payment by its limits."),
            klass=named(CLASSES, at_risk.text("worst_class")),
        ),
        *finding(
            at_risk,
            "upgrades_done",
            "Upgrades of a wallet's class",
            "{upgrades_asked} payers or payees asked for a higher class after a refusal and {value} had it when the "
            "run ended.",
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
