"""Environments as users have them: the package alone on each Python that is here, and the lowest versions allowed.

    python tools/environments.py [FOLDER]

A wheel is built from what git knows and installed with nothing else into a new environment for each Python, and once
with all extras at the lowest versions of pyproject.toml on the oldest Python. In each, `tools/visit.py` runs every verb
and the whole gallery, shortened (on the first Python it draws all reports, too). What runs came to must be the same in
all of them: the bytes of scenario.yaml and summary.json, the values in every table.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
VISIT: Final = ROOT / "tools" / "visit.py"
MINORS: Final = (11, 12, 13, 14)
EXTRAS: Final = ("cluster", "crypto", "doe", "iso20022", "query")
AT_ONCE: Final = 2


class Environment(NamedTuple):
    """One to make: its name, the Python, whether it is the lowest versions and all extras, and how it is visited."""

    name: str
    python: str
    lowest: bool = False
    visit: tuple[str, ...] = ()


class Visited(NamedTuple):
    """How it went."""

    name: str
    problem: str
    digests: dict[str, dict[str, str]]


def pythons() -> dict[int, str]:
    """The interpreters that are here and work, by minor version: on the path, or kept by pyenv."""
    found = {}
    for minor in MINORS:
        for program in _candidates(minor):
            code = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, {minor}))"
            if subprocess.run([program, "-c", code], capture_output=True, check=False).returncode == 0:
                found[minor] = program
                break
    return found


def _candidates(minor: int) -> Iterator[str]:
    if sys.version_info[1] == minor:
        yield sys.executable
    if on_path := shutil.which(f"python3.{minor}"):
        yield on_path
    if pyenv := shutil.which("pyenv"):  # its commands on the path work only for versions that are switched on
        done = subprocess.run([pyenv, "prefix", f"3.{minor}"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            yield str(Path(done.stdout.strip()) / "bin" / f"python3.{minor}")


def wheel(folder: Path) -> Path:
    """Built from a copy of what git knows, so that nothing that lies about gets in."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().strip("\0").split("\0"):
        if (ROOT / name).is_file():
            (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / "source" / name)
    _uv("build", "--wheel", "--out-dir", str(folder / "wheel"), str(folder / "source"))
    (built,) = (folder / "wheel").glob("*.whl")
    return built


def planned(found: dict[int, str]) -> list[Environment]:
    """What is made of these Pythons; the one that runs this comes first."""
    own = sys.version_info[1]
    first, *others = [
        Environment(f"alone-3.{minor}", found[minor], visit=() if minor == own else ("--no-reports",))
        for minor in sorted(found, key=lambda minor: (minor != own, minor))
    ]
    lowest = Environment("lowest", found[min(found)], lowest=True, visit=("--extras", "--no-reports"))
    return [first, lowest, *others]


def install(folder: Path, one: Environment, built: Path) -> str:
    """Make an environment; returns its Python.

    Raises:
        subprocess.CalledProcessError: it cannot be made, such as for a version that no wheel exists of.
    """
    python = str(folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python")
    wanted = [str(built)]
    _uv("venv", "--python", one.python, str(folder / "env"))
    if one.lowest:
        extras = [word for extra in EXTRAS for word in ("--extra", extra)]
        listed = str(folder / "lowest.txt")
        how = ("--resolution", "lowest-direct", "--no-build", "--python", python)
        _uv("pip", "compile", *how, *extras, str(ROOT / "pyproject.toml"), "--output-file", listed)
        wanted += ["--requirements", listed]
    _uv("pip", "install", "--python", python, "--no-build", *wanted)
    return python


def visited(folder: Path, one: Environment, built: Path) -> Visited:
    """Make an environment and visit it."""
    folder.mkdir()
    began = time.monotonic()
    try:
        python = install(folder, one, built)
    except subprocess.CalledProcessError as error:
        return Visited(one.name, f"cannot be installed:\n{error.stderr}", {})
    installed = time.monotonic()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ECNY_", "NUMBA_"))}
    line = [python, "-I", str(VISIT), str(folder / "work"), *one.visit]
    with (folder / "visit.log").open("w", encoding="utf-8") as log:
        came = subprocess.run(
            line, env={**clean, "XDG_CACHE_HOME": str(folder / "cache")}, stdout=log, stderr=log, check=False
        ).returncode
    *_, last = (folder / "visit.log").read_text(encoding="utf-8").splitlines()
    times = f"{installed - began:.0f} s to install, {time.monotonic() - installed:.0f} s to visit"
    print(f"{one.name}: {times}; {last}", flush=True)
    if came:
        return Visited(one.name, (folder / "visit.log").read_text(encoding="utf-8")[-3000:], {})
    return Visited(one.name, "", json.loads((folder / "work" / "digests.json").read_text(encoding="utf-8")))


def differing(found: Sequence[Visited]) -> list[str]:
    """Where what runs came to is not the same in all environments."""
    first, *others = found
    return [
        f"{name}/{file}: {first.name} and {other.name} differ"
        for other in others
        for name, files in first.digests.items()
        for file in sorted({*files, *other.digests.get(name, {})})
        if files.get(file) != other.digests.get(name, {}).get(file)
    ]


def _uv(*words: str) -> None:
    line = [sys.executable, "-m", "uv", "--quiet", *words]
    subprocess.run(line, check=True, capture_output=True, text=True)


def main(place: str) -> int:
    """Make and visit all of them below a new folder; returns the exit status."""
    folder = Path(place).absolute()
    folder.mkdir(parents=True)
    here = pythons()
    if missing := [f"3.{minor}" for minor in MINORS if minor not in here]:
        print(f"not here and not tried: Python {', '.join(missing)}", flush=True)
    built = wheel(folder)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda one: visited(folder / one.name, one, built), planned(here)))
    wrong = [f"{one.name}: {one.problem}" for one in found if one.problem]
    wrong += differing([one for one in found if not one.problem]) if len(wrong) < len(found) else []
    print("\n".join(wrong or [f"the gallery and every verb work in {len(found)} environments, and give the same"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ecny-environments-") as work:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else f"{work}/of"))
