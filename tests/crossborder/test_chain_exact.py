"""Payments over the chain by hand: hours, cut-offs, holidays, charges, exchange, cover, failures."""

from __future__ import annotations

from collections import Counter

import pytest

from sandbox.features.crossborder.chain.routes import Route
from sandbox.features.crossborder.payment import LOST, PENDING, REFUSED, RETURNED, SETTLED
from tests.crossborder.bench import DAY, HOUR, MINUTE
from tests.crossborder.chains import Strand, scenario

FRIDAY, MONDAY, TUESDAY = 0, 3 * DAY, 4 * DAY
MIDNIGHT_TO_MIDNIGHT = {"utc_offset": 8, "opens": "0 h", "closes": "24 h"}


@pytest.mark.parametrize(
    ("submitted", "holiday", "settled", "credited"),
    [
        # Before the cut-off it leaves on Friday; the payee's bank is closed by then and works two hours on Tuesday.
        (FRIDAY + 16 * HOUR + 59 * MINUTE, "mainland", FRIDAY + 17 * HOUR, TUESDAY + 11 * HOUR),
        (FRIDAY + 16 * HOUR + 59 * MINUTE, "hong_kong", FRIDAY + 17 * HOUR, MONDAY + 11 * HOUR),
        # At the cut-off it waits for the sender's next business day.
        (FRIDAY + 17 * HOUR, "mainland", MONDAY + 9 * HOUR + MINUTE, TUESDAY + 11 * HOUR),
        (FRIDAY + 17 * HOUR, "hong_kong", TUESDAY + 9 * HOUR + MINUTE, TUESDAY + 11 * HOUR + MINUTE),
        # What the payee's bank does not finish on one day it finishes on the next.
        (FRIDAY + 929 * MINUTE, "mainland", FRIDAY + 930 * MINUTE, TUESDAY + 9 * HOUR + 30 * MINUTE),
    ],
)  # fmt: skip
def test_a_weekend_and_a_holiday(submitted, holiday, settled, credited):
    strand = Strand(scenario(**{f"jurisdictions__{holiday}__holidays": ["2026-03-09"]}))
    payment = strand.pay("yuan", 1000, submitted)
    strand.run()
    assert (payment.outcome, payment.settled_us, payment.completed_us) == (SETTLED, settled, credited)
    assert payment.compliance_us == 2 * HOUR
    assert payment.closed_us == credited - submitted - 2 * HOUR - MINUTE


def test_charges_come_off_the_sum_or_are_paid_on_top():
    # One dollar is 7 yuan; 10 USD for the payer's bank, 2 for each intermediary, 1 for the payee's bank.
    for bearer, fee, credited in (("shared", 7 * 15_00, 7 * 995_00), ("payer", 7 * 15_00, 7 * 1000_00)):
        strand = Strand(scenario(correspondent__hops=[0, 0, 1], correspondent__firms__bearer=bearer))
        payment = strand.pay("yuan", 1000, 9 * HOUR)
        strand.run()
        assert (payment.outcome, payment.fee, payment.credited) == (SETTLED, fee, credited)
        given = 7 * 1000_00 + 7 * (10_00 if bearer == "shared" else 15_00)
        assert payment.amount + payment.fee == given
        assert [strand.gained(one, "CNY") for one in ("north", "south")] == [7 * 2_00, 7 * 2_00]
        assert strand.gained("hong_kong bank 1", "CNY") + (given - 7 * 10_00) == 0
        assert strand.gained("mainland bank 1", "CNY") == credited + 7 * 1_00


