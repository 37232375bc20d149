"""What a loader may do with a file: refuse it in so many words, or take all of it as it stands.

A finding is a sentence that begins with its sort: `crash`, `slow`, `message`, `accepted`, `dropped`, `changed`,
`refused`, `moved`. Nothing found is right.
"""

from __future__ import annotations

import re
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any, Final

from pydantic import BaseModel

from sandbox.scenario.errors import ScenarioError, ScenarioErrors
from sandbox.scenario.introspection import Shape, shapes
from sandbox.scenario.load import Loaded, load, template_of
from sandbox.scenario.schema.answers import Answer
from sandbox.scenario.schema.demand import PROFILES, TICKETS, Profile, Ticket
from tests.fuzz.mutants import REFUSED, SAME, Mutant
from tests.fuzz.reader import Scalar, Typed, Unreadable, everything_typed, read, value
from tests.fuzz.sites import ROOT

MOST_CPU_S: Final = 20
FILE: Final = "case.yaml"
NOT_FOR_PEOPLE: Final = re.compile(
    r"\bbug\b|Traceback|<class|<function| object at 0x|\bNoneType\b|\bNone\b|\bTrue\b|\bFalse\b|pydantic|ruamel|"
    r"Decimal\(|datetime\.|\binput_value|\bstr\b|\bint\b|\bdict\b|\bfloat\b|\bnan\b|Error\b|\[type=|\bsandbox\.|\b\w+_type\b|__|"
    r"\{\w+\}|is not valid here|Input should"
)
"""What belongs to Python or to the inside of the house."""
GIVEN: Final = re.compile(r"'(?:[^']|'(?=\w))*'|`[^`]*`|“[^”]*”")
"""What a message repeats of the file."""


