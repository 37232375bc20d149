"""The world of one run, built from a scenario and a seed: ledger, stations, rules and sources of demand.

`build` makes everything and changes nothing afterwards; SimPy's processes and the rail do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sandbox.core.draws import Int64Array, exponential_table, fixed_table, lognormal_table
from sandbox.core.layout import INFINITE, account, limit, rule, scalar, station
from sandbox.core.ledger import Block, Ledger
from sandbox.market.accounts import Accounts
from sandbox.market.campaigns import CampaignPlan, plan
from sandbox.market.choice import alias_table
from sandbox.market.population import (
    Numbers,
    cohorts_of,
    fill_corporates,
    fill_merchants,
    fill_personal,
    issue_openings,
    payers_accepted,
    popularity,
)  # fmt: skip
from sandbox.market.sources import BatchSource, OrderSource, SegmentSource, Source
from sandbox.market.trace_source import check_trace, trace_source
from sandbox.scenario.schema import LEDGER, Scenario, ServiceTime, WalletLimits, used
from wallets.classes import CLASS_NAMES

OUTSIDE_CODES = {"allow": 0, "refuse_crossing": 1, "refuse_all": 2}


@dataclass
class World:
    """Everything a run starts from."""

    scenario: Scenario
    seed: int
    ledger: Ledger
    rules: Int64Array
    box_spent: Int64Array
    scalars: Int64Array
    stations: Int64Array
    station_names: list[str]
    tables: Int64Array
    sources: list[Source]
    campaigns: list[CampaignPlan]
    institution_names: list[str]
    operators: list[int]
    """Numbers of the institutions that hold e-CNY of their own."""
    holdings: list[int]
    """Account of each institution."""
    targets: Int64Array
    """Liquidity target by institution."""
    blocks: dict[str, Block]
    """personal, corporate, merchant."""
    treasuries: Block | None
    labels: list[str] = field(default_factory=list)
    """Ground truth: label k of a payment's tag is the k-th, from 1."""
    trace_quality: dict[str, object] | None = None
    cohorts: dict[str, int] = field(default_factory=dict)
    """Number of each cohort of people, from 1."""
    cohort_of: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    """Cohort of each personal wallet, 0: none; empty without cohorts."""

    @property
    def orders(self) -> int:
        """Number of the source whose births processes submit: always the last."""
        return len(self.sources) - 1


def limit_rows(limits: WalletLimits) -> Int64Array:
    """Four limits for each of the five class codes, in fen, one after the other; no limit is INFINITE."""
    rows = np.full((len(CLASS_NAMES), 4), INFINITE, dtype=np.int64)
    for code, name in enumerate(CLASS_NAMES):
        one = limits.classes.get(name)  # type: ignore[call-overload]
        if one is not None:
            columns = [limit.BALANCE, limit.SINGLE, limit.DAILY, limit.ANNUAL]
            rows[code, columns] = [or_infinite(value) for value in (one.balance, one.single, one.daily, one.annual)]
    return rows.reshape(-1)


def limits_in_force(scenario: Scenario, limits: WalletLimits) -> Int64Array:
    """These limits as the rail obeys them: the most that a feature lets a wallet hold bounds every class's."""
    rows = limit_rows(limits)
    caps = rows.reshape(-1, 4)[1:, limit.BALANCE]
    for accounts, mine in used(scenario, Accounts):
        np.minimum(caps, or_infinite(accounts.most_held(mine)), out=caps)
    return rows


def or_infinite(value: int | None) -> int:
    """A limit, or INFINITE for none."""
    return INFINITE if value is None else value


def service_table(service: ServiceTime) -> Int64Array:
    """Quantiles of a service time (us)."""
    if service.shape == "exponential":
        return exponential_table(service.mean)
    if service.shape == "lognormal" and service.sigma > 0:
        return lognormal_table(service.mean / float(np.exp(service.sigma**2 / 2)), service.sigma)
    return fixed_table(service.mean)


