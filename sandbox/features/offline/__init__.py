"""Hard wallets: purses that pay one another without a network, and how that is settled afterwards.

`schema` is what an analyst writes, `accounts` who has money. What a purse signs is in `records`, what is wrong with a
record in `checks`, what a device knows and does in `device`. `plan` draws who has a purse and wants to pay when,
`network` when it is down, `town` is what people do, `lost` and `attacks` what goes wrong (a `spender` empties a purse),
`register` settles it (a `purse` is what it knows of one, `rows` what becomes of payments). `part` puts a run together,
`numbers` has its table and numbers, `verify` what is worked out again, `chapter` (with `view`, `figures`, `words`) its
report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.offline import schema
from sandbox.lines import Line, Money
from sandbox.numbers import Numbers, paths
from sandbox.scenario.schema import Section
from sandbox.tables import Column, Tables, flags, ints, texts

TABLES: Final = {
    "offline": (
        *ints("offline_id"),
        *texts("payer", "payee"),
        *ints("payer_account", "payee_account", "amount_fen", "counter", "hops", "made_at_us"),
        Column("presented_at_us", "int64", nullable=True),
        Column("settled_at_us", "int64", nullable=True),
        *texts("outcome"),
        Column("borne_by", "text", nullable=True),
        *ints("loss_fen"),
        *flags("signed"),
        Column("label", "text", nullable=True),
    ),
}
NAMED: Final = paths(
    """
    offline.declined.* offline.by_hops.* offline.loss.spread.* offline.loss.by_bearer_fen.* offline.downtimes.*
    offline.tampered.*
    """
)
LESS_IS_BETTER: Final = paths(
    """
    offline.loss.total_fen offline.loss.spent_twice_fen offline.loss.found_fen offline.loss.gone_fen
    offline.time_to_settle.mean_us offline.time_to_settle.p50_us offline.time_to_settle.p95_us
    offline.time_to_settle.max_us risk.offline.spent_twice_fen risk.offline.lost_share
    """
)
LABELS: Final = {
    "offline.payments": "number of offline payments",
    "offline.hops_mean": "hops of an offline payment",
    "offline.time_to_settle.p50_us": "median time until an offline payment settled",
    "offline.time_to_settle.p95_us": "p95 of the time until an offline payment settled",
    "offline.loss.spent_twice_fen": "value spent twice",
    "offline.loss.bound_fen": "bound of what can be spent twice",
    "offline.loss.of_bound": "share of the bound that was spent twice",
    "offline.loss.found_fen": "value spent by finders",
}


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if found := summary.get("offline"):
        twice, bound = (found["loss"][f"{name}_fen"] for name in ("spent_twice", "bound"))
        lost = f"{money(twice)} spent twice, of at most {money(bound)}" if twice else "nothing spent twice"
        yield "hard wallets", f"{found['payments']:,} offline payments ({money(found['payments_fen'])}); {lost}"


FEATURE: Final = Feature(
    "offline",
    (
        Section("offline", schema.Offline, "Hard wallets that pay without a network.",
                problems=schema.problems, dated=schema.dated, needs=schema.needs),
        Tables(TABLES),
        Numbers(named=NAMED, less=LESS_IS_BETTER, labels=LABELS),
        Line(_lines),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.offline.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.offline.part:SIMULATED"),
        Later("sandbox.verify.joint.Check", "sandbox.features.offline.verify:CHECK"),
        Later("reports.chapter.Chapter", "sandbox.features.offline.chapter:CHAPTER"),
        Later("reports.text.Words", "sandbox.features.offline.words:WORDS"),
    ),
)  # fmt: skip
