"""What was paid inside, outside and across the edge of the box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reports import formats
from reports.amounts import cells
from reports.document import Block, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.view.values import part, whole
from sandbox.language import N_, _

_WHERE: Final = {
    "inside": N_("both inside"),
    "outward": N_("inside to outside"),
    "inward": N_("outside to inside"),
    "outside": N_("both outside"),
}


def edge(context: Context) -> list[Block]:
    """What was paid inside, outside and across the edge of the box."""
    found = part(context.run.get("containment"))
    if not found:
        return []
    crossed = part(found.get("crossed"))
    if found.get("contained") is True:
        reading = _(
            "Containment was on: a payment with one side inside and one outside is refused as soon as it is "
            "submitted, so no money, failure or loss can cross. {crossed} did.",
            crossed=formats.count(whole(crossed.get("settled"))),
        )
    else:
        settled, loss = (formats.money(whole(crossed.get(f"{name}_fen"))) for name in ("settled", "loss"))
        reading = _(
            "Containment was off: participants pay and are paid by people outside. {settled} of value "
            "crossed the edge, {failed} payments across it failed for technical reasons, and {loss} were "
            "lost to fraud across it.",
            settled=settled,
            failed=formats.count(whole(crossed.get("failed"))),
            loss=loss,
        )
    body = tuple(_side(name, part(found.get(name))) for name in _WHERE if name in found)
    head = (
        _("Payer to payee"),
        _("Payments"),
        _("Settled"),
        _("Settled, yuan"),
        _("Failed"),
        _("Refused"),
        _("Losses, yuan"),
    )
    table = Table(
        _("Payments by where payer and payee were"),
        head,
        body,
        note=_(
            "Failed: no answer (a closed station or a timeout). Refused: turned away at the edge. Losses: "
            "settled payments with a label that counts as a loss of the payer."
        ),
    )
    return [Heading("edge", _("Inside, outside and across the edge")), Paragraph(reading), table]


def _side(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    columns = ("payments", "settled", "settled_fen", "failed", "refused", "loss_fen")
    return _(_WHERE[name]), *cells(f"containment.{name}", one, columns)
