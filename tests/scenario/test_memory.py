"""What a run needs is estimated near enough, told when it is much, and refused where it does not fit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.cli.main import status_of
from sandbox.scenario import memory
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from sandbox.scenario.memory import GIB, _of_group, check_memory, estimate, free_bytes, needs
from sandbox.scenario.schema.consistency import expected_payments

TOWN = """
title: Town
question: How much?
duration: 1 day
population: {wallets: 50, corporates: 10}
merchants: {count: 12}
demand: {segments: {shops: {payments: 10 /day, ticket: qr_quantile}}}
"""
TRADE = """
crossborder:
  arrangements: %s
  jurisdictions: {mainland: {banks: 3}, hong_kong: {banks: 3}}
  corridors:
    goods: {sender: mainland, receiver: hong_kong, payments: %s /day, mean: 10000 USD, hours: any}
"""
OVERLOADED = {"ledger.servers": "1", "ledger.service.mean": "10 s"}
OVERLOAD = {"series.bin": "1 h", "behaviour.patience": "none", **OVERLOADED}
SHAPES: dict[str, tuple[str, dict[str, str]]] = {
    "small": (TOWN, {}),
    "wallets": (TOWN, {"population.wallets": "5000000"}),
    "bins": (TOWN, {"series.bin": "1 s", "duration": "10 days"}),
    "stations": (TOWN, {"series.bin": "1 s", "demand.segments.shops.payments": "2000000 /day"}),
    "overload": (TOWN, {"demand.segments.shops.payments": "4000000 /day", **OVERLOAD}),
    "one ledger": (TOWN + TRADE % ("shared_ledger", 50_000), {"series.bin": "1 h"}),
    "both arrangements": (TOWN + TRADE % ("both", 8_000), {"series.bin": "1 h"}),
}

QUICK = ("small", "wallets", "stations")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    file = tmp_path / "town.yaml"
    file.write_text(TOWN, encoding="utf-8")
    return file


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: GIB)


def peak_of(content: str, sets: dict[str, str], place: Path) -> int:
    """Peak memory of a process that makes such a run (bytes)."""
    place.mkdir()
    file = place / "shape.yaml"
    file.write_text(content, encoding="utf-8")
    program = (
        "from benchmarks.peak import peak_bytes\n"
        "from sandbox import api\n"
        f"api.run({str(file)!r}, set={sets!r}, out={str(place / 'run')!r})\n"
        "print(peak_bytes())\n"
    )
    return int(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiling takes memory of its own; later processes find it done."""
    trade = TRADE % ("both", 10)
    peak_of(TOWN + trade, {"series.bin": "1 h"}, tmp_path_factory.mktemp("compiled") / "run")


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    "shape", [pytest.param(one, marks=pytest.mark.slow if one in QUICK else pytest.mark.long) for one in SHAPES]
)
def test_the_estimate_is_within_a_factor_of_two(shape: str, tmp_path: Path) -> None:
    content, sets = SHAPES[shape]
    file = tmp_path / "shape.yaml"
    file.write_text(content, encoding="utf-8")
    estimated = estimate(load(file, overrides=sets).scenario)
    assert estimated / 2 < peak_of(content, sets, tmp_path / "here") < estimated * 2


@pytest.mark.parametrize(
    ("sets", "path"),
    [
        ({"population.wallets": "40000000"}, "population.wallets"),
        ({"series.bin": "1 s", "duration": "10 days"}, "series.bin"),
        ({"series.bin": "1 s", "demand.segments.shops.payments": "10000000 /day"}, "series.bin"),
        ({"demand.segments.shops.payments": "1000000 /day", **OVERLOAD}, "behaviour.patience"),
    ],
)  # fmt: skip
def test_what_takes_most_is_named(town: Path, sets: dict[str, str], path: str) -> None:
    assert needs(load(town, overrides=sets).scenario)[0].path == path


