"""Stations, patience, retries and status checks, worked out on paper (clearing rules, sections 1 to 3)."""

from __future__ import annotations

from typing import Any

from tests.engine.handmade import BANK, MS, Town
from tests.oracle.draws import pause_us


def town(**changes: Any) -> tuple[Town, int, int]:
    """A town, a wallet that can pay everything, and a shop."""
    made = Town(**changes)
    return made, made.wallet(0, 1_000_000), made.shop(0)


def fault(kind: str, starts_ms: int, lasts_ms: int, station: str = "bank", **more: float) -> dict[str, Any]:
    return {"station": station, "kind": kind, "starts": starts_ms * MS, "lasts": lasts_ms * MS, **more}


def test_first_come_first_served_and_the_lowest_number_first_at_a_tie() -> None:
    made, payer, shop = town()
    for at_ms in (0, 0, 50):
        made.pay(at_ms, payer, shop)
    played = made.play()
    # Gateway: 0-100, 100-200, 200-300; the ledger adds 10 each time and is never busy then.
    assert played.ends == [("settled", 110), ("settled", 210), ("settled", 310)]
    assert played.waits == [(0, 0, 0), (100, 0, 0), (150, 0, 0)]


def test_the_queue_of_the_ledger() -> None:
    made, payer, shop = town(institutions={"bank": {**BANK, "servers": 3}})
    for _ in range(3):
        made.pay(0, payer, shop)
    # All three leave the gateway at 100; the ledger serves them one by one.
    assert made.play().waits == [(0, 0, 0), (0, 0, 10), (0, 0, 20)]


