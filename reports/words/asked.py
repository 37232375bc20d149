"""Words of the summary and of what was asked."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "head.nothing_offered": "No payment was offered in this run, so there is nothing to measure.",
    "head.nothing_settled_one": "The one payment did not settle. What was refused, and why, is below.",
    "head.settled_one": "The one payment settled, within {p50}.",
    "head.settled_home_one": "At home, the one payment settled, within {p50}.",
    "head.nothing_settled": "Of {payments} payments none settled. What was refused, and why, is below.",
    "head.settled": "Of {payments} payments {share} settled; half of those within {p50}, 99 of 100 within {p99}.",
    "head.settled_home": (
        "At home, of {payments} payments {share} settled; half of those within {p50}, 99 of 100 within {p99}."
    ),
    "head.value": "Settled value: {value} in {length}. The busiest single second settled {peak}.",
    "head.faults": (
        "While {what} was disturbed ({lasted} in all), {share} of all payments settled; in the rest of the time {rest}."
    ),
    "head.stations": "one of {count} stations",
    "head.changes": "Refused by a rule: {list}.",
    "head.changes_then": "{share} of the payments before {moment}",
    "head.changes_from": "{share} from {moment}",
    "head.campaign": (
        "Campaign {name}: {claimed} of {winners} packets were claimed; {settled} payments worth {value} settled, and "
        "{returned} went back."
    ),
    "head.risks": "What is at risk",
    "head.luck": (
        "One run is one draw of luck. Another seed gives other numbers; run several before you decide on a small "
        "difference."
    ),
    "head.conservation_bad": "The books of this run do not balance (see the last chapter). Do not use its numbers.",
    "head.payments_one": "1 payment",
    "head.payments_many": "{n} payments",
    "card.payments": "payments offered",
    "card.share": "settled",
    "card.value": "settled value",
    "card.p50": "half settle within",
    "card.p99": "99 of 100 settle within",
    "card.peak": "settled in the best second",
    "asked.title": "What was asked",
    "asked.look_for": "What to look for",
    "asked.frame": "The frame",
    "asked.item": "Item",
    "asked.value": "Value",
    "asked.start": "Simulated start (local time)",
    "asked.length": "Demand lasts",
    "asked.regime": "Regime",
    "asked.seed": "Seed",
    "asked.bin": "Bin of the time series",
    "asked.attempts": "Attempts per payment, mean",
    "head.few_one": "Only one payment settled: every quantile is that one, and every share is all or nothing.",
    "head.few": (
        "Only {settled} payments settled. The 99th percentile rests on the {slow} slowest of them, and shares move "
        "by whole percentage points with a few payments more or less."
    ),
}
