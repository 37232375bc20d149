"""The ledger: money is neither made nor lost, and a posting is written whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sandbox.core.layout import account
from sandbox.core.ledger import BrokenInvariant, Ledger

ISSUER, BANKS, WALLETS = 0, range(1, 4), range(4, 12)
FOREIGN_ISSUER, FOREIGN = 12, range(13, 15)


def new_ledger() -> Ledger:
    """An issuer, three banks, eight wallets in yuan; an issuer and two wallets in another currency."""
    ledger = Ledger()
    ledger.open(Ledger.ISSUER, 1, lambda _: "central bank")
    ledger.open("institution", len(BANKS), lambda number: f"bank {number}")
    ledger.open("wallet", len(WALLETS), lambda number: f"wallet {number}")
    ledger.open(Ledger.ISSUER, 1, lambda _: "another central bank", currency="HKD")
    ledger.open("wallet", len(FOREIGN), lambda number: f"foreign wallet {number}", currency="HKD")
    ledger.seal()
    return ledger


class Postings(RuleBasedStateMachine):
    """Any postings, possible and impossible, beside a plain list of balances."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = new_ledger()
        self.balances = [0] * 15

    def post(self, payers: list[int], payees: list[int], amounts: list[int]) -> None:
        """Post; a refusal must come exactly where it is due, and must change nothing."""
        after = list(self.balances)
        for place, amount in enumerate(amounts):
            after[payers[place % len(payers)]] -= amount
            after[payees[place % len(payees)]] += amount
        issuers = (ISSUER, FOREIGN_ISSUER)
        crosses = len({account >= FOREIGN_ISSUER for account in (*payers, *payees)}) > 1
        # What comes in by the same posting cannot be paid out by it: the payer's side is checked first.
        out = [self.balances[payer] for payer in range(15)]
        for place, amount in enumerate(amounts):
            out[payers[place % len(payers)]] -= amount
        overdrawn = any(out[payer] < 0 for payer in payers if payer not in issuers)
        impossible = min(amounts) < 0 or (any(amounts) and (crosses or overdrawn))
        before = self.ledger.accounts.copy()
        arguments = [np.array(one) if len(one) > 1 else one[0] for one in (payers, payees, amounts)]
        if impossible:
            with pytest.raises(BrokenInvariant):
                self.ledger.post(*arguments)
            assert (self.ledger.accounts == before).all()
        else:
            self.ledger.post(*arguments)
            self.balances = after

    @rule(account=st.sampled_from([*BANKS, *WALLETS]), amount=st.integers(1, 1_000))
    def issue(self, account: int, amount: int) -> None:
        self.post([ISSUER], [account], [amount])

    @rule(account=st.sampled_from([*FOREIGN]), amount=st.integers(1, 1_000))
    def issue_abroad(self, account: int, amount: int) -> None:
        self.post([FOREIGN_ISSUER], [account], [amount])

    @rule(payer=st.integers(0, 14), payee=st.integers(0, 14), amount=st.integers(-5, 1_500))
    def pay(self, payer: int, payee: int, amount: int) -> None:
        self.post([payer], [payee], [amount])

    @rule(
        payer=st.sampled_from([ISSUER, *BANKS]),
        payees=st.lists(st.sampled_from([*WALLETS]), min_size=2, max_size=5, unique=True),
        amounts=st.lists(st.integers(0, 300), min_size=5, max_size=5),
    )
    def pay_many(self, payer: int, payees: list[int], amounts: list[int]) -> None:
        self.post([payer], payees, amounts[: len(payees)])

    @rule(
        payers=st.lists(st.sampled_from([*WALLETS]), min_size=2, max_size=5, unique=True),
        payee=st.sampled_from([ISSUER, *BANKS]),
        amounts=st.lists(st.integers(0, 300), min_size=5, max_size=5),
    )
    def collect(self, payers: list[int], payee: int, amounts: list[int]) -> None:
        self.post(payers, [payee], amounts[: len(payers)])

    @rule(
        legs=st.lists(
            st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(0, 1_500)).filter(
                lambda leg: (leg[0] < FOREIGN_ISSUER) == (leg[1] < FOREIGN_ISSUER)
            ),
            min_size=1,
            max_size=6,
        ),
        spoilt=st.sampled_from(["no", "no", "no", "negative", "crossing"]),
    )
    def settle(self, legs: list[tuple[int, int, int]], spoilt: str) -> None:
        """Legs at one instant: only what an account has in the end counts."""
        if spoilt != "no":
            legs = [*legs, (ISSUER, BANKS[0], -1) if spoilt == "negative" else (ISSUER, FOREIGN[0], 1)]
        after = list(self.balances)
        for payer, payee, amount in legs:
            after[payer] -= amount
            after[payee] += amount
        short = any(now < 0 for at, now in enumerate(after) if at not in (ISSUER, FOREIGN_ISSUER))
        before = self.ledger.accounts.copy()
        columns = [np.array(column) for column in zip(*legs, strict=True)]
        if short or spoilt != "no":
            with pytest.raises(BrokenInvariant):
                self.ledger.post_together(*columns)
            assert (self.ledger.accounts == before).all()
        else:
            self.ledger.post_together(*columns)
            self.balances = after
            turnover = sum(amount for _, _, amount in legs)
            assert (self.ledger.accounts - before)[:, [account.DEBITS, account.CREDITS]].sum(axis=0).tolist() == [
                turnover
            ] * 2

    @invariant()
    def balances_are_those_of_a_plain_list(self) -> None:
        assert self.ledger.accounts[:, account.BALANCE].tolist() == self.balances

    @invariant()
    def money_is_kept(self) -> None:
        self.ledger.check()
        for total in self.ledger.totals().values():
            assert total["sum_fen"] == 0
            assert total["held_fen"] == total["issued_fen"]

    @invariant()
    def every_account_began_at_zero(self) -> None:
        assert not self.ledger.opening_fen().any()

    @precondition(lambda self: any(self.balances))
    @rule()
    def a_missing_fen_is_seen(self) -> None:
        rows = self.ledger.accounts[:, account.BALANCE]
        held = next(number for number, balance in enumerate(self.balances) if balance > 0)
        rows[held] -= 1
        with pytest.raises(BrokenInvariant):
            self.ledger.check()
        rows[held] += 1


