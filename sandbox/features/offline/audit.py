"""A run's offline payments against themselves, the ledger, the postings and the summary.

Records and certificates of devices are not kept, so signatures cannot be checked again. What can: that no payment
settles twice, that what is lost is borne by somebody and sums to the summary, that no more is spent twice than the
bound, and that escrows hold what was loaded and put in and not yet paid out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeGuard

import numpy as np

from sandbox.audit.arrow import read
from sandbox.audit.counts import differ
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.problems import Problem, in_row, problem
from sandbox.core.ratio import share
from sandbox.features.offline.rows import FINDER
from sandbox.features.offline.schema import Offline
from sandbox.language import N_
from sandbox.records import SCENARIO, SUMMARY
from sandbox.tables import TABLES, table_file

OFFLINE: Final = table_file("offline")
ESCROW: Final = "offline_escrow"
OUTCOMES: Final = (
    "settled", "double_spend", "over_cap", "expired", "replayed", "bad_signature", "lost", "open",
)  # fmt: skip
UNSEEN: Final = ("lost", "open")
"""Outcomes of payments that nobody has shown."""
REFUSED: Final = ("over_cap", "replayed", "bad_signature")
"""Outcomes of payments that moved nothing."""
OWNERS: Final = ("wallet", "corporate", "merchant")
"""Kinds of accounts behind purses and terminals."""
SIDES: Final = ("payer", "payee")
BEARERS: Final = ("operator", "fund", "user", "owner")
_BEYOND_BOUND: Final = N_("{found} fen were spent twice by offline.loss; its own bound is {said} fen")

Row = dict[str, Any]


def audit(run: Folder) -> Iterator[Problem]:
    """Everything about a run's offline payments; nothing if it has none."""
    folder, summary = run.path, run.summary
    if not (folder / OFFLINE).is_file():
        return
    rows: list[Row] = read(folder, "offline", [column.name for column in TABLES["offline"]]).to_pylist()
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
        yield from differ(summary, OFFLINE, {"offline": _numbers(rows)})
        yield from _money(folder, summary, kinds)
        offline = run.scenario.section(Offline) if run.scenario is not None else None
        if offline is not None:
            yield from _broken(rows, summary, offline.caps.balance)
            yield from _terms(summary, offline)


def _wrong(number: int, row: Row, kinds: dict[int, str]) -> str | None:
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


def _settled_twice(rows: list[Row]) -> int | None:
    """The first payment that settled as if its counter had not been used before."""
    used: set[tuple[str, int]] = set()
    for number, row in enumerate(rows):
        if row["outcome"] == "settled":
            counter = row["payer"], row["counter"]
            if counter in used:
                return number
            used.add(counter)
    return None


