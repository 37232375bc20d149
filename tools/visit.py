"""Every verb and every scenario of the gallery, shortened, in an environment that has the package and perhaps no extra.

    python -I visit.py OUT [--extras] [--no-reports]

Everything runs in one process with what is installed there (no tests), in the new folder OUT. At the end
`OUT/digests.json` says what each run came to, for comparison with other environments. `tools/environments.py` makes
environments and calls this.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SMALL: Final = {"scale": "0.02"}
SHORTENED: Final[dict[str, dict[str, str]]] = {
    "administrative-fees": {"scale": "0.5", "duration": "8 days"},
    "cloned-cards": {"scale": "0.2", "duration": "2 days"},
    "data-exchange": {"duration": "8 days", "data_exchange.orders": "8 /day"},
    "digital-bills": {"scale": "0.05", "bills.core.orders": "0.08 /day"},
    "luohu-red-packets-2020": {"scale": "0.02", "campaigns.luohu.winners": "800"},
    "money-with-conditions": {"scale": "0.5", "duration": "3 days"},
    "mule-network": {"scale": "0.1", "duration": "1 day"},
    "offline-caps-sweep": {"scale": "0.2", "duration": "2 days"},
    "national-day": {"scale": "0.005"},
    "prepaid-course-fees": {"scale": "0.5", "duration": "8 days"},
    "purpose-bound-subsidy": {"scale": "0.5", "duration": "3 days"},
}
"""How a scenario of the gallery is made short: by its size alone, unless what it promises needs more people."""

TOWN: Final = """\
title: A small town
question: Does every verb work here?
duration: 1 h
population: {wallets: 200, corporates: 0}
merchants: {count: 12}
demand:
  segments:
    retail: {payments: 6000 /day, profile: flat}
"""
SWEEP: Final = ("sweep", "town.yaml", "--vary", "scale=0.5,1", "--yes", "--processes", "1", "--no-report", "--quiet")
RANGE: Final = (*SWEEP[:2], "--uncertain", "scale=0.5..1", *SWEEP[4:])
VERBS: Final[tuple[tuple[str, ...], ...]] = (
    ("new", "mine.yaml"),
    ("check", "mine.yaml"),
    ("schema",),
    ("report", "runs/operator-outage"),
    ("run", "town.yaml", "--replications", "2", "--processes", "2", "--quiet"),
    ("compare", "town.yaml", "--set", "scale=0.5", "--replications", "2", "--processes", "1", "--quiet"),
    (*SWEEP, "--out", "sweep", "--keep-tables", "kept"),
    ("capacity", "town.yaml", "--replications", "1", "--precision", "50%", "--most", "2x", "--yes", "--quiet",
     "--processes", "1"),
    ("export", "runs/mule-network", "--as", "paysim", "--out", "paysim"),
    ("export", "runs/mule-network", "--as", "amlworld", "--out", "amlworld"),
    ("validate", "mbridge-2022"),
)  # fmt: skip
EXTRAS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("doe", (*RANGE, "--design", "sobol", "--samples", "8", "--out", "sobol")),
    ("doe", (*RANGE, "--design", "morris", "--samples", "8", "--out", "morris")),
    ("doe", (*RANGE, "--design", "saltelli", "--samples", "8", "--out", "saltelli")),
    ("cluster", (*SWEEP[:5], "--cluster", "local", "--processes", "1", "--no-report", "--out", "cluster")),
    ("cluster", (*SWEEP, "--keep-tables", "memory://kept", "--out", "kept-afar")),
    ("iso20022", ("export", "runs/mbridge-or-correspondent", "--as", "iso20022", "--out", "messages", "--most", "5")),
    ("query", ("query", "select count(*) from runs", "runs")),
)
"""Work that needs an extra: done with it, refused with its name without."""


class Wrong(Exception):
    """An answer that is not as it should be."""


def visit(extras: bool, reports: bool) -> dict[str, dict[str, str]]:
    """All of it in the working folder; returns what each run came to."""
    Path("town.yaml").write_text(TOWN, encoding="utf-8")
    names = [one["name"] for one in json.loads(said("list", "--json"))]
    if len(said("list").splitlines()) != len(names) or not set(SHORTENED) <= set(names):
        raise Wrong("`list` does not show the gallery")
    found = {}
    for name in names:
        sets = [word for path, value in SHORTENED.get(name, SMALL).items() for word in ("--set", f"{path}={value}")]
        run = f"runs/{name}"
        said("show", name)
        said("check", name)
        said("run", name, *sets, "--out", run, "--quiet", *(() if reports else ("--no-report",)))
        said("audit", run)
        found[name] = came_to(Path(run))
    for words in VERBS:
        said(*words)
    for extra, words in EXTRAS:
        before = sorted(Path().rglob("*"))
        answer = said(*words, status=0 if extras else 2)
        if not extras and (f'"ecny-sandbox[{extra}]"' not in answer or sorted(Path().rglob("*")) != before):
            raise Wrong(f"{' '.join(words)}: names no extra, or leaves something behind\n{answer}")
    return found


def said(*words: str, status: int = 0) -> str:
    """What a command prints; raises Wrong if it ends with another status."""
    from sandbox.cli.main import status_of

    began, printed = time.process_time(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        came = status_of(list(words))
    print(f"{time.process_time() - began:6.1f} s  {' '.join(words)}", flush=True)
    if came != status:
        raise Wrong(f"ecny-sandbox {' '.join(words)}: exit {came}, not {status}\n{printed.getvalue()}")
    return printed.getvalue()


def came_to(run: Path) -> dict[str, str]:
    """A digest of each file of a run folder that holds numbers: of tables the values, whatever library wrote them."""
    tables = {file.name: values(file) for file in run.glob("*.parquet")}
    content = {name: (run / name).read_bytes() for name in ("scenario.yaml", "summary.json")} | tables
    return {name: hashlib.sha256(its).hexdigest()[:16] for name, its in sorted(content.items())}


def values(table: Path) -> bytes:
    """A table's columns: name, type, values."""
    import pyarrow.parquet as pq

    found = pq.read_table(table)
    return repr([(one.name, str(one.type), found.column(one.name).to_pylist()) for one in found.schema]).encode()


def main(arguments: Sequence[str]) -> None:
    """Visit, and leave `digests.json`."""
    out = Path(arguments[0])
    out.mkdir(parents=True)
    os.chdir(out)
    try:
        found = visit("--extras" in arguments, "--no-reports" not in arguments)
    except Wrong as wrong:
        sys.exit(str(wrong))
    Path("digests.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(f"{time.process_time():.0f} s of processor time")


if __name__ == "__main__":
    main(sys.argv[1:])
