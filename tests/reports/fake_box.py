"""The parts of a made-up `summary.json` that the life of a box, a flight and cohorts write; and the same gone wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.features.lifecycle.reviews import coded

H_US = 3_600_000_000
CAPS = {"participants": 500, "per_payment_fen": 200_000, "per_participant_fen": None, "total_exposure_fen": 10**9}
NO_CAPS = dict.fromkeys(CAPS)
SUCCESS = {"gate": "success_share", "target": 0.98, "stop": 0.5}
P99 = {"gate": "p99_latency", "target": 1_500_000, "stop": None}
FRAUD = {"gate": "fraud_loss_bp", "target": 10, "stop": 500}


def kpis(success: float | None, p99_us: int | None, verdicts: str) -> list[dict[str, Any]]:
    """Three indicators; `verdicts` is a letter each: p, m, b, u."""
    words = {"p": "passed", "m": "missed", "b": "broken", "u": "unmeasured"}
    values = (success, p99_us, 0 if success is not None else None)
    return [
        {**gate, "value": value, "verdict": words[verdict]}
        for gate, value, verdict in zip((SUCCESS, P99, FRAUD), values, verdicts, strict=True)
    ]


def _review(hour: int, stage: str, decision: str, reason: str, payments: int, table: Any) -> dict[str, Any]:
    return {
        "at_us": hour * H_US, "since_us": (hour - 6) * H_US, "stage": stage, "decision": decision, **coded(reason),
        "payments": payments, "settled": payments, "settled_fen": payments * 5000, "corrections_left": 1,
        "kpis": table,
    }  # fmt: skip


REVIEWS = [
    _review(10, "admitted", "advance", "all gates passed", 0, kpis(None, None, "uuu")),
    _review(16, "small_scale", "remediate", "missed: success_share, p99_latency", 700,
            kpis(0.686605, 101_586_048, "mmp")),
    _review(22, "remediating", "resume", "mended", 720, kpis(1, 440_000, "ppp")),
    _review(28, "small_scale", "suspend", "broken: success_share", 710, kpis(0.4, 900_000, "bpp")),
    _review(34, "small_scale", "advance", "all gates passed", 705, kpis(0.995, 430_000, "ppp")),
]  # fmt: skip


def _stays(stages: list[tuple[str, int, str, int]], caps: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A timeline of stages, each with the hour at which it began, why, and who was inside."""
    found: list[dict[str, Any]] = []
    for stage, hour, reason, inside in stages:
        if found:
            found[-1]["to_us"] = hour * H_US
        row = {"stage": stage, "from_us": hour * H_US, **coded(reason), "participants": inside, "caps": dict(caps)}
        found.append(row)
    return found


def life(bank: str, other: str) -> dict[str, Any]:
    """Everything that a box with a plan, a roll-out and a comparison leaves in the summary."""
    stages = [
        ("applied", 0, "application", 0), ("public_comment", 0, "assessed", 0), ("admitted", 4, "registered", 0),
        ("small_scale", 10, "all gates passed", 0), ("remediating", 16, "missed: success_share, p99_latency", 80),
        ("small_scale", 22, "mended", 80), ("suspended", 28, "broken: success_share", 80),
        ("small_scale", 31, "suspension over", 80), ("graduated", 34, "all gates passed", 80),
    ]  # fmt: skip
    refused = [("applied", 6, "application", 0), ("refused", 6, "criteria not met: in_scope, ready", 0)]
    graduated = {
        "institution": bank, "stage": "graduated", **coded("all gates passed"), "participants": 80, "corrections": 1,
        "exposure_fen": 14_175_000, "redeemed": None, "timeline": _stays(stages, CAPS), "reviews": REVIEWS,
    }  # fmt: skip
    turned_away = {
        "institution": other, "stage": "refused", **coded("criteria not met: in_scope, ready"), "participants": 0,
        "corrections": 0, "exposure_fen": 0, "redeemed": None, "timeline": _stays(refused, NO_CAPS), "reviews": [],
    }  # fmt: skip
    return {
        "lifecycle": {"preset": "pboc", "pace": 15, "clients": 79, "applicants": [graduated, turned_away]},
        "containment": containment(contained=False),
        "complaints": {
            "filed": 29, "handled": 27, "open": 2, "handling_us_mean": 3.3e9, "handling_us_max": 9 * H_US,
            "by_reason": {"fraud": 0, "lost_service": 29},
        },
        "compensation": {
            "paid_in_fen": 40_000_000, "claimed_fen": 13_500, "paid_fen": 13_500, "unpaid_fen": 0,
            "left_fen": 39_986_500, "customers": 24, "by_reason": {"fraud": 0, "lost_service": 13_500},
        },
        "rollout": ROLLOUT,
        "regimes": [_regime("pboc", "graduated", "all gates passed", 4, 34, 29, bank),
                    _regime("asic", "wound_down", "automatic stop: client_cap", 2, 5, 0, bank),
                    _regime("hangzhou", "refused", "no licence", None, 1, 3, bank),
                    _regime("own", "small_scale", "all gates passed", 8, None, 7, bank)],
    }  # fmt: skip


