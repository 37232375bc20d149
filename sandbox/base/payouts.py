"""Money paid out of a fund or an escrow by no payment: into wallets as far as these may hold it, the rest to the banks
behind them."""

from __future__ import annotations

import numpy as np

from sandbox.control import Control
from sandbox.core.draws import Int64Array
from sandbox.core.layout import account, limit, rule, station, trait


def grouped(accounts: Int64Array, amounts_fen: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Each account once, in order, with its sum."""
    if accounts.size < 2:
        return accounts, np.asarray(amounts_fen)
    unique, place = np.unique(accounts, return_inverse=True)
    sums = np.zeros(unique.size, dtype=np.int64)
    np.add.at(sums, place, amounts_fen)
    return unique, sums


def pay_out_many(control: Control, fund: int, accounts: Int64Array, amounts_fen: Int64Array) -> int:
    """Pay accounts out of a fund: into the wallet as far as it may hold it (a frozen one: nothing), the rest to the
    account that funds its institution. Accounts may repeat; without a limit on the balance all goes into the account.

    Returns what went into the accounts (fen).

    Raises:
        BrokenInvariant: the fund holds less than that.
    """
    accounts, amounts = grouped(accounts, amounts_fen)
    meta = control.accounts[accounts, account.TRAITS]
    caps = control.world.rules[rule.LIMITS :].reshape(-1, 4)[meta & trait.CLASS_MASK, limit.BALANCE]
    room = np.where(meta & trait.FROZEN, 0, np.maximum(caps - control.accounts[accounts, account.BALANCE], 0))
    to_wallets = np.minimum(amounts, room)
    banks = control.world.stations[(meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK, station.FUNDING_ACCOUNT]
    control.ledger.post(fund, accounts, to_wallets)
    control.ledger.post(fund, *grouped(banks, amounts - to_wallets))
    return int(to_wallets.sum())


def pay_out(control: Control, fund: int, account: int, amount_fen: int) -> int:
    """As `pay_out_many`, for one account."""
    return pay_out_many(control, fund, np.array([account]), np.array([amount_fen]))
