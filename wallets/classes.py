"""Wallet classes I-IV and the named presets of their limits.

Units: limits are int fen; None means that no limit is stated. Class I is the best identified, class IV the anonymous
one. Sources: see `LIMIT_PRESETS`; the figures are restated in `docs/sources.md`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

CLASS_NAMES: Final = ("corporate", "I", "II", "III", "IV")
"""Names by class code: 0 is a corporate wallet or a merchant (no limits), 1-4 the personal classes."""

YUAN_FEN: Final = 100


@dataclass(frozen=True)
class Limits:
    """Limits of one class: balance, single payment, calendar day, calendar year (fen; None: no limit)."""

    balance: int | None
    single: int | None
    daily: int | None
    annual: int | None

    def as_fields(self) -> dict[str, int | None]:
        """The four limits by name."""
        return asdict(self)


def _yuan(balance: int | None, single: int | None, daily: int | None, annual: int | None) -> Limits:
    return Limits(*(None if value is None else value * YUAN_FEN for value in (balance, single, daily, annual)))


LIMIT_PRESETS: Final[dict[str, dict[str, Limits]]] = {
    "2021+": {
        "I": _yuan(None, None, None, None),
        "II": _yuan(500_000, 50_000, 100_000, None),
        "III": _yuan(20_000, 5_000, 10_000, None),
        "IV": _yuan(10_000, 2_000, 5_000, 50_000),
    },
    "ccb_pilot_2020": {
        "I": _yuan(500_000, 50_000, 100_000, 500_000),
        "II": _yuan(10_000, 5_000, 10_000, 300_000),
        "III": _yuan(2_000, 2_000, 2_000, 50_000),
        "IV": _yuan(1_000, 500, 1_000, 10_000),
    },
}

_CCB_APP: Final = "Xigua Caijing 2020 (limits in the CCB app, August 2020)"

LIMIT_SOURCES: Final[dict[str, dict[str, str]]] = {
    "2021+": {
        "I": "Bloomberg 2021 (no cap per payment); that the rest is uncapped is ASSUMED",
        "II": "Forkast/Caixin, China Daily, Teller Report 2021",
        "III": "ASSUMED (no source found)",
        "IV": "Bloomberg, China Daily 2021; the annual limit also HKMA via CNA 2024",
    },
    "ccb_pilot_2020": dict.fromkeys(("I", "II", "III", "IV"), _CCB_APP),
}
"""Where the limits of a preset come from, by class."""
