"""`ecny-sandbox`: finds the verb, and turns whatever goes wrong into an exit status and a line for people.

Exit status: 0 done; 1 the run failed (an invariant, a full disk, a bug); 2 bad usage or a bad file; 130 Ctrl-C.
A user's mistake never shows a traceback; a bug does under `ECNY_SANDBOX_DEBUG=1`.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import select
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import click

from sandbox import __version__
from sandbox.cli.text import text
from sandbox.signals import signals_as_exits

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
    "verify",
    "export",
    "validation",
)
"""In the order in which `--help` shows them; `sandbox/cli/<verb>.py` holds `command`."""


class ReaderGone(Exception):
    """Whoever read our output has gone (`| head`)."""


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
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            near = difflib.get_close_matches(name, VERBS, n=1)
            hint = " " + text("nearest_verb", nearest=near[0]) if near else ""
            raise click.UsageError(text("unknown_verb", name=name) + hint, ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """As click's; `--help` prints here."""
        with _pipes():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """As click's; verbs print here."""
        with _pipes():
            return super().invoke(ctx)


@contextlib.contextmanager
def _pipes() -> Iterator[None]:
    """Tell a pipe whose reader has gone, which is no failure, from every other broken pipe."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        output = select.poll()
        output.register(sys.stdout.fileno(), 0)
        if not output.poll(0):
            raise RuntimeError("a pipe inside the program broke") from None
        raise ReaderGone from None


@click.command(cls=Verbs, help=text("help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ecny-sandbox")
def group() -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit status."""
    with signals_as_exits():
        sys.exit(status_of(sys.argv[1:] if arguments is None else arguments))


def status_of(arguments: list[str]) -> int:
    """Run the command line; returns the exit status."""
    try:
        result: Any = group.main(arguments, prog_name="ecny-sandbox", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ReaderGone:
        # Keep Python from complaining about it when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BaseException as error:
        from sandbox.cli.failures import report

        return report(error)
