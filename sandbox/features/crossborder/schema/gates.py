"""Schema of the gates that a payment across a border has to pass, on either side of every arrangement.

Capital controls (quota, splitting) bind people of jurisdictions whose `capital_controls` are `strict`. Whether a name
is on a list, or only looks like one that is, belongs to the customer and is the same in every arrangement.
"""

from __future__ import annotations

from sandbox.scenario.schema.fields import Dollars, Duration, Model, Share, param
from sandbox.scenario.units import US_PER_DAY


class Splitting(Model):
    """Many people and one party abroad: a quota used through others' names."""

    people: int = param(
        5,
        doc="So many different people from or to one party abroad within the days below are taken for splitting; 0: "
        "not looked for.",
        source="SAFE circular 2009: five or more on the same, alternate or consecutive days",
        role="lever",
        ge=0,
        le=1000,
    )
    within: Duration = param(3 * US_PER_DAY, doc="Length of the window.", role="lever", gt=0, le=366 * US_PER_DAY)
    refuse: bool = param(True, doc="Refuse the payment; if not, it goes on and is reported.", role="lever")


class TravelRule(Model):
    """Name, address and birth date of payer and payee have to travel with a payment."""

    threshold: Dollars = param(
        100_000, doc="Above this.", source="FATF 2025: US$ 1,000, recommendation 16", role="lever"
    )
    missing: Share = param(0.02, doc="Share of payments above it that come without.")
    repaired: Share = param(0.9, doc="Share of those for which the data can be had on request; the others are refused.")
    repair: Duration = param(4 * 3_600_000_000, doc="Mean time that a request takes (exponential, office hours).")


class Screening(Model):
    """Names are held against lists of sanctioned people."""

    takes: Duration = param(200_000, doc="Time that a look-up takes.", le=3_600_000_000)
    false_positives: Share = param(
        0.01, doc="Share of customers whose names look like one on a list, who are somebody else."
    )
    listed: Share = param(0.0001, doc="Share of customers who are on a list: refused.")
    reviewers: int = param(
        2, doc="Who look into hits, in each jurisdiction, in office hours.", role="lever", ge=1, le=1000
    )
    review: Duration = param(30 * 60_000_000, doc="Mean time for one hit (exponential).", gt=0, le=30 * US_PER_DAY)
    remembered: bool = param(
        False, doc="A customer once cleared is not stopped again for the same likeness.", role="lever"
    )


class BorderGates(Model):
    """Rules that may refuse, hold or report a payment."""

    annual_quota: Dollars = param(
        5_000_000,
        doc="What a person may send, and may receive, in a calendar year.",
        source="IRB Canada 2021 quoting SAFE rules; Mondaq 2017",
        role="lever",
    )
    splitting: Splitting = param(default_factory=Splitting, doc="Quotas used through others' names.", role="lever")
    travel_rule: TravelRule = param(default_factory=TravelRule, doc="Data that travel along.", role="lever")
    screening: Screening = param(default_factory=Screening, doc="Lists of names.", role="lever")
    report_people: Dollars = param(
        1_000_000, doc="A person's payments in a day are reported from this sum on.", source="PBoC Order 2016 No. 3",
        role="lever", gt=0,
    )  # fmt: skip
    report_firms: Dollars = param(
        20_000_000, doc="A firm's payments in a day are reported from this sum on.", source="PBoC Order 2016 No. 3",
        role="lever", gt=0,
    )  # fmt: skip
