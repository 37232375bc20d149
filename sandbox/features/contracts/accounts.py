"""Accounts of programmable money: an escrow for each contract, government accounts, sub-wallets."""

from __future__ import annotations

from typing import Final

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import account, trait
from sandbox.core.ledger import Block, Ledger
from sandbox.features.contracts.schema import Contract, Contracts, SubWallets
from sandbox.market.accounts import Accounts
from sandbox.market.population import NEVER_PAID, chosen, fill_escrows
from sandbox.scenario.schema import Scenario

ESCROW: Final = "contract_escrow"
"""Kind of the accounts that hold what is pending: one a contract, in the order of `Contracts.named`."""
TREASURY: Final = "contract_treasury"
"""Kind of the government accounts that give out vouchers or are paid fees."""
SUB_WALLET: Final = "sub_wallet"
"""Kind of the accounts that authorised merchants are paid from: one an authorisation."""
SOURCE: Final = "contracts"
"""Name of the source of the payments that contracts bring about."""


def open_accounts(ledger: Ledger, scenario: Scenario, contracts: Contracts) -> None:
    """Escrows, government accounts of what has one, sub-wallets: each in the order of `Contracts.named`."""
    names = [name for _, name, _ in contracts.named()]
    ledger.open(ESCROW, len(names), lambda n: f"escrow of {names[n]}")
    offices = list(_public(contracts))
    ledger.open(TREASURY, len(offices), lambda n: f"government account for {offices[n]}")
    count = sum(one.owners * one.merchants_each for one in contracts.sub_wallets.values())
    ledger.open(SUB_WALLET, count, lambda n: f"sub-wallet {n}")


def endow(ledger: Ledger, scenario: Scenario, contracts: Contracts, seed: int) -> None:
    """Where these accounts are kept, and what the treasuries start with: the vouchers they will give out."""
    places = [one.institution for _, _, one in contracts.named()]
    fill_escrows(ledger, ledger.block(ESCROW), scenario, places)
    offices = list(_public(contracts).values())
    fill_escrows(ledger, ledger.block(TREASURY), scenario, [one.institution for one in offices])
    for name, one in contracts.subsidies.items():
        ledger.accounts[office_of(ledger, contracts, name), account.BALANCE] = one.vouchers * one.amount
    for name, sort in contracts.sub_wallets.items():
        owners = owners_of(seed, name, ledger.block("wallet"), sort)
        _lodge(ledger, sub_wallets_of(ledger, contracts, name), owners)


def office_of(ledger: Ledger, contracts: Contracts, name: str) -> int:
    """The government account of a subsidy or fee."""
    return ledger.block(TREASURY).first + list(_public(contracts)).index(name)


def sub_wallets_of(ledger: Ledger, contracts: Contracts, name: str) -> Int64Array:
    """The sub-wallets of a contract, by authorisation."""
    first = ledger.block(SUB_WALLET).first
    for other, one in contracts.sub_wallets.items():
        count = one.owners * one.merchants_each
        if other == name:
            return first + np.arange(count)
        first += count
    raise KeyError(name)


def _public(contracts: Contracts) -> dict[str, Contract]:
    """Contracts with a government account."""
    return {**contracts.subsidies, **contracts.fees}


def owners_of(seed: int, name: str, people: Block, one: SubWallets) -> Int64Array:
    """Whose each sub-wallet of a contract is: those of the first owner come first."""
    return np.repeat(chosen(seed, f"{name}/owners", people, one.owners), one.merchants_each)


def _lodge(ledger: Ledger, sub_wallets: Int64Array, owners: Int64Array) -> None:
    """Put sub-wallets where their owners' wallets are: same institution, inside the box or not; no class of their own,
    for their quota is what binds them."""
    kept = trait.IN_BOX | (trait.INSTITUTION_MASK << trait.INSTITUTION_SHIFT)
    ledger.accounts[sub_wallets, account.TRAITS] = ledger.accounts[owners, account.TRAITS] & kept & ~trait.CLASS_MASK
    ledger.accounts[sub_wallets, account.STAMP] = NEVER_PAID


ACCOUNTS: Final = Accounts(open_accounts, endow, (SOURCE,))
