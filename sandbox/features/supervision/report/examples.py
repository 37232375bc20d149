"""A few alerts with the payments they rest on.

Everything else in the chapter rests on sums. Labels are ground truth: nobody inside the simulation reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports.columns import column, plain, whole
from sandbox.records import Run

EXAMPLES_AT_MOST: Final = 4
ALERTS_AT_MOST: Final = 50_000
"""Examples are chosen among so many alerts, the first ones."""
SHOWN_AT_MOST: Final = 8
"""Payments of an example that are shown."""
_ACTED_ON: Final = ("kept", "frozen", "released", "reported")


@dataclass(frozen=True)
class Shown:
    """A payment that an alert rests on; `label` is its ground truth, empty if it is honest."""

    payment_id: int
    submitted_at_us: int
    payer: int
    payee: int
    amount_fen: int
    label: str


@dataclass(frozen=True)
class Example:
    """An alert; `shown` are its first payments, `illicit` is how many of all it lists are (None: no ground truth)."""

    alert_id: int
    at_us: int
    rule: str
    account: int | None
    amount_fen: int
    payments: int
    figures: Mapping[str, Any]
    status: str
    illicit: int | None
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class _Alert:
    row: int
    rule: str
    status: str
    ids: tuple[int, ...]
    illicit: int


def examples(run: Run, truth: bool) -> tuple[Example, ...]:
    """Choose some alerts of a run, with ground truth or without.

    Raises:
        sandbox.records.RunError: a table cannot be read.
    """
    import numpy as np

    if not {"alerts", "payments"} <= set(run.tables):
        return ()
    table = run.arrow("alerts")
    names = ["payment_id", "submitted_at_us", "payer", "payee", "amount_fen", "label"]
    payments = run.arrow("payments", names)
    labels = column(whole(payments.unify_dictionaries(), "label"))
    ids, _ = plain(whole(payments, "payment_id"))
    labelled = np.array([label is not None for label in labels.tolist()], dtype=bool)
    illicit = set(ids[labelled].tolist())
    alerts = list(_alerts(table.slice(0, ALERTS_AT_MOST), illicit))
    chosen = _choose(alerts) if truth else _first_of_each(alerts)
    wanted = sorted({one for alert in chosen for one in alert.ids})
    rows = np.flatnonzero(np.isin(ids, np.array(wanted, dtype=np.int64))).tolist()
    numbers = {name: plain(whole(payments, name))[0] for name in names[:-1]}
    shown = {int(ids[row]): _shown({name: int(numbers[name][row]) for name in numbers}, labels[row]) for row in rows}
    return tuple(_example(table.slice(one.row, 1).to_pylist()[0], one, shown, truth) for one in chosen)


def _alerts(table: Any, illicit: set[int]) -> Iterator[_Alert]:
    kinds, rules, states = (column(whole(table, name)).tolist() for name in ("kind", "rule", "status"))
    texts = whole(table, "payment_ids").to_pylist()
    for row, (kind, rule, status, text) in enumerate(zip(kinds, rules, states, texts, strict=True)):
        if kind == "alert":
            ids = _ids(text)
            yield _Alert(row, str(rule), str(status), ids, sum(one in illicit for one in ids))


def _ids(text: Any) -> tuple[int, ...]:
    found = _json(text)
    return tuple(one for one in found if isinstance(one, int)) if isinstance(found, list) else ()


def _json(text: Any) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, TypeError, RecursionError):
        return None


def _choose(alerts: Sequence[_Alert]) -> list[_Alert]:
    """Up to three alerts that were right, of different rules, and one that was wrong; those acted on first."""
    chosen: list[_Alert] = []
    right = sorted((one for one in alerts if one.illicit), key=_right_first)
    for one in right:
        if len(chosen) < EXAMPLES_AT_MOST - 1 and one.rule not in {other.rule for other in chosen}:
            chosen.append(one)
    wrong = sorted((one for one in alerts if not one.illicit), key=lambda one: (_acted(one), one.row))
    return [*chosen, *wrong[:1]]


def _right_first(one: _Alert) -> tuple[bool, int, int, int]:
    """Those first of which most payments are criminal."""
    return 2 * one.illicit <= len(one.ids), _acted(one), -one.illicit, one.row


def _acted(one: _Alert) -> int:
    return _ACTED_ON.index(one.status) if one.status in _ACTED_ON else len(_ACTED_ON)


def _first_of_each(alerts: Sequence[_Alert]) -> list[_Alert]:
    """The first alert of each rule, those acted on first."""
    first: dict[str, _Alert] = {}
    for one in sorted(alerts, key=lambda one: (_acted(one), one.row)):
        first.setdefault(one.rule, one)
    return list(first.values())[:EXAMPLES_AT_MOST]


def _shown(numbers: Mapping[str, int], label: Any) -> Shown:
    return Shown(**numbers, label=str(label or ""))


def _example(row: Mapping[str, Any], one: _Alert, shown: Mapping[int, Shown], truth: bool) -> Example:
    figures = _json(row["figures"])
    listed = sorted((shown[ident] for ident in one.ids if ident in shown), key=lambda its: its.submitted_at_us)
    return Example(
        alert_id=int(row["alert_id"]),
        at_us=int(row["at_us"]),
        rule=one.rule,
        account=None if row["account"] is None else int(row["account"]),
        amount_fen=int(row["amount_fen"]),
        payments=int(row["payments"]),
        figures=figures if isinstance(figures, dict) else {},
        status=one.status,
        illicit=one.illicit if truth else None,
        shown=tuple(listed[:SHOWN_AT_MOST]),
    )
