"""`list`, `show`, `new`, `check`, `schema`: what an analyst does before a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.cli.main import status_of
from sandbox.cli.show import alike
from sandbox.scenario import gallery
from sandbox.scenario.load import load
from tests.conftest import SMALL_TOWN

TWO_MISTAKES = SMALL_TOWN.replace("wallets: 300", "walets: 300").replace("duration: 2 h", "duration: 2")


def test_list_shows_each_scenario_of_the_gallery_on_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert gallery.names(), "the gallery is empty"
    assert status_of(["list"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == gallery.names()
    for line, name in zip(lines, gallery.names(), strict=True):
        assert line.endswith(" ".join(load(name).scenario.question.split()))


def test_list_as_json_names_files_that_are_there(capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["list", "--json"]) == 0
    entries = json.loads(capfd.readouterr().out)
    assert [entry["name"] for entry in entries] == gallery.names()
    for entry in entries:
        assert Path(entry["path"]).is_file()
        assert entry["title"]
        assert entry["question"]


def test_show_says_what_is_asked_and_what_it_rests_on(small_town: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["show", str(small_town)]) == 0
    shown = capfd.readouterr().out
    levers, assumptions = shown.split("Assumptions (what nobody sets)")
    assert "A small town  (small-town)" in levers
    assert "Does a small run work" in levers
    assert "- Nothing in particular." in levers
    assert "rules.regime" in levers
    assert "institutions.*.servers" in levers
    set_here, defaults = assumptions.split("at their defaults")
    assert "24000 /day" in set_here
    assert "ASSUMED" in set_here
    assert "institutions.ICBC.share" in defaults
    assert "NPCI 2025: 15 s" in defaults


def test_show_loses_no_value_by_merging_what_is_alike(small_town: Path) -> None:
    rows = load(small_town).parameters()
    merged = alike(rows)
    institutions = [row for row in rows if row["path"].startswith("institutions.")]
    others = [row for row in rows if row not in institutions]
    assert [row for row in merged if not row["path"].startswith("institutions.")] == others
    for row in institutions:
        path = ".".join(["institutions", "*", *row["path"].split(".")[2:]])
        (found,) = [one for one in merged if one["path"] in (path, row["path"])]
        assert (found["value"], found["source"]) == (row["value"], row["source"])


def test_show_resolved_is_a_scenario_that_loads_to_the_same(
    small_town: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["show", str(small_town), "--resolved"]) == 0
    (tmp_path / "resolved.yaml").write_text(capfd.readouterr().out, encoding="utf-8")
    assert load(tmp_path / "resolved.yaml").scenario == load(small_town).scenario


def test_new_writes_a_scenario_that_is_good(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    assert status_of(["new", str(file)]) == 0
    assert "check" in capfd.readouterr().out
    assert status_of(["check", str(file)]) == 0
    assert capfd.readouterr().out == f"{file}: good\n"


def test_new_from_a_scenario_of_the_gallery_is_good(tmp_path: Path) -> None:
    for name in gallery.names():
        file = tmp_path / f"{name}-mine.yaml"
        assert status_of(["new", str(file), "--from", name]) == 0
        assert status_of(["check", str(file)]) == 0


def test_new_never_overwrites(small_town: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["new", str(small_town)]) == 2
    assert "left as it is" in capfd.readouterr().err
    assert small_town.read_text(encoding="utf-8") == SMALL_TOWN


def test_new_from_nothing_known_writes_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["new", str(tmp_path / "mine.yaml"), "--from", "no-such-scenario"]) == 2
    assert "no-such-scenario" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_new_where_nothing_can_be_written_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["new", str(tmp_path / "nowhere" / "mine.yaml")]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.endswith("mine.yaml: cannot be written: No such file or directory")


def test_check_shows_all_mistakes_of_all_files(
    small_town: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(TWO_MISTAKES, encoding="utf-8")
    assert status_of(["check", str(wrong), str(small_town), str(tmp_path / "nowhere.yaml")]) == 2
    shown = capfd.readouterr()
    assert shown.out == f"{small_town}: good\n"
    assert f"{wrong}:5: duration: " in shown.err
    assert f"{wrong}:6: population.walets: " in shown.err
    assert "Did you mean 'wallets'?" in shown.err
    assert f"{tmp_path / 'nowhere.yaml'}: " in shown.err
    assert "Traceback" not in shown.err


def test_run_of_a_wrong_file_is_the_same_errors_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.yaml").write_text(TWO_MISTAKES, encoding="utf-8")
    assert status_of(["run", "wrong.yaml", "--set", "rules.regim=digital_cash"]) == 2
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 3
    assert any(line.startswith("wrong.yaml:6: population.walets: ") for line in lines)
    assert any(line.startswith("--set: rules.regim: ") for line in lines)
    assert [file.name for file in tmp_path.iterdir()] == ["wrong.yaml"]


def test_schema_is_json_schema_of_a_scenario(capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["schema"]) == 0
    schema = json.loads(capfd.readouterr().out)
    assert "https://json-schema.org/draft/2020-12/schema" in schema["$schema"]
    assert {"title", "question", "rules", "demand", "campaigns"} <= set(schema["properties"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 no payments", "is a PDF; expected CSV or Parquet"),
        (b"time,payer,payee,amount\n1,a,m,much\n", "lines refused: 1 of 1"),
        (b"time,payer,payee,amount\n1,a,m,5\n", None),
    ],
)
def test_check_reads_a_trace(
    content: bytes, says: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    file = tmp_path / "town.yaml"
    file.write_text("title: A\nquestion: B\ndemand: {trace: {file: t.csv}}\n", encoding="utf-8")
    assert status_of(["check", str(file)]) == (0 if says is None else 2)
    told = capsys.readouterr()
    assert says is None or says in told.err
    assert (f"{file}: good" in told.out) == (says is None)
