"""Large-value reports: the four thresholds by hand, and every report of a run against pandas over its payments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sandbox.core.layout import code, ended, tags
from sandbox.features.supervision.large_value import DueReport, LargeValueReports
from sandbox.features.supervision.schema.section import LargeValue
from sandbox.scenario.load import load
from sandbox.simulate import simulate
from sandbox.world import World, build

HOUR = 3_600_000_000
ABROAD = 9
"""A kind of payment that crosses a border, in these tests."""
CHANGES = {"population.wallets": 10, "population.corporates": 3, "merchants.count": 3, "start": "2026-03-04T18:00:00"}
ANN, BOB, FIRM, SHOP = 1, 2, 11, 14


def reports(*payments: tuple[float, int, int, int, dict[int, int]], **rules: Any) -> list[DueReport]:
    """Payments (hour, payer, payee, yuan, more columns) of a run that starts at six in the evening."""
    world: World = build(load("city-retail-day", overrides=CHANGES).scenario, 1)
    window = np.zeros((ended.ROWS, len(payments)), dtype=np.int64)
    for i, (hour, payer, payee, yuan, more) in enumerate(payments):
        window[[ended.ID, ended.ENDED_AT, ended.PAYER, ended.PAYEE, ended.AMOUNT], i] = (
            i,
            round(hour * HOUR),
            payer,
            payee,
            yuan * 100,
        )
        for column, value in more.items():
            window[column, i] = value
    kinds = np.zeros(16, dtype=np.int64)
    kinds[ABROAD] = 1
    return LargeValueReports(world, LargeValue.model_validate(rules), kinds).take(window)


def told(found: list[DueReport]) -> list[tuple[int, str, str, int, int, tuple[int, ...]]]:
    return [
        (one.account, one.rule, one.direction, one.amount_fen // 100, one.payments, one.payment_ids) for one in found
    ]


def test_a_single_payment_at_the_threshold_and_just_below() -> None:
    assert told(reports((1, ANN, BOB, 499_999, {}))) == []
    assert told(reports((1, ANN, BOB, 500_000, {}))) == [
        (ANN, "natural_persons", "out", 500_000, 1, (0,)),
        (BOB, "natural_persons", "in", 500_000, 1, (0,)),
    ]


def test_a_day_s_sum_counts_and_each_direction_by_itself() -> None:
    """Ann sends 300,000 and receives 300,000: neither is large. Another 200,000 sent makes it so, and is told once."""
    found = reports(
        (1, ANN, BOB, 300_000, {}), (2, BOB, ANN, 300_000, {}), (3, ANN, FIRM, 200_000, {}), (4, ANN, FIRM, 100_000, {})
    )
    assert told(found) == [(ANN, "natural_persons", "out", 500_000, 2, (0, 2))]


def test_midnight_begins_a_new_day() -> None:
    """The run starts at 18:00, so its sixth hour is midnight: what moves at that very instant is the next day's."""
    assert told(reports((5.99, ANN, FIRM, 300_000, {}), (6, ANN, FIRM, 300_000, {}))) == []
    found = reports((5.99, ANN, FIRM, 300_000, {}), (6, ANN, FIRM, 300_000, {}), (29.99, ANN, FIRM, 200_000, {}))
    assert [(one.day, *told([one])[0][3:]) for one in found] == [(1, 500_000, 2, (1, 2))]


def test_legal_persons_have_another_threshold() -> None:
    found = reports((1, FIRM, SHOP, 1_999_999, {}), (2, FIRM, SHOP, 1, {}))
    assert told(found) == [
        (FIRM, "legal_persons", "out", 2_000_000, 2, (0, 1)),
        (SHOP, "legal_persons", "in", 2_000_000, 2, (0, 1)),
    ]


def test_exchange_between_deposits_and_e_cny_is_cash() -> None:
    """49,999 yuan topped up and then one more; what Bob passes on into his account is cash out of e-CNY on his side."""
    found = reports(
        (1, ANN, SHOP, 60_000, {ended.TOP_UP: 49_999_00}),
        (2, ANN, BOB, 60_000, {ended.TOP_UP: 1_00, ended.REDEEMED: 50_000_00}),
    )
    assert told(found) == [(ANN, "cash", "out", 50_000, 2, (0, 1)), (BOB, "cash", "in", 50_000, 1, (1,))]


def test_across_the_border_people_report_earlier_and_apart() -> None:
    across = {ended.TAG: ABROAD << tags.KIND_SHIFT}
    found = reports((1, ANN, FIRM, 400_000, {}), (2, ANN, FIRM, 150_000, across), (3, ANN, FIRM, 50_000, across))
    assert told(found) == [(ANN, "cross_border", "out", 200_000, 2, (1, 2))]


def test_refused_payments_and_switched_off_thresholds_do_not_count() -> None:
    assert reports((1, ANN, BOB, 900_000, {ended.CODES: 4 | 2 << code.CLASS_SHIFT})) == []
    assert told(reports((1, ANN, BOB, 900_000, {}), natural_persons="none", cross_border="none")) == []


def test_the_list_is_bounded_and_the_sum_is_not() -> None:
    """Two hundred payments of 2,500 yuan: all are counted, the last 64 that are worth a line are listed."""
    found = reports(*((n / 100, ANN, FIRM, 2_500, {}) for n in range(200)))
    (one,) = found
    assert (one.amount_fen, one.payments, one.payment_ids) == (500_000_00, 200, tuple(range(136, 200)))


