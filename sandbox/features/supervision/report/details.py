"""Alerts, reports and breakdowns in words: what a rule found, and the details of their events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from reports import formats
from reports.reading import Entries
from reports.source import Event
from reports.view.events import Events
from sandbox.features.supervision.report import names
from sandbox.features.supervision.report.names import CAUSES, DETECTORS, LARGE_VALUES
from sandbox.language import N_, _, named

_MONEY: Final = ("received", "passed_on", "threshold")

_FOUND: Final = {
    "structuring": N_("{payments} payments of {amount} in all, each a little below {threshold}, within {took}."),
    "velocity": N_("The account made {payments} payments, {amount} in all, within {took}."),
    "fan_in": N_("{payers} people paid the account {amount} in all within {took}."),
    "fan_out": N_("The account paid {payees} people, {amount} in all, within {took}."),
    "pass_through": N_("{received} came in, in {payments_in} payments, and {passed_on} went out again."),
    "cycle": N_("Money came back to the account over {hops} payments within {took}; the last was {amount}."),
    "scatter_gather": N_("{amount} reached the account from one source over {between} others in between."),
    "dormant_then_active": N_("After long silence the account made {payments} payments, {amount}, within {took}."),
    "cross_border_splitting": N_("{payers} people paid the account abroad {amount} in all within {took}."),
    "merchant_refunds": N_("The merchant paid people {payments} times, {amount} in all, within {took}."),
    "merchant_collection": N_("{payers} people paid the merchant {amount} in all within {took}."),
}
"""What a rule found."""
_DIRECTIONS: Final = {
    "in": N_("in"),
    "out": N_("out"),
}


def reading(rule: str, amount_fen: int | None, payments: int | None, figures: Mapping[str, Any]) -> str:
    """What a rule found, in one sentence with its figures.

    >>> reading("velocity", 229721, 4, {"payments": 4, "took_us": 2157454555})
    'The account made 4 payments, 2,297.21 yuan in all, within 35 min 57 s.'
    """
    its = Entries(figures)
    values: dict[str, str] = {"amount": formats.money(amount_fen), "payments": formats.count(payments)}
    for name in ("payers", "payees", "hops", "between", "payments_in"):
        values[name] = formats.count(its.whole(name))
    for name in _MONEY:
        values[name] = formats.money(its.whole(f"{name}_fen"))
    took = its.whole("took_us")
    values["took"] = formats.duration(took) if took is not None and took >= 0 else formats.NOTHING
    if rule == "pass_through" and its.whole("payments_in") == 1:
        return _("{received} came in, in one payment, and {passed_on} went out again.", **values)
    return _(_FOUND.get(rule, N_("It rests on {payments} payments, {amount} in all.")), **values)


def _alert(event: Event) -> str:
    told, rule = event.entries, event.entries.text("rule")
    what = reading(rule, told.whole("amount_fen"), told.whole("payments"), told.section("figures").content)
    return _("{rule}: {what}", rule=named(DETECTORS, rule), what=what)


_MESSAGES: Final = {
    "alert_dismissed": N_("alert {alert}: {rule}, {amount} in {payments} payments, waited {waited}"),
    "report_filed": N_("alert {alert}: {rule}, {amount} in {payments} payments, waited {waited}"),
    "key_lead": N_("alert {alert}; reports filed so far: {reports}"),
    "investigation": N_("alert {alert}; reports filed so far: {reports}"),
    "freeze_ordered": N_("alert {alert}: {rule}, {amount}"),
    "frozen": N_("alert {alert}: {rule}; {balance} in the account, {since} after the alert"),
    "released": N_("alert {alert}; reports about the account: {reports}; {balance} in it"),
    "freeze_kept": N_("alert {alert}; reports about the account: {reports}; {balance} in it"),
    "incident_opened": N_("incident {incident}: {cause}, noticed after {lag}"),
    "incident_over": N_("incident {incident}: lasted {lasted}; {failed} payments failed, {value}"),
    "incident_report_overdue": N_("incident {incident}, report “{report}”: due, and not there"),
}
_SPANS: Final = {"waited": "waited_us", "since": "since_alert_us", "lag": "lag_us", "lasted": "lasted_us"}


def _message(event: Event) -> str:
    return _(_MESSAGES[event.event], **_common(event))


def _large_value(event: Event) -> str:
    figures = event.entries.section("figures")
    direction = figures.get("direction")
    return _(
        "{whose}, {direction}: {amount} in {payments} payments (threshold {threshold})",
        **_common(event),
        whose=named(LARGE_VALUES, event.detail.get("rule")),
        direction=_(_DIRECTIONS[direction]) if direction in ("in", "out") else formats.NOTHING,
        threshold=formats.money(figures.whole("threshold_fen")),
    )


def _reported(event: Event) -> str:
    due = event.entries.whole("due_us")
    late = 0 if due is None else max(0, event.at_us - due)
    return _(
        N_("incident {incident}, report “{report}”: late by {late}")
        if late
        else N_("incident {incident}, report “{report}”: in time"),
        **_common(event),
        late=formats.duration(late),
    )


def _common(event: Event) -> dict[str, str]:
    """What messages about events name; a dash for what this one does not tell."""
    told = event.entries
    spans = {name: told.whole(path) for name, path in _SPANS.items()}
    return {
        **{name: formats.count(told.whole(name)) for name in ("payments", "incident", "reports", "failed")},
        **{name: formats.money(told.whole(f"{name}_fen")) for name in ("amount", "balance")},
        **{name: formats.milliseconds(None if us is None or us < 0 else us / 1000) for name, us in spans.items()},
        "alert": formats.count(told.whole("alert_id")),
        "value": formats.money(told.whole("failed_fen")),
        "rule": named(DETECTORS, told.text("rule")),
        "report": told.text("report"),
        "cause": named(CAUSES, event.detail.get("cause")),
    }


WORDS: Final[Mapping[str, Callable[[Event], str]]] = {
    **dict.fromkeys(_MESSAGES, _message),
    "alert": _alert,
    "large_value_report": _large_value,
    "incident_unnoticed": lambda event: _common(event)["cause"],
    "incident_reported": _reported,
}
EVENTS: Final = Events(
    WORDS,
    unmarked=frozenset(
        {
            "alert", "alert_dismissed", "report_filed", "large_value_report", "freeze_ordered", "released",
            "freeze_kept", "incident_opened", "incident_over", "incident_reported",
        }
    ),
    many=frozenset({"freeze_ordered", "frozen", "released", "freeze_kept", "freeze_needless"}),
    names=names.EVENTS,
    actors=names.ACTORS,
    fields=names.DETAILS,
)  # fmt: skip
