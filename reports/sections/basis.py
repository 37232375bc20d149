"""What the numbers rest on; the check of the books; how to run it again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

from reports import formats
from reports.blocks import table
from reports.chapter import Chapter
from reports.document import Block, Code, Heading, Note, Paragraph, Section, Table
from reports.names import REGIMES
from reports.sections.context import Context
from reports.sections.readings import DERIVED
from reports.source import Parameter
from reports.view.parameters import Line, fold_alike, from_command_line, is_set
from sandbox.feature import declared
from sandbox.language import _, named, plural, translated
from sandbox.metric import declared_metrics
from sandbox.visible import few_digits

_MEMBERS_SHOWN = 12
_HOLE = "\0"
"""Where a label names something, which lines do not."""


def basis(context: Context) -> Section:
    """Levers set, fitted and assumed parameters, sources, and the lines of the risk figures."""
    blocks: list[Block] = [_frame(context)]
    parameters = [one for one in context.run.parameters if one.role != "text"]
    if not parameters:
        blocks.append(Paragraph(_("This run names no parameters.")))
    else:
        blocks += _parameters(parameters)
    rows = tuple((formats.capital(label), source) for label, source in _thresholds(context))
    head = _("What"), _("Source")
    blocks.append(Table(_("Lines of the risk figures"), head, rows, text_columns=2, folded=True))
    return Section("basis", _("What the numbers rest on"), tuple(blocks))


def _frame(context: Context) -> Table:
    run = context.run
    rows = (
        (_("Simulated start (local time)"), formats.moment(context.start, 0)),
        (_("Demand lasts"), context.section("scenario").duration("duration_us")),
        (_("Regime"), named(REGIMES, run.get("scenario.regime") or "–")),
        (_("Bin of the time series"), formats.duration(run.bin_us)),
        (_("Seed"), str(run.get("scenario.seed"))),
        (_("Attempts per payment, mean"), context.section("throughput").shown("attempts_mean")),
    )
    return Table(_("The frame"), (_("Item"), _("Value")), rows, text_columns=2)


def _thresholds(context: Context) -> Iterator[tuple[str, str]]:
    """What figures of this run are held against, and who says so."""
    derived = (*DERIVED, *(one for __, chapter in declared(Chapter) for one in chapter.derived))
    for one in (*declared_metrics(), *derived):
        section = one.path.partition(".*")[0] if ".*" in one.path else one.path.rpartition(".")[0]
        if one.threshold is not None and context.run.get(section) is not None:
            yield (
                re.sub(rf",? ?{_HOLE}", "", one.called([_HOLE] * one.label.count("{}"))),
                translated(one.threshold.source),
            )


def _parameters(parameters: list[Parameter]) -> list[Block]:
    chosen = [one for one in parameters if is_set(one)]
    fitted = [one for one in parameters if one.status == "FITTED"]
    assumed = [one for one in parameters if one.status == "ASSUMED" and one.role != "design"]
    sourced = [one for one in parameters if one.status == "sourced"]
    levers = [one for one in chosen if one.role == "lever"]
    others = [one for one in chosen if one.role != "lever"]
    counts = {"all": parameters, "set": chosen, "fitted": fitted, "assumed": assumed}
    blocks: list[Block] = [
        Paragraph(
            _(
                "Parameters in force: {all}. Set in this scenario: {set}. FITTED, so that results meet published ones: "
                "{fitted}. ASSUMED, for nobody published them: {assumed}, not counting the design of the study (how "
                "large, how long, which seed). The others have a source.",
                **{name: formats.count(len(ones)) for name, ones in counts.items()},
            )
        ),
        Heading("levers", _("Levers set in this scenario")),
    ]
    blocks += _table(
        _("What the regulator or an operator chose here"),
        levers,
        none=_("No lever was set: all rules are the simulator's defaults."),
        set_by=True,
    )
    if others:
        blocks += _table(_("Other parameters set in this scenario"), others, set_by=True, folded=True)
    blocks.append(Heading("fitted", _("Fitted parameters")))
    note = _("What a fitted parameter was fitted to is no test of the model.")
    blocks += _table(
        _("Chosen so that results meet published ones"), fitted, none=_("No parameter was fitted."), note=note
    )
    blocks.append(Heading("assumed", _("Assumed parameters")))
    note = _("Change one with --set PATH=VALUE and run again to see whether the answer depends on it.")
    blocks += _table(
        _("Values that nobody published"),
        assumed,
        none=_("Every number has a published source."),
        note=note,
        folded=True,
    )
    blocks.append(Heading("sources", _("Sources")))
    return blocks + _table(_("Parameters with a published source"), sourced, folded=True, printed=False)


def _table(
    title: str,
    parameters: list[Parameter],
    *,
    none: str = "",
    set_by: bool = False,
    note: str = "",
    folded: bool = False,
    printed: bool = True,
) -> list[Block]:
    """Parameters, or the sentence that there are `none`."""
    if not parameters:
        return [Paragraph(none)] if none else []
    last = _("Set by") if set_by else _("Source")
    head = (_("Parameter"), _("Value"), _("What it is"), last)
    rows = tuple(
        (
            _path(line),
            few_digits(line.value),
            translated(line.doc),
            line.set_by if set_by else translated(line.source) or "–",
        )
        for line in fold_alike(parameters)
    )
    return [Table(title, head, rows, text_columns=4, folded=folded, printed=printed, note=note)]


def _path(line: Line) -> str:
    if len(line.members) < 2:
        return line.path
    few = len(line.members) <= _MEMBERS_SHOWN
    members = formats.listed(line.members) if few else _("{count} of them", count=len(line.members))
    return _("{path} ({members})", path=line.path, members=members)


def check(context: Context) -> Section:
    """The books, the command that repeats the run, and how sure a number is."""
    blocks = [*_books(context), *_repeat(context), *_precision(context)]
    return Section("check", _("Check and repeat"), tuple(blocks))


def _books(context: Context) -> list[Block]:
    ok = context.run.get("conservation.ok")
    if ok is None:
        answer: Block = Paragraph(_("This run says nothing about its books."))
    elif ok:
        answer = Paragraph(
            _(
                "Yes. All balances, the issuer's included, sum to zero in every currency, and every fen issued is held "
                "by somebody."
            )
        )
    else:
        answer = Note(
            _(
                "No. Money was made or lost: this is a fault of the simulator. Do not use this run's numbers, and "
                "report it."
            )
        )
    numbers = table(
        _("Issued and held"),
        context.section("conservation").sections("by_currency").items(),
        (_("Currency"), lambda of: of[0]),
        (_("Issued, yuan"), lambda of: formats.yuan(of[1].whole("issued_fen"))),
        (_("Held, yuan"), lambda of: formats.yuan(of[1].whole("held_fen"))),
        (_("Sum of all balances, yuan"), lambda of: formats.yuan(of[1].whole("sum_fen"))),
    )
    return [Heading("books", _("Do the books balance?")), answer, *([numbers] if numbers.rows else [])]


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
        (_("Scenario"), name),
        (_("Seed"), str(seed)),
        (_("Digest of the resolved scenario"), str(digest or "–")),
        (_("Version of ecny-sandbox"), str(manifest.get("version") or "–")),
        (_("Payments recorded in payments.parquet"), formats.count(run.payment_rows)),
    ]
    blocks: list[Block] = [
        Heading("repeat", _("Run it again")),
        Paragraph(
            _(
                "The same scenario and seed give the same numbers, on any machine; a scenario of your own goes by the "
                "path of its file:"
            )
        ),
        Code(command(name, seed, from_command_line(run.parameters))),
        Paragraph(_("Or from this folder, with every value in force written out:")),
        Code("ecny-sandbox run scenario.yaml"),
        Table(_("This run"), (_("Item"), _("Value")), tuple(rows), text_columns=2),
    ]
    if run.payment_rows is not None and run.payment_rows < context.section("throughput").amount("payments"):
        blocks.append(
            Note(
                _("Only a part of the payments was recorded one by one; the numbers in this report count all of them.")
            )
        )
    return blocks


def _precision(context: Context) -> list[Block]:
    """Two standard errors of a share of one half: the widest a share can be uncertain by counting alone."""
    settled = context.section("throughput").amount("settled")
    text = _("All numbers above are from one run with one seed.")
    if settled:
        error = formats.decimal(100 / settled**0.5)
        text = plural(
            "All numbers above are from one run with one seed, in which one payment settled: they are due to chance. "
            "Run again with other seeds (--seed 2, --seed 3, …), or longer.",
            "All numbers above are from one run with one seed. To see how much is due to chance, run again with other "
            "seeds (--seed 2, --seed 3, …) and compare; a share resting on {settled} settled payments cannot be read "
            "finer than about ±{error} percentage points.",
            settled,
            settled=formats.count(settled),
            error=error,
        )
    return [Heading("precision", _("How sure is one number?")), Paragraph(text)]
