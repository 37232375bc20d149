"""What midnight does: interest to the fen, redemptions, e-CNY handed back, worked out on paper (clearing rules, 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.engine.handmade import BANK, MS, Town

DAY_MS = 86_400_000


def deposits(**interest: Any) -> dict[str, Any]:
    return {"regime": "digital_deposit", "interest": {"rate": 0.0036, "day_count": 360, **interest}}


def rich_bank() -> dict[str, Any]:
    return {"bank": {**BANK, "liquidity": {"opening": 1_000_000, "floor": 0, "target": 1_000_000}}}


def test_interest_of_a_quarter_is_credited_on_the_21st_and_its_rest_is_kept() -> None:
    """0.36 % a year over 360 days is 1 in 100,000 a day."""
    made = Town(
        start=datetime(2026, 3, 18, 12), duration=96 * DAY_MS * MS, series={"bin": DAY_MS * MS},
        rules=deposits(classes=["I", "II"]), institutions=rich_bank(),
    )  # fmt: skip
    one, other, anonymous = (
        made.wallet(0, 1_250_000),
        made.wallet(1, 99_999, klass=2),
        made.wallet(2, 9_999_999, klass=4),
    )
    played = made.play()
    credits = [(at_ms, detail) for at_ms, _, detail in played.events("interest_credited")]
    # Midnights of 19, 20 and 21 March: 3 x 12.5 = 37.5 fen, and 3 x 0.99999 = 2.99997 fen. Then 92 midnights to
    # 21 June on 1,250,037 and 100,001 fen: 0.5 + 92 x 12.50037 = 1,150.53404; 0.99997 + 92 x 1.00001 = 93.00089.
    assert credits == [
        ((2 * DAY_MS + DAY_MS // 2), {"amount_fen": 39, "wallets": 2}),
        ((94 * DAY_MS + DAY_MS // 2), {"amount_fen": 1_150 + 93, "wallets": 2}),
    ]
    assert played.fen(one) == 1_250_000 + 37 + 1_150
    assert played.fen(other) == 99_999 + 2 + 93
    assert played.fen(anonymous) == 9_999_999
    # The central bank issues it to the operator, which pays it out.
    bank = played.rail.accounts[made.world.holdings[0]]
    assert (bank["balance"], bank["debits"], bank["credits"]) == (1_000_000, 39 + 1_243, 39 + 1_243)


def test_digital_cash_earns_nothing() -> None:
    made = Town(
        start=datetime(2026, 3, 20, 12), duration=DAY_MS * MS,
        rules={**deposits(classes=["I"]), "regime": "digital_cash"}, institutions=rich_bank(),
    )  # fmt: skip
    wallet = made.wallet(0, 100_000_000)
    played = made.play()
    assert played.events("interest_credited") == []
    assert played.fen(wallet) == 100_000_000


@pytest.mark.parametrize("daily", [True, False])
def test_shops_redeem_everything_and_banks_hand_back_what_is_above_their_target(daily: bool) -> None:
    made = Town(
        duration=DAY_MS * MS, institutions=rich_bank(), merchants={"count": 2, "daily_redemption": daily},
    )  # fmt: skip
    payer, shop = made.wallet(0, 5_000), made.shop(0)
    made.pay(0, payer, shop, 3_000)
    made.pay(20 * 3_600_000, payer, shop, 400)
    played = made.play()
    assert played.fen(shop) == (400 if daily else 3_400)
    assert played.fen(payer) == 1_600
    midnight = DAY_MS // 2
    handed_back = [(midnight, "redeemed", {"amount_fen": 3_000})] if daily else []
    assert played.events("redeemed") == handed_back
    assert played.events("day_ended") == [
        (midnight, "day_ended", {"merchants_fen": 3_000 if daily else 0, "wallets_fen": 0})
    ]
    assert played.fen(made.world.holdings[0]) == 1_000_000


def test_a_posting_at_midnight_comes_after_the_redemption() -> None:
    made = Town(duration=DAY_MS * MS, institutions=rich_bank())
    payer, shop = made.wallet(0, 5_000), made.shop(0)
    made.pay(DAY_MS // 2 - 110, payer, shop, 700)
    played = made.play()
    assert played.ends == [("settled", DAY_MS // 2)]
    assert played.fen(shop) == 700
