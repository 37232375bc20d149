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

from sandbox import records, tables
from tests.reports import fake_box, fake_crime, fake_summary

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
    life: bool = False
    flight: bool = False
    cohorts: tuple[str, ...] = ()
    nonsense: bool = False
    crime: bool = False
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
        if self.flight:
            self._table(folder, "flight", fake_box.flight_table(self.banks))
        if self.crime:
            self._table(folder, "alerts", _columns(fake_crime.alerts(), "alerts"))
        summary = fake_summary.summary(self, random, series)
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
        schema = tables.arrow_schema(name)
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
            broken = (at_us >= self.fault_us) & (at_us < self.fault_us + 3 * H_US)
            closed = np.where(broken, random.binomial(submitted - refused, 0.3), 0)
        settled = submitted - refused - closed
        p50 = 185 + 20 * random.random(self.bins) + (400 * (submitted > 1.8 * self.per_bin) if self.queues else 0)
        none = settled == 0
        columns: dict[str, Any] = {name: np.zeros(self.bins, dtype=np.int64) for name in tables.REFUSALS}
        columns["single_limit"] = refused
        columns["unavailable"] = closed
        quantiles = {"p50": 1.0, "p95": 2.1, "p99": 3.4, "max": 6.0}
        for name, factor in quantiles.items():
            columns[f"latency_{name}_us"] = pa.array((p50 * factor * 1000).astype(np.int64), mask=none)
        zeros = np.zeros(self.bins)
        return {
            **columns, "at_us": at_us, "submitted": submitted, "ended": submitted, "settled": settled,
            "settled_fen": settled * fake_summary.TICKET_FEN, "gateway_queue_mean": zeros,
            "in_flight": zeros.astype(np.int64),
            "gateway_queue_max": zeros.astype(np.int64), "gateway_utilisation_max": zeros, "ledger_queue_mean": zeros,
            "ledger_queue_max": zeros.astype(np.int64), "ledger_utilisation": zeros, "top_up_fen": settled * 100,
            "liquidity_fen": np.full(self.bins, 10**12), "liquidity_least_share": zeros + 0.5,
        }  # fmt: skip

    @property
    def fault_us(self) -> int:
        """When the fault begins, if there is one."""
        return self.bins * self.bin_us // 3

    def _stations(self, random: np.random.Generator, series: dict[str, Any]) -> dict[str, Any]:
        parts: dict[str, list[Any]] = {name: [] for name in tables.arrow_schema("stations").names}
        for name in (*self.banks, "ledger"):
            busy = series["submitted"] > 0
            rows = int(busy.sum())
            load = 0.2 + 0.6 * random.random() * series["submitted"][busy] / max(1, series["submitted"].max(initial=1))
            queue = np.clip(load - 0.5, 0, None) * 20 * random.random(rows) if self.queues else np.zeros(rows)
            number = series["submitted"][busy] // 3
            values = {
                "at_us": series["at_us"][busy], "station": [name] * rows, "servers": [400] * rows, "arrivals": number,
                "served": number, "refused": number * 0, "withdrawn": number * 0, "wait_mean_us": queue * 1000,
                "service_mean_us": np.full(rows, 70_000.0), "queue_mean": queue,
                "queue_max": (queue * 3).astype(np.int64),
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
            events.append({"at_us": self.fault_us, "event": "fault_began", "detail": detail, **common})
            events.append(
                {
                    "at_us": self.fault_us + 3 * H_US,
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
        if self.life:
            events += fake_box.events(self.banks[0])
        if self.crime:
            events += fake_crime.events(self.banks[0])
        return sorted([*events, *self.extra_events], key=lambda event: event["at_us"])

    def _parameters(self) -> list[dict[str, Any]]:
        rows = [_parameter(f"institutions.{bank}.servers", "400", "lever", "ASSUMED") for bank in self.banks]
        rows += [
            _parameter(f"institutions.{bank}.service.mean", "70 ms", "assumption", "NetsUnion 2019")
            for bank in self.banks
        ]
        rows += [
            _parameter("title", self.title, "text", "text of the scenario", "fake.yaml"),
            _parameter("seed", "7", "design", "ASSUMED"),
            _parameter("rules.wallet_limits.preset", "ccb_pilot_2020", "lever", "Xigua Caijing 2020", "fake.yaml"),
            _parameter("rules.box.enabled", "true", "lever", "given on the command line", "--set"),
            _parameter("campaigns.luohu.ticket.median", "98 CNY", "assumption", "FITTED to 8.764 m yuan", "fake.yaml"),
            _parameter("behaviour.backoff", "5 s", "assumption", "ASSUMED"),
            *self.extra_parameters,
        ]
        return rows


def _parameter(path: str, value: str, role: str, source: str, set_by: str = "default") -> dict[str, Any]:
    status = next((word for word in ("FITTED", "ASSUMED") if source.startswith(word)), "sourced")
    row = {"path": path, "value": value, "role": role, "source": source, "status": status, "set_by": set_by}
    return {**row, "doc": f"What {path.rsplit('.', 1)[-1]} is."}


def _columns(rows: list[dict[str, Any]], table: str) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in tables.arrow_schema(table).names}


def _payments(rows: int) -> dict[str, Any]:
    """Rows of which only the number matters: the report reads no payment."""
    columns = {}
    for one in tables.arrow_schema("payments"):
        text = pa.types.is_dictionary(one.type)
        columns[one.name] = pa.array(["x" if text else 0] * rows, pa.string() if text else pa.int64()).cast(one.type)
    return columns
