"""What the simulator gives names to has words in the room's tables: a name without them would be shown as it is."""

from __future__ import annotations

from sandbox.base.box_state import Caps
from sandbox.features.bills import names as bills
from sandbox.features.bills.results import OUTCOMES
from sandbox.features.crossborder.report import names as across
from sandbox.features.crossborder.schema.section import _KNOWN
from sandbox.features.lifecycle.report.details import _CAPS
from sandbox.features.supervision.detectors.rules import NAMES
from sandbox.features.supervision.report import names as supervision


def test_every_detector_has_words() -> None:
    assert set(NAMES) <= set(supervision.DETECTORS)


def test_every_ending_of_a_bill_has_words() -> None:
    assert set(OUTCOMES) <= set(bills.STATES)


def test_every_cap_of_the_box_is_told_when_a_stage_begins() -> None:
    assert set(Caps._fields) == set(_CAPS)


def test_every_built_in_jurisdiction_has_words() -> None:
    assert set(_KNOWN) <= set(across.PLACES)
