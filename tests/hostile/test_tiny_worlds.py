"""Worlds where nothing settles, nobody pays, or one payment is all there is: every sentence still holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import sandbox
from reports.render import render
from sandbox.cli.many import _precision
from sandbox.cli.summary import summary_lines
from tests.conftest import slow

TINY: dict[str, Any] = {
    "title": "Tiny", "question": "What is left?", "duration": "10 min", "seed": 3,
    "population": {"wallets": 40, "corporates": 4}, "merchants": {"count": 3},
    "institutions": {"north": {"share": "60 %"}, "south": {"share": "40 %"}},
}  # fmt: skip
NOBODY = {"demand": {"segments": {"shops": {"payments": "0 /day"}}}}
ONE = {"demand": {"segments": {"shops": {"payments": "144 /day"}}}, "seed": 5}
CLOSED = {
    "demand": {"segments": {"shops": {"payments": "9000 /day"}}},
    "faults": [{"station": "ledger", "kind": "outage", "starts": "0 s", "lasts": "1 day"}],
}  # fmt: skip
REFUSED = {
    "demand": {"segments": {"shops": {"payments": "9000 /day"}}},
    "rules": {"wallet_limits": {"classes": {name: {"single": "0.01 CNY"} for name in ("I", "II", "III", "IV")}}},
}  # fmt: skip
DEMANDS = {"nobody pays": NOBODY, "one payment": ONE, "all closed": CLOSED, "all refused": REFUSED}

FEATURES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a campaign": {
        "campaigns": {
            "spring": {
                "registered": 30, "winners": 1, "packet": "20 CNY", "starts": "1 min", "lasts": "5 min",
                "claim_within": "1 min",
            }
        }
    },
    "a box": {"rules": {"box": {"enabled": True, "participants": "10 %"}}},
    "crime": {
        "population": {"wallets": 200, "corporates": 40}, "crime": {"share": "1 %"},
        "supervision": {"cases": {}, "frontier": {}},
    },
    "interest": {"rules": {"regime": "digital_deposit"}},
    "cohorts": {"population": {"cohorts": {"elders": {"share": "10 %"}}}},
    "supervision": {"supervision": {"cases": {}, "incidents": {"preset": "dora"}, "frontier": {}, "aggregates": {}}},
    "a flight": {"flight": {"news": [{"at": "1 min", "reach": "1 %", "within": "1 min"}]}},
    "hard wallets": {
        "offline": {
            "regions": {"valley": "100 %"}, "purses": {"cards": {"share": "10 %", "payments": "0.1 /day"}},
            "attacks": {"ring": {"group": "cards", "starts": "1 min"}},
        }
    },
    "contracts": {
        "contracts": {
            "courses": {
                "swimming": {"schools": 1, "customers": 1, "price": "60 CNY", "lessons": 3, "sold_within": "5 min"}
            },
            "subsidies": {"meals": {"vouchers": 1, "amount": "50 CNY", "categories": ["food"], "lasts": "5 min"}},
            "gifts": {"keyword": {"senders": 1, "amount": "5 CNY", "lasts": "5 min"}},
            "deliveries": {"parcels": {"orders": 1, "deadline": "5 min"}},
            "sub_wallets": {"web": {"owners": 1, "leaked": "20 %", "leaks_at": "2 min", "found_after": "5 min"}},
        }
    },
    "bills": {"bills": {"core": {"count": 1, "orders": "3 /day"}, "tiers": [{"firms": 2}], "tenor": "1 days"}},
    "data": {"data_exchange": {"orders": "0.1 /day"}},
    "across borders": {
        "crossborder": {
            "corridors": {
                "goods": {
                    "sender": "mainland", "receiver": "hong_kong", "payments": "1 /day", "mean": "9000 USD",
                    "hours": "any",
                }
            }
        }
    },
    "steady": {"series": {"steady_state": True}},
}  # fmt: skip

NOT_FOR_PEOPLE = re.compile(
    r"\bNone\b|\bnan\b|\binf\b|\b\d+(?:\.\d+)?[eE][+-]?\d+\b|[-–] of|\([-–]\)|of [-–] |of the [-–]|\{\w*\}"
    r"|-\d+ (?:payments|runs|more|customers|people)"
    r"|\b(?:Of|Only|on) 1 (?:settled )?payments|\b1 (?:equal ones|slowest)\b|[+-]below|-(?:above|inf)\b"
    r"|refused most often: 0 %|One settled payment in a hundred"
)


def told(tmp_path: Path, *parts: dict[str, Any]) -> str:
    """Everything that a person reads of a run: report and short summary."""
    scenario: dict[str, Any] = {}
    for part in (TINY, *parts):
        for name, value in part.items():
            scenario[name] = {**scenario[name], **value} if isinstance(value, dict) and name in scenario else value
    file = tmp_path / "tiny.yaml"
    file.write_text(json.dumps(scenario), encoding="utf-8")
    found = sandbox.run(file, out=tmp_path / "run", finish=render)
    return "\n".join([*summary_lines(found), (tmp_path / "run" / "report.md").read_text(encoding="utf-8")])


def wrong(words: str) -> list[str]:
    """Lines that no person should read; digests and the parameters are left out."""
    chapters = [one for one in words.split("\n## ") if not one.startswith("What the numbers rest on")]
    lines = [line for chapter in chapters for line in chapter.splitlines()]
    return [line for line in lines if NOT_FOR_PEOPLE.search(re.sub(r"`[^`]*`|\b[0-9a-f]{8,}\b", "", line))]


@pytest.mark.parametrize("demand", DEMANDS)
def test_every_sentence_holds_where_next_to_nothing_happens(demand: str, tmp_path: Path) -> None:
    assert wrong(told(tmp_path, DEMANDS[demand])) == []


@pytest.mark.parametrize("feature", [name for name in FEATURES if name != "nothing"])
@pytest.mark.parametrize("demand", ["nobody pays", slow("all closed")])
def test_every_sentence_of_a_feature_holds(demand: str, feature: str, tmp_path: Path) -> None:
    assert wrong(told(tmp_path, DEMANDS[demand], FEATURES[feature])) == []


def test_a_precision_that_cannot_be_told_is_told_so() -> None:
    said = _precision({"metric": "crime.lost_fen", "asked": 0.02, "reached": None, "runs": 1_024, "ok": False})
    assert said == (
        "crime.lost_fen: no precision to tell after 1,024 runs, for its mean is 0 or it is missing (2 % was asked for)"
    )


@pytest.mark.parametrize(
    "words",
    [
        "None paid",
        "nan %",
        "Of 1 payments",
        "-below 0.001",
        "1e+06 CNY",
        "3.2e-05 s",
        "North paid - of it",
        "0, of which 0 settled (-)",
        "-3 runs",
    ],
)
def test_what_is_looked_for_is_found(words: str) -> None:
    assert wrong(words) == [words]
