"""Schema of demand: segments over a calendar, or a payment trace; campaigns; how payers behave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sandbox.language import N_
from sandbox.scenario.schema.fields import (
    Duration,
    Model,
    Money,
    Name,
    Patience,
    Problem,
    Rate,
    Share,
    param,
)
from sandbox.scenario.units import US_PER_DAY, format_money

# Two humps after the peak hours that India's NPCI publishes for UPI (10-13 and 17-21:30), trough at 3-4 (NZ Paymark);
# no Chinese hourly data was found. The heights are ASSUMED.
TWO_HUMPS = [0.25, 0.15, 0.10, 0.06, 0.06, 0.12, 0.35, 0.75, 1.05, 1.25, 1.55, 1.75,
             1.75, 1.35, 1.15, 1.15, 1.25, 1.60, 1.90, 1.90, 1.75, 1.35, 0.85, 0.50]  # fmt: skip
WEEKEND = [0.40, 0.25, 0.15, 0.10, 0.08, 0.10, 0.20, 0.45, 0.80, 1.20, 1.60, 1.80,
           1.80, 1.60, 1.50, 1.50, 1.50, 1.60, 1.75, 1.75, 1.60, 1.30, 0.95, 0.65]  # fmt: skip
OFFICE_HOURS = [0.0] * 8 + [1.0] * 10 + [0.0] * 6
FLAT = [1.0] * 24
PROFILES = {"two_humps": (TWO_HUMPS, WEEKEND), "flat": (FLAT, FLAT), "office_hours": (OFFICE_HOURS, [0.0] * 24)}
"""Weekday and weekend weights by the name that a scenario may give instead."""


class Profile(Model):
    """Relative demand by hour of the day; only the shape matters for weekdays, weekends are relative to them."""

    weekday: list[float] = param(
        default_factory=lambda: list(TWO_HUMPS), doc="24 hourly weights, Monday to Friday.",
        source="shape after NPCI peak hours 2025 and NZ Paymark 2017; heights ASSUMED", min_length=24, max_length=24,
    )  # fmt: skip
    weekend: list[float] = param(
        default_factory=lambda: list(WEEKEND), doc="24 hourly weights, Saturday and Sunday.",
        source="ASSUMED", min_length=24, max_length=24,
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: object) -> object:
        if isinstance(data, str):
            if data not in PROFILES:
                raise PydanticCustomError("profile", "expected one of {names}", {"names": list(PROFILES)})
            weekday, weekend = PROFILES[data]
            return {"weekday": list(weekday), "weekend": list(weekend)}
        return data

    def problems(self) -> Iterator[Problem]:
        for part in ("weekday", "weekend"):
            weights = getattr(self, part)
            if min(weights) < 0 or max(weights) > 1e6 or (part == "weekday" and max(weights) < 1e-6):
                message = N_("hourly weights lie between 0 and 1000000, and those of a weekday are not all 0")
                yield Problem((part,), message)
                return


TICKETS = {"survey": (1_800, 1.0), "qr_quantile": (3_500, 1.6)}
"""Median (fen) and sigma by preset."""


def names_preset(words: str) -> bool:
    """Whether a ticket given as text is meant as a preset's name: an amount is not, and is told as what it is."""
    return not any(char.isdigit() for char in words)


class Ticket(Model):
    """Size of a payment: a preset, or a lognormal by median and sigma (sigma 0: always the median)."""

    filled_by_preset: ClassVar = ("median", "sigma")

    preset: Literal["survey", "qr_quantile"] | None = param(
        None,
        doc="survey: median 18 CNY, sigma 1.0 (mean 29.7). "
        "qr_quantile: median 35 CNY, sigma 1.6 (mean 126, 95 % below 500).",
        source="derived from UnionPay 2019 (survey) and CASS in ECNS 2017 (qr_quantile); the two anchors conflict",
    )
    median: Money = param(1_800, doc="Median.", source="see preset", gt=0)
    sigma: float = param(1.0, doc="Standard deviation of the logarithm.", source="see preset", ge=0, le=4)
    minimum: Money = param(1, doc="Smallest payment; smaller draws become this.", gt=0)
    maximum: Money = param(100_000_000_00, doc="Largest payment; larger draws become this.", gt=0, le=10_000_000_000_00)

    @model_validator(mode="before")
    @classmethod
    def _from_preset(cls, data: object) -> object:
        if isinstance(data, str) and names_preset(data):
            data = {"preset": data}
        preset = data.get("preset") if isinstance(data, dict) else None
        if isinstance(data, dict) and isinstance(preset, str) and preset in TICKETS:
            median_fen, sigma = TICKETS[preset]
            return {"median": format_money(median_fen), "sigma": sigma, **data}
        return data

    def problems(self) -> Iterator[Problem]:
        if self.maximum < self.minimum:
            yield Problem(("maximum",), N_("must not be below `{bottom}`"), bottom="minimum")


