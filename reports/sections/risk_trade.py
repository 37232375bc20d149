"""What is at risk in offline payments."""

from __future__ import annotations

from reports import formats
from reports.chapter import Find
from reports.document import Finding
from reports.sections.context import Context
from reports.text import say


def offline(context: Context, finding: Find) -> list[Finding]:
    """Value outstanding, spent twice against its bound and lost in all, time until settled, what was refused."""
    base = "risk.offline"
    shares = {name: context.number(f"{base}.{name}") for name in ("of_bound", "lost_share", "refused_share")}
    money = {name: context.whole(f"{base}.{name}_fen") for name in ("outstanding_peak", "outstanding", "spent_twice")}
    settle, refused = context.whole(f"{base}.settle_p95_us"), context.whole(f"{base}.refused")
    said = {name: formats.money(fen) for name, fen in money.items()}
    bound = formats.money(context.whole(f"{base}.bound_fen"))
    twice, lost, late = (formats.share(shares[name]) for name in ("of_bound", "lost_share", "refused_share"))
    spent = finding("off.twice", shares["of_bound"], twice, "offline_bound", money=said["spent_twice"], bound=bound)
    peak = money["outstanding_peak"]
    return [
        *finding("off.outstanding", peak, said["outstanding_peak"], None, last=said["outstanding"]),
        *(spent or [Finding(say("off.twice"), formats.money(0), "none", say("off.twice.none"), "")]),
        *finding("off.lost", shares["lost_share"], lost, "offline_lost"),
        *finding("off.settle", settle, formats.duration(settle), "offline_settle_us"),
        *finding("off.refused", shares["refused_share"], late, "offline_refused", count=formats.count(refused)),
    ]
