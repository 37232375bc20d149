"""What the docs say that a holder of the ledger's key can change unseen is what comes of trying it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sandbox.tables import TABLES
from tests.journal.folders import copy_of, read_table
from tests.journal.thieves import (
    DOC,
    FOUND_FILE,
    SAYS,
    derived,
    docs_with,
    edits_found,
    numbers_found,
    scenario_read_once,
    verdict,
)

SAID: dict[str, str] = yaml.safe_load(FOUND_FILE.read_text())

COLUMNS = (
    "payments.payer_institution", "payments.payee_institution", "payments.category", "payments.payer_class",
    "payments.ledger_wait_us", "ledger.kind", "ledger.currency", "ledger.owner", "wallets.institution",
    "wallets.class_at_start", "wallets.frozen", "series.in_flight",
)  # fmt: skip
NUMBERS = (
    "throughput.success_share", "throughput.latency_ms.p95", "throughput.attempts_mean",
    "risk.concentration.hhi_merchants", "risk.operational.minutes_below_95", "risk.consumer.refused_fen",
    "campaigns.spring.odds", "box.inside_payments",
    "stations.*.settled_fen_in", "stations.*.utilisation", "risk.liquidity.redemptions_fen",
)  # fmt: skip


def test_the_docs_say_what_was_tried() -> None:
    assert docs_with(SAID) == DOC.read_text(), "run python -m tests.journal.thieves, or undo the edit of its table"


def test_every_column_was_tried_that_a_run_has() -> None:
    tried = {path.partition(".")[0] for path in SAID if not path.startswith(SAYS)}
    assert tried == set(TABLES)


@pytest.fixture(scope="module")
def copied(evening: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(evening, tmp_path_factory.mktemp("thieves") / "run")


@pytest.mark.parametrize("path", COLUMNS)
def test_a_column_is_found_as_the_docs_say(copied: Path, path: str) -> None:
    name, _, column = path.partition(".")
    of_it = next(one for one in TABLES[name] if one.name == column)
    with scenario_read_once():
        assert verdict(edits_found(copied, name, of_it, read_table(copied, name))) == SAID[path]


def test_numbers_are_found_as_the_docs_say(copied: Path) -> None:
    with scenario_read_once():
        found = numbers_found(copied, lambda path: path in NUMBERS)
    assert {path: verdict(edits) for path, edits in found.items()} == {path: SAID[f"{SAYS}{path}"] for path in NUMBERS}


@pytest.mark.long
def test_all_of_it_is_found_as_the_docs_say() -> None:
    assert derived() == SAID
