"""Payments across borders in the short summary: the arrangements side by side, with the targets of the FSB."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sandbox.language import N_, _, named
from sandbox.summary_lines import Line, Money, share, span
from sandbox.visible import plain

_LEAST_WIDTH: Final = 18
_CENTS_A_MILLION: Final = 100_000_000
_CENTS_A_BILLION: Final = 100_000_000_000
_NOT_CREDITED: Final = {
    "refused": N_("{count} refused"),
    "returned": N_("{count} returned"),
    "lost": N_("{count} lost"),
    "pending": N_("{count} pending"),
}
_ARRANGEMENTS: Final = {"shared_ledger": N_("shared ledger"), "correspondent": N_("correspondents")}
_TARGETS: Final = {
    "within_hour_share": (1, N_("within an hour")),
    "within_day_share": (1, N_("within a day")),
    "retail_cost_share_mean": (1, N_("retail cost")),
    "retail_cost_share_worst_corridor": (2, N_("worst corridor")),
    "remittance_cost_share_mean": (1, N_("remittance cost")),
    "remittance_cost_share_worst_corridor": (2, N_("worst corridor")),
}

Row = tuple[str, Sequence[str], str]
"""A label, a value for each arrangement, and the target."""


def lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """A line for each number, with a column for each arrangement."""
    found = summary.get("crossborder")
    if not found or not found.get("arrangements"):
        return
    rows = list(_rows(found["arrangements"], summary.get("risk", {})))
    widths = [
        max(_LEAST_WIDTH, *(len(values[place]) for __, values, __ in rows))
        for place in range(len(found["arrangements"]))
    ]
    for label, values, target in rows:
        cells = [value.ljust(width) for value, width in zip(values, widths, strict=True)]
        yield label, "  ".join([*cells, target]).rstrip()
    pairs = found.get("pairs") or {}
    if pairs.get("settled_on_both"):
        shown = {name: share(pairs[f"{name}_share"]) for name in ("faster", "cheaper")}
        first, both = named(_ARRANGEMENTS, pairs["first_arrangement"]), f"{pairs['settled_on_both']:,}"
        message = N_(
            "{first} faster for {faster} and cheaper for {cheaper} of {both} credited through both arrangements"
        )
        yield _below(_("pair by pair")), _(message, first=first, both=both, **shown)


def _rows(arrangements: Sequence[Mapping[str, Any]], risk: Mapping[str, Any]) -> Iterator[Row]:
    def row(label: str, show: Callable[[Mapping[str, Any]], str], target: str = "") -> Row:
        return label, [show(one) for one in arrangements], target

    settlement, concentration = (risk.get(name, {}) for name in ("settlement", "cross_border"))
    yield row(_("across borders"), lambda one: named(_ARRANGEMENTS, one["arrangement"]), _("G20 target (FSB)"))
    yield row(_below(_("payments")), lambda one: f"{one['payments']:,}")
    yield row(_below(_("credited")), lambda one: _credited(one))
    yield row(_below(_("not credited")), _not_credited)
    yield row(_below(_("value credited")), lambda one: _dollars(one["settled_usd_cents"]))
    yield row(_below(_("time, median")), lambda one: _time(one, "credit_us_p50"))
    yield row(_below(_("time, 95th perc.")), lambda one: _time(one, "credit_us_p95"))
    targets = [{one["target"]: one for one in arrangement.get("targets", [])} for arrangement in arrangements]
    yield row(_below(_("cost, all")), lambda one: _cost(one.get("cost_share_mean")))
    for name, (depth, label) in _TARGETS.items():
        of_arrangements = [one.get(name, {}) for one in targets]
        if any(one.get("value") is not None for one in of_arrangements):
            cost = "cost" in name
            values = [_against(one, cost) for one in of_arrangements]
            line = share(of_arrangements[0]["line"])
            if of_arrangements[0]["line"] < 1:
                line = _(N_("at most {line}") if cost else N_("at least {line}"), line=line)
            yield _below(_(label), depth), values, line
    yield row(
        _below(_("at risk at most")),
        lambda one: _dollars(settlement.get(one["arrangement"], {}).get("exposed_usd_cents_peak", 0)),
    )
    if any(one.get("lost") for one in arrangements):
        yield row(_below(_("lost")), lambda one: _dollars((one.get("chain") or {}).get("lost_usd_cents", 0)))
    yield row(_below(_("liquidity held")), lambda one: _dollars(_sum(one, "opening_usd_cents", "held_usd_cents")))
    yield row(_below(_("turnover")), lambda one: _dollars(_sum(one, "turnover_usd_cents", "turnover_usd_cents")))
    yield row(
        _below(_("HHI, currencies")),
        lambda one: _index(concentration.get(one["arrangement"], {}).get("hhi_currencies")),
    )


def _credited(arrangement: Mapping[str, Any]) -> str:
    paid = arrangement["payments"]
    return f"{arrangement['settled']:,} ({share(arrangement['settled'] / paid)})" if paid else "0"


def _not_credited(arrangement: Mapping[str, Any]) -> str:
    """How the others ended, in few words.

    >>> _not_credited({"refused": 3, "returned": 0, "lost": 1200, "pending": 0}), _not_credited({})
    ('3 refused, 1,200 lost', 'none')
    """
    return _(", ").join(
        _(message, count=f"{arrangement[name]:,}") for name, message in _NOT_CREDITED.items() if arrangement.get(name)
    ) or _("none")


def _against(target: Mapping[str, Any], cost: bool) -> str:
    value = target.get("value")
    if value is None:
        return "-"
    shown = _cost(value) if cost else share(value)
    return _(N_("{value}, met") if target["met"] else N_("{value}, missed"), value=shown)


def _cost(value: float | None) -> str:
    """A cost as a percentage; below one per cent with a digit more than other shares.

    >>> _cost(0.00109), _cost(0.0712)
    ('0.11 %', '7.1 %')
    """
    if value is None or value >= 0.01 or value < 0.00005:
        return share(value)
    return f"{100 * value:.2f} %"


def _sum(arrangement: Mapping[str, Any], of_chain: str, of_ledger: str) -> int:
    """Liquidity of an arrangement (US cents), by the name that it has there."""
    chain = arrangement.get("chain")
    return int(chain[of_chain] if chain else arrangement.get(of_ledger, 0))


def _index(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _time(arrangement: Mapping[str, Any], name: str) -> str:
    return "-" if arrangement.get(name) is None else span(arrangement[name] / 1e6)


def _dollars(cents: int) -> str:
    """US cents as dollars, short.

    >>> _dollars(0), _dollars(123_456_00), _dollars(1_234_567_890), _dollars(1_234_567_890_000)
    ('0 USD', '123,456 USD', '12.3 million USD', '12.3 billion USD')
    """
    for unit, message in (
        (_CENTS_A_BILLION, N_("{amount} billion USD")),
        (_CENTS_A_MILLION, N_("{amount} million USD")),
    ):
        if cents >= unit:
            return _(message, amount=plain(cents / unit))
    return _("{amount} USD", amount=f"{cents // 100:,}")


def _below(label: str, depth: int = 1) -> str:
    """A label under another."""
    return "  " * depth + label


LINE: Final = Line(lines)
