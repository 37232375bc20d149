"""Words for names that the simulator gives, and for columns of payments."""

from typing import Final

from sandbox.language import N_

WHY_INHERENT: Final = {
    "kind": N_("it is made of one kind of payment"),
    "source": N_("as the kind"),
    "category": N_("as the kind: its payees are no merchants, or a few of them"),
    "payer_class": N_("as the kind: both sides are companies"),
    "amount_fen": N_("its amounts are its purpose, or those of its kind"),
    "top_up_fen": N_("money that passes on, or a packet, needs no top-up"),
    "packet_fen": N_("it spends red packets"),
    "redeemed_fen": N_("it fills the payee's wallet"),
    "payer_out_degree": N_("few accounts pay again and again"),
    "payer_in_degree": N_("who pays was paid before"),
    "payee_in_degree": N_("few accounts collect, or wallets where others pay merchants"),
    "payee_out_degree": N_("the payee pays on, which merchants do not"),
}
"""Why a column tells a pattern apart."""

COLUMN_WORDS: Final = {
    "amount_fen": N_("amount"),
    "hour": N_("hour of day"),
    "attempt": N_("attempts"),
    "top_up_fen": N_("topped up for it"),
    "packet_fen": N_("out of a red packet"),
    "redeemed_fen": N_("passed on to the bank"),
    "payer_out_degree": N_("payments the payer made"),
    "payer_in_degree": N_("payments the payer got"),
    "payee_in_degree": N_("payments the payee got"),
    "payee_out_degree": N_("payments the payee made"),
    "kind": N_("kind"),
    "category": N_("merchant's category"),
    "source": N_("segment or campaign"),
    "payer_institution": N_("payer's institution"),
    "payee_institution": N_("payee's institution"),
    "payer_class": N_("payer's class"),
    "outcome": N_("outcome"),
    "in_box": N_("in the box"),
}
