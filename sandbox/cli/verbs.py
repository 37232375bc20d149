"""The group of verbs; a verb's module is imported when it is asked for."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import click

from sandbox import installed
from sandbox.cli import options
from sandbox.language import VARIABLE, _, languages
from sandbox.version import __version__

VERBS: Final = (
    "run",
    "compare",
    "sweep",
    "capacity",
    "query",
    "list",
    "show",
    "new",
    "check",
    "schema",
    "report",
    "audit",
    "export",
    "validate",
)
"""In the order in which `--help` shows them; `sandbox/cli/<verb>.py` holds `command`."""
FORMER: Final = {"verify": "audit", "validation": "validate"}
"""Names that verbs had; they work as before and are not shown."""


class PipeBroke(Exception):
    """A broken pipe, past click, which would end the process without a word whatever pipe it was."""

    def __init__(self, error: BrokenPipeError) -> None:
        super().__init__(error)
        self.error = error


@contextlib.contextmanager
def _past_click() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise PipeBroke(error) from error


class Verbs(click.Group):
    """The group of verbs; a verb's module is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, or None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"sandbox.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest verb in the error."""
        name = FORMER.get(args[0], args[0])
        if name not in VERBS and not name.startswith("-"):
            near = [FORMER.get(one, one) for one in difflib.get_close_matches(name, (*VERBS, *FORMER), n=1)]
            hint = " " + _("Did you mean '{nearest}'?", nearest=near[0]) if near else ""
            raise click.UsageError(_("There is no command '{name}'.", name=name) + hint, ctx)
        return super().resolve_command(ctx, [name, *args[1:]])

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """As click's; `--help` prints here."""
        with _past_click():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """As click's; verbs print here."""
        installed.check()
        with _past_click():
            return super().invoke(ctx)


@click.command(
    cls=Verbs,
    help=_(
        "Simulate an e-CNY-style digital-currency payment system inside a regulatory sandbox.\n\nSCENARIO "
        "is a name from the gallery (see `list`) or a path to a YAML file.\n\nExit status: 0 done, 1 the "
        "run failed, 2 bad usage or a bad file."
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@options.option(
    "--lang",
    metavar="LANG",
    expose_value=False,
    shell_complete=lambda ctx, param, incomplete: [one for one in languages() if one.startswith(incomplete)],
    help=_("Language of what you read, such as en; {variable} names it for all commands.", variable=VARIABLE),
)
@click.version_option(__version__, prog_name="ecny-sandbox")
def group() -> None:
    pass
