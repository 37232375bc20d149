"""Payments by purse and across borders, edited by hands that hold the ledger's key: what follows from them gives it
away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sandbox
from sandbox import records
from sandbox.audit.auditor import audit
from sandbox.features.crossborder.audit import Posting, _matched
from sandbox.tables import table_file
from tests.journal.folders import copy_of, covered, edit_cell, kept, read_table, seal_again, told, write_table

Rows = dict[str, list[Any]]
BOUND = {"path": "shared_ledger", "outcome": "settled", "pvp": True}


@pytest.fixture(scope="module")
def across(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of payments across borders through both arrangements."""
    loaded = sandbox.load("mbridge-or-correspondent", set={"duration": "2 d", "scale": 0.3})
    return sandbox.run(loaded, out=tmp_path_factory.mktemp("across") / "run").path


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cards, some of them cloned; some people are old."""
    loaded = sandbox.load("cloned-cards", set={"duration": "3 d", "population.cohorts": "{old: {share: 20 %}}"})
    return sandbox.run(loaded, out=tmp_path_factory.mktemp("cards") / "run").path


def said(folder: Path, name: str, edit: Callable[[Rows], None]) -> str:
    """What is said after an edit of a table, everything signed again."""
    with kept(*covered(folder)):
        columns = read_table(folder, name)
        edit(columns)
        write_table(folder, name, columns)
        seal_again(folder)
        return told(audit(folder, first_only=True))


def row_where(columns: Rows, **values: Any) -> int:
    """The first row that says so; `...` is anything but null."""
    return next(
        row
        for row in range(len(next(iter(columns.values()))))
        if all(columns[name][row] == value or (value is ... and columns[name][row] is not None)
               for name, value in values.items())
    )  # fmt: skip


def at(column: str, new: Callable[[Any], Any], **where: Any) -> Callable[[Rows], None]:
    """An edit of one cell, in the first row that says so."""

    def edit(columns: Rows) -> None:
        row = row_where(columns, **where)
        columns[column][row] = new(columns[column][row])

    return edit


def bound_row(edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Rows], None]:
    """An edit of several cells of a payment whose legs were bound."""

    def edited(columns: Rows) -> None:
        row = row_where(columns, **BOUND)
        for name, value in edit({name: values[row] for name, values in columns.items()}).items():
            columns[name][row] = value

    return edited


def doubled(row: dict[str, Any]) -> dict[str, Any]:
    """Twice as much sent and credited, at the same rate."""
    return {"amount_fen": 2 * row["amount_fen"] - row["fee_fen"], "credited_fen": 2 * row["credited_fen"]}


def earlier(row: dict[str, Any]) -> dict[str, Any]:
    """Settled and credited before."""
    return {name: row[name] - 1 for name in ("settled_at_us", "completed_at_us")}


def dearer(row: dict[str, Any]) -> dict[str, Any]:
    """A fee of one fen more, on top."""
    return {name: row[name] + 1 for name in ("amount_fen", "fee_fen")}


def test_sound_folders_hold(across: Path, cards: Path) -> None:
    for folder in (across, cards):
        found = audit(folder)
        assert told(found) == ""
        assert found.covers == "every_balance"
    shared = read_table(across, "crossborder")
    assert sum(shared["pvp"]) > 100
    offline = read_table(cards, "offline")
    assert min(offline["outcome"].count(one) for one in ("settled", "double_spend", "open")) > 0


CROSSBORDER: dict[str, tuple[Callable[[Rows], None], str]] = {
    "credited": (at("credited_fen", lambda fen: fen + 1, **BOUND), "what was credited is not what was sent"),
    "dearer": (bound_row(dearer), "crossborder.arrangements[shared_ledger].cost_share is"),
    "doubled": (bound_row(doubled), "nothing moved between the banks that would settle it"),
    "earlier": (bound_row(earlier), "nothing moved between the banks that would settle it"),
    "checked longer": (at("compliance_us", lambda us: us + 1, **BOUND), "compliance_us_mean is"),
    "credited later": (at("completed_at_us", lambda us: us + 1, **BOUND), "settled and credited at two instants"),
    "rate": (at("rate", lambda rate: rate * 1.001, **BOUND), "what was credited is not what was sent, at its rate"),
    "no rate": (at("rate", lambda _: None, **BOUND), "outcome, currencies and rate do not agree"),
    "dealer": (at("dealer", lambda bank: bank + " 0", **BOUND), "nothing moved between the banks"),
    "not bound": (at("pvp", lambda _: False, **BOUND), "between"),
    "exposed": (at("exposed_fen", lambda _: 5, **BOUND), "exposed_from_us, exposed_us and exposed_fen do not agree"),
    "refused": (at("outcome", lambda _: "refused", **BOUND), "outcome and credited_fen do not agree"),
    "hops": (at("hops", lambda hops: hops + 1, path="correspondent"), "hops and agents do not agree"),
    "agents": (at("agents", lambda _: "[" * 100_000, path="correspondent"), "hops and agents do not agree"),
    "value": (at("value_usd_cents", lambda cents: cents + 1, path="shared_ledger"), "another payment than in the"),
    "time": (at("completed_at_us", lambda _: 0, path="correspondent", outcome="settled"), "ended before it was"),
    "reason": (at("reason", lambda _: "no_quote", path="correspondent", outcome="settled"), "outcome and reason do"),
    "twice": (lambda columns: [values.insert(4, values[4]) for values in columns.values()], "stands twice in one"),
    "gone": (lambda columns: [values.pop(0) for values in columns.values()], "not every payment is in every"),
    "chain": (at("completed_at_us", lambda us: us + 1, path="correspondent", outcome="settled"), "summary.json"),
}  # fmt: skip


@pytest.mark.parametrize("name", CROSSBORDER)
def test_a_payment_across_borders_that_cannot_be_so_is_named(across: Path, name: str) -> None:
    edit, reason = CROSSBORDER[name]
    if name == "chain":  # the slowest, so that a number of the summary changes
        columns = read_table(across, "crossborder")
        took = [
            -1 if path != "correspondent" or outcome != "settled" else ended - begun
            for path, outcome, ended, begun in zip(
                *(columns[one] for one in ("path", "outcome", "completed_at_us", "submitted_at_us")), strict=True
            )
        ]
        slowest = took.index(max(took))
        edit = at("completed_at_us", lambda us: us + 1, uetr=columns["uetr"][slowest], path="correspondent")
    found = said(across, "crossborder", edit)
    assert reason in found


def banks_of(across: Path) -> list[int]:
    ledger = read_table(across, "ledger")
    return [at for at, kind in enumerate(ledger["kind"]) if kind == "ledger_bank" and ledger["currency"][at] == "CNY"]


def test_money_that_moves_on_the_shared_ledger_for_nobody_is_named(across: Path) -> None:
    """There and back again, ledger and all: every balance and every sum holds."""
    one, other, *_ = banks_of(across)
    with kept(*covered(across)):
        postings, ledger = read_table(across, "postings"), read_table(across, "ledger")
        for payer, payee in ((one, other), (other, one)):
            row = (postings["at_us"][-1], postings["after"][-1], payer, payee, 7)
            for name, value in zip(postings, row, strict=True):
                postings[name].append(value)
            ledger["debits_fen"][payer] += 7
            ledger["credits_fen"][payee] += 7
        write_table(across, "postings", postings)
        write_table(across, "ledger", ledger)
        seal_again(across)
        found = told(audit(across, first_only=True))
    row = len(postings["at_us"]) - 2
    assert found.startswith(f"postings.parquet: row {row}: banks moved this on the shared ledger at ")


def test_a_leg_through_two_dealers_is_not_one() -> None:
    """1 pays 10 to 2, 3 pays 20 to 4: 2 and 3 must be one bank's accounts."""
    names = [("a", "CNY"), ("b", "CNY"), ("c", "HKD"), ("d", "HKD"), ("b", "HKD")]
    place = {name: at for at, name in enumerate(names)}
    row = {
        "payer_bank": "a", "payer_currency": "CNY", "payee_bank": "d", "payee_currency": "HKD", "pvp": True,
        "amount_fen": 11, "fee_fen": 1, "credited_fen": 20, "dealer": "b",
    }  # fmt: skip
    bound = [Posting(0, 5, 0, 1, 10), Posting(1, 5, 4, 3, 20)]
    assert _matched({9: row}, bound, place) == (None, None)
    assert _matched({9: row}, [bound[0], Posting(1, 5, 2, 3, 20)], place) == (9, None)
    assert _matched({9: row}, bound[:1], place) == (9, None)
    assert _matched({9: row, 10: row}, bound, place) == (10, None) or _matched({9: row, 10: row}, bound, place)[0] == 9
    assert _matched({}, bound, place) == (None, 0)


