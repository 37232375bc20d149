"""The scenario that is measured: a city under all limits, with top-ups, redemption, patience and a box that never
binds."""

from __future__ import annotations

from sandbox.scenario.schema import Box, Demand, Merchants, Population, Rules, Scenario, Segment, Ticket

DAY_US = 86_400_000_000


def city(payments: float, wallets: int) -> Scenario:
    """One day of `payments` payments by `wallets` wallets: nine in ten retail, the rest between people."""
    return Scenario(
        title="benchmark",
        question="How fast is it?",
        population=Population(wallets=wallets),
        merchants=Merchants(count=20_000),
        rules=Rules(box=Box(enabled=True, per_payment_cap=10**12, participant_cap=10**13, total_exposure_cap=10**17)),
        demand=Demand(
            segments={
                "shops": Segment(payments=payments * 0.9, ticket=Ticket(preset="survey")),
                "people": Segment(
                    kind="transfer", payee="personal", payments=payments * 0.1, ticket=Ticket(median=10_000, sigma=1.0)
                ),
            }
        ),
    )
