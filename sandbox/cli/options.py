"""Options that several verbs share, and how their text is read."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.shell_completion import CompletionItem

from sandbox.language import N_, _

if TYPE_CHECKING:
    from sandbox.scenario.errors import ScenarioError

    _Choice = click.Choice[str]
else:
    _Choice = click.Choice

F = TypeVar("F", bound=Callable[..., Any])
Read = TypeVar("Read")
Value = TypeVar("Value")

LARGEST_SEED: Final = 2**63 - 1
_SETTING: Final = N_("'{text}' is not PATH=VALUE, such as rules.box.enabled=true; with spaces in it, it goes in quotes")
_VARIED: Final = N_("'{text}' is not PATH=V1,V2,... or PATH=LOW..HIGH, such as ledger.servers=4,8")
_PRECISION: Final = N_("'{text}' is not METRIC=SHARE, such as throughput.latency_ms.p99=2%")
_OPEN: Final = {"[": "]", "{": "}", "(": ")", "'": "'", '"': '"'}


class Once(click.Option):
    """An option, which may be given once unless it says otherwise; click would let the last one stand for all."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """As click's, with a look at what was given before."""
        super().add_to_parser(parser, ctx)
        if self.multiple or self.is_flag:
            return
        (read,) = {id(one): one for one in (parser._long_opt.get(name) for name in self.opts) if one}.values()
        process = read.process

        def processed(value: Any, state: Any) -> None:
            if read.dest in state.opts:
                raise click.UsageError(_("{option} is given twice; it can have one value.", option=self.opts[0]), ctx)
            process(value, state)

        read.process = processed


option: Final = partial(click.option, cls=Once)


class Place(click.Path):
    """Where something is written; nothing, as of a shell's variable that is not set, is no place."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click's."""
        if not str(value).strip():
            self.fail(_("there is no name; is the shell's variable set?"))
        return super().convert(value, param, ctx)


class Whole(click.IntRange):
    """A whole number between bounds, and called so in errors."""

    name = _("whole number")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click's, with numbers read as everywhere else."""
        if isinstance(value, str):
            from sandbox.scenario.corrections import corrected
            from sandbox.scenario.numerals import number

            found = number(value)
            if not isinstance(found, int):
                near = corrected(value, lambda words: number(words) if "." not in words else None)
                self.fail(hinted(_("'{text}' is not a valid whole number.", text=value), near))
            value = found
        return super().convert(value, param, ctx)


class OneOf(_Choice):
    """One of some names that are found out when they are asked for: features have some."""

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self._names, self.case_sensitive = names, True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names."""
        return tuple(self._names())


def callback(read: Callable[[Read], Value]) -> Callable[[click.Context, click.Parameter, Read], Value]:
    """What click calls with a value, of a function that reads it; whose value was wrong click says by itself."""
    return lambda ctx, param, value: read(value)


def settings(items: tuple[str, ...]) -> dict[str, str]:
    """`--set PATH=VALUE ...` as values by path."""
    values: dict[str, str] = {}
    for item in items:
        with contextlib.suppress(UnicodeError):
            item = os.fsencode(item).decode()  # whatever the terminal's locale takes its bytes for
        path, value = _parted(item, _SETTING)
        if path in values:
            raise click.BadParameter(_("'{path}' is set twice", path=path))
        values[path] = value.strip()
    return values


def hinted(problem: str, meant: str | None) -> str:
    """What is wrong, and what was meant, if that can be seen."""
    if meant is None:
        return problem
    return _("{problem}. Did you mean '{nearest}'?", problem=problem.rstrip("."), nearest=meant)


def _parted(item: str, message: str) -> tuple[str, str]:
    """What stands before and after `=`; of a full-width one, or a colon, the message says what was meant."""
    from sandbox.scenario.numerals import folded

    path, equals, value = item.partition("=")
    if equals and path.strip():
        return path.strip(), value
    plain = folded(item)
    if "=" not in plain and re.match(r"\s*[\w.\[\]'+-]+\s*:", plain):
        plain = plain.replace(":", "=", 1)
    raise click.BadParameter(hinted(_(message, text=item), plain if plain != item and "=" in plain else None))


@callback
def variants(items: tuple[str, ...]) -> list[dict[str, str]]:
    """Each `--set` one variant: `PATH=VALUE`, several joined by `;`."""
    found = [settings(tuple(one for one in split(item, ";") if one)) for item in items]
    for item, variant in zip(items, found, strict=True):
        if not variant:
            raise click.BadParameter(_(_SETTING, text=item))
    return found


@callback
def varied(items: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """`PATH=V1,V2,...`, `PATH=LOW..HIGH` or `PATH=LOW..HIGH log` as entries of an experiment."""
    from sandbox.scenario.corrections import without_group_commas
    from sandbox.scenario.numerals import folded

    entries: dict[str, dict[str, Any]] = {}
    for item in items:
        path, equals, words = item.partition("=")
        plain = re.sub(r"\s*(?:\.{2,}|…)\s*", "..", folded(words))
        if equals and plain != words and ("," in plain) + (".." in plain) > ("," in words) + (".." in words):
            raise click.BadParameter(hinted(_(_VARIED, text=item), f"{path.strip()}={plain}"))
        path, words = _parted(item, _VARIED)
        if path in entries:
            raise click.BadParameter(_("'{path}' is set twice", path=path))
        low, dots, high = words.partition("..")
        if dots:
            scale = "log" if high.rstrip().endswith(" log") else "linear"
            high = high.rstrip().removesuffix(" log")
            entries[path] = {"low": low.strip(), "high": high.strip(), "scale": scale}
        else:
            if not set(words) & set(_OPEN) and (meant := without_group_commas(words)) is not None:
                message = N_("in '{text}' commas seem to stand inside numbers as well as between them; write '{meant}'")
                raise click.BadParameter(_(message, text=item, meant=f"{path}={meant}"))
            entries[path] = {"values": split(words, ",")}
        if not all(entries[path].get("values", [low.strip(), high.strip()])):
            message = N_("'{text}' has no value to try; give PATH=V1,V2,... or PATH=LOW..HIGH")
            raise click.BadParameter(_(message, text=item))
    return entries


def split(words: str, at: str) -> list[str]:
    """Split outside brackets and quotes.

    >>> split("1 h, 2 h", ","), split("[a, b], []", ","), split("", ",")
    (['1 h', '2 h'], ['[a, b]', '[]'], [''])
    """
    parts: list[str] = []
    closing: list[str] = []
    begin = 0
    for place, char in enumerate(words):
        if closing and char == closing[-1]:
            closing.pop()
        elif char in _OPEN and not (closing and closing[-1] in "'\""):
            closing.append(_OPEN[char])
        elif char == at and not closing:
            parts.append(words[begin:place].strip())
            begin = place + 1
    return [*parts, words[begin:].strip()]


@callback
def precisions(items: tuple[str, ...]) -> dict[str, float]:
    """`METRIC=2%` as shares by metric."""
    found: dict[str, float] = {}
    for item in items:
        metric, words = _parted(item, _PRECISION)
        found[metric] = share(words)
        if not found[metric] < 1:
            raise click.BadParameter(_(_PRECISION, text=item))
    return found


def quantity(words: str, read: Callable[[str], Any]) -> Any:
    """A quantity as a scenario has it; what it should be, or was meant to be, if it is none."""
    try:
        return read(words)
    except ValueError as error:
        near = (getattr(error, "context", None) or {}).get("near")
        raise click.BadParameter(hinted(_("'{text}': {problem}", text=words, problem=error), near)) from None


def share(words: str) -> float:
    """`99 %` or `0.99`, above 0 and at most 1."""
    from sandbox.scenario.units import parse_share

    found: float = quantity(words, parse_share)
    if not 0 < found <= 1:
        raise click.BadParameter(_("'{text}' is not a share above 0 and at most 1, such as 5% or 0.05", text=words))
    return found


@callback
def recorded(words: str) -> str:
    """`all`, `none` or `sample:F`."""
    from sandbox.api import parse_record

    try:
        parse_record(words)
    except ValueError:
        message = N_("'{text}' is not all, none or sample:F with a share F above 0 and at most 1")
        raise click.BadParameter(_(message, text=words)) from None
    return words


def noted(notes: Iterable[ScenarioError]) -> list[str]:
    """What a scenario's author may not have meant, a line each."""

    return [str(replace(one, problem=_("note: {problem}", problem=one.problem))) for one in notes]


