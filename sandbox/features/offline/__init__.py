"""Hard wallets: purses that pay one another without a network, and how that is settled afterwards.

`schema` is what an analyst writes, `accounts` who has money. What a purse signs is in `records`, what is wrong with a
record in `checks`, what a device knows and does in `device`. `plan` draws who has a purse and wants to pay when,
`network` when it is down, `fleet` is everybody with a device and what they do, `lost` and `attacks` what goes wrong (a
`spender` empties a purse), `register` settles it (a `purse` is what it knows of one, `rows` what becomes of payments).
`component` puts a run together, `results` has its table and numbers, `audit` what is worked out again, `chapter` (with
`view`, `figures`, `names`) its report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.offline.metrics import METRICS
from sandbox.language import _
from sandbox.summary_lines import Line, Money
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


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if found := summary.get("offline"):
        twice, bound = (found["loss"][f"{name}_fen"] for name in ("spent_twice", "bound"))
        values = {"payments": f"{found['payments']:,}", "value": money(found["payments_fen"])}
        if twice:
            sums = {"twice": money(twice), "bound": money(bound)}
            told = _("{payments} offline payments ({value}); {twice} spent twice, of at most {bound}", **values, **sums)
        else:
            told = _("{payments} offline payments ({value}); nothing spent twice", **values)
        yield _("hard wallets"), told


FEATURE: Final = Feature(
    "offline",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.offline.schema:SECTION"),
        Tables(TABLES),
        METRICS,
        Line(_lines),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.offline.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.offline.component:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.offline.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.offline.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.offline.names:EVENT_WORDS"),
    ),
)  # fmt: skip