class TooSlow(BaseException):
    """The CPU time is used up; nothing in between may take it for an error of its own."""


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Stop what takes more CPU time than this.

    Raises:
        TooSlow: it did.
    """

    def stop(_: int, frame: FrameType | None) -> None:
        raise TooSlow("".join(traceback.format_stack(frame, 3)))

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def judged(mutant: Mutant, folder: Path, thorough: bool = False) -> tuple[list[str], Loaded | None]:
    """What is wrong with how a mutant is loaded, and the scenario if it is accepted."""
    file = folder / FILE
    file.write_bytes(mutant.data)
    try:
        with no_longer_than(MOST_CPU_S):
            loaded = load(file)
    except ScenarioErrors as errors:
        return list(_refusal(errors, mutant, file)), None
    except TooSlow as stopped:
        return [f"slow: more than {MOST_CPU_S} CPU-s: {stopped}"], None
    except Exception as error:  # the point of it all
        return [f"crash: {type(error).__name__}: {error}\n{traceback.format_exc(limit=-3)}"], None
    found = list(_acceptance(loaded, mutant, folder))
    if thorough and not found:
        found += _again(loaded)
    return found, loaded


def _refusal(errors: ScenarioErrors, mutant: Mutant, file: Path) -> Iterator[str]:
    if mutant.meaning == SAME:
        yield f"refused: the same in other words: {str(errors)[:300]}"
    if not errors.errors:
        yield "message: refused without a reason"
    # As many as any editor would count; the loader may count fewer.
    lines = len(re.split(rb"\r\n|\r|\n", mutant.data)) + 1
    for error in errors.errors[:20]:
        yield from _message(error, file, lines)
    if mutant.line is not None and all(error.line != mutant.line for error in errors.errors):
        yield f"message: the mistake is in line {mutant.line}: {str(errors)[:300]}"
    if len(str(errors)) > 100_000:
        yield f"message: {len(str(errors))} characters"


def _message(error: ScenarioError, file: Path, lines: int) -> Iterator[str]:
    words = str(error)
    if error.file != str(file) and not error.file.startswith("scenarios/"):
        yield f"message: it names another file: {words[:200]!r}"
    if error.line is None and error.path:
        yield f"message: no line: {words[:300]!r}"
    elif error.line is not None and error.file == str(file) and not 1 <= error.line <= lines:
        yield f"message: line {error.line} of {lines}: {words[:200]!r}"
    own = GIVEN.sub("'…'", f"{error.problem}; {error.expected or ''}")
    if error.value:
        own = re.sub(rf"(?<!\w){re.escape(error.value)}(?!\w)", "…", own)
    if not error.problem.strip() or (inside := NOT_FOR_PEOPLE.search(own)):
        said = inside.group() if error.problem.strip() and inside else ""
        yield f"message: not for people ({said}): {words[:300]!r}"
    if len(words) > 1_500 or not words.replace("\n", " ").isprintable():
        yield f"message: {len(words)} characters, or some that cannot be shown: {words[:300]!r}"


def _acceptance(loaded: Loaded, mutant: Mutant, folder: Path) -> Iterator[str]:
    if mutant.meaning == REFUSED:
        yield "accepted: it means nothing"
    try:
        typed = list(everything_typed(read(mutant.data)))
    except Unreadable as error:
        yield f"accepted: another library cannot read it: {str(error)[:300]}"
        return
    extends = any(path == ("extends",) for path, _ in typed)
    for path, said in typed:
        # To what is taken from another scenario, an empty mapping adds nothing.
        if not (extends and said == "{}"):
            yield from _is_there(path, said, loaded)
    if mutant.meaning == SAME and loaded.digest != _digest(mutant, folder):
        yield "changed: the same in other words has another digest"


_digests: dict[str, str] = {}


def _digest(mutant: Mutant, folder: Path) -> str:
    text = mutant.base.text
    if text not in _digests:
        file = folder / "base.yaml"
        file.write_text(text, encoding="utf-8")
        _digests[text] = load(file).digest
    return _digests[text]


def _is_there(path: tuple[str | int, ...], said: Scalar | str, loaded: Loaded) -> Iterator[str]:
    """Whether what was typed is in the scenario."""
    where = ".".join(map(str, path))
    if path[0] in ("extends", "sources"):
        return
    if path[0] == "look_for" and len(path) == 2 and isinstance(said, Scalar):
        # These are added to those of the scenario that is extended.
        if value(said, "text") not in loaded.scenario.look_for:
            yield f"dropped: {where} is nowhere"
        return
    here: Any = loaded.scenario
    shape: Shape | None = ROOT
    for step in path:
        here, shape = _below(here, shape, step)
        if shape is None:
            yield f"dropped: {where} is nowhere"
            return
    if shape is not None and (isinstance(said, str) or not said.is_null):
        yield from _is_it(where, said, here, shape)


def _below(here: Any, shape: Shape | None, step: str | int) -> tuple[Any, Shape | None]:
    """What is in force under a name or number, and what belongs there; no shape if nothing is."""
    if isinstance(here, BaseModel) and isinstance(step, str):
        below = shapes(type(here)).get(step)
        return (getattr(here, step), below) if below is not None else (None, None)
    is_entry = isinstance(here, dict) and step in here
    is_item = isinstance(here, list) and isinstance(step, int) and step < len(here)
    return (here[step], shape.item) if shape is not None and (is_entry or is_item) else (None, None)


def _is_it(where: str, said: Scalar | str, here: Any, shape: Shape) -> Iterator[str]:
    """Whether what is in force is what was typed."""
    if isinstance(said, str):
        if here is None or (
            isinstance(here, (dict, list)) and (len(here) > 0 or isinstance(here, dict) != (said == "{}"))
        ):
            yield f"changed: {where} was {said}, and is {str(here)[:100]}"
        return
    if shape.kind == "section":
        if isinstance(here, Answer):
            right = here.metric == value(said, "text")
        elif isinstance(here, Ticket) and said.words in TICKETS:
            right = (here.median, here.sigma) == TICKETS[said.words]
        else:
            right = isinstance(here, Profile) and [here.weekday, here.weekend] == [*PROFILES.get(said.words, ())]
        if not right:
            yield f"changed: {where} was {said.words[:60]!r}, and is {str(here)[:100]}"
        return
    bare = (where.startswith("experiment.") and not said.quoted) or where.startswith("answers.")
    if bare and shape.unit == "text" and str(here) == said.words:
        return
    try:
        meant = value(said, shape.unit)
    except (Unreadable, AssertionError):
        yield f"accepted: {where} was {said.words[:60]!r}, and is {str(here)[:60]}: another reader makes nothing of it"
        return
    if not _equal(meant, here):
        yield f"changed: {where} was {said.words[:60]!r}, and is {str(here)[:60]}, not {str(meant)[:60]}"


def _equal(meant: Any, here: Any) -> bool:
    if isinstance(here, bool) or isinstance(meant, bool):
        return meant is here
    if isinstance(here, int) and isinstance(meant, Fraction):
        return meant == here
    if isinstance(here, float) and isinstance(meant, Fraction):
        return abs(Fraction(here) - meant) <= abs(meant) / 10**14 + Fraction(1, 10**320)
    return bool(meant == here)


def _again(loaded: Loaded) -> Iterator[str]:
    """Whether the scenario written out is the same scenario."""
    try:
        same = template_of(loaded.resolved_yaml(), FILE).load()
    except ScenarioErrors as errors:
        yield f"moved: what it was resolved to is refused: {str(errors)[:300]}"
        return
    if same.digest != loaded.digest and loaded.scenario.demand.trace is None:
        yield "moved: what it was resolved to is another scenario"


__all__ = ["MOST_CPU_S", "TooSlow", "Typed", "judged", "no_longer_than"]
