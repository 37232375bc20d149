"""Digital bills: what may happen to one, the register of what did, and their market in a run.

`schema` is what an analyst writes, `accounts` who has money, `bill` what may happen to a bill, `register` what did,
`market` the processes of a run, `sums` its tables and numbers, `verify` what is worked out again, `chapter` (with
`view`, `figures`, `words`) its report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.bills import schema
from sandbox.lines import Line, Money, amounts
from sandbox.numbers import Numbers, paths
from sandbox.scenario.schema import Section
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "bills": (
        *ints("bill_id", "part", "first", "last", "chain", "tier", "drawer", "acceptor", "holder"),
        *texts("kind"),
        *ints("face_fen", "issued_at_us", "due_at_us"),
        Column("ended_at_us", "int64", nullable=True),
        *texts("state"),
        *ints("endorsements", "discounted_fen", "cost_fen"),
        Column("borne_by", "int64", nullable=True),
    ),
    "bill_entries": (
        *ints("bill_id", "entry", "at_us"),
        *texts("move"),
        *ints("by"),
        Column("content", "long_text"),
        Column("signature", "long_text"),
    ),
}

NAMED: Final = paths(
    """
    bills.outcomes.* bills.failed.* bills.roles.* bills.other_way.roles.* bills.recourse.* bills.chains.*
    bills.chains.*.borne_fen.*
    """
)
LESS_IS_BETTER: Final = paths("risk.bills.unpaid_fen risk.bills.unpaid_share risk.bills.lost_fen risk.bills.lost_share")


def _accounts() -> object:
    from sandbox.features.bills.accounts import endow, open_accounts
    from sandbox.market.accounts import Accounts

    return Accounts(open_accounts, endow)


def _simulated() -> object:
    from sandbox.control import Control, Part, Simulated

    def part(control: Control) -> Part | None:
        if control.world.scenario.section(schema.Bills) is None:
            return None
        from sandbox.features.bills.market import bill_market

        return bill_market(control)

    return Simulated(part, schema.Bills, moves_money=True)


def _check() -> object:
    from sandbox.features.bills.verify import check
    from sandbox.verify.joint import Check

    return Check("bill_entries", check)


def _chapter() -> object:
    from reports.chapter import Chapter
    from sandbox.features.bills.chapter import LINES, headline, risks, section

    return Chapter(section, headline, risks, LINES)


def _words() -> object:
    from reports.text import Words
    from sandbox.features.bills.words import ENGLISH

    return Words(ENGLISH)


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if bills := summary.get("bills"):
        values = amounts(bills, money, "face", "sold", "cost")
        count, sold = f"{bills['bills']:,} of {values['face']} in all", f"{values['sold']} sold to banks"
        yield "bills", f"{count}; {sold} before they were due, for {values['cost']}"
        broken = sum(int(one["face_fen"]) for one in bills["outcomes"] if one["outcome"] in ("recourse", "defaulted"))
        if broken:
            yield "  not paid", f"{money(broken)} of their face was not paid by the firm that owes it"


FEATURE: Final = Feature(
    "bills",
    (
        Section("bills", schema.Bills, "Digital bills along chains of suppliers.", "crossborder",
                problems=schema.problems, dated=schema.dated),
        Tables(TABLES),
        Numbers(named=NAMED, less=LESS_IS_BETTER),
        Line(_lines),
        Later("sandbox.market.accounts.Accounts", _accounts),
        Later("sandbox.control.Simulated", _simulated),
        Later("sandbox.verify.joint.Check", _check),
        Later("reports.chapter.Chapter", _chapter),
        Later("reports.text.Words", _words),
    ),
)  # fmt: skip
