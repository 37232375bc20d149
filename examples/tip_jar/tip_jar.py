"""A feature from outside: every so often a wallet puts a coin into a jar. It uses every kind of declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.chapter import Chapter
from reports.document import Finding, Paragraph
from reports.document import Section as ReportSection
from reports.findings import finding
from reports.sections.context import Context
from reports.source import Event
from reports.view.events import Events
from sandbox.audit.arrow import read
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.problems import Problem as Wrong
from sandbox.audit.problems import problem
from sandbox.control import Columns, Component, Control, Process, Simulated
from sandbox.core.draws import stream, under
from sandbox.core.layout import Outcome, account
from sandbox.core.ledger import Ledger
from sandbox.experiment.stress import ParticipantKind, Participants, Window, fault_duration
from sandbox.export.files import new_files
from sandbox.export.layout import Layout
from sandbox.feature import Feature
from sandbox.language import N_, Catalogue, _
from sandbox.market.accounts import Accounts
from sandbox.market.firms import fill_firms
from sandbox.metric import COUNT, FEN, HIGHER, SHARE, Metric, Metrics, Threshold
from sandbox.records import SUMMARY, Run
from sandbox.scenario.schema import LEDGER, Dated, Fault, Scenario, Section
from sandbox.scenario.schema.fields import Duration, Limit, Model, Problem, param
from sandbox.scenario.schema.fields import Money as Sum
from sandbox.tables import Column, Tables, ints
from sandbox.validation.check import Check, Published, near

JAR = "tip_jar"


class TipJar(Model):
    """A jar for tips."""

    coin: Sum = param(100, doc="What goes into it at a time.", ge=1)
    every: Duration = param(600_000_000, doc="How often.", ge=1_000_000)
    most: Limit = param(None, doc="Most that a wallet may hold: who has more can tip more.", role="lever")
    starts: Duration = param(0, doc="When it is put up.", role="design")


def problems(scenario: Scenario, jar: TipJar) -> Iterator[Problem]:
    """A jar without people."""
    if scenario.population.wallets < 10:
        few = {"count": scenario.population.wallets}
        yield Problem(("tip_jar", "coin"), "of {count} people nobody tips", ("tip_jar", "population"), **few)


def dated(jar: TipJar) -> Iterator[Dated]:
    """When it is put up."""
    yield Dated(("tip_jar",), "starts", jar.starts)


def open_accounts(ledger: Ledger, scenario: Scenario, jar: TipJar) -> None:
    """The jar."""
    ledger.open(JAR, 1, lambda _: "tip jar")


def endow(ledger: Ledger, scenario: Scenario, jar: TipJar, seed: int) -> None:
    """It is empty at first."""
    fill_firms(ledger, scenario, ledger.block(JAR), [0], [0])


class Tips(Component):
    """Wallets take turns."""

    def __init__(self, control: Control, jar: TipJar) -> None:
        self._control, self._jar = control, jar
        self.rows: list[tuple[int, int, int]] = []

    def start(self) -> None:
        """Put the jar up."""
        self._control.env.process(self._tips())

    def _tips(self) -> Process:
        control, world = self._control, self._control.world
        account, people = world.ledger.block(JAR).first, world.blocks["personal"]
        key = stream(world.seed, "tips")
        yield control.wait_until(self._jar.starts)
        control.record("institution", "put_up", JAR, coin_fen=self._jar.coin)
        for number in range((world.scenario.duration - self._jar.starts) // self._jar.every):
            payer = people.first + number % people.count
            paid = yield control.pay(payer, account, self._jar.coin, key=under(key, number))
            if paid.outcome == Outcome.SETTLED:
                self.rows.append((paid.payment_id, payer, self._jar.coin))
            yield control.env.timeout(self._jar.every)

    def tables(self) -> Mapping[str, Columns]:
        """`tips`."""
        names = ("payment_id", "payer", "amount_fen")
        return {"tips": {name: [row[at] for row in self.rows] for at, name in enumerate(names)}}

    def summary(self) -> Mapping[str, Any]:
        """`tip_jar` and `risk.tip_jar`."""
        held = int(self._control.accounts[self._control.ledger.block(JAR).first, account.BALANCE])
        return {"tip_jar": {"tips": len(self.rows), "held_fen": held}, "risk": {"tip_jar": {"missed_share": 0.0}}}


def audit(run: Folder) -> Iterator[Wrong]:
    """The jar holds what the table says went into it."""
    if run.summary is None or "tip_jar" not in run.summary or not (Path(run.path) / "tips.parquet").is_file():
        return
    found = sum(read(run.path, "tips", ["amount_fen"])["amount_fen"].to_pylist())
    said = run.summary["tip_jar"].get("held_fen")
    if said != found:
        yield problem(SUMMARY, "", "tip_jar.held_fen is not the {found} fen of its table", found=found)


def section(context: Context) -> tuple[ReportSection, ...]:
    """A chapter of two sentences, one of them out of the table."""
    words = headline(context)
    if words is None:
        return ()
    payers = set(context.run.table("tips", ("payer",))["payer"].tolist())
    blocks = (Paragraph(words), Paragraph(_("They came from {payers} wallets.", payers=len(payers))))
    return (ReportSection("tip-jar", _("Tips"), blocks),)


def headline(context: Context) -> str | None:
    """The first of them."""
    tips = context.section("tip_jar").whole("tips")
    return None if tips is None else _("{tips} tips went into the jar.", tips=tips)


def put_up(event: Event) -> str:
    """What one is asked for."""
    return _("{coin} yuan at a time", coin=event.detail["coin_fen"] // 100)


def risks(context: Context) -> list[Finding]:
    """Nobody tips."""
    at_risk = context.section("risk.tip_jar")
    return finding(at_risk, "missed_share", "Tips missed", "{value} of tips were missed.")


def export(run: Run, folder: Path, force: bool) -> list[Path]:
    """A line a tip."""
    with new_files(folder, ("tips.csv",), force) as (file,):
        file.writelines(f"{one}\n".encode() for one in read(run.path, "tips", ["amount_fen"])["amount_fen"].to_pylist())
    return [folder / "tips.csv"]


def empty(scenario: Scenario, name: str, window: Window) -> Fault:
    """Nobody can tip when the ledger is out of order."""
    return Fault(station=LEDGER, starts=window.starts_us, lasts=fault_duration(scenario, window))


def published(seed: int) -> Iterator[Check]:
    """What the jar's makers say."""
    yield near("tip_jar.a_day", 144, "ASSUMED", 0.05, 86_400_000_000 / TipJar().every)