ROLLOUT: dict[str, Any] = {
    "factor": 60, "lasts_us": 24 * H_US, "ended_us": 24 * H_US + 5, "wallets": 240_000, "payments": 629_856,
    "settled": 616_473, "settled_fen": 3_267_695_513, "success_share": 0.999, "utilisation_line": 0.85,
    "busiest_station": "the bank", "busiest_utilisation": 0.9623,
    "first": None, "findings": [
        {"at_us": 37_800_000_000, "kind": "gate", "subject": "p99_latency", "value": 1_694_191, "line": 1_500_000,
         "bins": 13},
        {"at_us": 39_600_000_000, "kind": "utilisation", "subject": "the bank", "value": 0.862, "line": 0.85,
         "bins": 8},
    ],
}  # fmt: skip


def containment(contained: bool) -> dict[str, Any]:
    """The section `containment`."""
    inside = {"payments": 4000, "settled": 3900, "settled_fen": 31_000_000, "failed": 40, "failed_fen": 700_000,
              "refused": 0, "loss_fen": 0}  # fmt: skip
    nothing = dict.fromkeys(inside, 0)
    across = {**nothing, "payments": 50, "refused": 50} if contained else inside
    crossed = {"settled": 0 if contained else 7800, "settled_fen": 0 if contained else 62_000_000,
               "failed": 0 if contained else 80, "failed_fen": 0, "loss_fen": 0}  # fmt: skip
    return {"contained": contained, "crossed": crossed, "inside": inside, "outward": across, "inward": across,
            "outside": inside}  # fmt: skip


def _regime(
    preset: str, stage: str, reason: str, admitted: int | None, ended: int | None, complaints: int, bank: str
) -> dict[str, Any]:
    one = {
        "institution": bank, "stage": stage, **coded(reason), "applied_us": 0,
        "admitted_us": None if admitted is None else admitted * H_US,
        "ended_us": None if ended is None else ended * H_US,
        "participants": 80, "reviews": 5, "corrections": 1, "redeemed_fen": 0,
    }  # fmt: skip
    return {
        "preset": preset, "applicants": [one], "clients": 79, "payments": 3900, "settled_fen": complaints * 10**6,
        "success_share": 0.99, "failed": 40, "complaints": complaints, "compensated_fen": 500, "crossed_fen": 62_000,
    }  # fmt: skip


