"""Digital bills: what may happen to one, the register of what did, and their market in a run.

`schema` is what an analyst writes, `accounts` who has money, `bill` what may happen to a bill, `register` what did,
`market` the processes of a run, `sums` its tables and numbers, `verify` what is worked out again, `chapter` (with
`view`, `figures`, `words`) its report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from reports import document, thresholds
from reports.chapter import Chapter, Find
from reports.sections.context import Context
from reports.text import Words
from sandbox.control import Control, Part, Simulated
from sandbox.feature import Feature
from sandbox.features.bills import accounts, schema
from sandbox.features.bills.words import ENGLISH
from sandbox.lines import Line, Money, amounts
from sandbox.market.accounts import Accounts
from sandbox.numbers import Numbers, paths
from sandbox.scenario.schema import Section
from sandbox.tables import Column, Tables, ints, texts
from sandbox.verify.joint import Check, Folder
from sandbox.verify.problems import Problem

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
UNPAID: Final = thresholds.Line(0.005, 0.02, True, "ASSUMED: one fen in fifty not paid is past bearing")


def _part(control: Control) -> Part | None:
    if control.world.scenario.section(schema.Bills) is None:
        return None
    from sandbox.features.bills.market import bill_market

    return bill_market(control)


def _check(run: Folder) -> Iterator[Problem]:
    from sandbox.features.bills.verify import check

    return check(run)


def _section(context: Context) -> tuple[document.Section, ...]:
    from sandbox.features.bills.chapter import section

    return section(context)


def _headline(context: Context) -> str | None:
    from sandbox.features.bills.chapter import headline

    return headline(context)


def _risks(context: Context, finding: Find) -> list[document.Finding]:
    from sandbox.features.bills.chapter import risks

    return risks(context, finding)


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
        Accounts(accounts.open_accounts, accounts.endow),
        Simulated(_part, schema.Bills, moves_money=True),
        Tables(TABLES),
        Numbers(named=NAMED, less=LESS_IS_BETTER),
        Check("bill_entries", _check),
        Line(_lines),
        Chapter(_section, _headline, _risks, {"bills_unpaid": UNPAID}),
        Words(ENGLISH),
    ),
)  # fmt: skip
