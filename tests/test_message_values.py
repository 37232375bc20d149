"""Messages that a name or a table holds are filled with just what they name, and nothing is translated at import.

`tests/test_messages.py` looks at messages that stand where they are filled. Here a name is followed to what it was
bound to: in the function around the call, in the module, or in a module of ours that it was imported from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.sources import parsed
from tests.test_architecture import ROOT, house, modules
from tests.test_messages import fields, literal

TRANSLATE = ("_", "plural", "in_context", "translated", "named")
PLACES = {"_": 0, "Problem": 1, "unknown_name": 1}
"""Which argument of a call is the message that its keywords fill."""
ALWAYS = {"_": set(), "Problem": {"given", "valid"}, "unknown_name": {"name", "given", "valid"}}
"""Values that may be there whether the message names them or not."""
Block = list[ast.stmt]


@cache
def parents(file: Path) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(parsed(file)) for child in ast.iter_child_nodes(node)}


class Scope(NamedTuple):
    """A source tree, and the module of it in which an expression stands."""

    root: Path
    module: str

    @property
    def file(self) -> Path:
        return modules(self.root)[self.module]


def bindings(name: str, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.expr | None, Scope]]:
    """What a name may be bound to where a node stands; None for what cannot be told."""
    above = parents(scope.file)
    while (parent := above.get(node)) is not None:
        for block in (one for __, one in ast.iter_fields(parent) if isinstance(one, list) and node in one):
            for statement in reversed(block[: block.index(node)]):
                found = list(bound_in(name, statement))
                yield from ((one, scope) for one in found)
                if found and not isinstance(statement, ast.If | ast.For | ast.While):
                    return
        inner = [parent] if isinstance(parent, ast.For | ast.FunctionDef) else getattr(parent, "generators", [])
        if any(name in targets(one) for one in inner):
            yield None, scope
            return
        node = parent
    for other in ast.walk(parsed(scope.file)):
        if isinstance(other, ast.ImportFrom) and other.module in modules(scope.root):
            for alias in other.names:
                if (alias.asname or alias.name) == name:
                    there = Scope(scope.root, other.module)
                    last = parsed(there.file).body[-1]
                    yield from ((one, there) for one in bound_in(alias.name, last))
                    yield from bindings(alias.name, last, there)


def targets(node: ast.AST) -> set[str]:
    """Names that a loop binds, or a function's arguments."""
    if isinstance(node, ast.FunctionDef):
        return {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
    return {one.id for one in ast.walk(getattr(node, "target", node)) if isinstance(one, ast.Name)}


def bound_in(name: str, statement: ast.stmt) -> Iterator[ast.expr | None]:
    """What a statement, and whatever stands in it, binds a name to."""
    for node in ast.walk(statement):
        if isinstance(node, ast.AnnAssign | ast.NamedExpr) and ast.unparse(node.target) == name:
            yield node.value
        elif isinstance(node, ast.AugAssign) and ast.unparse(node.target) == name:
            yield None
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and name in map(ast.unparse, target.elts):
                at = list(map(ast.unparse, target.elts)).index(name)
                yield node.value.elts[at] if isinstance(node.value, ast.Tuple) else None
        if isinstance(node, ast.For) and name in targets(node):
            yield None


def said(node: ast.expr | None, scope: Scope) -> list[str] | None:
    """All messages that an expression may be; None if that cannot be told."""
    if node is None:
        return None
    if (text := literal(node)) is not None:
        return [text]
    options: list[tuple[ast.expr | None, Scope]] = []
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "N_":
        options = [(node.args[0], scope)]
    elif isinstance(node, ast.IfExp):
        options = [(node.body, scope), (node.orelse, scope)]
    elif isinstance(node, ast.Name):
        options = list(bindings(node.id, node, scope))
    elif isinstance(node, ast.Dict):
        options = [(value, scope) for value in node.values]
    elif isinstance(node, ast.Subscript):
        options = [(node.value, scope)]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        options = [(node.func.value, scope), *((one, scope) for one in node.args[1:])]
    every = [said(one, where) for one, where in options]
    return None if not every or None in every else [text for one in every for text in one or ()]


def given(call: ast.Call, scope: Scope) -> set[str] | None:
    """Names of all values of a call; None if that cannot be told."""
    names = named(call)
    for starred in (one.value for one in call.keywords if one.arg is None):
        if is_changed(ast.unparse(starred), scope):
            return None
        found = bindings(starred.id, starred, scope) if isinstance(starred, ast.Name) else iter([(starred, scope)])
        for value, __ in found:
            if not isinstance(value, ast.Dict) or None in value.keys:
                return None
            names |= {str(ast.literal_eval(key)) for key in value.keys if key is not None}
    return names


def named(call: ast.Call) -> set[str]:
    """Names of the values that stand in a call by themselves."""
    return {one.arg for one in call.keywords if one.arg is not None} - {"sections"}


def is_changed(name: str, scope: Scope) -> bool:
    """Whether something is put into a mapping of this name after it was made."""
    stored = (one for one in ast.walk(parsed(scope.file)) if isinstance(one, ast.Subscript | ast.Attribute))
    return any(ast.unparse(one.value) == name and isinstance(one.ctx, ast.Store) for one in stored)


class Filled(NamedTuple):
    """A call: where, of which function, the values that stand in it, all of them, and its messages."""

    where: str
    called: str
    named: set[str]
    values: set[str]
    messages: list[str]


def filled(root: Path) -> Iterator[Filled]:
    """Calls whose messages and values can be told."""
    for module, file in modules(root).items():
        for node in ast.walk(parsed(file)) if module != "sandbox.language" else ():
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called in PLACES and len(node.args) > PLACES[called]:
                scope = Scope(root, module)
                messages, values = said(node.args[PLACES[called]], scope), given(node, scope)
                more = called == "_" and len(node.args) > 1
                if messages and values is not None and not more:
                    yield Filled(f"{module}:{node.lineno}", called, named(node), values, messages)


def ill_filled(root: Path) -> list[str]:
    """Calls that lack a value that one of their messages names, or give one that none of them names."""
    wrong = []
    for call in filled(root):
        asked = set().union(*(fields(message)[0] for message in call.messages))
        missing, unused = asked - call.values - ALWAYS[call.called], call.named - asked - ALWAYS[call.called]
        wrong += [f"{call.where}: lacks {sorted(missing)}, has no use for {sorted(unused)}"] if missing | unused else []
    return wrong


def translated_at_import(root: Path) -> list[str]:
    """Calls that translate while a module is imported, before a language is chosen; the command line chooses first."""
    wrong = []
    for module, file in modules(root).items():
        if module != "sandbox.language" and not f"{module}.".startswith("sandbox.cli."):
            calls = (one for one in at_import(parsed(file)) if isinstance(one, ast.Call))
            wrong += [f"{module}:{one.lineno}" for one in calls if ast.unparse(one.func) in TRANSLATE]
    return wrong


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What is carried out when a module is imported: bodies of functions are not, their defaults and decorators are."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        inside = [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
        inside += getattr(node, "decorator_list", [])
    else:
        inside = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.AST)]
    for one in inside:
        yield from at_import(one)


