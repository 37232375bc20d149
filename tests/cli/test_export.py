"""Exports have the published column names and types, say what the run says, and add up to the fen."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter, namedtuple
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import api
from sandbox.cli.main import status_of
from sandbox.export import paysim
from sandbox.export.balances import Balances
from sandbox.export.files import new_files
from sandbox.export.lines import yuan
from sandbox.features.crime import amlworld
from sandbox.records import Run, RunError, open_run
from sandbox.runfolder import OutputError
from tests.crime.towns import TOWN
from tests.journal.folders import cover_up, edit_cell

AMLWORLD = {
    "Timestamp": "object", "From Bank": "int64", "Account": "object", "To Bank": "int64", "Account.1": "object",
    "Amount Received": "float64", "Receiving Currency": "object", "Amount Paid": "float64",
    "Payment Currency": "object", "Payment Format": "object", "Is Laundering": "int64",
}  # fmt: skip
"""As pandas reads the published HI-Small_Trans.csv."""

PAYSIM = {
    "step": "int64", "type": "object", "amount": "float64", "nameOrig": "object", "oldbalanceOrg": "float64",
    "newbalanceOrig": "float64", "nameDest": "object", "oldbalanceDest": "float64", "newbalanceDest": "float64",
    "isFraud": "int64", "isFlaggedFraud": "int64",
}  # fmt: skip
"""As pandas reads the published PaySim log."""

PUBLISHED_FORMATS = {"Reinvestment", "Cheque", "Credit Card", "ACH", "Cash", "Wire", "Bitcoin"}
PUBLISHED_TYPES = {"CASH_IN", "CASH_OUT", "DEBIT", "PAYMENT", "TRANSFER"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Red packets, interest on a settlement day, waterfalls, an indirect bank: everything that moves money."""
    changes = {
        "start": "2026-03-20T06:00:00",
        "rules.interest.rate": "20 %",
        "rules.wallet_limits": {"classes": {"IV": {"balance": "300 CNY"}}},
        "institutions": {
            "north": {
                "share": "60 %",
                "liquidity": {"opening": "90000 CNY", "floor": "80000 CNY", "target": "300000 CNY"},
            },
            "south": {"share": "25 %"},
            "village": {"kind": "indirect", "via": "north", "share": "15 %"},
        },
    }
    return api.run(str(TOWN), set=changes, out=str(tmp_path_factory.mktemp("run") / "town"))


def exported(run: Run, layout: str, folder: Path) -> list[Path]:
    assert status_of(["export", str(run.path), "--as", layout, "--out", str(folder)]) == 0
    return sorted(folder.iterdir())


def types(frame: pd.DataFrame) -> dict[str, str]:
    # Newer pandas reads text as `str`, older as `object`; published notebooks show `object`.
    return {name: "object" if kind in ("str", "string") else kind for name, kind in frame.dtypes.astype(str).items()}


def test_amlworld_loads_with_the_published_names_and_types(run: Run, tmp_path: Path) -> None:
    patterns, transactions = exported(run, "amlworld", tmp_path / "out")
    frame = pd.read_csv(transactions)
    assert types(frame) == AMLWORLD
    payments = run.payments
    settled = payments[payments["outcome"] == "settled"].reset_index(drop=True)
    assert len(frame) == len(settled)
    assert (frame["Amount Paid"] * 100).round().astype("int64").equals(settled["amount_fen"])
    assert frame["Amount Paid"].equals(frame["Amount Received"])
    assert frame["Is Laundering"].sum() == settled["label"].notna().sum() > 500
    assert set(frame["Payment Format"]) <= PUBLISHED_FORMATS
    assert set(frame["Payment Currency"]) == {"Yuan"}
    at = pd.Timestamp("2026-03-20 06:00:00") + pd.to_timedelta(settled["completed_at_us"], unit="us")
    assert (pd.to_datetime(frame["Timestamp"], format="%Y/%m/%d %H:%M") == at.dt.floor("min")).all()
    banks = settled["payer_institution"].astype(str).map({"north": 1, "south": 2, "village": 3})
    assert (frame["From Bank"] == banks).all()
    names = pd.concat([frame["Account"], frame["Account.1"]])
    accounts = pd.concat([settled["payer"], settled["payee"]])
    assert len(set(zip(names, accounts, strict=True))) == names.nunique() == accounts.nunique()
    assert names.str.fullmatch(r"[0-9A-F]{9}").all()
    assert patterns.name == "crime-town_Patterns.txt"


