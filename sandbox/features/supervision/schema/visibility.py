"""Who sees what of a payment: the matrix class x amount x viewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import model_validator

from sandbox.language import N_
from sandbox.scenario.schema.fields import Limit, Model, Problem, WalletClass, param

VIEWERS: Final = ("operator", "central_bank", "regulator", "merchant")


def _from(linked: str, named: str) -> dict[str, str]:
    return {"linked_from": linked, "named_from": named}


_ALWAYS: Final = _from("0 CNY", "0 CNY")
_SMALL_LINKED: Final = _from("0 CNY", "2000 CNY")
_LARGE_ONLY: Final = _from("2000 CNY", "50000 CNY")
_PSEUDONYM: Final = _from("0 CNY", "none")
_NEVER: Final = _from("none", "none")
DEFAULTS: Final[dict[str, dict[str, dict[str, str]]]] = {
    "operator": {"I": _ALWAYS, "II": _ALWAYS, "III": _ALWAYS, "IV": _PSEUDONYM},
    "central_bank": {"I": _SMALL_LINKED, "II": _SMALL_LINKED, "III": _SMALL_LINKED, "IV": _PSEUDONYM},
    "regulator": {"I": _LARGE_ONLY, "II": _LARGE_ONLY, "III": _LARGE_ONLY, "IV": _from("2000 CNY", "none")},
    "merchant": {"I": _NEVER, "II": _NEVER, "III": _NEVER, "IV": _NEVER},
}
"""By viewer and class. That class IV is anonymous even to the central bank, that what is small is anonymous and what is
large can be traced: PBoC white paper and Bloomberg 2021. That 2,000 yuan, the most in one payment of class IV, is the
border of what is small, and the rest: ASSUMED."""

_SOURCE: Final = N_("class IV: PBoC white paper 2021, Bloomberg 2021; thresholds ASSUMED")


class VisibleFrom(Model):
    """What a viewer sees of a payment of one class, by amount."""

    linked_from: Limit = param(
        0, doc="From this amount on, payments of one wallet are seen to be of one wallet (a pseudonym).", role="lever",
        source=_SOURCE,
    )  # fmt: skip
    named_from: Limit = param(
        None, doc="From this amount on, whose wallet it is can be seen.", role="lever", source=_SOURCE
    )

    def problems(self) -> Iterator[Problem]:
        if self.named_from is not None and (self.linked_from is None or self.named_from < self.linked_from):
            yield Problem(("named_from",), N_("must not be below `{bottom}`"), bottom="linked_from")


def _default(viewer: str) -> dict[WalletClass, VisibleFrom]:
    return {name: VisibleFrom.model_validate(one) for name, one in DEFAULTS[viewer].items()}  # type: ignore[misc]


ByClass = dict[WalletClass, VisibleFrom]


class Visibility(Model):
    """The matrix class x amount x viewer. Companies and merchants are always seen by name."""

    operator: ByClass = param(
        default_factory=lambda: _default("operator"), doc="What the operators see, by class.", role="lever",
        source=_SOURCE,
    )  # fmt: skip
    central_bank: ByClass = param(
        default_factory=lambda: _default("central_bank"), doc="What the central bank sees, by class.", role="lever",
        source=_SOURCE,
    )  # fmt: skip
    regulator: ByClass = param(
        default_factory=lambda: _default("regulator"), doc="What the regulator sees, by class.", role="lever",
        source=_SOURCE,
    )  # fmt: skip
    merchant: ByClass = param(
        default_factory=lambda: _default("merchant"), doc="What a merchant sees of who pays it, by class.",
        role="lever", source=_SOURCE,
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: object) -> object:
        """Fill in what a scenario leaves out, so that the resolved scenario shows the whole matrix."""
        if not isinstance(data, dict):
            return data
        filled: dict[object, object] = dict(data)
        for viewer, classes in DEFAULTS.items():
            given = filled.get(viewer, {})
            if not isinstance(given, dict):
                continue
            own: dict[object, object] = dict(given)
            for name, usual in classes.items():
                one = own.get(name, {})
                if isinstance(one, dict):
                    own[name] = {**usual, **one}
            filled[viewer] = own
        return filled


def by_viewer(visibility: Visibility) -> Mapping[str, ByClass]:
    """The matrix by viewer."""
    return {viewer: getattr(visibility, viewer) for viewer in VIEWERS}
