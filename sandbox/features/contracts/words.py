"""Words of programmable money."""

from typing import Final

from reports.text import Words

ENGLISH: Final[dict[str, str]] = {
    "contracts.title": "Programmable money",
    "contracts.head": (
        "Contracts held {amount} in {count} pending transfers, at most {most} at once: {spent} went on to payees, "
        "{returned} went back, and {held} were still held at the end."
    ),
    "contracts.most": "At most {most} was held at once.",
    "contracts.short_courses": "{name}: customers lost {lost} of the {paid} that they paid.",
    "contracts.short_subsidies": (
        "{name}: {spent} of {amount} was spent on its purpose; {outside} of {attempts} attempts were outside it; "
        "{returned} went back."
    ),
    "contracts.short_gifts": "{name}: {spent} of {amount} was taken, {returned} went back.",
    "contracts.short_deliveries": "{name}: shops got {spent} of {amount}, and buyers {returned} back.",
    "contracts.short_dividends": "{name}: {wallets} people got {spent}.",
    "contracts.short_fees": "{name}: {returned} of {amount} went back; {refused} applicants could not pay.",
    "contracts.short_sub_wallets": "{name}: {payments} payments for {paid}.",
    "contracts.short_leak": "{name}: thieves got {stolen}, at most {most} with one authorisation.",
    "contracts.endings": (
        "Of {count} pending transfers {posted} were posted (all of the money went on), {voided} voided (somebody "
        "gave what was left back), {expired} expired (their time was over), and {open} were open when the run "
        "ended. There is no fifth way."
    ),
    "contracts.stands_heading": "Where the money stands",
    "contracts.stands_title": "Money in contracts over time",
    "contracts.stands_shows": (
        "For each kind of contract, all money that had come into escrow by then: at the bottom what had gone on to "
        "payees, above it what was still held, on top what had gone back. Each panel has a scale of its own."
    ),
    "contracts.stands_hides": "Which contract it is, and whose money: one kind may be several contracts.",
    "contracts.stands_alt": "At the end: {list}.",
    "contracts.stands_item": "{kind} {spent} gone on, {held} held, {returned} gone back",
    "contracts.contracts_title": "The contracts",
    "contracts.endings_title": "How pending transfers ended, and why",
    "contracts.refused_heading": "What contracts refused",
    "contracts.refused_title": "Attempts that came to nothing, by reason",
    "contracts.refused_note": (
        "Reasons of the contract (category, area, hour, quota, keyword) are no outcomes of payments: such an "
        "attempt never reaches a gateway. Reasons of the rail (lack of money, limits, unavailable) are counted "
        "among the payments as well."
    ),
    "contracts.course_heading": "Courses paid beforehand",
    "contracts.course_title": "What customers of courses got for their money",
    "contracts.course_shows": (
        "For each course, what customers paid, by what became of it: lessons given, money given back, money lost "
        "because the school failed, and what is still owed at the end."
    ),
    "contracts.course_hides": "What courts give back later, and what lessons at another school would cost.",
    "contracts.course_alt": "{list}.",
    "contracts.course_item": "{name}: {lost} lost of {paid}",
    "contracts.course_with": (
        "{name}, with escrow: {failed} of {schools} schools failed. {hit} customers had lessons to come; they got "
        "{saved} back and lost {lost}."
    ),
    "contracts.course_without": (
        "{name}, without escrow: {failed} of {schools} schools failed. {hit} customers had lessons to come; "
        "{losing} of them lost {lost}."
    ),
    "contracts.subsidies": (
        "{name}: {users} of {holders} holders used the voucher, in {purchases} purchases for {spent} of {amount}. "
        "{outside} of {attempts} attempts were outside its purpose: {category} in another category, {area} in another "
        "area, {hour} at another hour; {nothing_left} came when nothing was left. {returned} went back."
    ),
    "contracts.gifts": (
        "{name}: {sent} packets of {amount} were sent. {parts} parts were taken, {spent}, and {returned} went back. "
        "{keyword} people had a wrong keyword, {nothing_left} found nothing left, {expired} came too late."
    ),
    "contracts.deliveries": (
        "{name}: {orders} orders for {amount} were paid into escrow. Shops got {spent}, buyers {returned} back; {late} "
        "deliveries came too late. About {disputes} deliveries there was a dispute."
    ),
    "contracts.dividends": (
        "{name}: {pay_outs} pay-outs of {spent} in all to {wallets} people; in the last the smallest share was {least} "
        "and the largest {most}."
    ),
    "contracts.fees": (
        "{name}: {receipts} receipts were given for {amount}. {spent} was kept for what was granted; {rejected} went "
        "back with what was rejected, {undecided} because nobody decided in time. {refused} applicants could not pay."
    ),
    "contracts.sub_wallets": (
        "{name}: {payments} payments for {paid} through {authorisations} authorisations of {owners} owners; "
        "merchants saw the sub-wallets and not whose they were. {revoked} authorisations were revoked."
    ),
    "contracts.leak": (
        "{leaked} authorisations leaked. Thieves got {stolen}, at most {most} with one of them; the quota let them "
        "get {bound}."
    ),
    "contracts.no_bound": "any sum",
    "contract_kind.courses": "courses paid beforehand",
    "contract_kind.subsidies": "purpose-bound vouchers",
    "contract_kind.gifts": "packets between people",
    "contract_kind.deliveries": "payment on delivery",
    "contract_kind.dividends": "dividends on data",
    "contract_kind.fees": "administrative fees",
    "contract_kind.sub_wallets": "sub-wallets",
    "ending.posted": "posted",
    "ending.voided": "voided",
    "ending.expired": "expired",
    "ending.open": "open",
    "contract_reason.lessons": "all lessons given",
    "contract_reason.merchant_failed": "the school failed",
    "contract_reason.withdrawn": "the customer withdrew",
    "contract_reason.expired": "time was over",
    "contract_reason.nothing_left": "nothing left",
    "contract_reason.category": "another category",
    "contract_reason.area": "another area",
    "contract_reason.hour": "another hour",
    "contract_reason.keyword": "wrong keyword",
    "contract_reason.late": "arrived too late",
    "contract_reason.no_school": "no school in this category",
    "contract_reason.school_failed": "the school had failed",
    "contract_reason.no_shop": "no shop in this category",
    "contract_reason.nobody_eligible": "nobody eligible",
    "contract_reason.not_given_out": "not given out yet",
    "contract_reason.not_paid": "the merchant could not be paid",
    "contract_reason.spent": "all of it spent",
    "contract_reason.taken": "all parts taken",
    "contract_reason.paid_out": "all paid out",
    "contract_reason.delivered": "delivered",
    "contract_reason.dispute": "a dispute was decided",
    "contract_reason.granted": "granted",
    "contract_reason.rejected": "rejected",
    "contract_reason.paid": "the owner paid",
    "contract_reason.stolen": "a thief paid",
    "contract_reason.per_payment": "quota for a payment",
    "contract_reason.per_day": "quota for a day",
    "contract_reason.per_month": "quota for a month",
    "contract_reason.revoked": "authorisation revoked",
    "fig.money_spent": "gone on to payees",
    "fig.money_held": "held",
    "fig.money_returned": "gone back",
    "fig.course_delivered": "lessons given",
    "fig.course_back": "given back",
    "fig.course_lost": "lost",
    "fig.course_owed": "still owed",
    "fig.course_lost_of": "{lost} lost",
    "fig.course_none": "nothing lost",
    "actor.contract": "contract",
    "event.opened": "money held",
    "event.posted": "posted",
    "event.voided": "voided",
    "event.merchants_failed": "merchants fail",
    "event.authorised": "sub-wallets authorised",
    "col.contract": "Contract",
    "col.contract_kind": "Kind",
    "col.pendings": "Transfers",
    "col.opened": "Held at first, yuan",
    "col.gone_on": "Gone on, yuan",
    "col.gone_back": "Gone back, yuan",
    "col.still_held": "Still held, yuan",
    "col.ending": "Ending",
    "col.attempts_refused": "Attempts",
}

WORDS: Final = Words(ENGLISH)