@pytest.mark.parametrize(
    ("sets", "waiting"),
    [
        ({}, lambda asked: 0),
        ({"behaviour.patience": "none", **OVERLOADED}, lambda asked: asked - 8_640),
        # A bank of 8 % of wallets and merchants is asked for 0.16 services a payment.
        (
            {
                "behaviour.patience": "none",
                "institutions.BoCom.servers": "1",
                "institutions.BoCom.service.mean": "10 s",
            },
            lambda asked: asked - 8_640 / 0.16,
        ),
        # Who gives up after 2 s, and never asks or tries again, is soon gone.
        (
            {
                "behaviour.patience": "2 s",
                "behaviour.max_attempts": "1",
                "behaviour.backoff": "1 s",
                "behaviour.status_checks.max": "0",
                **OVERLOADED,
            },
            lambda asked: asked * 4 / 86_400,
        ),
    ],
)
def test_what_piles_up_counts(town: Path, sets: dict[str, str], waiting: Callable[[float], float]) -> None:
    scenario = load(town, overrides={"demand.segments.shops.payments": "100000 /day", **sets}).scenario
    found = {one.path: one.number for one in needs(scenario)}
    assert found["behaviour.patience"] == pytest.approx(waiting(expected_payments(scenario)))


def test_trades_in_data_count() -> None:
    """17,500 of them took 156 MiB."""
    few, many = (
        load("data-exchange", overrides={"duration": "7 days", "data_exchange.orders": f"{number} /day"})
        for number in (20, 2_500)
    )
    assert needs(many.scenario)[0].path == "data_exchange.orders"
    assert 100 << 20 < estimate(many.scenario) - estimate(few.scenario) < 300 << 20


@pytest.mark.usefixtures("little")
def test_a_run_that_cannot_fit_is_refused_and_writes_nothing(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", str(town), "--set", "population.wallets=40000000", "--out", str(tmp_path / "out")]
    assert status_of(arguments) == 2
    said = capsys.readouterr().err
    assert "population.wallets" in said
    assert "ECNY_SANDBOX_ANY_SIZE=1" in said
    assert sorted(tmp_path.iterdir()) == [town]


@pytest.mark.usefixtures("little")
def test_who_knows_better_is_believed(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = load(town, overrides={"population.wallets": "40000000"})
    with pytest.raises(ScenarioErrors):
        check_memory(large)
    monkeypatch.setenv("ECNY_SANDBOX_ANY_SIZE", "1")
    check_memory(large)


@pytest.mark.usefixtures("little")
def test_runs_at_a_time_add_up(town: Path) -> None:
    loaded = load(town, overrides={"population.wallets": "3000000"})
    check_memory(loaded)
    with pytest.raises(ScenarioErrors, match="--processes"):
        check_memory(loaded, processes=4)
    check_memory(load(town), processes=100)


def test_an_experiment_counts_its_processes(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 1.5 * estimate(load(town, overrides={"population.wallets": "10000000"}).scenario)
    monkeypatch.setattr(memory, "free_bytes", lambda: int(free))
    arguments = ["run", str(town), "--set", "population.wallets=10000000", "--replications", "2", "--processes", "2"]
    assert status_of([*arguments, "--out", str(tmp_path / "out")]) == 2
    assert sorted(tmp_path.iterdir()) == [town]


def test_much_is_told_and_little_is_not(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = tmp_path / "large.yaml"
    large.write_text(TOWN.replace("wallets: 50", "wallets: 20000000"), encoding="utf-8")
    assert status_of(["check", str(town), str(large)]) == 0
    small, much = capsys.readouterr().out.splitlines()
    assert small == f"{town}: good"
    assert f"about {memory.in_gib(estimate(load(large).scenario))} of memory" in much


def test_where_nobody_can_say_what_is_free_nothing_is_refused(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: None)
    check_memory(load(town, overrides={"population.wallets": "40000000"}))


def test_a_control_group_binds_with_those_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    for folder, most, used in ((here, "max", "10"), (here.parent, "1000", "400")):
        (folder / "memory.max").write_text(most), (folder / "memory.current").write_text(used)
    (here.parent / "memory.stat").write_text("anon 300\ninactive_file 50\n")
    read = Path.read_text

    def said(path: Path, *args: Any, **named: Any) -> str:
        return "0::/a/b\n" if path == Path("/proc/self/cgroup") else read(path, *args, **named)

    monkeypatch.setattr(Path, "read_text", said)
    assert _of_group("memory.max", "memory.current", tmp_path) == 650


def test_free_memory_is_a_number_or_unknown() -> None:
    free = free_bytes()
    assert free is None or free > 2**20
