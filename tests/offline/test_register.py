"""The register by hand: how each payment may end, who bears what, and what the tests of properties cannot name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.features.offline.device import Device
from sandbox.features.offline.records import Chain, signed
from sandbox.features.offline.register import Bearer
from tests.offline.bench import BANK, CAPS, ESCROW, FUND, LOAD, MONEY, SEED, VALID, WITHIN, Bench
from wallets.keys import simulation_key


def paid(bench: Bench, payer: Device, payee: Device, amount: int) -> Chain:
    chain = bench.pay(payer, payee, amount)
    assert chain is not None
    return chain


def test_a_shop_is_paid_when_either_side_syncs() -> None:
    for side in ("payee", "payer"):
        bench = Bench()
        a, shop = bench.devices["a"], bench.shops[0]
        paid(bench, a, shop, 300)
        assert bench.balance(5) == 0
        bench.sync(shop if side == "payee" else a)
        (row,) = bench.register.rows
        assert (bench.balance(5), row.outcome, row.signed) == (300, "settled", True)
        bench.sync(a if side == "payee" else shop)
        assert (bench.balance(5), len(bench.register.rows)) == (300, 1)


def test_value_passes_through_hands_and_whoever_is_last_shows_all() -> None:
    bench = Bench()
    a, b, c, d = (bench.devices[name] for name in "abcd")
    for one in (b, c, d):
        while one.balance_fen:
            paid(bench, one, bench.shops[1], 300)
    paid(bench, a, b, 400)
    paid(bench, b, c, 350)
    last = paid(bench, c, bench.shops[0], 340)
    assert last.payment.hops == 3
    paid(bench, c, d, 10)
    assert bench.pay(d, bench.shops[0], 10) is None, "three hops at most"
    bench.sync(bench.shops[0])
    assert [row.outcome for row in bench.register.rows[-4:-1]] == ["settled"] * 3
    assert (bench.worth("a"), bench.worth("b"), bench.worth("c"), bench.balance(5)) == (200, 650, 610, 340)


@pytest.mark.parametrize(("bearer", "account"), [("operator", BANK), ("fund", FUND), ("user", None)])
def test_who_bears_what_a_clone_spent(bearer: Bearer, account: int | None) -> None:
    bench = Bench(bearer)
    a, (shop, kiosk) = bench.devices["a"], bench.shops
    clone = a.fork()
    for device, where in ((a, shop), (clone, kiosk)):
        for amount in (400, 200):
            paid(bench, device, where, amount)
    bench.sync(shop)
    bench.sync(kiosk)
    rows = bench.register.rows
    assert [row.outcome for row in rows] == ["settled", "settled", "double_spend", "double_spend"]
    assert sum(row.loss_fen for row in rows) == LOAD == bench.register.loss_by_root["a"]
    assert {row.borne_by for row in rows[2:]} == {bearer}
    assert bench.balance(5) == (2 * LOAD if account else LOAD)
    if account:
        assert bench.balance(account) == MONEY - LOAD
    assert bench.register.purses["a"].revoked_us is not None
    assert not bench.sync(a), "a purse that is stopped gets no new certificate"


def test_an_empty_fund_pays_nothing() -> None:
    bench = Bench("fund")
    bench.control.ledger.post(FUND, BANK, MONEY - 100)
    a, (shop, kiosk) = bench.devices["a"], bench.shops
    clone = a.fork()
    for device, where in ((a, shop), (clone, kiosk)):
        for amount in (400, 200):
            paid(bench, device, where, amount)
    bench.sync(shop)
    bench.sync(kiosk)
    assert (bench.balance(FUND), bench.balance(5), bench.register.rows[2].borne_by) == (100, LOAD, "user")


def test_what_was_passed_on_is_lost_where_it_ends_up_once() -> None:
    bench = Bench("user")
    a, b, c = (bench.devices[name] for name in "abc")
    while b.balance_fen:
        paid(bench, b, bench.shops[1], 300)
    clone = a.fork()
    for amount in (400, 200):
        paid(bench, a, bench.shops[0], amount)
    for shop in bench.shops:
        bench.sync(shop)
    paid(bench, clone, b, 400)
    paid(bench, b, c, 150)
    bench.sync(c)
    lost = {row.payee: row.loss_fen for row in bench.register.rows if row.loss_fen}
    assert lost == {"b": 250, "c": 150}
    assert bench.register.rows[-1].outcome == "double_spend"
    assert bench.register.purses["b"].revoked_us is None, "b was cheated, not b cheats"
    assert bench.sync(b)


def test_set_back_and_synced_first_is_found_when_the_payee_comes() -> None:
    bench = Bench("operator")
    a = bench.devices["a"]
    saved = a.fork()
    paid(bench, a, bench.shops[0], 400)
    assert bench.sync(saved), "nobody has seen anything yet"
    assert bench.worth("a") == LOAD
    bench.sync(bench.shops[0])
    row = bench.register.rows[0]
    assert (row.outcome, row.loss_fen, bench.worth("a")) == ("double_spend", 0, LOAD - 400)
    assert bench.register.purses["a"].revoked_us is not None


def test_set_back_and_synced_after_the_payee_is_found_at_once() -> None:
    bench = Bench("operator")
    a = bench.devices["a"]
    saved = a.fork()
    paid(bench, a, bench.shops[0], 400)
    bench.sync(bench.shops[0])
    assert not bench.sync(saved)
    assert bench.register.purses["a"].revoked_us is not None


def test_what_a_purse_that_owes_is_paid_goes_to_who_bore_it() -> None:
    for bearer, account in (("operator", BANK), ("fund", FUND), ("user", 5)):
        bench = Bench(bearer)  # type: ignore[arg-type]
        a, b, (shop, kiosk) = bench.devices["a"], bench.devices["b"], bench.shops
        clone = a.fork()
        for device, where in ((a, shop), (clone, kiosk)):
            for amount in (400, 200):
                paid(bench, device, where, amount)
        paid(bench, b, a, 250)
        for one in (shop, kiosk):
            bench.sync(one)
        before = bench.balance(account)
        bench.sync(b, 300)
        register = bench.register
        assert bench.balance(account) - before == 250
        assert (bench.worth("a"), sum(register.loss_by_root.values())) == (0, LOAD - 250)
        assert sum(row.loss_fen for row in register.rows) == LOAD - 250
        assert register.recovered_fen == (0 if bearer == "user" else 250)


def test_shown_too_late_is_refused_and_refunded_once() -> None:
    bench = Bench("operator")
    a = bench.devices["a"]
    paid(bench, a, bench.shops[0], 400)
    bench.wait(VALID + WITHIN + 1)
    bench.register.close("a", forfeit=False)
    bench.sync(bench.shops[0])
    (row,) = bench.register.rows
    assert (row.outcome, row.borne_by, row.loss_fen) == ("expired", "user", 400)
    assert (bench.balance(1), bench.balance(5), bench.worth("a")) == (MONEY, 0, 0)


def test_a_lost_purse_is_refunded_or_kept() -> None:
    for forfeit, where in ((False, 1), (True, BANK)):
        bench = Bench()
        before = bench.balance(where)
        bench.wait(VALID + WITHIN + 1)
        bench.register.close("a", forfeit)
        assert (bench.balance(where), bench.worth("a")) == (before + LOAD, 0)
        ends = bench.pendings.counts()
        assert (ends["voided"]["count"], ends["posted"]["count"]) == ((0, 1) if forfeit else (1, 0))


@pytest.mark.parametrize(("bearer", "account"), [("operator", BANK), ("fund", FUND), ("user", None)])
def test_what_a_finder_spends_after_the_report_is_made_good_once(bearer: Bearer, account: int | None) -> None:
    bench = Bench(bearer)
    a, shop = bench.devices["a"], bench.shops[0]
    assert bench.pay(a, shop, CAPS.without_pin_fen + 1, pin=False) is None
    before = [bench.pay(a, shop, 100, pin=False) for _ in range(2)]
    bench.wait(10)
    bench.sync(shop)
    bench.register.report_lost("a")
    bench.wait(10)
    after = [bench.pay(a, shop, 100, pin=False) for _ in range(3)]
    assert None not in (*before, *after)
    assert bench.pay(a, shop, 100, pin=False, payee_knows=True) is None, "a terminal that knows declines"
    bench.sync(shop)
    rows = bench.register.rows
    assert [row.outcome for row in rows] == ["settled"] * 5
    assert [row.loss_fen for row in rows] == [0, 0, 100, 100, 100]
    assert {row.borne_by for row in rows[2:]} == {bearer if account else "owner"}
    assert bench.register.found_fen == 300
    assert bench.balance(5) == 500, "who took it in good faith is paid"
    assert bench.worth("a") == LOAD - 500 + (300 if account else 0)
    if account:
        assert bench.balance(account) == MONEY - 300
    bench.wait(VALID + WITHIN)
    bench.register.close("a", forfeit=False)
    assert bench.balance(1) == MONEY - LOAD + (400 if account else 100)


def test_a_purse_that_is_handed_in_pays_again_and_nothing_more_is_made_good() -> None:
    bench = Bench("operator")
    a, shop = bench.devices["a"], bench.shops[0]
    bench.register.report_lost("a")
    bench.wait(10)
    bench.sync(a)
    bench.wait(10)
    assert bench.pay(a, shop, 400, payee_knows=True) is not None
    bench.sync(shop)
    row = bench.register.rows[-1]
    assert (row.outcome, row.loss_fen, bench.balance(BANK)) == ("settled", 0, MONEY)


def test_nobody_is_made_good_for_more_than_the_purse_was_worth() -> None:
    """An owner who reports a purse and has it filled by a friend, and emptied, again and again."""
    bench = Bench("operator")
    a, b, shop = bench.devices["a"], bench.devices["b"], bench.shops[0]
    bench.register.report_lost("a")
    bench.wait(10)
    for _ in range(3):
        while a.balance_fen:
            paid(bench, a, shop, 100)
        bench.sync(b)
        for _ in range(2):
            paid(bench, b, a, 300)
    bench.sync(shop)
    assert MONEY - bench.balance(BANK) == LOAD == bench.register.found_fen


def test_a_replay_moves_nothing() -> None:
    bench = Bench()
    chain = paid(bench, bench.devices["a"], bench.shops[0], 200)
    bench.sync(bench.shops[0])
    again = bench.register.show(chain, "payee")
    bench.register.pay_out()
    assert (again.outcome, again.loss_fen, bench.balance(5), bench.worth("a")) == ("replayed", 0, 200, LOAD - 200)


def test_a_replay_moves_nothing_when_the_payer_was_stopped_either() -> None:
    bench = Bench()
    a, (shop, kiosk) = bench.devices["a"], bench.shops
    clone = a.fork()
    first = paid(bench, a, shop, 100)
    paid(bench, clone, kiosk, 100)
    for one in (shop, kiosk):
        bench.sync(one)
    again = bench.register.show(first, "payee")
    bench.register.pay_out()
    assert (again.outcome, bench.balance(5), bench.worth("a")) == ("replayed", 200, LOAD - 200)


def test_forged_and_over_cap_are_refused_and_cost_nothing() -> None:
    bench = Bench("operator")
    a, b = bench.devices["a"], bench.devices["b"]
    good = a.offer("b", 100, bench.now)
    payment = good.payment
    other = simulation_key(SEED, "b")
    by_b = Chain(signed(payment, other), good.certificate)
    too_much = replace(payment, amount_fen=CAPS.payment_fen + 1, paid_fen=CAPS.payment_fen + 1)
    not_there = replace(payment, payer="nobody")
    raised = replace(good.certificate, balance_fen=CAPS.balance_fen, signature=b"\1" * 64)
    on_raised = replace(payment, certificate=raised.digest, previous=raised.digest)
    shown = {
        "bad_signature": [by_b, Chain(not_there, good.certificate), Chain(on_raised, raised)],
        "over_cap": [Chain(too_much, good.certificate), Chain(replace(payment, hops=2), good.certificate)],
        "expired": [Chain(replace(payment, made_us=VALID + 1), good.certificate)],
    }
    for outcome, chains in shown.items():
        for chain in chains:
            row = bench.register.show(chain, "payee")
            assert row.outcome == outcome
            assert (row.loss_fen > 0) == (outcome == "expired")
    assert (bench.worth("a"), bench.worth("b"), bench.balance(ESCROW)) == (LOAD, LOAD, 4 * LOAD)
    assert b.balance_fen == LOAD
