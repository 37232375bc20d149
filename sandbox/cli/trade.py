"""Contracts and features in the short summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.cli.text import text
from sandbox.feature import declared
from sandbox.lines import Line, Money, amounts


def trade(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    """Lines of label and value; `money` shows fen as the rest of the summary does."""
    for contract in (summary.get("contracts") or {}).get("contracts", []):
        values = amounts(contract, money, "spent", "amount", "returned", "held")
        yield text("sum.contract"), text("sum.contract_value", name=contract["name"], **values)
    for _, one in declared(Line):
        yield from one.lines(summary, money)
