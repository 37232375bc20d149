"""What stands in `summary.json`, declared once: the unit of each entry, its words, and whether more or less is better.

An entry goes by its path, such as `stations.ICBC.utilisation`. It is declared with a *pattern*, in which `*` stands for
a name that somebody chose, or that one entry of a list goes by: `stations.*.utilisation`. Nothing is guessed from a
name; an entry that nobody declared has no unit, no words and no direction.

Declarations stand beside the code that computes the entries: `METRICS` of `sandbox/base` and of each feature.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Literal

from sandbox.feature import Feature, FeatureError, features
from sandbox.language import _
from sandbox.scenario.paths import nearest, parse_path

Unit = Literal[
    "count", "number", "share", "relative", "points", "fen", "usd_cents", "minor", "us", "ms", "instant", "yes", "text"
]
"""count: of things. number: without a unit (a mean count, a rate, an index). share: a part of a whole, 0 to 1.
relative: shown in per cent, and may be above 1. points: a difference of shares. fen: hundredths of a yuan. usd_cents:
of a US dollar. minor: hundredths of whatever currency. us, ms: lengths of time. instant: a time (us)
since the start. yes: true or false. text: words, no number."""
Better = Literal["higher", "lower", "neither"]

COUNT: Final = "count"
NUMBER: Final = "number"
SHARE: Final = "share"
RELATIVE: Final = "relative"
POINTS: Final = "points"
FEN: Final = "fen"
USD_CENTS: Final = "usd_cents"
MINOR: Final = "minor"
US: Final = "us"
MS: Final = "ms"
INSTANT: Final = "instant"
YES: Final = "yes"
TEXT: Final = "text"
HIGHER: Final = "higher"
LOWER: Final = "lower"
NEITHER: Final = "neither"

Level = Literal["ok", "watch", "worry", "none"]
"""ok: within a threshold. watch: past the first value. worry: past the second. none: no number, or no threshold."""


@dataclass(frozen=True)
class Threshold:
    """From where on a number deserves attention, and who says so: a help for reading, not a verdict.

    Args:
        watch, worry: in the unit of the number.
        worse: on which side of them it is worse.
        source: who says so, or the word ASSUMED.
    """

    watch: float
    worry: float
    worse: Literal["above", "below"]
    source: str

    def judge(self, value: float | None) -> Level:
        """Where a value stands; a value exactly on a line has not passed it."""
        if value is None or math.isnan(value):
            return "none"
        sign = 1 if self.worse == "above" else -1
        if sign * value > sign * self.worry:
            return "worry"
        return "watch" if sign * value > sign * self.watch else "ok"


CONCENTRATED: Final = Threshold(
    0.15, 0.25, "above",
    "US Department of Justice and FTC, Horizontal Merger Guidelines 2010, 5.3: moderately concentrated above 0.15, "
    "highly above 0.25 (the 2023 edition says highly above 0.18)",
)  # fmt: skip
"""Of a Herfindahl-Hirschman index, 0 to 1."""

ANY: Final = "*"
MEASURES: Final[Mapping[str, str]] = {
    "mean": "mean {}",
    "p50": "median {}",
    "p95": "p95 {}",
    "p99": "p99 {}",
    "max": "longest {}",
}


@dataclass(frozen=True)
class Metric:
    """An entry of a summary, or every entry whose path fits a pattern.

    Args:
        path: the pattern.
        unit: of the number.
        label: what it is called in a sentence; `{}` is filled with the names of the path, in order. It is translated as
            a whole, though it may be put together here.
        better: what nobody doubts; of everything else (a limit that bites, an exposure) it is for the reader to say.
        meaning: what the label does not say, for the reference.
        signed: whether it can be below zero.
        threshold: against which reports hold it.
        words: of a text that is one of several codes, what each means.
    """

    path: str
    unit: Unit
    label: str
    better: Better = NEITHER
    meaning: str = ""
    signed: bool = False
    threshold: Threshold | None = None
    words: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def steps(self) -> tuple[str, ...]:
        """The pattern's steps."""
        return tuple(self.path.split("."))

    def called(self, names: Iterable[str]) -> str:
        """Its label for one entry."""
        shown = [name.replace("_", " ") for name in names]
        holes = self.label.count("{}")
        return _(self.label, *(shown if holes <= len(shown) else [*shown, *[ANY] * (holes - len(shown))]))


@dataclass(frozen=True)
class Metrics:
    """What a feature declares of its entries in a summary."""

    all: tuple[Metric, ...]


def at(place: str, *metrics: Metric, of: str = "") -> tuple[Metric, ...]:
    """The same entries in a place of the summary; `of` is added to every label.

    >>> at("stations.*", Metric("served", "count", "payments served"), of=" by {}")[0].called(["ICBC"])
    'payments served by ICBC'
    """
    return tuple(replace(one, path=f"{place}.{one.path}", label=f"{one.label}{of}") for one in metrics)


