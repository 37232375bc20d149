"""Words of digital bills, and of the risk that goes with them."""

from typing import Final

from reports.text import Words

ENGLISH: Final[dict[str, str]] = {
    "bills.title": "Digital bills",
    "bills.head_split": (
        "{bills} bills with a face of {face} were drawn, {bank} of them accepted by banks, and split into {parts} "
        "parts. Suppliers sold {sold} of them to banks before they were due, at a discount of {cost}."
    ),
    "bills.head_whole": (
        "{bills} bills with a face of {face} were drawn, {bank} of them accepted by banks; none could be split. "
        "Suppliers sold {sold} of them to banks before they were due, at a discount of {cost}."
    ),
    "bills.head_cost": "That is {rate} a year for {tier}.",
    "bills.head_cost_split": "That is {rate} a year for {tier}; with bills that cannot be split it is {other}.",
    "bills.head_cost_whole": "That is {rate} a year for {tier}; with bills that can be split it is {other}.",
    "bills.all_paid": "Every bill that fell due was paid.",
    "bills.unpaid": (
        "Acceptors did not pay {unpaid} that fell due ({share}). After recourse suppliers bear {suppliers} and banks "
        "{banks}, what they paid for drawers that did not pay them back included."
    ),
    "bills.infected": (
        "{infected} of the firms that did not pay had not failed: they had no money left, for others had not paid "
        "them or they had paid in recourse."
    ),
    "bills.core": "Core firms",
    "bills.tier": "Tier {number}",
    "bills.bank": "Banks",
    "bills.central_bank": "Central bank",
    "bills.cost_heading": "What cash costs each tier",
    "bills.cost_title": "What suppliers pay for cash before a bill is due",
    "bills.cost_shows": (
        "For each tier of suppliers the rate a year at which it sold bills to banks, weighed by sum and days. With "
        "splitting it sells parts of a bill that the core firm or its bank accepted; without, bills of its own buyer."
    ),
    "bills.cost_hides": (
        "How much had to be sold: a bill that cannot be split is sold whole even if less cash is needed, and then "
        "costs more in yuan (in the table). Nobody defers or refuses an order because money is dear."
    ),
    "bills.cost_alt": "Rate a year, by tier: {list}.",
    "bills.cost_item": "{name} {rate}",
    "bills.cost_item_both": "{name} {rate}, the other way round {other}",
    "bills.loss_heading": "Who held what was not paid, and who bears it",
    "bills.loss_title": "From the holder to whoever bears the loss",
    "bills.loss_shows": (
        "For each group the face of the bills that it held when their acceptors did not pay, and what it bears after "
        "recourse. A holder asks those who passed the bill on to it, the last first; who pays asks those before."
    ),
    "bills.loss_hides": (
        "What a failed firm's estate pays in the end, and interest on overdue bills: there is none. Banks also bear "
        "bills that they accepted and whose drawers did not pay them back."
    ),
    "bills.loss_alt": "Face held and loss borne, by group: {list}.",
    "bills.loss_item": "{name} {held} and {lost}",
    "bills.other": (
        "With splitting the other way round, acceptors would not have paid {unpaid}, suppliers would bear {suppliers} "
        "and banks {banks}; {infected} firms that had not failed would not have paid."
    ),
    "bills.acceptors": "Acceptors that did not pay",
    "bills.states": "How bills ended",
    "bills.failed_yes": "stopped payments",
    "bills.failed_no": "had no money",
    "bill_state.discharged": "paid by the acceptor",
    "bill_state.recourse": "not paid; the loss was passed back in recourse",
    "bill_state.defaulted": "not paid; the holder bears it",
    "bill_state.dishonoured": "not paid; in recourse still",
    "bill_state.open": "not due yet",
    "bill_state.cancelled": "never accepted",
    "fig.split": "with splitting",
    "fig.unsplit": "without",
    "fig.held": "held when not paid",
    "fig.borne": "borne after recourse",
    "col.tier": "Suppliers",
    "col.sold": "Sold, yuan",
    "col.bill_cost": "Cost, yuan",
    "col.rate": "Rate a year",
    "col.other_cost": "Cost the other way, yuan",
    "col.other_rate": "Rate the other way",
    "col.group": "Group",
    "col.unpaid": "Not paid, yuan",
    "col.bill_held": "Held then, yuan",
    "col.recourse_paid": "Paid in recourse, yuan",
    "col.recourse_got": "Got in recourse, yuan",
    "col.borne": "Bears, yuan",
    "col.other_borne": "Bears the other way, yuan",
    "col.state": "State",
    "col.parts": "Parts",
    "col.face": "Face, yuan",
    "col.acceptor": "Acceptor",
    "risk.bills": "Digital bills",
    "bil.unpaid": "Bills not paid when due",
    "bil.unpaid.read": "{value} of what fell due was not paid by its acceptors.",
    "bil.lost": "Losses of what fell due",
    "bil.lost.read": "{value} of what fell due is lost to suppliers and banks ({money}).",
    "bil.hhi": "Concentration on acceptors",
    "bil.hhi.read": "The index is {value}, as with {equal} acceptors of the same size; {acceptor} has {share}.",
    "bil.infected": "Firms that others' failure took along",
    "bil.infected.read": "{value} firms that had not failed did not pay bills of their own, for {money}.",
    "bil.infected.none": "No firm that had not failed missed a payment.",
    "actor.bills": "bills",
    "actor.ledger": "ledger",
    "event.stopped_payments": "stops payments",
    "event.dishonoured": "bill not paid",
    "event.lost": "bill lost",
    "event.not_sold": "bill not sold",
    "event.not_reimbursed": "bank not paid back",
    "event.rediscounted": "bill rediscounted",
}

WORDS: Final = Words(ENGLISH)
