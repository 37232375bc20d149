"""Alerts, reports and breakdowns in words: what a rule found, and the details of their events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from reports import formats
from reports.source import Event
from reports.text import known, say
from reports.view.timeline import Events
from reports.view.values import part, whole, words
from sandbox.features.supervision.report.words import ENGLISH

_MONEY: Final = ("received", "passed_on", "threshold")


def reading(rule: str, amount_fen: int | None, payments: int | None, figures: Mapping[str, Any]) -> str:
    """What a rule found, in one sentence with its figures.

    >>> reading("velocity", 229721, 4, {"payments": 4, "took_us": 2157454555})
    'The account made 4 payments, 2,297.21 yuan in all, within 35 min 57 s.'
    """
    key = f"example.{rule}"
    if rule == "pass_through" and whole(figures.get("payments_in")) == 1:
        key = "example.pass_through_one"
    values: dict[str, str] = {"amount": formats.money(amount_fen), "payments": formats.count(payments)}
    for name in ("payers", "payees", "hops", "between", "payments_in"):
        values[name] = formats.count(whole(figures.get(name)))
    for name in _MONEY:
        values[name] = formats.money(whole(figures.get(f"{name}_fen")))
    took = whole(figures.get("took_us"))
    values["took"] = formats.duration(took) if took is not None and took >= 0 else formats.NOTHING
    return say(key if key in ENGLISH else "example.other", **values)


def _alert(event: Event) -> str:
    detail = event.detail
    rule, figures = words(detail.get("rule")), part(detail.get("figures"))
    what = reading(rule, whole(detail.get("amount_fen")), whole(detail.get("payments")), figures)
    return say("crime_event.alert", rule=known("detector", rule), what=what)


def _case(event: Event) -> str:
    return say("crime_event.case", **_common(event), waited=_span(event, "waited_us"))


def _large_value(event: Event) -> str:
    figures = part(event.detail.get("figures"))
    direction = figures.get("direction")
    return say(
        "crime_event.large",
        **_common(event),
        whose=known("large_value", event.detail.get("rule")),
        direction=say(f"crime_event.{direction}") if direction in ("in", "out") else formats.NOTHING,
        threshold=formats.money(whole(figures.get("threshold_fen"))),
    )


def _lead(event: Event) -> str:
    return say("crime_event.lead", **_common(event), reports=formats.count(whole(event.detail.get("reports"))))


def _ordered(event: Event) -> str:
    return say("crime_event.ordered", **_common(event))


def _frozen(event: Event) -> str:
    balance = formats.money(whole(event.detail.get("balance_fen")))
    return say("crime_event.frozen", **_common(event), balance=balance, since=_span(event, "since_alert_us"))


def _inquiry(event: Event) -> str:
    reports, balance = whole(event.detail.get("reports")), whole(event.detail.get("balance_fen"))
    numbers = {"reports": formats.count(reports), "balance": formats.money(balance)}
    return say("crime_event.inquiry", **_common(event), **numbers)


def _opened(event: Event) -> str:
    cause = known("cause", event.detail.get("cause"))
    return say("crime_event.opened", **_common(event), cause=cause, lag=_span(event, "lag_us"))


def _over(event: Event) -> str:
    failed, value = whole(event.detail.get("failed")), whole(event.detail.get("failed_fen"))
    numbers = {"failed": formats.count(failed), "value": formats.money(value)}
    return say("crime_event.over", **_common(event), **numbers, lasted=_span(event, "lasted_us"))


def _unnoticed(event: Event) -> str:
    return known("cause", event.detail.get("cause"))


def _reported(event: Event) -> str:
    due = whole(event.detail.get("due_us"))
    late = 0 if due is None else max(0, event.at_us - due)
    report = words(event.detail.get("report"))
    key = "crime_event.reported_late" if late else "crime_event.reported"
    return say(key, **_common(event), report=report, late=formats.duration(late))


def _overdue(event: Event) -> str:
    return say("crime_event.overdue", **_common(event), report=words(event.detail.get("report")))


def _common(event: Event) -> dict[str, str]:
    detail = event.detail
    numbers = {"alert": "alert_id", "payments": "payments", "incident": "incident"}
    found = {name: formats.count(whole(detail.get(key))) for name, key in numbers.items()}
    amount = formats.money(whole(detail.get("amount_fen")))
    return {**found, "amount": amount, "rule": known("detector", words(detail.get("rule")))}


def _span(event: Event, name: str) -> str:
    us = whole(event.detail.get(name))
    return formats.NOTHING if us is None or us < 0 else formats.milliseconds(us / 1000)


WORDS: Final[Mapping[str, Callable[[Event], str]]] = {
    "alert": _alert,
    "alert_dismissed": _case,
    "report_filed": _case,
    "large_value_report": _large_value,
    "key_lead": _lead,
    "investigation": _lead,
    "freeze_ordered": _ordered,
    "frozen": _frozen,
    "released": _inquiry,
    "freeze_kept": _inquiry,
    "incident_opened": _opened,
    "incident_over": _over,
    "incident_unnoticed": _unnoticed,
    "incident_reported": _reported,
    "incident_report_overdue": _overdue,
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
)  # fmt: skip
