"""Words of what is at risk. Readings are one plain sentence each."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "risk.title": "What is at risk",
    "risk.intro": (
        "Each figure has one sentence that reads it and, where there is one, the line it is held against. A line "
        "is a help for reading, not a verdict; where it says ASSUMED, nobody but this simulator's authors set it."
    ),
    "risk.none": "This run gives no figures for risk.",
    "risk.overview": "The risks at a glance",
    "risk.kind": "Risk",
    "risk.level": "Standing",
    "risk.decides": "Decided by",
    "risk.line.above": "above {watch} worth a look, above {worry} past the line. Source: {source}.",
    "risk.line.below": "below {watch} worth a look, below {worry} past the line. Source: {source}.",
    "risk.operational": "Operational",
    "risk.liquidity": "Liquidity",
    "risk.concentration": "Concentration",
    "risk.consumer": "Consumer",
    "op.failed": "Failed for technical reasons",
    "op.failed.read": "{unavailable} met a closed station and {timed_out} timed out; together {value} of all payments.",
    "op.worst": "Answered in the worst bin",
    "op.worst.read": (
        "In the worst bin, from {moment}, {value} of the {ended} payments that ended were answered: settled, or "
        "refused by a rule."
    ),
    "op.worst.few": "Answered in the worst bin",
    "op.worst.few.read": (
        "In the worst bin, from {moment}, {value} of the payments that ended were answered, but only {ended} "
        "ended: too few to judge by."
    ),
    "op.minutes": "Minutes with less than {line} answered",
    "op.minutes.read": (
        "In all, bins with less than {line} of the payments answered make up {value} minutes; quiet bins with few "
        "payments count too."
    ),
    "op.spell": "Longest failure of more than {line}",
    "op.spell.read": (
        "The longest unbroken time in which more than {line} of the payments found a closed station or timed out "
        "lasted {value}, from {moment}."
    ),
    "op.spell.never": "In no bin did more than {line} of the payments find a closed station or time out.",
    "op.latency": "99 of 100 settle within",
    "op.latency.few.read": "Fewer than 100 payments settled, so this is simply the slowest of them.",
    "op.latency.few": "99 of 100 settle within",
    "op.latency.read": "One settled payment in a hundred took longer than {value}.",
    "op.busiest": "Busiest station",
    "op.busiest.read": (
        "Of all stations {station} was busiest: {value} of its servers' time was in use over the whole run; a rush "
        "hour is busier than the mean."
    ),
    "op.retried": "Tried more than once",
    "op.retried.read": (
        "{value} of the payments needed more than one attempt; retries add load just when there is least room."
    ),
    "op.faults": "Faults in the scenario",
    "op.faults.read": "Set in the scenario: {value}; shaded on the figures.",
    "op.faults.none": "No fault was set, so this run says nothing about outages.",
    "liq.lowest": "Lowest e-CNY of an operator, of its target",
    "liq.lowest.read": "{institution} came down to {value} of its target; at 0 its customers can no longer top up.",
    "liq.orders": "Orders from the central bank",
    "liq.orders.read": "Operators ordered {value} times, {money} in all.",
    "liq.orders.none": "No operator ordered more e-CNY.",
    "liq.top_ups": "Topped up by payers",
    "liq.top_ups.read": (
        "{value} moved into wallets just in time for a payment, and {redeemed} went back into bank accounts."
    ),
    "liq.turnover": "Turnover a day",
    "liq.turnover.read": (
        "How often a yuan of e-CNY in circulation was spent in a day: {value} (all of China in mid-2023: about 0.34, "
        "derived from published totals)."
    ),
    "con.institutions": "Concentration of payers' institutions (HHI)",
    "con.institutions.read": (
        "The Herfindahl-Hirschman index of settled value over payers' institutions is {value}: as if {equal} equal "
        "ones shared it."
    ),
    "con.institutions.all.read": (
        "The Herfindahl-Hirschman index of settled value over payers' institutions is 1: one has all of it."
    ),
    "con.institutions.all": "Concentration of payers' institutions (HHI)",
    "con.merchants.all.read": "The index of settled value over merchants is 1: one has all of it.",
    "con.merchants.all": "Concentration of merchants (HHI)",
    "con.merchants": "Concentration of merchants (HHI)",
    "con.merchants.read": "The index of settled value over merchants is {value}: as if {equal} equal ones shared it.",
    "con.top": "Share of the largest institution",
    "con.top.read": "{institution} carries {value} of the value paid; if it stops, so does that.",
    "con.top10": "Share of the ten largest merchants",
    "con.top10.read": "The ten merchants with the most takings received {value} of what merchants were paid.",
    "cons.limits": "Refused by a wallet limit",
    "cons.limits.read": (
        "{value} of the payments were above a limit of the payer's or payee's wallet; with other refusals {money} "
        "could not be paid."
    ),
    "cons.insufficient": "Not enough money",
    "cons.insufficient.read": (
        "{value} of the payments failed because the payer, or the institution behind a top-up, had too little e-CNY."
    ),
    "cons.class": "Class most often refused",
    "cons.class.none": "Class most often refused",
    "cons.class.none.read": "No class of wallets was refused a payment by its limits.",
    "cons.class.read": "{klass} wallets were refused most often: {value} of their payments.",
    "cons.upgrades": "Upgrades of a wallet's class",
    "cons.upgrades.read": (
        "{asked} payers or payees asked for a higher class after a refusal and {value} had it when the run ended."
    ),
    "fig.liquidity.title": "Operators' e-CNY against their targets",
    "fig.liquidity.shows": (
        "For each operator its opening, closing and lowest holding of e-CNY as a share of its target; the dashed "
        "line is at {line}. {cut}"
    ),
    "fig.liquidity.cut": "The {shown} with the lowest share of {all} operators.",
    "fig.liquidity.hides": "How long it stood low, and what the bank behind it could raise elsewhere.",
    "fig.liquidity.alt": "By operator; lowest: {list}.",
    "fig.shares.title": "Settled value by the payer's institution",
    "fig.shares.shows": "The share of all settled value that left each institution's wallets, ranked. {cut}",
    "fig.shares.cut": "The {shown} largest of {all} institutions.",
    "fig.shares.hides": (
        "Shares of wallets are an input (see the parameters), so this mostly shows what was put in, moved by "
        "limits and faults."
    ),
    "fig.shares.alt": "Bars: {list}.",
    "fig.item": "{name} {value}",
    "col.institution": "Institution",
    "col.opening": "Opening, yuan",
    "col.lowest": "Lowest, yuan",
    "col.closing": "Closing, yuan",
    "col.target": "Target, yuan",
    "col.lowest_share": "Lowest of target",
    "col.paid_yuan": "Paid, yuan",
    "col.received_yuan": "Received, yuan",
    "col.share_value": "Share",
    "op.worst.never": "Every payment was answered, settled or refused by a rule, in every bin.",
    "risk.none_past": "figures held against a line: {count}; past one: none",
}
