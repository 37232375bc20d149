"""What was paid inside, outside and across the edge of the box."""

from __future__ import annotations

from typing import Final

from reports.blocks import table
from reports.document import Block, Heading, Paragraph
from reports.sections.context import Context
from sandbox.language import N_, _

_WHERE: Final = {
    "inside": N_("both inside"),
    "outward": N_("inside to outside"),
    "inward": N_("outside to inside"),
    "outside": N_("both outside"),
}


def edge(context: Context) -> list[Block]:
    """What was paid inside, outside and across the edge of the box."""
    found = context.section("containment")
    if not found:
        return []
    if found.flag("contained"):
        reading = found.says(
            "Containment was on: a payment with one side inside and one outside is refused as soon as it is submitted, "
            "so no money, failure or loss can cross. {crossed.settled} did."
        )
    else:
        reading = found.says(
            "Containment was off: participants pay and are paid by people outside. {crossed.settled_fen} of value "
            "crossed the edge, {crossed.failed} payments across it failed for technical reasons, and "
            "{crossed.loss_fen} were lost to fraud across it."
        )
    numbers = table(
        _("Payments by where payer and payee were"),
        [(words, found.section(name)) for name, words in _WHERE.items() if name in found.content],
        (_("Payer to payee"), lambda side: _(side[0])),
        (_("Payments"), lambda side: side[1].cell("payments")),
        (_("Settled"), lambda side: side[1].cell("settled")),
        (_("Settled, yuan"), lambda side: side[1].cell("settled_fen")),
        (_("Failed"), lambda side: side[1].cell("failed")),
        (_("Refused"), lambda side: side[1].cell("refused")),
        (_("Losses, yuan"), lambda side: side[1].cell("loss_fen")),
        note=_(
            "Failed: no answer (a closed station or a timeout). Refused: turned away at the edge. Losses: settled "
            "payments with a label that counts as a loss of the payer."
        ),
    )
    return [Heading("edge", _("Inside, outside and across the edge")), Paragraph(reading), numbers]