def _numbers(rows: list[Row]) -> dict[str, Any]:
    """What the summary says about the rows alone."""
    outcomes, hops = Counter(row["outcome"] for row in rows), Counter(row["hops"] for row in rows)
    settled = [row for row in rows if row["settled_at_us"] is not None]
    took = sorted(row["settled_at_us"] - row["made_at_us"] for row in settled)
    borne: Counter[str] = Counter()
    for row in rows:
        borne[row["borne_by"] or ""] += row["loss_fen"]
    times: dict[str, Any] = {"mean_us": float(np.array(took).mean()) if took else None}
    times |= {f"p{part}_us": took[min(len(took) - 1, len(took) * part // 100)] if took else None for part in (50, 95)}
    return {
        "payments": len(rows),
        "payments_fen": sum(int(row["amount_fen"]) for row in rows),
        "by_owners": sum(row["label"] is None for row in rows),
        "outcomes": {name: outcomes[name] for name in OUTCOMES},
        "settled_fen": sum(int(row["amount_fen"]) for row in settled),
        "signed": sum(bool(row["signed"]) for row in rows),
        "hops_mean": float(np.array([row["hops"] for row in rows]).mean()) if rows else None,
        "hops_max": max(hops, default=0),
        "by_hops": {str(number): hops[number] for number in sorted(hops)},
        "time_to_settle": {**times, "max_us": took[-1] if took else None},
        "loss": {
            "total_fen": sum(int(row["loss_fen"]) for row in rows),
            "late_fen": sum(int(row["amount_fen"]) for row in rows if row["outcome"] == "expired"),
            "gone_fen": sum(int(row["loss_fen"]) for row in rows if row["outcome"] == "lost"),
            "found_fen": sum(int(row["loss_fen"]) for row in rows if row["label"] == FINDER),
            "by_bearer_fen": {name: borne[name] for name in BEARERS},
        },
    }


def _money(folder: Path, summary: Mapping[str, Any], kinds: dict[int, str]) -> Iterator[Problem]:
    """Escrows against the postings, and the bound on what is spent twice."""
    names = ["payer", "payee", "amount_fen"]
    closings = read(folder, "ledger", ["closing_fen"]).column("closing_fen").to_pylist()
    held = sum(int(fen) for at, fen in enumerate(closings) if kinds[at] == ESCROW)
    waits = _money_of(summary).get("waiting_fen")
    worth = held - waits if isinstance(waits, int) else held
    found = {"in_escrow_fen": held, "worth_fen": worth}
    yield from differ(summary, table_file("ledger"), {"offline": {"money": found}})
    if (folder / table_file("postings")).is_file():
        moved = read(folder, "postings", names)
        put_in = paid_out = 0
        for payer, payee, fen in zip(*(moved.column(name).to_pylist() for name in names), strict=True):
            put_in += fen if kinds.get(payee) == ESCROW else 0
            paid_out += fen if kinds.get(payer) == ESCROW else 0
        found = {"covered_fen": put_in, "paid_out_fen": paid_out, "loaded_fen": held + paid_out - put_in}
        yield from differ(summary, table_file("postings"), {"offline": {"money": found}})
    loss = summary.get("offline", {}).get("loss", {}) if isinstance(summary.get("offline"), dict) else {}
    twice, bound = (loss.get(name) if isinstance(loss, dict) else None for name in ("spent_twice_fen", "bound_fen"))
    if not isinstance(twice, int) or not isinstance(bound, int) or twice > bound:
        yield problem(SUMMARY, "", _BEYOND_BOUND, found=twice, said=bound)


def _broken(rows: list[Row], summary: Mapping[str, Any], cap_fen: int) -> Iterator[Problem]:
    """Broken purses by what their rows say, the bound on each, and what of the risk follows from rows and bounds."""
    section = summary.get("offline")
    said = section if isinstance(section, dict) else {}
    loss, devices, told = (said.get(name) for name in ("loss", "devices", "tampered"))
    loss, devices = loss if isinstance(loss, dict) else {}, devices if isinstance(devices, dict) else {}
    by_purse: dict[str, list[Row]] = {}
    for row in rows:
        if row["label"] is not None:
            by_purse.setdefault(row["payer"], []).append(row)
    found = []
    for one in told if isinstance(told, list) else []:
        mine, times = by_purse.get(one.get("purse"), []), one.get("tamperings")
        fen = sum(int(row["amount_fen"]) for row in mine)
        bound = times * cap_fen if _whole(times) else 0
        found.append({"payments": len(mine), "payments_fen": fen, "bound_fen": bound})
    twice, made = loss.get("spent_twice_fen"), loss.get("tamperings")
    paid, spent = sum(int(row["amount_fen"]) for row in rows), devices.get("spent")
    bound = made * cap_fen if _whole(made) else 0
    losses: dict[str, Any] = {"bound_fen": bound, "found_bound_fen": spent * cap_fen if _whole(spent) else 0}
    if _whole(twice):
        losses |= {"of_bound": share(twice, bound), "of_payments": share(twice, paid)}
    yield from differ(summary, OFFLINE, {"offline": {"tampered": found, "loss": losses}})
    shown = [row for row in rows if row["presented_at_us"] is not None]
    refused, (peak, last) = sum(row["settled_at_us"] is None for row in shown), _outstanding(rows)
    took = said.get("time_to_settle")
    risk = {
        "payments": len(rows),
        "outstanding_peak_fen": peak,
        "outstanding_fen": last,
        "spent_twice_fen": twice,
        "bound_fen": bound,
        "of_bound": losses.get("of_bound"),
        "lost_share": share(sum(int(row["loss_fen"]) for row in rows), paid),
        "settle_p95_us": took.get("p95_us") if isinstance(took, dict) else None,
        "refused": refused,
        "refused_share": share(refused, len(shown)),
    }
    yield from differ(summary, OFFLINE, {"risk": {"offline": risk}})


def _outstanding(rows: list[Row]) -> tuple[int, int]:
    """The most that was paid and neither settled nor refused at one instant, and in the end (fen)."""
    moves = [(row["made_at_us"], row["amount_fen"]) for row in rows
             if row["presented_at_us"] is None or row["settled_at_us"] is not None]  # fmt: skip
    moves += [(row["settled_at_us"], -row["amount_fen"]) for row in rows if row["settled_at_us"] is not None]
    held = peak = 0
    for __, fen in sorted(moves):
        held += fen
        peak = max(peak, held)
    return peak, held


def _terms(summary: Mapping[str, Any], offline: Offline) -> Iterator[Problem]:
    """What the summary takes from the scenario."""
    times = {"device_time_us": offline.device_time, "gateway_time_us": offline.gateway_time}
    yield from differ(summary, SCENARIO, {"offline": {"modelled": times}})


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _money_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    section = summary.get("offline")
    money = section.get("money") if isinstance(section, dict) else None
    return money if isinstance(money, dict) else {}


AUDIT: Final = Audit("offline", audit)
