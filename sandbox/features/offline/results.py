"""What a run with hard wallets says: the table `offline`, and the section of the summary."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sandbox.base.pending import Pendings
from sandbox.control import Columns, Control
from sandbox.features.offline.attacks import Attacks
from sandbox.features.offline.fleet import DeviceFleet
from sandbox.features.offline.lost import LostAndFound
from sandbox.features.offline.register import COVER, LOAD, PurseRegister
from sandbox.features.offline.rows import broken_purse, labelled, loss_bounds, risk_of_rows, summary_of_rows
from sandbox.tables import TABLES

MOST_SHOWN: Final = 200
"""Broken purses in the summary: those that cost most."""
SPREAD: Final = ("none", "quarter", "half", "three_quarters", "more", "all")
"""How much of its bound a broken purse spent twice: nothing, less than a quarter, ..., all of it."""


def table_of(register: PurseRegister) -> Columns:
    """Columns of the table `offline`."""
    found: dict[str, Any] = {"offline_id": np.arange(len(register.rows))}
    for side in ("payer", "payee"):
        found[f"{side}_account"] = [register.purses[getattr(row, side)].account for row in register.rows]
    for column in TABLES["offline"]:
        if column.name not in found:
            found[column.name] = [getattr(row, column.name.replace("_at_us", "_us")) for row in register.rows]
    return found


def summary_of(
    control: Control, fleet: DeviceFleet, attacks: Attacks, lost: LostAndFound, pendings: Pendings
) -> dict[str, Any]:
    """The section `offline`, and what of it is a risk."""
    register, counts = fleet.register, fleet.counts
    rows = register.rows
    of_rows = summary_of_rows(rows)
    loss = {**of_rows["loss"], **_loss(register, attacks, lost, of_rows["payments_fen"])}
    section = {
        "purses": len(fleet.holders),
        "terminals": len(fleet.terminals),
        "tried": counts.tried,
        "declined": dict(sorted(counts.declined.items())),
        **of_rows,
        "syncs": counts.syncs,
        "loads": counts.loads,
        "loads_refused": counts.loads_refused,
        "money": _money(control, register, pendings),
        "loss": loss,
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
        "tampered": _tampered(register, attacks),
    }  # fmt: skip
    return {"offline": section, "risk": {"offline": risk_of_rows(rows, section)}}


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


def _loss(register: PurseRegister, attacks: Attacks, lost: LostAndFound, paid_fen: int) -> dict[str, Any]:
    """What was spent twice, and what bounds that and what finders spend."""
    spent_twice, made = sum(register.loss_by_root.values()), sum(one.tamperings for one in attacks.tampered)
    return {
        "spent_twice_fen": spent_twice,
        "spread": _spread(register, attacks),
        "tamperings": made,
        **loss_bounds(spent_twice, made, lost.spent, register.caps.balance_fen, paid_fen),
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


def _tampered(register: PurseRegister, attacks: Attacks) -> list[dict[str, Any]]:
    """Broken purses, those that cost most first."""
    made = labelled(register.rows)
    found: list[dict[str, Any]] = []
    for one in attacks.tampered:
        purse = register.purses[one.name]
        found.append(
            {
                "purse": one.name,
                "attack": one.attack,
                "kind": one.kind,
                "tamperings": one.tamperings,
                **broken_purse(made.get(one.name, []), one.tamperings, register.caps.balance_fen),
                "loss_fen": register.loss_by_root.get(one.name, 0),
                "stopped_after_us": None if purse.revoked_us is None else purse.revoked_us - one.since_us,
            }
        )
    return sorted(found, key=lambda each: (-each["loss_fen"], each["purse"]))[:MOST_SHOWN]
