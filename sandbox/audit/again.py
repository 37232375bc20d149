"""What a run starts from, built again from `scenario.yaml`: accounts, wallets, who banks where, what merchants sell.

Payments are counted again as a run counts them, so that the summary's own definitions give its numbers a second time.
A payment trace lies outside the folder: what people do by it is taken from the payments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from sandbox.audit.arrow import Flags, numbers, read, texts
from sandbox.audit.counts import differ
from sandbox.audit.money import LEDGER, WALLETS, Accounts
from sandbox.audit.payments import PAYMENTS, Window
from sandbox.audit.problems import Problem, in_row, wrong_figure
from sandbox.audit.series import SERIES
from sandbox.core.draws import Int64Array
from sandbox.core.layout import account, ended, trait
from sandbox.core.ledger import Block
from sandbox.engine.tally import SOURCES, Tally, add, new_tally
from sandbox.language import N_, _
from sandbox.market.sources import BatchSource, OrderSource
from sandbox.metrics.risk import concentration, lost_shares, turned_away, worst_bins
from sandbox.metrics.summary import about, box_payments, campaign_payments, refusals, segments, throughput
from sandbox.records import SCENARIO, SUMMARY
from sandbox.scenario.schema import LEDGER as LEDGER_STATION
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.tables import table_file
from sandbox.world import World, build
from wallets.classes import CLASS_NAMES

COUNTED: Final = ("arrivals", "served", "refused", "withdrawn")
"""Columns of stations whose sums the summary has."""
NUMBERED: Final = 1_000
"""In blocks of so many accounts and more, owners are one word and a number."""


def scenario_of(plain: Mapping[str, Any]) -> Scenario:
    """The scenario of a run folder, without its trace.

    Raises:
        ValueError: this version does not know it.
    """
    demand = plain.get("demand")
    if plain.get("extends") is not None:
        raise ValueError(_("it extends another file, which no run's own does"))
    without = {"demand": {**demand, "trace": None}} if isinstance(demand, dict) else {}
    try:
        return scenario_from({**plain, **without})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
            raise ValueError(_("its section `{name}` belongs to no feature that is installed", name=where)) from None
        raise ValueError(f"{where}: {first['msg']}") from None


class Again:
    """The world of a run before its first payment, and its payments counted again."""

    def __init__(self, world: World, words: Mapping[str, list[str]]) -> None:
        self.world = world
        self._meta = np.ascontiguousarray(world.ledger.accounts[:, account.TRAITS])
        self._institutions = (self._meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        self._categories = (self._meta >> trait.CATEGORY_SHIFT) & trait.CATEGORY_MASK
        self._first = (self._meta >> trait.FIRST_CLASS_SHIFT) & trait.CLASS_MASK
        self._stay: Flags = np.zeros(self._meta.size, dtype=np.bool_)
        """Accounts of which the class is known all the time."""
        self._kinds = _kinds_of_sources(world, words)
        institutions, merchants = len(world.institution_names), world.blocks["merchant"].count
        self.tally: Tally = new_tally(institutions, len(world.campaigns), merchants)
        self.countable = words["source"] == [source.name for source in world.sources]
        """Whether a payment's source is told by its name."""

    def know_classes(self, folder: Path) -> Iterator[Problem]:
        """Of a wallet that ended in the class in which it began, the class is known."""
        table = read(folder, "wallets", ["account", "class", "class_at_start"])
        accounts, last, first = numbers(table, "account"), texts(table, "class"), texts(table, "class_at_start")
        inside = (accounts >= 0) & (accounts < self._stay.size)
        same = np.array(last.names)[last.codes] == np.array(first.names)[first.codes]
        self._stay[accounts[inside]] = same[inside]
        yield from ()

    def take(self, window: Window, count: int) -> tuple[int, str] | None:
        """Count the first `count` payments of a window; the first row that does not fit the accounts, and why."""
        out, codes = window.out[:, :count], {name: found[:count] for name, found in window.codes.items()}
        payers, payees = out[ended.PAYER], out[ended.PAYEE]
        if self.countable:
            add(self.tally, out, 0, count, self.world.blocks["merchant"].first)
        kinds, banks = self._kinds[codes["source"]], self._institutions
        wrong = (
            (banks[payers] != codes["payer_institution"], _("payer_institution is not where its payer banks")),
            (banks[payees] != codes["payee_institution"], _("payee_institution is not where its payee banks")),
            (self._categories[payees] != codes["category"], _("category is not that of its payee")),
            ((kinds >= 0) & (kinds != codes["kind"]), _("kind is not that of its source")),
            (self._stay[payers] & (self._first[payers] != codes["payer_class"]), _("payer_class is not its payer's")),
        )
        faults = [(int(np.argmax(rows)), reason) for rows, reason in wrong if rows.any()]
        return min(faults, default=None)


