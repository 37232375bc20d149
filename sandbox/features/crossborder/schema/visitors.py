"""Schema of wallets that people from abroad hold: topped up out of another currency, used on trips, changed back."""

from __future__ import annotations

from sandbox.scenario.schema.fields import Duration, Model, Money, Rate, Share, param


class Visitors(Model):
    """People from abroad whose wallets are those of a cohort of the population."""

    home: str = param(..., doc="The jurisdiction they come from.", role="design")
    trips: Rate = param(0.1, doc="Trips a person makes (mean).")
    stay: Duration = param(36_000_000_000, doc="How long a trip lasts.", gt=0)
    payments: float = param(4.0, doc="Payments on a trip (mean).", ge=0, le=1000)
    ticket: Money = param(12_000, doc="Size of a payment (mean).", gt=0)
    sigma: float = param(1.0, doc="Spread (of the logarithm) of sizes.", ge=0, le=3)
    transfers: float = param(
        0.0, doc="Transfers to people's wallets here on a trip (mean), of ten times that size.", ge=0, le=100
    )
    wanted: Money = param(80_000, doc="What somebody wants to have in the wallet when a trip begins.", gt=0)
    step: Money = param(10_000, doc="Top-ups are multiples of this.", gt=0, role="lever")
    takes: Duration = param(
        5_000_000, doc="Time a top-up takes through the fast payment system at home, exchange and all.",
        le=3_600_000_000, role="lever",
    )  # fmt: skip
    again: Share = param(0.9, doc="Chance that somebody whose money does not suffice tops up and pays again.")
    spread: Share = param(0.005, doc="What the bank keeps on exchange, each way, of the mid rate.", role="lever")
    fee: Share = param(0.0, doc="What it takes on top, of what is topped up.", role="lever")
    change_back: Share = param(0.5, doc="Share of trips after which what is left is changed back.")
