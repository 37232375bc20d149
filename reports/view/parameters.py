"""What a run's numbers rest on: levers that were set, and parameters that were fitted or assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reports.source import Parameter

_MEMBER = re.compile(r"^(institutions|campaigns|demand\.segments)\.([^.]+)\.")


@dataclass(frozen=True)
class Line:
    """One or several alike parameters: of members with the same value and source one line is made."""

    path: str
    value: str
    members: tuple[str, ...]
    source: str
    status: str
    set_by: str
    doc: str


def fold_alike(parameters: Iterable[Parameter]) -> list[Line]:
    """Make one line of the parameters that ten institutions have alike.

    >>> one = dict(role="lever", source="", status="ASSUMED", set_by="default", doc="d")
    >>> [(line.path, line.members) for line in fold_alike([
    ...     Parameter("institutions.A.servers", "4", **one), Parameter("institutions.B.servers", "4", **one),
    ...     Parameter("institutions.C.servers", "9", **one), Parameter("ledger.servers", "4", **one)])]
    [('institutions.*.servers', ('A', 'B')), ('institutions.C.servers', ('C',)), ('ledger.servers', ())]
    """
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for one in parameters:
        found = _MEMBER.match(one.path)
        pattern = f"{found[1]}.*.{one.path[found.end() :]}" if found else one.path
        key = pattern, one.value, one.source, one.status, one.set_by, one.doc
        groups.setdefault(key, []).append((one.path, found[2] if found else ""))
    lines = []
    for (pattern, *rest), ones in groups.items():
        value, source, status, set_by, doc = rest
        members = tuple(member for _, member in ones if member)
        path = pattern if len(ones) > 1 else ones[0][0]
        lines.append(Line(path, value, members, source, status, set_by, doc))
    return lines


def is_set(parameter: Parameter) -> bool:
    """Whether somebody chose this value, rather than the simulator's default."""
    return parameter.set_by not in ("", "default")


def from_command_line(parameters: Iterable[Parameter]) -> list[tuple[str, str]]:
    """Paths and values given with `--set`."""
    return [(one.path, one.value) for one in parameters if one.set_by == "--set"]
