"""A run's payments across borders against themselves, the postings and the summary.

On the shared ledger every credited payment is found again among the postings between banks: both its legs at the
instant at which it settled, one right after the other through one dealing bank, or the one leg that it needs; and no
money moves there that no payment explains. What moves on the chain of correspondents is not told apart by payment.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.audit.arrow import read
from sandbox.audit.counts import differ
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.problems import Problem, in_row, problem
from sandbox.features.crossborder.currencies import MINOR_DIGITS
from sandbox.features.crossborder.numbers import numbers_of_payments
from sandbox.features.crossborder.payment import ATTRIBUTES, Payment
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import N_
from sandbox.tables import TABLES, table_file

CROSSBORDER: Final = table_file("crossborder")
POSTINGS: Final = table_file("postings")
SHARED: Final = "shared_ledger"
BANKS: Final = "ledger_bank"
"""Kind of the banks' accounts on the shared ledger."""
OUTCOMES: Final = ("settled", "refused", "returned", "lost", "pending")
SAME: Final = (
    "uetr", "corridor", "purpose", "payer", "payee", "payer_bank", "payee_bank", "from_jurisdiction", "to_jurisdiction",
    "payer_currency", "payee_currency", "value_usd_cents", "submitted_at_us",
)  # fmt: skip
"""What is the same in every arrangement of a payment."""

# What does not hold.

Row = dict[str, Any]


class Posting(NamedTuple):
    """One posting between banks on the shared ledger."""

    row: int
    at_us: int
    payer: int
    payee: int
    amount: int


def audit(run: Folder) -> Iterator[Problem]:
    """Everything about a run's payments across borders; nothing if it has none."""
    folder, crossborder = run.path, None if run.scenario is None else run.scenario.section(CrossBorder)
    if not (folder / CROSSBORDER).is_file():
        return
    rows: list[Row] = read(folder, "crossborder", [column.name for column in TABLES["crossborder"]]).to_pylist()
    for number, row in enumerate(rows):
        reason = _wrong(row, rows[number - 1] if number else None)
        if reason is not None:
            yield problem(CROSSBORDER, in_row(number), reason, outcomes=", ".join(OUTCOMES))
            return
    turnover: Mapping[str, int] = {}
    if (folder / POSTINGS).is_file():
        turnover = yield from _legs(folder, rows)
    if run.summary is not None and run.scenario is not None and crossborder is not None:
        yield from _summary(rows, run.summary, turnover, crossborder, run.scenario.start)


def _wrong(row: Row, before: Row | None) -> str | None:
    """Why no payment across borders can be so; what is asked first must hold for what is asked after."""
    return next((reason for holds, reason in _rules(row, before) if not holds), None)


def _rules(row: Row, before: Row | None) -> Iterator[tuple[bool, str]]:
    ended, settled, credited, outcome = (
        row[name] for name in ("completed_at_us", "settled_at_us", "credited_fen", "outcome")
    )
    good, one_currency = outcome == "settled", row["payer_currency"] == row["payee_currency"]
    first = before is None or before["payment_id"] != row["payment_id"]
    number = 0 if before is None else before["payment_id"] + first
    yield row["payment_id"] == number, N_("payments are not numbered from 0")
    if before is not None and not first:
        yield before["path"] < row["path"], N_("a payment stands twice in one arrangement")
        same = all(before[name] == row[name] for name in SAME)
        yield same, N_("it is another payment than in the other arrangement")
    yield outcome in OUTCOMES, N_("its outcome is none of {outcomes}")
    yield 0 <= row["fee_fen"] < row["amount_fen"], N_("fee_fen is below zero, or all of amount_fen")
    yield (credited is not None) == good, N_("outcome and credited_fen do not agree")
    yield credited is None or credited > 0, N_("credited_fen is not above zero")
    yield (ended is None) == (outcome == "pending"), N_("outcome and completed_at_us do not agree")
    yield (row["reason"] is None) == (outcome in ("settled", "pending")), N_("outcome and reason do not agree")
    yield settled is not None or not good, N_("outcome and settled_at_us do not agree")
    yield settled is None or row["submitted_at_us"] <= settled, N_("it was settled before it was submitted")
    yield ended is None or row["submitted_at_us"] <= ended, N_("it ended before it was submitted")
    yield not good or settled <= ended, N_("it was credited before it was settled")
    yield _agents(row) == row["hops"], N_("hops and agents do not agree")
    exposed = row["exposed_us"], row["exposed_fen"]
    yield min(exposed) >= 0, N_("exposed_us or exposed_fen is below zero")
    alone = (row["exposed_from_us"] is None) == (exposed == (0, 0))
    yield alone, N_("exposed_from_us, exposed_us and exposed_fen do not agree")
    yield not row["pvp"] or exposed == (0, 0), N_("the legs of each exchange were bound together, yet one was exposed")
    if row["path"] == SHARED:
        yield (row["rate"] is None) == (not good or one_currency), N_("outcome, currencies and rate do not agree")
        yield (row["dealer"] is None) == (row["rate"] is None), N_("dealer and rate do not agree")
    if row["path"] == SHARED and good:
        yield settled == ended, N_("it was settled and credited at two instants")
        said = _sent(row) == credited if one_currency else row["rate"] == _rate(row)
        yield said, N_("what was credited is not what was sent, at its rate")


