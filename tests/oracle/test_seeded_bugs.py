"""A comparison is worth what it can see: for each bug seeded into a copy of the engine, rail and oracle differ.

A bug is a text that stands once in `sandbox`, in whatever file, put in place of another. Where the text is no longer
there, the code was changed and the bug has to be written anew. The copies run uncompiled, so each is tried within
seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.oracle.hunt import AGREE, DIFFER

ROOT = Path(__file__).parents[2]
WORLDS = 120


class Bug(NamedTuple):
    """One text put in place of another."""

    name: str
    right: str
    wrong: str


BUGS = [
    Bug(
        "the highest payment goes first at a tie",
        "in_flight.ID] < slots[other_slot, in_flight.ID]",
        "in_flight.ID] > slots[other_slot, in_flight.ID]",
    ),
    Bug("patience lasts 1 us more", "now + rules[rule.PATIENCE], slot", "now + rules[rule.PATIENCE] + 1, slot"),
    Bug("a patience that ends in service is forgotten", "if state == State.EXPIRED:", "if state == -1:"),
    Bug("a packet is not used", "packet = min(accounts[payer, account.PACKET], amount)", "packet = 0"),
    Bug(
        "the floor trips one payment late",
        "accounts[funding, account.BALANCE] < stations",
        "accounts[funding, account.BALANCE] + amount < stations",
    ),
    Bug("the trigger is not armed again", "[operator, station.FLOOR_ARMED] = 1", "[operator, station.FLOOR_ARMED] = 0"),
    Bug("capacity that comes back wakes one payment", "    while (\n", "    if (\n"),
    Bug("payments go before control events", "advance(self.rail, until)", "advance(self.rail, until + 1)"),
    Bug("the daily limit refuses what just fits", "if today + amount > rules", "if today + amount >= rules"),
    Bug("a top-up is a step more", "(short + step - 1) // step", "(short + step) // step"),
    Bug(
        "checks are counted over all attempts",
        "slots[slot, in_flight.CHECKS] = 0",
        "slots[slot, in_flight.CHECKS] += 0",
    ),
    Bug("an upgrade comes 1 us late", "rail.rules[rule.KYC_DELAY]", "rail.rules[rule.KYC_DELAY] + 1"),
    Bug("every pause has the same jitter", "attempt * draw.ATTEMPT + draw.BACKOFF", "draw.ATTEMPT + draw.BACKOFF"),
    Bug(
        "an indirect payee's operator is left out",
        "operator >= 0 and operator != here",
        "operator >= 0 and operator == here",
    ),
    Bug(
        "the day of the limits never turns",
        "scalars[scalar.DAY], scalars[scalar.YEAR] = day,",
        "scalars[scalar.DAY], scalars[scalar.YEAR] = 0,",
    ),
    Bug("the box's total is not kept", "[scalar.BOX_TOTAL] += amount", "[scalar.BOX_TOTAL] += 0"),
    Bug("slow-downs do not slow", "stations[here, station.PACE] // 1000", "1000 // 1000"),
    Bug("interest is rounded up", "self.gathered // self._per_fen", "-(-self.gathered // self._per_fen)"),
    Bug("a client counts at every payment", "if payer_meta & trait.CLIENT == 0:\n", "if True:\n"),
    Bug(
        "the cap on clients trips one payment late",
        "scalars[scalar.CLIENTS] >= rules[rule.CLIENT_CAP]",
        "scalars[scalar.CLIENTS] > rules[rule.CLIENT_CAP]",
    ),
    Bug(
        "the cap on exposure trips one payment late",
        "scalars[scalar.BOX_TOTAL] + amount > rules[rule.EXPOSURE_CAP]",
        "scalars[scalar.BOX_TOTAL] > rules[rule.EXPOSURE_CAP]",
    ),
    Bug("the box's trigger is not disarmed", "rules[rule.BOX_TRIPS] = 0", "rules[rule.BOX_TRIPS] = 1"),
    Bug("the rail does not stop when the box trips", "scalars[scalar.STOP] |= stop.BOX", "scalars[scalar.STOP] |= 0"),
    Bug(
        "containment looks at the payer only",
        "(accounts[payer, account.TRAITS] ^ accounts[payee, account.TRAITS]) & trait.IN_BOX == 0",
        "accounts[payer, account.TRAITS] & trait.IN_BOX != 0",
    ),
    Bug(
        "what is turned away has made an attempt",
        "    return Follows.END, Outcome.OUTSIDE_BOX",
        "    slots[slot, in_flight.ATTEMPT] = 1\n    return Follows.END, Outcome.OUTSIDE_BOX",
    ),
    Bug("processes wake 1 us late", "max(0, at_us - self.now)", "max(0, at_us - self.now + 1)"),
    Bug("a release does not release", "&= ~trait.FROZEN", "&= ~0"),
    Bug("orders are born 1 us late", "self.machine.submit((self.now,", "self.machine.submit((self.now + 1,"),
    Bug(
        "a freeze does not bind at midnight",
        "np.where(meta & trait.FROZEN, 0, amounts)",
        "np.where(meta & 0, 0, amounts)",
    ),
    Bug(
        "the rail goes on after a payment that a process waits for",
        "scalars[scalar.STOP] |= stop.ORDER",
        "scalars[scalar.STOP] |= stop.ORDER * (scalars[scalar.ENDED] % 2)",
    ),
]
QUICK = ("the highest payment goes first at a tie", "patience lasts 1 us more")
"""These are tried in every test run."""


def hunt(copy: Path, worlds: int) -> subprocess.CompletedProcess[str]:
    """Compare a copy of the engine with the oracle."""
    environment = {**os.environ, "ECNY_SANDBOX_COMPILED": "0", "PYTHONPATH": os.pathsep.join([str(copy), str(ROOT)])}
    command = [sys.executable, "-m", "tests.oracle.hunt", str(worlds)]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.stdout.startswith(str(copy)), f"the copy was not used: {done.stdout}{done.stderr}"
    return done


def copy_of_the_engine(folder: Path) -> Path:
    """A copy of `sandbox`, to be changed."""
    shutil.copytree(ROOT / "sandbox", folder / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def texts(root: Path) -> dict[Path, str]:
    """Every file of `sandbox`."""
    return {file: file.read_text(encoding="utf-8") for file in (root / "sandbox").rglob("*.py")}


def test_every_bug_has_its_place() -> None:
    """Also of those that only slow runs try."""
    everything = "\n".join(texts(ROOT).values())
    assert {bug.name: everything.count(bug.right) for bug in BUGS} == {bug.name: 1 for bug in BUGS}


@pytest.mark.parametrize(
    "bug",
    [pytest.param(bug, id=bug.name, marks=[] if bug.name in QUICK else [pytest.mark.slow]) for bug in BUGS],
)
def test_a_seeded_bug_is_seen(bug: Bug, tmp_path: Path) -> None:
    copy = copy_of_the_engine(tmp_path)
    (file,) = (file for file, text in texts(copy).items() if bug.right in text)
    file.write_text(texts(copy)[file].replace(bug.right, bug.wrong), encoding="utf-8")
    done = hunt(copy, WORLDS)
    assert done.returncode == DIFFER, f"{done.stdout}{done.stderr}"
    assert any(words in done.stdout for words in ("differs", "rail", "below zero")), done.stdout


def test_a_copy_without_a_bug_agrees(tmp_path: Path) -> None:
    done = hunt(copy_of_the_engine(tmp_path), 10)
    assert done.returncode == AGREE, f"{done.stdout}{done.stderr}"
