"""Our sources as trees, each read once in a process of tests."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def parsed(file: Path) -> ast.Module:
    """A source file as a tree; no test changes a file that it has looked at."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))
