"""What is inherent in each pattern: the columns of a payment that may tell it from honest ones, and why.

No other single column may do better than an area of 0.75 under its ROC curve (`leakage` measures it, a test holds
it). A pattern that were recognised by anything else would teach detectors an artefact of this generator.
"""

from __future__ import annotations

from typing import Final

from sandbox.features.crime.schema import NO_PATTERN, SIZES

PASSED_ON: Final[dict[str, str]] = {
    "kind": "money that passes on goes from wallet to wallet, never to a merchant",
    "source": "as kind",
    "category": "as kind: the payee is no merchant",
    "payee_in_degree": "as kind: a wallet is paid far less often than a merchant; and a few of them collect",
    "payee_out_degree": "the payee pays on, which no merchant does",
    "payer_in_degree": "the payer passes on what it was paid before",
    "top_up_fen": "who passes on what came in needs no top-up",
}

INHERENT: Final[dict[str, dict[str, str]]] = {
    NO_PATTERN: {},
    **{name: dict(PASSED_ON) for name, size in SIZES.items() if size.cover in ("between", "people", "firms")},
    "fan_in": {"payee_in_degree": "one is paid by many"},
    "fan_out": {"payer_out_degree": "one pays many"},
    "bipartite": {"payer_out_degree": "few pay", "payee_in_degree": "few are paid"},
    "merchant_collusion": {"payee_in_degree": "one merchant collects"},
    "overpay_refund": {
        "payer_out_degree": "the same few wallets buy again and again",
        "payee_in_degree": "at one merchant",
        "payer_in_degree": "half of the payments are refunds, by a merchant who is paid often",
        "payee_out_degree": "as payer_in_degree: refunds go to wallets, which pay",
        "category": "as payer_in_degree: the payee of a refund is no merchant",
        "top_up_fen": "as payer_in_degree: what is refunded is there",
        "payer_class": "as payer_in_degree: a merchant pays",
        "redeemed_fen": "as payer_in_degree: a refund fills the wallet",
    },
    "red_packet_farming": {
        "kind": "red packets are spent in payments of a campaign",
        "source": "as kind",
        "packet_fen": "it is the packet that is spent",
        "amount_fen": "the whole of it at once",
        "top_up_fen": "a packet needs no top-up",
        "payee_in_degree": "at one merchant",
    },
    "sub_threshold_structuring": {
        "amount_fen": "a little less than what is reported or allowed",
        "top_up_fen": "as the amount",
        "redeemed_fen": "as the amount: it fills the payee's wallet",
        "payee_in_degree": "one is paid by many",
    },
}
INHERENT["account_takeover"]["payer_out_degree"] = "the wallet that is drained was opened for it"
INHERENT["cross_border_shells"].update(
    {
        "payer_class": "as kind: both are corporates",
        "amount_fen": "as kind: corporates pay more than people do",
        "payer_out_degree": "few corporates are under foreign control, and they pay often",
    }
)