def test_a_window_over_midnights_and_windows_of_one_payment_say_the_same() -> None:
    """Whatever the windows: each day's sums are its own, and a report lists its own day's payments."""
    payments = [(hour / 2, ANN, FIRM, 90_000, {ended.TOP_UP: 10_000_00}) for hour in range(120)]
    whole = reports(*payments)
    assert [one.day for one in whole if one.rule == "natural_persons"] == [0, 1, 2, 3]
    world = build(load("city-retail-day", overrides=CHANGES).scenario, 1)
    apart = LargeValueReports(world, LargeValue(), np.zeros(16, dtype=np.int64))
    found = []
    for number, (hour, payer, payee, yuan, more) in enumerate(payments):
        window = np.zeros((ended.ROWS, 1), dtype=np.int64)
        window[[ended.ID, ended.ENDED_AT, ended.PAYER, ended.PAYEE, ended.AMOUNT], 0] = (
            number,
            hour * HOUR,
            payer,
            payee,
            yuan * 100,
        )
        window[ended.TOP_UP, 0] = more[ended.TOP_UP]
        found += apart.take(window)
    assert found == whole


def test_a_company_lists_what_it_paid_across_the_border_too() -> None:
    across = {ended.TAG: ABROAD << tags.KIND_SHIFT}
    found = reports((1, FIRM, SHOP, 1_500_000, across), (2, FIRM, SHOP, 500_000, {}))
    assert told(found)[0] == (FIRM, "legal_persons", "out", 2_000_000, 2, (0, 1))


def test_each_threshold_alone() -> None:
    """One asked for, three not: also when the sums of those not asked for would overflow a word many times."""
    big, names = 4 * 10**15, ("cash", "legal_persons", "natural_persons")
    payments = [(1, ANN, FIRM, big, {ended.TOP_UP: 60_000_00}), (2, ANN, FIRM, big, {}), (3, FIRM, BOB, big, {})]
    for asked in names:
        rules = {name: "none" for name in (*names, "cross_border") if name != asked}
        if asked == "natural_persons":
            rules["cross_border"] = "1 CNY"
        assert {one.rule for one in reports(*payments, **rules)} == {asked}


def test_a_threshold_so_high_that_counts_have_no_room() -> None:
    """A sum goes on exactly where the number of payments can no longer be told."""
    each, rules = 10**15 // 40, {"natural_persons": f"{10**15} CNY", "legal_persons": "none"}
    (one,) = reports(*((n / 100, ANN, FIRM, each, {}) for n in range(40)), **rules)
    assert (one.amount_fen, one.payment_ids[-1]) == (each * 100 * 40, 39)


# --- a whole run ------------------------------------------------------------------------------------------------------

LIMITS = {"cash": 900_00, "legal_persons": 20_000_00, "natural_persons": 2_500_00, "cross_border": 2_500_00}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Two days and a bit in a small town with low thresholds: payments, alerts, wallets."""
    folder = tmp_path_factory.mktemp("large")
    limits = {name: f"{fen // 100} CNY" for name, fen in LIMITS.items()}
    changes = {
        "scale": 0.02, "duration": "54 h", "start": "2026-03-04T15:30:00", "supervision": {"large_value": limits},
    }  # fmt: skip
    simulate(load("city-retail-day", overrides=changes).scenario, folder, name="large")
    return tuple(pd.read_parquet(Path(folder) / f"{name}.parquet") for name in ("payments", "alerts", "wallets"))


def slow(payments: pd.DataFrame, people: set[int]) -> list[tuple[int, str, str, int, int]]:
    """Every report that is due: account, rule, direction, day, the payment that reaches the threshold."""
    settled = payments[payments.outcome == "settled"].copy()
    offset = int(15.5 * HOUR)
    settled["day"] = (settled.completed_at_us.astype("int64") + offset) // (24 * HOUR)
    due = []
    for direction, side, cash in (("out", "payer", "top_up_fen"), ("in", "payee", "redeemed_fen")):
        for (account, day), its in settled.groupby([side, "day"]):
            rule = "natural_persons" if account in people else "legal_persons"
            for name, column in ((rule, "amount_fen"), ("cash", cash)):
                reached = its[column].cumsum() >= LIMITS[name]
                if reached.any():
                    due.append((int(account), name, direction, int(day), int(its.payment_id[reached].iloc[0])))
    return sorted(due)


def test_a_run_s_reports_are_those_that_pandas_finds(run: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> None:
    payments, alerts, wallets = run
    filed = alerts[alerts.kind == "large_value_report"]
    people = set(wallets.account[wallets.kind == "personal"])
    found = []
    for row in filed.itertuples():
        figures = json.loads(row.figures)
        last = json.loads(row.payment_ids)[-1]
        found.append((int(row.account), str(row.rule), figures["direction"], figures["day"], last))
    expected = slow(payments, people)
    assert sorted(found) == expected
    assert {one[1] for one in expected} == {"cash", "legal_persons", "natural_persons"}
    assert {one[3] for one in expected} == {0, 1, 2}
    assert (filed.status == "filed").all()


def test_what_a_report_says_adds_up(run: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> None:
    payments, alerts, _ = run
    known = payments.set_index("payment_id")
    for row in alerts[alerts.kind == "large_value_report"].itertuples():
        ids, figures = json.loads(row.payment_ids), json.loads(row.figures)
        column = {"cash": {"out": "top_up_fen", "in": "redeemed_fen"}[figures["direction"]]}.get(row.rule, "amount_fen")
        side = "payer" if figures["direction"] == "out" else "payee"
        assert (known.loc[ids, side] == row.account).all()
        assert row.amount_fen >= figures["threshold_fen"] == LIMITS[row.rule]
        listed = int(known.loc[ids, column].sum())
        assert listed <= row.amount_fen
        assert len(ids) < row.payments or listed == row.amount_fen
