"""The engine stays readable: columns by their namespace, and compiled functions that take few arguments."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.sources import parsed
from tests.test_architecture import ROOT, house, source_files

MOST_COLUMNS = 5
"""Names of columns, flags and masks that a file imports one by one; namespaces and enumerations are not counted."""
MOST_ARGUMENTS = 8
"""Arguments of a compiled function; what belongs together goes in as one tuple."""
COMPILED = {"compiled", "allocating", "shared", "inlined", "rare"}
"""The decorators of `sandbox.core.compiled`."""


def columns_one_by_one(root: Path) -> dict[str, int]:
    """Files that import more of the layout's numbers by name than is readable, and how many."""
    found = {}
    for file in source_files(root):
        count = sum(
            alias.name.isupper()
            for node in ast.walk(parsed(file))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sandbox.core.layout")
            for alias in node.names
        )
        if count > MOST_COLUMNS:
            found[file.relative_to(root).as_posix()] = count
    return found


def wide_functions(root: Path) -> set[str]:
    """Compiled functions that take too many arguments."""
    found = set()
    for file in source_files(root):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(one) in COMPILED for one in node.decorator_list):
                every = node.args
                if len([*every.posonlyargs, *every.args, *every.kwonlyargs]) > MOST_ARGUMENTS:
                    found.add(f"{file.relative_to(root).as_posix()}:{node.name}")
    return found


def test_columns_are_used_by_their_namespace() -> None:
    assert columns_one_by_one(ROOT) == {}, "import the namespace: from sandbox.core.layout import account"


def test_compiled_functions_take_few_arguments() -> None:
    assert wide_functions(ROOT) == set()


def test_columns_one_by_one_are_seen(tmp_path: Path) -> None:
    numbers = [f"C{number}" for number in range(MOST_COLUMNS + 1)]
    of_one = f"from sandbox.core.layout.account import {', '.join(numbers)}"
    of_two = f"from sandbox.core.layout import {numbers[0]}, account\n{of_one.replace('C0, ', '')}"
    few = of_one.replace("C0", "account, Outcome")
    assert columns_one_by_one(house(tmp_path, wallets__a=of_one, wallets__b=of_two, wallets__c=few)) == {
        "wallets/a.py": MOST_COLUMNS + 1,
        "wallets/b.py": MOST_COLUMNS + 1,
    }


@pytest.mark.parametrize("decorator", sorted(COMPILED))
def test_a_compiled_function_of_many_arguments_is_seen(tmp_path: Path, decorator: str) -> None:
    names = [f"a{number}" for number in range(MOST_ARGUMENTS + 1)]
    wide = f"@{decorator}\ndef wide({', '.join(names)}):\n    pass\n"
    others = wide.replace("wide", "fits").replace("a0, ", "") + wide.replace(f"@{decorator}\n", "").replace("wide", "p")
    assert wide_functions(house(tmp_path, wallets__a=wide + others)) == {"wallets/a.py:wide"}


def test_finding_nothing_is_red(tmp_path: Path) -> None:
    for check in (columns_one_by_one, wide_functions):
        with pytest.raises(AssertionError):
            check(tmp_path)
