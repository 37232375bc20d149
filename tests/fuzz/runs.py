"""Running sound mutants: each runs, passes the audit, and is told in a report that reads as one.

A finding begins with its sort: `run`, `audit`, `report`, `words`, `slow`.
"""

from __future__ import annotations

import math
import re
import shutil
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from sandbox.scenario.load import Loaded
from sandbox.scenario.schema import Scenario
from sandbox.scenario.units import US_PER_DAY
from tests.fuzz.hunt import Found, difference
from tests.fuzz.judge import TooSlow, judged, no_longer_than
from tests.fuzz.sound import EVERYTHING, Within, is_small, sound_mutant

MOST_CPU_S: Final = 90
DRAWN: Final = 8
"""Every so many mutants the report's figures are drawn as well."""
NO_FIGURE: Final = '<svg viewBox="0 0 1 1"></svg>'
NOT_A_WORD: Final = re.compile(
    r"(?<![\w.`])(?:None(?! [a-z])|nan|NaN|inf|-inf|True|False)(?![\w`])|(?<![\w#-])\d(?:\.\d+)?e[+-]?\d+\b"
)
"""What a person should not have to read in a report."""


@dataclass
class Runs:
    """What came of many sound mutants."""

    tried: int = 0
    ran: int = 0
    names: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)


def run_mutants(seeds: range, folder: Path, wanted: int, within: Within = EVERYTHING, enough: int = 0) -> Runs:
    """Run sound mutants until so many have run, so many are found, or the seeds are used up."""
    result = Runs()
    for seed in seeds:
        mutant = sound_mutant(seed, within)
        result.tried += 1
        findings, loaded = judged(mutant, folder)
        if loaded is not None and is_small(loaded.scenario):
            result.ran += 1
            result.names[mutant.base.name] += 1
            findings += run_and_look(loaded, folder / "run", drawn=seed % DRAWN == 0)
        if findings:
            result.found.append(Found(mutant, findings))
        if result.ran == wanted or len(result.found) == enough > 0:
            break
    return result


def told_of_runs(result: Runs, most: int = 5) -> str:
    """What was found, to be tried again by anybody."""
    return "\n".join(
        f"--- {found.mutant.base.name}, {' and '.join(found.mutant.kinds)}\n{difference(found.mutant)}\n"
        + "\n".join(found.findings[:3])
        + f"\n    again: python -m tests.fuzz --runs --seed {found.mutant.seed}"
        for found in result.found[:most]
    )


def run_and_look(loaded: Loaded, out: Path, drawn: bool = False) -> list[str]:
    """Run, audit and report a scenario, with its figures or without; what is wrong with that."""
    shutil.rmtree(out, ignore_errors=True)
    try:
        with no_longer_than(MOST_CPU_S):
            return list(_look(loaded, out, drawn))
    except TooSlow as stopped:
        return [f"slow: more than {MOST_CPU_S} CPU-s: {stopped}"]


def _look(loaded: Loaded, out: Path, drawn: bool) -> Iterator[str]:
    from sandbox.audit.auditor import audit
    from sandbox.running import write_run

    try:
        write_run(loaded, out, record="all")
    except Exception as error:  # the point of it all
        yield f"run: {type(error).__name__}: {error}\n{traceback.format_exc(limit=-4)}"
        return
    try:
        problems = audit(out).problems
    except Exception as error:  # the point of it all
        yield f"audit: {type(error).__name__}: {error}\n{traceback.format_exc(limit=-4)}"
        return
    yield from (f"audit: {one}" for one in problems[:5])
    yield from _counts(loaded.scenario, out)
    yield from _report(out, drawn)


def _counts(scenario: Scenario, out: Path) -> Iterator[str]:
    """Whether corridors have about as many payments as they are asked for; far more are no chance."""
    if scenario.crossborder is None:
        return
    rows = pq.read_table(out / "crossborder.parquet", columns=["corridor", "path", "submitted_at_us"]).to_pylist()
    sent: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        sent.setdefault((row["corridor"], row["path"]), []).append(row["submitted_at_us"])
    for (name, path), times in sent.items():
        corridor = scenario.crossborder.corridors.get(name)
        if corridor is None or corridor.count is not None:
            continue
        office = scenario.crossborder.jurisdictions.get(corridor.sender)
        day = US_PER_DAY if office is None or corridor.hours == "any" else office.open_for
        spread = max(times) - min(times)
        asked = corridor.payments * scenario.scale * min(spread / day, spread / US_PER_DAY + 1)
        if len(times) > asked + 8 * math.sqrt(asked) + 16:
            yield f"run: {len(times)} payments in {name} ({path}), {asked:.0f} asked for at the most"


def _report(out: Path, drawn: bool) -> Iterator[str]:
    from reports.figures.canvas import styled, to_svg
    from reports.html import to_html
    from reports.markdown import to_markdown
    from reports.sections.build import build
    from reports.source import read

    try:
        document = build(read(out))
        words = to_markdown(document)
        svgs = {chart.key: NO_FIGURE for chart in document.charts}
        if drawn:
            with styled():
                svgs = {chart.key: to_svg(chart.draw()) for chart in document.charts}
        to_html(document, svgs)
    except Exception as error:  # the point of it all
        yield f"report: {type(error).__name__}: {error}\n{traceback.format_exc(limit=-4)}"
        return
    for line in words.splitlines():
        found = NOT_A_WORD.search(line)
        if found:
            yield f"words: {found.group()!r} in {line[max(0, found.start() - 80) : found.end() + 60]!r}"
            return
