"""A feature: one capability of the simulator, with everything that the rest of the house has to know of it.

A feature has a name and a list of *declarations*. The kind of a declaration is defined by the layer that reads it, so
this table is the whole of what a feature can say:

    sandbox.scenario.section.Section       its section of a scenario: model, checks, what in it has a date
    sandbox.scenario.section.Within        what it reads of other sections, if it has none of its own
    sandbox.tables.Tables                  the tables that it writes
    sandbox.market.accounts.Accounts       accounts that it opens and endows, and the most that a wallet may hold
    sandbox.control.Simulated              its component in a run, and whether it moves money outside payments
    sandbox.metric.Metrics                 what its entries in a summary are
    sandbox.audit.joint.Audit              what of it is worked out again
    reports.chapter.Chapter                its chapter, its sentence on the first screen, its risks
    reports.view.events.Events             how its control events read
    sandbox.language.Catalogue             translations of what it says, if it is a package of its own
    sandbox.export.layout.Layout           a published layout that its runs can be exported in
    sandbox.experiment.stress.Participants who of it can fail in a stress test
    sandbox.validation.check.Published     what was published of it, held against runs

Built-in features are listed below, once; their order is that of their accounts, processes and tables. An installed
package adds its own through the entry point `ecny_sandbox.features`, which names a `Feature`; a program adds its own
with `using`. Nothing that a scenario file says is ever imported.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.metadata
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

BUILT_IN: Final = (
    "flight", "crossborder", "lifecycle", "offline", "bills", "data_exchange", "contracts", "inclusion", "crime",
    "supervision",
)  # fmt: skip
"""Rooms below `sandbox/features/`, each with a `FEATURE`, in order."""
KINDS: Final = frozenset(
    {
        "sandbox.scenario.section.Section",
        "sandbox.scenario.section.Within",
        "sandbox.tables.Tables",
        "sandbox.market.accounts.Accounts",
        "sandbox.control.Simulated",
        "sandbox.metric.Metrics",
        "sandbox.audit.joint.Audit",
        "reports.chapter.Chapter",
        "reports.view.events.Events",
        "sandbox.language.Catalogue",
        "sandbox.export.layout.Layout",
        "sandbox.experiment.stress.Participants",
        "sandbox.validation.check.Published",
    }
)
"""The kinds of the table above."""
ENTRY_POINT: Final = "ecny_sandbox.features"


Declaration = TypeVar("Declaration")


class FeatureError(Exception):
    """A feature of somebody else's cannot be used; the message says whose and why."""


@dataclass(frozen=True)
class Later:
    """A declaration that is imported when it is first asked for, so that who only reads a scenario imports no engine.

    Args:
        kind: dotted name of its kind, as the table above spells it.
        place: where it stands, as `module:name`.

    Raises:
        FeatureError: there is no such kind; nothing would ever ask for it.
    """

    kind: str
    place: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            near = difflib.get_close_matches(self.kind, sorted(KINDS), n=1)
            raise FeatureError(
                f"{self.kind} is no kind of declaration" + (f"; did you mean {near[0]}?" if near else "")
            )


@dataclass(frozen=True, eq=False)
class Feature:
    """A capability.

    Args:
        name: of the feature, unlike that of every other: letters, digits and underscores.
        declarations: what it says of itself, each of another kind; what is large to import, as `Later`.
    """

    name: str
    declarations: tuple[object, ...]

    def said(self, kind: type[Declaration]) -> Declaration | None:
        """What it declares of a kind."""
        for one in self.declarations:
            if isinstance(one, Later) and one.kind == f"{kind.__module__}.{kind.__qualname__}":
                found = _found(one.place)
                if not isinstance(found, kind):
                    raise FeatureError(f"the feature {self.name!r}: {one.place} is no {kind.__name__}")
                return found
            if isinstance(one, kind):
                return one
        return None


@cache
def _found(place: str) -> object:
    found: object = pkgutil.resolve_name(place)
    return found


_more: ContextVar[tuple[Feature, ...]] = ContextVar("features", default=())


def features() -> tuple[Feature, ...]:
    """Features in force: built-in ones, those of installed packages, and those that the program is `using`."""
    return (*_installed(), *_more.get())


def of_program() -> tuple[Feature, ...]:
    """Those of them that are not installed: another process would not have them."""
    return _more.get()


def declared(kind: type[Declaration]) -> list[tuple[Feature, Declaration]]:
    """What features declare of a kind, in order."""
    return [(one, said) for one in features() if (said := one.said(kind)) is not None]


@contextmanager
def using(*more: Feature) -> Iterator[None]:
    """Have more features in force within the block.

    Raises:
        FeatureError: a name is taken.
    """
    _check((*features(), *more))
    token = _more.set((*_more.get(), *more))
    try:
        yield
    finally:
        _more.reset(token)


@cache
def _installed() -> tuple[Feature, ...]:
    rooms = ["base", *(f"features.{room}" for room in BUILT_IN)]
    found = [importlib.import_module(f"sandbox.{room}").FEATURE for room in rooms]
    for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINT), key=lambda one: one.name):
        try:
            feature = point.load()
        except Exception as error:
            raise FeatureError(f"{point.value}: {type(error).__name__}: {error}") from error
        if not isinstance(feature, Feature):
            raise FeatureError(f"{point.value}: it is no sandbox.feature.Feature")
        found.append(feature)
    _check(found)
    return tuple(found)


def _check(found: tuple[Feature, ...] | list[Feature]) -> None:
    names = [one.name for one in found]
    for name in names:
        if not name.isidentifier():
            raise FeatureError(f"{name!r} cannot be the name of a feature: letters, digits and underscores")
        if names.count(name) > 1:
            raise FeatureError(f"two features have the name {name!r}")
