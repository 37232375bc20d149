"""What a run with hard wallets says: the table `offline`, and the section of the summary."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import numpy as np

from sandbox.base.pending import Pendings
from sandbox.control import Columns, Control
from sandbox.core.draws import Int64Array
from sandbox.core.ratio import share
from sandbox.features.offline.attacks import Attacks
from sandbox.features.offline.fleet import DeviceFleet
from sandbox.features.offline.lost import LostAndFound
from sandbox.features.offline.register import COVER, LOAD, PurseRegister
from sandbox.features.offline.rows import FINDER, OUTCOMES, Row

MOST_SHOWN: Final = 200
"""Broken purses in the summary: those that cost most."""
SPREAD: Final = ("none", "quarter", "half", "three_quarters", "more", "all")
"""How much of its bound a broken purse spent twice: nothing, less than a quarter, ..., all of it."""


def table_of(register: PurseRegister) -> Columns:
    """Columns of the table `offline`."""
    rows = register.rows

    def whole(name: str) -> list[Any]:
        return [getattr(row, name) for row in rows]

    return {
        "offline_id": np.arange(len(rows)),
        "payer": whole("payer"),
        "payee": whole("payee"),
        "payer_account": [_account(register, row.payer) for row in rows],
        "payee_account": [_account(register, row.payee) for row in rows],
        "amount_fen": whole("amount_fen"),
        "counter": whole("counter"),
        "hops": whole("hops"),
        "made_at_us": whole("made_us"),
        "presented_at_us": whole("presented_us"),
        "settled_at_us": whole("settled_us"),
        "outcome": whole("outcome"),
        "borne_by": whole("borne_by"),
        "loss_fen": whole("loss_fen"),
        "signed": whole("signed"),
        "label": whole("label"),
    }


def _account(register: PurseRegister, name: str) -> int:
    return register.purses[name].account


def summary_of(
    control: Control, fleet: DeviceFleet, attacks: Attacks, lost: LostAndFound, pendings: Pendings
) -> dict[str, Any]:
    """The section `offline`, and what of it is a risk."""
    register, counts = fleet.register, fleet.counts
    rows = register.rows
    by_outcome = Counter(row.outcome for row in rows)
    settled = [row for row in rows if row.settled_us is not None]
    delays = np.array([row.settled_us - row.made_us for row in settled if row.settled_us is not None], dtype=np.int64)
    hops = np.array([row.hops for row in rows], dtype=np.int64)
    section = {
        "purses": len(fleet.holders),
        "terminals": len(fleet.terminals),
        "tried": counts.tried,
        "declined": dict(sorted(counts.declined.items())),
        "payments": len(rows),
        "payments_fen": sum(row.amount_fen for row in rows),
        "by_owners": sum(row.label is None for row in rows),
        "outcomes": {name: by_outcome[name] for name in OUTCOMES},
        "settled_fen": sum(row.amount_fen for row in settled),
        "signed": register.signed,
        "hops_mean": float(hops.mean()) if hops.size else None,
        "hops_max": int(hops.max()) if hops.size else 0,
        "by_hops": {str(number): int(count) for number, count in enumerate(np.bincount(hops)) if count},
        "time_to_settle": _times(delays),
        "syncs": counts.syncs,
        "loads": counts.loads,
        "loads_refused": counts.loads_refused,
        "money": _money(control, register, pendings),
        "loss": _loss(register, attacks, lost),
        "devices": {
            "lost": lost.lost, "reported": lost.reported, "found": lost.found, "spent": lost.spent,
            "returned": counts.returned,
        },
        "redeemed_fen": counts.redeemed_fen,
        "modelled": {"device_time_us": fleet.offline.device_time, "gateway_time_us": fleet.offline.gateway_time},
        "downtimes": [
            {"region": name, "from_us": begin, "to_us": end}
            for name, spans in zip(fleet.offline.regions, fleet.network.downs, strict=True)
            for begin, end in spans
            if begin < control.now
        ],
        "tampered": _tampered(register, fleet, attacks),
    }  # fmt: skip
    return {"offline": section, "risk": {"offline": _risk(rows, section)}}


def _risk(rows: list[Row], section: dict[str, Any]) -> dict[str, Any]:
    """What is at risk: value outstanding, what was spent twice and its bound, time until settled, what is refused."""
    shown = [row for row in rows if row.presented_us is not None]
    refused = sum(row.settled_us is None for row in shown)
    peak, last = _outstanding(rows)
    loss = section["loss"]
    return {
        "payments": len(rows),
        "outstanding_peak_fen": peak,
        "outstanding_fen": last,
        "spent_twice_fen": loss["spent_twice_fen"],
        "bound_fen": loss["bound_fen"],
        "of_bound": loss["of_bound"],
        "lost_share": share(loss["total_fen"], section["payments_fen"]),
        "settle_p95_us": section["time_to_settle"]["p95_us"],
        "refused": refused,
        "refused_share": share(refused, len(shown)),
    }


def _outstanding(rows: list[Row]) -> tuple[int, int]:
    """The most that was paid and neither settled nor refused at one instant, and in the end (fen)."""
    moves = [(row.made_us, row.amount_fen) for row in rows if row.presented_us is None or row.settled_us is not None]
    moves += [(row.settled_us, -row.amount_fen) for row in rows if row.settled_us is not None]
    held = np.cumsum(np.array([fen for _, fen in sorted(moves)], dtype=np.int64))
    return int(held.max(initial=0)), int(held[-1]) if held.size else 0


def _times(delays: Int64Array) -> dict[str, float | int | None]:
    if not delays.size:
        return dict.fromkeys(("mean_us", "p50_us", "p95_us", "max_us"))
    found = np.sort(delays)
    p50, p95 = (int(found[min(found.size - 1, found.size * part // 100)]) for part in (50, 95))
    return {"mean_us": float(found.mean()), "p50_us": p50, "p95_us": p95, "max_us": int(found[-1])}


def _money(control: Control, register: PurseRegister, pendings: Pendings) -> dict[str, Any]:
    """Where the money of purses came from and went to; endings of the pending transfers."""
    worth, waiting = sum(purse.worth_fen for purse in register.purses.values()), pendings.waiting_fen()
    return {
        "loaded_fen": register.loaded_fen,
        "covered_fen": register.covered_fen,
        "paid_out_fen": register.paid_out_fen - waiting,
        "recovered_fen": register.recovered_fen,
        "refunded_fen": register.refunded_fen,
        "forfeited_fen": register.forfeited_fen,
        "in_escrow_fen": pendings.open_fen(),
        "worth_fen": worth,
        "waiting_fen": waiting,
        "pending": {"loads": pendings.counts(LOAD), "losses": pendings.counts(COVER)},
    }


def _loss(register: PurseRegister, attacks: Attacks, lost: LostAndFound) -> dict[str, Any]:
    """What was lost: spent twice, shown too late, gone with devices, spent by finders; who bore it; what bounds it."""
    rows, by_bearer = register.rows, Counter[str]()
    for row in rows:
        if row.borne_by is not None:
            by_bearer[row.borne_by] += row.loss_fen
    spent_twice = sum(register.loss_by_root.values())
    made = sum(one.tamperings for one in attacks.tampered)
    bound = made * register.caps.balance_fen
    return {
        "total_fen": sum(row.loss_fen for row in rows),
        "spent_twice_fen": spent_twice,
        "late_fen": register.late_fen,
        "gone_fen": sum(row.loss_fen for row in rows if row.outcome == "lost"),
        "found_fen": sum(row.loss_fen for row in rows if row.label == FINDER),
        "found_bound_fen": lost.spent * register.caps.balance_fen,
        "by_bearer_fen": {name: by_bearer[name] for name in ("operator", "fund", "user", "owner")},
        "spread": _spread(register, attacks),
        "tamperings": made,
        "bound_fen": bound,
        "of_bound": share(spent_twice, bound),
        "of_payments": share(spent_twice, sum(row.amount_fen for row in rows)),
    }


def _spread(register: PurseRegister, attacks: Attacks) -> dict[str, dict[str, int]]:
    """Purses that were copied or set back, by how much of their bound was spent twice."""
    found = {name: {"purses": 0, "loss_fen": 0} for name in SPREAD}
    for one in attacks.tampered:
        loss, bound = register.loss_by_root.get(one.name, 0), one.tamperings * register.caps.balance_fen
        if bound:
            at = found[SPREAD[min(1 + 4 * loss // bound, 5) if loss else 0]]
            at["purses"] += 1
            at["loss_fen"] += loss
    return found


def _tampered(register: PurseRegister, fleet: DeviceFleet, attacks: Attacks) -> list[dict[str, Any]]:
    """Broken purses, those that cost most first."""
    label: dict[str, list[Row]] = {}
    for row in register.rows:
        if row.label is not None:
            label.setdefault(row.payer, []).append(row)
    found: list[dict[str, Any]] = []
    for one in attacks.tampered:
        purse, made = register.purses[one.name], label.get(one.name, [])
        stopped = None if purse.revoked_us is None else purse.revoked_us - one.since_us
        found.append(
            {
                "purse": one.name,
                "attack": one.attack,
                "kind": one.kind,
                "tamperings": one.tamperings,
                "payments": len(made),
                "payments_fen": sum(row.amount_fen for row in made),
                "loss_fen": register.loss_by_root.get(one.name, 0),
                "bound_fen": one.tamperings * register.caps.balance_fen,
                "stopped_after_us": stopped,
            }
        )
    return sorted(found, key=lambda each: (-each["loss_fen"], each["purse"]))[:MOST_SHOWN]
