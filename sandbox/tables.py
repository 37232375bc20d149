"""The tables of a run folder by name, column and type: the recorder writes by it, reports and `records` read by it.

Units: `_fen` columns are whole fen (1 yuan = 100 fen), `_us` columns whole microseconds since the scenario's start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from sandbox.feature import declared

if TYPE_CHECKING:
    import pyarrow as pa


class Outcome(IntEnum):
    """How a payment can end, in order of precedence: the engine has the numbers, tables the names in small letters."""

    SETTLED = 0
    FROZEN = 1
    OUTSIDE_BOX = 2
    BOX_CAP = 3
    SINGLE_LIMIT = 4
    DAILY_LIMIT = 5
    ANNUAL_LIMIT = 6
    INSUFFICIENT_BALANCE = 7
    BALANCE_CAP = 8
    UNAVAILABLE = 9
    TIMED_OUT = 10


OUTCOMES: Final = tuple(one.name.lower() for one in Outcome)
REFUSALS: Final = OUTCOMES[1:]

Kind = Literal["int64", "int8", "bool", "float64", "text", "long_text"]
"""text: few distinct values, dictionary-encoded. long_text: plain strings."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: Kind
    nullable: bool = False


def ints(*names: str) -> tuple[Column, ...]:
    """Columns of whole numbers."""
    return tuple(Column(name, "int64") for name in names)


def texts(*names: str) -> tuple[Column, ...]:
    """Columns of texts with few values."""
    return tuple(Column(name, "text") for name in names)


def flags(*names: str) -> tuple[Column, ...]:
    """Columns of yes and no."""
    return tuple(Column(name, "bool") for name in names)


_OURS: Final[dict[str, tuple[Column, ...]]] = {
    "payments": (
        *ints("payment_id", "submitted_at_us"),
        Column("completed_at_us", "int64", nullable=True),
        *ints("payer", "payee", "amount_fen"),
        *texts("kind"),
        Column("category", "text", nullable=True),
        *texts("payer_institution", "payee_institution", "outcome"),
        Column("attempt", "int8"),
        *flags("in_box"),
        Column("label", "text", nullable=True),
        *texts("source", "payer_class"),
        *ints("packet_fen", "top_up_fen", "redeemed_fen"),
        *ints("payer_gateway_wait_us", "payer_gateway_service_us"),
        *ints("payee_gateway_wait_us", "payee_gateway_service_us"),
        *ints("ledger_wait_us", "ledger_service_us"),
    ),
    "ledger": (
        *ints("account"),
        Column("owner", "long_text"),
        *texts("kind", "currency"),
        *ints("opening_fen", "debits_fen", "credits_fen", "closing_fen"),
    ),
    "wallets": (
        *ints("account"),
        *texts("kind", "class", "class_at_start", "institution"),
        *flags("in_box", "can_top_up", "frozen"),
        *ints("balance_fen", "settled"),
    ),
    "series": (
        *ints("at_us", "submitted", "ended", "settled", "settled_fen", *REFUSALS),
        *(Column(f"latency_{rank}_us", "int64", nullable=True) for rank in ("p50", "p95", "p99", "max")),
        *ints("in_flight"),
        Column("gateway_queue_mean", "float64"),
        *ints("gateway_queue_max"),
        Column("gateway_utilisation_max", "float64"),
        Column("ledger_queue_mean", "float64"),
        *ints("ledger_queue_max"),
        Column("ledger_utilisation", "float64"),
        *ints("top_up_fen", "liquidity_fen"),
        Column("liquidity_least_share", "float64", nullable=True),
    ),
    "stations": (
        *ints("at_us"),
        *texts("station"),
        *ints("servers", "arrivals", "served", "refused", "withdrawn"),
        Column("wait_mean_us", "float64", nullable=True),
        Column("service_mean_us", "float64", nullable=True),
        Column("queue_mean", "float64"),
        *ints("queue_max"),
        Column("utilisation", "float64"),
        Column("liquidity_fen", "int64", nullable=True),
    ),
    "events": (
        *ints("at_us"),
        *texts("actor", "event"),
        Column("subject", "long_text", nullable=True),
        Column("detail", "long_text", nullable=True),
    ),
    "postings": ints("at_us", "after", "payer", "payee", "amount_fen"),
    "parameters": (
        Column("path", "long_text"),
        Column("value", "long_text"),
        *texts("role"),
        Column("source", "long_text", nullable=True),
        *texts("status", "set_by"),
        Column("doc", "long_text"),
    ),
}

_OPTIONAL: Final = frozenset({"postings"})


@dataclass(frozen=True)
class Tables:
    """What a feature declares of the tables that its part writes, in runs whose scenario has its section.

    Args:
        columns: of each table, by its name.
        sometimes: tables that only some of these runs have.
    """

    columns: Mapping[str, tuple[Column, ...]]
    sometimes: frozenset[str] = frozenset()

    def always(self) -> list[str]:
        """Tables that every such run has."""
        return [name for name in self.columns if name not in self.sometimes]


class _All(Mapping[str, tuple[Column, ...]]):
    """Of features too."""

    def __getitem__(self, name: str) -> tuple[Column, ...]:
        return _OURS[name] if name in _OURS else self._of_features()[name]

    def __iter__(self) -> Iterator[str]:
        yield from _OURS
        yield from self._of_features()

    def __len__(self) -> int:
        return len(_OURS) + len(self._of_features())

    @staticmethod
    def _of_features() -> dict[str, tuple[Column, ...]]:
        return {name: columns for _, one in declared(Tables) for name, columns in one.columns.items()}


TABLES: Final[Mapping[str, tuple[Column, ...]]] = _All()
"""Every table of a run folder; `<name>.parquet` holds it."""


def optional_tables() -> frozenset[str]:
    """Tables that only runs have whose scenario uses the part that writes them."""
    return _OPTIONAL.union(*(one.columns for _, one in declared(Tables)))


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
