"""Nasty files in the place of a bill: each is refused with `BadBill` that names the entry (or key), none hangs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.core.moves import Receipt
from sandbox.features.bills.register import FORM, BadBill, BillRegister, bill_file, key_of, read_bill
from sandbox.journal.register import Entry
from tests.effort import calls
from wallets.keys import ORDER
from wallets.strict_json import canonical

SEED = 5
CORE, FIRST, SECOND, BANK = 1, 2, 3, 4

Nasty = Callable[[dict[str, Any]], Any]


def made(bill: int = 0, seed: int = SEED) -> dict[str, Any]:
    """A sound bill: accepted, split, sold in part, paid."""
    register = BillRegister()
    for number in range(bill + 1):
        package = register.move(number, 10, "issue", CORE, acceptor=CORE, payee=FIRST, face_fen=100, due_us=1_000,
                                pay_by_us=1_100, splittable=True)  # fmt: skip
        register.move(number, 10, "accept", CORE)
        register.move(number, 11, "split", FIRST, package.parts[0], off_fen=60)
        off, rest = package.parts
        register.move(number, 12, "endorse", FIRST, off, to=SECOND)
        register.move(number, 13, "offer", SECOND, off, to=BANK, price_fen=59)
        register.move_with_receipt(number, 14, "take", off, SECOND, Receipt(7 + 10 * number, BANK, SECOND, 59))
        register.move(number, 1_000, "present", FIRST, rest)
        register.move_with_receipt(number, 1_001, "discharge", rest, FIRST, Receipt(8 + 10 * number, CORE, FIRST, 40))
    found: dict[str, Any] = json.loads(bill_file(register, bill, seed))
    return found


def signed_again(file: dict[str, Any]) -> dict[str, Any]:
    """Chained and signed anew, by somebody with all keys."""
    previous, entries = bytes(32), []
    for number, row in enumerate(file["entries"]):
        row["content"] |= {"entry": number, "previous": previous.hex()}
        previous = FORM.hash_of(row["content"])
        entries.append(Entry(row["content"], previous))
    for row, signature in zip(file["entries"], BillRegister().signatures(SEED, entries), strict=True):
        row["signature"] = signature.hex()
    return file


def at(number: int, again: bool = False, **changes: Any) -> Nasty:
    """Other values in an entry."""

    def change(file: dict[str, Any]) -> Any:
        file["entries"][number]["content"] |= changes
        return signed_again(file) if again else file

    return change


def key(number: int, **changes: Any) -> Nasty:
    """Other values in a key."""

    def change(file: dict[str, Any]) -> Any:
        file["keys"][number] |= changes
        return file

    return change


def text(change: Callable[[str], str]) -> Nasty:
    """Another spelling of the file."""
    return lambda file: change(canonical(file).decode()).encode()


def signature(change: Callable[[str], str]) -> Nasty:
    """Another signature of entry 2."""

    def make(file: dict[str, Any]) -> Any:
        file["entries"][2]["signature"] = change(file["entries"][2]["signature"])
        return file

    return make


def malleated(words: str) -> str:
    """The other s that verifies as well."""
    return words[:64] + f"{ORDER - int(words[64:], 16):064x}"


def swapped(file: dict[str, Any]) -> Any:
    rows = file["entries"]
    rows[3], rows[4] = rows[4], rows[3]
    return file


def dropped(file: dict[str, Any]) -> Any:
    del file["entries"][3]
    return file


def doubled(file: dict[str, Any]) -> Any:
    file["entries"].insert(5, json.loads(json.dumps(file["entries"][4])))
    return file


def of_another(file: dict[str, Any]) -> Any:
    file["entries"][4] = made(1)["entries"][4]
    return file


def two_bills(file: dict[str, Any]) -> Any:
    file["entries"] += made(1)["entries"]
    return file


def renumbered(file: dict[str, Any]) -> Any:
    """An entry of another bill under this bill's number, with its old signature."""
    file["entries"][4]["content"]["bill"] = 0
    file["entries"][4]["signature"] = made(1)["entries"][4]["signature"]
    return file


def of_another_seed(file: dict[str, Any]) -> Any:
    file["keys"] = made(seed=SEED + 1)["keys"]
    return file


def without_key(file: dict[str, Any]) -> Any:
    file["keys"] = file["keys"][1:]
    return file


def many_keys(file: dict[str, Any]) -> Any:
    file["keys"] = [key_of(SEED, 100 + number).public.as_object() for number in range(40)]
    return file


