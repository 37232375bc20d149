"""Schema of the gates that a payment across a border has to pass."""

from __future__ import annotations

from sandbox.scenario.schema.fields import Dollars, Model, param


class Gates(Model):
    """Rules that may refuse or hold a payment."""

    annual_quota: Dollars = param(
        5_000_000,
        doc="What a person may send, and may receive, in a year.",
        source="IRB Canada 2021 quoting SAFE rules",
        role="lever",
    )