def events(bank: str) -> list[dict[str, Any]]:
    """Events of a box's life, of banks in a flight, and of the roll-out after the run."""
    box = {"on": True, **CAPS}
    rows: list[tuple[int, str, str, str | None, dict[str, Any]]] = [
        (0, "regulator", "box_planned", "pboc", {"pace": 15.0, "applicants": [bank], "box": box}),
        (0, "institution", "application_filed", bank,
         {"licensed": False, "criteria": {"ready": False, "in_scope": True}}),
        (10 * H_US, "regulator", "review", bank, {key: value for key, value in REVIEWS[1].items() if key != "at_us"}),
        (10 * H_US, "regulator", "stage_changed", bank,
         {"from": "admitted", "to": "small_scale", "reason": "all gates passed", "figures": {"clients": 0},
          "participants": 0, "box": box}),
        (11 * H_US, "institution", "participants_joined", bank,
         {"offered": 100, "participants": 80, "new": 80, "waiting": 7}),
        (12 * H_US, "institution", "complaints_filed", None, {"complaints": 3}),
        (13 * H_US, "institution", "compensated", "3176",
         {"reason": "lost_service", "claim_fen": 500, "paid_fen": 400, "waited_us": H_US}),
        (14 * H_US, "bank", "reserves_exhausted", bank, {"asked_fen": 300_000, "reserves_fen": 200_000}),
        (15 * H_US, "bank", "customers_wait", bank, {"asked_fen": 300_000, "able_fen": 1_000}),
        (20 * H_US, "institution", "participants_redeemed", bank,
         {"participants": 80, "amount_fen": 123_456, "left_fen": 7_00, "frozen": 3, "reason": "wound down"}),
        (5000 * H_US, "regulator", "rollout_began", None, {"factor": 60, "wallets": 240_000, "lasts_us": H_US}),
        (5001 * H_US, "regulator", "rollout_broke", "p99_latency",
         {"kind": "gate", "value": 1_694_191, "line": 1_500_000, "bins": 13}),
        (5002 * H_US, "regulator", "rollout_ended", None, {"payments": 10, "settled": 9, "success_share": 0.9}),
    ]  # fmt: skip
    return [
        {"at_us": at_us, "actor": actor, "event": event, "subject": subject, "detail": json.dumps(detail)}
        for at_us, actor, event, subject, detail in rows
    ]


def flight(banks: tuple[str, ...]) -> dict[str, Any]:
    """The section `flight` and its risk: the first bank runs dry."""
    worst = [
        {
            "bank": bank, "deposits_fen": 10**10, "buffer_fen": 10**9,
            "outflow_fen": 19 * 10**8 if place == 0 else 10**7,
            "funding_fen": 5 * 10**8 if place == 0 else 0, "breached_at_us": 9 * H_US if place == 0 else None,
            "exhausted_at_us": 15 * H_US if place == 0 else None,
        }
        for place, bank in enumerate(banks[:10])
    ]  # fmt: skip
    outflow = sum(row["outflow_fen"] for row in worst)
    share = outflow / (10**10 * len(worst))
    return {
        "flight": {
            "banks_kind": "own", "people": 40_000, "deposits_fen": 10**10 * len(worst), "holding_limit_fen": 2_000_000,
            "before_fen": 1_000_000, "outflow_fen": outflow, "alarmed_by_news": 1809, "alarmed_by_contacts": 765,
            "kept_back_fen": 5 * 10**9, "unmet_fen": 2 * 10**8, "reserves_fen": 10**10, "drained_fen": outflow,
            "worst": worst,
        },
        "disintermediation": {
            "outflow_fen": outflow, "outflow_share": share, "banks": len(worst), "banks_breaching": 1,
            "banks_with_customers_waiting": 1, "breaching_share_of_deposits": 1 / len(worst),
            "first_breach_bank": banks[0], "first_breach_at_us": 9 * H_US, "funding_drawn_fen": 5 * 10**8,
            "unmet_fen": 2 * 10**8,
        },
    }  # fmt: skip


