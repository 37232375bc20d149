"""A scenario with everything in it, from the command line: it runs, adds up, passes the audit, reports and exports."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sandbox.base.replay import state_at
from sandbox.cli.main import status_of
from sandbox.records import open_run
from tests.oversight.boxes import DAY, HOUR

FILE = """
title: Everything at once
question: Does it hold together?
start: 2026-03-02T00:00:00
duration: 3 days
series: {bin: 1 h}
rules:
  box:
    enabled: true
    participants: 70 %
    outside: allow
    plan:
      preset: pboc
      pace: 120
      applicants: [{institution: north}]
      least_payments: 10
      gates: {success_share: {target: 99 %}}
      tolerance: {corrections: 0}
      fund: {amount: 20000 CNY, lost_service: 5 CNY}
      complaints: {per_failure: 100 %, per_fraud: 100 %, handling: 2 days, intake: 1 day}
  changes:
    - {at: 2 days, wallet_limits: {preset: ccb_pilot_2020}, box: {per_payment_cap: 1000 CNY}}
institutions:
  north: {share: 80 %}
  village: {share: 20 %, kind: indirect, via: north}
population:
  wallets: 600
  corporates: 40
  cohorts: {old: {share: 20 %, activity: 0.5}, cards: {share: 5 %, smartphone: false}}
merchants: {count: 40}
demand:
  segments:
    shops: {kind: retail, payments: 1500 /day, ticket: survey}
    people: {kind: transfer, payee: personal, payments: 1500 /day, ticket: {median: 100 CNY, sigma: 1.2}}
    firms: {kind: wholesale, payer: corporate, payee: corporate, payments: 100 /day}
campaigns:
  spring: {registered: 200, winners: 60, packet: 100 CNY, starts: 10 h, lasts: 50 h, claim_within: 12 h}
faults:
  - {station: north, kind: outage, starts: 31 h, lasts: 9 h}
crime: {share: 5 %}
supervision:
  cases: {analysts: 3, report: {least_amount: 0 CNY, least_payments: 1}, freezes: {after: 1 h, lasts: 8 h}}
  incidents: {}
  frontier: {anonymous_below: [100 CNY, 2000 CNY]}
flight:
  news: [{at: 20 h, reach: 50 %, within: 6 h}]
"""


def test_everything_at_once_from_the_command_line(tmp_path: Path) -> None:
    """It runs, conserves money, holds, reports, exports, and its events alone tell what became of the box."""
    (tmp_path / "all.yaml").write_text(FILE, encoding="utf-8")
    run = tmp_path / "run"
    assert status_of(["run", str(tmp_path / "all.yaml"), "--out", str(run), "--quiet"]) == 0
    assert status_of(["audit", str(run)]) == 0
    for layout in ("amlworld", "paysim"):
        assert status_of(["export", str(run), "--as", layout, "--out", str(tmp_path / layout)]) == 0
    found = open_run(run)
    summary = found.summary
    assert all(one["sum_fen"] == 0 for one in summary["conservation"]["by_currency"].values())
    assert summary["lifecycle"]["applicants"][0]["stage"] == "wound_down"
    used = {
        "frozen": summary["cases"]["frozen"], "complaints": summary["complaints"]["filed"],
        "crime": summary["crime"]["settled"], "alerts": summary["cases"]["alerts"],
        "incidents": summary["incidents"]["incidents"], "flight": summary["flight"]["outflow_fen"],
        "packets": len(summary["campaigns"]),
    }  # fmt: skip
    assert all(used.values()), used
    events = found.events
    assert state_at(events, 3 * DAY).applicants["north"].stage == "wound_down"
    assert max(len(state_at(events, hour * HOUR).frozen) for hour in range(72)) > 0
    wallets = pd.read_parquet(run / "wallets.parquet")
    frozen_now = set(wallets["account"][wallets["frozen"]])
    assert frozen_now == state_at(events, 2**62).frozen & set(wallets["account"])
    paysim = pd.read_csv(next((tmp_path / "paysim").glob("*_PaySim.csv")))
    assert len(paysim) > len(pd.read_csv(next((tmp_path / "amlworld").glob("*_Trans.csv")))) > 1_000
    assert (run / "report.html").stat().st_size > 10_000
