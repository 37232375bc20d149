"""What is typed on the command line and is not quite right: what is wrong with it, and what was meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.cli.main import status_of

TOWN = "operator-outage"

TYPED = [
    (["run", TOWN, "--set", "duration=5", "h"], 'extra argument (h). What has spaces in it goes in quotes'),
    (["run", "my", "town.yaml"], "What has spaces in it goes in quotes"),
    (["check", "my", "town.yaml"], "what has spaces in it goes in quotes"),
    (["compare", TOWN, "--set", "duration=5", "h"], "what has spaces in it goes in quotes"),
    (["run", TOWN, "--set", "duration", "=", "5"], "with spaces in it, it goes in quotes"),
    (["run", TOWN, "--set", "duration＝5 h"], "Did you mean 'duration=5 h'?"),
    (["run", TOWN, "--set", "duration：5 h"], "Did you mean 'duration=5 h'?"),
    (["run", TOWN, "--set", "duration: 5 h"], "Did you mean 'duration= 5 h'?"),
    (["run", TOWN, "--set", "=5 h"], "'=5 h' is not PATH=VALUE, such as rules.box.enabled=true; with spaces in it, it "
     "goes in quotes"),
    (["run", TOWN, "—quiet"], "Did you mean '--quiet'?"),
    (["run", TOWN, "－－seed", "3"], "Did you mean '--seed'?"),
    (["run", TOWN, "--out", ""], "there is no name; is the shell's variable set?"),
    (["sweep", TOWN, "--vary", "ledger.servers=1,2", "--out", " "], "there is no name; is the shell's variable set?"),
    (["new", ""], "there is no name; is the shell's variable set?"),
    (["new", "no-such-folder/x.yaml"], "no-such-folder/x.yaml: cannot be written: No such file or directory"),
    (["compare", TOWN, "--set", ";"], "';' is not PATH=VALUE"),
    (["sweep", TOWN, "--vary", "ledger.servers=1，2"], "Did you mean 'ledger.servers=1,2'?"),
    (["sweep", TOWN, "--vary", "ledger.servers=1、2"], "Did you mean 'ledger.servers=1,2'?"),
    (["sweep", TOWN, "--design", "sobol", "--vary", "ledger.servers=1…5"], "Did you mean 'ledger.servers=1..5'?"),
    (["sweep", TOWN, "--design", "sobol", "--vary", "ledger.servers=1。。5"], "Did you mean 'ledger.servers=1..5'?"),
    (["sweep", TOWN, "--vary", "ledger.server=1,2"], "--vary: experiment.levers.'ledger.server'"),
    (["compare", TOWN, "--set", "ledger.server=1"], "--set: ledger.server: 'server' is not a parameter here"),
    (["capacity", TOWN, "--most", "5倍"], "Did you mean '5x'?"),
    (["capacity", TOWN, "--p99", "0 s"], "'0 s': more than 0 is expected"),
    (["capacity", TOWN, "--p99", "none", "--answered", "none"], "nothing is asked to hold, so any load would"),
    (["check", "operator-outage.yaml"], "there is no such file. Did you mean 'operator-outage'?"),
    (["check", "scenarios/operator-outage.yml"], "there is no such file. Did you mean 'operator-outage'?"),
    (["run", TOWN, "--set", "duration="], "--set: duration: there is no value; write `null` for the default"),
    (["run", TOWN, "--set", "faults【0】.lasts=5 min"], "Did you mean 'faults[0].lasts'?"),
    (["run", TOWN, "--set", "faults（0）.lasts=5 min"], "Did you mean 'faults[0].lasts'?"),
    (["run", TOWN, "--set", "faults.lasts=5 min"], "Did you mean 'faults[0].lasts'?"),
    (["run", TOWN, "--set", "institutions[ICBC].servers=5"], "Did you mean 'institutions.ICBC.servers'?"),
    (["run", TOWN, "--set", "duration=1,000,5 h"], "--set: duration: '1,000,5 h' cannot be read"),
    (["run", TOWN, "--set", "population={wallets: 20,000}"], "--set: population: in braces a comma ends an entry"),
    (["run", TOWN, "--set", "faults.0.lasts=5 min"], "Did you mean 'faults[0].lasts'?"),
    (["run", TOWN, "--set", "rules.changes.0.at=5 min"], "Did you mean 'rules.changes[0].at'?"),
    (["run", TOWN, "--set", "faults[0]['lasts']=5 min"], "Did you mean 'faults[0].lasts'?"),
    (["run", TOWN, "--set", "rules/box/enabled=true"], "Did you mean 'rules.box.enabled'?"),
    (["run", TOWN, "--set", "institutions[0].servers=5"], "'institutions' holds entries by name, not by number"),
    (["run", TOWN, "--seed", "1", "--seed", "2"], "--seed is given twice; it can have one value"),
    (["compare", TOWN, "--stress", "each:ledger", "--stress", "each:bank"], "--stress is given twice"),
    (["sweep", TOWN, "--vary", "ledger.servers=1,2", "--metric", "throughput.succes_share"],
     "Did you mean 'throughput.success_share'?"),
    (["compare", TOWN, "--set", "ledger.servers=2", "--metric", "risk"], "no run has a number 'risk'"),
    (["sweep", TOWN, "--vary", "ledger.servers=1,2", "--samples", "3"], "a grid of values draws none"),
    (["compare", TOWN, "--set", "ledger.servers=2", "--set", "ledger.servers=2"], "are the same policy"),
    (["run", TOWN, "--seed", "1,00"], "'1,00' is not a valid whole number."),
    (["run", TOWN, "--seed", "３"], "Did you mean '3'?"),
    (["run", TOWN, "--replications", "1_0"], "Did you mean '10'?"),
    (["run", TOWN, "--record", "sample:0,1"], "is not all, none or sample:F"),
    (["run", TOWN, "--precision", "throughput.success_share=2,5%"], "Did you mean '2.5%'?"),
    (["run", TOWN, "--precision", "throughput.success_share=2％"], "Did you mean '2%'?"),
    (["run", TOWN, "--precision", "throughput.success_share=0"], "is not a share above 0"),
    (["run", TOWN, "--precision", "throughput.success_share＝2%"], "Did you mean 'throughput.success_share=2%'?"),
    (["sweep", TOWN, "--vary", "population.wallets=1,000,2,000"], "write 'population.wallets=1000,2000'"),
    (["sweep", TOWN, "--vary", "population.wallets=20,000"], "write 'population.wallets=20000'"),
    (["sweep", TOWN, "--design", "sobol", "--vary", "rules.kyc_delay=0,5 h..1 h"], "Did you mean '0.5 h'?"),
    (["sweep", TOWN, "--vary", "faults.0.lasts=1 h,2 h"], "Did you mean 'faults[0].lasts'?"),
    (["capacity", TOWN, "--most", "5,5x"], "Did you mean '5.5x'?"),
    (["capacity", TOWN, "--most", "5×"], "Did you mean '5x'?"),
    (["capacity", TOWN, "--p99", "1,5 s"], "Did you mean '1.5 s'?"),
    (["capacity", TOWN, "--p99", "24"], "expected a time with its unit"),
    (["capacity", TOWN, "--answered", "99,5 %"], "Did you mean '99.5 %'?"),
    (["check", "luohu"], "Did you mean 'luohu-red-packets-2020'?"),
    (["check", "ＬＵＯＨＵ"], "Did you mean 'luohu-red-packets-2020'?"),
    (["query", ".", "select 1"], "'.' is a folder: first the question, then where to look"),
    (["query", "select 1", "nowhere"], "nowhere: there is no such folder"),
    (["show", "day"], "expected one of city-retail-day, herstatt-day, national-day"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), TYPED, ids=[" ".join(row[0]) for row in TYPED])
def test_what_is_typed_wrongly_is_told_with_the_mend(
    arguments: list[str], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert status_of(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert says in " ".join(err.split())
    assert "this is a bug" not in err


@pytest.mark.parametrize("typed", ["mytown", "MyTown.yaml", "mytown.yml", "my-town.yaml"])
def test_a_file_beside_is_offered(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mytown.yaml").write_text("title: A\nquestion: B\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert status_of(["check", typed]) == 2
    assert "Did you mean 'mytown.yaml'?" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("value", "says"),
    [("数字人民币".encode(), None), ("数字人民币".encode("gb18030"), "this is GB18030 or GBK, not UTF-8")],
)
def test_a_value_is_its_bytes_whatever_the_locale(value: bytes, says: str | None) -> None:
    where = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"}
    program = "import sys; from sandbox.cli.main import status_of; sys.exit(status_of(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "run", TOWN, "--json", "--no-report", "--set", "duration=1 min", "--set"]
    done = subprocess.run([*command, b"title=" + value, "--out", "/dev/null/x"], capture_output=True, env=where)
    assert done.returncode != 0
    assert (says or "/dev/null/x").encode() in done.stderr, done.stderr
