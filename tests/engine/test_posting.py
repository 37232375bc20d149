"""The rules of posting, one by one and in order of precedence, worked out on paper (clearing rules, 4 and 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from sandbox.core.layout import account
from tests.engine.handmade import BANK, MS, Town
from tests.oracle.orders import Freeze

TIGHT = {"IV": {"balance": 1_000, "single": 500, "daily": 800, "annual": 900}}


def liquid(opening: int, floor: int = 0, target: int = 0) -> dict[str, Any]:
    return {"bank": {**BANK, "liquidity": {"opening": opening, "floor": floor, "target": max(floor, target)}}}


def test_limits_refuse_what_is_above_them_and_not_what_just_fits() -> None:
    made = Town(TIGHT, duration=2 * 86_400_000 * MS)
    payer, shop = made.wallet(0, 10_000, klass=4), made.shop(0)
    for number, fen in enumerate((501, 500, 301, 300, 1)):
        made.pay(1_000 * number, payer, shop, fen)
    midnight_ms = 12 * 3_600_000
    # Posted at the midnight itself: the new day. 800 were spent this year, 100 are left of it.
    made.pay(midnight_ms - 110, payer, shop, 101)
    made.pay(midnight_ms + 1_000, payer, shop, 100)
    assert made.play().outcomes == [
        "single_limit", "settled", "daily_limit", "settled", "daily_limit", "annual_limit", "settled",
    ]  # fmt: skip


def test_the_year_turns_too() -> None:
    made = Town(TIGHT, start=datetime(2026, 12, 31, 23, 59, 59))
    payer, shop = made.wallet(0, 10_000, klass=4), made.shop(0)
    made.pay(0, payer, shop, 500)
    made.pay(889.999, payer, shop, 401)  # posted 1 us before midnight
    made.pay(1_000, payer, shop, 401)
    assert made.play().outcomes == ["settled", "daily_limit", "settled"]


def test_precedence() -> None:
    """Everything is wrong with the payment; mended one by one, each next refusal shows."""
    box = {"enabled": True, "outside": "refuse_crossing", "per_payment_cap": 2_000}
    limits = {"IV": {"balance": 100, "single": 1_000, "daily": 500, "annual": 400}}
    seen = []
    for mended in range(8):
        made = Town(limits, rules={"box": box, "waterfall": False, "changes": []})
        payer = made.wallet(0, klass=4, inside=mended >= 2)
        payee = made.wallet(1, klass=4, inside=True)
        fen = {0: 5_000, 1: 5_000, 2: 5_000, 3: 1_500, 4: 800, 5: 450, 6: 300, 7: 300}[mended]
        if mended == 7:
            made.wallet(0, 300, klass=4, inside=True)
        made.pay(0, payer, payee, fen)
        seen += made.play((Freeze(0, payee, True),) if mended == 0 else ()).outcomes
    assert seen == [
        "frozen", "outside_box", "box_cap", "single_limit", "daily_limit", "annual_limit", "insufficient_balance",
        "balance_cap",
    ]  # fmt: skip


@pytest.mark.parametrize("outside", ["allow", "refuse_crossing", "refuse_all"])
@pytest.mark.parametrize("payer_in", [False, True])
@pytest.mark.parametrize("shop_in", [False, True])
def test_the_edge_of_the_box(outside: str, payer_in: bool, shop_in: bool) -> None:
    made = Town(rules={"box": {"enabled": True, "outside": outside}})
    made.pay(0, made.wallet(0, 1_000, inside=payer_in), made.shop(0, inside=shop_in))
    inside = payer_in and shop_in
    refused = {"allow": False, "refuse_crossing": payer_in != shop_in, "refuse_all": not inside}[outside]
    (one,) = made.play().ended
    assert (one.outcome, one.in_box) == ("outside_box" if refused else "settled", inside)


def test_the_caps_of_the_box() -> None:
    caps = {"per_payment_cap": 600, "participant_cap": 1_000, "total_exposure_cap": 1_500}
    made = Town(rules={"box": {"enabled": True, "starts": 500 * MS, "outside": "allow", **caps}})
    one, other = made.wallet(0, 9_000, inside=True), made.wallet(1, 9_000, inside=True)
    shop, outside = made.shop(0, inside=True), made.shop(1)
    payments = [
        (one, shop, 700, "settled"),  # the box has not begun, and this does not count
        (one, shop, 601, "box_cap"),
        (one, shop, 600, "settled"),
        (one, shop, 401, "box_cap"),
        (one, shop, 400, "settled"),
        (one, outside, 5_000, "settled"),  # crosses the edge: no cap
        (other, shop, 501, "box_cap"),  # 1,000 are settled inside
        (other, shop, 500, "settled"),
        (other, shop, 1, "box_cap"),
    ]
    for number, (payer, payee, fen, _) in enumerate(payments):
        made.pay(400 + 200 * number if number else 0, payer, payee, fen)
    assert made.play().outcomes == [outcome for *_, outcome in payments]


def test_a_top_up_is_rounded_up_to_its_step() -> None:
    made = Town(institutions=liquid(10_000), behaviour={"top_up_step": 1_000})
    payer, shop = made.wallet(0, 300, top_up=True), made.shop(0)
    made.pay(0, payer, shop, 1_400)  # 1,100 short: 2,000
    made.pay(1_000, payer, shop, 1_900)  # 900 there, 1,000 short: just 1,000
    made.pay(2_000, payer, shop, 7_001)  # 8,000 are more than the 7,000 the bank has left
    played = made.play()
    assert [(one.outcome, one.top_up) for one in played.ended] == [
        ("settled", 2_000), ("settled", 1_000), ("insufficient_balance", 0),
    ]  # fmt: skip
    assert played.fen(payer) == 0
    assert played.fen(made.world.holdings[0]) == 7_000


def test_a_top_up_stays_below_the_balance_cap() -> None:
    made = Town({"IV": {"balance": 1_500}}, institutions=liquid(10_000), behaviour={"top_up_step": 1_000})
    payer, shop = made.wallet(0, 300, klass=4, top_up=True), made.shop(0)
    made.pay(0, payer, shop, 1_400)  # 1,100 short: not 2,000 but the 1,200 that fit below the cap
    made.pay(1_000, payer, shop, 1_501)  # 1,401 short, 1,400 fit
    played = made.play()
    assert [(one.outcome, one.top_up) for one in played.ended] == [("settled", 1_200), ("insufficient_balance", 0)]


def test_the_waterfall() -> None:
    for waterfall, linked, outcome, kept in (
        (True, True, "settled", 1_000), (True, False, "balance_cap", 500), (False, True, "balance_cap", 500),
    ):  # fmt: skip
        made = Town({"IV": {"balance": 1_000}}, rules={"waterfall": waterfall})
        payer, payee = made.wallet(0, 900), made.wallet(1, 500, klass=4, top_up=linked)
        made.pay(0, payer, payee, 900)
        played = made.play()
        (one,) = played.ended
        assert (one.outcome, one.redeemed) == (outcome, 400 if outcome == "settled" else 0)
        assert played.fen(payee) == kept


def test_a_payment_to_oneself_changes_no_balance() -> None:
    made = Town({"IV": {"balance": 1_000}})
    wallet = made.wallet(0, 1_000, klass=4)
    made.pay(0, wallet, wallet, 600)
    played = made.play()
    assert played.outcomes == ["settled"]
    row = played.rail.accounts[wallet]
    assert (row["balance"], row["debits"], row["credits"], row["settled"]) == (1_000, 600, 600, 1)


def test_an_upgrade_is_in_time_for_a_posting_of_the_same_microsecond() -> None:
    limits = {"IV": {"single": 1_000}, "III": {"single": 3_000}, "II": {"single": 5_000}}
    made = Town(limits, rules={"kyc_delay": 500 * MS})
    payer, shop = made.wallet(0, 90_000, klass=4, willing=True), made.shop(0)
    unwilling = made.wallet(1, 90_000, klass=4)
    made.pay(0, payer, shop, 2_000)  # refused at 110; class III at 610
    made.pay(300, payer, shop, 2_000)  # refused at 410: a request is pending
    made.pay(500, payer, shop, 2_000)  # posted at 610
    made.pay(700, payer, shop, 4_000)  # refused at 810; class II at 1,310, and with it a top-up right
    made.pay(1_199, payer, shop, 4_000)  # posted at 1,309
    made.pay(1_400, payer, shop, 4_000)
    made.pay(2_000, unwilling, shop, 2_000)
    made.pay(3_000, unwilling, shop, 2_000)
    played = made.play()
    assert played.outcomes == [
        "single_limit", "single_limit", "settled", "single_limit", "single_limit", "settled", "single_limit",
        "single_limit",
    ]  # fmt: skip
    assert played.rail.upgrades == (2, 2)
    assert [(one.klass) for one in played.ended] == [4, 4, 3, 3, 3, 2, 4, 4]
    assert played.rail.accounts[payer]["can_top_up"] == 1


def test_a_trigger_orders_up_to_the_target() -> None:
    made = Town(
        institutions=liquid(10_000, 5_000, 20_000),
        central_bank={"issuance_delay": 1_000 * MS},
        behaviour={"top_up_step": 100},
    )
    payer, shop = made.wallet(0, top_up=True), made.shop(0)
    made.pay(0, payer, shop, 5_000)  # leaves 5,000: the floor, not below it
    made.pay(500, payer, shop, 100)  # at 610 below it: an order
    made.pay(700, payer, shop, 100)  # below it too, but the trigger is disarmed
    made.pay(800, payer, shop, 5_000)  # more than is left
    made.pay(1_500, payer, shop, 15_200)  # posted at 1,610, when the money is there
    made.pay(2_000, payer, shop, 100)
    played = made.play()
    assert played.outcomes == ["settled", "settled", "settled", "insufficient_balance", "settled", "settled"]
    assert played.events("liquidity_order", "issued") == [
        (610, "liquidity_order", {"holding_fen": 4_900, "target_fen": 20_000}),
        (1_610, "issued", {"amount_fen": 15_200}),
        (1_610, "liquidity_order", {"holding_fen": 4_800, "target_fen": 20_000}),
        (2_610, "issued", {"amount_fen": 15_300}),
    ]


CAMPAIGN = {"hongbao": {
    "registered": 2, "winners": 2, "packet": 3_000, "starts": 0, "lasts": 5_000 * MS, "claim_within": 1_000 * MS,
}}  # fmt: skip


def test_a_packet_is_spent_in_parts_and_only_where_it_is_taken() -> None:
    made = Town(campaigns=CAMPAIGN)
    wallet = made.wallet(0, 2_500)
    taker, other = made.shop(0, takes_packets=True), made.shop(1)
    treasury = made.world.treasuries.first  # type: ignore[union-attr]
    made.claim(0, wallet, 3_000)
    made.pay(0, wallet, taker, 2_000)
    made.pay(500, wallet, other, 1_000)
    made.pay(1_000, wallet, taker, 1_800)
    made.pay(1_500, wallet, taker, 701)
    played = made.play()
    assert [(one.outcome, one.packet) for one in played.ended] == [
        ("settled", 2_000), ("settled", 0), ("settled", 1_000), ("insufficient_balance", 0),
    ]  # fmt: skip
    assert played.fen(wallet) == 700
    # Two packets were funded, one was not claimed; of the claimed one nothing is left.
    assert played.events("expired")[0][2]["returned_fen"] == 3_000
    assert played.fen(treasury) == 3_000


def test_a_claim_is_in_time_for_a_posting_of_the_same_microsecond() -> None:
    for claimed_at_ms, packet in ((110, 1_000), (110.001, 0)):
        made = Town(campaigns=CAMPAIGN)
        wallet, taker = made.wallet(0, 1_000), made.shop(0, takes_packets=True)
        made.pay(0, wallet, taker, 1_000)
        made.claim(claimed_at_ms, wallet, 3_000)
        (one,) = made.play().ended
        assert (one.outcome, one.packet) == ("settled", packet)


def test_expiry_comes_before_a_posting_of_the_same_microsecond() -> None:
    made = Town(campaigns=CAMPAIGN)
    wallet, taker = made.wallet(0, 1_000), made.shop(0, takes_packets=True)
    made.claim(0, wallet, 3_000)
    made.pay(4_500, wallet, taker, 1_000)
    made.pay(4_890, wallet, taker, 1_000)  # posted at 5,000
    played = made.play()
    assert [one.packet for one in played.ended] == [1_000, 0]
    assert played.events("expired")[0][2] == {
        "claimed": 1, "returned_fen": 5_000, "unclaimed_fen": 3_000, "unspent_fen": 2_000,
    }  # fmt: skip


def test_frozen_and_free_again() -> None:
    made = Town()
    payer, shop = made.wallet(0, 1_000), made.shop(0)
    for at_ms in (0, 1_000, 2_000, 3_000):
        made.pay(at_ms, payer, shop)
    freezes = (
        Freeze(1_110 * MS, payer, True), Freeze(1_500 * MS, payer, False),
        Freeze(2_000 * MS, shop, True), Freeze(3_110 * MS, shop, False),
    )  # fmt: skip
    assert made.play(freezes).outcomes == ["settled", "frozen", "frozen", "settled"]


def test_a_refusal_changes_nothing() -> None:
    made = Town(TIGHT)
    payer, shop = made.wallet(0, 10_000, klass=4), made.shop(0)
    before = made.accounts.copy()
    made.pay(0, payer, shop, 501)
    made.play()
    after = made.world.ledger.accounts
    money = [
        account.DEBITS,
        account.CREDITS,
        account.SPENT_TODAY,
        account.SPENT_THIS_YEAR,
        account.STAMP,
        account.PACKET,
    ]
    assert (after[:, money] == before[:, money]).all()
    assert (after[1:, account.BALANCE] == before[1:, account.BALANCE])[made.first_wallet - 1 :].all()
