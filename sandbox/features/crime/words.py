"""Words of the report about financial crime: its patterns, and what gives them away."""

from __future__ import annotations

from typing import Final

from reports.text import Words

ENGLISH: Final = {
    "pattern.all": "all crime",
    "pattern.no_pattern": "in no pattern",
    "pattern.fan_in": "fan in",
    "pattern.fan_out": "fan out",
    "pattern.sub_threshold_structuring": "below thresholds",
    "pattern.merchant_collusion": "merchant collusion",
    "pattern.red_packet_farming": "red packet farming",
    "pattern.cross_border_shells": "cross-border shells",
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
    "col.splits": "Split",
    "col.moves": "Moved",
    "col.given_up": "Given up",
    "col.lost": "Victims lost, yuan",
    "col.column": "Column",
    "col.area": "Area",
    "col.area_kind": "Same kind",
    "col.area_all": "All honest payments",
}
WORDS: Final = Words(ENGLISH)
