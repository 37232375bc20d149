"""Payments across borders in the short summary: the ways side by side, with the targets of the G20 beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sandbox.cli.text import text

_WIDTH: Final = 24
_CENTS_A_MILLION: Final = 100_000_000
_WAYS: Final = (("shared_ledger", "sum.way.shared_ledger"), ("correspondent", "sum.way.correspondent"))
_NOT_CREDITED: Final = (
    ("refused", "sum.across.refused"),
    ("returned", "sum.across.returned"),
    ("lost", "sum.across.lost"),
    ("pending", "sum.across.pending"),
)
_SHARES: Final = (
    ("within_hour_share", "sum.across.within_hour_share"),
    ("within_day_share", "sum.across.within_day_share"),
    ("cost_share_mean", "sum.across.cost_share_mean"),
)

Shown = Callable[[float | None], str]


def across_borders(summary: Mapping[str, Any], share: Shown, span: Callable[[float], str]) -> Iterator[tuple[str, str]]:
    """Lines of label and value; `share` and `span` show a share and seconds as the rest of the summary does."""
    found = summary.get("crossborder")
    if not found or not found.get("ways"):
        return
    ways: Sequence[Mapping[str, Any]] = found["ways"]
    risks = [summary.get("risk", {}).get("settlement", {}).get(way["way"], {}) for way in ways]
    lines = {one["target"]: share(one["line"]) for one in ways[0].get("targets", [])}

    def row(label: str, values: Sequence[str], target: str | None = None) -> tuple[str, str]:
        shown = "".join(value.ljust(_WIDTH) for value in values) + lines.get(target or "", "")
        return label, shown.rstrip()

    codes = [dict(_WAYS)[way["way"]] for way in ways]
    names = [text(code).ljust(_WIDTH) for code in codes]
    yield text("sum.across"), ("".join(names) + (text("sum.across_target") if lines else "")).rstrip()
    yield row(text("sum.across_payments"), [f"{way['payments']:,}" for way in ways])
    yield row(text("sum.across_credited"), [_credited(way, share) for way in ways])
    yield row(text("sum.across_not"), [_not_credited(way) for way in ways])
    yield row(text("sum.across_time"), [_time(way, "credit_us_p50", span) for way in ways])
    yield row(text("sum.across_p95"), [_time(way, "credit_us_p95", span) for way in ways])
    for name, code in _SHARES:
        yield row(text(code), [share(way.get(name)) for way in ways], name)
    worst = [max((one["cost_share_mean"] or 0.0 for one in way["corridors"]), default=None) for way in ways]
    yield row(text("sum.across.cost_share_worst_corridor"), [share(one) for one in worst], "cost_share_worst_corridor")
    yield row(text("sum.across_risk"), [_dollars(one.get("exposed_usd_cents_peak", 0)) for one in risks])
    if any(way.get("lost") for way in ways):
        lost = [_dollars((way.get("chain") or {}).get("lost_usd_cents", 0)) for way in ways]
        yield row(text("sum.across_lost"), lost)


def _credited(way: Mapping[str, Any], share: Shown) -> str:
    return f"{way['settled']:,} ({share(way['settled'] / way['payments'] if way['payments'] else None)})"


def _not_credited(way: Mapping[str, Any]) -> str:
    """How the others ended, in few words.

    >>> _not_credited({"refused": 3, "returned": 0, "lost": 1200, "pending": 0}), _not_credited({})
    ('3 refused, 1,200 lost', 'none')
    """
    parts = [f"{way[name]:,} {text(code)}" for name, code in _NOT_CREDITED if way.get(name)]
    return ", ".join(parts) or text("sum.across_none")


def _time(way: Mapping[str, Any], name: str, span: Callable[[float], str]) -> str:
    return "-" if way.get(name) is None else span(way[name] / 1e6)


def _dollars(cents: int) -> str:
    """US cents as dollars, short.

    >>> _dollars(0), _dollars(123_456_00), _dollars(1_234_567_890_00)
    ('0 USD', '123,456 USD', '1,234.57 million USD')
    """
    if cents >= _CENTS_A_MILLION:
        return f"{cents / _CENTS_A_MILLION:,.2f} million USD"
    return f"{cents // 100:,} USD"


__all__ = ["across_borders"]
