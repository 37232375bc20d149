"""Words of payments across borders."""

from __future__ import annotations

from typing import Final

from reports.text import Words

ENGLISH: Final[dict[str, str]] = {
    "risk.cross_border": "Cross-border",
    "risk.settlement": "Settlement",
    "xb.lost": "Not credited, {way}",
    "xb.lost.read": (
        "{value} of the payments sent over the {way} were refused, sent back, lost, or still on their way at the end."
    ),
    "xb.hour": "Credited within an hour, {way}",
    "xb.hour.read": "{value} of what the {way} credited was there within an hour.",
    "xb.cost": "Cost, {way}",
    "xb.cost.read": "A payment over the {way} cost {value} of what was sent, on average.",
    "xb.hhi": "Concentration of currencies, {way}",
    "xb.hhi.read": "The Herfindahl-Hirschman index of value by currency is {value}; 1 is one currency alone.",
    "xb.exposed": "Without payment versus payment, {way}",
    "xb.exposed.read": (
        "{value} of the payments sent over the {way} had one leg final before the other, for {time} on average."
    ),
    "xb.never": "Without payment versus payment, {way}",
    "xb.never.read": "No payment over the {way} had one leg final before the other.",
    "xb.gone": "Lost with a bank that failed, {way}",
    "xb.gone.read": "{value} of the payments sent over the {way} lay with a bank when it failed.",
    "xb.peak": "Most principal at risk at once, {way}",
    "xb.peak.read": "At the worst moment {value} of principal was at risk over the {way}, one leg being final.",
    "crossborder.title": "Payments across borders",
    "path.shared_ledger": "shared ledger",
    "path.correspondent": "chain of correspondents",
    "crossborder.head": (
        "{count} payments worth {value} were sent over the {way}. {settled}, worth {credited}, were credited, half of "
        "them within {half} and 95 % within {most}; they cost {cost} on average."
    ),
    "crossborder.head_ways": (
        "{count} payments worth {value} went over each way. {both}; the median time to credit is {half} against "
        "{other_half}, the mean cost {cost} against {other_cost}, and {peak} against {other_peak} were at risk at once."
    ),
    "crossborder.head_way": "The {way} credited {settled}, worth {credited}",
    "crossborder.head_none": "{count} payments worth {value} were sent over the {way}; none was credited.",
    "crossborder.pairs": (
        "{both} payments were credited on both ways. The {first} was faster for {faster} of them, by {saved} at the"
        " median, and cheaper for {cheaper}."
    ),
    "crossborder.only": "{only_first} were credited over the {first} only, {only_second} over the {second} only.",
    "crossborder.exposed": (
        "On the {way} {count} payments ({share}) went without payment versus payment: one leg was final before "
        "the other, for {time} on average. At the worst moment {peak} of principal was at risk at once."
    ),
    "crossborder.never_exposed": "On the {way} no leg was ever final before the other, so no principal was at risk.",
    "crossborder.lost": (
        "On the {way} {count} payments worth {value} were lost: their money lay with a bank when it failed."
    ),
    "crossborder.side_heading": "Side by side",
    "crossborder.side_title": "The two ways side by side",
    "crossborder.one_title": "Key figures",
    "crossborder.side_chain": "Chain of correspondents: correspondent banking through nostro accounts.",
    "crossborder.side_note": (
        "Times run from submission to credit, of what was credited. Cost is fees and what exchange costs against the "
        "mid rate, as a share of what was sent after fees, a mean over the payments credited. Targets: FSB 2021. In "
        "every market segment 75 % credited within an hour and the rest within a business day; a day is 24 hours "
        "here, over weekends too, which is stricter. Retail at most 1 % on average and 3 % in any corridor; "
        "remittances 3 % and 5 %; no cost is set for wholesale (treasury). HHI: Herfindahl-Hirschman index of value "
        "by currency of the payee; 1 is one currency alone."
    ),
    "crossborder.row.payments": "Payments",
    "crossborder.row.settled": "Credited",
    "crossborder.row.refused": "Refused before they left",
    "crossborder.row.returned": "Sent back",
    "crossborder.row.lost": "Lost with a bank that failed",
    "crossborder.row.pending": "Still on their way",
    "crossborder.row.credit_us_p50": "Time to credit, median",
    "crossborder.row.credit_us_p95": "Time to credit, 95th percentile",
    "crossborder.row.within_hour_share": "Credited within an hour, of those credited (target {line})",
    "crossborder.row.within_day_share": "Credited within a day, of those credited (target {line})",
    "crossborder.row.cost_share_mean": "Cost, mean of all",
    "crossborder.row.fee_share_mean": "of which fees",
    "crossborder.row.fx_cost_share_mean": "of which exchange",
    "crossborder.row.hops_mean": "Intermediaries, mean",
    "crossborder.row.exposed_usd_cents_peak": "Most principal at risk at once, without payment versus payment",
    "crossborder.row.hhi_currencies": "Concentration of currencies (HHI)",
    "crossborder.met": "{value}: met",
    "crossborder.missed": "{value}: missed",
    "crossborder.number": "Measure",
    "crossborder.times_heading": "How soon payees have their money",
    "crossborder.times_title": "Time to credit",
    "crossborder.times_shows": (
        "The share of all payments sent that were credited within a time; times are on a scale that grows tenfold. "
        "Diamonds: the FSB's targets, which count only what is credited."
    ),
    "crossborder.times_hides": (
        "Which corridor is slow, and that refused payments never arrive: a curve may end below 100 %."
    ),
    "crossborder.times_alt": "Two curves of the share credited within a time: {list}.",
    "crossborder.times_item": "{way}: {hour} within an hour, {day} within a day",
    "crossborder.times_table": "Share of all payments sent that were credited within a time",
    "crossborder.costs_heading": "What it costs, by corridor and size",
    "crossborder.costs_title": "Mean cost by corridor",
    "crossborder.costs_shows": (
        "A row a corridor, a mark a way: fees and exchange as a share of what was sent, mean over payments. Red "
        "bar: the most that the FSB's targets allow in any corridor, {retail} for retail and {remittance} for "
        "remittances; none is set for wholesale. Where costs lie far apart, each grid line is a multiple of the one"
        " before."
    ),
    "crossborder.costs_hides": (
        "Small payments beside large ones in the same corridor; the next figure says how much that matters."
    ),
    "crossborder.costs_alt": "Marks by corridor: {list}.",
    "crossborder.costs_item": "{corridor} {costs}",
    "crossborder.corridors_title": "Corridors",
    "crossborder.risk_heading": "Principal at risk (foreign-exchange settlement risk)",
    "crossborder.risk_title": "Principal at risk over time",
    "crossborder.risk_shows": (
        "The value of payments of which one leg was final and the other was not, because they did not settle "
        "payment versus payment; the most within each {step}, in millions of US dollars."
    ),
    "crossborder.risk_hides": "With whom it was: a bank that fails takes what is with it at that moment.",
    "crossborder.risk_alt": "Steps over time; the highest is {peak}.",
    "crossborder.currencies_heading": "Share of value by currency",
    "crossborder.currencies_title": "Value credited by currency of the payee",
    "crossborder.reasons_title": "Refusals, returns and losses by reason",
    "crossborder.no_reasons": "Nothing was refused, sent back or lost.",
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
    "group.hong_kong": "People of Hong Kong",
    "group.tourists": "Tourists",
    "crossborder.visitors_heading": "Wallets of people from abroad",
    "crossborder.visitors": (
        "{group}: {wallets} wallets, {trips} trips. For {currency} {given} they topped up {topped}; of {payments} "
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
    "col.from_to": "From, to, purpose",
    "col.credited": "Credited",
    "col.usd_value": "Value",
    "col.half_within": "Median time",
    "col.within_hour": "Within an hour",
    "col.cost": "Cost",
    "fig.credited": "share of payments credited within",
    "fig.time_to_credit": "time from sending to credit",
    "fig.target": "target",
    "fig.cost_share": "cost, share of what was sent",
    "fig.at_risk": "principal at risk, US$ million",
    "crossborder.row.settled_usd_cents": "Value credited",
    "crossborder.row.retail_cost_share_mean": "Retail cost, mean (target at most {line})",
    "crossborder.row.retail_cost_share_worst_corridor": "Retail cost, dearest corridor (target at most {line})",
    "crossborder.row.remittance_cost_share_mean": "Remittance cost, mean (target at most {line})",
    "crossborder.row.remittance_cost_share_worst_corridor": "Remittance cost, dearest corridor (target at most {line})",
    "crossborder.within": "Within",
    "crossborder.none": "none",
    "crossborder.where_title": "Where the time goes",
    "crossborder.where_shows": (
        "The mean time from submission to credit of a credited payment, by what it went into; the whole of it "
        "stands at the end of each bar."
    ),
    "crossborder.where_hides": (
        "The length of the bars: ways that take seconds and days are drawn equally long. A few slow payments make "
        "most of a mean."
    ),
    "crossborder.where_alt": "A bar a way: {list}.",
    "crossborder.where_item": "{way} {whole} in all, most of it: {most}",
    "crossborder.time.compliance": "compliance checks",
    "crossborder.time.queued": "waiting for liquidity",
    "crossborder.time.closed": "waiting for opening hours",
    "crossborder.time.consensus": "consensus of validators",
    "crossborder.time.other": "processing",
    "crossborder.time.whole": "Mean time to credit",
    "crossborder.stages_title": "The chain of correspondents, bank by bank",
    "crossborder.stages_note": "Means and shares of credited payments.",
    "crossborder.stage.at_payer_bank_us_mean": "From submission until the payer's bank sends, mean",
    "crossborder.stage.between_banks_us_mean": "From there until the payee's bank has the money, mean",
    "crossborder.stage.at_payee_bank_us_mean": "From there until it is credited, mean",
    "crossborder.stage.sent_to_credit_within_30_min_share": "Credited within 30 minutes of sending",
    "crossborder.stage.sent_to_credit_within_day_share": "Credited within a day of sending",
    "crossborder.stage.arrived_to_credit_within_5_min_share": (
        "Credited within 5 minutes of arrival at the payee's bank"
    ),
    "crossborder.hops_0": "Credited without an intermediary",
    "crossborder.hops_1": "Credited over one intermediary",
    "crossborder.hops_2": "Credited over {count} intermediaries",
    "crossborder.all_corridors": "all corridors",
    "crossborder.sizes_title": "Mean cost by size of the payment",
    "crossborder.sizes_table": "Mean cost by corridor and size",
    "crossborder.sizes_shows": (
        "A row a band of size, a mark a way: fees and exchange as a share of what was sent, mean over the payments "
        "credited. Fixed fees weigh on small payments."
    ),
    "crossborder.sizes_hides": "Which corridor the payments of a size are in; the table says so.",
    "crossborder.size_below": "below {below}",
    "crossborder.size_between": "{least} to {below}",
    "crossborder.size_from": "{least} and more",
    "crossborder.gates_heading": "What was stopped, refused or sent back, and why",
    "crossborder.gates_title": "Stops and refusals by gate",
    "crossborder.gates_note": (
        "Stopped: held, looked into or reported by the gate; most of it passes in the end. Refused: what did not."
    ),
    "crossborder.gate": "Gate",
    "crossborder.stopped": "{way}: stopped",
    "crossborder.refused": "{way}: refused",
    "gate.travel_rule": "data that travel along (travel rule)",
    "gate.screening": "name screening",
    "gate.splitting": "splitting of the quota",
    "gate.annual_quota": "annual quota",
    "gate.large_value_reports": "large-value reports",
    "place.mainland": "mainland China",
    "place.hong_kong": "Hong Kong",
    "place.macau": "Macau",
    "place.thailand": "Thailand",
    "place.uae": "UAE",
    "place.saudi_arabia": "Saudi Arabia",
    "col.most_within": "95th percentile",
    "xctl.heading": "Capital controls",
    "xctl.flows": "Capital flows of {place}. {list}",
    "xctl.flows_title": "Capital flows by day: {place}",
    "xctl.flows_shows": (
        "What came in (up) and went out (down) over the border of {place} by day of its own clock, when it was "
        "credited, on each way; below, the position: what came in less what went out since the start."
    ),
    "xctl.flows_hides": "Which currency it was in, and visitors' wallets. Payments still on their way.",
    "xctl.flows_alt": "Bars by day, and a line of the position. {list}",
    "xctl.flows_item": "Over the {way} {into} came in and {out} went out: {net}.",
    "xctl.net_in": "net inflow {net}",
    "xctl.net_out": "net outflow {net}",
    "xctl.day": "Day",
    "xctl.col.in": "{way}: in",
    "xctl.col.out": "{way}: out",
    "xctl.col.position": "{way}: position",
    "xctl.quota_title": "Annual quota used: {place}",
    "xctl.quota.sent": (
        "{place}: {people} people sent money abroad. On average {left} of their annual quota is left, {least} of the "
        "one who used most; {near} used 80 % or more of it."
    ),
    "xctl.quota.received": (
        "{place}: {people} people received money from abroad. On average {left} of their annual quota is left, {least} "
        "of the one who used most; {near} used 80 % or more of it."
    ),
    "xctl.side.sent": "sent",
    "xctl.side.received": "received",
    "xctl.quota_shows": (
        "People by how much of the quota of the calendar year was used by what was credited, over the {way}. The "
        "other way is in the table."
    ),
    "xctl.quota_hides": (
        "What people used before the run began, and on other ways: a short run leaves most of a year's quota unused."
    ),
    "xctl.quota_alt": "Bars by share used. {list}",
    "xctl.quota_mean": "Used, mean",
    "xctl.quota_most": "Used, the most by one person",
    "xctl.band": "Used of the quota",
    "xctl.band_below": "below {below}",
    "xctl.band_between": "{least} to {below}",
    "xctl.nobody": "nobody",
    "fig.xctl.in": "came in",
    "fig.xctl.out": "went out",
    "fig.xctl.daily": "{way}, US$ million a day",
    "fig.xctl.position": "position since the start, US$ million",
    "fig.xctl.used": "people, by share of the annual quota used",
    "xliq.heading": "Liquidity, queues and gridlock",
    "xliq.in_all_title": "Liquidity against turnover, in US dollars",
    "xliq.in_all_note": (
        "At the mid rates of the start. Held: by all banks on the shared ledger, by all banks and intermediaries in "
        "nostro accounts on the chain. Added later: issued by central banks there, bought to top accounts up here. "
        "Used at the most: the sum over accounts of the peak net debit position, what went out beyond what came in. "
        "Turnover counts every leg, so a payment over two intermediaries counts three times."
    ),
    "xliq.none": "No payment over the {way} waited for liquidity.",
    "xliq.waited": (
        "{waited} payments over the {way} waited for liquidity and got it, {longest} at the longest; over all "
        "that were credited the wait was {mean} on average. At the most {most} waited at once."
    ),
    "xliq.in_vain": "No payment over the {way} that waited for liquidity got it; at the most {most} waited at once.",
    "xliq.withdrawn": (
        "A payment left the queue without it, because a quote had expired or time was up, {count} times; it then asked "
        "for another quote, or was refused."
    ),
    "xliq.together": "Settled only because they were offset against others: {count}.",
    "xliq.gridlocks": "Gridlocks, where none could settle alone and some could together: {count}, in all for {time}.",
    "xliq.used_title": "Liquidity used, as a share of turnover",
    "xliq.used_shows": (
        "What banks had to bring to settle a currency's payments: the sum of the banks' peak net debit positions, over "
        "what was paid. The less it is, the more was paid out of what had come in."
    ),
    "xliq.used_hides": "What banks held beyond that; the table says so. Banks that always had more than they needed.",
    "xliq.used_alt": "A bar a currency: {list}.",
    "xliq.used_item": "{currency} {share}",
    "xliq.queue_title": "Payments that waited for liquidity over time",
    "xliq.queue_shows": "How many payments waited for money at a time.",
    "xliq.queue_hides": "How large they were, in which currency, and which bank lacked cover.",
    "xliq.queue_alt": "Steps over time; the highest is {most}.",
    "col.xliq_held": "Held at the start",
    "col.xliq_added": "Added later",
    "col.xliq_most": "Used at the most",
    "col.xliq_turnover": "Turnover",
    "col.xliq_waited": "Waited for it",
    "col.xliq_used": "Used of turnover",
    "col.xliq_of_held": "Used of what was held",
    "col.xliq_funded": "Issued later, of what was held",
    "col.xliq_waiting": "Waiting, at the most",
    "fig.xliq_used": "liquidity used, share of turnover",
    "fig.xliq_waiting": "payments waiting for liquidity",
}

WORDS: Final = Words(ENGLISH)
