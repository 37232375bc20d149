"""The report as Markdown, for reading in a terminal, a repository or a wiki. The same blocks as the HTML, escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from reports.document import (
    Bullets,
    Chart,
    Code,
    Document,
    Findings,
    Heading,
    Lead,
    Note,
    Paragraph,
    Standings,
    Table,
    Tile,
    Tiles,
)
from reports.names import LEVELS
from sandbox.language import _
from sandbox.visible import visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_LEADING = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def escape(text: str) -> str:
    """Text that Markdown shows as it is: one line, no markup, no HTML, no links.

    >>> escape("a_b|<i>"), escape("- x"), escape("two" + chr(10) + "lines")
    ('a\\\\_b\\\\|\\\\<i\\\\>', '\\\\- x', 'two lines')
    """
    line = visible(" ".join(str(text).split())).replace("&", "&amp;").replace("://", ":\u200b//")
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))


def to_markdown(document: Document) -> str:
    """Write the report down as Markdown; figures are links to `figures/<key>.png`."""
    lines = [f"# {escape(document.title)}", "", f"*{escape(document.subtitle)}*", "", escape(document.question), ""]
    for block in document.summary:
        lines += _block(block)
    lines += [f"## {_('Contents')}", ""]
    lines += [f"{place}. {escape(section.title)}" for place, section in enumerate(document.sections, 1)] + [""]
    for section in document.sections:
        lines += [f"## {escape(section.title)}", ""]
        for block in section.blocks:
            lines += _block(block)
    return "\n".join(
        [
            *lines,
            "---",
            "",
            escape(
                _(
                    "Made by ecny-sandbox from the files of this run folder. This is a simulation: no number here was "
                    "measured in a real payment system."
                )
            ),
            "",
        ]
    )


def _block(block: Any) -> list[str]:
    return _WRITERS[type(block)](block)


def _table(one: Table) -> list[str]:
    sides = ["---" if place < one.text_columns else "---:" for place in range(len(one.head))]
    rows = [one.head, tuple(sides), *one.rows]
    written = ["| " + " | ".join(cell if row is rows[1] else escape(cell) for cell in row) + " |" for row in rows]
    note = [f"{escape(one.note)}", ""] if one.note else []
    return [f"**{escape(one.title)}**", "", *written, "", *note]


def _chart(one: Chart) -> list[str]:
    names = [_("In the figure:"), "", *(f"- {escape(name)}" for name in one.names), ""] if one.names else []
    return [
        f"#### {escape(one.title)}",
        "",
        f"![{escape(one.alt)}](figures/{one.key}.png)",
        "",
        f"**{_('Shows:')}** {escape(one.shows)}",
        "",
        f"**{_('Does not show:')}** {escape(one.hides)}",
        "",
        *names,
        *_table(one.table),
    ]


def _findings(one: Findings) -> list[str]:
    lines = []
    for item in one.items:
        standing = f" ({_(LEVELS[item.level])})" if item.level != "none" else ""
        line = f" {_('Thresholds:')} {escape(item.line)}" if item.line else ""
        lines.append(f"- **{escape(item.name)}: {escape(item.value)}**{standing}. {escape(item.reading)}{line}")
    return [*lines, ""]


def _standings(one: Standings) -> list[str]:
    return [*(f"- {escape(title)}: **{_(LEVELS[level])}**" for title, level, __ in one.items), ""]


def _code(one: Code) -> list[str]:
    longest = max((len(run) for run in re.findall(r"`+", one.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, visible(one.text, keep="\n"), fence, ""]


def _tiles(one: Tiles) -> list[str]:
    return [*map(_tile, one.items), ""]


def _tile(one: Tile) -> str:
    said = f"- {escape(one.label)}: **{escape(one.value)}**"
    return f"{said} ({escape(one.beside)})" if one.beside else said


_WRITERS: dict[type, Callable[[Any], list[str]]] = {
    Paragraph: lambda one: [escape(one.text), ""],
    Note: lambda one: [f"> **{_('Note.')}** {escape(one.text)}", ""],
    Heading: lambda one: [f"### {escape(one.text)}", ""],
    Bullets: lambda one: [*(f"- {escape(item)}" for item in one.items), ""],
    Lead: lambda one: [f"**{escape(one.text)}**", ""],
    Tiles: _tiles,
    Standings: _standings,
    Table: _table,
    Code: _code,
    Findings: _findings,
    Chart: _chart,
}
