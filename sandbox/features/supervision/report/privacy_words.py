"""Words about privacy, and about the risks of financial crime and of privacy."""

from __future__ import annotations

from typing import Final

ENGLISH: Final = {
    "privacy.title": "Privacy and what it costs",
    "privacy.reading": (
        "Of {share} of the settled payments ({value} of the value) no operator and no authority can say who paid. "
        "{linked}"
    ),
    "privacy.linked": "All payments of one wallet can be told to belong together, under a pseudonym, by somebody.",
    "privacy.unlinked": "Of {share} nobody can even tell which others came from the same wallet.",
    "viewers.heading": "Who sees what",
    "viewers.title": "What each viewer knows of who paid",
    "viewers.shows": (
        "Of all settled payments: whose payer the viewer can name, tell apart under a pseudonym, or not tell at all."
    ),
    "viewers.hides": (
        "What they see is set by the wallet's class and the amount (see the parameters). What somebody could put "
        "together from several sources."
    ),
    "viewers.alt": "By viewer, named: {list}.",
    "fig.named": "named",
    "fig.pseudonym": "a pseudonym",
    "fig.unseen": "nothing",
    "frontier.heading": "Anonymity against detection",
    "frontier.intro": (
        "The same run was watched again by eyes that see less: payments of persons below a threshold are nobody's to "
        "them. The rules are the same, so what is lost is the price of anonymity."
    ),
    "frontier.reading": (
        "From {least} of payments that nobody can attribute to {most}, the criminal payments found go from {first} to "
        "{last}; of the criminal value {first_value} and {last_value} are found."
    ),
    "frontier.title": "Payments nobody can attribute, and crime found",
    "frontier.shows": (
        "A point for each threshold below which payments of persons are anonymous to all. Right is more privacy, up "
        "is more crime found. {counts}"
    ),
    "frontier.counts": "The triangle is another way, counts with noise; see below.",
    "frontier.hides": "Crime that would adapt to the threshold, and what people would do with more privacy.",
    "frontier.alt": "From the least anonymous on: {list}.",
    "frontier.alt_one": "{hidden} hidden, {recall} found",
    "frontier.note": (
        "Precision: of alerts those that are right; of counts with noise, the share of criminal payments in counts "
        "that stood out. Could be stopped: what accounts paid criminally after the first alert about them."
    ),
    "frontier.one": "Only one pair of eyes watched this run, so there is nothing to compare it with.",
    "counts.title": "The third way: counts with noise",
    "counts.reading": (
        "Usable but not visible: operators pass on only how many payments their customers made in each period, with "
        "noise that hides any single payment (differential privacy, epsilon {epsilon}). The noise was {error} of the "
        "counts. {flagged} counts stood out; in them lie {recall} of the criminal payments, and {precision} of the "
        "payments in them are criminal. Such a count says when and where to look and never who: it stands at the "
        "right edge, and is no recall in the sense of the other points."
    ),
    "counts.reading_none": (
        "Usable but not visible: operators pass on only how many payments their customers made in each period, with "
        "noise that hides any single payment (differential privacy, epsilon {epsilon}). The noise was {error} of the "
        "counts, and no count stood out, so that nothing would have been looked at."
    ),
    "fig.frontier_views": "eyes that see less",
    "fig.frontier_counts": "counts with noise",
    "fig.recall_axis": "criminal payments found",
    "fig.hidden_axis": "payments nobody can attribute",
    "fig.below": "below {amount}",
    "fig.as_it_is": "as it is",
    "way.view": "anonymous below",
    "way.aggregates": "counts with noise",
    "risk.financial_crime": "Financial crime",
    "risk.privacy": "Privacy",
    "fc.precision": "Alerts that are right",
    "fc.precision.read": "{value} of {alerts} alerts rest on a criminal payment; the others cost somebody's time.",
    "fc.recall": "Criminal payments found",
    "fc.recall.read": "{value} of the criminal payments that settled are in some alert: {found} of {payments}.",
    "fc.value": "Criminal value found",
    "fc.value.read": "{value} of the money in criminal payments that settled is in some alert.",
    "fc.time": "Time until noticed (median)",
    "fc.time.read": "Half of the cases that were noticed at all were noticed within {value}.",
    "fc.honest": "Honest payments among those stopped",
    "fc.honest.read": (
        "Of what freezes stopped, {value} were honest payments: {honest} honest and {stopped} criminal ones."
    ),
    "fc.stopped": "Criminal value stopped",
    "fc.stopped.read": "Freezes stopped {value} of {all} that criminals tried to move.",
    "priv.hidden": "Payments nobody can attribute",
    "priv.hidden.read": "Of {value} of the settled payments neither an operator nor an authority can name the payer.",
    "priv.value": "Value nobody can attribute",
    "priv.value.read": "{value} of the settled value is paid by somebody whom nobody can name.",
    "priv.central": "Payments whose payer the central bank can name",
    "priv.central.read": "The central bank can name the payer of {value} of the settled payments.",
    "op.reports": "Reports of breakdowns in time",
    "op.reports.read": "{value} of the reports about breakdowns that were due or filed came in time.",
}
