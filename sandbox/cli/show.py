"""`ecny-sandbox show`: what a scenario asks and what it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from sandbox.cli import terminal
from sandbox.language import N_, _, translated
from sandbox.scenario.paths import ANY, Path, format_path, parse_path
from sandbox.visible import few_digits

if TYPE_CHECKING:
    from sandbox.scenario.load import Loaded

_WIDTH: Final = 100
_VALUE: Final = 28
_GROUPS: Final = (
    ("lever", N_("Levers (what a regulator or operator sets)")),
    ("assumption", N_("Assumptions (what nobody sets)")),
)


@click.command(name="show", help=_("Show what SCENARIO asks and what it rests on."))
@click.argument("scenario")
@click.option("--resolved", is_flag=True, help=_("Print the whole scenario with every value in force, as YAML."))
def command(scenario: str, resolved: bool) -> None:
    from sandbox.scenario.load import load

    loaded = load(scenario)
    if resolved:
        terminal.tell_yaml(loaded.resolved_yaml())
    else:
        terminal.tell(*shown(loaded))


def shown(loaded: Loaded) -> Iterator[str]:
    """Title, question, what to look for; then levers and assumptions with sources, first what the scenario sets."""
    scenario = loaded.scenario
    yield _("{title}  ({name})", title=scenario.title, name=loaded.name)
    yield ""
    yield from textwrap.wrap(" ".join(scenario.question.split()), _WIDTH)
    if scenario.look_for:
        yield from ("", _("What to look for"))
        for hint in scenario.look_for:
            yield from textwrap.wrap(" ".join(hint.split()), _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    rows = alike(loaded.parameters())
    for role, heading in _GROUPS:
        of_role = [row for row in rows if row["role"] == role]
        yield from ("", _(heading))
        yield from _table([row for row in of_role if row["set_by"] != "default"], _("set by this scenario"))
        yield from _table([row for row in of_role if row["set_by"] == "default"], _("at their defaults"))


def alike(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Rows in which all institutions are alike become one, `institutions.*.servers`."""
    names = {steps[1] for row in rows if (steps := _steps(row["path"]))[0] == "institutions"}
    kinds: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in rows:
        kinds.setdefault(_any_institution(row["path"]), {})[row["path"]] = row
    merged: list[Mapping[str, str]] = []
    for path, members in kinds.items():
        first, *others = members.values()
        same = all({**row, "path": path} == {**first, "path": path} for row in others)
        merged += [{**first, "path": path}] if same and len(members) == len(names) > 1 else list(members.values())
    return merged


def _any_institution(path: str) -> str:
    steps = _steps(path)
    return format_path((steps[0], ANY, *steps[2:])) if steps[0] == "institutions" else path


def _steps(path: str) -> Path:
    """A name may have dots of its own: `institutions.'A. B.'.servers`."""
    return parse_path(path) or (path,)


def _table(rows: Sequence[Mapping[str, str]], heading: str) -> Iterator[str]:
    if not rows:
        return
    yield "  " + heading
    cells = [
        (row["path"], _short(few_digits(row["value"])), " ".join(translated(row["source"]).split())) for row in rows
    ]
    paths, values = (max(len(cell[column]) for cell in cells) for column in (0, 1))
    above = None
    for path, value, source in cells:
        shown_source = '"' if source == above else source
        yield f"    {path.ljust(paths)}  {value.ljust(values)}  {shown_source}".rstrip()
        above = source


def _short(value: str) -> str:
    return value if len(value) <= _VALUE else value[: _VALUE - 1] + "…"
