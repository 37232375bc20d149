"""Words of payments across borders."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "risk.cross_border": "Cross-border",
    "risk.settlement": "Settlement",
    "xb.lost": "Not credited, {way}",
    "xb.lost.read": (
        "{value} of the payments sent over the {way} were refused, sent back, or still on their way at the end."
    ),
    "xb.hour": "Credited within an hour, {way}",
    "xb.hour.read": "{value} of what the {way} credited was there within an hour.",
    "xb.cost": "Cost, {way}",
    "xb.cost.read": "A payment over the {way} cost {value} of what was sent, on average.",
    "xb.hhi": "Concentration of currencies, {way}",
    "xb.hhi.read": "The Herfindahl-Hirschman index of value by currency is {value}; 1 is one currency alone.",
    "xb.exposed": "Paid on one side only, {way}",
    "xb.exposed.read": (
        "{value} of the payments over the {way} had one leg paid for good before the other, for {time} on average."
    ),
    "xb.peak": "Most at risk at once, {way}",
    "xb.peak.read": "At the worst moment {value} were paid on one side only over the {way}.",
    "crossborder.title": "Payments across borders",
    "path.shared_ledger": "shared ledger",
    "path.correspondent": "chain of correspondents",
    "crossborder.head": (
        "{count} payments worth {value} went over the {way}. {settled} were credited, half of them within {half} "
        "and 95 % within {most}; they cost {cost} on average."
    ),
    "crossborder.head_none": "{count} payments worth {value} were sent over the {way}; none was credited.",
    "crossborder.pairs": (
        "{both} payments were credited on both ways. The {first} was faster for {faster} of them, by {saved} for "
        "half or more, and cheaper for {cheaper}."
    ),
    "crossborder.only": "{only_first} were credited over the {first} only, {only_second} over the {second} only.",
    "crossborder.exposed": (
        "On the {way} {count} payments ({share}) had one leg paid for good before the other, for {time} on average;"
        " at the worst moment {peak} were at risk at once."
    ),
    "crossborder.never_exposed": "On the {way} no leg was ever paid without the other.",
    "crossborder.lost": (
        "On the {way} {count} payments worth {value} were lost: their money lay with a bank when it failed."
    ),
    "crossborder.side_heading": "Side by side",
    "crossborder.side_title": "The ways side by side",
    "crossborder.side_note": (
        "Cost is fees and what exchange costs against the mid rate, as a share of what was sent. Targets: FSB 2021 "
        "(75 % within an hour and the rest within a day; cost at most 1 % on average, at most 3 % in any corridor)."
    ),
    "crossborder.row.payments": "Payments",
    "crossborder.row.settled": "Credited",
    "crossborder.row.refused": "Refused before they left",
    "crossborder.row.returned": "Sent back",
    "crossborder.row.lost": "Lost with a bank that failed",
    "crossborder.row.pending": "Still on their way",
    "crossborder.row.credit_us_p50": "Time to credit, half within",
    "crossborder.row.credit_us_p95": "Time to credit, 95 % within",
    "crossborder.row.within_hour_share": "Credited within an hour (target {line})",
    "crossborder.row.within_day_share": "Credited within a day (target {line})",
    "crossborder.row.cost_share_mean": "Cost, mean (target at most {line})",
    "crossborder.row.cost_share_worst_corridor": "Cost, dearest corridor (target at most {line})",
    "crossborder.row.fee_share_mean": "of which fees",
    "crossborder.row.fx_cost_share_mean": "of which exchange",
    "crossborder.row.hops_mean": "Intermediaries, mean",
    "crossborder.row.exposed_usd_cents_peak": "Most principal at risk at once",
    "crossborder.row.hhi_currencies": "Concentration of currencies (HHI)",
    "crossborder.met": "{value}: met",
    "crossborder.missed": "{value}: missed",
    "crossborder.number": "Number",
    "crossborder.times_heading": "How soon payees have their money",
    "crossborder.times_title": "Time to credit",
    "crossborder.times_shows": (
        "The share of all payments sent that were credited within a time; times are on a scale that grows tenfold. "
        "Diamonds: the FSB's targets."
    ),
    "crossborder.times_hides": (
        "Which corridor is slow, and that refused payments never arrive: a curve may end below 100 %."
    ),
    "crossborder.times_alt": "Two curves of the share credited within a time: {list}.",
    "crossborder.times_item": "{way}: {hour} within an hour, {day} within a day",
    "crossborder.times_table": "Where the time goes, mean of a credited payment",
    "crossborder.time.compliance_us_mean": "Checks",
    "crossborder.time.queued_us_mean": "Waiting for liquidity",
    "crossborder.time.closed_us_mean": "Waiting for somebody to open",
    "crossborder.time.consensus_us_mean": "Consensus of validators",
    "crossborder.costs_heading": "What it costs, by corridor",
    "crossborder.costs_title": "Mean cost by corridor",
    "crossborder.costs_shows": (
        "A row a corridor, a mark a way: fees and exchange as a share of what was sent. Red lines: the FSB's "
        "targets for the mean of all ({mean}) and for any corridor ({worst})."
    ),
    "crossborder.costs_hides": "Small payments beside large ones in the same corridor.",
    "crossborder.costs_alt": "Marks by corridor: {list}.",
    "crossborder.costs_item": "{corridor} {costs}",
    "crossborder.corridors_title": "Corridors",
    "crossborder.risk_heading": "Principal at risk",
    "crossborder.risk_title": "Principal at risk over time",
    "crossborder.risk_shows": (
        "The value of payments of which one leg was paid for good and the other was not, the most within each "
        "{step}, in millions of US dollars."
    ),
    "crossborder.risk_hides": "With whom it was: a bank that fails takes what is with it at that moment.",
    "crossborder.risk_alt": "Steps over time; the highest is {peak}.",
    "crossborder.currencies_heading": "In which currencies",
    "crossborder.currencies_title": "Value credited by currency of the payee",
    "crossborder.reasons_heading": "What was refused or sent back, and why",
    "crossborder.reasons_title": "Refusals and returns by reason",
    "crossborder.no_reasons": "Nothing was refused or sent back.",
    "crossborder.reason": "Reason",
    "reason.annual_quota": "annual quota used up",
    "reason.splitting": "split among several people",
    "reason.travel_rule": "data on payer or payee missing",
    "reason.screening": "name on a list",
    "reason.no_quote": "nobody quoted a rate",
    "reason.quote_expired": "quote expired",
    "reason.no_liquidity": "no liquidity",
    "reason.quorum_lost": "too few validators",
    "reason.bank_failed": "a bank failed",
    "reason.corridor_shut": "corridor shut",
    "reason.too_small": "charges would eat it up",
    "reason.timed_out": "took too long",
    "crossborder.visitors_heading": "Wallets of people from abroad",
    "crossborder.visitors": (
        "{group}: {wallets} wallets, {trips} trips. For {given} {currency} they topped up {topped}; of {payments} "
        "payments {success} settled, {spent} in all. What was refused: {refused}. {back} was changed back."
    ),
    "crossborder.visitors_idle": "{group}: nobody of {wallets} travelled.",
    "crossborder.visitors_title": "Visitors' payments by how they ended",
    "crossborder.visitors_note": (
        "After one more top-up where there was one; exchange and fees cost {costs} of what was given at home."
    ),
    "crossborder.visitors_cost": "{group} {cost}",
    "crossborder.outcome": "How it ended",
    "crossborder.nothing_refused": "nothing",
    "col.corridor": "Corridor",
    "col.from_to": "From and to",
    "col.purpose": "Purpose",
    "col.usd_value": "Value",
    "col.half_within": "Half within",
    "col.within_hour": "Within an hour",
    "col.cost": "Cost",
    "fig.credited": "share of payments credited within",
    "fig.time_to_credit": "time from sending to credit",
    "fig.target": "target",
    "fig.cost_share": "cost, share of what was sent",
    "fig.at_risk": "principal at risk, US$ million",
}
