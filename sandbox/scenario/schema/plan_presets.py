"""Test plans after published sandbox regimes: what a preset fills in, and what of it is published.

A$ amounts are turned into yuan at 4.70 yuan a dollar (ASSUMED). Whatever `PLAN_SOURCES` does not name is ASSUMED: no
regime publishes it, or none was found that does. Texts are as a scenario file would give them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

FEN_PER_AUD: Final = 470
"""Fen per Australian dollar. ASSUMED."""


def _aud(dollars: int) -> str:
    return f"{dollars * FEN_PER_AUD // 100} CNY"


CRITERIA: Final = ("in_scope", "genuine_innovation", "consumer_benefit", "ready", "needs_support")

_NO_ADMISSION_CHECKS: Final[dict[str, Any]] = {
    "licensed_only": False, "criteria": [], "assessment": "0 s", "comment_period": "0 s",
}  # fmt: skip


def _asic(longest: str, objections: str) -> dict[str, Any]:
    return {
        "admission": {**_NO_ADMISSION_CHECKS, "comment_period": objections},
        "stages": {
            "admitted": {
                "next": "graduated", "shortest": "365 days", "offered_to": "100 %", "participants": 100,
                "per_participant": _aud(10_000), "total_exposure": _aud(5_000_000),
            },
        },
        "review_every": "90 days",
        "tolerance": {"corrections": 0, "correction": "90 days", "suspension": "30 days"},
        "longest": longest,
        "automatic_stop": True,
    }  # fmt: skip


PRESETS: Final[dict[str, dict[str, Any]]] = {
    "own": {},
    "pboc": {
        "admission": {**_NO_ADMISSION_CHECKS, "licensed_only": True, "comment_period": "60 days"},
        "stages": {
            "admitted": {"next": "small_scale", "shortest": "30 days", "offered_to": "0 %"},
            "small_scale": {
                "next": "expanded", "shortest": "90 days", "offered_to": "20 %",
                "per_payment": "2000 CNY", "total_exposure": "20 million CNY",
            },
            "expanded": {
                "next": "graduated", "shortest": "90 days", "offered_to": "100 %", "per_payment": "5000 CNY",
                "total_exposure": "none",
            },
        },
        "review_every": "30 days",
        "tolerance": {"corrections": 2, "correction": "60 days", "suspension": "30 days"},
        "longest": "none",
        "automatic_stop": False,
    },
    "fca": {
        "admission": {**_NO_ADMISSION_CHECKS, "criteria": list(CRITERIA), "assessment": "75 days"},
        "stages": {
            "admitted": {"next": "small_scale", "shortest": "70 days", "offered_to": "0 %"},
            "small_scale": {
                "next": "expanded", "shortest": "60 days", "offered_to": "10 %", "per_payment": "2000 CNY",
                "total_exposure": "10 million CNY",
            },
            "expanded": {
                "next": "graduated", "shortest": "60 days", "offered_to": "50 %", "per_payment": "5000 CNY",
                "total_exposure": "50 million CNY",
            },
        },
        "review_every": "30 days",
        "tolerance": {"corrections": 1, "correction": "30 days", "suspension": "14 days"},
        "longest": "250 days",
        "automatic_stop": False,
    },
    "asic": _asic("730 days", "30 days"),
    "asic_2016": _asic("365 days", "0 s"),
    "hkma": {
        "admission": {**_NO_ADMISSION_CHECKS, "licensed_only": True, "assessment": "30 days"},
        "stages": {
            "admitted": {"next": "small_scale", "shortest": "30 days", "offered_to": "0 %"},
            "small_scale": {
                "next": "expanded", "shortest": "60 days", "offered_to": "5 %", "participants": 1_000,
                "per_payment": "2000 CNY", "total_exposure": "10 million CNY",
            },
            "expanded": {
                "next": "graduated", "shortest": "90 days", "offered_to": "30 %", "participants": 10_000,
                "per_payment": "5000 CNY", "total_exposure": "100 million CNY",
            },
        },
        "review_every": "30 days",
        "tolerance": {"corrections": 1, "correction": "60 days", "suspension": "30 days"},
        "longest": "none",
        "automatic_stop": False,
    },
    "hangzhou": {
        "admission": {**_NO_ADMISSION_CHECKS, "licensed_only": True, "comment_period": "15 days"},
        "stages": {
            "admitted": {"next": "small_scale", "shortest": "15 days", "offered_to": "0 %"},
            "small_scale": {
                "next": "expanded", "shortest": "45 days", "offered_to": "30 %",
                "per_payment": "2000 CNY", "total_exposure": "20 million CNY",
            },
            "expanded": {
                "next": "graduated", "shortest": "60 days", "offered_to": "100 %", "per_payment": "20000 CNY",
                "total_exposure": "none",
            },
        },
        "review_every": "15 days",
        "tolerance": {"corrections": 3, "correction": "45 days", "suspension": "15 days"},
        "longest": "none",
        "automatic_stop": False,
    },
}  # fmt: skip
"""What each preset fills in where the scenario says nothing. `hangzhou` puts four principles into numbers (entry by
choice, development first: three corrections; safe and trusted: caps, reviews twice a month; compliant and efficient:
licensed only, a short comment period); the numbers are ASSUMED."""

FILLED: Final = ("admission", "stages", "review_every", "tolerance", "longest", "automatic_stop")
"""The parts of a plan that a preset may fill."""

PRESET_SOURCES: Final = (
    "pboc: Yicai 2019, Beijing Business Daily 2020; fca: FCA eligibility page, Lexology 2017, Cover 2021; "
    "asic: SprintLaw 2021, UNSW Law Journal 2021; asic_2016: AltFi 2016, Mondaq 2017; hkma: HKMA FSS page; "
    "hangzhou: principles only, numbers ASSUMED; what these do not publish is ASSUMED"
)

_ASIC_CAPS: Final = "AltFi 2016; Mondaq 2017"
PLAN_SOURCES: Final[dict[str, dict[str, str]]] = {
    "own": {},
    "pboc": {
        "admission.licensed_only": "Yicai 2019",
        "admission.comment_period": "Beijing Business Daily 2020: 62 days from notice to registration (derived)",
    },
    "fca": {
        "admission.criteria": "FCA eligibility page",
        "admission.assessment": "Lexology 2017: 2 to 3 months",
        "admitted.shortest": "Lexology 2017: test design about 10 weeks",
        "plan.longest": "Lexology 2017: test design about 10 weeks, test at most about 6 months (derived)",
    },
    "asic": {
        "admission.licensed_only": "AltFi 2016 (class exemption, notification only)",
        "admission.comment_period": "SprintLaw 2021: 30 days for objections",
        "admitted.participants": _ASIC_CAPS,
        "admitted.total_exposure": f"{_ASIC_CAPS}: A$ 5 million; 4.70 yuan a dollar ASSUMED",
        "plan.longest": "SprintLaw 2021: 24 months",
        "plan.automatic_stop": "UNSW Law Journal 2021",
    },
    "asic_2016": {
        "admission.licensed_only": "AltFi 2016 (class exemption, notification only)",
        "admitted.participants": _ASIC_CAPS,
        "admitted.total_exposure": f"{_ASIC_CAPS}: A$ 5 million; 4.70 yuan a dollar ASSUMED",
        "plan.longest": f"{_ASIC_CAPS}: 12 months",
    },
    "hkma": {},
    "hangzhou": {},
}
"""Where a preset's values come from, by the last two steps of their path."""


