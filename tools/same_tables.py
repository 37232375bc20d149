"""Do two checkouts of this project write the same bytes? For changes of design that must change no result.

    python -m tools.same_tables OLD NEW [--worlds 200] [--gallery none|small|whole]

OLD and NEW are checkouts, each with what it needs in its own `.venv`. Scenarios come from OLD: the gallery, cut down or
as it is, and sound mutants of it (`tests/fuzz/sound.py`). Each is run by both; every table is compared byte by byte,
the summary and the scenario in force entry by entry, in whatever order they stand. Exit status 1 tells that some
differ; they are named.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools.environments import Visited, differing

WRITE: Final = """
import sys
from pathlib import Path
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.scenario.load import load
from tests.fuzz.sound import is_small, small, sound_mutant

folder, worlds, of_gallery = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
if of_gallery == "small":
    for name in gallery.names():
        (folder / f"{name}.yaml").write_text(small(name).text, encoding="utf-8")
seed = written = 0
while written < worlds:
    data, file = sound_mutant(seed).data, folder / f"world-{seed:05}.yaml"
    seed += 1
    file.write_bytes(data)
    try:
        fits = is_small(load(file).scenario)
    except ScenarioErrors:
        fits = False
    if fits:
        written += 1
    else:
        file.unlink()
print(*([] if of_gallery != "whole" else gallery.names()), sep="\\n")
"""
"""Writes scenarios, and prints the names of those to take from the gallery."""

RUN: Final = """
import hashlib, json, shutil, sys
from pathlib import Path
import sandbox, yaml

def in_yaml(text):
    return yaml.load(text, yaml.BaseLoader)  # safe_load takes the name `on` for true, which does not sort

out, found = Path(sys.argv[1]), {}
for line in sys.stdin:
    source, run = line.strip(), out / "run"
    name = Path(source).stem
    try:
        sandbox.run(source, out=run)
    except Exception as error:
        found[name] = {"error": type(error).__name__}
        continue
    written = {file.name: file.read_bytes() for file in run.glob("*.parquet")}
    for file, read in (("summary.json", json.loads), ("scenario.yaml", in_yaml)):
        plain = read((run / file).read_text(encoding="utf-8"))
        written[file] = json.dumps(plain, sort_keys=True, default=str).encode()
    found[name] = {file: hashlib.sha256(content).hexdigest() for file, content in sorted(written.items())}
    shutil.rmtree(run)
print(json.dumps(found))
"""
"""Runs what it reads from standard input, and prints the digests of what was written."""


def python(checkout: Path, program: str, *arguments: str, given: str = "") -> str:
    """What a program prints that runs in a checkout."""
    command = [str(checkout / ".venv" / "bin" / "python"), "-c", program, *arguments]
    done = subprocess.run(command, cwd=checkout, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def main() -> None:
    """Compare; exit status 1 if something differs."""
    parser = argparse.ArgumentParser(description="Do two checkouts write the same bytes?")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--gallery", choices=("none", "small", "whole"), default="small")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "scenarios"
        folder.mkdir()
        names = python(asked.old.resolve(), WRITE, str(folder), str(asked.worlds), asked.gallery).split()
        sources = "\n".join([*names, *(str(file) for file in sorted(folder.iterdir()))])
        both = [
            Visited(str(checkout), "", json.loads(python(checkout.resolve(), RUN, place, given=sources)))
            for checkout in (asked.old, asked.new)
        ]
    found, runs = differing(both), both[0].digests.values()
    failed = sum("error" in one for one in runs)
    files = sum(len(one) for one in runs) - failed
    told = f"{len(runs)} scenarios ({failed} of them fail), {files} files"
    print(f"{told}: " + (f"{len(found)} differ" if found else "all the same"))
    for one in found:
        print(f"  {one}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
