"""Contracts, bills and data in the short summary."""

from __future__ import annotations

from sandbox.cli.summary import _money
from sandbox.feature import declared
from sandbox.summary_lines import Line

FOOD = {"name": "food", "amount_fen": 160_000_000, "spent_fen": 114_814_650, "returned_fen": 45_185_350, "held_fen": 0}
BILLS = {
    "bills": 1_082,
    "face_fen": 9_365_104_734,
    "sold_fen": 5_806_364_940,
    "cost_fen": 21_069_396,
    "outcomes": [{"outcome": "discharged", "face_fen": 500}, {"outcome": "recourse", "face_fen": 300}],
}
DATA = {
    "trades": 1_431,
    "paid_fen": 653_358_500,
    "people_fen": 19_895_850,
    "returned_fen": 76_555_500,
    "states": [{"state": "posted", "trades": 1_359}, {"state": "open", "trades": 72}],
}


def lines(**summary):
    return [row for _, one in declared(Line) for row in one.lines(summary, _money)]


def test_a_run_without_them_says_nothing():
    assert lines() == []
    assert lines(contracts=None, bills=None, data_exchange=None) == []


def test_each_contract_has_a_line():
    said = lines(contracts={"contracts": [FOOD, {**FOOD, "name": "books"}]})
    assert [value.split(":")[0] for _, value in said] == ["food", "books"]
    assert said[0][1].startswith("food: 1.15 million CNY of 1.60 million CNY handed over, 451,853.50 CNY back, ")
    assert said[0][1].endswith(", 0.00 CNY still held")


def test_bills_say_what_they_cost_and_what_was_not_paid():
    said = dict(lines(bills=BILLS))
    assert said["bills"].startswith("1,082 of 93.65 million CNY in all; 58.06 million CNY sold to banks")
    assert said["bills"].endswith("for 210,693.96 CNY")
    assert said["  not paid"].startswith("3.00 CNY of their face")
    assert "  not paid" not in dict(lines(bills={**BILLS, "outcomes": BILLS["outcomes"][:1]}))


def test_data_says_what_was_paid_and_to_whom():
    said = dict(lines(data_exchange=DATA))["data"]
    assert said.startswith("1,359 of 1,431 orders paid, 6.53 million CNY, 198,958.50 CNY of it to people")
