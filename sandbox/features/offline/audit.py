"""A run's offline payments against themselves, the ledger, the postings and the summary.

Records and certificates of devices are not kept, so signatures cannot be checked again. What can: that no payment
settles twice, that what is lost is borne by somebody and sums to the summary, that no more is spent twice than the
bound, and that escrows hold what was loaded and put in and not yet paid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sandbox.audit.arrow import read
from sandbox.audit.counts import differ
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.problems import Problem, in_row, problem
from sandbox.features.offline.rows import (
    BEARERS,
    OUTCOMES,
    Row,
    broken_purse,
    labelled,
    loss_bounds,
    risk_of_rows,
    summary_of_rows,
)
from sandbox.features.offline.schema import Offline
from sandbox.language import N_
from sandbox.records import SCENARIO, SUMMARY
from sandbox.tables import TABLES, table_file

OFFLINE: Final = table_file("offline")
ESCROW: Final = "offline_escrow"
UNSEEN: Final = ("lost", "open")
"""Outcomes of payments that nobody has shown."""
REFUSED: Final = ("over_cap", "replayed", "bad_signature")
"""Outcomes of payments that moved nothing."""
OWNERS: Final = ("wallet", "corporate", "merchant")
"""Kinds of accounts behind purses and terminals."""
SIDES: Final = ("payer", "payee")
_BEYOND_BOUND: Final = N_("{found} fen were spent twice by offline.loss; its own bound is {said} fen")

Line = dict[str, Any]
"""A row of the table by column."""


def audit(run: Folder) -> Iterator[Problem]:
    """Everything about a run's offline payments; nothing if it has none."""
    folder, summary = run.path, run.summary
    if not (folder / OFFLINE).is_file():
        return
    rows: list[Line] = read(folder, "offline", [column.name for column in TABLES["offline"]]).to_pylist()
    kinds = dict(enumerate(read(folder, "ledger", ["kind"]).column("kind").to_pylist()))
    for number, row in enumerate(rows):
        reason = _wrong(number, row, kinds)
        if reason is not None:
            known = {"outcomes": ", ".join(OUTCOMES), "bearers": ", ".join(BEARERS)}
            yield problem(OFFLINE, in_row(number), reason, **known)
            return
    owners: dict[str, int] = {}
    for number, row in enumerate(rows):
        if any(owners.setdefault(row[side], row[f"{side}_account"]) != row[f"{side}_account"] for side in SIDES):
            yield problem(OFFLINE, in_row(number), N_("a purse has another wallet behind it than before"))
            return
    twice = _settled_twice(rows)
    if twice is not None:
        reason = N_("its payer's counter was settled before, and it is no double_spend")
        yield problem(OFFLINE, in_row(twice), reason)
    if summary is not None:
        payments = [_payment(row) for row in rows]
        yield from differ(summary, OFFLINE, {"offline": summary_of_rows(payments)})
        yield from _money(folder, summary, kinds)
        offline = run.scenario.section(Offline) if run.scenario is not None else None
        if offline is not None:
            yield from _broken(payments, summary, offline.caps.balance)
            yield from _terms(summary, offline)


def _wrong(number: int, row: Line, kinds: dict[int, str]) -> str | None:
    """Why no offline payment can be so."""
    shown, settled, outcome = row["presented_at_us"], row["settled_at_us"], row["outcome"]
    ways = (
        (row["offline_id"] == number, N_("payments are not numbered from 0")),
        (outcome in OUTCOMES, N_("its outcome is none of {outcomes}")),
        (
            all(kinds.get(row[f"{side}_account"]) in OWNERS for side in SIDES),
            N_("behind a purse is no wallet or merchant of the ledger"),
        ),
        (
            row["amount_fen"] > 0 and row["counter"] > 0 and row["hops"] > 0,
            N_("amount, counter or hops is not above zero"),
        ),
        ((shown is None) == (outcome in UNSEEN), N_("outcome and presented_at_us do not agree")),
        (settled is None or shown is not None, N_("it was settled and never shown")),
        (shown is None or shown >= row["made_at_us"], N_("it was shown before it was made")),
        (settled is None or shown is None or settled >= shown, N_("it was settled before it was shown")),
        (
            settled is not None or outcome not in ("settled", "double_spend"),
            N_("outcome and settled_at_us do not agree"),
        ),
        (settled is None or outcome not in REFUSED, N_("outcome and settled_at_us do not agree")),
        (0 <= row["loss_fen"] <= row["amount_fen"], N_("loss_fen is below zero or more than amount_fen")),
        (row["loss_fen"] == 0 or outcome not in REFUSED, N_("it was refused, yet something was lost")),
        ((row["borne_by"] is None) == (row["loss_fen"] == 0), N_("loss_fen and borne_by do not agree")),
        (row["borne_by"] is None or row["borne_by"] in BEARERS, N_("borne_by is none of {bearers}")),
    )
    return next((reason for holds, reason in ways if not holds), None)