def test_the_pattern_file_is_the_ground_truth_in_the_published_form(run: Run, tmp_path: Path) -> None:
    patterns, transactions = exported(run, "amlworld", tmp_path / "out")
    text = patterns.read_text(encoding="utf-8")
    rows = set(transactions.read_text(encoding="utf-8").splitlines()[1:])
    blocks = re.findall(
        r"BEGIN LAUNDERING ATTEMPT - ([A-Z-]+)(:  Max [^\n]+)?\n(.*?)END LAUNDERING ATTEMPT - (.*?)\n", text, re.S
    )
    assert len(blocks) == text.count("BEGIN") == text.count("END ") > 60
    assert all(begin == end for begin, _, _, end in blocks)
    lines = [line for _, _, block, _ in blocks for line in block.splitlines()]
    assert set(lines) <= rows
    assert all(line.endswith(",1") for line in lines)
    frame = pd.read_csv(io.StringIO("\n".join(lines)), header=None)
    assert frame.shape == (len(lines), 11)
    truth = run.table("patterns").merge(run.payments[["payment_id", "outcome"]], on="payment_id")
    truth = truth[(truth["outcome"] == "settled") & (truth["pattern"] != "no_pattern")]
    sizes = Counter(truth.groupby(["pattern", "instance"], observed=True).size())
    assert Counter(len(block.splitlines()) for _, _, block, _ in blocks) == sizes
    assert {begin for begin, *_ in blocks} == {name.upper().replace("_", "-") for name in truth["pattern"].astype(str)}
    fan = next(block for block in blocks if block[0] == "FAN-IN")
    payers = {line.split(",")[2] for line in fan[2].splitlines()}
    assert fan[1] == f":  Max {len(payers)}-degree Fan-In"


def test_paysim_loads_with_the_published_names_and_types(run: Run, tmp_path: Path) -> None:
    (file,) = exported(run, "paysim", tmp_path / "out")
    frame = pd.read_csv(file)
    assert types(frame) == PAYSIM
    assert set(frame["type"]) == PUBLISHED_TYPES - {"CASH_OUT"}
    payments = run.payments
    settled = payments[payments["outcome"] == "settled"]
    own = frame[frame["type"].isin(["PAYMENT", "TRANSFER"])]
    assert len(own) == len(settled)
    assert own["isFraud"].to_list() == settled["label"].notna().astype(int).to_list()
    assert frame["step"].min() == 1
    assert frame["step"].is_monotonic_increasing
    assert (frame["type"] == "CASH_IN").sum() > (settled["top_up_fen"] > 0).sum()  # and interest
    merchants = own["nameDest"].str.startswith("M")
    assert (merchants == (own["type"] == "PAYMENT")).all()


def test_paysim_balances_are_true_to_the_fen(run: Run, tmp_path: Path) -> None:
    """Replayed row by row in plain Python; what is between two rows of an account may only be what has no row."""
    (file,) = exported(run, "paysim", tmp_path / "out")
    ledger = run.ledger
    opening, closing = ledger["opening_fen"].to_list(), ledger["closing_fen"].to_list()
    held: dict[str, int] = {}
    packets = 0
    with file.open(encoding="utf-8", newline="") as stream:
        rows = [Row(*line) for line in csv.reader(stream)][1:]
    for row in rows:
        amount = fen(row.amount)
        sign = 1 if row.type == "CASH_IN" else -1
        for name, old, new, change in (
            (row.nameOrig, fen(row.oldbalanceOrg), fen(row.newbalanceOrig), sign * amount),
            (row.nameDest, fen(row.oldbalanceDest), fen(row.newbalanceDest), -sign * amount),
        ):
            if row.nameOrig == row.nameDest:
                assert old == new
            elif new - old != change:
                assert name == row.nameOrig  # part of it came out of a red packet
                packets += new - old - change
            if name[0] != "B":  # banks also move by what the central bank issues and takes back
                assert old == held.get(name, opening[int(name[1:])]), row
            held[name] = new
    assert packets == run.payments.loc[run.payments["outcome"] == "settled", "packet_fen"].sum() > 0
    wrong = [name for name, now in held.items() if name[0] != "B" and now != closing[int(name[1:])]]
    assert wrong == []


Row = namedtuple("Row", list(PAYSIM))


def fen(text: str) -> int:
    yuan_part, cents = text.split(".")
    assert len(cents) == 2
    return int(yuan_part + cents)


def test_a_flagged_transfer_is_one_above_200_000(run: Run, tmp_path: Path) -> None:
    (file,) = exported(run, "paysim", tmp_path / "out")
    frame = pd.read_csv(file)
    flagged = (frame["type"] == "TRANSFER") & (frame["amount"] > 200_000)
    assert (frame["isFlaggedFraud"] == flagged.astype(int)).all()


