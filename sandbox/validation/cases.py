"""All that was published and can be held against the simulator, by name."""

from __future__ import annotations

from functools import partial
from typing import Final

from sandbox.validation import correspondent, detection, flight, liquidity_saving, luohu, mbridge, queues
from sandbox.validation.check import Case

CASES: Final = (
    Case("queues", queues.checks),
    Case("luohu", luohu.checks),
    Case("mbridge-2022", partial(mbridge.checks, "2022")),
    Case("mbridge-late-2025", partial(mbridge.checks, "late 2025")),
    Case("correspondent", correspondent.time_checks),
    Case("remittance", correspondent.cost_checks),
    Case("liquidity-saving", liquidity_saving.checks),
    Case("flight", flight.checks),
    Case("detection", detection.checks),
)
BY_NAME: Final = {case.name: case for case in CASES}
