"""The life of a red-packet campaign as a SimPy process: funded, drawn, claimed and spent on the rail, taken back at
expiry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.control import Component, Control, Process
from sandbox.core.layout import account, scalar, trait
from sandbox.market.campaigns import CampaignPlan


@dataclass
class CampaignResult:
    """What became of a campaign's money (fen) and packets."""

    funded_fen: int = 0
    returned_fen: int = 0
    returned_unclaimed_fen: int = 0
    returned_unspent_fen: int = 0
    claimed: int = 0


class Campaigns(Component):
    """The campaigns of a run."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self.results = [CampaignResult() for _ in control.world.campaigns]
        """In the order of `World.campaigns`."""

    def start(self) -> None:
        """A process for each campaign."""
        for plan, result in zip(self._control.world.campaigns, self.results, strict=True):
            self._control.env.process(campaign(self._control, plan, result))


def campaign(control: Control, plan: CampaignPlan, result: CampaignResult) -> Process:
    """Fund the escrow at the start and give back at expiry what was not claimed and what was not spent."""
    world, one = control.world, plan.campaign
    assert world.treasuries is not None
    treasury = world.treasuries.first + plan.number
    escrow = int(world.scalars[scalar.FIRST_ESCROW]) + plan.number
    yield control.wait_until(one.starts)
    result.funded_fen = one.packet * one.winners
    control.ledger.post(treasury, escrow, result.funded_fen)
    control.record("campaign", "funded", plan.name, amount_fen=result.funded_fen)
    control.record("campaign", "drawn", plan.name, registered=one.registered, winners=int(plan.winners.size))
    yield control.wait_until(one.starts + one.lasts)
    people = world.blocks["personal"]
    rows = control.accounts[people.rows]
    held = (rows[:, account.TRAITS] >> trait.PACKET_CAMPAIGN_SHIFT) & trait.PACKET_CAMPAIGN_MASK == plan.number + 1
    result.claimed = int(np.count_nonzero(held))
    result.returned_unspent_fen = int(rows[held, account.PACKET].sum())
    rows[held, account.PACKET] = 0
    rows[held, account.TRAITS] &= ~(trait.PACKET_CAMPAIGN_MASK << trait.PACKET_CAMPAIGN_SHIFT)
    result.returned_fen = int(control.accounts[escrow, account.BALANCE])
    result.returned_unclaimed_fen = result.returned_fen - result.returned_unspent_fen
    control.ledger.post(escrow, treasury, result.returned_fen)
    control.record(
        "campaign", "expired", plan.name, claimed=result.claimed, returned_fen=result.returned_fen,
        unclaimed_fen=result.returned_unclaimed_fen, unspent_fen=result.returned_unspent_fen,
    )  # fmt: skip
