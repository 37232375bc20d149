"""Accounts of programmable money: an escrow for each contract, government accounts, sub-wallets."""

from __future__ import annotations

from typing import Final

import numpy as np

from sandbox.core.draws import Int64Array, stream, uniforms
from sandbox.core.layout import BALANCE, CLASS_MASK, IN_BOX, INSTITUTION_MASK, INSTITUTION_SHIFT, META, STAMP
from sandbox.core.ledger import Block, Ledger
from sandbox.market.population import NEVER_PAID, fill_escrows
from sandbox.scenario.schema import Scenario
from sandbox.scenario.schema.contracts import Contract, Contracts, Fees, Subsidy, SubWallets

ESCROW: Final = "contract_escrow"
"""Kind of the accounts that hold what is pending: one a contract, in the order of `Contracts.named`."""
TREASURY: Final = "contract_treasury"
"""Kind of the government accounts that give out vouchers or are paid fees."""
SUB_WALLET: Final = "sub_wallet"
"""Kind of the accounts that authorised merchants are paid from: one an authorisation."""
CONTRACTS: Final = "contracts"
"""Name of the source of the payments that contracts bring about."""
ORDER: Final = 2**31 - 1


def public(scenario: Scenario) -> list[tuple[str, Contract]]:
    """Contracts with a government account, in the order of these."""
    contracts = scenario.contracts
    return [(name, one) for _, name, one in contracts.named() if isinstance(one, (Subsidy, Fees))] if contracts else []


def shared(scenario: Scenario) -> list[tuple[str, SubWallets]]:
    """Contracts with sub-wallets, in the order of these."""
    contracts = scenario.contracts
    return [(name, one) for _, name, one in contracts.named() if isinstance(one, SubWallets)] if contracts else []


def authorisations(scenario: Scenario) -> list[int]:
    """How many sub-wallets each of `shared` has."""
    return [one.owners * one.merchants_each for _, one in shared(scenario)]


def open_contracts(ledger: Ledger, scenario: Scenario, contracts: Contracts) -> None:
    """Open their accounts."""
    names = [name for _, name, _ in contracts.named()]
    ledger.open(ESCROW, len(names), lambda n: f"escrow of {names[n]}")
    offices = [name for name, _ in public(scenario)]
    ledger.open(TREASURY, len(offices), lambda n: f"government account for {offices[n]}")
    ledger.open(SUB_WALLET, sum(authorisations(scenario)), lambda n: f"sub-wallet {n}")


def fill_contracts(ledger: Ledger, scenario: Scenario, contracts: Contracts, seed: int) -> None:
    """Where these accounts are kept, and what the treasuries start with: the vouchers they will give out."""
    people = ledger.block("wallet")
    places = [one.institution for _, _, one in contracts.named()]
    fill_escrows(ledger, ledger.block(ESCROW), scenario, places)
    treasury, offices = ledger.block(TREASURY), public(scenario)
    fill_escrows(ledger, treasury, scenario, [one.institution for _, one in offices])
    for number, (_, one) in enumerate(offices):
        if isinstance(one, Subsidy):
            ledger.accounts[treasury.first + number, BALANCE] = one.vouchers * one.amount
    first = ledger.block(SUB_WALLET).first
    for name, shared_wallets in shared(scenario):
        owners = owners_of(seed, name, people, shared_wallets)
        _lodge(ledger, first + np.arange(owners.size), owners)
        first += owners.size


def owners_of(seed: int, name: str, people: Block, one: SubWallets) -> Int64Array:
    """Whose each sub-wallet of a contract is: those of the first owner come first."""
    return np.repeat(chosen(seed, f"{name}/owners", people, one.owners), one.merchants_each)


def _lodge(ledger: Ledger, sub_wallets: Int64Array, owners: Int64Array) -> None:
    """Put sub-wallets where their owners' wallets are: same institution, inside the box or not; no class of their own,
    for their quota is what binds them."""
    kept = IN_BOX | (INSTITUTION_MASK << INSTITUTION_SHIFT)
    ledger.accounts[sub_wallets, META] = ledger.accounts[owners, META] & kept & ~CLASS_MASK
    ledger.accounts[sub_wallets, STAMP] = NEVER_PAID


def account_of(ledger: Ledger, kind: str, number: int) -> int:
    """One account of a block."""
    return ledger.block(kind).first + number


def chosen(seed: int, name: str, block: Block, count: int, allowed: Int64Array | None = None) -> Int64Array:
    """`count` accounts of a block (fewer if not as many are allowed), drawn without putting back, in order of draw.
    Who is drawn first stays so if more are drawn."""
    order = np.empty(block.count, dtype=np.int64)
    uniforms(stream(seed, "contract", name), 0, ORDER, order)
    ranked = np.argsort(order, kind="stable")
    if allowed is not None:
        ranked = ranked[np.isin(ranked, allowed)]
    return np.asarray(block.first + ranked[:count])
