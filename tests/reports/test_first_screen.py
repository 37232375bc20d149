"""The first screen: the question, then what the run is about, then what is true of every run."""

from __future__ import annotations

import sandbox
from reports.document import Lead, Paragraph, Table
from reports.formats import share
from reports.sections.build import build
from reports.source import read

FAULT = [
    {"station": "ICBC", "kind": "outage", "starts": "1 h", "lasts": "20 min"},
    {"station": "ICBC", "kind": "slow_down", "factor": 2, "starts": "80 min", "lasts": "10 min"},
]
CHANGE = [{"at": "90 min", "wallet_limits": {"preset": "ccb_pilot_2020"}}]
RULES = ("outside_box", "box_cap", "single_limit", "daily_limit", "annual_limit", "balance_cap")


def _document(scenario, tmp_path, **sections):
    run = sandbox.run(scenario, out=tmp_path / "run", set=sections)
    return run, build(read(run.path))


def _sentences(document):
    return [block.text for block in document.summary if isinstance(block, Lead | Paragraph)]


def _share(part):
    return share(float(part.mean()))


def test_the_question_stands_above_everything(rendered):
    page = rendered("full").html.read_text(encoding="utf-8").replace("\u00a0", " ")
    question = "Do 50,000 red packets of 200 yuan get spent, where, and what comes back?"
    assert page.index(question) < page.index("payments offered")
    assert page.count(question) == 1
    assert rendered("full").markdown.read_text(encoding="utf-8").count(question) == 1


def test_what_a_campaign_did_comes_before_how_payments_cleared(rendered):
    sentences = _sentences(build(read(rendered("full").html.parent)))
    campaign = next(place for place, text in enumerate(sentences) if text.startswith("Campaign luohu: 47,573 of"))
    assert campaign < next(place for place, text in enumerate(sentences) if text.startswith("Of "))


def test_a_fault_is_answered_by_what_settled_in_and_out_of_it(small_town, tmp_path):
    run, document = _document(small_town, tmp_path, faults=FAULT)
    minutes = run.payments["completed_at_us"].fillna(run.payments["submitted_at_us"]) / 60e6
    inside, settled = (minutes >= 60) & (minutes < 90), run.payments["outcome"] == "settled"
    said = _sentences(document)[0]
    assert said.startswith("While ICBC was disturbed (30 min in all), ")
    assert f"{_share(settled[inside])} of all payments settled" in said
    assert said.endswith(f"in the rest of the time {_share(settled[~inside])}.")


def test_a_change_of_rules_is_answered_by_what_rules_refused_before_and_after(small_town, tmp_path):
    run, document = _document(small_town, tmp_path, **{"rules.changes": CHANGE})
    ended = run.payments["completed_at_us"].fillna(run.payments["submitted_at_us"]) / 60e6
    refused, after = run.payments["outcome"].isin(RULES), ended >= 90
    said = _sentences(document)[0]
    assert said.startswith(f"Refused by a rule: {_share(refused[~after])} of the payments before ")
    assert f", {_share(refused[after])} from " in said


def test_a_run_without_any_of_it_says_how_payments_cleared(small_town, tmp_path):
    _, document = _document(small_town, tmp_path)
    assert _sentences(document)[0].startswith("Of ")


def test_whose_payments_a_fault_lost_is_counted_from_the_payments(small_town, tmp_path):
    run, document = _document(small_town, tmp_path, faults=FAULT[:1])
    tables = [one for section in document.sections for one in section.blocks if isinstance(one, Table)]
    rows = {row[0]: row[1:] for one in tables if one.title.startswith("Payments lost to") for row in one.rows}
    payments, missing = run.payments, run.payments["outcome"].isin(["unavailable", "timed_out"])
    for side, columns in (("payer", slice(0, 2)), ("payee", slice(3, 5))):
        of_operator = payments[f"{side}_institution"].astype(str)
        for name, row in rows.items():
            counts = (of_operator == name).sum(), ((of_operator == name) & missing).sum()
            assert row[columns] == tuple(f"{count:,}" for count in counts)
        assert set(of_operator) <= set(rows)
    sentences = [one.text for section in document.sections for one in section.blocks if isinstance(one, Paragraph)]
    said = next(text for text in sentences if text.startswith("A closed station"))
    assert _sentences(document)[1] == said
    assert "far more than others: ICBC. They lost" in said
    assert said.endswith("of the payments in which they had no part 0 % were lost.")


def test_trouble_that_hits_all_alike_names_nobody(small_town, tmp_path):
    fault = [{"station": "ledger", "kind": "outage", "starts": "1 h", "lasts": "20 min"}]
    _, document = _document(small_town, tmp_path, faults=fault)
    assert "hit the customers of all operators alike: they lost" in str(document)
