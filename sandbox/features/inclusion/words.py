"""Words of who is left behind, and of the risk that goes with it."""

from typing import Final

from reports.text import Words

ENGLISH: Final[dict[str, str]] = {
    "inclusion.title": "Who is left behind",
    "inclusion.head": (
        "Worst off is {cohort}: {share} of its {payments} payments settled, {gap} than of all people's ({everybody})."
    ),
    "inclusion.head_even": (
        "No cohort is worse off than all people together, {everybody} of whose payments settled; lowest is {cohort} "
        "with {share} of {payments}."
    ),
    "inclusion.head_none": "No cohort made {fewest} payments, so none is compared with everybody.",
    "inclusion.less": "{points} percentage points less",
    "inclusion.intro": (
        "A cohort is a group of people with wallets of their own kind; everybody is all people, without firms and the "
        "state. Payments count for the payer's cohort; a cohort with fewer than {fewest} payments is not called the "
        "worst, for chance would choose it."
    ),
    "inclusion.others": "in no cohort",
    "inclusion.everybody": "everybody",
    "inclusion.figure": "What became of each cohort's payments",
    "inclusion.shows": (
        "For each cohort the share of its payments that settled and, hatched, why the others did not; after the bar "
        "the share that settled and of how many payments. The dashed line is everybody's share that settled."
    ),
    "inclusion.hides": (
        "Payments that people did not even try, and what a refusal costs them. Between cohorts with few payments "
        "small differences are chance."
    ),
    "inclusion.alt": "Share that settled: {list}.",
    "inclusion.alt_one": "{cohort} {share} of {payments}",
    "inclusion.bar": "{share} of {payments}",
    "inclusion.success_table": "Whether payments settle, and why not",
    "inclusion.cost_table": "Time, money and effort",
    "inclusion.cost_note": (
        "Charged: fees for top-ups. Balance: held on average at the end, idle money for who cannot top up at the "
        "till. All wallets take the same way and have the same patience, so times differ little."
    ),
    "col.cohort": "Cohort",
    "col.wallets": "Wallets",
    "col.wallets_share": "Of all wallets",
    "col.settled_share": "Settled",
    "col.gap": "Less everybody's",
    "col.no_money": "Not enough money",
    "col.by_limit": "Above a limit",
    "col.no_answer": "No answer",
    "col.other_reasons": "Other reasons",
    "col.refused_value": "Value not settled",
    "col.mean_time": "Time, mean",
    "col.p95_time": "Time, 95 of 100",
    "col.attempts": "Attempts",
    "col.per_wallet": "Payments a wallet",
    "col.top_ups": "Top-ups",
    "col.charged": "Charged, yuan",
    "col.charged_share": "Charged of value",
    "col.balance": "Balance, yuan",
    "col.upgraded": "Upgraded",
    "fig.settled_area": "settled",
    "fig.no_money": "not enough money",
    "fig.by_limit": "above a limit",
    "fig.no_answer": "no answer",
    "fig.other_reasons": "other",
    "fig.everybody": "everybody",
    "risk.inclusion": "Inclusion",
    "inc.gap": "Gap of the worst cohort",
    "inc.gap.read": (
        "Of the payments of {cohort} {share} settled, of everybody's {everybody}; the gap is {value}. It rests on "
        "{payments} payments."
    ),
    "inc.success": "Success of the worst cohort",
    "inc.success.read": "{value} of the payments of {cohort} settled.",
}

WORDS: Final = Words(ENGLISH)