SETTLED = {"outcome": "settled", "settled_at_us": ...}


def twice(columns: Rows) -> None:
    """A double spend made an honest payment."""
    keys = list(zip(columns["payer"], columns["counter"], strict=True))
    settled = {key for key, outcome in zip(keys, columns["outcome"], strict=True) if outcome == "settled"}
    for row, key in enumerate(keys):
        if columns["outcome"][row] == "double_spend" and key in settled:
            columns["outcome"][row], columns["loss_fen"][row], columns["borne_by"][row] = "settled", 0, None
            return
    raise AssertionError("no counter was used twice")


OFFLINE: dict[str, tuple[Callable[[Rows], None], str]] = {
    "twice": (twice, "its payer's counter was settled before"),
    "amount": (at("amount_fen", lambda fen: fen + 1, **SETTLED), "offline.payments_fen is "),
    "no amount": (at("amount_fen", lambda _: 0, **SETTLED), "amount, counter or hops is not above zero"),
    "loss": (at("loss_fen", lambda fen: fen - 1, borne_by=...), "offline.loss.total_fen is "),
    "loss too great": (at("loss_fen", lambda _: 10**9, borne_by=...), "more than amount_fen"),
    "nobody": (at("borne_by", lambda _: None, borne_by=...), "loss_fen and borne_by do not agree"),
    "somebody else": (at("borne_by", lambda _: "fund", borne_by="operator"), "offline.loss.by_bearer_fen.operator is "),
    "somebody unknown": (at("borne_by", lambda _: "me", borne_by=...), "borne_by is none of"),
    "never shown": (at("presented_at_us", lambda _: None, **SETTLED), "outcome and presented_at_us do not agree"),
    "never settled": (at("settled_at_us", lambda _: None, **SETTLED), "outcome and settled_at_us do not agree"),
    "too early": (at("settled_at_us", lambda _: 0, **SETTLED), "it was settled before it was shown"),
    "signed": (at("signed", lambda value: not value, **SETTLED), "offline.signed is "),
    "hops": (at("hops", lambda hops: hops + 9, **SETTLED), "offline.hops_mean is "),
    "no wallet": (at("payee_account", lambda _: 10**6, **SETTLED), "behind a purse is no wallet or merchant"),
    "another wallet": (at("payee_account", lambda at: at - 1, **SETTLED), "another wallet behind it than before"),
    "an outcome": (at("outcome", lambda _: "won", **SETTLED), "its outcome is none of"),
    "gone": (lambda columns: [values.pop(0) for values in columns.values()], "payments are not numbered from 0"),
}


