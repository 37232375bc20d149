"""What is marked for translation: each is found, is one whole literal, and is filled with just what it names.

Every check is a function of a source tree, and is tried on a small tree with the fault seeded.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.sources import parsed
from tests.test_architecture import ROOT, house, modules
from tools.messages import FILLED, KEYWORDS, called, template

OF = {"_": (0,), "N_": (0,), "plural": (0, 1), **FILLED}
"""Places of a call that are text."""
TRANSLATE = ("_", *FILLED)
"""Those that take a message of a table, of a choice, or by name, too."""
ENTRIES = ("says", "finding", "only_some")
"""Those that fill in what no word is given for."""
DEFINE = ("sandbox.language", "reports.reading", "reports.findings")


class Call(NamedTuple):
    """A call of one of `OF`, and where it is."""

    where: str
    mark: str
    node: ast.Call


def calls(root: Path) -> Iterator[Call]:
    """Every call that marks or translates, outside the module that defines them."""
    for name, file in modules(root).items():
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Call) and called(node) in OF and name not in DEFINE:
                yield Call(f"{name}:{node.lineno}", called(node), node)


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def messages(call: Call) -> list[str]:
    """Messages that a call spells out: its own, or those it chooses between."""
    if call.mark in TRANSLATE:
        given = [call.node.args[place] for place in OF[call.mark]]
        inside = [one for first in given for one in ast.walk(first) if isinstance(one, ast.Call)]
        said = [one.args[0] for one in inside if ast.unparse(one.func) == "N_"]
        return [text for one in (*given, *said) if (text := literal(one)) is not None]
    return [text for place in OF[call.mark] if (text := literal(call.node.args[place])) is not None]


def made_up(root: Path) -> list[str]:
    """Calls whose message is put together: nobody could find it, or translate it as one."""
    return [call.where for call in calls(root) if not all(_is_message(one, call.mark) for one in _texts(call))]


def _texts(call: Call) -> list[ast.expr]:
    given = [call.node.args[place] for place in OF[call.mark]]
    return [one for first in given for one in _choices(first)] if call.mark in TRANSLATE else given


def _choices(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression chooses between."""
    if isinstance(node, ast.IfExp):
        yield from (*_choices(node.body), *_choices(node.orelse))
    else:
        yield node


def _is_message(node: ast.expr, mark: str) -> bool:
    """A literal; where it translates what a table or a name holds, that, or a marked literal of a choice."""
    if mark not in TRANSLATE:
        return literal(node) is not None
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "N_" or (isinstance(node.func, ast.Attribute) and node.func.attr == "get")
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or literal(node) is not None


def bare_choices(root: Path) -> list[str]:
    """Choices whose literals are not marked: `_("a" if x else "b")` has neither of them extracted."""
    given = [(call, call.node.args[place]) for call in calls(root) if call.mark in TRANSLATE for place in OF[call.mark]]
    return [call.where for call, one in given if isinstance(one, ast.IfExp) and any(map(literal, _choices(one)))]


def fields(message: str) -> tuple[set[str], int]:
    """Names of the holes of a message, and how many have none."""
    found = [name for __, name, __, __ in string.Formatter().parse(message) if name is not None]
    return {name for name in found if name}, found.count("")


def ill_filled(root: Path) -> list[str]:
    """Calls that give other values than their messages name."""
    wrong = []
    for call in calls(root):
        said = messages(call)
        if not said or call.mark == "N_":
            continue
        named = {one.arg for one in call.node.keywords if one.arg is not None}
        open_ended = any(one.arg is None for one in call.node.keywords)
        holes = [fields(one) for one in said]
        asked = set().union(*(names for names, __ in holes))
        extra = len(call.node.args) - {"plural": 3, "finding": 4, "stated": 5, "only_some": 3}.get(call.mark, 1)
        starred = any(isinstance(one, ast.Starred) for one in call.node.args)
        given = (
            {"value"} if call.mark == "stated" else asked if call.mark in ENTRIES else set()
        )  # Entries give the rest.
        ill = not named <= asked or (not asked <= named | given and not open_ended)
        if ill or (not starred and any(count != max(extra, 0) for __, count in holes)):
            wrong.append(f"{call.where}: {sorted(named)} for {sorted(asked)}")
    return wrong


def shadowed(root: Path) -> list[str]:
    """Names of `OF` that a module which uses them binds to something else."""
    wrong = []
    for name, file in modules(root).items():
        tree = parsed(file)
        marks = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "sandbox.language"
            for alias in node.names
        }
        for node in ast.walk(tree):
            bound = node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None
            bound = node.arg if isinstance(node, ast.arg) else bound
            if bound in marks:
                wrong.append(f"{name}:{node.lineno}: {bound}")  # type: ignore[attr-defined]
    return wrong