def build_again(scenario: Scenario, accounts: Accounts, words: Mapping[str, list[str]]) -> Again:
    """The world of a scenario.

    Raises:
        ValueError: it is not the world of this ledger.
    """
    people, shops = scenario.population, scenario.merchants
    count = (people.wallets + people.corporates + shops.count) * scenario.scale
    # Before it is built: whatever a stranger's scenario asks for, the ledger has to hold already.
    if count > len(accounts) + 6:
        message = N_("it has {count} wallets and merchants, the ledger {accounts} accounts")
        raise ValueError(_(message, count=f"{count:,.0f}", accounts=f"{len(accounts):,}"))
    world = build(scenario, scenario.seed)
    if len(world.ledger.accounts) != len(accounts):
        message = N_("it has {accounts} accounts, the ledger {accounts_2}")
        raise ValueError(_(message, accounts=f"{len(world.ledger.accounts):,}", accounts_2=f"{len(accounts):,}"))
    if words["institution"] != world.institution_names:
        raise ValueError(_("its institutions are not those of the journal"))
    return Again(world, words)


def _kinds_of_sources(world: World, words: Mapping[str, list[str]]) -> Int64Array:
    """By a source's code the code of its payments' kind; -1 where they have several."""
    found = np.full(SOURCES, -1, dtype=np.int64)
    for source in world.sources:
        if isinstance(source, BatchSource | OrderSource):
            continue  # features and processes say of each payment what it is
        same = {one.kind for one in world.sources if one.name == source.name}
        if source.name in words["source"] and len(same) == 1 and source.kind in words["kind"]:
            found[words["source"].index(source.name)] = words["kind"].index(source.kind)
    return found


# --- tables of accounts -----------------------------------------------------------------------------------------------


