"""Made-up run folders that keep to `docs/run-folder.md`: from everything at once to nothing at all.

Numbers are plausible and consistent where a report compares them (sums, shares); they are drawn from a fixed seed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox import records

BANKS = ("ICBC", "ABC", "BOC", "CCB", "BoCom", "PSBC", "CMB", "CIB", "WeBank", "MYbank")
MIN_US = 60_000_000
H_US = 3_600_000_000
YUAN = 100


@dataclass
class Fake:
    """What a made-up run has."""

    bins: int = 900
    bin_us: int = 10 * MIN_US
    per_bin: float = 70.0
    banks: tuple[str, ...] = BANKS
    queues: bool = True
    refuse: float = 0.02
    campaign: bool = False
    box: bool = False
    interest: bool = False
    trace: bool = False
    faults: bool = False
    ok: bool = True
    record: bool = True
    title: str = "A week of red packets in Luohu"
    question: str = "Do 50,000 red packets of 200 yuan get spent, where, and what comes back?"
    look_for: list[str] = field(default_factory=lambda: ["claimed near 47,573", "every unspent fen returned"])
    campaign_name: str = "luohu"
    start: str = "2020-10-12T18:00:00"
    extra_events: list[dict[str, Any]] = field(default_factory=list)
    extra_parameters: list[dict[str, Any]] = field(default_factory=list)

    def write(self, folder: Path) -> Path:
        """Write the folder as it is just before it is finished."""
        folder.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(7)
        series = self._series(random)
        stations = self._stations(random, series)
        payments = int(series["submitted"].sum())
        self._table(folder, "series", series)
        self._table(folder, "stations", stations)
        self._table(folder, "events", _columns(self._events(), "events"))
        self._table(folder, "parameters", _columns(self._parameters(), "parameters"))
        self._table(folder, "payments", _payments(payments if self.record else 0))
        summary = self._summary(random, series)
        (folder / records.SUMMARY).write_text(json.dumps(summary, allow_nan=False), encoding="utf-8")
        manifest = {
            "version": "0.1.0",
            "scenario": {"name": "fake", "digest": "c0ffee" * 8},
            "seed": 7,
            "record": "all",
            "created_at": "2026-01-01T00:00:00+00:00",
        }
        (folder / records.DRAFT_MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        (folder / records.SCENARIO).write_text("title: fake\n", encoding="utf-8")
        return folder

    def _table(self, folder: Path, name: str, columns: dict[str, Any]) -> None:
        schema = records.arrow_schema(name)
        pq.write_table(pa.table({key: columns[key] for key in schema.names}, schema=schema), folder / f"{name}.parquet")

    def _series(self, random: np.random.Generator) -> dict[str, Any]:
        at_us = np.arange(self.bins, dtype=np.int64) * self.bin_us
        hour = (at_us / H_US + 18) % 24
        shape = 1 + 0.8 * np.sin((hour - 9) / 24 * 2 * np.pi) + 0.3 * np.sin((hour - 11) / 6 * np.pi)
        submitted = (
            random.poisson(self.per_bin * np.clip(shape, 0.05, None)) if self.per_bin else np.zeros(self.bins, int)
        )
        refused = random.binomial(submitted, self.refuse)
        closed = np.zeros(self.bins, dtype=np.int64)
        if self.faults:
            broken = (at_us >= self._fault_us) & (at_us < self._fault_us + 3 * H_US)
            closed = np.where(broken, random.binomial(submitted - refused, 0.3), 0)
        settled = submitted - refused - closed
        p50 = 185 + 20 * random.random(self.bins) + (400 * (submitted > 1.8 * self.per_bin) if self.queues else 0)
        none = settled == 0
        columns: dict[str, Any] = {name: np.zeros(self.bins, dtype=np.int64) for name in records.REFUSALS}
        columns["single_limit"] = refused
        columns["unavailable"] = closed
        quantiles = {"p50": 1.0, "p95": 2.1, "p99": 3.4, "max": 6.0}
        for name, factor in quantiles.items():
            columns[f"latency_{name}_us"] = pa.array((p50 * factor * 1000).astype(np.int64), mask=none)
        zeros = np.zeros(self.bins)
        return {
            **columns, "at_us": at_us, "submitted": submitted, "ended": submitted, "settled": settled,
            "settled_fen": settled * 13960, "in_flight": np.zeros(self.bins, dtype=np.int64), "gateway_queue_mean": zeros,
            "gateway_queue_max": zeros.astype(np.int64), "gateway_utilisation_max": zeros, "ledger_queue_mean": zeros,
            "ledger_queue_max": zeros.astype(np.int64), "ledger_utilisation": zeros, "top_up_fen": settled * 100,
            "liquidity_fen": np.full(self.bins, 10**12), "liquidity_least_share": zeros + 0.5,
        }  # fmt: skip

    @property
    def _fault_us(self) -> int:
        return self.bins * self.bin_us // 3

    def _stations(self, random: np.random.Generator, series: dict[str, Any]) -> dict[str, Any]:
        parts: dict[str, list[Any]] = {name: [] for name in records.arrow_schema("stations").names}
        for name in (*self.banks, "ledger"):
            busy = series["submitted"] > 0
            rows = int(busy.sum())
            load = 0.2 + 0.6 * random.random() * series["submitted"][busy] / max(1, series["submitted"].max())
            queue = np.clip(load - 0.5, 0, None) * 20 * random.random(rows) if self.queues else np.zeros(rows)
            number = series["submitted"][busy] // 3
            values = {
                "at_us": series["at_us"][busy], "station": [name] * rows, "servers": [400] * rows, "arrivals": number,
                "served": number, "refused": number * 0, "withdrawn": number * 0, "wait_mean_us": queue * 1000,
                "service_mean_us": np.full(rows, 70_000.0), "queue_mean": queue, "queue_max": (queue * 3).astype(np.int64),
                "utilisation": load, "liquidity_fen": [None if name == "ledger" else 5 * 10**10] * rows,
            }  # fmt: skip
            for key, column in values.items():
                parts[key].extend(list(column))
        return parts

    def _events(self) -> list[dict[str, Any]]:
        events = [
            {
                "at_us": day * 24 * H_US + 6 * H_US,
                "actor": "calendar",
                "event": "midnight",
                "subject": None,
                "detail": None,
            }
            for day in range(self.bins * self.bin_us // (24 * H_US))
        ]
        if self.faults:
            detail = json.dumps({"kind": "outage", "lasts_us": 3 * H_US})
            common = {"actor": "fault", "subject": self.banks[0]}
            events.append({"at_us": self._fault_us, "event": "fault_began", "detail": detail, **common})
            events.append(
                {
                    "at_us": self._fault_us + 3 * H_US,
                    "event": "fault_ended",
                    "detail": json.dumps({"kind": "outage"}),
                    **common,
                }
            )
            order = {"actor": "institution", "event": "liquidity_order", "subject": self.banks[1]}
            for place in range(30):
                events.append({"at_us": (place + 1) * H_US, "detail": json.dumps({"amount_fen": 10**9}), **order})
        if self.campaign:
            common = {"actor": "campaign", "subject": self.campaign_name}
            funded = json.dumps({"winners": 50000, "funded_fen": 10**9})
            events.append({"at_us": 0, "event": "funded", "detail": funded, **common})
            events.append({"at_us": (self.bins - 1) * self.bin_us, "event": "expired", "detail": None, **common})
        if self.box:
            change = {"actor": "regulator", "event": "box_changed", "subject": "box"}
            detail = json.dumps({"per_payment_cap_fen": 50_000})
            events.append({"at_us": self.bins * self.bin_us // 2, "detail": detail, **change})
        return sorted([*events, *self.extra_events], key=lambda event: event["at_us"])

    def _parameters(self) -> list[dict[str, Any]]:
        def one(
            path: str, value: str, role: str, source: str | None, status: str, set_by: str = "default"
        ) -> dict[str, Any]:
            doc = f"What {path.rsplit('.', 1)[-1]} is."
            return dict(path=path, value=value, role=role, source=source, status=status, set_by=set_by, doc=doc)

        rows = [one(f"institutions.{bank}.servers", "400", "lever", "ASSUMED", "ASSUMED") for bank in self.banks]
        rows += [
            one(f"institutions.{bank}.service.mean", "70 ms", "assumption", "NetsUnion 2019", "sourced")
            for bank in self.banks
        ]
        rows += [
            one("title", self.title, "text", None, "sourced", "fake.yaml"),
            one("rules.wallet_limits.preset", "ccb_pilot_2020", "lever", "Xigua Caijing 2020", "sourced", "fake.yaml"),
            one("rules.box.enabled", "true", "lever", None, "sourced", "--set"),
            one(
                "campaigns.luohu.ticket.median", "98 CNY", "assumption", "FITTED to 8.764 m yuan", "FITTED", "fake.yaml"
            ),
            one("behaviour.backoff", "5 s", "assumption", "ASSUMED", "ASSUMED"),
            *self.extra_parameters,
        ]
        return rows

    def _summary(self, random: np.random.Generator, series: dict[str, Any]) -> dict[str, Any]:
        payments, settled = int(series["submitted"].sum()), int(series["settled"].sum())
        limits, closed = int(series["single_limit"].sum()), int(series["unavailable"].sum())
        share = settled / payments if payments else None
        any_settled = settled > 0
        edges = np.geomspace(1, 60_000, 200)
        counts = (
            np.histogram(np.exp(random.normal(np.log(190), 0.45, settled)), edges)[0]
            if any_settled
            else np.zeros(199, int)
        )
        settled_fen = settled * 13960
        outcomes = dict.fromkeys(records.OUTCOMES, 0)
        outcomes.update(settled=settled, single_limit=limits, unavailable=closed)
        split = {"IV": limits // 2, "III": limits // 4, "II": limits - limits // 2 - limits // 4}
        refusals = [
            {"payer_class": name, "outcome": "single_limit", "count": number, "value_fen": number * 300_000}
            for name, number in split.items()
        ]
        if closed:
            refusals.append(
                {"payer_class": "IV", "outcome": "unavailable", "count": closed, "value_fen": closed * 9000}
            )
        weights = np.array([1 / (place + 1) for place in range(len(self.banks))])
        weights = weights / weights.sum()
        wait = 12.5 if self.queues else 0.0
        stations = [
            {
                "station": name, "kind": "institution", "arrivals": int(payments * weight), "served": int(settled * weight),
                "refused": 0, "withdrawn": 0, "wait_ms_mean": wait * float(weight) * 10, "service_ms_mean": 70.1,
                "queue_mean": 0.1, "queue_max": 7, "utilisation": 0.2 + 0.6 * float(weight),
                "settled_fen_out": int(settled_fen * weight), "settled_fen_in": int(settled_fen * weight),
            }
            for name, weight in zip(self.banks, weights, strict=True)
        ]  # fmt: skip
        stations.append(
            {**stations[-1], "station": "ledger", "kind": "ledger", "settled_fen_out": 0, "settled_fen_in": 0}
        )
        latency = (
            {"p50": 190.2, "p95": 401.5, "p99": 612.0, "max": 2150.0}
            if any_settled
            else dict.fromkeys(("p50", "p95", "p99", "max"))
        )
        stage = (
            {"wait_ms_mean": wait, "service_ms_mean": 70.0}
            if payments
            else {"wait_ms_mean": None, "service_ms_mean": None}
        )
        summary: dict[str, Any] = {
            "scenario": {
                "name": "fake", "title": self.title, "question": self.question, "look_for": self.look_for, "seed": 7,
                "start": self.start, "duration_us": self.bins * self.bin_us, "bin_us": self.bin_us, "regime": "digital_cash",
            },
            "throughput": {
                "payments": payments, "settled": settled, "settled_fen": settled_fen,
                "settled_per_s_mean": settled / max(1, self.bins * self.bin_us / 1e6), "settled_per_s_peak": min(settled, 9),
                "success_share": share, "attempts_mean": 1.02 if payments else None, "latency_ms": latency,
                "latency_histogram": {"edges_ms": edges.tolist(), "counts": counts.tolist()},
                "stages": {"payer_gateway": stage, "payee_gateway": stage, "ledger": {**stage, "wait_ms_mean": 0.0 if payments else None}},
            },
            "outcomes": outcomes,
            "refusals": [row for row in refusals if row["count"]],
            "segments": [{"source": "campaign", "kind": "campaign", "payments": payments, "settled": settled, "settled_fen": settled_fen}],
            "stations": stations if payments else [],
            "risk": self._risk(share, limits, payments, closed, settled_fen),
            "conservation": {
                "ok": self.ok,
                "by_currency": {"CNY": {"issued_fen": 10**13, "held_fen": 10**13, "sum_fen": 0 if self.ok else 1}},
            },
        }  # fmt: skip
        if not payments:
            summary["segments"] = []
        if self.campaign:
            summary["campaigns"] = {self.campaign_name: _CAMPAIGN}
        if self.box:
            summary["box"] = {
                "inside_payments": 4000, "inside_settled_fen": 31_000_000, "outside_payments": payments - 4000,
                "crossing_refused": 120, "cap_refused": 45, "exposure_fen": 31_000_000, "exposure_cap_fen": 40_000_000,
            }  # fmt: skip
        if self.interest:
            summary["interest"] = {"credited_fen": 123_456, "accrued_fen": 789}
        if self.trace:
            summary["trace"] = {
                "rows": 1000,
                "accepted": 990,
                "refused": 10,
                "refused_by_reason": {"bad_amount": 7, "bad_time": 3},
            }
        return summary

    def _risk(self, share: float | None, limits: int, payments: int, closed: int, settled_fen: int) -> dict[str, Any]:
        part = (lambda number: number / payments) if payments else (lambda number: None)
        by_institution = [
            {
                "institution": name, "opening_fen": 5 * 10**10, "lowest_fen": 4 * 10**9 * (place + 1) % (5 * 10**10),
                "closing_fen": 4 * 10**10, "target_fen": 5 * 10**10,
            }
            for place, name in enumerate(self.banks)
        ]  # fmt: skip
        some = payments > 0
        return {
            "operational": {
                "unavailable_share": part(closed), "timed_out_share": part(0), "retried_share": part(closed),
                "worst_bin_success_share": 0.66 if some else None, "worst_bin_at_us": self._fault_us if some else None,
                "busiest_station": self.banks[0] if some else None, "busiest_utilisation": 0.41 if some else None,
                "minutes_below_95": 180.0 if self.faults else 0.0, "faults": 1 if self.faults else 0,
            },
            "liquidity": {
                "lowest_share_of_target": 0.08, "lowest_institution": self.banks[0], "orders": 30 if self.faults else 0,
                "ordered_fen": 30 * 10**9 if self.faults else 0, "top_ups_fen": 90_100_000, "redemptions_fen": 81_000_000,
                "turnover_per_day": 0.31 if some else None, "by_institution": by_institution,
            },
            "concentration": {
                "hhi_payer_institutions": 0.18 if settled_fen else None, "hhi_merchants": 0.004 if settled_fen else None,
                "top_institution": self.banks[0] if settled_fen else None, "top_institution_share": 0.34 if settled_fen else None,
                "top_10_merchants_share": 0.06 if settled_fen else None,
            },
            "consumer": {
                "refused_by_limit_share": part(limits), "insufficient_share": part(0), "refused_fen": limits * 300_000,
                "upgrades_asked": 12, "upgrades_done": 9, "worst_class": "IV" if limits else None,
                "worst_class_refused_share": 0.062 if limits else None,
            },
        }  # fmt: skip


_CAMPAIGN = {
    "registered": 1_913_847, "winners": 50_000, "odds": 50_000 / 1_913_847, "claimed": 47_573, "unclaimed": 2_427,
    "payments": 62_900, "settled": 62_788, "settled_fen": 876_400_000, "packet_spent_fen": 786_300_000,
    "own_money_fen": 90_100_000, "funded_fen": 1_000_000_000, "returned_fen": 213_700_000,
    "returned_unclaimed_fen": 48_540_000, "returned_unspent_fen": 165_160_000, "merchants_enrolled": 3_389,
    "merchants_paid": 3_301,
}  # fmt: skip


def _columns(rows: list[dict[str, Any]], table: str) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in records.arrow_schema(table).names}


def _payments(rows: int) -> dict[str, Any]:
    """Rows of which only the number matters: the report reads no payment."""
    schema = records.arrow_schema("payments")
    return {
        field.name: pa.array(["x" if pa.types.is_dictionary(field.type) else 0] * rows).cast(
            pa.string() if pa.types.is_dictionary(field.type) else field.type
        ).cast(field.type)
        if not pa.types.is_dictionary(field.type)
        else pa.array(["x"] * rows, pa.string()).dictionary_encode()
        for field in schema
    }  # fmt: skip