def flight_table(banks: tuple[str, ...]) -> dict[str, list[Any]]:
    """Twenty hours of the first bank running dry, and of all banks together."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("at_us", "bank", "deposits_fen", "converted_fen", "reserves_fen", "funding_fen",
                              "unmet_fen", "alarmed")
    }  # fmt: skip
    for hour in range(21):
        moved = 19 * 10**8 * hour // 20
        first = (10**10 - moved, moved, max(0, 10**9 - moved), max(0, moved - 10**9), 0, 120 * hour)
        other = (10**10, 0, 10**9 + moved // 9, 0, 0, 0)
        shown = list(banks[:10])
        for bank, values in ((None, first), *((name, first if name == banks[0] else other) for name in shown)):
            row = (hour * H_US, bank, *values)
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    return columns


def cohorts(names: tuple[str, ...]) -> dict[str, Any]:
    """The section `inclusion` and its risk: the first cohort is worst off, the last made too few payments."""
    rows = [_cohort(name, 5000, 0.6 + 0.35 * place / len(names)) for place, name in enumerate(names)]
    rows[-1] = {**_cohort(names[-1], 0, 0.0), "success_share": None, "success_gap": None}
    rows += [_cohort("others", 40_000, 0.97), _cohort("everybody", 60_000, 0.95)]
    return {
        "inclusion": rows,
        "risk": {
            "success_share": 0.95, "payments": 60_000, "worst_cohort": names[0], "worst_success_share": 0.6,
            "worst_payments": 5000, "success_gap": -0.35, "cohorts_judged": len(names) - 1, "fewest_payments": 100,
        },
    }  # fmt: skip


def _cohort(name: str, payments: int, success: float) -> dict[str, Any]:
    failed = 1 - success
    return {
        "cohort": name, "wallets": payments // 2, "wallets_share": 0.1, "payments": payments,
        "payments_per_wallet": 2.0 if payments else None, "settled": round(payments * success), "settled_fen": 10**7,
        "success_share": success, "success_gap": success - 0.95, "refused_by_limit_share": failed / 4,
        "insufficient_share": failed / 4, "unanswered_share": failed / 4, "refused_value_share": 0.3,
        "latency_ms_mean": 151.4, "latency_ms_p95": 256.6, "attempts_mean": 1.0, "top_ups": 10, "top_up_fen": 10**6,
        "cost_fen": 30_000, "cost_share": 0.0225, "balance_mean_fen": 13_271.03, "upgraded": 7,
    }  # fmt: skip


NONSENSE: dict[str, Any] = {
    "lifecycle": {
        "preset": 7, "pace": -3, "clients": "many",
        "applicants": [
            None, "bank", {"institution": None, "stage": 5, "timeline": {"a": 1}, "reviews": "none"},
            {
                "institution": "<b>x</b>", "stage": "graduated", "reason": ["x"], "participants": -1,
                "corrections": 10**18, "exposure_fen": "1", "redeemed": [1],
                "timeline": [{"stage": None, "from_us": 10**19}, {"stage": "s", "from_us": -5}, 3,
                             {"stage": "my_stage", "from_us": 5, "to_us": "x", "caps": 3, "participants": "x"}],
                "reviews": [{"at_us": "x"}, {"at_us": 9, "kpis": [{"gate": None, "value": "x", "verdict": 3}, None]},
                            {"at_us": 11, "kpis": [{"gate": "g", "value": 1, "target": 3, "stop": 1, "verdict": "?"}]}],
            },
        ],
    },
    "containment": {"contained": "yes", "crossed": 5, "inside": {"payments": "x"}},
    "complaints": {"filed": 1.5, "by_reason": [1], "handling_us_mean": 10**17},
    "compensation": {"by_reason": {"fraud": "x", "<i>": 5}, "paid_fen": True},
    "rollout": {
        "findings": [{"at_us": -1, "kind": 5, "subject": None, "value": "x"}, 7], "lasts_us": "x", "factor": [],
    },
    "regimes": [3, {"preset": None, "applicants": [{"institution": 5, "applied_us": 10**19, "stage": {}}]},
                {"preset": "<b>", "complaints": 5, "applicants": [{"institution": 5, "applied_us": 4, "admitted_us": 2,
                                                                   "ended_us": 1, "reason": 7}]},
                {"preset": "x", "complaints": "none", "applicants": "none"}],
    "flight": {"worst": [None, {"bank": None, "deposits_fen": 0, "breached_at_us": -4}], "outflow_fen": "x",
               "people": 0, "alarmed_by_news": 3},
    "inclusion": [None, {"cohort": None, "payments": "x", "success_share": 7}, {"cohort": "<b>", "payments": 3}],
}  # fmt: skip
"""Every section as somebody's hand may have left it."""
NONSENSE_RISKS: dict[str, Any] = {
    "disintermediation": {"outflow_share": "x", "banks": 0, "banks_with_customers_waiting": 3, "unmet_fen": []},
    "inclusion": {"worst_cohort": 5, "success_gap": "x", "worst_success_share": 2},
}
