"""Payments across borders in the short summary: the ways side by side, with the targets of the FSB beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sandbox.cli.text import text
from sandbox.visible import plain

_LEAST_WIDTH: Final = 18
_CENTS_A_MILLION: Final = 100_000_000
_CENTS_A_BILLION: Final = 100_000_000_000
_NOT_CREDITED: Final = (
    ("refused", "sum.across.refused"),
    ("returned", "sum.across.returned"),
    ("lost", "sum.across.lost"),
    ("pending", "sum.across.pending"),
)
_WAYS: Final = {"shared_ledger": "sum.way.shared_ledger", "correspondent": "sum.way.correspondent"}
_TARGETS: Final = {
    "within_hour_share": "sum.across.within_hour_share",
    "within_day_share": "sum.across.within_day_share",
    "retail_cost_share_mean": "sum.across.retail_cost_share_mean",
    "retail_cost_share_worst_corridor": "sum.across.retail_cost_share_worst_corridor",
    "remittance_cost_share_mean": "sum.across.remittance_cost_share_mean",
    "remittance_cost_share_worst_corridor": "sum.across.remittance_cost_share_worst_corridor",
}

Shown = Callable[[float | None], str]
Row = tuple[str, Sequence[str], str]
"""A label, a value for each way, and the target."""


def across_borders(summary: Mapping[str, Any], share: Shown, span: Callable[[float], str]) -> Iterator[tuple[str, str]]:
    """Lines of label and value; `share` and `span` show a share and seconds as the rest of the summary does."""
    found = summary.get("crossborder")
    if not found or not found.get("ways"):
        return
    rows = list(_rows(found["ways"], summary.get("risk", {}), share, span))
    widths = [max(_LEAST_WIDTH, *(len(values[place]) for _, values, _ in rows)) for place in range(len(found["ways"]))]
    for label, values, target in rows:
        cells = [value.ljust(width) for value, width in zip(values, widths, strict=True)]
        yield label, "  ".join([*cells, target]).rstrip()
    pairs = found.get("pairs") or {}
    if pairs.get("settled_on_both"):
        shown = {name: share(pairs[f"{name}_share"]) for name in ("faster", "cheaper")}
        way, both = pairs["first_way"], f"{pairs['settled_on_both']:,}"
        yield text("sum.across_pairs"), text("sum.across_pairs_value", first=text(_WAYS[way]), both=both, **shown)


def _rows(
    ways: Sequence[Mapping[str, Any]], risk: Mapping[str, Any], share: Shown, span: Callable[[float], str]
) -> Iterator[Row]:
    def row(code: str, show: Callable[[Mapping[str, Any]], str], target: str = "") -> Row:
        return text(code), [show(way) for way in ways], target

    settlement, concentration = (risk.get(name, {}) for name in ("settlement", "cross_border"))
    yield row("sum.across", _way, text("sum.across_target"))
    yield row("sum.across_payments", lambda way: f"{way['payments']:,}")
    yield row("sum.across_credited", lambda way: _credited(way, share))
    yield row("sum.across_not", _not_credited)
    yield row("sum.across_value", lambda way: _dollars(way["settled_usd_cents"]))
    yield row("sum.across_time", lambda way: _time(way, "credit_us_p50", span))
    yield row("sum.across_p95", lambda way: _time(way, "credit_us_p95", span))
    targets = [{one["target"]: one for one in way.get("targets", [])} for way in ways]
    yield row("sum.across_cost", lambda way: _cost(way.get("cost_share_mean"), share))
    for name, code in _TARGETS.items():
        of_ways = [one.get(name, {}) for one in targets]
        if any(one.get("value") is not None for one in of_ways):
            cost = "cost" in name
            values = [_against(one, share, cost) for one in of_ways]
            line = share(of_ways[0]["line"])
            if of_ways[0]["line"] < 1:
                line = text("sum.across_at_most" if cost else "sum.across_at_least", line=line)
            yield text(code), values, line
    yield row("sum.across_risk", lambda way: _dollars(settlement.get(way["way"], {}).get("exposed_usd_cents_peak", 0)))
    if any(way.get("lost") for way in ways):
        yield row("sum.across_lost", lambda way: _dollars((way.get("chain") or {}).get("lost_usd_cents", 0)))
    yield row("sum.across_liquidity", lambda way: _dollars(_sum(way, "opening_usd_cents", "held_usd_cents")))
    yield row("sum.across_turnover", lambda way: _dollars(_sum(way, "turnover_usd_cents", "turnover_usd_cents")))
    yield row("sum.across_hhi", lambda way: _index(concentration.get(way["way"], {}).get("hhi_currencies")))


def _credited(way: Mapping[str, Any], share: Shown) -> str:
    paid = way["payments"]
    return f"{way['settled']:,} ({share(way['settled'] / paid)})" if paid else "0"


def _not_credited(way: Mapping[str, Any]) -> str:
    """How the others ended, in few words.

    >>> _not_credited({"refused": 3, "returned": 0, "lost": 1200, "pending": 0}), _not_credited({})
    ('3 refused, 1,200 lost', 'none')
    """
    parts = [f"{way[name]:,} {text(code)}" for name, code in _NOT_CREDITED if way.get(name)]
    return ", ".join(parts) or text("sum.across_none")


def _way(found: Mapping[str, Any]) -> str:
    way = found["way"]
    return text(_WAYS[way])


def _against(target: Mapping[str, Any], share: Shown, cost: bool) -> str:
    value = target.get("value")
    if value is None:
        return "-"
    shown = _cost(value, share) if cost else share(value)
    met = bool(target["met"])
    return text("sum.across_met" if met else "sum.across_missed", value=shown)


def _cost(value: float | None, share: Shown) -> str:
    """A cost as a percentage; below one per cent with a digit more than other shares.

    >>> _cost(0.00109, str), _cost(0.0712, lambda share: "7.1 %")
    ('0.11 %', '7.1 %')
    """
    if value is None or value >= 0.01 or value < 0.00005:
        return share(value)
    return f"{100 * value:.2f} %"


def _sum(way: Mapping[str, Any], of_chain: str, of_ledger: str) -> int:
    """Liquidity of a way (US cents), as either way calls it."""
    chain = way.get("chain")
    return int(chain[of_chain] if chain else way.get(of_ledger, 0))


def _index(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _time(way: Mapping[str, Any], name: str, span: Callable[[float], str]) -> str:
    return "-" if way.get(name) is None else span(way[name] / 1e6)


def _dollars(cents: int) -> str:
    """US cents as dollars, short.

    >>> _dollars(0), _dollars(123_456_00), _dollars(1_234_567_890), _dollars(1_234_567_890_000)
    ('0 USD', '123,456 USD', '12.3 million USD', '12.3 billion USD')
    """
    for unit, name in ((_CENTS_A_BILLION, "billion"), (_CENTS_A_MILLION, "million")):
        if cents >= unit:
            return f"{plain(cents / unit)} {name} USD"
    return f"{cents // 100:,} USD"


__all__ = ["across_borders"]