DEEP = "[" * 900 + "]" * 900
NASTY: dict[str, tuple[Nasty, str]] = {
    "cut in the middle": (text(lambda one: one[: len(one) // 2]), "not JSON"),
    "nested deep in an entry": (text(lambda one: one.replace('"off_fen":60', f'"off_fen":{DEEP}')), "entry 2.*a list"),
    "nested too deep to read": (text(lambda one: one.replace('"off_fen":60', '"off_fen":' + "[" * 10**5)), "too deep"),
    "a number of 5,000 digits": (text(lambda one: one.replace(":60", ":" + "9" * 5_000, 1)), "more than 64 bits"),
    "a number above all of ours": (at(2, again=True, off_fen=10**18), "entry 2: .*too large"),
    "a number as a float": (text(lambda one: one.replace('"off_fen":60', '"off_fen":6e1')), "entry 2: .*60.0"),
    "infinity": (text(lambda one: one.replace('"off_fen":60', '"off_fen":1e999')), "too large"),
    "NaN": (text(lambda one: one.replace('"off_fen":60', '"off_fen":NaN')), "NaN is no number"),
    "true for 1": (at(3, again=True, first=True), "entry 3: .*True, not a whole number"),
    "a name twice": (text(lambda one: one.replace('"off_fen":60', '"off_fen":60,"off_fen":61')), "stands twice"),
    "a name that looks alike": (text(lambda one: one.replace('"off_fen"', '"off_f\u0435n"')), "entry 2: .*lacks"),
    "digits of another script": (at(2, off_fen="\u0666\u0660"), "entry 2: off_fen"),
    "half a surrogate": (at(2, again=True, move="\ud800"), "entry 2: .*no move"),
    "text that turns round": (at(4, again=True, move="\u202eoffer"), "entry 4: .*no move"),
    "a key of another curve": (key(1, curve="P-384"), "key 1: .*'P-384', not P-256"),
    "a point of no curve": (key(1, public="02" + "ff" * 32), "key 1: .*no point"),
    "a key of full length": (key(0, public="04" + "11" * 64), "key 0: .*33 bytes"),
    "a key not marked": (key(0, kind="real"), "key 0: .*only simulation keys"),
    "a key with a line end in its name": (key(0, name="account 1\n"), "key 0: .*name"),
    "a key of somebody else": (key(0, name="account 9"), "entry 0: there is no key of account 1"),
    "a key too few": (without_key, "entry 0: there is no key of account 1"),
    "keys of nobody": (many_keys, "entry 0: there is no key of account 1"),
    "keys of another seed": (of_another_seed, "entry 0: the signature"),
    "a malleated signature": (signature(malleated), "entry 2: the signature"),
    "a cut signature": (signature(lambda one: one[:-2]), "entry 2: .*64 bytes"),
    "a signature of zeros": (signature(lambda one: "00" * 64), "entry 2: the signature"),
    "a signature in capitals": (signature(str.upper), "entry 2: .*lower-case"),
    "the signature of another entry": (signature(lambda one: made()["entries"][3]["signature"]), "entry 2: the sig"),
    "two entries changed places": (swapped, "entry 3: .*number 4; 3 comes next"),
    "an entry left out": (dropped, "entry 3: .*number 4; 3 comes next"),
    "an entry twice": (doubled, "entry 5: .*number 4; 5 comes next"),
    "an entry of another bill": (of_another, "entry 4: .*number 4; 0 comes next"),
    "an entry of another bill, renumbered": (renumbered, "entry 4: the signature"),
    "two bills in one file": (two_bills, "about 2 bills"),
    "time that runs back": (at(3, again=True, at_us=10), "entry 3: time goes forward"),
    "a receipt used twice": (at(7, again=True, payment=7), "entry 7: .*has paid for something already"),
    "money of others": (at(7, again=True, payer=BANK), "entry 7: this money went between others"),
    "a split after it is due": (at(2, again=True, at_us=1_000), "entry 2: it is due"),
    "no entries": (lambda file: {**file, "entries": []}, "no list of 1 to"),
    "an entry that is a list": (lambda file: {**file, "entries": [*file["entries"][:4], []]}, "entry 4: it is a list"),
}  # fmt: skip


def test_the_bill_itself_is_good() -> None:
    assert [part.outcome for part in read_bill(canonical(made())).parts] == ["open", "discharged"]
    assert [part.outcome for part in read_bill(json.dumps(made(1), indent=2)).parts] == ["open", "discharged"]
    assert read_bill(canonical(signed_again(made()))).terms.face_fen == 100


@pytest.mark.parametrize("name", NASTY)
def test_nasty_files(name: str) -> None:
    nasty, why = NASTY[name]
    given = nasty(made())
    source = given if isinstance(given, bytes) else json.dumps(given)
    with pytest.raises(BadBill, match=why) as caught:
        read_bill(source)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


@pytest.fixture(scope="module")
def usual() -> int:
    """What reading a sound bill takes."""
    source = json.dumps(made())
    read_bill(source)  # what is kept from one reading to the next
    return calls(lambda: read_bill(source))


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_file_takes_little_more_work_than_a_sound_one(name: str, usual: int) -> None:
    given = NASTY[name][0](made())
    source = given if isinstance(given, bytes) else json.dumps(given)

    def read() -> None:
        with pytest.raises(BadBill):
            read_bill(source)

    assert calls(read) < (6 if name == "keys of nobody" else 2) * usual
