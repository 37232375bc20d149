"""Writing a scenario out: every value in force with its unit, and a source for every one.

What is written here `load` reads back to an equal scenario.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.scenario.introspection import root_shape, written
from sandbox.scenario.paths import Path, format_path
from sandbox.scenario.schema.scenario import Scenario
from sandbox.scenario.yaml_scalars import resolve

_PLAIN: Final = re.compile(r"[A-Za-z0-9_](?:[\w /+.%-]*[\w/+.%-])?\Z", re.ASCII)
_WIDEST: Final = 100
_HEADER: Final = """\
# Every value in force. Assumptions without a source are marked; the sources of all values stand at the end, by path
# (`*`: any name or entry). This file is a scenario like any other and can be run again.
"""


def resolved_yaml(scenario: Scenario, status: Mapping[str, str], trace_file: str | None) -> str:
    """The scenario as a file.

    Args:
        scenario: with complete `sources`.
        status: by path, as in `parameters`, of the values to mark; `sourced` is not written.
        trace_file: what stands for `demand.trace.file`, if there is a trace.
    """
    entries = written(scenario, root_shape())
    sources = entries.pop("sources")
    del entries["extends"]
    if entries["demand"]["trace"] is not None and trace_file is not None:
        entries["demand"]["trace"]["file"] = trace_file
    lines = list(_mapping({**entries, "sources": sources}, (), status))
    return _HEADER + "\n".join(lines) + "\n"


def _mapping(entries: Mapping[str, Any], path: Path, status: Mapping[str, str]) -> Iterator[str]:
    indent = "  " * len(path)
    for name, value in entries.items():
        if value is None:
            continue
        here = (*path, name)
        head = f"{indent}{as_text(name)}:"
        if isinstance(value, dict) and value:
            yield head
            yield from _mapping(value, here, status)
        elif isinstance(value, list) and value and not _fits_on_one_line(value):
            yield from _list(head, value, here, indent, status)
        else:
            certainty = status.get(format_path(here), "sourced")
            comment = "" if certainty == "sourced" else f"  # {certainty}"
            yield f"{head} {_scalar(value)}{comment}"


def _list(head: str, items: list[Any], path: Path, indent: str, status: Mapping[str, str]) -> Iterator[str]:
    if all(isinstance(item, (int, float)) for item in items):
        yield head
        wrapped = textwrap.wrap(_scalar(items), _WIDEST, break_long_words=False, break_on_hyphens=False)
        yield from (f"{indent}  {line}" for line in wrapped)
        return
    yield head
    for index, item in enumerate(items):
        if isinstance(item, dict):
            # The index in the path counts one level, as the two columns of `- ` do.
            first, *rest = _mapping(item, (*path, index), status)
            yield f"{indent}  - {first.lstrip()}"
            yield from rest
        else:
            yield f"{indent}  - {_scalar(item)}"


def _fits_on_one_line(items: list[Any]) -> bool:
    return not any(isinstance(one, dict) for one in items) and len(_scalar(items)) <= _WIDEST


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_text(value) if isinstance(value, str) else repr(value)


def as_text(words: str) -> str:
    """Text plain if it reads back as itself, else in double quotes.

    >>> as_text("2000 CNY"), as_text("2021+"), as_text("true"), as_text("a: b"), as_text("2.5")
    ('2000 CNY', '2021+', '"true"', '"a: b"', '"2.5"')
    """
    if _PLAIN.match(words) and resolve(words) == words:
        return words
    return '"' + "".join(_escaped(char) for char in words) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    if char == "\n":
        return "\\n"
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