METRICS = Metrics(
    (
        Metric("tip_jar.tips", COUNT, "number of tips"),
        Metric("tip_jar.held_fen", FEN, "money in the jar", HIGHER),
        Metric(
            "risk.tip_jar.missed_share",
            SHARE,
            "share of tips missed",
            threshold=Threshold(0.1, 0.5, "above", "ASSUMED"),
        ),
    )
)
FEATURE = Feature(
    "tip_jar",
    (
        Section("tip_jar", TipJar, "A jar for tips.", problems=problems, dated=dated),
        Accounts(open_accounts, endow, most_held=lambda jar: jar.most),
        Simulated(Tips, moves_money=True),
        Tables({"tips": (*ints("payment_id", "payer"), Column("amount_fen", "int64"))}),
        METRICS,
        Audit("tips", audit),
        Layout("tips", f"{__name__}:export", "a line a tip"),
        Participants({"jar": ParticipantKind(lambda scenario: ["the jar"], "faults", empty)}),
        Published({"tips": f"{__name__}:published"}, {"tips": N_("Tips in a jar"), "tip_jar.a_day": N_("tips a day")}),
        Chapter(
            section, headline, {"tip_jar": risks}, titles={"tip_jar": N_("The jar")}, answers=("tip_jar.held_fen",)
        ),
        Events({"put_up": put_up}, frozenset({"put_up"})),
        Catalogue("tip_jar", Path(__file__).parent / "locale"),
    ),
)
