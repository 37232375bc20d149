"""From an exception to an exit status and what standard error says about it."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from sandbox.cli import terminal
from sandbox.cli.verbs import PipeBroke
from sandbox.language import N_, UnknownLanguage, _
from sandbox.version import __version__
from sandbox.visible import visible

FAILED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130

_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def report(error: BaseException) -> int:
    """Say on standard error what went wrong; returns the exit status.

    Raises:
        SystemExit: `error` is one (a signal ended the run): it goes on as it came.
    """
    if isinstance(error, SystemExit):
        raise error
    if isinstance(error, PipeBroke):
        error = error.error
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort) and isinstance(error.__cause__, EOFError):
        error = error.__cause__  # click takes the end of any file for Ctrl-C; we ask nobody anything
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        _say(_("stopped; nothing was left behind"))
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        if isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
            error = click.UsageError(f"{error.message.rstrip('.')}. {_meant(error.message)}", error.ctx)
        terminal.complain_in(_usage(error))
        return BAD_INPUT
    if isinstance(error, terminal.OutputFailed):
        terminal.give_up_output()
        if not error.reader_gone:
            message = N_("standard output takes nothing ({reason}); what was to be written into files is there")
            _say(_(message, reason=error.reason))
        return 0 if error.reader_gone else FAILED
    lines = _bad_input(error)
    if lines is None:
        _say(_failure(error))
    else:
        terminal.complain(*lines)
    if os.environ.get("ECNY_SANDBOX_DEBUG") and (lines is None or error.__cause__ is not None):
        with terminal.quietly():
            traceback.print_exception(error, file=sys.stderr)
    return FAILED if lines is None else BAD_INPUT


def _meant(message: str) -> str:
    """What somebody may have meant by an argument too many: an option with dashes of another sort, or a space."""
    from sandbox.scenario.numerals import folded

    words = message.partition("(")[2].rpartition(")")[0].split()
    option = next((folded(word).lstrip("-") for word in words if folded(word).startswith("-")), None)
    return (
        _('What has spaces in it goes in quotes, such as --set "duration=5 h".')
        if not option
        else _("Did you mean '{meant}'?", meant=f"--{option}")
    )


@contextlib.contextmanager
def blaming(folder: str | Path) -> Iterator[None]:
    """What goes wrong while a folder is read that may come from anybody is its content's fault, unless it is said to be
    something else. Nothing of ours that is whole leads there.

    Raises:
        RunError: in the place of whatever else would be told as a bug.
    """
    from sandbox.records import RunError

    try:
        yield
    except (click.ClickException, OSError, MemoryError):
        raise
    except Exception as error:
        if _bad_input(error) is not None or _is_failure(error):
            raise
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        message = N_("{path}: holds what no run of this version writes ({reason}); `ecny-sandbox audit` looks closer")
        raise RunError(_(message, path=folder, reason=reason)) from error


def _usage(error: click.ClickException) -> str:
    """What click says, in its lines; nothing that a user typed makes another."""
    if not isinstance(error, click.exceptions.NoArgsIsHelpError):
        vars(error)["message"] = visible(error.message)
    words = io.StringIO()
    error.show(words)
    return words.getvalue()


def _say(message: str) -> None:
    terminal.complain(_("ecny-sandbox: {message}", message=" ".join(message.split())))


def _bad_input(error: BaseException) -> list[str] | None:
    """What to print of a mistake in a file or on the command line; None if it is none."""
    from sandbox.installed import NotInstalled

    if isinstance(error, NotInstalled):  # first, for what the others import may be what is not ours
        return [_("ecny-sandbox: {message}", message=str(error))]
    from sandbox.experiment.errors import ExperimentFailure
    from sandbox.extras import ExtraMissing
    from sandbox.records import RunError
    from sandbox.runfolder import OutputError
    from sandbox.scenario.errors import ScenarioErrors

    if isinstance(error, ScenarioErrors):
        return error.lines
    if isinstance(error, (RunError, OutputError, ExtraMissing, UnknownLanguage)) or (
        isinstance(error, ExperimentFailure) and error.refused
    ):
        return [_("ecny-sandbox: {message}", message=str(error))]
    return None


def _is_failure(error: BaseException) -> bool:
    return any(one.__name__ == "ExperimentFailure" for one in type(error).__mro__)


def _failure(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return _("there is not enough memory for this run; make it smaller (scale, duration) or record less (--record)")
    if isinstance(error, OSError):
        if error.errno in _NO_ROOM:
            return _(
                "the disk is full or the file size is limited ({reason}); the run was given up and its files removed",
                reason=os.strerror(error.errno or 0),
            )
        return str(error)
    if _is_failure(error):
        return str(error)
    if type(error).__name__ == "BrokenInvariant":  # by name: its module is heavy, and need not be loaded here
        return _(
            "the run was stopped because a rule that must always hold was broken: {message}. This is a bug: "
            "please report it with the scenario, the seed and the version {version}",
            message=error,
            version=__version__,
        )
    message = N_(
        "this is a bug: {kind}: {message}. Please report it with the command, the scenario and the "
        "version {version}; ECNY_SANDBOX_DEBUG=1 shows where it happened"
    )
    return _(message, kind=type(error).__name__, message=error, version=__version__)
