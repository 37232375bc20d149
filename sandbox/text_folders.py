"""Sentences about folders and files that are read or written: a part of `sandbox.text`, which see."""

from __future__ import annotations

from typing import Final

FOLDERS: Final[dict[str, str]] = {
    # A run folder, to be read or to be written.
    "a_run_folder": "a run folder",
    "an_experiment_folder": "the folder of an experiment",
    "none": "none",
    "not_what": "{path}: not {what}: it holds no {name}",
    "cannot_be_read": "{path}: cannot be read: {reason}",
    "run_no_table": "{path}: this run has no table '{name}'; it has: {have}",
    "run_no_column": "{path}: no column {names}; it has: {have}",
    "run_is_a_file": "{path}: is a file, not a run folder",
    "run_no_folder": "{path}: there is no such folder",
    "run_unfinished": "{path}: not a finished run: it holds no {name}",
    "run_stopped": "{path}: not a finished run: the working folder of one that was stopped",
    "run_status": "{path}: its status is {status}, not 'complete'",
    "run_is_experiment": "{path}: an experiment of many runs, not one run; sandbox.open_experiment opens it",
    "run_format": "{path}: run format {format}; this version reads formats up to {newest}: update ecny-sandbox",
    "run_manifest": "{path}: its `{name}` is not what a run writes",
    "run_changed": "{path}: not as the run wrote it: its digest is another than the manifest's; run the scenario again",
    "run_nonsense": "{path}: holds what no run of this version writes ({reason}); `ecny-sandbox verify` looks closer",
    "run_damaged": "{path}: damaged: missing {names}",
    "out_taken": "{path}: another run has taken this place; give another --out",
    "out_below_file": "{path}: {parent} is a file, not a folder",
    "out_no_text": "{path}: a name on this way is not UTF-8; give another --out",
    "out_long": "{path}: '{name}' is too long for a file's name; give a shorter --out",
    "out_no_writing": "{path}: nothing can be written in {parent}; give another --out",
    "out_is_file": "{path}: is a file; --out names a folder",
    "out_finished": "{path}: a finished run is there; give --force to replace it, or another --out",
    "out_other": "{path}: a folder that is not a finished run is there and is left alone; give another --out",
    "out_in_use": "{path}: cannot be replaced, for it is in use as a folder; name a new folder inside it",
    "cache_no_home": "there is no home folder",
    "cache_unwritable": "compiled code cannot be kept ({where}{reason}): every command compiles for half a minute; "
    "make room there, or set XDG_CACHE_HOME to a folder that can be written",
    "no_trace": "there is no file '{name}' (looked in {folder})",
}
