"""Data for money: trades, data invoices, and their anchors in two ledgers that recognise each other.

`schema` is what an analyst writes, `accounts` who has money, `trade` what may happen to a trade, `anchors` the two
ledgers, `people` who shares in the price, `exchange` the processes of a run, `numbers` its tables and numbers, `verify`
what is worked out again, `chapter` (with `view`, `figures`, `words`) its report. What the rest of the house needs to
know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.data_exchange import schema
from sandbox.lines import Line, Money, amounts
from sandbox.numbers import Numbers, paths
from sandbox.scenario.schema import Section
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "data_trades": (
        *ints("trade_id"),
        *texts("product", "kind"),
        *ints("seller", "buyer", "units", "used", "unit_price_fen", "price_fen", "paid_fen", "returned_fen"),
        *ints("people_fen", "fee_fen"),
        Column("payment_id", "int64", nullable=True),
        *ints("ordered_at_us"),
        *(Column(f"{name}_at_us", "int64", nullable=True) for name in ("held", "delivered", "ended", "anchored")),
        Column("anchor", "int64", nullable=True),
        Column("promised", "long_text"),
        Column("invoice", "long_text", nullable=True),
        *texts("state"),
    ),
    "data_register": (
        *ints("entry", "at_us"),
        *texts("move"),
        Column("content", "long_text"),
        Column("signature", "long_text"),
    ),
    "data_shares": (*ints("pay_out", "at_us"), *texts("product"), *ints("account", "used", "amount_fen")),
}
NAMED: Final = paths(
    """
    data_exchange.states.* data_exchange.products.* data_exchange.people.* data_exchange.times.*
    """
)
LESS_IS_BETTER: Final = paths("risk.data_exchange.returned_share risk.data_exchange.disputed_share")


def _accounts() -> object:
    from sandbox.features.data_exchange.accounts import endow, open_accounts
    from sandbox.market.accounts import Accounts

    return Accounts(open_accounts, endow)


def _simulated() -> object:
    from sandbox.control import Control, Part, Simulated

    def part(control: Control) -> Part | None:
        if control.world.scenario.section(schema.DataExchange) is None:
            return None
        from sandbox.features.data_exchange.exchange import data_market

        return data_market(control)

    return Simulated(part, schema.DataExchange, moves_money=True)


def _check() -> object:
    from sandbox.features.data_exchange.verify import check
    from sandbox.verify.joint import Check

    return Check("data_register", check)


def _chapter() -> object:
    from reports.chapter import Chapter
    from sandbox.features.data_exchange.chapter import LINES, headline, risks, section

    return Chapter(section, headline, risks, LINES)


def _words() -> object:
    from reports.text import Words
    from sandbox.features.data_exchange.words import ENGLISH

    return Words(ENGLISH)


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if data := summary.get("data_exchange"):
        posted = sum(int(one["trades"]) for one in data["states"] if one["state"] == "posted")
        values = amounts(data, money, "paid", "people", "returned")
        paid = f"{posted:,} of {data['trades']:,} orders paid, {values['paid']}"
        yield "data", f"{paid}, {values['people']} of it to people; {values['returned']} went back"


FEATURE: Final = Feature(
    "data_exchange",
    (
        Section("data_exchange", schema.DataExchange, "Data for money.", "contracts",
                problems=schema.problems, needs=schema.needs),
        Tables(TABLES, sometimes=frozenset({"data_shares"})),
        Numbers(named=NAMED, less=LESS_IS_BETTER),
        Line(_lines),
        Later("sandbox.market.accounts.Accounts", _accounts),
        Later("sandbox.control.Simulated", _simulated),
        Later("sandbox.verify.joint.Check", _check),
        Later("reports.chapter.Chapter", _chapter),
        Later("reports.text.Words", _words),
    ),
)  # fmt: skip
