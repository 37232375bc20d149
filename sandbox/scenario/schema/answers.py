"""Schema of the answers: which numbers of a run answer the scenario's question, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, model_validator

from sandbox.language import N_
from sandbox.scenario.schema.fields import Model, Problem, Share, param
from sandbox.sentence import holes, is_whole

MOST: Final = 6
"""More tiles than that answer nothing."""

Entry = Annotated[str, Field(min_length=1, max_length=200)]
"""Path of an entry of the summary."""

Published = Annotated[
    str, BeforeValidator(lambda value: repr(value) if isinstance(value, (int, float)) else value),
    Field(min_length=1, max_length=100),
]  # fmt: skip
"""A number as the scenario writes it, with the unit of the entry that it is held against."""

OWN: Final = ("value", "other", "share", "difference")
"""What a sentence may take of its own answer; everything else in braces is the path of an entry."""


class Answer(Model):
    """A number that answers the question, alone or beside another. A text alone is the path of the metric."""

    metric: Entry = param(..., doc="Path of an entry of `summary.json`, as for `--metric`.", role="text")
    of: Entry | None = param(None, doc="The entry of which it is a part: the share is shown too.", role="text")
    against: Entry | None = param(None, doc="The entry that it is compared with.", role="text")
    published: Published | None = param(
        None, doc="The published number that it is compared with, with its unit.", role="text"
    )
    within: Share | None = param(
        None, doc="How far it may be from the published number, as a share of that, to agree with it.", role="text"
    )
    label: Annotated[str, Field(min_length=1, max_length=100)] | None = param(
        None, doc="What the number is called; the declared name if it is left out.", role="text"
    )
    beside: Annotated[str, Field(min_length=1, max_length=100)] | None = param(
        None, doc="What the entry is called that it is compared with (`against`).", role="text"
    )
    says: Annotated[str, Field(min_length=1, max_length=600)] | None = param(
        None,
        doc="A sentence in which `{value}`, `{other}`, `{share}`, `{difference}` of this answer, and any "
        "`{path.of.an.entry}`, are filled.",
        role="text",
    )

    @model_validator(mode="before")
    @classmethod
    def _path_alone(cls, value: object) -> object:
        return {"metric": value} if isinstance(value, str) else value

    def problems(self) -> Iterator[Problem]:
        """Comparisons that exclude one another, and sentences that cannot be filled."""
        given = [name for name in ("of", "against", "published") if getattr(self, name) is not None]
        if len(given) > 1:
            yield Problem((given[1],), N_("give one of `of`, `against` and `published`"))
        if self.within is not None and self.published is None:
            yield Problem(("within",), N_("there is no `published` number to be near to"))
        if self.beside is not None and self.against is None:
            yield Problem(("beside",), N_("there is nothing to compare with: `against` is missing"))
        if not is_whole(self.says or ""):
            yield Problem(("says",), N_("a brace has no partner"))
        elif not given and (alone := next((name for name in holes(self.says or "") if name in OWN[1:]), None)):
            needs = N_("`{name}` needs one of `of`, `against` and `published`")
            yield Problem(("says",), needs, name=f"{{{alone}}}")
