"""What was published about alerts, and where it is held against runs."""

from __future__ import annotations

from typing import Final

from sandbox.language import N_
from sandbox.validation.check import Published

PUBLISHED: Final = Published(
    cases={"detection": "sandbox.features.supervision.detection:checks"},
    words={
        "detection": N_("How many alerts are right where one payment in a thousand is illicit"),
        "detection.fitted": N_("the detectors' default thresholds, to the published band; recall is not"),
        "detection.illicit": N_("illicit payments, share of settled"),
        "detection.precision": N_("alerts that are right"),
        "detection.recall": N_("illicit payments alerted"),
        "detection.value_recall": N_("illicit value alerted"),
    },
)