def _rules(scenario: Scenario) -> Int64Array:
    rules, behaviour = np.zeros(rule.COUNT, dtype=np.int64), scenario.behaviour
    box = scenario.rules.box
    rules[rule.BOX_ON] = int(box.enabled and box.starts == 0)
    rules[rule.OUTSIDE] = OUTSIDE_CODES[box.outside]
    rules[rule.PER_PAYMENT_CAP] = or_infinite(box.per_payment_cap)
    rules[rule.PARTICIPANT_CAP] = or_infinite(box.participant_cap)
    rules[rule.EXPOSURE_CAP] = or_infinite(box.total_exposure_cap)
    rules[rule.CLIENT_CAP] = INFINITE
    rules[rule.CONTAINED] = int(box.enabled and box.containment)
    rules[rule.LIMITS :] = limits_in_force(scenario, scenario.rules.wallet_limits)
    rules[rule.WATERFALL] = int(scenario.rules.waterfall)
    rules[rule.KYC_DELAY] = scenario.rules.kyc_delay
    rules[rule.PATIENCE] = or_infinite(behaviour.patience)
    rules[rule.MAX_ATTEMPTS] = behaviour.max_attempts
    rules[rule.BACKOFF] = behaviour.backoff
    rules[rule.MAX_CHECKS] = behaviour.status_checks.max
    rules[rule.CHECK_INTERVAL] = behaviour.status_checks.interval
    rules[rule.TOP_UP_STEP] = behaviour.top_up_step
    caps = [box.participant_cap, *(change.box.participant_cap for change in scenario.rules.changes if change.box)]
    if box.plan is not None:
        caps += [stage.per_participant for stage in box.plan.stages.values()]
    rules[rule.CHECKS_PARTICIPANTS] = int(box.enabled and any(cap is not None for cap in caps))
    return rules


def _stations(scenario: Scenario) -> tuple[Int64Array, Int64Array, list[str]]:
    """Stations (institutions in order, the ledger last), their service tables (equal ones shared) and names."""
    parts = [(name, one.servers, one.service) for name, one in scenario.institutions.items()]
    parts.append((LEDGER, scenario.ledger.servers, scenario.ledger.service))
    stations = np.zeros((len(parts), station.COLUMNS), dtype=np.int64)
    tables: list[Int64Array] = []
    known: dict[ServiceTime, int] = {}
    for number, (_, servers, service) in enumerate(parts):
        if service not in known:
            known[service] = len(tables)
            tables.append(service_table(service))
        row = stations[number]
        row[station.SERVERS] = row[station.CAPACITY] = servers
        row[station.IS_OPEN], row[station.PACE], row[station.SERVICE_TABLE] = 1, 1000, known[service]
        row[station.QUEUE_HEAD] = row[station.QUEUE_TAIL] = -1
    return stations, np.stack(tables), [name for name, _, _ in parts]


def _scaled(count: int, scale: float, least: int) -> int:
    return max(least, round(count * scale)) if count else 0


def _open_accounts(scenario: Scenario) -> tuple[Ledger, dict[str, Block]]:
    """All accounts, in this order: central bank, wallets, merchants, institutions, treasuries and escrows of campaigns,
    those of features.

    People come first, so that one more institution or campaign does not renumber them.
    """
    ledger, names, campaigns = Ledger(), list(scenario.institutions), list(scenario.campaigns)
    ledger.open(Ledger.ISSUER, 1, lambda _: "central bank")
    people, shops = scenario.population, scenario.merchants
    blocks = {
        "personal": ledger.open("wallet", _scaled(people.wallets, scenario.scale, 2), lambda n: f"wallet {n}"),
        "corporate": ledger.open(
            "corporate", _scaled(people.corporates, scenario.scale, 2), lambda n: f"corporate {n}"
        ),
        "merchant": ledger.open("merchant", _scaled(shops.count, scenario.scale, 1), lambda n: f"merchant {n}"),
    }
    ledger.open("institution", len(names), lambda n: names[n])
    ledger.open("treasury", len(campaigns), lambda n: f"issuer of {campaigns[n]}")
    ledger.open("escrow", len(campaigns), lambda n: f"red packets of {campaigns[n]}")
    for accounts, mine in used(scenario, Accounts):
        accounts.open(ledger, scenario, mine)
    ledger.seal()
    return ledger, blocks


def _bank(scenario: Scenario, ledger: Ledger, stations: Int64Array) -> None:
    """Who stands behind whom, who funds top-ups, liquidity triggers; institutions' opening balances."""
    names = list(scenario.institutions)
    first = ledger.block("institution").first
    for number, one in enumerate(scenario.institutions.values()):
        row = stations[number]
        operator = names.index(one.via) if one.kind == "indirect" and one.via is not None else None
        funder = number if operator is None else operator
        row[station.VIA] = -1 if operator is None else operator
        row[station.FUNDING_STATION], row[station.FUNDING_ACCOUNT] = funder, first + funder
        if operator is None:
            ledger.accounts[first + number, account.BALANCE] = one.liquidity.opening
            row[station.LIQUIDITY_FLOOR], row[station.FLOOR_ARMED] = one.liquidity.floor, 1


