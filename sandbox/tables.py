"""The tables of a run folder by name, column and type: the recorder writes by it, reports and `records` read by it.

Units: `_fen` columns are whole fen (1 yuan = 100 fen), `_us` columns whole microseconds since the scenario's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

OUTCOMES: Final = (
    "settled",
    "frozen",
    "outside_box",
    "box_cap",
    "single_limit",
    "daily_limit",
    "annual_limit",
    "insufficient_balance",
    "balance_cap",
    "unavailable",
    "timed_out",
)
"""How a payment can end, in order of precedence; the code of an outcome is its place here."""

REFUSALS: Final = OUTCOMES[1:]

Kind = Literal["int64", "int8", "bool", "float64", "text", "long_text"]
"""text: few distinct values, dictionary-encoded. long_text: plain strings."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: Kind
    nullable: bool = False


def _ints(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "int64") for name in names)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text") for name in names)


def _flags(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "bool") for name in names)


TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "payments": (
        *_ints("payment_id", "submitted_at_us"),
        Column("completed_at_us", "int64", nullable=True),
        *_ints("payer", "payee", "amount_fen"),
        *_texts("kind"),
        Column("category", "text", nullable=True),
        *_texts("payer_institution", "payee_institution", "outcome"),
        Column("attempt", "int8"),
        *_flags("in_box"),
        Column("label", "text", nullable=True),
        *_texts("source", "payer_class"),
        *_ints("packet_fen", "top_up_fen", "redeemed_fen"),
        *_ints("payer_gateway_wait_us", "payer_gateway_service_us"),
        *_ints("payee_gateway_wait_us", "payee_gateway_service_us"),
        *_ints("ledger_wait_us", "ledger_service_us"),
    ),
    "ledger": (
        *_ints("account"),
        Column("owner", "long_text"),
        *_texts("kind", "currency"),
        *_ints("opening_fen", "debits_fen", "credits_fen", "closing_fen"),
    ),
    "wallets": (
        *_ints("account"),
        *_texts("kind", "class", "class_at_start", "institution"),
        *_flags("in_box", "can_top_up", "frozen"),
        *_ints("balance_fen", "settled"),
    ),
    "series": (
        *_ints("at_us", "submitted", "ended", "settled", "settled_fen", *REFUSALS),
        *(Column(f"latency_{rank}_us", "int64", nullable=True) for rank in ("p50", "p95", "p99", "max")),
        *_ints("in_flight"),
        Column("gateway_queue_mean", "float64"),
        *_ints("gateway_queue_max"),
        Column("gateway_utilisation_max", "float64"),
        Column("ledger_queue_mean", "float64"),
        *_ints("ledger_queue_max"),
        Column("ledger_utilisation", "float64"),
        *_ints("top_up_fen", "liquidity_fen"),
        Column("liquidity_least_share", "float64", nullable=True),
    ),
    "stations": (
        *_ints("at_us"),
        *_texts("station"),
        *_ints("servers", "arrivals", "served", "refused", "withdrawn"),
        Column("wait_mean_us", "float64", nullable=True),
        Column("service_mean_us", "float64", nullable=True),
        Column("queue_mean", "float64"),
        *_ints("queue_max"),
        Column("utilisation", "float64"),
        Column("liquidity_fen", "int64", nullable=True),
    ),
    "events": (
        *_ints("at_us"),
        *_texts("actor", "event"),
        Column("subject", "long_text", nullable=True),
        Column("detail", "long_text", nullable=True),
    ),
    "crossborder": (
        *_ints("payment_id"),
        *_texts("path"),
        Column("uetr", "long_text"),
        *_texts("corridor", "purpose"),
        *_ints("payer", "payee"),
        *_texts("payer_bank", "payee_bank", "from_jurisdiction", "to_jurisdiction", "payer_currency", "payee_currency"),
        *_ints("amount_fen"),
        Column("credited_fen", "int64", nullable=True),
        *_ints("value_usd_cents", "fee_fen", "fx_cost_fen"),
        Column("rate", "float64", nullable=True),
        *_ints("submitted_at_us"),
        Column("settled_at_us", "int64", nullable=True),
        Column("completed_at_us", "int64", nullable=True),
        *_texts("outcome"),
        Column("reason", "text", nullable=True),
        *_ints("hops"),
        Column("agents", "long_text"),
        Column("dealer", "text", nullable=True),
        *_ints("compliance_us", "queued_us", "closed_us", "consensus_us"),
        *_flags("pvp"),
        Column("exposed_from_us", "int64", nullable=True),
        *_ints("exposed_us", "exposed_fen"),
    ),
    "cohorts": (*_ints("account"), *_texts("cohort")),
    "flight": (
        *_ints("at_us"),
        Column("bank", "text", nullable=True),
        *_ints("deposits_fen", "converted_fen", "reserves_fen", "funding_fen", "unmet_fen", "alarmed"),
    ),
    "offline": (
        *_ints("offline_id"),
        *_texts("payer", "payee"),
        *_ints("payer_account", "payee_account", "amount_fen", "counter", "hops", "made_at_us"),
        Column("presented_at_us", "int64", nullable=True),
        Column("settled_at_us", "int64", nullable=True),
        *_texts("outcome"),
        Column("borne_by", "text", nullable=True),
        *_ints("loss_fen"),
        *_flags("signed"),
        Column("label", "text", nullable=True),
    ),
    "patterns": (*_ints("payment_id"), *_texts("pattern"), *_ints("instance", "step", "part")),
    "postings": _ints("at_us", "after", "payer", "payee", "amount_fen"),
    "bills": (
        *_ints("bill_id", "part", "first", "last", "chain", "tier", "drawer", "acceptor", "holder"),
        *_texts("kind"),
        *_ints("face_fen", "issued_at_us", "due_at_us"),
        Column("ended_at_us", "int64", nullable=True),
        *_texts("state"),
        *_ints("endorsements", "discounted_fen", "cost_fen"),
        Column("borne_by", "int64", nullable=True),
    ),
    "bill_entries": (
        *_ints("bill_id", "entry", "at_us"),
        *_texts("move"),
        *_ints("by"),
        Column("content", "long_text"),
        Column("signature", "long_text"),
    ),
    "vouchers": (
        *_ints("voucher"),
        *_texts("kind", "contract"),
        *_ints("issuer"),
        Column("holder", "int64", nullable=True),
        Column("payee", "int64", nullable=True),
        *_ints("amount_fen", "spent_fen", "returned_fen", "refused", "created_at_us"),
        Column("ended_at_us", "int64", nullable=True),
        *_texts("ending"),
        Column("reason", "text", nullable=True),
    ),
    "contracts": (*_ints("at_us"), *_texts("kind"), *_ints("held_fen", "spent_fen", "returned_fen")),
    "data_trades": (
        *_ints("trade_id"),
        *_texts("product", "kind"),
        *_ints("seller", "buyer", "units", "used", "unit_price_fen", "price_fen", "paid_fen", "returned_fen"),
        *_ints("people_fen", "fee_fen"),
        Column("payment_id", "int64", nullable=True),
        *_ints("ordered_at_us"),
        *(Column(f"{name}_at_us", "int64", nullable=True) for name in ("held", "delivered", "ended", "anchored")),
        Column("anchor", "int64", nullable=True),
        Column("promised", "long_text"),
        Column("invoice", "long_text", nullable=True),
        *_texts("state"),
    ),
    "data_register": (
        *_ints("entry", "at_us"),
        *_texts("move"),
        Column("content", "long_text"),
        Column("signature", "long_text"),
    ),
    "data_shares": (*_ints("pay_out", "at_us"), *_texts("product"), *_ints("account", "used", "amount_fen")),
    "parameters": (
        Column("path", "long_text"),
        Column("value", "long_text"),
        *_texts("role"),
        Column("source", "long_text", nullable=True),
        *_texts("status", "set_by"),
        Column("doc", "long_text"),
    ),
    "alerts": (
        *_ints("alert_id", "at_us"),
        *_texts("kind", "rule"),
        Column("account", "int64", nullable=True),
        *_ints("amount_fen", "payments"),
        Column("payment_ids", "long_text"),
        Column("figures", "long_text"),
        *_texts("status"),
        Column("closed_at_us", "int64", nullable=True),
    ),
}
"""Every table of a run folder; `<name>.parquet` holds it."""

OPTIONAL_TABLES: Final[frozenset[str]] = frozenset(
    {
        "alerts",
        "bill_entries",
        "bills",
        "cohorts",
        "data_register",
        "data_shares",
        "data_trades",
        "contracts",
        "crossborder",
        "flight",
        "offline",
        "patterns",
        "postings",
        "vouchers",
    }
)
"""Tables that only runs have whose scenario uses the part that writes them."""


def table_file(name: str) -> str:
    """The file of a table.

    >>> table_file("payments")
    'payments.parquet'
    """
    return f"{name}.parquet"


def arrow_schema(name: str) -> pa.Schema:
    """The pyarrow schema of a table: text is dictionary-encoded, and a column that is never null says so."""
    import pyarrow as pa

    types = {
        "int64": pa.int64(),
        "int8": pa.int8(),
        "bool": pa.bool_(),
        "float64": pa.float64(),
        "text": pa.dictionary(pa.int32(), pa.string()),
        "long_text": pa.string(),
    }
    return pa.schema([pa.field(column.name, types[column.kind], nullable=column.nullable) for column in TABLES[name]])