def test_a_tampered_run_is_seen(run: Run, tmp_path: Path) -> None:
    """One fen more in one account at the end: no longer what the run wrote; and if that is covered up, the balances do
    not come out."""
    broken = tmp_path / "run"
    shutil.copytree(run.path, broken)
    row = len(run.ledger) // 2
    edit_cell(broken, "ledger", "closing_fen", row, lambda fen: fen + 1)
    with pytest.raises(RunError, match=r"ledger\.parquet: not as the run wrote it"):
        paysim.export(open_run(broken), tmp_path / "out")
    cover_up(broken)
    with pytest.raises(RunError, match=f"account {row} does not end"):
        paysim.export(open_run(broken), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_there_is_left_alone_without_force(
    run: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["export", str(run.path), "--as", "amlworld", "--out", str(tmp_path)]
    (tmp_path / "crime-town_Patterns.txt").write_text("mine")
    assert status_of(arguments) == 2
    assert "crime-town_Patterns.txt: is there already; give --force" in capfd.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["crime-town_Patterns.txt"]
    assert (tmp_path / "crime-town_Patterns.txt").read_text() == "mine"
    assert status_of([*arguments, "--force"]) == 0
    assert "BEGIN" in (tmp_path / "crime-town_Patterns.txt").read_text()


def test_what_cannot_be_exported_is_said(
    run: Run, small_town: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    api.run(str(small_town), out=str(tmp_path / "honest"))
    api.run(str(TOWN), out=str(tmp_path / "sample"), record="sample:0.5")
    for folder, layout, words in (
        ("honest", "amlworld", "no ground truth; a scenario has it by its section `crime`"),
        ("honest", "paysim", "no ground truth"),
        ("sample", "paysim", "balances need --record all"),
        ("nowhere", "paysim", "there is no such folder"),
    ):
        assert status_of(["export", str(tmp_path / folder), "--as", layout, "--out", str(tmp_path / "out")]) == 2
        assert words in capfd.readouterr().err
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("x")
    assert status_of(["export", str(run.path), "--as", "paysim", "--out", str(tmp_path / "file")]) == 2
    assert "is a file; --out names a folder" in capfd.readouterr().err


def test_a_sampled_run_is_an_amlworld_sample(tmp_path: Path) -> None:
    run = api.run(str(TOWN), out=str(tmp_path / "sample"), record="sample:0.5")
    patterns, transactions = exported(run, "amlworld", tmp_path / "out")
    assert len(pd.read_csv(transactions)) == (run.payments["outcome"] == "settled").sum()
    assert "BEGIN" in patterns.read_text()


def test_a_stopped_export_leaves_nothing(tmp_path: Path) -> None:
    def stopped() -> None:
        with new_files(tmp_path / "new" / "folder", ("a.csv", "b.txt"), force=False) as (first, second):
            first.write(b"half")
            second.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OutputError, match="is a folder"), new_files(tmp_path, ("a.csv",), force=True):
        pass


def test_an_export_is_the_same_bytes_every_time(run: Run, tmp_path: Path) -> None:
    for module in (amlworld, paysim):
        first, second = (module.export(run, tmp_path / name) for name in ("one", "two"))
        assert [one.read_bytes() for one in first] == [two.read_bytes() for two in second]


@given(
    changes=st.lists(st.tuples(st.integers(0, 4), st.integers(-100, 100)), min_size=1, max_size=60),
    cut=st.integers(0, 60),
)
def test_running_balances_are_those_of_a_plain_loop(changes: list[tuple[int, int]], cut: int) -> None:
    import numpy as np

    balances, expected, before, after = Balances(np.arange(5)), list(range(5)), [], []
    for part in (changes[:cut], changes[cut:]):
        accounts, amounts = (np.array([one[side] for one in part], dtype=np.int64) for side in (0, 1))
        held = balances.apply(accounts, amounts)
        before += held.before.tolist()
        after += held.after.tolist()
    for (account, amount), old, new in zip(changes, before, after, strict=True):
        assert old == expected[account]
        expected[account] += amount
        assert new == expected[account]


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1))
def test_amounts_are_exact(amounts: list[int]) -> None:
    import numpy as np

    for amount, text in zip(amounts, yuan(np.array(amounts)).to_pylist(), strict=True):
        assert re.fullmatch(r"-?\d+\.\d\d", text)
        assert int(text.replace(".", "")) == amount
