"""Any payments, terms and failures over the chain.

Money is neither made nor lost, nobody is credited twice, queues keep their order; and bugs sown on purpose show.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.features.crossborder.chain import correspondent, nostros, prices
from sandbox.features.crossborder.chain.members import Members
from sandbox.features.crossborder.payment import LOST, PENDING, RETURNED, SETTLED
from tests.crossborder.bench import DAY, HOUR, MINUTE
from tests.crossborder.chains import Strand, scenario

CORRIDORS = ("yuan", "trade", "gulf", "dollars")
PAYMENTS = st.lists(
    st.tuples(st.sampled_from(CORRIDORS), st.integers(1, 3000), st.integers(0, 4 * 24 * 60), st.integers(0, 1)),
    min_size=1,
    max_size=12,
)
MEMBERS = [
    ("bank", "hong_kong bank 1"), ("bank", "mainland bank 1"), ("bank", "uae bank 1"), ("correspondent", "north"),
    ("correspondent", "south"),
]  # fmt: skip
FAULTS = st.lists(
    st.tuples(st.sampled_from(MEMBERS), st.integers(0, 4 * 24), st.sampled_from([1, 5, 30, 100])), max_size=3
)
TERMS = st.fixed_dictionaries(
    {
        "correspondent__hops": st.sampled_from([[1], [0, 1], [0, 0, 1], [0.4, 0.3, 0.3]]),
        "correspondent__nostro": st.sampled_from(["500 USD", "3000 USD", "1 million USD"]),
        "correspondent__intermediary_nostro": st.sampled_from(["500 USD", "1 million USD"]),
        "correspondent__systems": st.sampled_from([{}, {"CNY": {"utc_offset": 8, "opens": "16 h", "closes": "17 h"}}]),
        "correspondent__unprotected": st.sampled_from(["0 %", "50 %", "100 %"]),
        "correspondent__batched": st.sampled_from(["0 %", "100 %"]),
        "correspondent__firms__bearer": st.sampled_from(["shared", "payer"]),
        "gates__travel_rule__missing": st.sampled_from(["0 %", "50 %"]),
    }
)


def run(payments, faults=(), seed=1, **terms):
    """The strand after all that."""
    broken = [
        {"kind": kind, "who": who, "starts": f"{at} h", "lasts": f"{lasts} h"} for (kind, who), at, lasts in faults
    ]
    strand = Strand(scenario(faults=broken, **terms), seed)
    for corridor, dollars, minute, bank in payments:
        strand.pay(corridor, dollars, minute * MINUTE, payer_bank=bank if corridor != "gulf" else 0)
    strand.run()
    return strand


def accounted(strand):
    """Whose money lies where: what every member gained is what it kept, of this currency, and nobody else's."""
    moved = Counter()
    for _, code, payer, payee, amount in strand.posted:
        moved[payer, code] -= amount
        moved[payee, code] += amount
    for (name, code), change in moved.items():
        if name != "issuer":
            assert strand.gained(name, code) == change
    legs = [one for one in strand.posted if one[2] != "issuer" and one[4]]
    if all(payment.outcome == SETTLED for payment in strand.payments):
        assert len(legs) == sum(len(payment.agents) + 1 for payment in strand.payments)
    for code in strand.setting.currencies:
        assert sum(change for (_, of), change in moved.items() if of == code) == 0


def yuan_adds_up(strand):
    """Payees' banks have what they credited and their own dollar for each; intermediaries have their charges."""
    credited, charges = Counter(), 0
    shared = strand.crossborder.correspondent.firms.bearer == "shared"
    for payment, gave in zip(strand.payments, strand.sent, strict=True):
        on_top = 10_00 if shared else 10_00 + len(payment.agents) * 2_00 + 1_00
        assert payment.amount + payment.fee == gave + 7 * on_top
        assert (payment.outcome, payment.credited) == (SETTLED, payment.amount)
        credited[strand.setting.banks[payment.payee_bank]] += payment.credited + 7 * 1_00
        charges += len(payment.agents) * 7 * 2_00
    for bank, amount in credited.items():
        assert strand.gained(bank, "CNY") == amount
    assert sum(strand.gained(one, "CNY") for one in ("north", "south")) == charges


@settings(max_examples=30)
@given(payments=PAYMENTS, faults=FAULTS, terms=TERMS)
def test_whatever_happens_every_unit_is_accounted_for(payments, faults, terms):
    strand = run(payments, faults, **terms)
    accounted(strand)
    for payment in strand.payments:
        if payment.outcome == SETTLED:
            assert any(bank == strand.setting.banks[payment.payee_bank] for *_, bank, _ in strand.posted)
        if payment.pvp and payment.outcome in (SETTLED, RETURNED):
            assert payment.exposed_amount == payment.exposed_us == 0
        if not faults:
            assert payment.outcome not in (PENDING, LOST), "somebody waits for ever, or lost money to nobody"


@settings(max_examples=25)
@given(payments=PAYMENTS, hops=st.sampled_from([[1], [0, 1], [0, 0, 1]]), bearer=st.sampled_from(["shared", "payer"]))
def test_in_one_currency_what_was_given_is_what_was_credited_and_the_charges(payments, hops, bearer):
    given_all = [("yuan", dollars + 20, minute, bank) for _, dollars, minute, bank in payments]
    strand = run(given_all, correspondent__hops=hops, correspondent__firms__bearer=bearer)
    stops = len(hops) - 1
    for payment, gave in zip(strand.payments, strand.sent, strict=True):
        assert payment.outcome == SETTLED
        assert payment.fx_cost == 0
        assert payment.credited == payment.amount
        assert payment.fee == 7 * (10_00 + stops * 2_00 + 1_00)
        assert gave == (payment.amount if bearer == "payer" else payment.amount + 7 * (stops * 2_00 + 1_00))
    yuan_adds_up(strand)


