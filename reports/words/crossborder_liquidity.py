"""Words of liquidity and of the queue for it, on a ledger shared across borders."""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
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
