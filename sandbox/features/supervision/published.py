"""What was published about alerts, and where it is held against runs."""

from __future__ import annotations

from typing import Final

from sandbox.validation.check import Published

PUBLISHED: Final = Published(
    cases={"detection": "sandbox.features.supervision.detection:checks"},
    words={
        "detection": "How many alerts are right where one payment in a thousand is illicit",
        "detection.fitted": "the detectors' default thresholds, to the published band; recall is not",
        "detection.illicit": "illicit payments, share of settled",
        "detection.precision": "alerts that are right",
        "detection.recall": "illicit payments alerted",
        "detection.value_recall": "illicit value alerted",
    },
)
