"""The reference page and the JSON Schema say what the schema says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.reference import PAGES
from sandbox.scenario.introspection import Shape, leaves, root_shape, shapes
from sandbox.scenario.load import load
from sandbox.scenario.pydantic_messages import EXPECTED
from sandbox.scenario.reference import json_schema, reference_markdown
from sandbox.scenario.schema import scenario_from

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_up_to_date(page: Path) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == PAGES[page](), "run `python -m sandbox.reference`"


def test_the_page_has_every_parameter() -> None:
    page = reference_markdown()
    for leaf in leaves(scenario_from({"title": "A", "question": "B"})):
        generic = re.sub(r"\.classes\.\w+\.", ".classes.NAME.", ".".join(map(str, leaf.path)))
        generic = re.sub(r"^institutions\.\w+", "institutions.NAME", generic)
        generic = re.sub(r"(categories|classes|can_top_up)\.\w+$", r"\1", generic)
        assert f"| `{generic}` |" in page


def _properties(schema: dict[str, Any], name: str) -> dict[str, Any]:
    model = schema["$defs"][name]
    return (model["anyOf"][1] if "anyOf" in model else model)["properties"]  # type: ignore[no-any-return]


def test_the_json_schema_has_units_and_defaults_as_a_file_writes_them() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["title", "question"]
    patience = _properties(schema, "Behaviour")["patience"]
    assert (patience["type"], patience["x-unit"], patience["default"]) == ("string", "time", "15 s")
    assert patience["x-source"] == "NPCI 2025: 15 s"
    assert _properties(schema, "Campaign")["claimed"]["default"] == "95.15 %"
    assert _properties(schema, "Ticket")["median"]["default"] == "18 CNY"
    assert schema["properties"]["duration"]["default"] == "1 day"
    assert schema["$defs"]["Ticket"]["anyOf"][0]["enum"] == ["survey", "qr_quantile"]


def test_every_parameter_in_the_json_schema_has_a_description_a_role_and_a_source() -> None:
    schema = json_schema()
    models = [schema, *({"properties": _properties(schema, name)} for name in schema["$defs"])]
    entries = [entry for model in models for entry in model["properties"].values()]
    assert len(entries) > 100
    for entry in entries:
        assert entry["description"].endswith(".")
        assert entry["x-role"] in ("lever", "assumption", "design", "text")
        assert entry["x-source"]
    assert '"default": 1800' not in json.dumps(schema)


def test_what_the_schema_gives_as_default_can_be_written(tmp_path: Path) -> None:
    defaults = {
        name: entry["default"]
        for name, entry in json_schema()["properties"].items()
        if "default" in entry and name not in ("look_for", "sources")
    }
    assert {"rules", "population", "behaviour", "duration"} <= set(defaults)
    plain = tmp_path / "plain.yaml"
    plain.write_text(json.dumps({"title": "A", "question": "B", **defaults}), encoding="utf-8")
    bare = tmp_path / "bare.yaml"
    bare.write_text("title: A\nquestion: B\n")
    assert load(plain).digest == load(bare).digest


def test_there_is_a_sentence_for_whatever_may_be_expected() -> None:
    seen: set[str] = set()

    def walk(shape: Shape) -> None:
        seen.add(shape.unit or shape.kind)
        for below in [shape.item] if shape.item else list(shapes(shape.model).values()) if shape.model else []:
            walk(below)

    walk(root_shape())
    assert {"money", "limit", "date", "mapping", "sequence", "list"} <= seen
    assert seen - {"choice", "list", "section"} <= set(EXPECTED)