def _agents(row: Row) -> int:
    try:
        agents = json.loads(row["agents"])
    except (ValueError, RecursionError):
        return -1
    return len(agents) if isinstance(agents, list) else -1


def _rate(row: Row) -> float:
    """Units of the payee's currency for one of the payer's."""
    digits = MINOR_DIGITS.get(row["payer_currency"], 2) - MINOR_DIGITS.get(row["payee_currency"], 2)
    return float(row["credited_fen"] / _sent(row) * 10.0**digits)


def _sent(row: Row) -> int:
    """What went off, without fees."""
    return int(row["amount_fen"] - row["fee_fen"])


# --- legs --------------------------------------------------------------------------------------------------------


def _legs(folder: Path, rows: list[Row]) -> Any:
    """Payments on the shared ledger and postings between its banks against each other; returns turnover by currency."""
    ledger = read(folder, "ledger", ["owner", "kind", "currency"]).to_pylist()
    place = {(one["owner"], one["currency"]): at for at, one in enumerate(ledger) if one["kind"] == BANKS}
    due: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        if row["path"] == SHARED and row["outcome"] == "settled":
            due.setdefault(row["settled_at_us"], []).append(number)
    moved: dict[int, list[Posting]] = {}
    turnover = dict.fromkeys((one["currency"] for one in ledger if one["kind"] == BANKS), 0)
    names = ["at_us", "payer", "payee", "amount_fen"]
    table = read(folder, "postings", names)
    for at, (at_us, payer, payee, fen) in enumerate(
        zip(*(table.column(name).to_pylist() for name in names), strict=True)
    ):
        if all(0 <= one < len(ledger) and ledger[one]["kind"] == BANKS for one in (payer, payee)):
            moved.setdefault(at_us, []).append(Posting(at, at_us, payer, payee, fen))
            turnover[ledger[payer]["currency"]] += fen
    for at_us in sorted(due.keys() | moved.keys()):
        numbers = due.get(at_us, [])
        if any((rows[one][f"{side}_bank"], rows[one][f"{side}_currency"]) not in place
               for one in numbers for side in ("payer", "payee")):  # fmt: skip
            yield problem(CROSSBORDER, in_row(numbers[0]), N_("a bank has no account on the shared ledger"))
            return turnover
        lacks, more = _matched({one: rows[one] for one in numbers}, moved.get(at_us, []), place)
        if lacks is not None:
            message = N_("at {at_us} us nothing moved between the banks that would settle it")
            yield problem(CROSSBORDER, in_row(lacks), message, at_us=at_us)
            return turnover
        if more is not None:
            message = N_(
                "banks moved this on the shared ledger at {at_us} us, and no payment across borders settled by it"
            )
            yield problem(POSTINGS, in_row(more), message, at_us=at_us)
            return turnover
    return turnover