TestPostings = Postings.TestCase
TestPostings.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_a_balance_below_zero_is_seen() -> None:
    ledger = new_ledger()
    ledger.accounts[WALLETS[0], account.BALANCE] = -5
    ledger.accounts[WALLETS[1], account.BALANCE] = 5
    with pytest.raises(BrokenInvariant, match="below zero"):
        ledger.check()


def test_blocks_are_opened_before_the_ledger_is_sealed() -> None:
    with pytest.raises(BrokenInvariant):
        new_ledger().open("wallet", 1, str)


@given(
    sums=st.lists(st.integers(0, 500), min_size=3, max_size=3),
    moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(-5, 700)), max_size=20),
)
def test_one_posting_by_numbers_is_one_by_arrays(sums, moves):
    def made():
        ledger = Ledger()
        for currency in ("CNY", "HKD"):
            ledger.open(Ledger.ISSUER, 1, lambda _: "issuer", currency)
            ledger.open("bank", 2, lambda number: f"bank {number}", currency)
        ledger.seal()
        return ledger

    def tried(ledger, *move):
        try:
            ledger.post(*move)
        except BrokenInvariant as error:
            return str(error)
        return None

    one, other = made(), made()
    seen, told = [], []
    one.on_post.append(lambda *columns: seen.append([column.tolist() for column in columns]))
    other.on_post.append(lambda *columns: told.append([column.tolist() for column in columns]))
    for move in [(0, payee, amount) for payee, amount in zip((1, 2, 1), sums, strict=True)] + moves:
        assert tried(one, *move) == tried(other, *(np.array([part]) for part in move))
        np.testing.assert_array_equal(one.accounts, other.accounts)
    assert seen == told
