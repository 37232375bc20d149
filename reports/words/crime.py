"""Words of crime and privacy: patterns and rules, what gives them away, who sees what, findings, events."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # --- names ---
    "actor.operator": "operators",
    "actor.analyst": "analysts",
    "actor.intelligence_unit": "intelligence unit",
    "watcher.operator": "The operators",
    "watcher.central_bank": "The central bank",
    "watcher.regulator": "The regulator",
    "viewer.operator": "operators",
    "viewer.central_bank": "central bank",
    "viewer.regulator": "regulator",
    "viewer.merchant": "merchants",
    "event.alert": "alert",
    "event.alert_dismissed": "alert dismissed",
    "event.report_filed": "suspicion reported",
    "event.large_value_report": "large-value report",
    "event.key_lead": "report becomes a key lead",
    "event.investigation": "investigation in depth",
    "event.freeze_ordered": "freeze ordered",
    "event.frozen": "account frozen",
    "event.released": "account released",
    "event.freeze_kept": "account stays frozen",
    "event.freeze_needless": "account frozen already",
    "event.incident_opened": "breakdown noticed",
    "event.incident_over": "breakdown over",
    "event.incident_unnoticed": "breakdown over before anybody noticed",
    "event.incident_reported": "breakdown reported",
    "event.incident_report_overdue": "report overdue",
    "pattern.all": "all crime",
    "pattern.no_pattern": "in no pattern",
    "pattern.fan_in": "fan in",
    "pattern.fan_out": "fan out",
    "pattern.sub_threshold_structuring": "below thresholds",
    "pattern.merchant_collusion": "merchant collusion",
    "pattern.red_packet_farming": "red packet farming",
    "pattern.cross_border_shells": "cross-border shells",
    "detector.structuring": "structuring",
    "detector.velocity": "velocity",
    "detector.cross_border_splitting": "splitting abroad",
    "detector.merchant_refunds": "refunds of a merchant",
    "detector.merchant_collection": "many payers of a merchant",
    "detector.dormant_then_active": "dormant account",
    "detector.all": "all together",
    "rule.structuring": "payments just below a threshold, of one payer or to one payee",
    "rule.velocity": "many payments of one person in a short time",
    "rule.fan_in": "many people pay one person",
    "rule.fan_out": "one person pays many people",
    "rule.pass_through": "what comes in goes out again",
    "rule.cycle": "money comes back to where it went out",
    "rule.scatter_gather": "from one source over several people to one person",
    "rule.dormant_then_active": "an account that wakes and sends much",
    "rule.cross_border_splitting": "several people pay one counterparty across the border",
    "rule.merchant_refunds": "a merchant pays people back again and again",
    "rule.merchant_collection": "many people pay one merchant within a short time",
    "large_value.cash": "exchange between deposits and e-CNY",
    "large_value.legal_persons": "companies and merchants",
    "large_value.natural_persons": "people, at home",
    "large_value.cross_border": "people, across the border",
    "alert_status.open": "nobody has looked at it",
    "alert_status.reported": "an analyst reported it",
    "alert_status.dismissed": "an analyst dismissed it",
    "alert_status.frozen": "the account was frozen",
    "alert_status.released": "the account was frozen and released",
    "alert_status.kept": "the account was frozen and stays so",
    "since.noticed": "noticing the breakdown",
    "since.classified": "classifying it",
    "since.report_before": "the report before",
    # --- crime ---
    "crime.title": "The crime in this run",
    "crime.reading": (
        "Among the payments are {payments} criminal ones, in {instances} cases; {settled} of them settled, {value} in "
        "all. Each carries its truth as a label that nobody inside the simulation can read: supervision below found "
        "what it found without it."
    ),
    "crime.adapts": (
        "Criminals who were refused paid in smaller parts {splits} times and through another account {moves} times; "
        "{given_up} payments they gave up. Victims lost {lost}."
    ),
    "crime.table": "Criminal payments by pattern",
    "crime.note": "A case is one instance of a pattern; in no pattern, each payment is a case of its own.",
    "leaks.heading": "Does a single number give them away?",
    "leaks.intro": (
        "Known faults of made-up crime are amounts, hours or accounts that only criminals have. The area under the "
        "curve says how well one column alone tells criminal from honest payments: 0.5 is chance, 1 gives all of them "
        "away. It is the larger of two: against all honest payments, and against those of the same kind."
    ),
    "leaks.none_open": (
        "No column stands above {line} without a reason: {about} are what a pattern is about, {few} rest on fewer "
        "than {fewest} payments, where an area is mostly luck."
    ),
    "leaks.some_open": (
        "{open} columns stand above {line} without a reason, which a detector could learn instead of crime: {list}. "
        "{about} more are what a pattern is about, and {few} rest on fewer than {fewest} payments."
    ),
    "leaks.open_one": "{column} of {pattern} ({area})",
    "leaks.unmeasured": "Not all payments of this run were recorded, so this cannot be measured.",
    "leaks.title": "How well a single column tells crime apart",
    "leaks.shows": "For each column the area for every pattern and for all crime together. Dashed: {line}.",
    "leaks.hides": "What several columns together tell, and what the payments of one account tell over time.",
    "leaks.alt": "For all crime together: {list}.",
    "leaks.table": "All crime together, column by column",
    "leaks.above": "Columns above {line}, and why (those that rest on few payments left out)",
    "leaks.why_about": "what the pattern is about: {reason}",
    "leaks.why_open": "no reason known",
    "about.kind": "it is made of one kind of payment",
    "about.source": "as the kind",
    "about.category": "as the kind: its payees are no merchants, or a few of them",
    "about.payer_class": "as the kind: both sides are companies",
    "about.amount_fen": "its amounts are its purpose, or those of its kind",
    "about.top_up_fen": "money that passes on, or a packet, needs no top-up",
    "about.packet_fen": "it spends red packets",
    "about.redeemed_fen": "it fills the payee's wallet",
    "about.payer_out_degree": "few accounts pay again and again",
    "about.payer_in_degree": "who pays was paid before",
    "about.payee_in_degree": "few accounts collect, or wallets where others pay merchants",
    "about.payee_out_degree": "the payee pays on, which merchants do not",
    "leak_column.amount_fen": "amount",
    "leak_column.hour": "hour of day",
    "leak_column.attempt": "attempts",
    "leak_column.top_up_fen": "topped up for it",
    "leak_column.packet_fen": "out of a red packet",
    "leak_column.redeemed_fen": "passed on to the bank",
    "leak_column.payer_out_degree": "payments the payer made",
    "leak_column.payer_in_degree": "payments the payer got",
    "leak_column.payee_in_degree": "payments the payee got",
    "leak_column.payee_out_degree": "payments the payee made",
    "leak_column.kind": "kind",
    "leak_column.category": "merchant's category",
    "leak_column.source": "segment or campaign",
    "leak_column.payer_institution": "payer's institution",
    "leak_column.payee_institution": "payee's institution",
    "leak_column.payer_class": "payer's class",
    "leak_column.outcome": "outcome",
    "leak_column.in_box": "in the box",
    "fig.leak_all": "all crime",
    "fig.leak_about": "above, by its nature",
    "fig.leak_few": "above, too few payments",
    "fig.leak_open": "above, no reason",
    "fig.leak_below": "a pattern below the line",
    "fig.area_axis": "area under the curve (0.5 is chance)",
    # --- privacy ---
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
    "col.way": "Way",
    "col.below": "Below, yuan",
    "col.hidden": "Nobody can attribute",
    "col.hidden_value": "of the value",
    "col.alerts": "Alerts",
    "col.precision": "Precision",
    "col.recall": "Crime found",
    "col.recall_value": "of its value",
    "col.stoppable": "Could be stopped, yuan",
    "col.viewer": "Viewer",
    "col.detector": "Detector",
    "col.looks_for": "Looks for",
    "col.settings": "Settings",
    "col.right": "Right",
    "col.pattern": "Pattern",
    "col.cases": "Cases",
    "col.cases_found": "Cases found",
    "col.found": "Found",
    "col.median_time": "Noticed after (median)",
    "col.splits": "Split",
    "col.moves": "Moved",
    "col.given_up": "Given up",
    "col.lost": "Victims lost, yuan",
    "col.column": "Column",
    "col.area": "Area",
    "col.area_kind": "Same kind",
    "col.area_all": "All honest payments",
    "col.step": "Step",
    "col.amount_yuan": "Amount, yuan",
    "col.part": "Part",
    # --- findings ---
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
    # --- events ---
    "crime_event.alert": "{rule}: {what}",
    "crime_event.case": "alert {alert}: {rule}, {amount} in {payments} payments, waited {waited}",
    "crime_event.large": "{whose}, {direction}: {amount} in {payments} payments (threshold {threshold})",
    "crime_event.lead": "alert {alert}; reports filed so far: {reports}",
    "crime_event.out": "out",
    "crime_event.in": "in",
    "crime_event.ordered": "alert {alert}: {rule}, {amount}",
    "crime_event.frozen": "alert {alert}: {rule}; {balance} in the account, {since} after the alert",
    "crime_event.inquiry": "alert {alert}; reports about the account: {reports}; {balance} in it",
    "crime_event.opened": "incident {incident}: {cause}, noticed after {lag}",
    "crime_event.over": "incident {incident}: lasted {lasted}; {failed} payments failed, {value}",
    "crime_event.reported": "incident {incident}, report “{report}”: in time",
    "crime_event.reported_late": "incident {incident}, report “{report}”: late by {late}",
    "crime_event.overdue": "incident {incident}, report “{report}”: due, and not there",
    "cause.outage": "outage",
    "cause.success_drop": "too few payments got an answer",
}
