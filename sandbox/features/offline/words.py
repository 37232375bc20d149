"""Words of hard wallets and offline payments."""

from typing import Final

from reports.text import Words

ENGLISH: Final[dict[str, str]] = {
    "offline.title": "Hard wallets and offline payments",
    "offline.head": (
        "{purses} purses made {payments} offline payments of {value}. Half of those that settled did so within {p50}, "
        "95 % within {p95}."
    ),
    "offline.tried": "Of {tried} payments that their owners tried, {share} were made.",
    "offline.loads": "{refused} of {loads} loads were refused.",
    "offline.head_none": "{purses} purses made no offline payment.",
    "offline.head_loss": (
        "{loss} were spent twice by broken purses, {share} of the {bound} that {tamperings} copies and the cap on a "
        "purse allow."
    ),
    "offline.no_loss": "Nothing was spent twice.",
    "offline.borne": "What was lost was borne by {list}.",
    "offline.borne.operator": "the operators ({money})",
    "offline.borne.fund": "a fund ({money})",
    "offline.borne.user": "who was paid ({money})",
    "offline.borne.owner": "owners of lost purses ({money})",
    "offline.found": (
        "Finders spent {found} of lost purses, of at most {bound} ({spent} times they tried, times the cap on a purse)."
    ),
    "offline.late": "{late} were shown too late and are lost to whoever was paid.",
    "offline.gone": "{gone} were paid to purses that were lost, by purses that were lost.",
    "offline.signed": (
        "{signed} of these payments carry real signatures, which were verified or refused; those of all others, and "
        "the time that devices ({device} a payment) and gateways ({gateway} at a sync) take, are modelled."
    ),
    "offline.hops": "Hops between two syncs: {mean} on average, {most} at most.",
    "offline.lost": "{lost} purses were lost, of which {reported} were reported and stopped and {found} handed in.",
    "offline.returned": "{returned} purses were given back; {redeemed} went to the cards that they were filled from.",
    "offline.refunded": "{refunded} were refunded from purses whose time was over, {forfeited} were kept.",
    "offline.outcomes_heading": "What became of them",
    "offline.outcomes_title": "Offline payments by what became of them",
    "offline.outcomes_note": (
        "A payment spent twice may cost nothing, for what its payer's purse still holds is taken first. Payments that "
        "are still open were not shown before the run ended."
    ),
    "offline.declined_title": "Payments that a device declined",
    "offline.declined_note": (
        "They were not made, and are not among those above. Copies in the hands of an attacker try and are declined as "
        "well."
    ),
    "offline.value_heading": "Value under way",
    "offline.value_title": "Value paid offline and not settled yet",
    "offline.value_shows": "What was paid from purse to purse and not yet settled on the ledger, over time.",
    "offline.value_hides": (
        "Where it is; regions are taken together, and shaded is when the network was down in at least one of them. "
        "What never comes back stays in it to the end."
    ),
    "offline.value_alt": "At most {most} were under way, at the end {last}.",
    "offline.times_heading": "How long it took to settle",
    "offline.times_title": "Time from an offline payment to its settlement",
    "offline.times_shows": (
        "The share of settled payments that had settled after a time; payments funded by the payer's own load, and "
        "those funded by other offline payments."
    ),
    "offline.times_hides": "Payments that were not settled when the run ended, and those that never will be.",
    "offline.times_alt": "Half were settled within {p50}, 95 % within {p95}, the last after {longest}.",
    "offline.loss_heading": "What broken purses cost",
    "offline.loss_title": "Spent twice, and the bound of the caps",
    "offline.loss_shows": (
        "Above, what was spent twice in all, before the most that it could have been: copies, and times a purse was "
        "set back, times the cap on a purse. Below, broken purses by how much of their own bound was spent twice; "
        "the table has each of them."
    ),
    "offline.loss_hides": (
        "Attacks that came to nothing because the register saw through them: replayed and forged payments, and "
        "payments above the caps."
    ),
    "offline.loss_alt": "{loss} of at most {bound} were spent twice; of {purses} purses {all} spent all their bound.",
    "offline.loss_table": "Broken purses, those that cost most first",
    "offline.bar": "{loss} of {bound} yuan",
    "offline.never": "not stopped",
    "risk.offline": "Offline payments",
    "off.outstanding": "Most paid and not settled at once",
    "off.outstanding.read": "At the worst moment {value} had been paid offline and not settled; in the end {last}.",
    "off.twice": "Spent twice, of what the caps allow",
    "off.twice.read": "Broken purses spent {money} twice, {value} of the {bound} that copies and caps allow at most.",
    "off.twice.none": "No purse was copied or set back.",
    "off.lost": "Lost, of what was paid offline",
    "off.lost.read": "{value} of what was paid offline was lost, by whoever bore it.",
    "off.settle": "95 % settle within",
    "off.settle.read": "Of the payments that were settled one in twenty took longer than {value}.",
    "off.refused": "Refused when shown",
    "off.refused.read": "{count} payments, {value} of those that were shown, were refused: too late, badly signed, "
    "above a cap, or shown again.",
    "offline.money_title": "Where the money of purses was",
    "offline.col.outcome": "Outcome",
    "offline.col.payments": "Payments",
    "offline.col.share": "Share",
    "offline.col.reason": "Reason",
    "offline.col.what": "Money",
    "offline.col.yuan": "Yuan",
    "offline.col.from": "From",
    "offline.col.under_way": "Under way at most, yuan",
    "offline.col.settled": "Settled",
    "offline.col.within": "Within",
    "offline.col.purse": "Purse",
    "offline.col.kind": "Attack",
    "offline.col.tamperings": "Copied or set back",
    "offline.col.made": "Payments made by it",
    "offline.col.loss": "Spent twice, yuan",
    "offline.col.bound": "Bound, yuan",
    "offline.col.stopped": "Stopped after",
    "offline_money.loaded": "loaded into purses",
    "offline_money.covered": "put in for losses",
    "offline_money.paid_out": "paid out to wallets and merchants",
    "offline_money.in_escrow": "in escrow at the end",
    "offline_outcome.settled": "settled",
    "offline_outcome.double_spend": "spent twice",
    "offline_outcome.over_cap": "above a cap",
    "offline_outcome.expired": "shown too late",
    "offline_outcome.replayed": "shown again",
    "offline_outcome.bad_signature": "badly signed",
    "offline_outcome.lost": "lost with the devices",
    "offline_outcome.open": "not shown yet",
    "declined.balance": "the purse held less",
    "declined.cap": "above the cap on a payment",
    "declined.hops": "too many hops",
    "declined.stale": "too long since the last sync",
    "declined.full": "the payee's purse was full",
    "declined.clock": "the payee's clock said otherwise",
    "declined.revoked": "the payer's purse was stopped",
    "declined.known": "the payee had seen that counter",
    "declined.broken": "the record did not hold",
    "declined.nobody": "nobody there to be paid",
    "attack.clone": "cloned",
    "attack.rollback": "set back",
    "attack.replay": "shown again",
    "attack.forge": "forged",
    "attack.clock": "clock set back",
    "attack.overspend": "above the caps",
    "fig.under_way": "under way",
    "fig.no_network": "no network somewhere",
    "fig.yuan_under_way": "yuan paid offline and not settled",
    "fig.one_hop": "one hop",
    "fig.more_hops": "two hops or more",
    "fig.after": "time after the payment",
    "declined.pin": "more than goes without the PIN",
    "fig.spread": "number of broken purses, by how much of their bound they spent",
    "fig.spread.none": "nothing",
    "fig.spread.quarter": "less than 25 %",
    "fig.spread.half": "25 % to 50 %",
    "fig.spread.three_quarters": "50 % to 75 %",
    "fig.spread.more": "75 % to 100 %",
    "fig.spread.all": "all, 100 %",
    "fig.bound": "bound by the caps",
    "fig.spent_twice": "spent twice",
}

WORDS: Final = Words(ENGLISH)