@settings(max_examples=25)
@given(sizes=st.lists(st.integers(1, 900), min_size=2, max_size=15))
def test_who_waits_for_cover_is_served_in_order(sizes):
    strand = Strand(scenario(correspondent__nostro="1000 USD"))
    payments = [strand.pay("yuan", size + 20, 9 * HOUR + number * MINUTE) for number, size in enumerate(sizes)]
    strand.run()
    settled = [payment.settled_us for payment in payments]
    assert settled == sorted(settled)
    waits = [payment for payment in payments if payment.queued_us]
    assert bool(waits) == (sum(size + 20 for size in sizes) > 1000)


def test_more_hops_take_longer_and_cost_more():
    took, cost = [], []
    for hops in ([1], [0, 1], [0, 0, 1]):
        strand = run([("yuan", 1000, 9 * 60, 0)], correspondent__hops=hops)
        (payment,) = strand.payments
        took.append(payment.settled_us)
        cost.append(payment.fee)
    assert took == sorted(set(took))
    assert cost == sorted(set(cost))


def test_a_chain_nobody_uses_and_a_seed():
    payments = [(corridor, 1000, 9 * 60 + number, 0) for number, corridor in enumerate(CORRIDORS * 3)]
    terms = {"correspondent__hops": [0.4, 0.3, 0.3], "correspondent__unprotected": "50 %"}
    one, again, other = (run(payments, seed=seed, **terms) for seed in (1, 1, 2))
    assert one.posted == again.posted
    assert one.posted != other.posted


# --- bugs sown on purpose ---------------------------------------------------------------------------------------------


def caught(monkeypatch, target, name, wrong, *args, **terms):
    """Does a bug show?"""
    monkeypatch.setattr(target, name, wrong)
    with pytest.raises((AssertionError, RuntimeError, IndexError)):
        held_against_the_rules(*args, **terms)


def held_against_the_rules(*args, **terms):
    strand = run(*args, **terms)
    accounted(strand)
    yuan_adds_up(strand)


def test_without_a_bug_nothing_is_caught():
    held_against_the_rules(MANY, correspondent__nostro="1 million USD")
    held_against_the_rules(MANY)


MANY = [("yuan", 900, 9 * 60 + number, 0) for number in range(4)]


def test_a_leg_written_twice_is_caught(monkeypatch):
    write = nostros.Nostros._write

    def twice(self, legs):
        write(self, [*legs, *legs])

    caught(monkeypatch, nostros.Nostros, "_write", twice, MANY, correspondent__nostro="1 million USD")


def test_cover_that_is_not_looked_at_is_caught(monkeypatch):
    caught(monkeypatch, nostros.Nostros, "_lacks", lambda *_: None, MANY, correspondent__nostro="1000 USD")


def test_a_charge_that_nobody_gets_is_caught(monkeypatch):
    def book(self, payment, funds, *, back):
        payment.amount -= funds.charged

    caught(monkeypatch, prices.Prices, "book", book, MANY)


def test_a_payment_credited_twice_is_caught(monkeypatch):
    credit = correspondent.CorrespondentArrangement._credit

    def twice(self, transfer):
        stop = yield from credit(self, transfer)
        if stop is None:
            yield from credit(self, transfer)
        return stop

    caught(monkeypatch, correspondent.CorrespondentArrangement, "_credit", twice, MANY)


def test_money_delivered_while_its_system_is_closed_is_caught(monkeypatch):
    terms = {
        "correspondent__hops": [0, 1], "correspondent__intermediary_nostro": "500 USD",
        "correspondent__systems": {"CNY": {"utc_offset": 8, "opens": "16 h", "closes": "17 h"}},
    }  # fmt: skip
    run([("trade", 900, 9 * 60, 0)], **terms)
    settle = nostros.Nostros.settle
    patient = lambda self, legs, _: settle(self, legs)  # noqa: E731
    monkeypatch.setattr(correspondent.CorrespondentArrangement, "_covered", patient_cover)
    monkeypatch.setattr(nostros.Nostros, "settle", patient)
    with pytest.raises(AssertionError, match="system was closed"):
        run([("trade", 900, 9 * 60, 0)], **terms)


def patient_cover(self, legs, window):
    """Wait for cover, whatever the hour."""
    waiting = self.nostros.settle(legs, window)
    return True if waiting is None else bool((yield waiting.ended))


def test_a_failed_bank_that_goes_on_paying_is_caught(monkeypatch):
    fault = [(("correspondent", "north"), 12, 100)]
    terms = {
        "correspondent__hops": [0, 1], "correspondent__intermediaries": {"north": {"utc_offset": 8}},
        "correspondent__systems": {"CNY": {"utc_offset": 8, "opens": "16 h", "closes": "17 h"}},
    }  # fmt: skip
    strand = run([("trade", 1000, 9 * 60, 0)], fault, **terms)
    assert [one.outcome for one in strand.payments] == [LOST]
    monkeypatch.setattr(Members, "failed", lambda *_: None)
    strand = run([("trade", 1000, 9 * 60, 0)], fault, **terms)
    assert [one.outcome for one in strand.payments] != [LOST]
    assert strand.now >= DAY
