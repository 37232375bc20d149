"""How much memory a run takes, estimated from its scenario, and whether the machine has it.

Bytes for an account, a bin and a row of stations were measured. `tests/scenario/test_memory.py` holds their sum to
within a factor of two. Payments that end do not count, for they are written; those that pile up at a station that is
overloaded from the first day to the last do, those of a rush hour or a fault do not. What features take they declare
(`Section.needs`), or it is not counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sandbox.language import _
from sandbox.scenario.errors import ScenarioError, ScenarioErrors
from sandbox.scenario.schema import Section, used
from sandbox.scenario.schema.consistency import expected_payments, people

if TYPE_CHECKING:
    from sandbox.scenario.load import Loaded
    from sandbox.scenario.schema.scenario import Scenario

GIB: Final = 2**30
LARGE: Final = GIB
"""A run that needs more is worth a word."""
ANY_SIZE: Final = "ECNY_SANDBOX_ANY_SIZE"
"""Set to 1 in the environment, nothing is refused for its size."""

PROGRAM: Final = 320_000_000
"""The program with its libraries and compiled code."""
SMALL: Final = 250_000_000
"""What a scenario may need on top without being asked whether it fits."""
EACH_ACCOUNT: Final = 100
EACH_BIN: Final = 300
EACH_STATION_ROW: Final = 60
EACH_ROW_WRITTEN: Final = 200
ROWS_WRITTEN: Final = 1_048_576
STATIONS_OF_A_PAYMENT: Final = 3
EACH_IN_FLIGHT: Final = 430


class Need(NamedTuple):
    """What a lever of the scenario costs: its path, how much of it there is, and bytes."""

    path: str
    number: float
    size: int


def needs(scenario: Scenario) -> list[Need]:
    """What the scenario asks for on top of the program, the most expensive first."""
    found = [Need(path, count, round(count * each)) for path, count, each in _needs(scenario)]
    return sorted(found, key=lambda one: -one.size)


def estimate(scenario: Scenario) -> int:
    """Bytes that a run of this scenario takes at its peak, within a factor of two."""
    return PROGRAM + sum(one.size for one in needs(scenario))


def free_bytes() -> int | None:
    """Memory that this process may still take: of the machine, of its control group and by `ulimit`; None if nobody
    can say."""
    found = [one for one in (_of_machine(), _of_group("memory.max", "memory.current"), _of_limit()) if one is not None]
    return min(found, default=None)


def check_memory(loaded: Loaded, processes: int = 1) -> None:
    """Refuse what cannot fit into the machine, `processes` runs at a time.

    Raises:
        ScenarioErrors: it names what to reduce.
    """
    free, needed = free_bytes(), estimate(loaded.scenario)
    if free is None or os.environ.get(ANY_SIZE) == "1" or needed - PROGRAM <= SMALL or needed * processes <= free:
        return
    most = needs(loaded.scenario)[0]
    values = {
        "needed": in_gib(needed * processes), "free": in_gib(free), "count": f"{most.number:,.0f}",
        "part": in_gib(most.size * processes), "variable": ANY_SIZE,
    }  # fmt: skip
    problem = (
        _(
            "the run needs about {needed} of memory and {free} are free; {count} of these take {part}: ask "
            "for less, or set {variable}=1 to run it all the same",
            **values,
        )
        if processes == 1
        else _(
            "{processes} runs at a time need about {needed} of memory and {free} are free; {count} of these "
            "in each take {part}: ask for less, run fewer at a time (`--processes`), or set {variable}=1 to "
            "run it all the same",
            **values,
            processes=processes,
        )
    )
    raise ScenarioErrors([ScenarioError(loaded.name, None, None, most.path, problem)])


def in_gib(size: float) -> str:
    """A size for people.

    >>> in_gib(11_542_724_608)
    '10.8 GiB'
    """
    return f"{size / GIB:,.1f} GiB"


# --- what the scenario asks for ---------------------------------------------------------------------------------------


def _needs(scenario: Scenario) -> Iterator[tuple[str, float, float]]:
    yield "population.wallets", people(scenario) * scenario.scale, EACH_ACCOUNT
    bins = -(-scenario.duration // scenario.series.bin)
    stations = len(scenario.institutions) + 1
    rows = min(bins * stations, expected_payments(scenario) * STATIONS_OF_A_PAYMENT)
    written = EACH_ROW_WRITTEN * min(rows, ROWS_WRITTEN)
    yield "series.bin", bins, EACH_BIN + (EACH_STATION_ROW * rows + written) / bins
    yield "behaviour.patience", _piled_up(scenario), EACH_IN_FLIGHT
    for section, mine in used(scenario, Section):
        yield from section.needs(scenario, mine)


def _piled_up(scenario: Scenario) -> float:
    """Payments in flight at the end, if a station is asked for more than it can serve."""
    payments, behaviour = expected_payments(scenario), scenario.behaviour
    served = scenario.ledger.servers * scenario.duration / scenario.ledger.service.mean
    for one in scenario.institutions.values():
        if one.share > 0:  # of payers, and of payees
            served = min(served, one.servers * scenario.duration / one.service.mean / (2 * one.share))
    if behaviour.patience is None:
        return max(0.0, payments - served)
    checks = behaviour.status_checks.max * behaviour.status_checks.interval
    longest = behaviour.max_attempts * (behaviour.patience + checks) + (behaviour.backoff << behaviour.max_attempts)
    return min(max(0.0, payments - served), payments * longest / scenario.duration)


# --- what the machine has ---------------------------------------------------------------------------------------------


def _of_machine() -> int | None:
    """Free and easily freed memory; where only the size of the machine can be had, that."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _of_group(limit: str, used: str, root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """What the control group of this process (or of one around it) leaves, on Linux of either version."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    left = []
    for line in lines:
        __, controllers, place = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        names = (limit, used) if not controllers else ("memory.limit_in_bytes", "memory.usage_in_bytes")
        folder = root / controllers / place.lstrip("/")
        for inner in (folder, *folder.parents):
            try:
                most, now = (int((inner / name).read_text(encoding="ascii")) for name in names)
            except (OSError, ValueError):
                continue
            # Pages of files count as used, and are given back when they are needed.
            left.append(max(0, most - now + _of_files(inner)))
    return min(left, default=None)


def _of_files(folder: Path) -> int:
    try:
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        values = dict(line.split() for line in lines)
        return int(values.get("inactive_file", values.get("total_inactive_file", "0")))
    except (OSError, ValueError):
        return 0


def _of_limit() -> int | None:
    """What `ulimit -v` leaves."""
    try:
        import resource

        most, __ = resource.getrlimit(resource.RLIMIT_AS)
        if most == resource.RLIM_INFINITY:
            return None
        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
        return max(0, most - taken)
    except (ImportError, OSError, ValueError):
        return None
