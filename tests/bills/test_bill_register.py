"""Bills from strangers: what is not in its form, not in order, not allowed or not signed is refused, and says where."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from sandbox.core.moves import Receipt
from sandbox.features.bills.register import FORM, BadBill, BillRegister, bill_file, key_of, party, read_bill
from sandbox.journal.register import Entry
from wallets.strict_json import canonical

SEED = 11
CORE, FIRST, SECOND, BANK = 1, 2, 3, 4


@pytest.fixture(scope="module")
def register() -> BillRegister:
    """One bill, split, endorsed, sold and not paid."""
    found = BillRegister()
    package = found.move(0, 10, "issue", CORE, acceptor=CORE, payee=FIRST, face_fen=100, due_us=1_000, pay_by_us=1_100,
                         splittable=True)  # fmt: skip
    found.move(0, 10, "accept", CORE)
    found.move(0, 11, "split", FIRST, package.parts[0], off_fen=60)
    off, rest = package.parts
    found.move(0, 12, "endorse", FIRST, off, to=SECOND)
    found.move(0, 13, "offer", SECOND, off, to=BANK, price_fen=59)
    found.move_with_receipt(0, 14, "take", off, SECOND, Receipt(7, BANK, SECOND, 59))
    found.move(0, 1_000, "present", BANK, off)
    found.move(0, 1_000, "present", FIRST, rest)
    found.move_with_receipt(0, 1_001, "discharge", rest, FIRST, Receipt(8, CORE, FIRST, 40))
    found.move(0, 1_002, "dishonour", CORE, off)
    found.move_with_receipt(0, 1_003, "recourse", off, BANK, Receipt(9, SECOND, BANK, 60))
    found.move(0, 1_004, "refuse", FIRST, off)
    found.move(0, 1_005, "lose", SECOND, off)
    return found


@pytest.fixture(scope="module")
def good(register: BillRegister) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bill_file(register, 0, SEED))
    return found


def test_a_bill_is_read_as_it_was_written(register: BillRegister, good: dict[str, Any]) -> None:
    found = read_bill(canonical(good))
    assert found.parts == register.packages[0].parts
    assert [part.outcome for part in found.parts] == ["recourse", "discharged"]
    keys = {account: key_of(SEED, account).public for account in (CORE, FIRST, SECOND, BANK)}
    assert read_bill(canonical(good), keys).terms == found.terms


def _with(good: dict[str, Any], number: int, sign: bool = True, **changes: Any) -> bytes:
    """The bill with an entry changed by somebody who holds all keys, and may sign and chain everything anew."""
    copy = json.loads(json.dumps(good))
    copy["entries"][number]["content"] |= changes
    if sign:
        _chain(copy)
    return canonical(copy)


def _chain(copy: dict[str, Any]) -> None:
    previous, entries = bytes(32), []
    for row in copy["entries"]:
        row["content"]["previous"] = previous.hex()
        previous = FORM.hash_of(row["content"])
        entries.append(Entry(row["content"], previous))
    for row, signature in zip(copy["entries"], BillRegister().signatures(SEED, entries), strict=True):
        row["signature"] = signature.hex()


@pytest.mark.parametrize(
    ("number", "changes", "why"),
    [
        (2, {"off_fen": 100}, "cannot be cut off"),
        (3, {"to": CORE}, "liable"),
        (5, {"amount_fen": 58}, "58 fen moved, not 59"),
        (8, {"amount_fen": 39}, "39 fen moved, not 40"),
        (8, {"payment": 7}, "paid for something already"),
        (8, {"payer": BANK}, "between others"),
        (10, {"payer": FIRST, "payment": 8}, "already"),
        (10, {"payment": True}, "not a whole number"),
        (6, {"at_us": 999}, "not due"),
        (6, {"by": FIRST}, "does not hold"),
        (1, {"by": SECOND}, "only the acceptor"),
        (0, {"face_fen": 0}, "not above 0"),
        (0, {"face_fen": 10**18}, "too large"),
        (0, {"face_fen": "100"}, "not a whole number"),
        (0, {"face_fen": -1}, "not a whole number"),
        (0, {"splittable": 1}, "not true or false"),
        (4, {"move": "give"}, "no move 'give'"),
        (4, {"gift": 1}, "does not know 'gift'"),
        (4, {"entry": 5}, "4 comes next"),
        (12, {"first": 1, "last": 59}, "has no part 1-59"),
        (4, {"bill": 1}, "it is number 4; 0 comes next"),
    ],
)  # fmt: skip
def test_what_could_not_have_happened(good: dict[str, Any], number: int, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(BadBill, match=f"entry {number}: .*{why}"):
        read_bill(_with(good, number, **changes))


def test_a_changed_entry_is_not_signed(good: dict[str, Any]) -> None:
    with pytest.raises(BadBill, match=r"entry 13|entry 12"):
        read_bill(_with(good, 12, sign=False, at_us=1_006))
    with pytest.raises(BadBill, match=r"entry 4: .*previous"):
        read_bill(_with(good, 3, sign=False, at_us=13))


def test_keys_are_the_known_ones_where_they_are_known(good: dict[str, Any]) -> None:
    strangers = {account: key_of(SEED + 1, account).public for account in (CORE, FIRST, SECOND, BANK)}
    with pytest.raises(BadBill, match=f"entry 0: the signature is not that of {party(CORE)}"):
        read_bill(canonical(good), strangers)
    with pytest.raises(BadBill, match="entry 0: there is no key"):
        read_bill(canonical(good), {})


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"\xff", "not UTF-8"),
        (b'{"kind":1,"entries":[],"keys":[]}', "kind"),
        (b'{"kind":"bill of ecny-sandbox","entries":[],"keys":[]}', "no list of 1 to"),
        (b'{"kind":"bill of ecny-sandbox","entries":[1],"keys":[]}', "entry 0"),
        (b'{"kind":"bill of ecny-sandbox","entries":[{}],"keys":[{},{}]}', "key 0: public key: lacks"),
        (b'{"kind":"bill of ecny-sandbox","entries":[{"content":1,"signature":""}],"keys":[]}', "content is 1"),
        (b'{"kind":NaN}', "NaN"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":1,"a":1}', "twice"),
    ],
)
def test_what_is_no_bill(source: bytes, why: str) -> None:
    with pytest.raises(BadBill, match=why):
        read_bill(source)


def test_a_name_with_two_keys(good: dict[str, Any]) -> None:
    copy = json.loads(json.dumps(good))
    copy["keys"].append(copy["keys"][0])
    with pytest.raises(BadBill, match="two keys"):
        read_bill(canonical(copy))


def test_any_changed_byte_is_noticed(good: dict[str, Any]) -> None:
    """Of 400 random changes of a byte, the reader takes none for the bill and raises nothing but `BadBill`."""
    data, rng = canonical(good), random.Random(5)
    for _ in range(400):
        at = rng.randrange(len(data))
        other = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        if other == data:
            continue
        with pytest.raises(BadBill):
            read_bill(other)