def _payment(row: Line) -> Row:
    return Row(
        row["offline_id"], row["payer"], row["payee"], row["amount_fen"], row["counter"], row["hops"],
        row["made_at_us"], row["label"], row["presented_at_us"], row["settled_at_us"], row["outcome"], row["borne_by"],
        row["loss_fen"], signed=bool(row["signed"]),
    )  # fmt: skip


def _settled_twice(rows: list[Line]) -> int | None:
    """The first payment that settled as if its counter had not been used before."""
    used: set[tuple[str, int]] = set()
    for number, row in enumerate(rows):
        if row["outcome"] == "settled":
            counter = row["payer"], row["counter"]
            if counter in used:
                return number
            used.add(counter)
    return None


def _money(folder: Path, summary: Mapping[str, Any], kinds: dict[int, str]) -> Iterator[Problem]:
    """Escrows against the postings, and the bound on what is spent twice."""
    names = ["payer", "payee", "amount_fen"]
    closings = read(folder, "ledger", ["closing_fen"]).column("closing_fen").to_pylist()
    held = sum(int(fen) for at, fen in enumerate(closings) if kinds[at] == ESCROW)
    waits = _part(_part(summary, "offline"), "money").get("waiting_fen")
    found = {"in_escrow_fen": held, "worth_fen": held - waits if isinstance(waits, int) else held}
    yield from differ(summary, table_file("ledger"), {"offline": {"money": found}})
    if (folder / table_file("postings")).is_file():
        moved = read(folder, "postings", names)
        put_in = paid_out = 0
        for payer, payee, fen in zip(*(moved.column(name).to_pylist() for name in names), strict=True):
            put_in += fen if kinds.get(payee) == ESCROW else 0
            paid_out += fen if kinds.get(payer) == ESCROW else 0
        found = {"covered_fen": put_in, "paid_out_fen": paid_out, "loaded_fen": held + paid_out - put_in}
        yield from differ(summary, table_file("postings"), {"offline": {"money": found}})
    loss = _part(_part(summary, "offline"), "loss")
    twice, bound = (loss.get(name) for name in ("spent_twice_fen", "bound_fen"))
    if not isinstance(twice, int) or not isinstance(bound, int) or twice > bound:
        yield problem(SUMMARY, "", _BEYOND_BOUND, found=twice, said=bound)


def _broken(rows: list[Row], summary: Mapping[str, Any], cap_fen: int) -> Iterator[Problem]:
    """Broken purses by what their rows say, the bound on each, and what of the risk follows from rows and bounds."""
    said = _part(summary, "offline")
    loss, section, by_purse = _part(said, "loss"), summary_of_rows(rows), labelled(rows)
    told = said.get("tampered")
    found = [
        broken_purse(by_purse.get(str(one.get("purse")), []), _count(one.get("tamperings")), cap_fen)
        for one in (told if isinstance(told, list) else [])
    ]
    twice, finders = loss.get("spent_twice_fen"), _count(_part(said, "devices").get("spent"))
    losses = loss_bounds(_count(twice), _count(loss.get("tamperings")), finders, cap_fen, section["payments_fen"])
    yield from differ(summary, OFFLINE, {"offline": {"tampered": found, "loss": losses}})
    whole = {**section, "loss": {**section["loss"], **losses, "spent_twice_fen": twice}}
    yield from differ(summary, OFFLINE, {"risk": {"offline": risk_of_rows(rows, whole)}})


def _terms(summary: Mapping[str, Any], offline: Offline) -> Iterator[Problem]:
    """What the summary takes from the scenario."""
    times = {"device_time_us": offline.device_time, "gateway_time_us": offline.gateway_time}
    yield from differ(summary, SCENARIO, {"offline": {"modelled": times}})


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _part(summary: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section, or nothing."""
    found = summary.get(name)
    return found if isinstance(found, dict) else {}


AUDIT: Final = Audit("offline", audit)
