"""Words of the report about supervision: alerts and freezes, examples, the desk, breakdowns."""

from __future__ import annotations

from typing import Final

from reports.text import Words
from sandbox.features.supervision.report import names, privacy_words

ENGLISH: Final = {
    # --- supervision ---
    "supervision.title": "Supervision",
    "supervision.intro": (
        "{watcher} watched with {detectors} rules. {alerts} alerts came of it, one for every {each} payments."
    ),
    "supervision.intro_none": "{watcher} watched with {detectors} rules, which raised no alert.",
    "supervision.scored": (
        "{true} of the alerts ({precision}) rest on at least one criminal payment. They cover {found} of {payments} "
        "criminal payments that settled ({recall}) and {value} of their value, in {instances_found} of {instances} "
        "cases; half of these were noticed within {time} of the first payment."
    ),
    "supervision.scored_none": "No alert rests on any of the {payments} criminal payments that settled.",
    "supervision.freezes": (
        "Freezes stopped {stopped} criminal payments ({stopped_value}), and {honest} honest ones ({honest_value}). "
        "Held at once, at every alert, they could have stopped at most {more} more."
    ),
    "supervision.stoppable": "A freeze at once, at every alert, could have stopped at most {value}.",
    "funnel.heading": "From payments to freezes",
    "funnel.title": "What is left at each step",
    "funnel.shows": "How many payments, alerts, reports and freezes there were, on a logarithmic scale.",
    "funnel.hides": (
        "Whether it was the right ones (see below), and how long it took. Key leads and freezes both come out of "
        "reports; neither is a part of the other."
    ),
    "funnel.alt": "{list}.",
    "funnel.payments": "payments",
    "funnel.alerts": "alerts",
    "funnel.triaged": "looked at",
    "funnel.reported": "reported",
    "funnel.key_leads": "key leads",
    "funnel.frozen": "frozen",
    "funnel.kept": "stay frozen",
    "funnel.share": "{share} of {of}",
    "fig.logarithmic": "number (logarithmic scale)",
    "detectors.heading": "How good the alerts are",
    "detectors.title": "Precision of the detectors",
    "detectors.shows": (
        "The share of each detector's alerts that rest on at least one criminal payment, and the band in which trade "
        "literature puts real ones: 90 to 98 % of alerts are false."
    ),
    "detectors.hides": "What each missed, and that several may have found the same.",
    "detectors.alt": "By detector: {list}.",
    "detectors.alt_one": "{name} {precision} of {alerts} alerts",
    "detectors.alt_none": "{name} no alert",
    "detectors.rules": "What each detector looked for",
    "fig.precision": "of its alerts, right",
    "fig.band": "published: {low} to {high}",
    "fig.of": "{found} of {all}",
    "patterns.heading": "What was found, and how fast",
    "patterns.title": "Detection by pattern",
    "patterns.shows": (
        "For each pattern the share of its settled payments, and of their value, that some alert rests on; and the "
        "median time from the first payment of a case until an alert rested on any of its payments."
    ),
    "patterns.hides": "Whether anybody acted on it. A pattern of few cases says little: one more found changes much.",
    "patterns.alt": "By pattern: {list}.",
    "patterns.alt_one": "{name} {found} of {payments}",
    "patterns.note": (
        "Could have been stopped: what the accounts paid after the first alert about them, the most that a freeze "
        "at once would have stopped."
    ),
    "fig.found_payments": "payments found",
    "fig.found_value": "value found",
    "fig.found": "found",
    "fig.noticed_after": "after (median)",
    # --- examples ---
    "examples.heading": "Some alerts, and what they rest on",
    "examples.intro": (
        "Alerts explain themselves: a rule, its figures, and the payments. Chosen are some that were right and one "
        "that was not, those first on which somebody acted."
    ),
    "examples.intro_blind": "Alerts explain themselves: a rule, its figures, and the payments. Some of them:",
    "example.title": "Alert {number}: {rule}",
    "example.when": "Raised on {moment} about account {account}.",
    "example.when_nobody": "Raised on {moment}; about no single account.",
    "example.pseudonym": "The watcher knew only a pseudonym; whoever acts on the alert asks the operator.",
    "example.status": "In the end: {status}.",
    "example.payments": "What alert {number} rests on",
    "example.right": "In truth criminal: {illicit} of its {payments} payments.",
    "example.wrong": "In truth criminal: none of its {payments} payments.",
    "example.settings": "The rule was set to {settings}.",
    "example.more": "{shown} of {payments} payments.",
    "example.structuring": "{payments} payments of {amount} in all, each a little below {threshold}, within {took}.",
    "example.velocity": "The account made {payments} payments, {amount} in all, within {took}.",
    "example.fan_in": "{payers} people paid the account {amount} in all within {took}.",
    "example.fan_out": "The account paid {payees} people, {amount} in all, within {took}.",
    "example.pass_through": "{received} came in, in {payments_in} payments, and {passed_on} went out again.",
    "example.pass_through_one": "{received} came in, in one payment, and {passed_on} went out again.",
    "example.cycle": "Money came back to the account over {hops} payments within {took}; the last was {amount}.",
    "example.scatter_gather": "{amount} reached the account from one source over {between} others in between.",
    "example.dormant_then_active": "After long silence the account made {payments} payments, {amount}, within {took}.",
    "example.cross_border_splitting": "{payers} people paid the account abroad {amount} in all within {took}.",
    "example.merchant_refunds": "The merchant paid people {payments} times, {amount} in all, within {took}.",
    "example.merchant_collection": "{payers} people paid the merchant {amount} in all within {took}.",
    "example.other": "It rests on {payments} payments, {amount} in all.",
    "example.honest": "honest",
    "col.payment": "Payment",
    "col.from_account": "From account",
    "col.to_account": "To account",
    "col.truth": "In truth",
    # --- cases ---
    "cases.heading": "The analysts' desk",
    "cases.reading": (
        "{analysts} analysts looked at {triaged} of {alerts} alerts and reported {reported} of them. An alert they "
        "came to had waited {mean} on average, one in twenty more than {p95}. When the run ended {backlog} were "
        "waiting and {in_triage} in work."
    ),
    "cases.reading_none": "{analysts} analysts looked at none of {alerts} alerts. {backlog} were waiting at the end.",
    "cases.busy": "The analysts were busy {share} of their working time.",
    "cases.keeping_up": "They kept up: at no time were more than {max} alerts waiting.",
    "cases.falling_behind": (
        "They fell behind: more came in than they could look at, and what waits longest is stopped last."
    ),
    "cases.freezes": (
        "{frozen} accounts were frozen, {after} after the alert on average, with {value} in them; after the inquiry "
        "{released} were released and {kept} stay frozen; {open} inquiries were not over."
    ),
    "cases.no_freezes": "No account was frozen.",
    "cases.title": "Alerts raised, and alerts decided",
    "cases.shows": "Alerts raised and decided so far; between the lines those that nobody has decided yet.",
    "cases.hides": "In which order they were looked at, and what was in those that waited.",
    "cases.alt": "Of {raised} alerts {decided} were decided by the end; at most {most} were undecided at once.",
    "fig.raised": "raised",
    "fig.decided": "decided",
    "fig.undecided": "not yet decided",
    # --- large value ---
    "large.heading": "Large-value reports",
    "large.reading": (
        "Reports filed because of size alone: {reports}, about {value} in all. One is due when a payment, or a "
        "calendar day's payments of an account in one direction, reaches the threshold."
    ),
    "large.none": "No payment, and no day of an account, reached a threshold for a report.",
    "large.title": "Large-value reports by threshold",
    "col.whose": "Whose",
    "col.threshold": "Threshold",
    "col.reports": "Reports",
    # --- incidents ---
    "incidents.heading": "Breakdowns, and reports about them",
    "incidents.reading": (
        "{incidents} breakdowns were noticed, on average after {lag}; {unnoticed} were over before anybody noticed. "
        "{failed} payments failed in them, {value} in all. Due were {clocks}."
    ),
    "incidents.none": "No breakdown was noticed; {unnoticed} were over before anybody noticed. No report was due.",
    "incidents.clock": "the report “{report}” within {within} of {since}",
    "incidents.clock_at_most": "the report “{report}” within {within} of {since}, at most {at_most} after noticing",
    "incidents.in_time": "All {reports} reports that were filed or due came in time.",
    "incidents.late": (
        "Of {reports} reports {in_time} came in time, {late} late and {overdue} not at all; the longest delay is "
        "{delay}. Late or missing: {who}."
    ),
    "incidents.pending": "{pending} more are not due yet.",
    "incidents.who": "{name} ({number})",
    "incidents.title": "Time taken for each report, of its clock",
    "incidents.shows": (
        "For each report the time from noticing the breakdown until it was filed, as a share of the time allowed; "
        "the dashed line is when it is due. {cut}"
    ),
    "incidents.cut": "The {shown} worst of {all} reports.",
    "incidents.hides": "What a report said, and reports not due yet. Beyond three clocks a mark stays at the edge.",
    "incidents.alt": "By report: {list}.",
    "incidents.alt_one": "{name} {share}",
    "incidents.table": "Reports by institution",
    "incident.name": "{institution}, {report}",
    "incident.missing": "not there at the end",
    "fig.report_in_time": "filed in time",
    "fig.report_late": "filed late",
    "fig.report_overdue": "due, and not there",
    "fig.of_clock": "share of the time allowed",
    "col.incidents": "Breakdowns",
    "col.in_time": "In time",
    "col.late": "Late",
    "col.overdue": "Missing",
    "col.pending": "Not due yet",
    "col.delay": "Longest delay",
    "col.report": "Report",
    "col.noticed": "Noticed",
    "col.due": "Due",
    "col.filed": "Filed",
    "col.of_clock": "Of the time allowed",
    "col.amount_yuan": "Amount, yuan",
    "col.part": "Part",
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
    "col.cases_found": "Cases found",
    "col.found": "Found",
    "col.median_time": "Noticed after (median)",
    "col.step": "Step",
}
WORDS: Final = Words({**names.ENGLISH, **privacy_words.ENGLISH, **ENGLISH})
