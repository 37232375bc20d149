"""The summary against the tables: what can be counted again is counted again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.audit.arrow import numbers, read
from sandbox.audit.booking import Books
from sandbox.audit.money import LEDGER, Accounts
from sandbox.audit.payments import PAYMENTS
from sandbox.audit.problems import Problem, wrong_figure
from sandbox.audit.series import SERIES
from sandbox.core.layout import Outcome
from sandbox.records import SUMMARY
from sandbox.tables import OUTCOMES, REFUSALS
from wallets.classes import CLASS_NAMES


def check_summary(summary: dict[str, Any], accounts: Accounts | None, folder: Path) -> Iterator[Problem]:
    """Against the ledger and the series, which every run has whole."""
    if accounts is not None:
        totals = accounts.totals()
        ok = all(total["sum_fen"] == 0 for total in totals.values())
        yield from differ(summary, LEDGER, {"conservation": {"ok": ok, "by_currency": totals}})
    names = ["ended", "settled", "settled_fen", "submitted", *REFUSALS]
    table = read(folder, "series", names)
    sums = {name: int(numbers(table, name).sum()) for name in names}
    yield from differ(
        summary,
        SERIES,
        {
            "throughput": {"payments": sums["ended"], "settled": sums["settled"], "settled_fen": sums["settled_fen"]},
            "outcomes": {"settled": sums["settled"], **{name: sums[name] for name in REFUSALS}},
        },
    )
    yield from differ(summary, SERIES, {"throughput": {"payments": sums["submitted"]}})


def check_counts(summary: dict[str, Any], books: Books, sources: list[str]) -> Iterator[Problem]:
    """Against all payments, booked."""
    counts, values = books.counts, books.values
    by_outcome = counts.sum(axis=(0, 2))
    yield from differ(
        summary,
        PAYMENTS,
        {
            "throughput": {
                "payments": int(counts.sum()),
                "settled": int(by_outcome[Outcome.SETTLED]),
                "settled_fen": int(values[:, Outcome.SETTLED].sum()),
            },
            "outcomes": {name: int(by_outcome[code]) for code, name in enumerate(OUTCOMES)},
        },
    )
    for row in _rows(summary, "segments"):
        source = row.get("source")
        if source in sources:
            at = sources.index(source)
            found = {
                "payments": int(counts[at].sum()),
                "settled": int(counts[at, Outcome.SETTLED].sum()),
                "settled_fen": int(values[at, Outcome.SETTLED].sum()),
            }
            yield from differ(row, PAYMENTS, found, f"segments[{source}]")
    refused = {
        (CLASS_NAMES[klass], OUTCOMES[code]): (int(counts[:, code, klass].sum()), int(values[:, code, klass].sum()))
        for klass in range(len(CLASS_NAMES))
        for code in range(1, len(OUTCOMES))
    }
    for row in _rows(summary, "refusals"):
        count, value_fen = refused.get((str(row.get("payer_class")), str(row.get("outcome"))), (0, 0))
        name = f"refusals[{row.get('payer_class')}, {row.get('outcome')}]"
        yield from differ(row, PAYMENTS, {"count": count, "value_fen": value_fen}, name)


def _rows(summary: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = summary.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def differ(said: Any, table: str, found: Mapping[str, Any], above: str = "") -> Iterator[Problem]:
    """Every figure that is not what was found."""
    for name, value in found.items():
        path = f"{above}.{name}" if above else name
        here = said.get(name) if isinstance(said, dict) else None
        if isinstance(value, Mapping):
            yield from differ(here, table, value, path)
        elif _are_rows(value) and isinstance(here, list) and len(here) == len(value):
            for number, (row, of_it) in enumerate(zip(here, value, strict=True)):
                word = next((one for one in of_it.values() if isinstance(one, str)), number)
                yield from differ(row, table, of_it, f"{path}[{word}]")
        elif here != value or isinstance(here, bool) != isinstance(value, bool):
            yield wrong_figure(SUMMARY, "", path, here, table, value)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)
