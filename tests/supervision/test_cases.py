"""From alerts to freezes, worked out on paper; what binds on the rail is compared with the oracle."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.control import Process
from sandbox.core.layout import account, trait
from sandbox.engine.simulation import Simulation
from sandbox.features.supervision.alert import Alert
from sandbox.features.supervision.alert_book import AlertBook
from sandbox.features.supervision.cases import CasePipeline, TopShare, calls_for_report
from sandbox.features.supervision.schema.cases import ReportWhen
from sandbox.features.supervision.schema.detectors import Detector, Detectors
from tests.engine.handmade import BANK, MS, Played, Town

NEVER = 10**9
EVERYTHING = {"least_amount": 0, "least_payments": 1, "repeat_alerts": NEVER // 1000, "slips": 0.0}


def town(**cases: Any) -> Town:
    """Four servers everywhere, so that payments do not wait; triage takes 500 ms; a freeze follows in 300 ms."""
    settings = {
        "analysts": 2, "triage": {"shape": "fixed", "mean": 500 * MS}, "report": EVERYTHING,
        "freezes": {"after": 300 * MS, "lasts": 1_000 * MS}, **cases,
    }  # fmt: skip
    return Town(
        institutions={"bank": {**BANK, "servers": 4}},
        ledger={"servers": 4, "service": {"shape": "fixed", "mean": 10 * MS}},
        supervision={"detectors": NO_DETECTORS, "cases": settings},
    )


NO_DETECTORS: dict[str, Any] = {
    name: {"enabled": False} for name, one in Detectors() if isinstance(one, Detector)
}  # fmt: skip
"""Alerts come from the tests alone."""


class Raised:
    """Alerts of a test: at (ms), about an account, fen, payments."""

    def __init__(self, *alerts: tuple[float, int | None, int, int]) -> None:
        self.plan, self.alerts = alerts, list[Alert]()
        self.simulation: Simulation

    def __call__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        simulation.env.process(self._raise())

    def _raise(self) -> Process:
        control = self.simulation.control
        book, pipeline = control.component(AlertBook), control.component(CasePipeline)
        assert book is not None
        assert pipeline is not None
        for at_ms, who, fen, payments in self.plan:
            yield control.wait_until(round(at_ms * MS))
            alert = book.file("alert", "test", who, fen, payments=payments)
            self.alerts.append(alert)
            pipeline.take(alert)

    @property
    def summary(self) -> dict[str, Any]:
        pipeline = self.simulation.control.component(CasePipeline)
        assert pipeline is not None
        found: dict[str, Any] = pipeline.summary()["cases"]
        return found

    @property
    def states(self) -> list[tuple[str, float | None]]:
        """Status of each alert, and when it was closed (ms)."""
        return [(one.status, None if one.closed_at_us is None else one.closed_at_us / MS) for one in self.alerts]


def times(played: Played, *names: str) -> list[tuple[float, str]]:
    return [(at_ms, name) for at_ms, name, _ in played.events(*names)]


def test_a_freeze_binds_at_its_microsecond_and_so_does_the_release() -> None:
    """Three alerts at 1,000 ms and two analysts: the third is triaged from 1,500 to 2,000 ms, so its account is frozen
    from 2,300 ms on, until 3,300 ms. Each payment takes 110 ms."""
    made = town()
    payer, others = made.wallet(0, 1_000), [made.wallet(number, 500) for number in (1, 2)]
    shop = made.shop(0)
    for at_ms in (2_189.999, 2_190, 2_190.001, 3_189.999, 3_190):
        made.pay(at_ms, payer, shop, 10)
    raised = Raised((1_000, others[0], 1, 1), (1_000, others[1], 1, 1), (1_000, payer, 1, 1))
    played = made.play(prepare=raised)
    assert played.ends == [
        ("settled", 2_299.999), ("frozen", 2_300), ("frozen", 2_300.001), ("frozen", 3_299.999), ("settled", 3_300),
    ]  # fmt: skip
    frozen = [(at_ms, detail["alert_id"]) for at_ms, _, detail in played.events("frozen")]
    assert frozen == [(1_800, 0), (1_800, 1), (2_300, 2)]
    assert times(played, "released") == [(2_800, "released"), (2_800, "released"), (3_300, "released")]
    assert raised.states == [("released", 2_800), ("released", 2_800), ("released", 3_300)]
    found = raised.summary
    assert (found["wait_us_max"], found["backlog_max"], found["backlog"]) == (500 * MS, 1, 0)
    assert found["alert_to_freeze_us_mean"] == (800 + 800 + 1_300) * MS / 3
    assert found["frozen_fen"] == 500 + 500 + 990


def test_one_microsecond_later_would_be_seen() -> None:
    made = town(freezes={"after": 300 * MS + 1, "lasts": 1_000 * MS})
    payer, shop = made.wallet(0, 1_000), made.shop(0)
    made.pay(1_690, payer, shop, 10)
    assert made.play(prepare=Raised((1_000, payer, 1, 1))).outcomes == ["settled"]


def test_every_step_is_an_event_with_its_figures() -> None:
    made = town(analysts=1)
    payer = made.wallet(0, 700)
    raised = Raised((100, payer, 40, 2))
    played = made.play(prepare=raised)
    steps = [(at_ms, event) for at_ms, event, _ in _events(played)]
    assert steps == [
        (600, "report_filed"), (600, "freeze_ordered"), (900, "frozen"), (1_900, "released"),
    ]  # fmt: skip
    details = [detail for _, _, detail in _events(played)]
    assert all(detail["alert_id"] == 0 for detail in details)
    assert details[0] == {
        "alert_id": 0, "rule": "test", "amount_fen": 40, "payments": 2, "alerts": 1, "waited_us": 0,
    }  # fmt: skip
    assert (details[2]["balance_fen"], details[2]["since_alert_us"]) == (700, 800 * MS)
    book = raised.simulation.control.component(AlertBook)
    assert book is not None
    assert [(one.alert_id, one.kind, one.status, one.account) for one in book.alerts] == [
        (0, "alert", "released", payer), (1, "report", "filed", payer),
    ]  # fmt: skip


def _events(played: Played) -> list[tuple[float, str, dict[str, Any]]]:
    names = ("report_filed", "alert_dismissed", "freeze_ordered", "frozen", "released", "freeze_kept", "key_lead",
             "investigation", "freeze_needless")  # fmt: skip
    return played.events(*names)


def test_who_comes_back_stays_frozen() -> None:
    made = town(freezes={"after": 300 * MS, "lasts": 1_000 * MS, "keep_reports": 2})
    once, twice = made.wallet(0, 10), made.wallet(1, 20)
    raised = Raised((0, once, 1, 1), (0, twice, 1, 1), (100, twice, 1, 1))
    played = made.play(prepare=raised)
    assert times(played, "released", "freeze_kept") == [(1_800, "released"), (1_800, "freeze_kept")]
    assert raised.states == [("released", 1_800), ("kept", 1_800), ("reported", 1_000)]
    assert [bool(played.rail.accounts[one]["frozen"]) for one in (once, twice)] == [False, True]


def test_what_is_small_is_dismissed_and_nobody_is_frozen() -> None:
    rules = {"least_amount": 100, "least_payments": 2, "repeat_alerts": 3, "slips": 0.0}
    made = town(report=rules)
    payer, other = made.wallet(0, 10), made.wallet(1, 10)
    raised = Raised(
        (0, payer, 99, 2), (0, None, 100, 1), (1_000, other, 100, 2), (2_000, payer, 1, 1), (3_000, payer, 1, 1)
    )
    played = made.play(prepare=raised)
    # The last one is about an account that was alerted twice before.
    assert [event for _, event, _ in _events(played)] == [
        "alert_dismissed", "alert_dismissed", "report_filed", "freeze_ordered", "frozen", "alert_dismissed",
        "released", "report_filed", "freeze_ordered", "frozen", "released",
    ]  # fmt: skip
    found = raised.summary
    assert {name: found[name] for name in ("alerts", "triaged", "dismissed", "reported", "frozen")} == {
        "alerts": 5, "triaged": 5, "dismissed": 3, "reported": 2, "frozen": 2,
    }  # fmt: skip


def test_a_slip_turns_a_decision_round_and_nothing_else() -> None:
    for slips, reported in ((0.0, 1), (1.0, 0)):
        made = town(report={**EVERYTHING, "slips": slips})
        raised = Raised((0, made.wallet(0, 10), 1, 1))
        made.play(prepare=raised)
        assert raised.summary["reported"] == reported


def test_somebody_else_s_freeze_is_not_ended() -> None:
    made = town()
    payer = made.wallet(0, 10)
    made.accounts[payer, account.TRAITS] |= trait.FROZEN
    played = made.play(prepare=Raised((0, payer, 1, 1)))
    assert [event for _, event, _ in _events(played)] == ["report_filed", "freeze_ordered", "freeze_needless"]
    assert played.rail.accounts[payer]["frozen"]


def test_freezes_after_key_leads_only_are_of_the_weightiest_reports() -> None:
    freezes = {"on": "key_leads", "after": 300 * MS, "lasts": 1_000 * MS}
    made = town(freezes=freezes, key_leads=0.5, analysts=1)
    wallets = [made.wallet(number, 10) for number in range(4)]
    raised = Raised(
        *((10 * n, wallet, fen, 1) for n, (wallet, fen) in enumerate(zip(wallets, (7, 9, 3, 8), strict=True)))
    )
    played = made.play(prepare=raised)
    # Of two reports the weightier, 9 fen, at 1,000 ms; of four the weightiest left, 8 fen, at 2,000 ms.
    leads = [(at_ms, detail["alert_id"], detail["weight"]) for at_ms, _, detail in played.events("key_lead")]
    assert leads == [(1_000, 1, 9), (2_000, 3, 8)]
    assert [(at_ms, detail["alert_id"]) for at_ms, _, detail in played.events("frozen")] == [(1_300, 1), (2_300, 3)]
    assert [state for state, _ in raised.states] == ["reported", "released", "reported", "released"]


def test_the_published_funnel() -> None:
    """3.816 million reports of 2021 gave 16,196 key leads, and those 692 investigations."""
    reports, leads = TopShare(0.0042), TopShare(0.043)
    picked = [reports.come(n * 7_919 % 10_007, n) for n in range(100_000)]
    for lead in picked:
        if lead is not None:
            leads.come(lead, lead)
    assert (reports.picked, leads.picked) == (420, 18)


@given(
    amount=st.integers(0, 1_000), payments=st.integers(1, 10), alerts=st.integers(1, 5),
    more=st.tuples(st.integers(0, 500), st.integers(0, 5), st.integers(0, 5)),
)  # fmt: skip
def test_more_is_never_less_suspicious(amount: int, payments: int, alerts: int, more: tuple[int, int, int]) -> None:
    rule = ReportWhen(least_amount=500, least_payments=4, repeat_alerts=4)
    if calls_for_report(rule, amount, payments, alerts):
        assert calls_for_report(rule, amount + more[0], payments + more[1], alerts + more[2])


@given(weights=st.lists(st.integers(0, 20), max_size=60), share=st.integers(0, 100))
def test_what_is_picked_outweighs_what_is_left(weights: list[int], share: int) -> None:
    picked, left = TopShare(share / 100), list[int]()
    for number, one in enumerate(weights, start=1):
        left.append(one)
        chosen = picked.come(one, one)
        if chosen is not None:
            assert chosen == max(left)
            left.remove(chosen)
        assert picked.picked == number * share // 100
