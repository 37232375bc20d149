"""Words of what happened."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "happened.title": "What happened",
    "happened.nothing": "Nothing was offered, so there is no throughput to draw.",
    "flow.heading": "Throughput",
    "flow.title": "Payments offered and settled over time",
    "flow.shows": (
        "Above, payments offered and settled per {unit}, mean of each {step}. Below, of the payments that ended, "
        "the share settled and the share answered at all: settled, or refused by a rule, but not lost at a closed "
        "station or to a time-out. The red line is at {line}. Dotted lines with letters are events (table at the "
        "end of this chapter); shaded spans are faults."
    ),
    "flow.hides": "Bursts shorter than {step}, the value of the payments, and which rule refused the others.",
    "flow.alt": (
        "Line chart over {length}: at most {offered} offered and {settled} settled per {unit}; the lowest share "
        "settled in a step is {lowest}, the lowest share answered {answered}."
    ),
    "unit.s": "second",
    "unit.min": "minute",
    "unit.h": "hour",
    "col.from": "From",
    "col.offered": "Offered",
    "col.ended": "Ended",
    "col.settled": "Settled",
    "col.share": "Share settled",
    "latency.heading": "Time to settle",
    "latency.title": "Time to settle over time",
    "latency.shows": (
        "For each {step}: how long a settled payment took from its submission to the ledger's answer, retries "
        "included. {folded}"
    ),
    "latency.folded": "Of the {bins} bins in a step the highest quantile is drawn, so the lines are never too low.",
    "latency.single": "Each step is one bin.",
    "latency.hides": (
        "Payments that did not settle: who gave up waiting is not in it, so a bad hour can look good. {few}"
    ),
    "latency.few": (
        "In {share} of the bins with settled payments fewer than {limit} settled; there p99 is simply the slowest one."
    ),
    "latency.enough": "Every bin with settled payments has at least {limit} of them.",
    "latency.alt": (
        "Three lines on a logarithmic scale over {length}: the highest p50 is {p50}, the highest p95 {p95}, the "
        "highest p99 {p99}."
    ),
    "latency.none": "Nothing settled, so there is no time to settle.",
    "dist.title": "Distribution of the time to settle",
    "dist.shows": (
        "The share of settled payments by how long they took, with the times within which half, 95 and 99 of 100 "
        "settled. Areas count: a bar's share of the whole area is its share of the payments."
    ),
    "dist.hides": "When the slow ones came, and payments that did not settle. {tail}",
    "dist.tail_one": "Only one payment settled, so this is nothing but its time, {max}.",
    "dist.tail": (
        "The 99th percentile rests on the {slow} slowest of {settled} settled payments; the slowest took {max}."
    ),
    "dist.alt": "Histogram on a logarithmic scale: p50 {p50}, p95 {p95}, p99 {p99}, maximum {max}.",
    "col.within_from": "From",
    "col.within_to": "To",
    "col.payments": "Payments",
    "col.pattern": "Pattern",
    "col.cases": "Cases",
    "col.cumulative": "Settled by then",
    "steady.heading": "In the long run",
    "steady.cut_mser5": "Left out as the warm-up, by MSER-5 of the payments in flight: the first {cut} ({share}).",
    "steady.cut_none": "By MSER-5 of the payments in flight there is no warm-up to leave out.",
    "steady.cut_scenario": "Left out as the warm-up, as the scenario says: the first {cut} ({share}).",
    "steady.not_reached": "The run never settles, or is too short to tell: do not trust these means.",
    "steady.short": "Nothing is left to measure: {left} bins after the warm-up, too few for an interval. Run for "
    "longer, or take shorter bins.",
    "steady.table": "Means of the steady state, a bin of {bin} each",
    "steady.note": "Intervals at 95 % by batch means. Where successive batches look alike, the interval is too narrow.",
    "steady.number": "Number",
    "steady.mean": "Mean",
    "steady.interval_head": "Interval",
    "steady.interval": "{low} to {high}",
    "steady.trusted": "To be trusted",
    "steady.yes": "yes",
    "steady.no": "no",
    "steady.in_flight": "Payments in flight",
    "steady.submitted": "Payments offered",
    "steady.settled": "Payments settled",
    "steady.settled_fen": "Value settled (yuan)",
    "steady.gateway_queue_mean": "Waiting at gateways",
    "steady.ledger_queue_mean": "Waiting at the ledger",
    "steady.gateway_utilisation_max": "Use of the busiest gateway",
    "steady.ledger_utilisation": "Use of the ledger",
    "queues.heading": "Where payments queued",
    "queues.reading_none": (
        "Hardly any payment waited: the mean wait over all stages is {wait}. Time is spent being served, not queuing."
    ),
    "queues.reading": (
        "Of a payment's mean time of {total} at the stations, {wait} ({share}) is waiting; most of it at: {stage}."
    ),
    "stages.title": "Where the time of a payment goes",
    "stages.shows": (
        "Mean waiting and service time at each stage. A payment inside one institution passes no payee's gateway."
    ),
    "stages.hides": (
        "The spread round the mean: a mean of a few milliseconds can hide a minute in which everybody waited."
    ),
    "stages.alt": "Stacked bars: {list}.",
    "stages.item": "{name} waiting {wait}, service {service}",
    "ranked.title": "Stations by mean wait",
    "ranked.shows": (
        "For each station, the mean wait in its queue and the share of its servers' time in use, longest wait "
        "first; the dashed line is at {line}. {cut}"
    ),
    "ranked.cut": "The {shown} with the longest wait of {all} stations.",
    "ranked.hides": "When it was busy: these are means of the whole run, nights included.",
    "ranked.alt": (
        "Bars by station; the longest mean wait is {wait} at {station}, the highest utilisation {busy} at {busiest}."
    ),
    "heat.title": "Queues over time, by station",
    "heat.title_utilisation": "Use of the stations over time",
    "heat.shows_queue_mean": (
        "The mean number of payments waiting at each station; of each {step} the highest bin is shown."
    ),
    "heat.shows_utilisation": (
        "No payment waited anywhere, so colour shows the share of the servers' time in use; of each {step} the "
        "highest bin is shown."
    ),
    "heat.hides": "Queues shorter than a bin of {bin}, and how many payments passed; white is nothing. {cut}",
    "heat.cut": "Only the {shown} busiest of {all} stations.",
    "heat.alt": "Heat map of {rows} stations over time; the darkest cell is {station} at {moment} with {value}.",
    "col.station": "Station",
    "col.stage": "Stage",
    "col.kind": "Kind",
    "col.arrivals": "Arrivals",
    "col.served": "Served",
    "col.closed": "Refused, closed",
    "col.left": "Left the queue",
    "col.wait": "Mean wait",
    "col.service": "Mean service",
    "col.queue_mean": "Waiting, mean",
    "col.queue_max": "Waiting, most",
    "col.utilisation": "In use",
    "col.highest": "Highest",
    "col.when": "When",
    "refused.heading": "What was refused, and why",
    "refused.nothing": "No payment was refused.",
    "refused.reading": (
        "{count} of {payments} did not settle ({share}); the most frequent reason is: {reason} ({times})."
    ),
    "refused.title": "Refused payments by class of the payer",
    "refused.shows": (
        "How many payments did not settle, by the payer's wallet class and by reason. A payment has one reason: "
        "the first that applies."
    ),
    "refused.hides": (
        "How many payments each class made, so a long bar may only be a big class; and whether the payer paid "
        "otherwise."
    ),
    "refused.alt": "Stacked bars by class: {list}.",
    "refused.item": "{name} {count}",
    "col.class": "Class",
    "col.reason": "Reason",
    "col.count": "Payments",
    "col.value_yuan": "Value, yuan",
    "col.all": "All",
    "lost.reading": (
        "A closed station or a time-out hit some operators' customers far more than others: {institutions}. They lost "
        "{paid} of the payments that they wanted to make and {received} of those that they were to receive; of the "
        "payments in which they had no part {rest} were lost."
    ),
    "lost.alike": (
        "A closed station or a time-out hit the customers of all operators alike: they lost {low} to {high} of the "
        "payments that they wanted to make."
    ),
    "lost.title": "Payments lost to a closed station or a time-out, by operator",
    "lost.note": "Each payment is counted under the payer's operator and again under the payee's.",
    "lost.institution": "Operator",
    "lost.paid": "Offered by its payers",
    "lost.paid_lost": "Lost",
    "lost.paid_share": "Share",
    "lost.received": "Offered to its payees",
    "lost.received_lost": "Lost",
    "lost.received_share": "Share",
    "segments.heading": "Who paid",
    "segments.title": "Payments by source",
    "col.source": "Source",
    "col.settled_yuan": "Settled, yuan",
    "campaign.heading": "Campaign: {name}",
    "campaign.reading": (
        "Of {registered} registered, {winners} won (odds {odds}) and {claimed} claimed ({share}). They made "
        "{payments} payments, of which {settled} settled, worth {value}: {packet} from packets and {own} of their "
        "own money."
    ),
    "campaign.books_ok": "Every fen is accounted for: funded {funded} = spent {spent} + returned {returned}.",
    "campaign.books_open": (
        "Funded {funded}, spent {spent}, returned {returned}: {open} were still held when the run ended."
    ),
    "campaign.title": "From registered to spent: {name}",
    "campaign.shows": "People who registered, won and claimed, to one scale; and what became of the campaign's money.",
    "campaign.hides": "Whether the spending would have happened anyway: there is no run without the campaign here.",
    "campaign.alt": "Bars: {people}. Money: {money}.",
    "campaign.registered": "Registered",
    "campaign.winners": "Winners",
    "campaign.odds": "Odds of winning",
    "campaign.claimed": "Claimed",
    "campaign.unclaimed": "Not claimed",
    "campaign.payments": "Payments made",
    "campaign.settled": "Payments settled",
    "campaign.settled_fen": "Settled value, yuan",
    "campaign.packet_spent_fen": "Of it from packets, yuan",
    "campaign.own_money_fen": "Of it own money, yuan",
    "campaign.funded_fen": "Funded, yuan",
    "campaign.returned_fen": "Returned at expiry, yuan",
    "campaign.returned_unclaimed_fen": "Of it never claimed, yuan",
    "campaign.returned_unspent_fen": "Of it claimed, not spent, yuan",
    "campaign.merchants_enrolled": "Merchants taking part",
    "campaign.merchants_paid": "Merchants paid at least once",
    "box.heading": "The sandbox",
    "box.reading": (
        "Inside the box: {inside} payments, {value} settled. Outside: {outside} payments. At the edge {crossing} "
        "were refused, above a cap {caps}."
    ),
    "box.exposure": "Exposure {exposure} of a cap of {cap} ({share}).",
    "box.title": "Inside and outside the box",
    "box.inside_payments": "Payments inside",
    "box.inside_settled_fen": "Settled inside, yuan",
    "box.outside_payments": "Payments outside",
    "box.crossing_refused": "Refused at the edge",
    "box.cap_refused": "Refused above a cap",
    "box.exposure_fen": "Exposure, yuan",
    "box.exposure_cap_fen": "Cap on exposure, yuan",
    "edge.heading": "Inside, outside and across the edge",
    "edge.contained": (
        "Containment was on: a payment with one side inside and one outside is refused as soon as it is submitted, "
        "so no money, failure or loss can cross. {crossed} did."
    ),
    "edge.open": (
        "Containment was off: participants pay and are paid by people outside. {settled} of value crossed the edge, "
        "{failed} payments across it failed for technical reasons, and {loss} were lost to fraud across it."
    ),
    "edge.title": "Payments by where payer and payee were",
    "edge.note": (
        "Failed: no answer (a closed station or a timeout). Refused: turned away at the edge. Losses: settled "
        "payments with a label that counts as a loss of the payer."
    ),
    "edge.inside": "both inside",
    "edge.outward": "inside to outside",
    "edge.inward": "outside to inside",
    "edge.outside": "both outside",
    "col.where": "Payer to payee",
    "col.failed": "Failed",
    "col.turned_away": "Refused",
    "col.loss": "Losses, yuan",
    "interest.heading": "Interest",
    "interest.reading": "Credited to wallets: {credited}. Earned and not yet credited at the end: {accrued}.",
    "trace.heading": "The payment trace",
    "trace.reading": "Of {rows} lines {accepted} were taken and {refused} refused.",
    "trace.title": "Lines refused, by reason",
    "events.heading": "Events",
    "events.title": "Control events in order of time",
    "events.note": "Letters are those on the figures. Events of one kind that came often are one row. {more}",
    "events.more": "{count} more are in events.parquet.",
    "events.none": "Nothing interfered: no fault, no rule change, no order.",
    "events.too_late": "Never happened, for the run was over before: {what}.",
    "events.times": "{event} ({count} times, until {last})",
    "col.mark": "Mark",
    "col.actor": "Actor",
    "col.event": "Event",
    "col.subject": "Subject",
    "col.detail": "Detail",
    "col.what": "What",
    "col.number": "Number",
    "col.line": "Line",
    "col.bins": "Bins in all",
    "col.until": "Until",
    "col.why": "Why",
    "col.answered": "Share answered",
    "queues.reading_zero": "No payment waited at any station: the servers were never all busy.",
    "events.total": "in all: {detail}",
}
