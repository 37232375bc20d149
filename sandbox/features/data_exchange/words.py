"""Words of a data exchange, and of the risk that goes with it."""

from typing import Final

from reports.text import Words

ENGLISH: Final[dict[str, str]] = {
    "data.title": "Data for money",
    "data.head": (
        "{trades} orders for data worth {ordered} were placed. {posted} of them ended with {paid} paid for data that "
        "was delivered; {returned} went back to buyers."
    ),
    "data.head_times": (
        "From the order to an invoice that both ledgers hold it took half of the data sets less than {half}, and 95 of "
        "100 less than {most}."
    ),
    "data.head_people": (
        "{people} ({share}) was for the people whom the data is about, of which {paid} was paid out to them."
    ),
    "data.anchors": (
        "{invoices} invoices were made; {anchored} of them are held by both ledgers, in {anchors} anchors. The "
        "exchange's register has {entries} entries."
    ),
    "data.check": (
        "The command ecny-sandbox verify works both ledgers out again and names the first entry that does not hold."
    ),
    "data.disputed": "Buyers disputed {disputed} deliveries.",
    "data.times_heading": "From the order to an anchored invoice",
    "data.times_title": "How long after the order each step is reached",
    "data.times_shows": (
        "Data sets that were paid for: how long after the order half of them had reached a step (dot), and 95 % of "
        "them (end of the line). Time runs on a scale by tens."
    ),
    "data.times_hides": "Metered data, which takes as long as it is used; orders that ended otherwise.",
    "data.times_alt": "Half of the trades had reached, after the order: {list}.",
    "data.times_item": "{name} in {middle}",
    "data_step.held": "money held",
    "data_step.delivered": "key delivered",
    "data_step.paid": "seller paid",
    "data_step.anchored": "invoice anchored",
    "data.ends_heading": "How orders ended",
    "data.ends_title": "Orders by product and ending",
    "data.ends_shows": (
        "For each product how many orders ended how. Nothing leaves escrow but by one of these: paid on delivery, "
        "back to the buyer (wrong key, dispute won), or back because nothing came in time."
    ),
    "data.ends_hides": "Of metered data that was paid for, the part not used, which went back as well.",
    "data.ends_alt": "Orders by product: {list}.",
    "data.ends_item": "{name} {trades}, of which {posted} were paid",
    "data.people_heading": "What people got",
    "data.people_title": "What came for the people whom the data is about",
    "data.people_shows": (
        "For each product with a share for people, what came for them of what buyers paid, and how much of it was paid "
        "out to their wallets: at every pay-out all of it, to each in proportion to how much data about him was used."
    ),
    "data.people_hides": (
        "How use is measured: here it is drawn. What a wallet may not hold went to the bank account behind it."
    ),
    "data.people_alt": "Paid out to people: {list}.",
    "data.people_item": "{name} {paid} to {wallets} people, half of them got at most {middle}",
    "data.people_label": "half got up to {middle}",
    "data.people_none": "{name}: {came}, nothing paid out yet",
    "fig.paid_out": "paid out to wallets",
    "fig.next_pay_out": "waiting for the next pay-out",
    "col.came": "Came for them, yuan",
    "col.paid_out": "Paid out, yuan",
    "col.pay_outs": "Pay-outs",
    "col.people": "People",
    "col.least_got": "Least, yuan",
    "col.middle_got": "Half at most, yuan",
    "col.most_got": "Most, yuan",
    "data_state.posted": "paid on delivery",
    "data_state.voided": "voided",
    "data_state.expired": "not delivered",
    "data_state.refused": "not paid",
    "data_state.open": "open",
    "data_kind.one_off": "data set",
    "data_kind.metered": "by use",
    "col.product": "Product",
    "col.kind_of_sale": "Sold as",
    "col.orders": "Orders",
    "col.units": "Units",
    "col.paid": "Paid, yuan",
    "col.people_share": "To the people, yuan",
    "col.reached": "Trades",
    "col.half": "Half by",
    "col.most": "95 % by",
    "risk.data_exchange": "Data exchange",
    "dat.returned": "Orders whose money went back",
    "dat.returned.read": "{value} of {ended} ended orders were paid and came to nothing.",
    "dat.disputed": "Orders in dispute",
    "dat.disputed.read": "Buyers disputed {value} of ended orders.",
    "dat.open": "Money in escrow at the end",
    "dat.open.read": "{value} is held for orders that have not ended.",
    "dat.hhi": "Concentration on sellers",
    "dat.hhi.read": "The index is {value}, as with {equal} sellers of the same size; {product} has {share}.",
    "dat.anchored": "Invoices that only one ledger holds",
    "dat.anchored.read": "{value} invoices had been made and not been anchored yet when the run ended.",
    "event.order_refused": "order not paid",
    "event.not_delivered": "data not delivered",
    "event.wrong_key": "wrong key",
    "event.disputed": "delivery disputed",
    "event.ruled": "dispute ruled on",
    "event.register_anchored": "register anchored",
    "actor.data_exchange": "data exchange",
}

WORDS: Final = Words(ENGLISH)
