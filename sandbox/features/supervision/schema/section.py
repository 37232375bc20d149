"""The section `supervision` of a scenario: who watches whose payments, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from sandbox.features.supervision.schema.cases import HOUR, Cases, Incidents
from sandbox.features.supervision.schema.detectors import Detectors
from sandbox.features.supervision.schema.visibility import Visibility
from sandbox.language import N_
from sandbox.scenario.schema import LEDGER, Scenario, Section
from sandbox.scenario.schema.fields import Duration, Limit, Model, Money, Problem, param

Watcher = Literal["operator", "central_bank", "regulator"]

MOST_COUNTS: Final = 200_000
_TOO_MANY_COUNTS: Final = N_("more than {limit} counts; take a longer `every`")

_ORDER_3: Final = N_("PBoC Order 2016 No. 3")


class LargeValue(Model):
    """Reports of large value: single payments or a calendar day's sum, money in and money out apart."""

    enabled: bool = param(True, doc="Whether they are filed.", role="lever")
    cash: Limit = param(
        50_000_00, doc="Exchange between deposits and e-CNY, which is cash (M0).", role="lever",
        source="PBoC Order 2016 No. 3; that the exchange counts as cash is ASSUMED",
    )  # fmt: skip
    legal_persons: Limit = param(2_000_000_00, doc="Companies and merchants.", role="lever", source=_ORDER_3)
    natural_persons: Limit = param(500_000_00, doc="People, at home.", role="lever", source=_ORDER_3)
    cross_border: Limit = param(200_000_00, doc="People, across the border.", role="lever", source=_ORDER_3)

    def problems(self) -> Iterator[Problem]:
        at_home, abroad = self.natural_persons, self.cross_border
        if at_home is not None and (abroad is None or abroad > at_home):
            yield Problem(("cross_border",), N_("must not be above `{top}`"), top="natural_persons")


class Frontier(Model):
    """The same run watched by several more monitors, each of which sees less; nobody acts on what they find."""

    anonymous_below: list[Money] = param(
        default_factory=list,
        doc="Payments of persons below this are nobody's for anyone; one more watcher each, rising.",
        role="lever", max_length=12,
    )  # fmt: skip

    def problems(self) -> Iterator[Problem]:
        for index, (low, high) in enumerate(zip(self.anonymous_below, self.anonymous_below[1:], strict=False)):
            if high <= low:
                yield Problem(("anonymous_below", index + 1), N_("must be above the one before it"))
                return


class Aggregates(Model):
    """Usable but not visible: only counts with noise (differential privacy) leave the operators."""

    every: Duration = param(HOUR, doc="One count for each such time.", role="lever", gt=0)
    epsilon: float = param(
        1.0, doc="Privacy budget of one count, for one payment more or less.", role="lever", ge=1e-6, le=100
    )
    factor: float = param(
        3.0, doc="A count this many times the usual one of its time and institution is flagged.", role="lever",
        gt=1, le=1000,
    )  # fmt: skip
    least: int = param(10, doc="Counts below this are never flagged.", role="lever", ge=1)


class Supervision(Model):
    """Supervision of payments."""

    watcher: Watcher = param(
        "operator", doc="Whose view the detectors get (operators: all of them together).", role="lever",
        source="institutions file the reports: China Justice Observer on PBoC AML Report 2021",
    )  # fmt: skip
    visibility: Visibility = param(
        default_factory=lambda: Visibility.model_validate({}), doc="Who sees what.", role="lever"
    )
    detectors: Detectors = param(default_factory=Detectors, doc="What is looked for.", role="lever")
    large_value: LargeValue = param(default_factory=LargeValue, doc="Reports for size alone.", role="lever")
    frontier: Frontier = param(default_factory=Frontier, doc="Anonymity against detection.", role="lever")
    aggregates: Aggregates | None = param(
        None, doc="Counts with noise, the third way between seeing and not seeing.", role="lever"
    )
    cases: Cases | None = param(None, doc="Analysts who work on alerts, and freezes.", role="lever")
    incidents: Incidents | None = param(None, doc="Reports of what broke, and their clocks.", role="lever")


def _problems(scenario: Scenario, rules: Supervision) -> Iterator[Problem]:
    """What of supervision does not go with the rest of the scenario."""
    sections: tuple[str, ...] = ("supervision", "institutions")
    known = [*scenario.institutions, LEDGER]
    for name in rules.incidents.pace if rules.incidents is not None else ():
        if name not in known:
            where, values = ("supervision", "incidents", "pace", name), {"name": name, "given": name, "valid": known}
            yield Problem(where, N_("'{name}' is not a station"), sections, **values)
    if rules.aggregates is not None:
        counts = (scenario.duration // rules.aggregates.every + 2) * len(scenario.institutions)
        if counts > MOST_COUNTS:
            values = {"limit": f"{MOST_COUNTS:,}"}
            yield Problem(("supervision", "aggregates", "every"), _TOO_MANY_COUNTS, (*sections, "duration"), **values)


SECTION: Final = Section(
    "supervision", Supervision, "Supervision of payments: who sees what, detectors, reports.", "lever", _problems
)
