"""`ecny-sandbox`: finds the verb, and turns whatever goes wrong into an exit status and a line for people.

Exit status: 0 done; 1 the run failed (an invariant, a full disk, a bug); 2 bad usage or a bad file; 130 Ctrl-C.
A user's mistake never shows a traceback; a bug does under `ECNY_SANDBOX_DEBUG=1`.

Nothing is imported here before signals are looked after, so that Ctrl-C is heard from the first moment.
"""

from __future__ import annotations

import sys

from sandbox.signals import ended_by, last_signals_end_at_once, signals_as_exits


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit status."""
    with signals_as_exits():
        try:
            status = status_of(sys.argv[1:] if arguments is None else arguments)
        except KeyboardInterrupt as error:  # before or after everything that `status_of` looks after
            from sandbox.cli.failures import report

            status = report(error)
        finally:
            last_signals_end_at_once()
    sys.exit(status)


def status_of(arguments: list[str]) -> int:
    """Run the command line; returns the exit status.

    Raises:
        SystemExit: a signal ended the run.
    """
    from sandbox.cli import terminal
    from sandbox.language import choose

    with terminal.streams():
        try:
            choose(_language(arguments))  # before the verbs, whose help is made when they are imported
            from sandbox.cli.verbs import group

            result = group.main(arguments, prog_name="ecny-sandbox", standalone_mode=False)
            terminal.flush()
            return result if isinstance(result, int) else 0
        except BaseException as error:
            from sandbox.cli.failures import report

            return report(ended_by(error))


def _language(arguments: list[str]) -> str | None:
    """What `--lang` says before the verb; whatever is wrong with the line click says later."""
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if name == "--lang":
            return value if equals else next(words, None)
        if not word.startswith("-"):
            break
    return None
