"""Accounts of banks that pay across borders, by arrangement, and of the issuers of their currencies."""

from __future__ import annotations

from typing import Final

from sandbox.core.ledger import Ledger
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.market.accounts import Accounts
from sandbox.scenario.schema import Scenario

ARRANGEMENT_KINDS: Final = {"shared_ledger": "ledger_bank", "correspondent": "chain_bank"}
"""Kind of the banks' accounts by arrangement, one block a currency."""
HOME_MONEY: Final = "visitors_home"
"""Kind of the accounts, one a currency, of banks abroad that change visitors' money."""


def open_accounts(ledger: Ledger, scenario: Scenario, crossborder: CrossBorder) -> None:
    """Open an issuer per foreign currency, and the accounts that each arrangement needs."""
    names = [name for _, name in crossborder.banks()]
    for currency in currencies_used(crossborder):
        if currency != "CNY":
            ledger.open(Ledger.ISSUER, 1, lambda _, of=currency: f"central bank ({of})", currency)  # type: ignore[misc]
        for arrangement in crossborder.arrangement_names:
            members = names if arrangement == "shared_ledger" else [*names, *crossborder.correspondent.names()]
            ledger.open(ARRANGEMENT_KINDS[arrangement], len(members), lambda number, of=members: of[number], currency)  # type: ignore[misc]
    for currency in visitors_currencies(crossborder):
        ledger.open(HOME_MONEY, 1, lambda _, of=currency: f"exchange of visitors' {of}", currency)  # type: ignore[misc]


def visitors_currencies(crossborder: CrossBorder) -> list[str]:
    """Currencies that visitors bring, each once."""
    return list(dict.fromkeys(crossborder.jurisdictions[one.home].currency for one in crossborder.visitors.values()))


def currencies_used(crossborder: CrossBorder) -> list[str]:
    """Currencies in which somebody pays or is paid, and the dollar of the chain, in the order of the scenario."""
    used = {code for corridor in crossborder.corridors.values() for code in crossborder.currencies_of(corridor)}
    used |= set(visitors_currencies(crossborder))
    used.add("USD")
    return [code for code in crossborder.currencies if code in used]


ACCOUNTS: Final = Accounts(open_accounts)