def test_the_route_of_an_indirect_bank() -> None:
    banks = {
        "A": {**BANK, "share": 0.5},
        "B": {**BANK, "share": 0.25},
        "indirect": {**BANK, "share": 0.25, "kind": "indirect", "via": "A"},
    }
    made = Town(institutions=banks)
    direct, indirect = made.wallet(0, 1_000, bank=0), made.wallet(1, 1_000, bank=2)
    other = made.wallet(2, 1_000, bank=1)
    shop, shop_indirect = made.shop(0, bank=0), made.shop(1, bank=2)
    # Far enough apart that nobody waits: 100 a gateway, 10 the ledger.
    routes = [
        (direct, shop, 1),  # A
        (indirect, shop, 2),  # indirect, A
        (direct, shop_indirect, 2),  # A, indirect
        (indirect, shop_indirect, 3),  # indirect, A, indirect
        (other, shop_indirect, 3),  # B, A, indirect
        (other, shop, 2),  # B, A
    ]
    for number, (payer, payee, _) in enumerate(routes):
        made.pay(1_000 * number, payer, payee)
    played = made.play()
    took = [end - 1_000 * number for number, (_, end) in enumerate(played.ends)]
    assert took == [100 * gateways + 10 for _, _, gateways in routes]
    assert [one.services[0] // MS for one in played.ended] == [100, 200, 100, 200, 100, 100]
    assert [one.services[1] // MS for one in played.ended] == [0, 0, 100, 100, 200, 100]


def test_patience_ends_in_the_queue() -> None:
    made, payer, shop = town(behaviour={"patience": 140 * MS})
    made.pay(0, payer, shop)
    made.pay(60, payer, shop)
    made.pay(70, payer, shop)
    # The second starts at 100 and its patience ends at 200, when its service ends: it moves on. The third would start
    # at 200, but gives up: 70 + 140 = 210 is later, so it starts, is in service at 210 and fails at 300.
    assert made.play().ends == [("settled", 110), ("settled", 210), ("timed_out", 300)]


def test_patience_ends_while_waiting_for_the_second_station() -> None:
    made, payer, shop = town(
        institutions={"bank": {**BANK, "servers": 2}},
        ledger={"servers": 1, "service": {"shape": "fixed", "mean": 500 * MS}},
        behaviour={"patience": 150 * MS},
    )
    made.pay(0, payer, shop)
    made.pay(0, payer, shop)
    # The ledger has begun the first (100-600) and posts it, patience or not; the second gives up there at 150.
    played = made.play()
    assert played.ends == [("settled", 600), ("timed_out", 150)]
    assert played.waits[1] == (0, 0, 0)


def test_who_gives_up_leaves_the_queue_at_once() -> None:
    made, payer, shop = town(behaviour={"patience": 90 * MS})
    made.pay(0, payer, shop)
    made.pay(5, payer, shop)
    made.pay(50, payer, shop)
    # The first is in service at 90 and fails at 100. The second gives up at 95. The third starts at 100, not 200.
    assert made.play().ends == [("timed_out", 100), ("timed_out", 95), ("timed_out", 200)]


def test_at_one_microsecond_a_service_ends_before_a_patience() -> None:
    made, payer, shop = town(behaviour={"patience": 100 * MS})
    made.pay(0, payer, shop)
    # Service and patience end at 100: the payment is at the ledger before its patience ends, and the ledger posts it.
    assert made.play().ends == [("settled", 110)]


def test_at_one_microsecond_a_control_event_comes_before_payments() -> None:
    made, payer, shop = town(faults=[fault("outage", 100, 1, "ledger")])
    made.pay(0, payer, shop)
    made.pay(1_000, payer, shop)
    assert made.play().ends == [("unavailable", 100), ("settled", 1_110)]


def test_a_closed_station_refuses_and_keeps_its_queue() -> None:
    made, payer, shop = town(faults=[fault("outage", 50, 200)])
    made.pay(0, payer, shop)
    made.pay(10, payer, shop)
    made.pay(60, payer, shop)
    # In service: runs on to 100. In the queue: stays until 250. Arriving at 60: refused at once.
    assert made.play().ends == [("settled", 110), ("settled", 360), ("unavailable", 60)]


def test_lost_servers_finish_what_they_do_and_come_back_at_once() -> None:
    made, payer, shop = town(
        institutions={"bank": {**BANK, "servers": 2}}, faults=[fault("capacity_loss", 50, 200, loss=0.5)]
    )
    for _ in range(6):
        made.pay(0, payer, shop)
    # Two run to 100 though one server is lost at 50; then one at a time, 100-200 and 200-300; at 250 the second
    # server is back, and the fifth starts at once.
    assert [wait[0] for wait in made.play().waits] == [0, 0, 100, 200, 250, 300]


def test_overlapping_faults_multiply() -> None:
    slow = [fault("slow_down", 100, 300, factor=1.5), fault("slow_down", 200, 400, factor=3.0)]
    made, payer, shop = town(faults=slow)
    for at_ms in (0, 100, 250, 2_000):
        made.pay(at_ms, payer, shop)
    # Started at 0: 100. At 100: 150. At 250: 100 x 1.5 x 3 = 450. Long after: 100.
    assert [one.services[0] / MS for one in made.play().ended] == [100, 150, 450, 100]


def test_a_retry_comes_after_its_pause() -> None:
    made, payer, shop = town(faults=[fault("outage", 0, 400)], behaviour={"max_attempts": 3, "backoff": 1_000 * MS})
    made.pay(0, payer, shop)
    pause = pause_us(1_000 * MS, 1, 1)
    assert 500 * MS <= pause < 1_500 * MS
    (one,) = made.play().ended
    assert (one.outcome, one.attempt, one.ended_us) == ("settled", 2, pause + 110 * MS)


def test_attempts_run_out() -> None:
    made, payer, shop = town(faults=[fault("outage", 0, 60_000)], behaviour={"max_attempts": 3, "backoff": 100 * MS})
    made.pay(0, payer, shop)
    (one,) = made.play().ended
    assert (one.outcome, one.attempt) == ("unavailable", 3)
    assert one.ended_us == pause_us(100 * MS, 1, 1) + pause_us(100 * MS, 1, 2)


CHECKS = {"patience": 50 * MS, "status_checks": {"max": 2, "interval": 200 * MS}}


def test_a_check_is_answered() -> None:
    made, payer, shop = town(behaviour=CHECKS)
    made.pay(0, payer, shop)
    # Fails at 100 in service; asked at 300, answered at 400; no attempt is left.
    assert made.play().ends == [("timed_out", 400)]


def test_a_check_at_a_closed_station_is_unanswered_at_once() -> None:
    made, payer, shop = town(behaviour=CHECKS, faults=[fault("outage", 250, 100)])
    made.pay(0, payer, shop)
    # Asked at 300 in vain, again at 500, answered at 600.
    assert made.play().ends == [("timed_out", 600)]


def test_a_check_that_waits_too_long_leaves_the_queue() -> None:
    made, payer, shop = town(
        behaviour=CHECKS,
        faults=[fault("slow_down", 250, 10, factor=50.0)],
    )
    made.pay(0, payer, shop)
    made.pay(255, payer, shop)
    # The second, slowed, holds the server from 255 to 5,255 and then fails; its own check is answered at 5,555.
    # The first asks at 300, gives up at 500, asks again at 700, gives up at 900: two checks, the end.
    assert made.play().ends == [("timed_out", 900), ("timed_out", 5_555)]


def test_the_run_ends_with_the_duration_or_the_last_payment() -> None:
    made, payer, shop = town(faults=[fault("outage", 10_105, 10), fault("slow_down", 11_000, 10, factor=2.0)])
    made.pay(9_999, payer, shop)
    # The last payment ends at 10,109, so the outage that begins at 10,105 happens, its end and the slow-down do not.
    played = made.play()
    assert played.ends == [("settled", 10_109)]
    assert [(at_ms, name) for at_ms, name, _ in played.events("fault_began", "fault_ended")] == [
        (10_105, "fault_began")
    ]
    assert played.rail.ended_us == 10_109 * MS
    idle, _, _ = town()
    assert idle.play().rail.ended_us == 10_000 * MS
