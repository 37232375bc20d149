"""Numbers of a run's data exchange, and its tables. Whoever has read them back can work the numbers out again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.control import Columns
from sandbox.core.draws import Int64Array
from sandbox.core.ratio import share
from sandbox.features.data_exchange.anchors import DataRegister, PayOutShares
from sandbox.features.data_exchange.trade import OVER, Stage, Trade
from sandbox.tables import TABLES

STATES: Final = ("posted", "voided", "expired", "refused", "open")
STEPS: Final = ("held", "delivered", "paid", "anchored")
"""Steps from the order on: money in escrow, key delivered, seller paid, invoice anchored in both ledgers."""
RANKS: Final = (50, 95)
ENTRY_COLUMNS: Final = ("entry", "at_us", "move")
"""Columns of `data_register` that an entry says under the same names."""


def state_of(trade: Trade) -> str:
    """How it stands, as tables say it."""
    return trade.stage.value if trade.stage in OVER else "open"


class ExchangeState(NamedTuple):
    """All that the numbers follow from."""

    register: DataRegister
    anchored_us: Mapping[int, int]
    """By trade: when its invoice was anchored in both ledgers."""
    open_fen: int
    """What the escrow holds."""
    shares: Sequence[PayOutShares]
    """By pay-out: who of the people got what."""


def exchange_rows(register: DataRegister, anchored_us: Mapping[int, int]) -> dict[str, list[Any]]:
    """`data_trades`: a row a trade, as it follows from the register."""
    anchor_of = {trade: number for number, trades in enumerate(register.batches) for trade in trades}
    rows: dict[str, list[Any]] = {column.name: [] for column in TABLES["data_trades"]}
    for number, trade in register.trades.items():
        one, invoice = trade.terms, register.invoices.get(number)
        for name, value in (
            ("trade_id", number), ("product", one.product), ("kind", "metered" if one.metered else "one_off"),
            ("seller", one.seller), ("buyer", one.buyer), ("units", one.units), ("used", trade.used),
            ("unit_price_fen", one.unit_price_fen), ("price_fen", one.price_fen), ("paid_fen", trade.spent_fen),
            ("returned_fen", trade.returned_fen), ("people_fen", trade.shares.people_fen),
            ("fee_fen", trade.shares.fee_fen), ("payment_id", trade.payment), ("ordered_at_us", trade.ordered_us),
            ("held_at_us", trade.held_us), ("delivered_at_us", trade.delivered_us), ("ended_at_us", trade.ended_us),
            ("anchored_at_us", anchored_us.get(number)), ("anchor", anchor_of.get(number)),
            ("promised", one.promised.hex()), ("invoice", invoice.hex() if invoice else None),
            ("state", state_of(trade)),
        ):  # fmt: skip
            rows[name].append(value)
    return rows


def share_rows(state: ExchangeState) -> dict[str, Any]:
    """`data_shares`: a row a wallet and pay-out, in order."""
    counts = [one.accounts.size for one in state.shares]
    pay_outs = state.register.pay_outs
    empty = np.zeros(0, dtype=np.int64)
    return {
        "pay_out": np.repeat(np.arange(len(counts)), counts),
        "at_us": np.repeat(np.array([one.at_us for one in pay_outs], dtype=np.int64), counts),
        "product": [one.product for one, count in zip(pay_outs, counts, strict=True) for _ in range(count)],
        "account": np.concatenate([empty, *(one.accounts for one in state.shares)]),
        "used": np.concatenate([empty, *(one.used for one in state.shares)]),
        "amount_fen": np.concatenate([empty, *(one.amounts_fen for one in state.shares)]),
    }


def exchange_tables(state: ExchangeState, seed: int) -> Mapping[str, Columns]:
    """`data_trades`, `data_register` (a row an entry) and `data_shares`."""
    register = state.register
    return {
        "data_trades": exchange_rows(register, state.anchored_us),
        "data_register": register.columns(seed, {name: name for name in ENTRY_COLUMNS}),
        "data_shares": share_rows(state),
    }


def exchange_summary(state: ExchangeState) -> Mapping[str, Any]:
    """`data_exchange` and `risk.data_exchange`."""
    register, anchored_us, open_fen, _ = state
    trades = list(register.trades.values())
    counts, sums = Counter(map(state_of, trades)), Counter[str]()
    for trade in trades:
        sums[state_of(trade)] += trade.terms.price_fen
    section = {
        "trades": len(trades),
        "ordered_fen": sum(trade.terms.price_fen for trade in trades),
        "paid_fen": sum(trade.spent_fen for trade in trades),
        "people_fen": sum(trade.shares.people_fen for trade in trades),
        "fee_fen": sum(trade.shares.fee_fen for trade in trades),
        "returned_fen": sum(trade.returned_fen for trade in trades),
        "open_fen": open_fen,
        "states": [{"state": name, "trades": counts[name], "price_fen": sums[name]} for name in STATES],
        "disputed": sum(trade.disputed for trade in trades),
        "invoices": len(register.invoices),
        "anchored": len(anchored_us),
        "anchors": len(register.recognised),
        "entries": len(register.entries),
        "products": _products(trades),
        "people": _people(state),
        "times": _times(trades, anchored_us),
    }
    return {"data_exchange": section, "risk": {"data_exchange": _risk(trades, register, anchored_us, open_fen)}}


def _people(state: ExchangeState) -> list[dict[str, Any]]:
    """By product with a share for people: what came for them, was paid out and waits in the pool; what one of them got
    over the whole run, in the middle and at most (fen)."""
    register, got = state.register, dict[str, Int64Array]()
    pay_outs: Counter[str] = Counter()
    for one, shares in zip(register.pay_outs, state.shares, strict=True):
        # Whose data a product is about does not change, so the columns are of the same people.
        got[one.product] = got.get(one.product, np.zeros_like(shares.amounts_fen)) + shares.amounts_fen
        pay_outs[one.product] += 1
    rows = []
    for product, waiting in register.pool.items():
        each = got.get(product, np.zeros(0, dtype=np.int64))
        least, middle, most = (
            np.percentile(each, (0, 50, 100), method="inverted_cdf").tolist() if each.size else [None] * 3
        )
        paid = int(each.sum())
        rows.append(
            {
                "product": product, "came_fen": paid + waiting, "paid_out_fen": paid, "waiting_fen": waiting,
                "wallets": int(each.size), "pay_outs": pay_outs[product], "least_fen": least, "middle_fen": middle,
                "most_fen": most,
            }
        )  # fmt: skip
    return rows


def _products(trades: Sequence[Trade]) -> list[dict[str, Any]]:
    names = dict.fromkeys(trade.terms.product for trade in trades)
    rows = []
    for name in names:
        mine = [trade for trade in trades if trade.terms.product == name]
        states = Counter(map(state_of, mine))
        rows.append(
            {
                "product": name,
                "kind": "metered" if mine[0].terms.metered else "one_off",
                "trades": len(mine),
                **{state: states[state] for state in STATES},
                "units": sum(trade.used for trade in mine),
                "paid_fen": sum(trade.spent_fen for trade in mine),
                "people_fen": sum(trade.shares.people_fen for trade in mine),
            }
        )
    return rows


def _times(trades: Sequence[Trade], anchored_us: Mapping[int, int]) -> list[dict[str, Any]]:
    """Of data sets that were paid for: how long after the order each step was reached (us); what is metered takes as
    long as it is used."""
    done = [one for one in trades if one.stage is Stage.DONE and not one.terms.metered and one.spent_fen]
    rows = []
    for step in STEPS:
        instants = [
            {"held": one.held_us, "delivered": one.delivered_us, "paid": one.ended_us}.get(
                step, anchored_us.get(one.terms.trade)
            )
            for one in done
        ]
        times = [at - one.ordered_us for one, at in zip(done, instants, strict=True) if at is not None]
        ranks = np.percentile(times, RANKS, method="inverted_cdf").tolist() if times else [None] * len(RANKS)
        rows.append({"step": step, "trades": len(times), **dict(zip(("p50_us", "p95_us"), ranks, strict=True))})
    return rows


def _risk(
    trades: Sequence[Trade], register: DataRegister, anchored_us: Mapping[int, int], open_fen: int
) -> dict[str, Any]:
    """How much does not come to a good end, what hangs, and who would have to fail for most of it."""
    over = [trade for trade in trades if trade.stage in OVER]
    failed = [trade for trade in over if trade.stage in (Stage.REFUNDED, Stage.EXPIRED)]
    paid: Counter[str] = Counter()
    for trade in trades:
        paid[trade.terms.product] += trade.spent_fen
    total = sum(paid.values())
    top = min(paid, key=lambda name: (-paid[name], name)) if total else None
    return {
        "ended": len(over),
        "returned_share": share(len(failed), len(over)),
        "disputed_share": share(sum(trade.disputed for trade in over), len(over)),
        "open_fen": open_fen,
        "not_anchored": len(register.invoices) - len(anchored_us),
        "hhi_sellers": math.fsum((one / total) ** 2 for one in paid.values()) if total else None,
        "top_product": top,
        "top_product_share": paid[top] / total if top is not None else None,
    }