def _matched(
    due: dict[int, Row], moved: list[Posting], place: dict[tuple[str, str], int]
) -> tuple[int | None, int | None]:
    """Payments that settled at one instant against what moved then: a payment without its legs, a leg without one."""
    owner = {at: bank for (bank, __), at in place.items()}
    bound: dict[tuple[str | None, tuple[int, int, int, int]], list[int]] = {}
    for number, row in due.items():
        if row["pvp"]:
            bound.setdefault((row["dealer"], _ends(row, place)), []).append(number)
    left, at = set(due), 0
    single: list[Posting] = []
    while at < len(moved):
        one, other = moved[at], moved[at + 1] if at + 1 < len(moved) else None
        between = None if other is None or owner[one.payee] != owner[other.payer] else owner[one.payee]
        key = between, (one.payer, -1, one.amount, 0) if other is None else (
            one.payer, other.payee, one.amount, other.amount
        )  # fmt: skip
        if between is not None and bound.get(key):
            left.discard(bound[key].pop())
            at += 2
        else:
            single.append(one)
            at += 1
    alone = Counter((one.payer, one.payee, one.amount) for one in single)
    for number in sorted(left):
        row = due[number]
        if row["pvp"]:
            return number, None
        payer, payee, sent, credited = _ends(row, place)
        within = owner[payer] == owner[payee]
        same = row["payer_currency"] == row["payee_currency"]
        # Within one bank nothing moves; a bank that exchanges for its own customer needs the other leg only.
        legs = [(payer, payee, sent)] if same else [
            (payer, place.get((owner[payee], row["payer_currency"]), -1), sent),
            (place.get((owner[payer], row["payee_currency"]), -1), payee, credited),
        ]  # fmt: skip
        leg = next((leg for leg in legs if alone[leg] > 0), None)
        if leg is not None:
            alone[leg] -= 1
        elif not within:
            return number, None
    return None, next((one.row for one in single if alone[one.payer, one.payee, one.amount] > 0), None)


def _ends(row: Row, place: dict[tuple[str, str], int]) -> tuple[int, int, int, int]:
    payer = place[row["payer_bank"], row["payer_currency"]]
    return payer, place[row["payee_bank"], row["payee_currency"]], _sent(row), row["credited_fen"]


# --- summary -----------------------------------------------------------------------------------------------------


def _summary(
    rows: list[Row], summary: Mapping[str, Any], turnover: Mapping[str, int], crossborder: CrossBorder, start: datetime
) -> Iterator[Problem]:
    """Every number that the payments alone give, by the definitions of a run, and the turnover of the shared ledger."""
    names, rows_of = crossborder.arrangement_names, Counter(row["path"] for row in rows)
    if set(rows_of) - set(names) or len({rows_of[name] for name in names}) > 1:
        yield problem(CROSSBORDER, "", N_("not every payment is in every arrangement of the scenario, and in no other"))
        return
    people = {name for name, one in crossborder.corridors.items() if one.individuals}
    banks = {name: number for number, (_, name) in enumerate(crossborder.banks())}
    unknown = next((number for number, row in enumerate(rows) if row["payer_bank"] not in banks), None)
    if unknown is not None:
        yield problem(CROSSBORDER, in_row(unknown), N_("the payer's bank is no bank of the scenario"))
        return
    payments = [_payment(row, row["corridor"] in people, banks[row["payer_bank"]]) for row in rows]
    yield from differ(summary, CROSSBORDER, numbers_of_payments(crossborder, start, names, payments))
    if turnover:
        liquidity = [{"currency": code, "turnover_fen": fen} for code, fen in turnover.items()]
        arrangements = [{"liquidity": liquidity} if name == SHARED else {} for name in names]
        yield from differ(summary, POSTINGS, {"crossborder": {"arrangements": arrangements}})


def _payment(row: Row, individuals: bool, payer_bank: int) -> Payment:
    """What happened to a payment, as its row tells it; the payee's bank's number and the key are not in it."""
    found = {ATTRIBUTES.get(name, name): value for name, value in row.items() if name not in ("amount_fen", "hops")}
    found |= {"amount": _sent(row), "agents": json.loads(row["agents"]), "payer_bank": payer_bank, "payee_bank": 0}
    return Payment(individuals=individuals, key=np.uint64(0), **found)


AUDIT: Final = Audit("crossborder", audit)
