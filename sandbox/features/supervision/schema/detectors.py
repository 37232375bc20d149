"""Rules that look for suspicious payments, and what they are set to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sandbox.features.supervision.schema.cases import HOUR
from sandbox.language import N_
from sandbox.scenario.schema.fields import Duration, Model, Money, Problem, Share, param
from sandbox.scenario.units import US_PER_DAY

_TUNED: Final = N_("ASSUMED, so that precision is 2-10 % (trade literature on alerts 2024-2026)")


class Detector(Model):
    """What all detectors have. Which thresholds real ones use is not published. In trade literature 90 to 98 % of
    alerts are false; the defaults are chosen to come out there, as `ecny-sandbox validate detection` shows."""

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

    def problems(self) -> Iterator[Problem]:
        for index, (low, high) in enumerate(zip(self.thresholds, self.thresholds[1:], strict=False)):
            if high <= low:
                yield Problem(("thresholds", index + 1), N_("must be above the one before it"))
                return


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

    def problems(self) -> Iterator[Problem]:
        if self.most_hops < self.least_hops:
            yield Problem(("most_hops",), N_("must not be below `{bottom}`"), bottom="least_hops")


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