def check_openings(again: Again, folder: Path) -> Iterator[Problem]:
    """Accounts and wallets as the scenario has them at the start."""
    ledger, world = again.world.ledger, again.world
    table = read(folder, "ledger", ["owner", "kind", "currency", "opening_fen"])
    opening = numbers(table, "opening_fen")
    for row in np.flatnonzero(opening != ledger.accounts[:, account.BALANCE])[:1].tolist():
        yield _other(LEDGER, row, "opening_fen", int(opening[row]), int(ledger.accounts[row, account.BALANCE]))
    for block in ledger.blocks:
        for name, wanted in (("kind", block.kind), ("currency", block.currency), ("owner", _owners(block))):
            column = table.column(name).slice(block.first, block.count)
            said = column.combine_chunks() if name == "owner" else column.cast(pa.string()).combine_chunks()
            same = pc.equal(said, wanted)
            if block.count and not pc.all(pc.fill_null(same, False)).as_py():
                row = pc.index(pc.fill_null(same, False), False).as_py()
                expected = wanted if isinstance(wanted, str) else wanted[row].as_py()
                yield _other(LEDGER, block.first + row, name, said[row].as_py(), expected)
    columns = ["account", "class_at_start", "institution", "can_top_up"]
    wallets = read(folder, "wallets", columns)
    rows = numbers(wallets, "account")
    if not np.array_equal(rows, np.r_[world.blocks["personal"].rows, world.blocks["corporate"].rows]):
        return
    meta = ledger.accounts[rows, account.TRAITS]
    first, inside = (
        (meta >> trait.FIRST_CLASS_SHIFT) & trait.CLASS_MASK,
        (meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK,
    )
    for name, codes, names in (
        ("class_at_start", first, list(CLASS_NAMES)), ("institution", inside, world.institution_names)
    ):  # fmt: skip
        said = texts(wallets, name)
        words, known = np.array(said.names, dtype=object)[said.codes], np.array(names, dtype=object)[codes]
        for row in np.flatnonzero(words != known)[:1].tolist():
            yield _other(WALLETS, row, name, words[row], known[row])
    top_ups, could = wallets.column("can_top_up").to_numpy(), meta & trait.CAN_TOP_UP != 0
    for row in np.flatnonzero(could & ~top_ups)[:1].tolist():
        yield _other(WALLETS, row, "can_top_up", False, True)


def _owners(block: Block) -> str | pa.Array:
    """Names of a block's owners."""
    last = str(block.count - 1)
    if block.count < NUMBERED or block.name(0)[:-1] + last != block.name(block.count - 1):
        return pa.array([block.name(number) for number in range(block.count)], pa.string())
    digits = pa.array(np.arange(block.count)).cast(pa.string())
    return pc.binary_join_element_wise(block.name(0)[:-1], digits, "")


def _other(file: str, row: int, name: str, said: object, found: object) -> Problem:
    return wrong_figure(file, in_row(row), name, said, SCENARIO, found)


# --- summary ----------------------------------------------------------------------------------------------------------


def check_summary(
    folder: Path, scenario: Scenario, name: object, summary: dict[str, Any], tallied: Again | None, accounts: Accounts
) -> Iterator[Problem]:
    """The summary's numbers by their own definitions; those of payments only if all were counted."""
    yield from check_world(scenario, name, summary)
    yield from check_series_risk(folder, scenario, summary)
    yield from check_stations(folder, scenario, accounts, summary)
    if tallied is not None:
        yield from check_tally(tallied, accounts, summary)


def check_world(scenario: Scenario, name: object, summary: dict[str, Any]) -> Iterator[Problem]:
    """What the summary says that the run is of."""
    section = about(scenario, str(name), scenario.seed)
    said = summary.get("scenario")
    for each in (said.keys() if isinstance(said, dict) else set()) - section.keys():
        yield wrong_figure(SUMMARY, "", f"scenario.{each}", "there", SCENARIO, "none")
    yield from differ(summary, SCENARIO, {"scenario": section})
    risk = {"operational": {"faults": len(scenario.faults)}}
    yield from differ(summary, SCENARIO, {"risk": risk})


def check_series_risk(folder: Path, scenario: Scenario, summary: dict[str, Any]) -> Iterator[Problem]:
    """The worst bin of the series."""
    names = ["at_us", "ended", "unavailable", "timed_out"]
    table = read(folder, "series", names)
    series = {name: numbers(table, name) for name in names}
    if series["at_us"].size:
        found = worst_bins(series, scenario.series.bin)
        yield from differ(summary, SERIES, {"risk": {"operational": found}})


def check_stations(
    folder: Path, scenario: Scenario, accounts: Accounts, summary: dict[str, Any]
) -> Iterator[Problem]:  # fmt: skip
    """Stations' sums and peaks over all bins, what institutions held at both ends, and what operators ordered."""
    table = read(folder, "stations", ["station", *COUNTED, "queue_max"])
    of, columns = texts(table, "station"), {name: numbers(table, name) for name in (*COUNTED, "queue_max")}
    found = []
    for name in (*scenario.institutions, LEDGER_STATION):
        mine = of.among(name)
        row: dict[str, Any] = {each: int(columns[each][mine].sum()) for each in COUNTED}
        found.append({"station": name, **row, "queue_max": int(columns["queue_max"][mine].max(initial=0))})
    yield from differ(summary, table_file("stations"), {"stations": found})
    held: list[dict[str, Any]] = [
        {
            "institution": name,
            "opening_fen": int(accounts.opening[accounts.institutions[name]]),
            "closing_fen": int(accounts.closing[accounts.institutions[name]]),
            "target_fen": one.liquidity.target,
        }
        for name, one in scenario.institutions.items()
        if one.kind == "operator" and name in accounts.institutions
    ]
    orders = texts(read(folder, "events", ["event"]), "event").among("liquidity_order")
    liquidity = {"by_institution": held, "orders": int(np.count_nonzero(orders))}
    yield from differ(summary, LEDGER, {"risk": {"liquidity": liquidity}})


def check_tally(again: Again, accounts: Accounts, summary: dict[str, Any]) -> Iterator[Problem]:
    """Every number of the summary that follows from payments alone, all of them being recorded."""
    if not again.countable:
        return
    world, tally = again.world, again.tally
    merchants = accounts.credits[world.blocks["merchant"].rows]
    found: dict[str, Any] = {
        "throughput": throughput(tally, world.scenario.duration),
        "refusals": refusals(tally),
        "segments": segments(tally, [(source.name, source.kind) for source in world.sources]),
        "risk": {
            "operational": lost_shares(tally),
            "concentration": concentration(tally, merchants, world.institution_names),
            "consumer": turned_away(tally),
        },
        "stations": [
            {"station": name, "settled_fen_out": int(out), "settled_fen_in": int(into)}
            for name, (out, into) in zip(world.institution_names, tally.institutions, strict=True)
        ],
    }
    found["stations"].append({"station": world.station_names[-1]})
    if world.scenario.rules.box.enabled:
        found["box"] = box_payments(tally)
    if world.campaigns:
        plans = world.campaigns
        found["campaigns"] = {plan.name: campaign_payments(plan, tally, len(plans)) for plan in plans}
    yield from differ(summary, PAYMENTS, found)