def measures(
    path: str, unit: Unit, label: str, which: str, better: Better = NEITHER, meaning: str = "", signed: bool = False
) -> Iterator[Metric]:
    """Mean, quantiles and largest value of one thing.

    Args:
        path: with `@` where the name of the measure stands.
        unit, better, meaning, signed: of each.
        label: the thing; `MEASURES` says of each measure what it is called then.
        which: names of measures, with spaces between.

    >>> [(one.path, one.label) for one in measures("latency_ms.@", "ms", "latency", "p50 max")]
    [('latency_ms.p50', 'median latency'), ('latency_ms.max', 'longest latency')]
    """
    for name in which.split():
        words = MEASURES[name].replace("{}", label, 1)
        yield Metric(path.replace("@", name), unit, words, better, meaning, signed)


# --- looking one up ---------------------------------------------------------------------------------------------------


def declared_metrics() -> tuple[Metric, ...]:
    """All that is declared, in order."""
    return _all(features())


def metric(path: str) -> Metric | None:
    """The declaration of an entry, by its path or by the pattern; None if there is none.

    >>> metric("stations.ICBC.utilisation").unit, metric("segments.cards_us.settled").unit, metric("my_part.wait_us")
    ('share', 'count', None)
    """
    return _looked_up(path, features())[0]


def feature_of(path: str) -> str | None:
    """The feature that declares an entry; None if there is none.

    >>> feature_of("throughput.settled"), feature_of("a.b")
    ('base', None)
    """
    found = metric(path)
    return (
        None
        if found is None
        else next(
            (one.name for one in features() if (said := one.said(Metrics)) is not None and found in said.all), None
        )
    )


def unit_of(path: str) -> Unit:
    """The unit of an entry; `number` if nobody declared it."""
    found = metric(path)
    return NUMBER if found is None else found.unit


def label(path: str) -> str:
    """What an entry is called in a sentence; its path if nobody declared it.

    >>> label("throughput.latency_ms.p99"), label("stations.ICBC.utilisation"), label("a.new_number")
    ('p99 latency', 'utilisation of ICBC', 'a.new_number')
    """
    found, names = _looked_up(path, features())
    return path if found is None else found.called(names)


def direction_of(path: str) -> bool | None:
    """Whether more of a number is better; None where that is not declared.

    >>> direction_of("throughput.settled_fen"), direction_of("throughput.latency_ms.p99"), direction_of("segments.x.y")
    (True, False, None)
    """
    found = metric(path)
    return None if found is None or found.better == NEITHER else found.better == HIGHER


def nearest_metric(path: str) -> str | None:
    """The declared number that is most like a path that nobody declared; NAME stands for any name.

    >>> nearest_metric("throughput.setled"), nearest_metric("zzz")
    ('throughput.settled', None)
    """
    return nearest(path, [one.path.replace(ANY, "NAME") for one in declared_metrics() if one.unit != TEXT])


def threshold(of: str | Metric) -> Threshold:
    """The threshold of an entry, or of a number that somebody worked out.

    >>> threshold("throughput.latency_ms.p99").watch
    1000

    Raises:
        KeyError: it has none.
    """
    found = metric(of) if isinstance(of, str) else of
    if found is None or found.threshold is None:
        raise KeyError(of)
    return found.threshold


def possible(path: str, value: float | None) -> float | None:
    """An end of an interval, within what the number can be: nothing declared is below 0 unless it is signed, and no
    share above 1.

    >>> possible("throughput.success_share", 1.2), possible("throughput.settled", -5.85), possible("my_part.x", -1.0)
    (1.0, 0.0, -1.0)
    """
    found = metric(path)
    if value is None or found is None:
        return value
    if value < 0 and not found.signed:
        return 0.0
    return 1.0 if value > 1 and found.unit == SHARE else value


@lru_cache(maxsize=4)
def _all(of: tuple[Feature, ...]) -> tuple[Metric, ...]:
    said = (one.said(Metrics) for one in of)
    return tuple(entry for one in said if one is not None for entry in one.all)


@lru_cache(maxsize=4)
def _tree(of: tuple[Feature, ...]) -> dict[str, Any]:
    """Patterns by step; the metric itself stands at ''."""
    root: dict[str, Any] = {}
    whose: dict[str, str] = {}
    for feature in of:
        for one in said.all if (said := feature.said(Metrics)) is not None else ():
            if one.path in whose:
                raise FeatureError(f"{one.path}: both {whose[one.path]!r} and {feature.name!r} declare it")
            whose[one.path], node = feature.name, root
            for step in one.steps:
                node = node.setdefault(step, {})
            node[""] = one
    return root


@lru_cache(maxsize=4096)
def _looked_up(path: str, of: tuple[Feature, ...]) -> tuple[Metric | None, tuple[str, ...]]:
    """The declaration of an entry, and the names in its path. A number in it says which of several of one name."""
    steps = tuple(step for step in parse_path(path, with_any=True) or () if isinstance(step, str))
    return _matching(_tree(of), steps, ())


def _matching(
    node: Mapping[str, Any], steps: tuple[str, ...], names: tuple[str, ...]
) -> tuple[Metric | None, tuple[str, ...]]:
    if not steps:
        return node.get(""), names
    first, *rest = steps
    for step, more in ((first, names), (ANY, (*names, first))):
        if step and step in node:
            found = _matching(node[step], tuple(rest), more)
            if found[0] is not None:
                return found
    return None, names
