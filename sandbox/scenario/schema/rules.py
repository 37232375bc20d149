"""Schema of the policy levers: wallet limits, the regime, the static box, and changes of rules in mid-run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import model_validator

from sandbox.language import N_
from sandbox.scenario.schema.fields import (
    Duration,
    Limit,
    Model,
    Money,
    Problem,
    Share,
    WalletClass,
    param,
)
from sandbox.scenario.schema.plan import Plan
from sandbox.scenario.units import format_money
from wallets.classes import LIMIT_PRESETS

PresetName = Literal["2021+", "ccb_pilot_2020"]


class ClassLimits(Model):
    """Limits of one wallet class; `none` means no limit."""

    balance: Limit = param(None, doc="Most a wallet may hold.", role="lever", source="see rules.wallet_limits.preset")
    single: Limit = param(None, doc="Most in one payment.", role="lever", source="see rules.wallet_limits.preset")
    daily: Limit = param(None, doc="Most in one calendar day.", role="lever", source="see rules.wallet_limits.preset")
    annual: Limit = param(None, doc="Most in one calendar year.", role="lever", source="see rules.wallet_limits.preset")


class WalletLimits(Model):
    """A named preset, or a preset with some classes replaced."""

    filled_by_preset: ClassVar = ("classes",)

    preset: PresetName = param(
        "2021+",
        doc="2021+: limits in use since 2021. ccb_pilot_2020: as reported from the CCB app in August 2020 (stricter).",
        role="lever",
        source="2021+: Bloomberg, Forkast/Caixin, China Daily 2021 (class III ASSUMED); "
        "ccb_pilot_2020: Xigua Caijing 2020",
    )
    classes: dict[WalletClass, ClassLimits] = param(
        default_factory=dict, doc="Limits by class; a class not named here takes the preset's.", role="lever",
        source="see rules.wallet_limits.preset",
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _fill_from_preset(cls, data: object) -> object:
        """Fill in what the preset gives, so that the resolved scenario shows every limit in force."""
        if not isinstance(data, dict):
            return data
        name = data.get("preset", "2021+")
        preset = LIMIT_PRESETS.get(name) if isinstance(name, str) else None
        given = data.get("classes", {})
        if preset is None or not isinstance(given, dict):
            return data
        classes: dict[object, object] = dict(given)
        for name, limits in preset.items():
            own = classes.get(name, {})
            if isinstance(own, dict):
                classes[name] = {**{key: format_money(fen) for key, fen in limits.as_fields().items()}, **own}
        return {**data, "classes": classes}


class Interest(Model):
    """Interest on wallets under the digital-deposit regime."""

    rate: Share = param(0.0005, doc="Per year.", role="lever", source="demand-deposit rate at the ten operators, 2026")
    classes: list[WalletClass] = param(
        default_factory=lambda: ["I", "II", "III"],
        doc="Classes that earn it.",
        role="lever",
        source="real-name wallets only, 2026",
    )
    day_count: int = param(360, doc="Days in the interest year.", source="ASSUMED", ge=360, le=366)
    settlement_months: list[int] = param(
        default_factory=lambda: [3, 6, 9, 12],
        doc="Months in which it is credited.",
        role="lever",
        source="ICBC 2025 (quarterly)",
    )
    settlement_day: int = param(
        21, doc="Day of the month on which it is credited.", role="lever", source="ICBC 2025", ge=1, le=28
    )

    def problems(self) -> Iterator[Problem]:
        if not all(1 <= month <= 12 for month in self.settlement_months):
            yield Problem(("settlement_months",), N_("months are 1 to 12"))


class Box(Model):
    """The sandbox: who and what is inside, and the caps that hold there; with a `plan`, in every stage."""

    enabled: bool = param(False, doc="Whether there is a box at all.", role="lever")
    starts: Duration = param(0, doc="From when its rules hold.", role="lever")
    participants: Share = param(1.0, doc="Share of wallets that opt in.", source="ASSUMED")
    merchants: Share = param(1.0, doc="Share of merchants that take part.", role="lever")
    institutions: list[str] | None = param(None, doc="Institutions inside; all when left out.", role="lever")
    per_payment_cap: Limit = param(None, doc="Most in one payment inside the box.", role="lever")
    participant_cap: Limit = param(None, doc="Most one payer may settle inside the box in all.", role="lever")
    total_exposure_cap: Limit = param(None, doc="Most all payments inside the box may add up to.", role="lever")
    outside: Literal["allow", "refuse_crossing", "refuse_all"] = param(
        "refuse_crossing",
        doc="allow: the rest of the world pays as before. refuse_crossing: nothing crosses the edge. "
        "refuse_all: only the box pays.",
        role="lever",
    )
    containment: bool = param(
        False, doc="Refuse what would cross the edge as soon as it is submitted, so that nothing gets out.",
        role="lever",
    )  # fmt: skip
    plan: Plan | None = param(
        None, doc="The box has a life: it opens, is reviewed, and ends by this plan.", role="lever"
    )


class BoxChange(Model):
    """What a rule change sets anew in the box; what is left out stays."""

    per_payment_cap: Limit = param(None, doc="New cap on one payment.", role="lever")
    participant_cap: Limit = param(None, doc="New cap on a participant.", role="lever")
    total_exposure_cap: Limit = param(None, doc="New cap on the box.", role="lever")
    outside: Literal["allow", "refuse_crossing", "refuse_all"] | None = param(None, doc="New edge rule.", role="lever")


class RuleChange(Model):
    """A change of rules in mid-run."""

    at: Duration = param(..., doc="When it takes effect.", role="lever")
    wallet_limits: WalletLimits | None = param(None, doc="New wallet limits.", role="lever")
    box: BoxChange | None = param(None, doc="New caps of the box.", role="lever")

    def problems(self) -> Iterator[Problem]:
        if self.wallet_limits is None and self.box is None:
            yield Problem((), N_("a rule change must change `wallet_limits` or `box`"))


class Rules(Model):
    """Everything a regulator sets."""

    regime: Literal["digital_cash", "digital_deposit"] = param(
        "digital_deposit",
        doc="digital_cash: M0, no interest (to 2025). "
        "digital_deposit: bank money with interest and insurance (from 2026).",
        role="lever",
        source="PBoC white paper 2021; Caixin via PANews 2025",
    )
    wallet_limits: WalletLimits = param(
        default_factory=lambda: WalletLimits(preset="2021+"), doc="Limits of the wallet classes.", role="lever"
    )
    kyc_delay: Duration = param(
        3_600_000_000, doc="From asking for a higher class to having it.", source="ASSUMED", gt=0
    )
    waterfall: bool = param(
        True,
        doc="What a payee may not hold goes on into the linked account instead of refusing the payment.",
        role="lever",
    )
    interest: Interest = param(default_factory=Interest, doc="Interest (digital_deposit only).", role="lever")
    insured_cap: Money = param(
        50_000_000,
        doc="Deposit insurance per depositor and bank (digital_deposit).",
        role="lever",
        source="China Daily/Xinhua 2014, 2015",
    )
    box: Box = param(default_factory=Box, doc="The regulatory sandbox.", role="lever")
    changes: list[RuleChange] = param(
        default_factory=list, doc="Rule changes in mid-run.", role="lever", max_length=100
    )