def plan_source(preset: str, path: tuple[str | int, ...]) -> str | None:
    """The source of a value that a preset of a plan filled in; None if there is no such preset.

    >>> plan_source("asic", ("rules", "box", "plan", "stages", "admitted", "participants"))
    'AltFi 2016; Mondaq 2017'
    >>> plan_source("asic", ("rules", "box", "plan", "stages", "admitted", "per_participant"))
    'ASSUMED (asic publishes none)'
    """
    known = PLAN_SOURCES.get(preset)
    if known is None:
        return None
    unknown = "ASSUMED" if preset == "own" else f"ASSUMED ({preset} publishes none)"
    return known.get(".".join(map(str, path[-2:])), unknown)


def with_preset(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a scenario says of a plan with what its preset says filled in.

    A section keeps what is given in it. Stages that are given are all there are; one that the preset has too keeps the
    preset's other values.
    """
    name = data.get("preset", "own")
    preset = PRESETS.get(name) if isinstance(name, str) else None
    both = dict(data)
    for key, part in (preset or {}).items():
        own = both.get(key)
        if own is None:
            both[key] = part
        elif key == "stages" and isinstance(own, dict):
            both[key] = {one: _filled_in(part.get(one), given) for one, given in own.items()}
        else:
            both[key] = _filled_in(part, own)
    return both


def _filled_in(part: Any, own: Any) -> Any:
    """A section with a preset's values where nothing is given."""
    return {**part, **own} if isinstance(part, dict) and isinstance(own, dict) else own
