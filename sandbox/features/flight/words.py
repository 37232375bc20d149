"""Words of a flight from deposits, and of the risk that goes with it."""

from typing import Final

from reports.text import Words
from sandbox.validation.check import Published

ENGLISH: Final[dict[str, str]] = {
    "flight.title": "Flight from deposits",
    "flight.head_breached": (
        "Of {deposits} of deposits {outflow} ({share}) were turned into digital currency. The reserves of "
        "{breaching} of {banks} banks did not suffice; at {waiting} of them customers had to wait for their money."
    ),
    "flight.head_lent": (
        "Of {deposits} of deposits {outflow} ({share}) were turned into digital currency. The reserves of "
        "{breaching} of {banks} banks did not suffice; the central bank lent what they lacked."
    ),
    "flight.head_none": (
        "Of {deposits} of deposits {outflow} ({share}) were turned into digital currency. The reserves of all "
        "{banks} banks sufficed."
    ),
    "flight.people": (
        "Of {people} people {share} were alarmed: {news} by news and {contacts} by people they know. {kept} of their "
        "deposits stayed all the same, because of a limit on what one may hold, of deposit insurance, or of a bank "
        "that had nothing left."
    ),
    "flight.nobody": "Nobody of {people} people was alarmed; what moved is what people hold for their payments.",
    "flight.limit": "A person may hold at most {limit} of digital currency.",
    "flight.no_limit": "No holding limit was set; only the limits of the wallets' classes hold.",
    "flight.before": "{before} of the outflow was there before any alarm, held for payments.",
    "flight.funding": "Banks borrowed {funding} from the central bank when their reserves were gone.",
    "flight.unmet": "At the end people still waited for {unmet}.",
    "flight.all_met": "At the end nobody waited for money.",
    "flight.never": "no",
    "flight.outflow_heading": "What left, and who was alarmed",
    "flight.outflow_title": "Deposits turned into digital currency over time",
    "flight.outflow_shows": (
        "The share of deposits that had moved by then, of all banks together and of the bank in the table that lost "
        "most ({bank}); below, the share of all people who were alarmed by then."
    ),
    "flight.outflow_hides": (
        "That anybody comes back: people do not calm down in this model, and banks do not raise rates. Alarm does "
        "not depend on limits, so they change how much moves and never who is alarmed."
    ),
    "flight.outflow_alt": "At the end {share} of all deposits had moved and {alarmed} people were alarmed.",
    "flight.banks_heading": "How long the reserves lasted",
    "flight.banks_title": "The banks that are worst off",
    "flight.banks_shows": (
        "For each bank its reserves at the central bank as a share of those at the start. Marked: the moment at which "
        "they no longer sufficed, and the one from which customers had to wait because loans did not either. At the "
        "right the share of deposits that left."
    ),
    "flight.banks_hides": (
        "Loans from the central bank (in the table), and banks that are better off. Reserves above one and a half "
        "times those at the start are cut off."
    ),
    "flight.banks_alt": "Share of deposits that left, by bank: {list}.",
    "flight.banks_item": "{name} {moved}",
    "flight.banks_note": (
        "Ordinary payments leave reserves alone in this model. Where balances are owed by the wallet's operator "
        "(digital deposit), reserves move to that operator, so that others' rise; where they are owed by the central "
        "bank (digital cash), reserves are gone."
    ),
    "actor.bank": "bank",
    "event.reserves_exhausted": "reserves do not suffice",
    "event.customers_wait": "customers have to wait",
    "bank_event.exhausted": "{asked} asked for, {reserves} left in reserves",
    "bank_event.waits": "{asked} asked for, {able} left with loans",
    "fig.all_banks": "all banks",
    "fig.moved": "share of deposits that left",
    "fig.alarmed": "share of people alarmed",
    "fig.reserves": "reserves",
    "fig.breached": "do not suffice",
    "fig.waiting_customers": "customers wait",
    "fig.left_bank": "left",
    "col.bank": "Bank",
    "col.deposits": "Deposits, yuan",
    "col.reserves": "Reserves of deposits",
    "col.left_yuan": "Left, yuan",
    "col.left_share": "Left of deposits",
    "col.borrowed": "Borrowed, yuan",
    "col.breached_at": "Reserves did not suffice",
    "col.waiting_at": "Customers had to wait",
    "col.moved": "Left by the end of the step",
    "col.alarmed": "People alarmed by then",
    "risk.disintermediation": "Flight from deposits",
    "dis.outflow": "Deposits that left the banks",
    "dis.outflow.read": "{value} of all deposits ({money}) were turned into digital currency.",
    "dis.breaching": "Deposits of banks whose reserves did not suffice",
    "dis.breaching.read": "{breaching} of {banks} banks, with {value} of all deposits, ran out of reserves.",
    "dis.breaching.first": "Deposits of banks whose reserves did not suffice",
    "dis.breaching.first.read": (
        "{breaching} of {banks} banks, with {value} of all deposits, ran out of reserves; the first was {bank}, on "
        "{moment}."
    ),
    "dis.waiting": "Banks at which customers had to wait",
    "dis.waiting.read": "At {waiting} of {banks} banks loans did not suffice either and customers had to wait.",
    "dis.waiting.none": "Banks at which customers had to wait",
    "dis.waiting.none.read": "At none of {banks} banks did customers have to wait for their money ({value}).",
    "dis.funding": "Borrowed from the central bank",
    "dis.funding.read": "Banks borrowed {value} against collateral to pay out what was asked for.",
    "dis.unmet": "Asked for and not paid",
    "dis.unmet.read": "At the end people still waited for {value}.",
}

WORDS: Final = Words(ENGLISH)

PUBLISHED: Final = Published(
    {"flight": "sandbox.features.flight.ecb_study:checks"},
    {
        "flight": "A flight from deposits under a holding limit",
        "flight.fitted": (
            "the spread of deposits, the spread of buffers, what users hold for payments; what leaves at lower limits "
            "is not"
        ),
        "flight.outflow": "outflow at 3,000 euro, billion euro",
        "flight.share": "outflow at 3,000 euro, share of deposits",
        "flight.banks": "banks out of buffers, of 2,025",
        "flight.banks_share": "their share of deposits",
        "flight.usual": "held in usual times, billion euro",
        "flight.outflow_500": "outflow at 500 euro, billion euro",
        "flight.banks_500": "banks out of buffers at 500 euro",
        "flight.outflow_1000": "outflow at 1,000 euro, billion euro",
        "flight.banks_1000": "banks out of buffers at 1,000 euro",
        "flight.outflow_2000": "outflow at 2,000 euro, billion euro",
        "flight.banks_2000": "banks out of buffers at 2,000 euro",
    },
)
