"""Who can fail in payments across borders, for stress tests: a corridor is shut; a bank abroad, an intermediary or a
validator is out of order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from sandbox.experiment.stress import ParticipantKind, Participants, Window, fault_duration
from sandbox.features.crossborder.schema.section import CrossBorder, CrossBorderFault
from sandbox.scenario.schema import Scenario


def _kind(
    kind: Literal["corridor", "bank", "correspondent", "validator"],
    names: Callable[[CrossBorder], list[str]],
    arrangement: str = "",
) -> ParticipantKind:
    """Participants of one kind: what is lost is the value credited through one arrangement, the first by default."""

    def there(scenario: Scenario) -> list[str]:
        crossborder = scenario.section(CrossBorder)
        return (
            []
            if crossborder is None or (arrangement and arrangement not in crossborder.arrangement_names)
            else names(crossborder)
        )

    def fault(scenario: Scenario, name: str, window: Window) -> CrossBorderFault:
        return CrossBorderFault(kind=kind, who=name, starts=window.starts_us, lasts=fault_duration(scenario, window))

    def lost(scenario: Scenario) -> str:
        crossborder = scenario.section(CrossBorder)
        assert crossborder is not None
        return f"crossborder.arrangements.{arrangement or crossborder.arrangement_names[0]}.settled_usd_cents"

    return ParticipantKind(there, "crossborder.faults", fault, lost)


PARTICIPANTS: Final = Participants(
    {
        "corridor": _kind("corridor", lambda crossborder: list(crossborder.corridors)),
        "bank": _kind("bank", lambda crossborder: [name for _, name in crossborder.banks()]),
        "correspondent": _kind("correspondent", lambda crossborder: crossborder.correspondent.names(), "correspondent"),
        "validator": _kind("validator", CrossBorder.validators, "shared_ledger"),
    }
)
