"""The errors with which a scenario is refused."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.scenario.errors import ScenarioError, ScenarioErrors
from sandbox.scenario.load import load


def errors_of(source: Any, **options: Any) -> tuple[ScenarioError, ...]:
    with pytest.raises(ScenarioErrors) as caught:
        load(source, **options)
    return caught.value.errors
