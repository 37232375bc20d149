"""What is at risk with offline payments."""

from __future__ import annotations

from reports import formats
from reports.document import Finding
from reports.findings import stated
from reports.sections.context import Context
from sandbox.language import N_, _


def risks(context: Context) -> list[Finding]:
    """Value outstanding, spent twice against its bound and lost in all, time until settled, what was refused."""
    base = "risk.offline"
    shares = {name: context.number(f"{base}.{name}") for name in ("of_bound", "lost_share", "refused_share")}
    money = {name: context.whole(f"{base}.{name}_fen") for name in ("outstanding_peak", "outstanding", "spent_twice")}
    settle, refused = context.whole(f"{base}.settle_p95_us"), context.whole(f"{base}.refused")
    said = {name: formats.money(fen) for name, fen in money.items()}
    bound = formats.money(context.whole(f"{base}.bound_fen"))
    twice, lost, late = (formats.share(shares[name]) for name in ("of_bound", "lost_share", "refused_share"))
    spent = stated(
        N_("Spent twice, of what the caps allow"),
        N_("Broken purses spent {money} twice, {value} of the {bound} that copies and caps allow at most."),
        shares["of_bound"],
        twice,
        f"{base}.of_bound",
        money=said["spent_twice"],
        bound=bound,
    )
    peak = money["outstanding_peak"]
    return [
        *stated(
            N_("Most paid and not settled at once"),
            N_("At the worst moment {value} had been paid offline and not settled; in the end {last}."),
            peak,
            said["outstanding_peak"],
            None,
            last=said["outstanding"],
        ),
        *(
            spent
            or [
                Finding(
                    _("Spent twice, of what the caps allow"),
                    formats.money(0),
                    "none",
                    _("No purse was copied or set back."),
                    "",
                )
            ]
        ),
        *stated(
            N_("Lost, of what was paid offline"),
            N_("{value} of what was paid offline was lost, by whoever bore it."),
            shares["lost_share"],
            lost,
            f"{base}.lost_share",
        ),
        *stated(
            N_("95 % settle within"),
            N_("Of the payments that were settled one in twenty took longer than {value}."),
            settle,
            formats.duration(settle),
            f"{base}.settle_p95_us",
        ),
        *stated(
            N_("Refused when shown"),
            N_(
                "{count} payments, {value} of those that were shown, were refused: too late, badly signed, above "
                "a cap, or shown again."
            ),
            shares["refused_share"],
            late,
            f"{base}.refused_share",
            count=formats.count(refused),
        ),
    ]
