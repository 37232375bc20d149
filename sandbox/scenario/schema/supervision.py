"""Schema of supervision: who sees what, detectors, large-value reports, and what anonymity costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, Literal, Self

from pydantic import model_validator

from sandbox.scenario.schema.cases import HOUR, Cases, Incidents
from sandbox.scenario.schema.fields import (
    Duration,
    Limit,
    Model,
    Money,
    Problem,
    Share,
    WalletClass,
    inconsistent,
    param,
)
from sandbox.scenario.units import US_PER_DAY

if TYPE_CHECKING:
    from sandbox.scenario.schema.scenario import Scenario

VIEWERS: Final = ("operator", "central_bank", "regulator", "merchant")
Watcher = Literal["operator", "central_bank", "regulator"]


def _from(linked: str, named: str) -> dict[str, str]:
    return {"linked_from": linked, "named_from": named}


_ALWAYS: Final = _from("0 CNY", "0 CNY")
_SMALL_LINKED: Final = _from("0 CNY", "2000 CNY")
_LARGE_ONLY: Final = _from("2000 CNY", "50000 CNY")
_PSEUDONYM: Final = _from("0 CNY", "none")
_NEVER: Final = _from("none", "none")
DEFAULT_SIGHTS: Final[dict[str, dict[str, dict[str, str]]]] = {
    "operator": {"I": _ALWAYS, "II": _ALWAYS, "III": _ALWAYS, "IV": _PSEUDONYM},
    "central_bank": {"I": _SMALL_LINKED, "II": _SMALL_LINKED, "III": _SMALL_LINKED, "IV": _PSEUDONYM},
    "regulator": {"I": _LARGE_ONLY, "II": _LARGE_ONLY, "III": _LARGE_ONLY, "IV": _from("2000 CNY", "none")},
    "merchant": {"I": _NEVER, "II": _NEVER, "III": _NEVER, "IV": _NEVER},
}
"""By viewer and class. That class IV is anonymous even to the central bank, that what is small is anonymous and what is
large can be traced: PBoC white paper and Bloomberg 2021. That 2,000 yuan, the most in one payment of class IV, is the
border of what is small, and the rest: ASSUMED."""

_SIGHT_SOURCE: Final = "class IV: PBoC white paper 2021, Bloomberg 2021; thresholds ASSUMED"


class Sight(Model):
    """What a viewer sees of a payment of one class, by amount."""

    linked_from: Limit = param(
        0, doc="From this amount on, payments of one wallet are seen to be of one wallet (a pseudonym).", role="lever",
        source=_SIGHT_SOURCE,
    )  # fmt: skip
    named_from: Limit = param(
        None, doc="From this amount on, whose wallet it is can be seen.", role="lever", source=_SIGHT_SOURCE
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.named_from is not None and (self.linked_from is None or self.named_from < self.linked_from):
            raise inconsistent(Problem(("named_from",), "top_below_bottom", {"bottom": "linked_from"}))
        return self


def _sights(viewer: str) -> dict[WalletClass, Sight]:
    return {name: Sight.model_validate(one) for name, one in DEFAULT_SIGHTS[viewer].items()}  # type: ignore[misc]


Sights = dict[WalletClass, Sight]


class Visibility(Model):
    """The matrix class x amount x viewer. Companies and merchants are always seen by name."""

    operator: Sights = param(
        default_factory=lambda: _sights("operator"), doc="What the operators see, by class.", role="lever",
        source=_SIGHT_SOURCE,
    )  # fmt: skip
    central_bank: Sights = param(
        default_factory=lambda: _sights("central_bank"), doc="What the central bank sees, by class.", role="lever",
        source=_SIGHT_SOURCE,
    )  # fmt: skip
    regulator: Sights = param(
        default_factory=lambda: _sights("regulator"), doc="What the regulator sees, by class.", role="lever",
        source=_SIGHT_SOURCE,
    )  # fmt: skip
    merchant: Sights = param(
        default_factory=lambda: _sights("merchant"), doc="What a merchant sees of who pays it, by class.", role="lever",
        source=_SIGHT_SOURCE,
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: object) -> object:
        """Fill in what a scenario leaves out, so that the resolved scenario shows the whole matrix."""
        if not isinstance(data, dict):
            return data
        filled: dict[object, object] = dict(data)
        for viewer, classes in DEFAULT_SIGHTS.items():
            given = filled.get(viewer, {})
            if not isinstance(given, dict):
                continue
            own: dict[object, object] = dict(given)
            for name, sight in classes.items():
                one = own.get(name, {})
                if isinstance(one, dict):
                    own[name] = {**sight, **one}
            filled[viewer] = own
        return filled


_TUNED: Final = "ASSUMED, so that precision is 2-10 % (trade literature on alerts 2024-2026)"


class Detector(Model):
    """What all detectors have. Which thresholds real ones use is not published. In trade literature 90 to 98 % of
    alerts are false; the defaults are chosen to come out there, as `ecny-sandbox validation detection` shows."""

    enabled: bool = param(True, doc="Whether it is in use.", role="lever")
    window: Duration = param(US_PER_DAY, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    quiet: Duration = param(
        US_PER_DAY, doc="After an alert, this detector stays silent about the same account for so long.", role="lever",
        source=_TUNED,
    )  # fmt: skip


class Structuring(Detector):
    """Payments just below a threshold, of one payer or to one payee."""

    window: Duration = param(7 * US_PER_DAY, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    payments: int = param(2, doc="How many are suspicious.", role="lever", source=_TUNED, ge=2, le=64)
    thresholds: list[Money] = param(
        default_factory=lambda: [2_000_00, 5_000_00, 50_000_00, 200_000_00, 500_000_00, 2_000_000_00],
        doc="Thresholds that one may want to stay below, rising.", role="lever", min_length=1, max_length=20,
        source="limits of classes IV and II: Bloomberg, China Daily 2021; reports: PBoC Order 2016 No. 3; "
        "class III ASSUMED",
    )  # fmt: skip
    margin: Share = param(0.1, doc="How far below a threshold is just below.", role="lever", gt=0, lt=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for index, (low, high) in enumerate(zip(self.thresholds, self.thresholds[1:], strict=False)):
            if high <= low:
                raise inconsistent(Problem(("thresholds", index + 1), "not_rising", {}))
        return self


class Velocity(Detector):
    """Many payments of one person in a short time."""

    window: Duration = param(HOUR, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    payments: int = param(4, doc="How many are suspicious.", role="lever", source=_TUNED, ge=2, le=64)
    amount: Money = param(0, doc="How much they come to at least.", role="lever", source=_TUNED)


class FanIn(Detector):
    """Many people pay one person."""

    window: Duration = param(US_PER_DAY, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    counterparties: int = param(5, doc="How many are suspicious.", role="lever", source=_TUNED, ge=2, le=64)
    amount: Money = param(0, doc="How much their payments come to at least.", role="lever", source=_TUNED)


class FanOut(Detector):
    """One person pays many people."""

    window: Duration = param(US_PER_DAY, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    counterparties: int = param(12, doc="How many are suspicious.", role="lever", source=_TUNED, ge=2, le=64)
    amount: Money = param(1_000_00, doc="How much their payments come to at least.", role="lever", source=_TUNED)


class PassThrough(Detector):
    """What comes in goes out again."""

    window: Duration = param(12 * HOUR, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    amount: Money = param(100_00, doc="How much came in at least.", role="lever", source=_TUNED)
    share: Share = param(
        0.9, doc="In and out are alike: neither is less than this share of the other.", role="lever",
        source=_TUNED, gt=0,
    )  # fmt: skip


class Cycle(Detector):
    """Money comes back to where it went out."""

    window: Duration = param(7 * US_PER_DAY, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    amount: Money = param(0, doc="Least amount of the payment that closes it.", role="lever", source=_TUNED)
    least_hops: int = param(3, doc="Fewest payments of a cycle.", role="lever", source=_TUNED, ge=2, le=8)
    most_hops: int = param(6, doc="Most payments of a cycle.", role="lever", source=_TUNED, ge=2, le=8)
    share: Share = param(
        0.8, doc="A payment and the next are alike: neither is less than this share of the other.", role="lever",
        source=_TUNED, gt=0,
    )  # fmt: skip

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.most_hops < self.least_hops:
            raise inconsistent(Problem(("most_hops",), "top_below_bottom", {"bottom": "least_hops"}))
        return self


class ScatterGather(Detector):
    """From one source over several people to one person."""

    window: Duration = param(7 * US_PER_DAY, doc="Within what time.", role="lever", source=_TUNED, gt=0)
    between: int = param(2, doc="Over how many people.", role="lever", source=_TUNED, ge=2, le=30)
    amount: Money = param(0, doc="How much arrives at least.", role="lever", source=_TUNED)
    share: Share = param(
        0.8, doc="What each gets and passes on is alike: neither is less than this share of the other.", role="lever",
        source=_TUNED, gt=0,
    )  # fmt: skip


class DormantThenActive(Detector):
    """An account that wakes and sends much."""

    silence: Duration = param(
        3 * US_PER_DAY, doc="Neither paid nor was paid (purchases that are not looked at left out) for so long.",
        role="lever", source=_TUNED, gt=0,
    )  # fmt: skip
    window: Duration = param(US_PER_DAY, doc="Within what time after waking.", role="lever", source=_TUNED, gt=0)
    payments: int = param(3, doc="How many payments it sends at least.", role="lever", source=_TUNED, ge=1, le=64)
    amount: Money = param(5_000_00, doc="How much they come to at least.", role="lever", source=_TUNED)


class CrossBorderSplitting(Detector):
    """Several people pay one counterparty across the border. Idle where no payment crosses one."""

    window: Duration = param(
        3 * US_PER_DAY, doc="The same, the next and the following day.", role="lever", gt=0,
        source="SAFE circular 2009",
    )  # fmt: skip
    people: int = param(
        5, doc="How many people are suspicious.", role="lever", ge=2, le=64,
        source="SAFE circular 2009",
    )  # fmt: skip
    amount: Money = param(0, doc="How much their payments come to at least.", role="lever")


_NOT_TUNED: Final = "ASSUMED"


class MerchantRefunds(Detector):
    """A merchant pays people, again and again. Not in use unless asked for: no honest merchant pays back in this world
    yet, so it would be right far too often."""

    enabled: bool = param(False, doc="Whether it is in use.", role="lever")
    window: Duration = param(7 * US_PER_DAY, doc="Within what time.", role="lever", source=_NOT_TUNED, gt=0)
    payments: int = param(3, doc="How many are suspicious.", role="lever", source=_NOT_TUNED, ge=2, le=64)
    amount: Money = param(0, doc="How much they come to at least.", role="lever", source=_NOT_TUNED)


class MerchantCollection(Detector):
    """Many people pay one merchant within a short time. Not in use unless asked for: what is many depends on the size
    of the merchant, and a busy one is paid by many. For red packets, `purchases_from` must be below the packet."""

    enabled: bool = param(False, doc="Whether it is in use.", role="lever")
    window: Duration = param(2 * HOUR, doc="Within what time.", role="lever", source=_NOT_TUNED, gt=0)
    counterparties: int = param(5, doc="How many are suspicious.", role="lever", source=_NOT_TUNED, ge=2, le=64)
    amount: Money = param(0, doc="How much their payments come to at least.", role="lever", source=_NOT_TUNED)


class Detectors(Model):
    """Rules that look for suspicious payments; each by its name."""

    purchases_from: Money = param(1_000_00, doc="Purchases from merchants below this are not looked at.", role="lever")
    structuring: Structuring = param(default_factory=Structuring, doc="Just below thresholds.", role="lever")
    velocity: Velocity = param(default_factory=Velocity, doc="Many payments fast.", role="lever")
    fan_in: FanIn = param(default_factory=FanIn, doc="Many payers, one person.", role="lever")
    fan_out: FanOut = param(default_factory=FanOut, doc="One person, many payees.", role="lever")
    pass_through: PassThrough = param(default_factory=PassThrough, doc="In and out again.", role="lever")
    cycle: Cycle = param(default_factory=Cycle, doc="Back to where it came from.", role="lever")
    scatter_gather: ScatterGather = param(default_factory=ScatterGather, doc="Apart and together again.", role="lever")
    dormant_then_active: DormantThenActive = param(
        default_factory=DormantThenActive, doc="Silent, then busy.", role="lever"
    )
    cross_border_splitting: CrossBorderSplitting = param(
        default_factory=CrossBorderSplitting, doc="Several people, one counterparty abroad.", role="lever"
    )
    merchant_refunds: MerchantRefunds = param(
        default_factory=MerchantRefunds, doc="A merchant that pays back.", role="lever"
    )
    merchant_collection: MerchantCollection = param(
        default_factory=MerchantCollection, doc="Many payers, one merchant.", role="lever"
    )


_ORDER_3: Final = "PBoC Order 2016 No. 3"


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

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        at_home, abroad = self.natural_persons, self.cross_border
        if at_home is not None and (abroad is None or abroad > at_home):
            raise inconsistent(Problem(("cross_border",), "top_above_other", {"top": "natural_persons"}))
        return self


class Frontier(Model):
    """The same run watched by several more pairs of eyes, each of which sees less; nobody acts on what they find."""

    anonymous_below: list[Money] = param(
        default_factory=list,
        doc="Payments of persons below this are nobody's for anyone; one more watcher each, rising.",
        role="lever", max_length=12,
    )  # fmt: skip

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for index, (low, high) in enumerate(zip(self.anonymous_below, self.anonymous_below[1:], strict=False)):
            if high <= low:
                raise inconsistent(Problem(("anonymous_below", index + 1), "not_rising", {}))
        return self


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


MOST_COUNTS: Final = 200_000


def supervision_problems(scenario: Scenario) -> Iterator[Problem]:
    """What of supervision does not go with the rest of the scenario."""
    rules = scenario.supervision
    if rules is None or rules.aggregates is None:
        return
    counts = (scenario.duration // rules.aggregates.every + 2) * len(scenario.institutions)
    if counts > MOST_COUNTS:
        where, sections = ("supervision", "aggregates", "every"), ("supervision", "duration", "institutions")
        yield Problem(where, "too_many_counts", {"limit": f"{MOST_COUNTS:,}"}, sections)


def sights_of(visibility: Visibility) -> Mapping[str, Sights]:
    """The matrix by viewer."""
    return {viewer: getattr(visibility, viewer) for viewer in VIEWERS}