def test_all_that_is_marked_is_found() -> None:
    catalog = template(ROOT)
    said = [(call, one) for call in calls(ROOT) for one in messages(call)]
    assert len(said) > 1000
    known = {one for entry in catalog for one in (entry.id if isinstance(entry.id, tuple) else (entry.id,))}
    assert [f"{call.where}: {one}" for call, one in said if one not in known] == []
    assert "Usage:" in catalog, "click's own words are not found"
    assert "Skip to the report" in catalog, "the template of the report is not read"


def test_no_message_is_put_together() -> None:
    assert made_up(ROOT) == []
    assert bare_choices(ROOT) == []


def test_messages_are_given_what_they_name() -> None:
    assert ill_filled(ROOT) == []


def test_marks_are_not_bound_to_something_else() -> None:
    assert shadowed(ROOT) == []


def test_messages_are_plain() -> None:
    for call in calls(ROOT):
        for one in messages(call):
            assert one, call.where
            assert not re.search(r"<[a-z/]|\t| \n", one), call.where
            assert one == one.strip(" ") or one in (", ", "; "), f"{call.where}: {one!r}"
            assert not re.fullmatch(r"\{[\w.]*\}", one), f"{call.where}: nothing to translate"


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (made_up, '_(f"{count} runs")'),
        (made_up, '_("a" + name)'),
        (made_up, 'N_(f"a {b}")'),
        (made_up, "plural(one, many, 3)"),
        (made_up, '_(N_("a") if c else f"b {c}")'),
        (bare_choices, '_("a" if c else "b")'),
        (ill_filled, '_("{count} runs", number=3)'),
        (ill_filled, '_("{count} runs")'),
        (ill_filled, '_("no runs", count=3)'),
        (ill_filled, '_("no runs", count=3, **more)'),
        (ill_filled, '_(N_("{a}") if c else N_("{b}"), a=3)'),
        (ill_filled, 'plural("a run", "{count} runs", 3, number=3)'),
        (ill_filled, '_("{} of {}", 3)'),
        (ill_filled, 'box.says("{a} runs", b=3)'),
        (ill_filled, 'finding(box, "a", "Runs", "{value} of {way}", b=way)'),
        (ill_filled, 'stated("Runs", "{value} of {all}", 3, "3", None)'),
        (ill_filled, 'raise StoreError("{path} is full", file=path)'),
        (made_up, 'raise StoreError(f"{path} is full")'),
        (made_up, 'finding(box, "a", "Runs", f"{a} runs")'),
        (bare_choices, 'box.says("a" if c else "b")'),
        (shadowed, "from sandbox.language import _\nfor _, b in c: pass"),
        (shadowed, "from sandbox.language import plural\ndef f(plural): pass"),
    ],
)
def test_a_seeded_fault_is_seen(tmp_path: Path, check: object, line: str) -> None:
    assert callable(check)
    assert len(check(house(tmp_path, sandbox__records=f'"""R."""\n{line}'))) == 1


@pytest.mark.parametrize(
    "line",
    [
        '_("{count} runs", count=3)',
        '_("{a} and {b}", a=1, **more)',
        '_(TABLE[name], count=3)',
        '_(N_("{a}") if c else N_("none"), a=3)',
        'plural("a run", "{count} runs", 3, count=3)',
        '_("{} of {}", *names)',
        'box.says("{a} and {b.c_fen}", a=1)',
        'finding(box, "a", N_("Runs"), N_("{value}") if c else N_("{b}"))',
        'stated("Runs", "{value} of {all}", 3, "3", None, all=4)',
        'raise StoreError("{path} is full", path=path)',
        "for _, b in c: pass",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(tmp_path: Path, line: str) -> None:
    root = house(tmp_path, sandbox__records=f'"""R."""\n{line}')
    assert [check(root) for check in (made_up, bare_choices, ill_filled, shadowed)] == [[], [], [], []]


def test_a_message_that_no_package_holds_is_missed(tmp_path: Path) -> None:
    root = house(
        tmp_path,
        sandbox__records='"""R."""\nx = f(_("outer {x}", x=g(_("inner"))))\nfinding(a, "b", "C", box.says("{d}"))',
    )
    catalog = template(root)
    found = [one in catalog for one in ("outer {x}", "inner", "C", "{d}", "b", "elsewhere")]
    assert found == [True, True, True, True, False, False]


def test_babel_is_told_of_every_mark() -> None:
    assert set(OF) == {*KEYWORDS, *FILLED} - {"ngettext"}
