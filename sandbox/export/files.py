"""Export files: written beside their place under a hidden name, and given their names when all of them are whole."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from sandbox.language import N_, _
from sandbox.records import MANIFEST, Run, RunError, file_name
from sandbox.runfolder import OutputError
from sandbox.signals import signals_as_exits


def stem(run: Run) -> str:
    """What the files of a run are called: its scenario's name, as every system can write it.

    Raises:
        RunError: the manifest has none, or one that is not a name but a path: a run folder may come from anywhere.
    """
    scenario = run.manifest.get("scenario")
    name = scenario.get("name") if isinstance(scenario, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= 255 or not name.isprintable() or "/" in name:
        message = N_("{file}: the scenario's name is {name}, which no file can be called after")
        raise RunError(_(message, file=run.path / MANIFEST, name=f"{name!r:.80}"))
    return file_name(name)


@contextlib.contextmanager
def new_files(folder: Path, names: tuple[str, ...], force: bool) -> Iterator[Sequence[BinaryIO]]:
    """Open new files in a folder; they appear together when the block ends well, and not at all when it does not.

    Raises:
        OutputError: a file of that name is there (without `force`), or the folder is a file.
        OSError: the disk is full, or nothing can be written there.
    """
    there = [name for name in names if os.path.lexists(folder / name)]
    if there and not force:
        raise OutputError(
            _("{file}: is there already; give --force to replace it, or another --out", file=folder / there[0])
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(_("{folder}: is a file; --out names a folder", folder=folder))
    for name in there:
        if (folder / name).is_dir():
            raise OutputError(_("{file}: is a folder and is left alone; give another --out", file=folder / name))
    new_parents = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    drafts = [folder / f".{name}.{secrets.token_hex(4)}" for name in names]
    with signals_as_exits():
        try:
            with contextlib.ExitStack() as stack:
                streams = [stack.enter_context(draft.open("xb")) for draft in drafts]
                yield streams
                for stream in streams:
                    stream.flush()
                    os.fsync(stream.fileno())
            for draft, name in zip(drafts, names, strict=True):
                os.replace(draft, folder / name)
        except BaseException:
            for draft in drafts:
                draft.unlink(missing_ok=True)
            for one in new_parents:
                with contextlib.suppress(OSError):
                    one.rmdir()
            raise
