"""Contracts, bills and data in the short summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.cli.text import text

Money = Callable[[int], str]


def trade(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """Lines of label and value; `money` shows fen as the rest of the summary does."""
    for contract in (summary.get("contracts") or {}).get("contracts", []):
        sums = _sums(contract, money, "spent", "amount", "returned", "held")
        yield text("sum.contract"), text("sum.contract_value", name=contract["name"], **sums)
    if bills := summary.get("bills"):
        values = {"bills": f"{bills['bills']:,}", **_sums(bills, money, "face", "sold", "cost")}
        yield text("sum.bills"), text("sum.bills_value", **values)
        broken = sum(int(one["face_fen"]) for one in bills["outcomes"] if one["outcome"] in ("recourse", "defaulted"))
        if broken:
            yield text("sum.unpaid"), text("sum.unpaid_value", unpaid=money(broken))
    if data := summary.get("data_exchange"):
        posted = sum(int(one["trades"]) for one in data["states"] if one["state"] == "posted")
        values = {"trades": f"{data['trades']:,}", "posted": f"{posted:,}"}
        values |= _sums(data, money, "paid", "people", "returned")
        yield text("sum.data"), text("sum.data_value", **values)


def _sums(found: Mapping[str, Any], money: Money, *names: str) -> dict[str, str]:
    return {name: money(found[f"{name}_fen"]) for name in names}