def test_an_exchange_through_the_dollar_takes_its_margin_in_two_halves():
    strand = Strand(scenario(correspondent__hops=[0, 0, 1]))
    payment = strand.pay("gulf", 1000, 12 * HOUR)
    strand.run()
    assert payment.outcome == SETTLED
    # 7,000 yuan less 2 USD; dollars at 0.5 % off; less 2 USD; dirham at 0.5 % off; less 1 USD, 3.67 dirham.
    dollars = (7000_00 - 14_00) // 7
    dollars -= -(-dollars * 5000 // 1_000_000) + 2_00
    dirham = dollars * 36725 // 10_000
    dirham -= -(-dirham * 5000 // 1_000_000)
    assert payment.credited == dirham - 3_67
    assert payment.rate == pytest.approx(3.6725 / 7 * 0.995**2)
    legs = [(code, payer, payee) for _, code, payer, payee, _ in strand.posted]
    first, second = payment.agents
    assert legs == [("CNY", "mainland bank 1", first), ("USD", first, second), ("AED", second, "uae bank 1")]
    assert payment.fx_cost == pytest.approx(0.01 * 7000_00, rel=0.01)


def test_a_charge_that_would_eat_the_sum_is_not_sent():
    strand = Strand(scenario(correspondent__hops=[0, 0, 1]))
    payment = strand.pay("yuan", 5, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.reason, payment.fee, strand.posted) == (REFUSED, "too_small", 0, [])


@pytest.mark.parametrize(
    ("corridor", "dollars", "margin", "hops", "outcome"),
    [
        ("trade", 6, "80 %", [0, 1], RETURNED),
        ("gulf", 6, "80 %", [0, 0, 1], RETURNED),
        ("trade", 4, "80 %", [1], RETURNED),
        ("trade", 4, "100 %", [1], REFUSED),
    ],
)
def test_what_charges_eat_up_is_not_credited(corridor, dollars, margin, hops, outcome):
    """Who sends does not know the margin, and a charge takes what it leaves. Whoever would send nothing on sends back
    what is left; from the payer's own bank nothing has left."""
    firms = {"payer_bank": {"fixed": "0 USD"}, "intermediary": {"fixed": "2 USD"}, "payee_bank": {"fixed": "1 USD"}}
    margins = [{"above": "0 USD", "margin": margin}]
    strand = Strand(scenario(correspondent__hops=hops, correspondent__margins=margins, correspondent__firms=firms))
    payment = strand.pay(corridor, dollars, 12 * HOUR)
    strand.run()
    assert (payment.outcome, payment.reason, payment.credited) == (outcome, "too_small", None)
    assert (strand.posted == []) == (outcome == REFUSED)


def test_who_lacks_cover_waits_for_money_that_comes_in_or_for_the_morning():
    strand = Strand(scenario(correspondent__nostro="1000 USD"))
    first, second, third = (strand.pay("yuan", 900, 9 * HOUR + number * MINUTE) for number in range(3))
    strand.run()
    assert first.settled_us == 9 * HOUR + MINUTE
    assert first.queued_us == 0
    # On Monday the bank has what it began with, and what waits, once more.
    assert second.settled_us == third.settled_us == MONDAY + 9 * HOUR
    assert second.queued_us == MONDAY + 9 * HOUR - (9 * HOUR + 2 * MINUTE)
    assert [one for one in strand.posted if one[2] == "issuer"] == [
        (MONDAY + 9 * HOUR, "CNY", "issuer", "hong_kong bank 1", 900 * 7_00 * 3)
    ]
    # A top-up restores 1,000 USD after both have gone: it held 100, and 1,800 wait.
    assert strand.holds("hong_kong bank 1", "CNY") == 1000 * 7_00


def test_what_was_used_is_the_sum_of_the_peaks_of_net_debits():
    """Worked out once more from what was posted; what a top-up brings counts as used when it is paid out."""
    strand = Strand(scenario(correspondent__hops=[0, 0.5, 0.5], correspondent__nostro="1000 USD"))
    for number in range(30):
        corridor = ("yuan", "trade", "gulf", "dollars")[number % 4]
        strand.pay(corridor, 300 + 40 * number, 9 * HOUR + 20 * number * MINUTE)
    strand.run()
    net, peak = Counter(), Counter()
    for _, code, payer, payee, amount in strand.posted:
        if payer != "issuer":
            net[code, payer] += amount
            net[code, payee] -= amount
            peak[code, payer] = max(peak[code, payer], net[code, payer])
    for code in strand.setting.currencies:
        assert strand.arrangement.nostros.used(code) == sum(most for (one, _), most in peak.items() if one == code)
    assert any(payer == "issuer" for _, _, payer, _, _ in strand.posted)
    assert 0 < strand.arrangement.nostros.used("CNY") < strand.arrangement.nostros.turnover["CNY"]


def test_an_account_that_sank_below_half_is_topped_up_and_a_bank_out_of_order_pays_nobody():
    terms = {"correspondent__nostro": "1000 USD"}
    strand = Strand(scenario(**terms))
    strand.pay("yuan", 500, 9 * HOUR)
    strand.run(MONDAY + 12 * HOUR)
    assert strand.holds("hong_kong bank 1", "CNY") == 500 * 7_00, "half is enough"
    strand.pay("yuan", 2, MONDAY + 13 * HOUR)
    strand.run()
    assert strand.holds("hong_kong bank 1", "CNY") == 1000 * 7_00

    strand = failing("bank", "hong_kong bank 1", "80 h", "4 h", **terms)
    first, second = (strand.pay("yuan", 900, 9 * HOUR + number * MINUTE) for number in range(2))
    strand.run()
    assert (first.settled_us, second.settled_us) == (9 * HOUR + MINUTE, MONDAY + 12 * HOUR)


def failing(kind, who, starts, lasts, **changes):
    return Strand(scenario(faults=[{"kind": kind, "who": who, "starts": starts, "lasts": lasts}], **changes))


def test_a_short_failure_holds_payments_up_and_a_long_one_sends_them_back():
    one = {"correspondent__intermediaries": {"north": MIDNIGHT_TO_MIDNIGHT}, "correspondent__hops": [0, 1]}
    strand = failing("bank", "mainland bank 1", "9 h", "6 h", **one)
    payment = strand.pay("yuan", 1000, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.settled_us, payment.queued_us) == (
        SETTLED,
        15 * HOUR,
        15 * HOUR - 9 * HOUR - 2 * MINUTE,
    )

    strand = failing("bank", "mainland bank 1", "9 h", "5 days", **one)
    payment = strand.pay("yuan", 1000, 9 * HOUR)
    strand.run()
    # It got as far as the intermediary, which sends it back, at once and without a charge.
    assert (payment.outcome, payment.reason, payment.completed_us) == (RETURNED, "bank_failed", 9 * HOUR + 3 * MINUTE)
    assert [(payer, payee) for _, _, payer, payee, _ in strand.posted] == [
        ("hong_kong bank 1", "north"), ("north", "hong_kong bank 1"),
    ]  # fmt: skip
    assert strand.gained("hong_kong bank 1", "CNY") == 0

    strand = failing("correspondent", "north", "9 h", "5 days", **one)
    payment = strand.pay("yuan", 1000, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.reason, strand.posted) == (REFUSED, "bank_failed", [])


def test_a_bank_has_failed_until_it_works_again_and_no_longer():
    strand = failing("bank", "hong_kong bank 1", "0 h", "81 h")
    before, after = (strand.pay("yuan", 1000, MONDAY + 9 * HOUR + us) for us in (-1, 0))
    strand.run()
    assert (before.outcome, before.reason, before.completed_us) == (REFUSED, "bank_failed", MONDAY + 9 * HOUR - 1)
    assert (after.outcome, after.settled_us) == (SETTLED, MONDAY + 9 * HOUR + MINUTE)


HERSTATT = {
    "correspondent__intermediaries": {"north": MIDNIGHT_TO_MIDNIGHT},
    "correspondent__hops": [0, 1],
    "correspondent__systems": {"CNY": {"utc_offset": 8, "opens": "16 h", "closes": "17 h"}},
}
"""Hong Kong dollars are paid in the morning; yuan can be delivered in the afternoon."""


def test_between_the_legs_the_principal_is_at_risk():
    strand = Strand(scenario(**HERSTATT))
    payment = strand.pay("trade", 1000, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.pvp) == (SETTLED, False)
    assert (payment.exposed_from_us, payment.exposed_us) == (9 * HOUR + MINUTE, 7 * HOUR - MINUTE)
    assert payment.exposed_amount == in_hk_dollars(1000)
    assert payment.settled_us == 16 * HOUR


TWO_EXCHANGES = {
    "correspondent__hops": [0, 0, 1],
    "correspondent__systems": {
        "CNY": {"utc_offset": 8, "opens": "9 h", "closes": "10 h"},
        "USD": {"utc_offset": 8, "opens": "14 h", "closes": "17 h"},
        "AED": {"utc_offset": 8, "opens": "15 h", "closes": "17 h"},
    },
}
"""Yuan are paid in the morning, when no dollars move; in the afternoon dollars and dirham do together."""


def test_of_two_exchanges_one_may_be_bound_and_the_other_not():
    """The principal is at risk until dollars are delivered for the yuan, which are bound with the dirham for them."""
    strand = Strand(scenario(**TWO_EXCHANGES, correspondent__unprotected=0.0))
    payment = strand.pay("gulf", 1000, 9 * HOUR)
    strand.run()
    legs = [(at, code) for at, code, *_ in strand.posted]
    assert legs == [(9 * HOUR + MINUTE, "CNY"), (15 * HOUR, "USD"), (15 * HOUR, "AED")]
    assert (payment.outcome, payment.pvp, payment.exposed_from_us) == (SETTLED, False, 9 * HOUR + MINUTE)
    assert payment.exposed_us == 15 * HOUR - (9 * HOUR + MINUTE), "until delivery; it is credited later"
    assert payment.completed_us is not None
    assert payment.completed_us > 15 * HOUR


@pytest.mark.parametrize("unprotected", ["100 %", "0 %"])
def test_a_bought_currency_waits_for_its_system_whatever_else_it_waited_for(unprotected):
    """Cover comes on Monday at midnight, and a bank works again on Friday evening: neither opens the yuan's system."""
    terms = {**HERSTATT, "correspondent__unprotected": unprotected}
    strand = Strand(scenario(**terms, correspondent__intermediary_nostro="500 USD"))
    payment, other = (strand.pay("trade", dollars, 9 * HOUR) for dollars in (900, 300))
    strand.run()
    assert (payment.outcome, payment.settled_us) == (SETTLED, MONDAY + 16 * HOUR)
    assert (other.outcome, other.settled_us) == (SETTLED, MONDAY + 16 * HOUR), "first come, first served"
    assert payment.queued_us >= MONDAY - 17 * HOUR
    tops = [(at, amount) for at, code, payer, payee, amount in strand.posted if (payer, code) == ("issuer", "CNY")]
    assert len(tops) == 1
    assert sum(strand.arrangement.nostros._suspended.values()) == 0

    strand = failing("correspondent", "north", "15 h", "3 h", **terms)
    payment = strand.pay("trade", 900, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.settled_us) == (SETTLED, MONDAY + 16 * HOUR)
    assert payment.exposed_us == (MONDAY + 16 * HOUR - 9 * HOUR - MINUTE if unprotected == "100 %" else 0)


def test_orders_that_miss_a_batch_or_a_cut_off_wait_for_the_next():
    strand = Strand(scenario(correspondent__batched="100 %", correspondent__batch_every="2 h"))
    payment = strand.pay("yuan", 1000, 9 * HOUR)
    strand.run()
    assert payment.settled_us == 10 * HOUR
    house = {"north": {"utc_offset": 8, "opens": "9 h", "closes": "17 h", "cut_off": "2 h"}}
    for sent, leaves in ((14 * HOUR + 58 * MINUTE, 15 * HOUR), (14 * HOUR + 59 * MINUTE, MONDAY + 9 * HOUR + MINUTE)):
        strand = Strand(scenario(correspondent__intermediaries=house, correspondent__hops=[0, 1]))
        payment = strand.pay("yuan", 1000, sent)
        strand.run()
        assert payment.settled_us == leaves


@pytest.mark.parametrize(("thin_below", "margin"), [("1000 USD", 0.01), ("1001 USD", 0.03)])
def test_a_thin_corridor_costs_more_and_the_bank_gains_it(thin_below, margin):
    """One payment a day of 1,000 dollars in the mean is not below 1,000 dollars a day."""
    terms = {"correspondent__thin_below": thin_below, "correspondent__thin_times": 3}
    strand = Strand(scenario(correspondent__hops=[0, 1], **terms))
    payment = strand.pay("trade", 1000, 9 * HOUR)
    strand.run()
    left = 7_80 * 1000 - 2 * 7_80
    yuan = left * 7 * 10**8 // (78 * 10**7)
    assert payment.credited == yuan - -(-yuan * round(margin * 10**6) // 10**6) - 1 * 7_00


def in_hk_dollars(dollars):
    return dollars * 7_80


@pytest.mark.parametrize(("unprotected", "outcome"), [("100 %", LOST), ("0 %", REFUSED)])
def test_a_bank_that_fails_between_the_legs_has_the_money_unless_they_are_bound(unprotected, outcome):
    strand = failing("correspondent", "north", "12 h", "5 days", **HERSTATT, correspondent__unprotected=unprotected)
    payment = strand.pay("trade", 1000, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.reason) == (outcome, "bank_failed")
    assert payment.credited is None
    lost = outcome == LOST
    assert strand.gained("north", "HKD") == (in_hk_dollars(1000) if lost else 0)
    assert payment.exposed_us == (3 * HOUR - MINUTE if lost else 0)
    assert payment.completed_us == (12 * HOUR if lost else 16 * HOUR)
    if not lost:
        assert strand.posted == []


def test_bound_legs_are_written_at_one_instant():
    strand = Strand(scenario(**HERSTATT, correspondent__unprotected=0.0))
    payment = strand.pay("trade", 1000, 9 * HOUR)
    strand.run()
    assert (payment.outcome, payment.pvp, payment.exposed_from_us, payment.exposed_us) == (SETTLED, True, None, 0)
    assert [(at, code) for at, code, *_ in strand.posted] == [(16 * HOUR, "HKD"), (16 * HOUR, "CNY")]


def test_what_the_payees_bank_may_not_credit_comes_back_less_charges():
    controls = {"jurisdictions__hong_kong__capital_controls": "strict"}
    people = {"payer_bank": {"fixed": "10 USD"}, "intermediary": {"fixed": "2 USD"}, "payee_bank": {"fixed": "1 USD"}}
    strand = Strand(scenario(correspondent__hops=[0, 1], correspondent__people=people, **controls))

    def no(payment):
        assert strand.arrangement.gates.numbers()["quota_people"] == payment.individuals
        return "screening"
        yield

    strand.arrangement.gates.receiver_side = no
    payment = strand.pay("yuan", 1000, 9 * HOUR)
    payment.individuals = True
    strand.run(DAY)
    assert (payment.outcome, payment.reason, payment.credited) == (RETURNED, "screening", None)
    assert payment.completed_us == 9 * HOUR + 4 * MINUTE
    (agent,) = payment.agents
    assert strand.gained(agent, "CNY") == 2 * 7 * 2_00
    assert strand.gained("hong_kong bank 1", "CNY") == -2 * 7 * 2_00
    assert payment.fee == 7 * (10_00 + 2 * 2_00)
    assert strand.gained("mainland bank 1", "CNY") == 0
    assert strand.arrangement.gates.numbers()["quota_people"] == 0, "what came back uses up no quota"
    exchanged = strand.pay("trade", 1000, MONDAY + 9 * HOUR)
    strand.run()
    assert (exchanged.outcome, exchanged.rate) == (RETURNED, None)
    # Twice 1 % of it, there and back.
    assert exchanged.fx_cost == pytest.approx(0.02 * in_hk_dollars(1000), rel=0.02)


def test_charges_on_top_that_nobody_took_are_no_charges():
    """Of 10, 2 and 2 dollars and 1 for the payee's bank on top: the first intermediary alone had its part."""
    strand = Strand(scenario(correspondent__hops=[0, 0, 1], correspondent__firms__bearer="payer"))
    payment = strand.pay("yuan", 1000, 9 * HOUR)
    strand.run(9 * HOUR + MINUTE // 2)
    assert (payment.outcome, payment.fee) == (PENDING, 0)
    strand.setting.outages._down["bank", "mainland bank 1"] = 1
    strand.arrangement.members._failures[strand.arrangement.members.number("bank", "mainland bank 1")] = [
        (9 * HOUR, 9 * DAY)
    ]
    strand.run()
    assert (payment.outcome, payment.reason) == (RETURNED, "bank_failed")
    first, second = payment.agents
    # It lay with the second, which asks for nothing where it sends back; the first has charged twice.
    assert [strand.gained(one, "CNY") for one in (first, second)] == [2 * 7 * 2_00, 0]
    assert payment.fee == 7 * (10_00 + 2 * 2_00)
    assert payment.amount + payment.fee == 7 * (1000_00 + 15_00)
    # What came back is what the payer gave less that.
    assert strand.gained("hong_kong bank 1", "CNY") == -2 * 7 * 2_00


@pytest.mark.parametrize(("dollars", "hops", "reason"), [(3, [0, 0, 1], "too_small"), (1000, [1], "bank_failed")])
def test_what_has_not_left_uses_up_no_quota_and_costs_nothing(dollars, hops, reason):
    controls = {"jurisdictions__hong_kong__capital_controls": "strict", "correspondent__hops": hops}
    late = ("9 h", "5 days") if reason == "bank_failed" else ("9 days", "1 h")
    strand = failing("bank", "mainland bank 1", *late, **controls)
    payment = strand.pay("yuan", dollars, 8 * HOUR)
    payment.individuals = True
    strand.run(8 * HOUR + MINUTE)
    gates = strand.arrangement.gates
    assert gates.numbers()["quota_people"] == (reason == "bank_failed"), "it waits for its bank to open"
    strand.run()
    assert (payment.outcome, payment.reason, payment.fee) == (REFUSED, reason, 0)
    assert gates.numbers()["quota_people"] == 0


def test_the_arrangement_back():
    route = Route((3, 10, 11, 7), ("CNY", "USD", "AED"), "CNY", "AED")
    assert route.dealers == (1, 2)
    assert route.back_from(3) == Route((7, 11, 10, 3), ("AED", "USD", "CNY"), "AED", "CNY")
    assert route.back_from(1) == Route((10, 3), ("CNY",), "CNY", "CNY")
