"""Payments across borders in the short summary: the ways side by side, with the targets of the FSB beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sandbox.lines import Line, Money, share, span
from sandbox.visible import plain

_LEAST_WIDTH: Final = 18
_CENTS_A_MILLION: Final = 100_000_000
_CENTS_A_BILLION: Final = 100_000_000_000
_NOT_CREDITED: Final = ("refused", "returned", "lost", "pending")
_WAYS: Final = {"shared_ledger": "shared ledger", "correspondent": "correspondents"}
_TARGETS: Final = {
    "within_hour_share": "  within an hour",
    "within_day_share": "  within a day",
    "retail_cost_share_mean": "  retail cost",
    "retail_cost_share_worst_corridor": "    worst corridor",
    "remittance_cost_share_mean": "  remittance cost",
    "remittance_cost_share_worst_corridor": "    worst corridor",
}

Row = tuple[str, Sequence[str], str]
"""A label, a value for each way, and the target."""


def lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """A line a number, with a column a way."""
    found = summary.get("crossborder")
    if not found or not found.get("ways"):
        return
    rows = list(_rows(found["ways"], summary.get("risk", {})))
    widths = [max(_LEAST_WIDTH, *(len(values[place]) for _, values, _ in rows)) for place in range(len(found["ways"]))]
    for label, values, target in rows:
        cells = [value.ljust(width) for value, width in zip(values, widths, strict=True)]
        yield label, "  ".join([*cells, target]).rstrip()
    pairs = found.get("pairs") or {}
    if pairs.get("settled_on_both"):
        shown = {name: share(pairs[f"{name}_share"]) for name in ("faster", "cheaper")}
        told = f"faster for {shown['faster']} and cheaper for {shown['cheaper']}"
        first, both = _WAYS[pairs["first_way"]], f"{pairs['settled_on_both']:,}"
        yield "  pair by pair", f"{first} {told} of {both} credited on both ways"


def _rows(ways: Sequence[Mapping[str, Any]], risk: Mapping[str, Any]) -> Iterator[Row]:
    def row(label: str, show: Callable[[Mapping[str, Any]], str], target: str = "") -> Row:
        return label, [show(way) for way in ways], target

    settlement, concentration = (risk.get(name, {}) for name in ("settlement", "cross_border"))
    yield row("across borders", lambda way: _WAYS[way["way"]], "G20 target (FSB)")
    yield row("  payments", lambda way: f"{way['payments']:,}")
    yield row("  credited", lambda way: _credited(way))
    yield row("  not credited", _not_credited)
    yield row("  value credited", lambda way: _dollars(way["settled_usd_cents"]))
    yield row("  time, median", lambda way: _time(way, "credit_us_p50"))
    yield row("  time, 95th perc.", lambda way: _time(way, "credit_us_p95"))
    targets = [{one["target"]: one for one in way.get("targets", [])} for way in ways]
    yield row("  cost, all", lambda way: _cost(way.get("cost_share_mean")))
    for name, label in _TARGETS.items():
        of_ways = [one.get(name, {}) for one in targets]
        if any(one.get("value") is not None for one in of_ways):
            cost = "cost" in name
            values = [_against(one, cost) for one in of_ways]
            line = share(of_ways[0]["line"])
            if of_ways[0]["line"] < 1:
                line = f"at most {line}" if cost else f"at least {line}"
            yield label, values, line
    yield row(
        "  at risk at most", lambda way: _dollars(settlement.get(way["way"], {}).get("exposed_usd_cents_peak", 0))
    )
    if any(way.get("lost") for way in ways):
        yield row("  lost", lambda way: _dollars((way.get("chain") or {}).get("lost_usd_cents", 0)))
    yield row("  liquidity held", lambda way: _dollars(_sum(way, "opening_usd_cents", "held_usd_cents")))
    yield row("  turnover", lambda way: _dollars(_sum(way, "turnover_usd_cents", "turnover_usd_cents")))
    yield row("  HHI, currencies", lambda way: _index(concentration.get(way["way"], {}).get("hhi_currencies")))


def _credited(way: Mapping[str, Any]) -> str:
    paid = way["payments"]
    return f"{way['settled']:,} ({share(way['settled'] / paid)})" if paid else "0"


def _not_credited(way: Mapping[str, Any]) -> str:
    """How the others ended, in few words.

    >>> _not_credited({"refused": 3, "returned": 0, "lost": 1200, "pending": 0}), _not_credited({})
    ('3 refused, 1,200 lost', 'none')
    """
    return ", ".join(f"{way[name]:,} {name}" for name in _NOT_CREDITED if way.get(name)) or "none"


def _against(target: Mapping[str, Any], cost: bool) -> str:
    value = target.get("value")
    if value is None:
        return "-"
    return f"{_cost(value) if cost else share(value)}, {'met' if target['met'] else 'missed'}"


def _cost(value: float | None) -> str:
    """A cost as a percentage; below one per cent with a digit more than other shares.

    >>> _cost(0.00109), _cost(0.0712)
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


def _time(way: Mapping[str, Any], name: str) -> str:
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


LINE: Final = Line(lines)
