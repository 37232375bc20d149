"""Money is moved, never made or lost: at every window, at every midnight, and in the tables a run leaves."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np
import pytest

from sandbox.core.clock import midnights
from sandbox.core.layout import account
from sandbox.core.ledger import BrokenInvariant
from sandbox.engine import simulation
from sandbox.engine.simulation import Simulation
from sandbox.world import World, build
from tests.properties.towns import baseline, town


class Auditor:
    """Looks at the accounts whenever a window of payments is handed over."""

    def __init__(self, world: World) -> None:
        self.ledger = world.ledger
        self.issuer = world.ledger.block("central_bank").first
        self.escrow = world.ledger.block("escrow").rows
        self.opening = world.ledger.accounts[:, account.BALANCE].copy()
        self.looks = 0

    def look(self, _: object) -> None:
        accounts = self.ledger.accounts
        self.looks += 1
        assert accounts[:, account.BALANCE].sum() == 0
        assert np.delete(accounts[:, account.BALANCE], self.issuer).min() >= 0
        assert np.array_equal(
            accounts[:, account.BALANCE], self.opening - accounts[:, account.DEBITS] + accounts[:, account.CREDITS]
        )
        assert accounts[:, account.DEBITS].sum() == accounts[:, account.CREDITS].sum()
        # What winners still hold of their packets is there, in the escrow.
        assert 0 <= accounts[:, account.PACKET].sum() <= accounts[self.escrow, account.BALANCE].sum()


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "new_rail", partial(simulation.new_rail, out=16))


@pytest.mark.parametrize("regime", ["digital_deposit", "digital_cash"])
def test_money_is_kept_at_every_window(small_windows: None, regime: str) -> None:
    scenario = town({"rules.regime": regime, "rules.interest.rate": "90 %"})
    world = build(scenario, scenario.seed)
    auditor, run = Auditor(world), Simulation(world)
    run.on_window.append(auditor.look)
    run.run()
    assert auditor.looks > 500


@pytest.mark.parametrize("column", [account.BALANCE, account.PACKET])
def test_a_fen_from_nowhere_is_seen_at_the_next_window(small_windows: None, column: int) -> None:
    scenario = town()
    world = build(scenario, scenario.seed)
    auditor, run = Auditor(world), Simulation(world)

    def forge(window: Any) -> None:
        if auditor.looks == 100:
            world.ledger.accounts[world.blocks["merchant"].first, column] += 1 if column == account.BALANCE else 10**9

    run.on_window += [forge, auditor.look]
    with pytest.raises(AssertionError):
        run.run()
    assert auditor.looks == 101


def test_a_fen_from_nowhere_ends_the_run_at_midnight(small_windows: None) -> None:
    scenario = town()
    world = build(scenario, scenario.seed)
    run, windows = Simulation(world), 0

    def forge(window: Any) -> None:
        nonlocal windows
        windows += 1
        world.ledger.accounts[world.blocks["merchant"].first, account.BALANCE] += int(windows == 3)

    run.on_window.append(forge)
    with pytest.raises(BrokenInvariant, match="sum to 1 fen"):
        run.run()
    first_midnight_us, _ = midnights(scenario.start)
    assert run.env.now == first_midnight_us < scenario.duration


def test_the_tables_tell_every_fen() -> None:
    """The ledger's debits and credits, worked out again from payments and control events."""
    tables = baseline().tables
    ledger, events = tables["ledger"], tables["events"]
    settled = tables["payments"][tables["payments"]["outcome"] == "settled"]
    assert (ledger["closing_fen"] == ledger["opening_fen"] - ledger["debits_fen"] + ledger["credits_fen"]).all()
    assert ledger["closing_fen"].sum() == 0
    assert ledger["opening_fen"].sum() == 0

    def of(kind: str, column: str) -> int:
        return int(ledger.loc[ledger["kind"] == kind, column].sum())

    def told(event: str, name: str) -> int:
        return sum(json.loads(detail)[name] for detail in events.loc[events["event"] == event, "detail"])

    def to(kind: str) -> Any:
        return settled[settled["payee"].isin(ledger.loc[ledger["kind"] == kind, "account"])]

    received = settled.groupby("payee")["amount_fen"].sum()
    merchants = ledger[ledger["kind"] == "merchant"].set_index("account")["credits_fen"]
    assert (merchants == received.reindex(merchants.index, fill_value=0)).all()
    assert of("merchant", "debits_fen") == told("day_ended", "merchants_fen") + to("merchant")["redeemed_fen"].sum()
    paid = settled[settled["payer_class"] != "corporate"]
    own = int((paid["amount_fen"] - paid["packet_fen"]).sum())
    redeemed = told("day_ended", "wallets_fen") + int(to("wallet")["redeemed_fen"].sum())
    assert of("wallet", "debits_fen") == own + redeemed
    interest = told("interest_credited", "amount_fen")
    top_ups = int(paid["top_up_fen"].sum())
    assert of("wallet", "credits_fen") == int(to("wallet")["amount_fen"].sum()) + top_ups + interest
    assert of("escrow", "debits_fen") == int(settled["packet_fen"].sum()) + told("expired", "returned_fen")
    assert of("escrow", "closing_fen") == 0
    assert interest > 0