def test_messages_in_names_and_tables_are_given_what_they_name() -> None:
    assert ill_filled(ROOT) == []
    seen = [call.called for call in filled(ROOT)]
    assert seen.count("_") > 1_000
    assert seen.count("Problem") > 80


def test_nothing_is_translated_at_import() -> None:
    assert translated_at_import(ROOT) == []


SEEDED = [
    (ill_filled, 'FEW = N_("{count} too few")\nProblem((), FEW, number=1)'),
    (ill_filled, 'FEW = N_("too few")\nProblem((), FEW, number=1)'),
    (ill_filled, 'def f():\n    values = {"a": 1}\n    yield Problem((), N_("{b}"), **values)'),
    (ill_filled, 'def f(c):\n    m = N_("{a}")\n    if c:\n        m = N_("{b}")\n    yield Problem((), m, a=1)'),
    (ill_filled, 'def f(c):\n    m, p = N_("{a}"), ()\n    yield Problem(p, m, ("rules",), b=1)'),
    (ill_filled, 'WHY = {"a": N_("{value} is odd"), "b": N_("none")}\ndef f(x): return _(WHY[x], number=3)'),
    (ill_filled, 'WHY = {"a": N_("{value} is odd")}\ndef f(x): return _(WHY.get(x, N_("{other}")), value=3)'),
    (ill_filled, 'unknown_name((), N_("{place} is unknown"), "x", [])'),
    (translated_at_import, 'NAME = _("name")'),
    (translated_at_import, 'NAMES = {"a": N_("a"), "b": plural("b", "c", 3)}'),
    (translated_at_import, 'class A:\n    name: str = _("name")'),
    (translated_at_import, 'def f(name=_("name")): pass'),
    (translated_at_import, 'f = lambda name=_("name"): name'),
]
RIGHT = [
    'FEW = N_("{count} too few")\nProblem((), FEW, count=1, given=3)',
    'def f():\n    m = N_("{a}")\n    yield Problem((), m, a=1)\n    m = N_("{b}")\n    yield Problem((), m, b=1)',
    'def f(c):\n    if c:\n        m = N_("{a}")\n    else:\n        m = N_("none")\n    return _(m, a=1)',
    'def f(m):\n    return _(m, a=1)',
    'm = N_("{b}")\ndef f(): return [_(m, a=1) for m in messages()]',
    'def f():\n    v = {"a": 1}\n    v["b"] = 2\n    return _("{a}, {b}", **v)',
    'def f():\n    for m in messages():\n        yield _(m, a=1)',
    'NAME = N_("name")\ndef f(): return _(NAME)\ng = lambda: _("name")',
]  # fmt: skip


@pytest.mark.parametrize(("check", "lines"), SEEDED)
def test_a_seeded_fault_is_seen(tmp_path: Path, check: object, lines: str) -> None:
    assert callable(check)
    assert len(check(house(tmp_path, sandbox__records=f'"""R."""\n{lines}'))) == 1


def test_a_message_that_is_imported_is_followed(tmp_path: Path) -> None:
    lines = "from sandbox.tables import FEW\nProblem((), FEW, number=1)"
    root = house(tmp_path, sandbox__tables='"""T."""\nFEW = N_("{count} too few")', sandbox__records=lines)
    assert len(ill_filled(root)) == 1


@pytest.mark.parametrize("lines", RIGHT)
def test_what_is_right_is_left_alone(tmp_path: Path, lines: str) -> None:
    root = house(tmp_path, sandbox__records=f'"""R."""\n{lines}')
    assert (ill_filled(root), translated_at_import(root)) == ([], [])
