"""Where values come from: sources, certainty, and who set what."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load

HEAD = "title: A\nquestion: B\n"
COLUMNS = ("path", "value", "role", "source", "status", "set_by", "doc")


def rows_of(
    folder: Path, text: str, overrides: dict[str, Any] | None = None, **files: str
) -> dict[str, dict[str, str]]:
    for name, other in files.items():
        (folder / f"{name}.yaml").write_text(HEAD + textwrap.dedent(other))
    file = folder / "case.yaml"
    file.write_text(HEAD + textwrap.dedent(text))
    return {row["path"]: row for row in load(file, overrides=overrides).parameters()}


def test_a_row_has_the_documented_columns(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "population: {wallets: 500}\n")
    assert all(tuple(row) == COLUMNS for row in rows.values())
    assert rows["population.wallets"] == {
        "path": "population.wallets",
        "value": "500",
        "role": "design",
        "source": "ASSUMED (no source given in case.yaml)",
        "status": "ASSUMED",
        "set_by": "case.yaml",
        "doc": "Personal wallets.",
    }
    assert "sources" not in rows
    assert "extends" not in rows


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("duration", "1 day"),
        ("start", "2026-03-02"),
        ("rules.wallet_limits.classes.IV.single", "2000 CNY"),
        ("rules.wallet_limits.classes.I.single", "none"),
        ("rules.interest.rate", "0.05 %"),
        ("rules.interest.settlement_months", "[3, 6, 9, 12]"),
        ("rules.waterfall", "true"),
        ("institutions.ICBC.via", "none"),
        ("institutions.ICBC.share", "17 %"),
        ("ledger.service.mean", "20 ms"),
        ("merchants.popularity_exponent", "0.9"),
        ("scale", "1"),
    ],
)
def test_values_are_shown_with_their_units(tmp_path: Path, path: str, value: str) -> None:
    row = rows_of(tmp_path, "")[path]
    assert (row["value"], row["set_by"]) == (value, "default")


def test_the_longest_source_counts_and_stars_stand_for_names(tmp_path: Path) -> None:
    rows = rows_of(
        tmp_path,
        """\
        population: {wallets: 500, corporates: 5}
        institutions: {Alpha: {share: 60 %, servers: 5}, Beta: {share: 40 %, servers: 6}}
        sources:
          population: FITTED to the city
          population.wallets: Yearbook 2024
          institutions.*: from a talk
          institutions.*.servers: assumed, like 2020
          institutions.Beta.servers: Beta's annual report
        """,
    )
    said = {path: (row["source"], row["status"]) for path, row in rows.items()}
    assert said["population.wallets"] == ("Yearbook 2024", "sourced")
    assert said["population.corporates"] == ("FITTED to the city", "FITTED")
    assert said["population.opening_balance.mean"] == ("FITTED to the city", "FITTED")
    assert said["institutions.Alpha.share"] == ("from a talk", "sourced")
    assert said["institutions.Alpha.servers"] == ("assumed, like 2020", "ASSUMED")
    assert said["institutions.Beta.servers"] == ("Beta's annual report", "sourced")


def test_a_parents_source_says_nothing_about_a_childs_value(tmp_path: Path) -> None:
    rows = rows_of(
        tmp_path,
        """\
        extends: parent.yaml
        population: {wallets: 600}
        merchants: {count: 9}
        sources: {merchants.popularity_exponent: the child's reading}
        """,
        parent="""\
        population: {wallets: 500, corporates: 5}
        merchants: {count: 8, popularity_exponent: 1}
        sources: {population: the parent's, merchants: the parent's}
        """,
    )
    said = {path: (row["source"], row["set_by"]) for path, row in rows.items()}
    assert said["population.wallets"] == ("ASSUMED (no source given in case.yaml)", "case.yaml")
    assert said["population.corporates"] == ("the parent's", "parent.yaml")
    assert said["population.activity_sigma"] == ("the parent's", "default")
    assert said["merchants.count"] == ("ASSUMED (no source given in case.yaml)", "case.yaml")
    assert said["merchants.popularity_exponent"] == ("the child's reading", "parent.yaml")


def test_what_the_command_line_sets_says_so(tmp_path: Path) -> None:
    text = "population: {wallets: 500}\nsources: {population: Yearbook}\n"
    rows = rows_of(tmp_path, text, {"population.wallets": "600", "population.classes": "{IV: 1}"})
    for path in ("population.wallets", "population.classes.IV"):
        assert (rows[path]["source"], rows[path]["set_by"]) == ("set on the command line", "--set")
    assert rows["population.corporates"]["source"] == "Yearbook"
    rows = rows_of(tmp_path, text, {"population.wallets": "600", "sources.'population.wallets'": "a guess"})
    assert rows["population.wallets"]["source"] == "a guess"


def test_a_preset_brings_its_source(tmp_path: Path) -> None:
    rows = rows_of(
        tmp_path,
        """\
        demand: {segments: {a: {payments: 3 /s}, b: {payments: 3 /s, ticket: qr_quantile}}}
        campaigns: {c: {registered: 9, winners: 1, packet: 1 CNY, lasts: 2 days}}
        """,
    )
    assert rows["rules.wallet_limits.preset"]["source"].startswith("2021+: Bloomberg")
    assert rows["rules.wallet_limits.classes.II.daily"]["source"].startswith("Forkast/Caixin")
    assert rows["rules.wallet_limits.classes.III.daily"]["status"] == "ASSUMED"
    assert rows["demand.segments.a.ticket.preset"]["source"] == "UnionPay 2019 survey (derived)"
    assert rows["demand.segments.a.ticket.median"]["source"].startswith("derived from UnionPay 2019")
    assert rows["demand.segments.b.ticket.median"]["source"].startswith("derived from UnionPay 2019")
    assert rows["demand.segments.b.ticket.preset"]["source"] == "ASSUMED (no source given in case.yaml)"
    assert (rows["campaigns.c.ticket.median"]["source"], rows["campaigns.c.ticket.median"]["value"]) == (
        "ASSUMED",
        "110 CNY",
    )


def test_a_default_that_its_section_sets_rests_on_the_sections_source(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "")
    assert rows["population.opening_balance.mean"]["source"].startswith("16.5 bn yuan")
    assert rows["population.corporate_opening_balance.mean"]["status"] == "ASSUMED"
    assert rows["merchants.categories.food"]["source"].startswith("Fujian urban household")
    assert rows["institutions.ICBC.share"]["source"] == "ASSUMED (not published)"


def test_a_source_may_point_at_another_value(tmp_path: Path) -> None:
    rows = rows_of(
        tmp_path,
        """\
        population: {wallets: 500, corporates: 5}
        merchants: {count: 8}
        sources:
          population.wallets: Yearbook 2024
          population.corporates: see wallets
          merchants.count: see population.corporates
          seed: see seed
          scale: see nothing that is there
        """,
    )
    assert rows["population.corporates"]["source"] == "Yearbook 2024"
    assert rows["merchants.count"]["source"] == "Yearbook 2024"
    assert rows["seed"]["source"] == "see seed"
    assert rows["scale"]["source"] == "see nothing that is there"


def test_a_source_for_what_is_not_there_is_a_mistake_in_its_own_file_only(tmp_path: Path) -> None:
    parent = "institutions: {A: {share: 1}, B: {share: 0}}\nsources: {institutions.B: gone in the child}\n"
    rows = rows_of(tmp_path, "extends: parent.yaml\ninstitutions: {B: null}\n", parent=parent)
    assert "institutions.B.share" not in rows
    with pytest.raises(ScenarioErrors) as caught:
        rows_of(tmp_path, "sources:\n  seed: mine\n  institutions.ICBX: x\n  'a..b': y\n  'institutions.*.x': z\n")
    assert [(error.line, error.value, error.nearest) for error in caught.value.errors] == [
        (5, "institutions.ICBX", "institutions.ICBC"),
        (6, "a..b", None),
        (7, "institutions.*.x", "institutions"),
    ]


def test_sources_may_be_given_for_empty_and_absent_sections(tmp_path: Path) -> None:
    text = "sources: {campaigns: none that day, faults: none, demand.trace: none, rules.box: none}\n"
    assert rows_of(tmp_path, text)["rules.box.enabled"]["source"] == "none"
