"""Where the program's own files are, and whether they are what was installed.

Our top-level packages have names that others use too (`reports`, `scenarios`). Another package may be installed over
them, or stand before them on Python's path; then the program must say so and not guess.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sandbox.language import N_, _

ROOT: Final = Path(__file__).resolve().parents[1]
"""The folder that holds our packages: of the checkout, or where the wheel was installed."""
GALLERY: Final = ROOT / "scenarios"
IMPORTED: Final = ("wallets", "sandbox", "reports")


class NotInstalled(Exception):
    """Files of ours are missing or another package's; the message names them and the mend."""


def check() -> None:
    """Raises NotInstalled if not all packages are found beside this one, and as they were installed."""
    for name in IMPORTED:
        spec = find_spec(name)
        places = [] if spec is None else list(spec.submodule_search_locations or [str(spec.origin)])
        if not places or Path(places[0]).resolve() != ROOT / name:
            message = N_(
                "Python finds another `{name}` ({place}) before the one of ecny-sandbox (in {folder}); take it off "
                "PYTHONPATH, or install ecny-sandbox into a virtual environment of its own"
            )
            raise NotInstalled(_(message, name=name, place=places[0] if places else "-", folder=ROOT))
    for name, digest in recorded().items():
        if name.count("/") == 1 and name.endswith(".py") and _digest(ROOT / name) != digest:
            message = N_(
                "{file} is not what ecny-sandbox installed; does another package here have a `{name}`? Install "
                "ecny-sandbox into a virtual environment of its own"
            )
            raise NotInstalled(_(message, file=ROOT / name, name=name.partition("/")[0]))
    gallery()


def gallery() -> list[Path]:
    """The files of the scenario gallery, sorted: all that were installed, and nobody else's.

    Raises:
        NotInstalled: some are missing.
    """
    there = {file.name: file for file in GALLERY.glob("*.yaml")}
    names = {name.removeprefix("scenarios/") for name in recorded() if name.startswith("scenarios/")} - {"__init__.py"}
    missing = sorted(names - set(there))
    if missing or not there:
        file = GALLERY / (missing[0] if missing else "*.yaml")
        raise NotInstalled(
            _("{file}: the scenario gallery is not what was installed; install ecny-sandbox again", file=file)
        )
    return sorted(there[name] for name in names or there)


@lru_cache(maxsize=1)
def recorded() -> dict[str, str]:
    """SHA-256 of each installed file by its name below `ROOT`; empty for a checkout, whose files may change."""
    try:
        files = distribution("ecny-sandbox").files or ()
    except PackageNotFoundError:
        return {}
    found = {
        file.as_posix(): file
        for file in files
        if file.hash is not None and file.hash.mode == "sha256" and file.parts[0] in (*IMPORTED, "scenarios")
    }
    this = found.get("sandbox/installed.py")
    if this is None or Path(str(this.locate())).resolve() != Path(__file__).resolve():
        return {}
    return {name: file.hash.value for name, file in found.items() if file.hash is not None}


def _digest(file: Path) -> str:
    """As in the list of what was installed (PEP 376)."""
    try:
        digest = hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return ""
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