class Segment(Model):
    """A stream of payments of one kind."""

    kind: Literal["retail", "transfer", "wholesale", "government", "fee"] = param(
        "retail", doc="What the payments are, as shown in the tables.", role="design"
    )
    payer: Literal["personal", "corporate"] = param("personal", doc="Who pays.", role="design")
    payee: Literal["merchant", "personal", "corporate"] = param("merchant", doc="Who is paid.", role="design")
    payments: Rate = param(..., doc="Mean number on an ordinary weekday, for the whole segment.", le=1e10)
    ticket: Ticket = param(
        default_factory=lambda: Ticket(preset="survey"),
        doc="Size of a payment.",
        source="UnionPay 2019 survey (derived)",
    )
    profile: Profile = param(default_factory=Profile, doc="Shape of the day.")


class Festival(Model):
    """A burst on one day: a spike at an instant that decays, and a second, lower rise."""

    at: Duration = param(..., doc="When the spike comes, from the scenario's start.", role="design")
    peak_to_mean: float = param(
        6.8,
        doc="Highest rate of that calendar day over its mean.",
        source="NetsUnion Double-11 2018; 3.9 on New Year's Eve 2019",
        gt=1,
        le=50,
    )
    decay: Duration = param(
        1_800_000_000, doc="The spike falls to 1/e in this time.", source="ASSUMED", gt=0, le=US_PER_DAY
    )
    second_rise: Patience = param(
        72_000_000_000,
        doc="A second rise this long after the spike, or none.",
        source="about 20:00 (Tanhdev 2026, grade C)",
    )
    second_height: Share = param(0.35, doc="Height of the second rise relative to the spike.", source="ASSUMED")

    @property
    def filling(self) -> float:
        """About the share of its day's payments that the burst makes up, were the rest of the day flat."""
        rises = 1.0 + (self.second_height if self.second_rise is not None else 0.0)
        return self.peak_to_mean * rises * self.decay / US_PER_DAY

    def problems(self) -> Iterator[Problem]:
        if self.filling > 0.75:
            message = N_("this peak cannot be reached: with `decay` and the second rise the burst would fill the day")
            yield Problem(("peak_to_mean",), message)


class TraceColumns(Model):
    """Names of the trace's columns."""

    time: str = param("time", doc="When the payment is submitted.", role="design")
    payer: str = param("payer", doc="Who pays: any text or number that names one payer.", role="design")
    payee: str = param("payee", doc="Who is paid: any text or number that names one payee.", role="design")
    amount: str = param("amount", doc="How much.", role="design")
    kind: str | None = param(
        None, doc="Column with the kind (retail, transfer, ...); a transfer's payee is a person.", role="design"
    )


class Trace(Model):
    """A file of payments instead of segments."""

    file: str = param(..., doc="CSV or Parquet file, relative to the scenario file.", role="design", min_length=1)
    columns: TraceColumns = param(default_factory=TraceColumns, doc="Which column is what.", role="design")
    time_unit: Literal["us", "ms", "s", "iso"] = param(
        "s", doc="us, ms, s: number since the scenario's start. iso: date and time of day.", role="design"
    )
    amount_unit: Literal["fen", "CNY"] = param("CNY", doc="Unit of the amount column.", role="design")
    refused_at_most: Share = param(
        0.0, doc="Share of lines that may be refused; above it the run does not start.", role="design"
    )


