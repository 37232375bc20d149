"""Sound mutants: scenarios of the gallery cut down to a run of a moment, with levers moved to where nobody has them.

A scenario in force is written out with all its values, so that each of them can be moved: to its bounds, to nothing, to
very little, to the length of the run, to another choice, to another name. What the loader accepts has to run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any, Final, NamedTuple

from sandbox.scenario import gallery
from sandbox.scenario.load import load
from sandbox.scenario.schema import Scenario, scenario_from, scenario_model
from sandbox.scenario.schema.consistency import expected_payments
from sandbox.scenario.units import US_PER_DAY, WRITERS, format_number
from sandbox.scenario.yaml_writer import resolved_yaml
from tests.fuzz.mutants import OPEN, Mutant
from tests.fuzz.reader import Unreadable, quantity
from tests.fuzz.sites import Site, Source
from tests.oracle.test_gallery import cut_down

PAYMENTS: Final = 400
MOST_PAYMENTS: Final = 6_000
MOST_PEOPLE: Final = 5_000
MOST_BINS: Final = 20_000
LONGEST_DAYS: Final = 90
NEVER: Final = ("title", "question", "look_for", "sources", "experiment", "seed", "scale", "extends")
MOVED: Final = "a value moved"
LARGER: Final = 3
"""A count or a rate becomes no larger than by this factor, so that a run stays a moment."""


@cache
def small(name: str) -> Source:
    """A scenario of the gallery with few payments and people, every value in force written out."""
    scenario = cut_down(load(name), PAYMENTS)
    data: dict[str, Any] = scenario.model_dump()
    data["sources"], data["look_for"], data["experiment"] = {}, [], None
    data["series"]["bin"] = max(data["series"]["bin"], scenario.duration // 200)
    return Source(name, resolved_yaml(scenario_from(data), {}, None))


class Within(NamedTuple):
    """To which scenarios, ways of changing them and values (by the beginning of their path) a hunt keeps, if any."""

    names: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()


EVERYTHING: Final = Within()


def sound_mutant(seed: int, within: Within = EVERYTHING) -> Mutant:
    """The sound mutant of a seed; it may yet be refused for what does not go together."""
    random = Random(f"sound {seed}")
    base = small(random.choice(within.names or gallery.names()))
    ways = {name: way for name, way in _WAYS.items() if not within.ways or name in within.ways}
    source = base
    kinds: list[str] = []
    for _ in range(random.choice((1, 1, 2, 3))):
        name = random.choices(list(ways), [weight for _, weight in ways.values()])[0]
        text = moved(random, source, within.levers) if name == MOVED else ways[name][0](random, source)
        if text is not None and text != source.text:
            source = Source(base.name, text)
            kinds.append(name)
    return Mutant(seed, tuple(kinds), base, source.text.encode(), OPEN, None)


def is_small(scenario: Scenario) -> bool:
    """Whether a run is a moment."""
    people = scenario.population.wallets + scenario.population.corporates + scenario.merchants.count
    return (
        expected_payments(scenario) <= MOST_PAYMENTS
        and people * scenario.scale <= MOST_PEOPLE
        and scenario.duration // scenario.series.bin <= MOST_BINS
        and scenario.duration <= LONGEST_DAYS * US_PER_DAY * 2
    )


def _levers(source: Source) -> list[Site]:
    return [one for one in source.sites if one.path[0] not in NEVER and one.words is not None and one.shape is not None]


def moved(random: Random, source: Source, among: tuple[str, ...] = ()) -> str | None:
    """One value moved as far as its bounds allow."""
    levers = [one for one in _levers(source) if one.path[: len(among)] == among]
    by_field: dict[tuple[str, ...], list[Site]] = {}
    for one in levers:
        by_field.setdefault(tuple(step for step in one.path if isinstance(step, str)), []).append(one)
    if not by_field:
        return None
    site = random.choice(random.choice(list(by_field.values())))
    new = _moved_value(random, source, site)
    return None if new is None else source.replaced((site.value, new))


def _moved_value(random: Random, source: Source, site: Site) -> str | None:
    words, unit = site.words or "", site.unit
    if unit == "switch":
        return "false" if words == "true" else "true"
    if unit == "choice" and site.shape is not None:
        return f'"{random.choice(site.shape.choices)}"'
    if unit == "date":
        return random.choice(
            ("2026-02-16", "2026-03-07 23:59:59", "2024-02-29", "2026-12-31 12:00", "2026-10-01", "2199-12-31")
        )
    if unit == "text":
        return _another_name(random, source, site)
    if unit in ("limit", "patience") and random.random() < 0.3:
        return "none"
    if unit in ("whole", "number", "share", "rate", "money", "dollars", "duration", "limit", "patience"):
        return _moved_number(random, source, site)
    return None


def _another_name(random: Random, source: Source, site: Site) -> str | None:
    names = [
        one for one in source.sites if one.above is not None and one.above.kind == "mapping" and not one.above.choices
    ]
    families = [
        {str(one.path[-1]) for one in names if one.path[:-1] == family} for family in {one.path[:-1] for one in names}
    ]
    known = sorted({name for family in families if site.words in family for name in family})
    used = sorted({one.words for one in source.sites if one.path[-1] == site.path[-1] and one.words})
    others = [name for name in known or used if name != site.words]
    return f'"{random.choice(others)}"' if others else None


def _moved_number(random: Random, source: Source, site: Site) -> str | None:
    unit = {"limit": "money", "patience": "duration"}.get(site.unit, site.unit)
    try:
        now = float(quantity(site.words or "", unit)) if unit not in ("whole", "number") else float(site.words or "")
    except (Unreadable, ValueError):
        return None
    bounds = site.bounds()
    low = bounds.get("ge", bounds.get("gt"))
    high = bounds.get("le", bounds.get("lt"))
    ways = [0.0, 1.0, 2.0, now / 2, now / 10, now / 1000, now * 1.5, now * LARGER]
    if low is not None:
        ways += [float(low)] * 2
    if unit in ("share", "money", "dollars"):
        ways += [now * 100, 1e-9] if high is None or high > 1 else [float(high), 1 - 1e-12, 1e-12]
    if unit == "duration":
        lasts = _run_lasts(source)
        ways += [lasts, lasts, lasts - 1, lasts + 1, lasts / 2, lasts / 7, 1e6, 3.6e9, US_PER_DAY, US_PER_DAY - 1.0]
    new = random.choice(ways)
    whole = unit in ("whole", "money", "dollars", "duration")
    return WRITERS.get(unit, format_number)(round(new) if whole else new)


def _run_lasts(source: Source) -> float:
    words = next((one.words for one in source.sites if one.path == ("duration",)), None)
    try:
        return float(quantity(words or "1 day", "duration"))
    except Unreadable:
        return float(US_PER_DAY)


def shorter(random: Random, source: Source) -> str | None:
    """A run that ends before what it is about, or in the middle of it, or begins in the middle of a day."""
    site = next((one for one in source.sites if one.path == ("duration",)), None)
    start = next((one for one in source.sites if one.path == ("start",) and one.words), None)
    lasts = _run_lasts(source)
    new = random.choice(
        (1e6, 3.6e9, US_PER_DAY / 2, US_PER_DAY, 2 * US_PER_DAY, 3 * US_PER_DAY + 1, lasts / 2, lasts / 10)
    )
    if site is None:
        return None
    edits = [(site.value, WRITERS["duration"](round(new)))]
    if start is not None and random.random() < 0.5:
        edits.append((start.value, f"{(start.words or '')[:10]} {random.choice((7, 11, 15, 20)):02d}:30"))
    return source.replaced(*edits)


def dropped(random: Random, source: Source) -> str | None:
    """A section or an entry less."""
    sites = [one for one in source.sites if one.path[0] not in NEVER and not one.flow and len(one.path) <= 4]
    site = random.choice(sites) if sites else None
    if site is None or site.name is None:
        return None
    return source.replaced((source.lines(site), ""))


def emptied(random: Random, source: Source) -> str | None:
    """A section of which only the name is left, or a new one."""
    sections = [
        one for one in source.sites if one.words is None and one.path[0] not in NEVER and not one.flow and one.name
    ]
    if random.random() < 0.4:
        names = [
            name for name in scenario_model().model_fields if f"\n{name}:" not in source.text and name not in NEVER
        ]
        return source.text + f"{random.choice(names)}: {{}}\n"
    site = random.choice(sections or [None])
    if site is None:
        return None
    nothing = "[]" if site.shape is not None and site.shape.kind == "sequence" else "{}"
    return source.replaced((site.value, f" {nothing}\n"))


def broken(random: Random, source: Source) -> str | None:
    """Merchants that close and stations that break, some of them beyond the end of the run."""
    lasts = round(_run_lasts(source))
    starts, breaks = random.choice((0, lasts // 3, lasts // 2)), random.choice((lasts // 3, lasts, 3 * lasts))
    times = f"starts: {starts} us, lasts: {breaks} us"
    banks = [str(one.path[-1]) for one in source.sites if one.path[:1] == ("institutions",) and len(one.path) == 2]
    closures = [f"{{merchant: {number}, {times}}}" for number in range(random.choice((1, 1, 2)))]
    kind = random.choice(("outage", "capacity_loss", "slow_down"))
    station = random.choice(("ledger", *banks))
    for path, entries in random.sample(
        [(("merchants", "closures"), closures), (("faults",), [f'{{station: "{station}", kind: {kind}, {times}}}'])], 2
    ):
        site = next((one for one in source.sites if one.path == path), None)
        if site is not None and source.words(site.value) == "[]":
            return source.replaced((site.value, f"[{', '.join(entries)}]"))
    return None


def joined(random: Random, source: Source) -> str | None:
    """A section of another scenario put in."""
    other = small(random.choice(gallery.names()))
    tops = {str(one.path[0]): other.words(other.lines(one)) for one in other.sites if len(one.path) == 1}
    there = {str(one.path[0]): one for one in source.sites if len(one.path) == 1}
    name = random.choice([one for one in tops if one not in (*NEVER, "population", "institutions", "merchants")])
    if name in there:
        return source.replaced((source.lines(there[name]), tops[name]))
    return source.text + tops[name]


_WAYS: Final[dict[str, tuple[Callable[[Random, Source], str | None], int]]] = {
    MOVED: (moved, 10),
    "shorter": (shorter, 2),
    "something less": (dropped, 2),
    "emptied": (emptied, 1),
    "a section of another": (joined, 2),
    "something breaks": (broken, 3),
}