@pytest.mark.parametrize("name", OFFLINE)
def test_a_payment_by_purse_that_cannot_be_so_is_named(cards: Path, name: str) -> None:
    edit, reason = OFFLINE[name]
    assert reason in said(cards, "offline", edit)


@pytest.mark.parametrize(("column", "other"), [("kind", "corporate"), ("currency", "USD"), ("owner", "nobody")])
def test_what_an_account_is_follows_from_the_scenario(cards: Path, column: str, other: str) -> None:
    def edit(columns: Rows) -> None:
        columns[column][5] = other

    assert f"row 5: {column} is {other}; by scenario.yaml it is" in said(cards, "ledger", edit)


def test_who_is_in_which_cohort_follows_from_the_scenario(cards: Path) -> None:
    def other(columns: Rows) -> None:
        columns["account"][-1] += 1

    assert "cohorts.parquet: row" in (found := said(cards, "cohorts", other))
    assert "by scenario.yaml it is" in found


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("offline.money.in_escrow_fen", "ledger"),
        ("offline.money.loaded_fen", "postings"),
        ("offline.money.covered_fen", "postings"),
        ("offline.money.paid_out_fen", "postings"),
        ("offline.loss.by_bearer_fen.operator", "offline"),
        ("offline.loss.found_bound_fen", "offline"),
        *((f"offline.tampered.0.{name}", "offline") for name in ("payments", "payments_fen", "bound_fen")),
        *((f"stations.0.{name}", "stations") for name in ("arrivals", "served", "refused", "withdrawn", "queue_max")),
        ("risk.liquidity.by_institution.0.opening_fen", "ledger"),
        ("risk.liquidity.by_institution.0.closing_fen", "ledger"),
        ("risk.liquidity.orders", "ledger"),
        ("risk.operational.worst_bin_success_share", "series"),
    ],
)
def test_a_figure_is_worked_out_again(cards: Path, path: str, table: str) -> None:
    assert f"by {table}.parquet it is" in figure_said(cards, path, lambda value: value + 1)


def test_a_bound_below_what_was_spent_twice_is_named(cards: Path) -> None:
    assert "were spent twice by offline.loss" in figure_said(cards, "offline.loss.bound_fen", lambda _: 0)


def figure_said(folder: Path, path: str, edit: Callable[[Any], Any]) -> str:
    """What is said after an edit of a number of the summary, everything signed again."""
    with kept(*covered(folder)):
        file = folder / records.SUMMARY
        here = summary = json.loads(file.read_text())
        *above, last = path.split(".")
        for step in above:
            here = here[int(step) if step.isdecimal() else step]
        here[last] = edit(here[last])
        file.write_text(json.dumps(summary))
        seal_again(folder)
        return told(audit(folder))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("offline", "every run whose scenario has a section offline has it"),
        ("postings", "every run whose scenario has a section offline has it"),
        ("stations", "every run has it"),
    ],
)
def test_a_table_that_was_taken_away_for_good_is_asked_for(cards: Path, tmp_path: Path, name: str, why: str) -> None:
    """Gone from the manifest too: only the scenario tells that there was one."""
    copy = copy_of(cards, tmp_path / "copy")
    (copy / table_file(name)).unlink()
    manifest = json.loads((copy / records.MANIFEST).read_text())
    del manifest["tables"][name]
    (copy / records.MANIFEST).write_text(json.dumps(manifest))
    seal_again(copy)
    assert f"{name}.parquet: {why}, and it is not here" in told(audit(copy))


def test_a_number_of_a_payment_that_stands_twice_is_named(evening: Path) -> None:
    with kept(*covered(evening)):
        first = read_table(evening, "payments")["payment_id"][0]
        edit_cell(evening, "payments", "payment_id", 300, lambda _: first)
        seal_again(evening)
        assert "payments.parquet: row 300: its payment_id stands twice" in told(audit(evening))
