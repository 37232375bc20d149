"""What the numbers rest on; the check of the books; how to run it again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Code, Heading, Note, Paragraph, Section, Table
from reports.sections.context import Context
from reports.sections.risk import DERIVED
from reports.source import Parameter
from reports.text import say
from reports.view.parameters import Line, fold_alike, from_command_line, is_set
from sandbox.feature import declared
from sandbox.metric import declared_metrics
from sandbox.visible import few_digits

_MEMBERS_SHOWN = 12


def basis(context: Context) -> Section:
    """Levers set, fitted and assumed parameters, sources, and the lines of the risk figures."""
    blocks: list[Block] = []
    parameters = [one for one in context.run.parameters if one.role != "text"]
    if not parameters:
        blocks.append(Paragraph(say("basis.none")))
    else:
        blocks += _parameters(parameters)
    rows = tuple((formats.capital(label), source) for label, source in _thresholds(context))
    head = say("col.what"), say("col.source_of")
    blocks.append(Table(say("basis.lines"), head, rows, text_columns=2, folded=True))
    return Section("basis", say("basis.title"), tuple(blocks))


def _thresholds(context: Context) -> Iterator[tuple[str, str]]:
    """What figures of this run are held against, and who says so."""
    derived = (*DERIVED, *(one for _, chapter in declared(Chapter) for one in chapter.derived))
    for one in (*declared_metrics(), *derived):
        section = one.path.partition(".*")[0] if ".*" in one.path else one.path.rpartition(".")[0]
        if one.threshold is not None and context.run.get(section) is not None:
            yield re.sub(r",? ?\{\}", "", one.label), one.threshold.source


def _parameters(parameters: list[Parameter]) -> list[Block]:
    chosen = [one for one in parameters if is_set(one)]
    fitted = [one for one in parameters if one.status == "FITTED"]
    assumed = [one for one in parameters if one.status == "ASSUMED" and one.role != "design"]
    sourced = [one for one in parameters if one.status == "sourced"]
    levers = [one for one in chosen if one.role == "lever"]
    others = [one for one in chosen if one.role != "lever"]
    counts = {"all": parameters, "set": chosen, "fitted": fitted, "assumed": assumed}
    blocks: list[Block] = [
        Paragraph(say("basis.intro", **{name: formats.count(len(ones)) for name, ones in counts.items()})),
        Heading("levers", say("basis.levers")),
    ]
    blocks += _table("basis.levers", levers, set_by=True)
    if others:
        blocks += _table("basis.others", others, set_by=True, folded=True)
    blocks.append(Heading("fitted", say("basis.fitted")))
    blocks += _table("basis.fitted", fitted, note="basis.fitted.note")
    blocks.append(Heading("assumed", say("basis.assumed")))
    blocks += _table("basis.assumed", assumed, note="basis.assumed.note", folded=True)
    blocks.append(Heading("sources", say("basis.sources")))
    return blocks + _table("basis.sources", sourced, folded=True)


def _table(
    key: str, parameters: list[Parameter], *, set_by: bool = False, note: str = "", folded: bool = False
) -> list[Block]:
    if not parameters:
        return [Paragraph(say(f"{key}.none"))] if key != "basis.sources" else []
    last = say("col.set_by") if set_by else say("col.source_of")
    head = (say("col.parameter"), say("col.value"), say("col.meaning"), last)
    rows = tuple(
        (_path(line), few_digits(line.value), line.doc, line.set_by if set_by else line.source or "–")
        for line in fold_alike(parameters)
    )
    title, words = say(f"{key}.title"), say(note) if note else ""
    return [Table(title, head, rows, text_columns=4, folded=folded, printed=key != "basis.sources", note=words)]


def _path(line: Line) -> str:
    if len(line.members) < 2:
        return line.path
    few = len(line.members) <= _MEMBERS_SHOWN
    members = ", ".join(line.members) if few else say("basis.more_members", count=len(line.members))
    return say("basis.of", path=line.path, members=members)


def check(context: Context) -> Section:
    """The books, the command that repeats the run, and how sure a number is."""
    blocks = [*_books(context), *_repeat(context), *_luck(context)]
    return Section("check", say("check.title"), tuple(blocks))


def _books(context: Context) -> list[Block]:
    ok = context.run.get("conservation.ok")
    answer = "check.unknown" if ok is None else "check.ok" if ok else "check.bad"
    text = say(answer)
    blocks: list[Block] = [
        Heading("books", say("check.books")),
        Note(text) if answer == "check.bad" else Paragraph(text),
    ]
    found: Mapping[str, Mapping[str, Any]] = context.run.get("conservation.by_currency") or {}
    if found:
        rows = tuple(
            (currency, *(formats.yuan(one.get(f"{part}_fen")) for part in ("issued", "held", "sum")))
            for currency, one in found.items()
        )
        head = tuple(say(f"col.{name}") for name in ("currency", "issued", "held", "sum"))
        blocks.append(Table(say("check.table"), head, rows))
    return blocks


def command(name: str, seed: object, settings: Iterable[tuple[str, str]]) -> str:
    """The command that repeats a run.

    >>> command("luohu", 7, [("rules.box.enabled", "true")])
    'ecny-sandbox run luohu --seed 7 --set rules.box.enabled=true'
    """
    words = ["ecny-sandbox", "run", name, "--seed", str(seed)]
    for path, value in settings:
        words += ["--set", f"{path}={value}"]
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """A word for the shell; in double quotes, which Windows knows too, if they do."""
    plain = shlex.quote(word)
    safe = word.count("%") < 2 and not set(word) & set('"\\$`!^\n')
    return f'"{word}"' if plain != word and safe else plain


def _repeat(context: Context) -> list[Block]:
    run, manifest = context.run, context.run.manifest
    name, seed = str(run.get("scenario.name") or "–"), run.get("scenario.seed")
    scenario = manifest.get("scenario")
    digest = scenario.get("digest") if isinstance(scenario, Mapping) else None
    rows = [
        (say("check.scenario"), name),
        (say("asked.seed"), str(seed)),
        (say("check.digest"), str(digest or "–")),
        (say("check.version"), str(manifest.get("version") or "–")),
        (say("check.rows"), formats.count(run.payment_rows)),
    ]
    blocks: list[Block] = [
        Heading("repeat", say("check.repeat")),
        Paragraph(say("check.command")),
        Code(command(name, seed, from_command_line(run.parameters))),
        Paragraph(say("check.folder")),
        Code("ecny-sandbox run scenario.yaml"),
        Table(say("check.identity"), (say("asked.item"), say("asked.value")), tuple(rows), text_columns=2),
    ]
    if run.payment_rows is not None and run.payment_rows < (context.whole("throughput.payments") or 0):
        blocks.append(Note(say("check.sampled")))
    return blocks


def _luck(context: Context) -> list[Block]:
    """Two standard errors of a share of one half: the widest a share can be uncertain by counting alone."""
    settled = context.whole("throughput.settled") or 0
    text = say("check.luck_none")
    if settled:
        error = formats.decimal(100 / settled**0.5)
        text = say("check.luck_one" if settled == 1 else "check.luck_text", settled=formats.count(settled), error=error)
    return [Heading("luck", say("check.luck")), Paragraph(text)]
