"""A resolved scenario writes out what its presets give: another name above the same values is refused, not believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.features.offline.schema import Offline
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.introspection import Shape, root_shape, shapes
from sandbox.scenario.load import Loaded, load
from sandbox.scenario.paths import ANY, format_path
from sandbox.scenario.schema import Scenario

HEAD = (
    "title: A\nquestion: B\nduration: 30 days\npopulation: {wallets: 100}\nmerchants: {count: 5}\nseries: {bin: 1 h}\n"
)
SEGMENT = "demand: {segments: {shops: {payments: 90 /day, ticket: survey}}}\n"
PURSES = "offline: {regions: {here: 100 %}, purses: {cards: {share: 10 %, pays: always, load: 20 CNY}}, caps: "
OFFLINE = PURSES + "{preset: rbi_2023}}\n"
PLAN = (
    "rules: {box: {enabled: true, plan: {preset: pboc, pace: 2000, least_payments: 1, "
    "applicants: [{institution: ICBC}]}}}\n"
)
CASES = {
    "rules.wallet_limits": ("", "2021+", "ccb_pilot_2020", "classes"),
    "rules.changes[0].wallet_limits": (
        "rules: {changes: [{at: 10 min, wallet_limits: {preset: ccb_pilot_2020}}]}\n", "ccb_pilot_2020", "2021+",
        "classes",
    ),
    "offline.caps": (SEGMENT + OFFLINE, "rbi_2023", "upi_lite_2024", "balance"),
    "demand.segments.shops.ticket": (SEGMENT, "survey", "qr_quantile", "median"),
    "supervision.incidents": ("supervision: {incidents: {preset: dora}}\n", "dora", "mas", "clocks"),
    "rules.box.plan": (SEGMENT + PLAN, "pboc", "fca", "stages"),
}  # fmt: skip
"""By the section that has a preset: the scenario, its preset, another one, and an entry that it fills."""


def resolved(tmp_path: Path, case: str) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(HEAD + CASES[case][0], encoding="utf-8")
    return load(file).resolved_yaml()


def renamed(words: str, old: str, new: str, case: str) -> tuple[str, int]:
    """The file with the name of this section's preset changed, as by hand, and in which line."""
    spots = [found.start() for found in re.finditer(rf"^ *(?:- )?preset: {re.escape(old)}(?= |$)", words, re.MULTILINE)]
    assert spots
    at = spots[-1] if case.startswith("rules.changes") or case == "demand.segments.shops.ticket" else spots[0]
    changed = words[:at] + words[at:].replace(f"preset: {old}", f"preset: {new}", 1)
    return changed, changed[:at].count("\n") + 1


def loaded(tmp_path: Path, words: str, **more: Any) -> Loaded:
    file = tmp_path / "scenario.yaml"
    file.write_text(words, encoding="utf-8")
    return load(file, **more)


def section(scenario: Scenario, case: str) -> Any:
    value: Any = scenario
    for step in re.findall(r"\w+", case):
        value = value[int(step)] if step.isdigit() else value[step] if isinstance(value, dict) else getattr(value, step)
    return value


@pytest.mark.parametrize("case", CASES)
def test_a_preset_renamed_in_a_resolved_scenario_is_refused(case: str, tmp_path: Path) -> None:
    _, old, new, entry = CASES[case]
    words, line = renamed(resolved(tmp_path, case), old, new, case)
    with pytest.raises(ScenarioErrors) as caught:
        loaded(tmp_path, words)
    (error,) = caught.value.errors
    assert (error.path, error.line) == (f"{case}.preset", line)
    assert f"those of {old}, not of {new}; take out " in str(error)
    assert f"`{entry}`" in str(error)


@pytest.mark.parametrize("case", CASES)
def test_a_preset_chosen_over_a_resolved_scenario_gives_its_own_values(case: str, tmp_path: Path) -> None:
    _, _, new, entry = CASES[case]
    words = resolved(tmp_path, case)
    before = loaded(tmp_path, words).scenario
    chosen = loaded(tmp_path, words, overrides={f"{case}.preset": new})
    assert getattr(section(chosen.scenario, case), entry) != getattr(section(before, case), entry)
    first_hand = load(tmp_path / "case.yaml", overrides={f"{case}.preset": new})
    assert section(chosen.scenario, case) == section(first_hand.scenario, case)


def test_an_edited_value_is_taken_and_no_longer_the_presets(tmp_path: Path) -> None:
    words = resolved(tmp_path, "offline.caps").replace("hops: 1\n", "hops: 4\n")
    edited = loaded(tmp_path, words)
    rows = {row["path"]: row["source"] for row in edited.parameters()}
    offline = edited.scenario.section(Offline)
    assert offline is not None
    assert offline.caps.hops == 4
    assert rows["offline.caps.hops"] == "ASSUMED (no source given in scenario.yaml)"
    assert "RBI 2024" in rows["offline.caps.balance"]


def test_values_of_ones_own_beside_a_preset_are_no_mistake(tmp_path: Path) -> None:
    """All of another preset's, even: who writes them means them, and they travel to workers written out."""
    own = PURSES + "{preset: rbi_2023, balance: 400 CNY, payment: 80 CNY, without_pin: 80 CNY}}\n"
    file = tmp_path / "own.yaml"
    file.write_text(HEAD + SEGMENT + own, encoding="utf-8")
    assert loaded(tmp_path, load(file).resolved_yaml()).scenario == load(file).scenario


def test_every_preset_of_the_schema_is_tried() -> None:
    tried = {re.sub(r"\[\d\]|shops", "*", case).replace("changes*", "changes.*") for case in CASES}
    found = set(_sections_with_presets(root_shape(), ()))
    tickets = {one for one in found if one.endswith(".ticket")}
    assert found - tickets <= tried
    assert tickets


def _sections_with_presets(shape: Shape, path: tuple[str | int, ...]) -> Iterator[str]:
    if shape.kind == "section" and shape.model is not None:
        if "preset" in shape.model.model_fields:
            yield format_path(path)
        for name, one in shapes(shape.model).items():
            yield from _sections_with_presets(one, (*path, name))
    elif shape.item is not None:
        yield from _sections_with_presets(shape.item, (*path, ANY))
