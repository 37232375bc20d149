"""The numbers of the first screen: what a scenario asks for in `answers`, or what its features answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from reports import formats
from reports.amounts import is_share, shown, shown_change
from reports.chapter import Chapter
from reports.document import Tile
from reports.sections.context import Context
from sandbox.feature import declared
from sandbox.language import _, translated
from sandbox.metric import ANY, INSTANT, feature_of, label, metric, unit_of
from sandbox.sentence import filled

MOST: Final = 6
OF_EVERY_RUN: Final = ("throughput.payments", "throughput.success_share", "throughput.success_value_share",
                       "throughput.settled_fen", "throughput.latency_ms.p50", "throughput.latency_ms.p99")  # fmt: skip
"""What is told where nothing else is asked for."""


class Answer:
    """One answer of a run: a number beside what it is compared with.

    Args:
        context: the run.
        asked: as `scenario.answers` of a summary has it.
    """

    def __init__(self, context: Context, asked: Mapping[str, Any]) -> None:
        self._context, self._asked = context, asked
        self.path = str(asked["metric"])
        self.feature = feature_of(self.path) or ""
        self._other = next((str(asked[name]) for name in ("of", "against") if name in asked), None)

    def tile(self) -> Tile:
        """The number, what it is called, and what it is compared with."""
        return Tile(self._shown(self.path), str(self._asked.get("label") or label(self.path)), self._beside())

    def sentence(self) -> str | None:
        """Its sentence, filled; None if it has none."""
        says = self._asked.get("says")
        if says is None:
            return None
        own: Mapping[str, Callable[[], str]] = {
            "value": lambda: self._shown(self.path), "other": self._said_other, "share": self._share,
            "difference": self._difference,
        }  # fmt: skip
        return filled(says, lambda name: own[name]() if name in own else self._shown(name))

    def _shown(self, path: str) -> str:
        return shown_entry(self._context, path)

    def _number(self, path: str) -> float | None:
        found = self._context.found.get(path)
        return None if isinstance(found, str) or found is None else float(found)

    def _compared(self) -> float | None:
        return self._asked.get("published") if self._other is None else self._number(self._other)

    def _said_other(self) -> str:
        return shown(self.path, self._compared()) if self._other is None else self._shown(self._other)

    def _share(self) -> str:
        value, other = self._number(self.path), self._compared()
        return formats.NOTHING if value is None or not other else formats.share(value / other)

    def _difference(self) -> str:
        value, other = self._number(self.path), self._compared()
        if value is None or other is None:
            return formats.NOTHING
        if "published" in self._asked and not is_share(self.path):
            return formats.relative((value - other) / other) if other else formats.NOTHING
        return shown_change(self.path, value - other)

    def _beside(self) -> str:
        if "of" in self._asked:
            return _("{share} of {other}", share=self._share(), other=self._said_other())
        if "against" in self._asked:
            said = {"other": self._said_other(), "what": self._asked.get("beside")}
            return _("{what}: {other}", **said) if said["what"] else _("against {other}", **said)
        if "published" not in self._asked:
            return ""
        within = self._asked.get("within")
        if within is None:
            return _("{share} of the published {other}", share=self._share(), other=self._said_other())
        said = {"other": self._said_other(), "difference": self._difference(), "within": formats.percent(within)}
        if self._is_near(within):
            return _("published: {other}; {difference}, tolerance {within}", **said)
        return _("published: {other}; {difference}, outside the tolerance of {within}", **said)

    def _is_near(self, within: float) -> bool:
        value, other = self._number(self.path), self._compared()
        return value is not None and other is not None and abs(value - other) <= within * abs(other)


def answers_of(context: Context) -> list[Answer]:
    """What the scenario asks for; else what its features answer, at most six in all; else what every run has."""
    asked = [one.content for one in context.rows("scenario.answers") if isinstance(one.get("metric"), str)]
    if not asked:
        asked = [{"metric": path} for path in _of_features(context)] or [{"metric": path} for path in OF_EVERY_RUN]
    return [Answer(context, one) for one in asked[:MOST]]


def _of_features(context: Context) -> list[str]:
    """The entries that features answer with, as far as this run has them, a few of each if there are several."""
    by_feature = [
        [path for pattern in chapter.answers for path in _matching(context, pattern)]
        for __, chapter in declared(Chapter)
    ]
    by_feature = [paths for paths in by_feature if paths]
    each = MOST // max(1, len(by_feature))
    return [path for paths in by_feature for path in paths[: max(1, each)]]


def _matching(context: Context, pattern: str) -> list[str]:
    """The entries of a run that are declared with a pattern and have a value."""
    if ANY not in pattern:
        return [pattern] if context.found.get(pattern) is not None else []
    there = (path for path, value in context.found.items() if value is not None)
    return [path for path in there if (one := metric(path)) is not None and one.path == pattern]


def shown_entry(context: Context, path: str) -> str:
    """An entry of the summary in a sentence: words of a code, a number in its unit."""
    value, declared = context.found.get(path), metric(path)
    if isinstance(value, str):
        words = declared.words if declared is not None else {}
        return formats.listed(translated(words[code]) if code in words else code for code in value.split(", "))
    number = None if value is None else float(value)
    if unit_of(path) == INSTANT and number is not None:
        return formats.moment(context.start, int(number))
    return shown(path, number)
