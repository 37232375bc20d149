"""The scenario schema: the one description of what an analyst may write, its units, bounds, defaults and sources."""

from sandbox.scenario.schema.assembly import scenario_from, scenario_model, used
from sandbox.scenario.schema.demand import Behaviour, Campaign, Demand, Festival, Profile, Segment, Ticket, Trace
from sandbox.scenario.schema.rules import Box, BoxChange, ClassLimits, Interest, RuleChange, Rules, WalletLimits
from sandbox.scenario.schema.scenario import LEDGER, Fault, Scenario, Series
from sandbox.scenario.schema.world import (
    CentralBank,
    Institution,
    LedgerStation,
    Liquidity,
    Merchants,
    OpeningBalance,
    Population,
    ServiceTime,
)
from sandbox.scenario.section import Dated, Section, Within

__all__ = [
    "LEDGER",
    "Behaviour",
    "Box",
    "BoxChange",
    "Campaign",
    "CentralBank",
    "ClassLimits",
    "Dated",
    "Demand",
    "Fault",
    "Festival",
    "Institution",
    "Interest",
    "LedgerStation",
    "Liquidity",
    "Merchants",
    "OpeningBalance",
    "Population",
    "Profile",
    "RuleChange",
    "Rules",
    "Scenario",
    "Section",
    "Segment",
    "Series",
    "ServiceTime",
    "Ticket",
    "Trace",
    "WalletLimits",
    "Within",
    "scenario_from",
    "scenario_model",
    "used",
]  # fmt: skip