def told(scenarios: Iterable[str], settings: Iterable[Mapping[str, Any]], seed: int | None) -> list[str]:
    """What the authors of scenarios, and of variants of the first one, may not have meant; each line once."""
    from sandbox.scenario.errors import ScenarioErrors
    from sandbox.scenario.load import template

    first, *others = [template(one) for one in scenarios]
    loads = [*((one, None) for one in others), *((first, values) for values in settings)]
    lines = []
    for one, values in loads:
        with contextlib.suppress(ScenarioErrors):  # who does the work says what is wrong
            lines += noted(one.load(values, seed).notes)
    return list(dict.fromkeys(lines))


def given(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order in which `--help` shows them."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


seed = option(
    "--seed",
    type=Whole(0, LARGEST_SEED),
    metavar="N",
    help=_("Seed of every random stream, instead of the scenario's."),
)
overrides = option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    callback=callback(settings),
    help=_('One value instead of the scenario\'s, such as "demand.segments.retail.payments=50000 /day". Repeatable.'),
)


def numbers(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Numbers of a summary that begin like this, for a shell to complete; up to where a name follows."""
    from sandbox.metric import ANY, TEXT, declared_metrics

    heads = {one.path.partition(ANY)[0]: one.label for one in declared_metrics() if one.unit != TEXT}
    return [
        CompletionItem(head, help=label if not head.endswith(".") else None)
        for head, label in heads.items()
        if head.startswith(incomplete)
    ]


metric = option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    shell_complete=numbers,
    help=_("A number of summary.json to look at, by dotted name. Repeatable."),
)

workers = given(
    option(
        "--processes",
        type=Whole(1, 1024),
        metavar="N",
        help=_("Processes on this machine; as many as cores if not given."),
    ),
    option(
        "--cluster",
        metavar="ADDRESS|local",
        help=_("Address of a Dask scheduler, or `local` for a cluster on this machine."),
    ),
    option("--yes", is_flag=True, help=_("Do it however many runs it is.")),
)
"""Who makes many runs."""

record = option(
    "--record",
    default="all",
    show_default=True,
    metavar="all|sample:F|none",
    callback=recorded,
    help=_("Which payments go into payments.parquet: all, none, or a share of them such as sample:0.1."),
)
keep_tables = option(
    "--keep-tables",
    metavar="PLACE",
    help=_(
        "Keep each run as a run folder under its content hash here: a folder that all workers see, or a "
        "URL for fsspec (s3://...). --record says which payments."
    ),
)

output = given(
    option("--out", type=Place(), metavar="DIR", help=_("The folder; sweeps/NAME-DIGEST if not given.")),
    option("--no-report", is_flag=True, help=_("Write tables and summary only.")),
    option("--force", is_flag=True, help=_("Replace an earlier finished run in the same folder.")),
    option("--quiet", is_flag=True, help=_("Print nothing but errors.")),
    option("--json", "as_json", is_flag=True, help=_("Print summary.json instead of the short summary.")),
)
"""Where many runs go, and what is printed of them."""
