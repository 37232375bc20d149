"""What was paid inside, outside and across the edge of the box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reports import formats
from reports.amounts import cells
from reports.document import Block, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.text import say
from reports.view.values import part, whole

_WHERE: Final = ("inside", "outward", "inward", "outside")


def edge(context: Context) -> list[Block]:
    """What was paid inside, outside and across the edge of the box."""
    found = part(context.run.get("containment"))
    if not found:
        return []
    crossed = part(found.get("crossed"))
    if found.get("contained") is True:
        reading = say("edge.contained", crossed=formats.count(whole(crossed.get("settled"))))
    else:
        settled, loss = (formats.money(whole(crossed.get(f"{name}_fen"))) for name in ("settled", "loss"))
        reading = say("edge.open", settled=settled, failed=formats.count(whole(crossed.get("failed"))), loss=loss)
    body = tuple(_side(name, part(found.get(name))) for name in _WHERE if name in found)
    columns = ("where", "payments", "settled", "settled_yuan", "failed", "turned_away", "loss")
    head = tuple(say(f"col.{name}") for name in columns)
    table = Table(say("edge.title"), head, body, note=say("edge.note"))
    return [Heading("edge", say("edge.heading")), Paragraph(reading), table]


def _side(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    columns = ("payments", "settled", "settled_fen", "failed", "refused", "loss_fen")
    return say(f"edge.{name}"), *cells(f"containment.{name}", one, columns)