class Demand(Model):
    """Either segments (with festivals) or a trace."""

    segments: dict[Name, Segment] = param(default_factory=dict, doc="Streams of payments by name.", max_length=32)
    festivals: list[Festival] = param(default_factory=list, doc="Bursts; they scale all segments.", max_length=20)
    trace: Trace | None = param(None, doc="A payment trace instead of segments.", role="design")

    def problems(self) -> Iterator[Problem]:
        if self.trace is not None and (self.segments or self.festivals):
            yield Problem(("trace",), N_("give segments or a trace, not both"))


class Campaign(Model):
    """Red packets given out by lottery, spent at merchants, taken back at expiry."""

    registered: int = param(..., doc="People who entered the lottery.", ge=1, le=2_000_000_000, role="design")
    winners: int = param(..., doc="Packets drawn.", ge=1, le=50_000_000, role="lever")
    packet: Money = param(..., doc="Value of one packet.", gt=0, role="lever")
    starts: Duration = param(0, doc="From when packets can be claimed and spent.", role="lever")
    lasts: Duration = param(
        ..., doc="How long until packets expire and what is left goes back to the issuer.", gt=0, role="lever"
    )
    merchants: Share = param(1.0, doc="Share of merchants where packets can be spent.", role="lever")
    claimed: Share = param(0.9515, doc="Share of winners who claim.", source="47,573 of 50,000, Luohu 2020")
    claim_within: Duration = param(86_400_000_000, doc="Claims come evenly within this time.", source="ASSUMED", gt=0)
    payments_per_claimer: float = param(
        1.32,
        doc="Mean number of payments a claimer sets out to make, at least one; none once the packet is spent.",
        source="62,788 / 47,573, Luohu 2020",
        ge=1,
        le=100,
    )
    ticket: Ticket = param(
        default_factory=lambda: Ticket(median=11_000, sigma=0.7), doc="Size of a payment.", source="ASSUMED"
    )
    adds_own_money: Share = param(
        0.3,
        doc="Share of claimers who can top up and pay more than the packet holds; the others stay within it.",
        source="ASSUMED",
    )
    profile: Profile = param(default_factory=Profile, doc="Shape of the day.")

    def problems(self) -> Iterator[Problem]:
        if self.winners > self.registered:
            message = N_("{winners} winners, but only {registered} registered")
            yield Problem(("winners",), message, winners=self.winners, registered=self.registered)
        elif self.claim_within > self.lasts:
            yield Problem(("claim_within",), N_("must not be longer than `lasts`"))


class StatusChecks(Model):
    """What the payer's app does when it got no answer."""

    max: int = param(
        3, doc="Status checks sent after a time-out; 0 sends none.", source="NPCI 2025: at most 3", ge=0, le=20
    )
    interval: Duration = param(
        45_000_000,
        doc="Time before each check, and how long it waits for its answer.",
        source="NPCI 2025: after 45-60 s",
        gt=0,
        le=US_PER_DAY,
    )


class Behaviour(Model):
    """How payers, their apps and wallets behave."""

    patience: Patience = param(
        15_000_000, doc="How long an attempt may take before it times out, or none.", source="NPCI 2025: 15 s"
    )
    max_attempts: int = param(2, doc="Attempts at one payment, the first included.", source="ASSUMED", ge=1, le=20)
    backoff: Duration = param(
        5_000_000,
        doc="Mean pause before the second attempt; doubles each time.",
        source="ASSUMED",
        gt=0,
        le=3_600_000_000,
    )
    status_checks: StatusChecks = param(default_factory=StatusChecks, doc="Status checks after a time-out.")
    top_up_step: Money = param(
        1_000, doc="Just-in-time top-ups are rounded up to a multiple of this.", source="ASSUMED", gt=0
    )
    redeem_share: Share = param(
        0.5,
        doc="Share of wallets that redeem at midnight what they hold above keep_balance.",
        source="ASSUMED (turnover about 124 a year, 2023)",
    )
    keep_balance: Money = param(20_000, doc="What those wallets keep.", source="ASSUMED")