def _campaigns(scenario: Scenario, seed: int, ledger: Ledger, blocks: dict[str, Block]) -> list[CampaignPlan]:
    """Draw the campaigns' winners and give their treasuries what they will need."""
    count, people, shops = len(scenario.campaigns), blocks["personal"], blocks["merchant"]
    taken = np.zeros(people.count, dtype=np.int64)
    campaigns = [
        plan(number, name, scenario, seed, ledger, people, shops, taken, (number, count + number))
        for number, name in enumerate(scenario.campaigns)
    ]
    treasury = ledger.block("treasury")
    for each in campaigns:
        ledger.accounts[treasury.first + each.number, account.BALANCE] = each.campaign.packet * each.campaign.winners
    return campaigns


def check_demand(scenario: Scenario, base_dir: Path) -> None:
    """Raises ScenarioErrors for a payment trace that cannot be used; no world is built."""
    if scenario.demand.trace is not None:
        check_trace(scenario, base_dir, _open_accounts(scenario)[1])


def build(scenario: Scenario, seed: int, base_dir: Path | None = None) -> World:
    """Build the world; raises ScenarioErrors for a payment trace that cannot be used."""
    ledger, blocks = _open_accounts(scenario)
    stations, tables, station_names = _stations(scenario)
    _bank(scenario, ledger, stations)
    rules = _rules(scenario)
    cohort_of, accepted = cohorts_of(scenario, blocks["personal"], seed), payers_accepted(scenario)
    limits = limit_rows(scenario.rules.wallet_limits).reshape(-1, 4)
    fill_personal(ledger, blocks["personal"], scenario, seed, limits, cohort_of)
    fill_corporates(ledger, blocks["corporate"], scenario, seed)
    fill_merchants(ledger, blocks["merchant"], scenario, seed)
    campaigns = _campaigns(scenario, seed, ledger, blocks)
    sources: list[Source] = [*(each.claims for each in campaigns), *(each.payments for each in campaigns)]
    alias = alias_table(popularity(scenario, blocks["merchant"].count))
    accounts = ledger.accounts
    box_spent = np.zeros(len(accounts) if rules[rule.CHECKS_PARTICIPANTS] else 1, dtype=np.int64)
    for name, segment in scenario.demand.segments.items():
        sources.append(
            SegmentSource(
                name, len(sources), segment, scenario, seed, blocks, accounts, alias, accepted, cohort_of
            )
        )  # fmt: skip
    quality = None
    if scenario.demand.trace is not None:
        source, quality = trace_source(len(sources), scenario, seed, base_dir or Path(), blocks, accounts)
        sources.append(source)
    for more, mine in used(scenario, Accounts):
        sources += [BatchSource(name, "transfer") for name in more.sources]
        more.endow(ledger, scenario, mine, seed)
    sources.append(OrderSource())
    issue_openings(ledger)
    scalars = np.zeros(scalar.COUNT, dtype=np.int64)
    scalars[scalar.FIRST_ESCROW] = ledger.block("escrow").first
    scalars[scalar.DURATION] = scenario.duration
    institutions = ledger.block("institution")
    return World(
        scenario, seed, ledger, rules,
        box_spent=box_spent,
        scalars=scalars,
        stations=stations,
        station_names=station_names,
        tables=tables,
        sources=sources,
        campaigns=campaigns,
        institution_names=list(scenario.institutions),
        operators=[number for number, one in enumerate(scenario.institutions.values()) if one.kind == "operator"],
        holdings=list(range(institutions.first, institutions.end)),
        targets=np.array([one.liquidity.target for one in scenario.institutions.values()], dtype=np.int64),
        blocks=blocks,
        treasuries=ledger.block("treasury") if campaigns else None,
        labels=[label for accounts, _ in used(scenario, Accounts) for label in accounts.labels],
        trace_quality=quality,
        cohorts={name: number + 1 for number, name in enumerate(scenario.population.cohorts)},
        cohort_of=cohort_of,
    )  # fmt: skip
