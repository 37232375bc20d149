"""Words and code go together: no text is asked for that is not there, and none is there that nobody asks for."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import reports
from reports.text import ENGLISH, say
from sandbox.tables import OUTCOMES
from tests.sources import parsed

ROOT = Path(reports.__file__).parent
LOOKED_UP = {
    "outcome", "class", "stage", "station", "actor", "event", "regime", "kind", "level", "campaign", "box",
    "preset", "box_stage", "box_reason", "box_item", "decision", "gate", "gate_short", "verdict", "complaint",
    "viewer", "watcher", "pattern", "detector", "rule", "large_value", "alert_status", "since", "leak_column", "about",
    "way", "path", "reason", "redeemed_reason", "contract_kind", "contract_reason", "ending", "offline_money",
    "offline_outcome", "declined", "attack", "cause", "bill_state", "data_state", "data_kind", "data_step",
    "place", "group", "fault",
}  # fmt: skip
"""Groups whose names come from a run: they are looked up by a name that the code does not spell."""


def asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys in the code's strings, and patterns of keys that it puts together."""
    files = [file for file in ROOT.rglob("*.py") if file.parent.name != "words"]
    assert len(files) > 20
    keys, patterns = set(), []
    for file in files:
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keys.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(one.value) if isinstance(one, ast.Constant) else ".+" for one in node.values]
                if len("".join(parts).replace(".+", "")) > 2:
                    patterns.append(re.compile("".join(parts)))
    keys |= set(re.findall(r'say\("([^"]+)"', (ROOT / "templates" / "report.html.j2").read_text(encoding="utf-8")))
    return keys, patterns


def test_no_text_is_defined_twice():
    """The table of all texts is put together of many: a later one would hide an earlier one."""
    said: dict[str, str] = {}
    for file in sorted((ROOT / "words").glob("*.py")):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Dict):
                for key in node.keys:
                    assert isinstance(key, ast.Constant), f"{file.name}: a key that is not spelled out"
                    assert key.value not in said, f"{key.value} is in {said.get(key.value)} and {file.name}"
                    said[key.value] = file.name
    assert set(said) == set(ENGLISH)


def test_every_text_is_used():
    keys, patterns = asked_for()
    unused = [
        key
        for key in ENGLISH
        if key not in keys and key.split(".")[0] not in LOOKED_UP and not any(one.fullmatch(key) for one in patterns)
    ]
    assert unused == []


def test_every_text_that_is_asked_for_by_name_is_there():
    asked = set()
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "_finding"):
                asked |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    assert len(asked) > 100
    assert sorted(asked - set(ENGLISH)) == []


def test_every_outcome_has_words():
    assert [name for name in OUTCOMES if f"outcome.{name}" not in ENGLISH] == []


def test_texts_are_plain():
    for key, text in ENGLISH.items():
        assert text == " ".join(text.split()), key
        assert not re.search(r"[<>]", text), key
        assert all(name.isidentifier() for _, name, _, _ in string.Formatter().parse(text) if name is not None), key


def test_an_unknown_text_is_an_error_and_values_are_no_templates():
    with pytest.raises(KeyError):
        say("no.such.text")
    assert "{0.__class__}" in say("asked.value") + say("fig.from", moment="{0.__class__}")
