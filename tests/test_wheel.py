"""The wheel holds everything a user needs: gallery and report templates, and a command that works on its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import SMALL_TOWN

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what git knows, so that nothing that lies about gets in."""
    work = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().strip("\0").split("\0"):
        if (ROOT / name).is_file():
            (work / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            (work / "source" / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", work, work / "source"]
    subprocess.run(build, check=True)
    (built,) = work.glob("*.whl")
    return built


def test_the_wheel_holds_gallery_templates_and_licence_and_no_tests(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    gallery = {
        str(file.relative_to(ROOT)) for folder in ("scenarios", "sandbox") for file in (ROOT / folder).rglob("*.yaml")
    }
    data = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "reports").rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
    }
    assert gallery
    assert data
    assert (gallery | data) - inside == set()
    assert any(name.endswith("LICENSE") for name in inside)
    assert not any(name.startswith(("tests/", "benchmarks/", "docs/", "examples/")) for name in inside)


class Place:
    """A virtual environment in which only the wheel is installed, and a folder to work in."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self.venv = folder, folder / "venv"
        self._environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self.output(sys.executable, "-m", "venv", self.venv)
        self.install(wheel)
        site = Path(self.python("import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        # Dependencies come from the environment that runs the tests; a path file brings in no editable install.
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def output(self, *command: str | Path) -> str:
        """What a command prints that has to succeed."""
        done = subprocess.run(command, cwd=self.folder, env=self._environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self, what: str | Path) -> None:
        """Install without dependencies."""
        self.output(self.venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", what)

    def python(self, code: str) -> str:
        """What a line of Python prints."""
        return self.output(self.venv / "bin" / "python", "-c", code)

    def command(self, *arguments: str | Path) -> str:
        """What the command prints."""
        return self.output(self.venv / "bin" / "ecny-sandbox", *arguments)


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"), wheel)


def test_the_command_works_where_only_the_wheel_is_installed(place: Place) -> None:
    (place.folder / "town.yaml").write_text(SMALL_TOWN, encoding="utf-8")
    assert Path(place.python("import sandbox; print(sandbox.__file__)").strip()).is_relative_to(place.venv)
    names = {entry["name"] for entry in json.loads(place.command("list", "--json"))}
    assert names == {file.stem for file in (ROOT / "scenarios").glob("*.yaml")}
    place.command("run", "town.yaml", "--out", "run", "--quiet")
    assert "<html" in (place.folder / "run" / "report.html").read_text(encoding="utf-8")


def test_a_feature_of_another_package_is_there_once_it_is_installed(place: Place) -> None:
    """Beside what `tests/features/test_feature.py` holds of it within one process: the entry point, and workers."""
    jar = place.folder / "tip_jar"
    shutil.copytree(ROOT / "examples" / "tip_jar", jar, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    town = jar / "town.yaml"
    with pytest.raises(AssertionError, match="'tip_jar' is not a parameter"):
        place.command("check", town)
    place.install(jar)
    assert "good" in place.command("check", town)
    said = re.search(r"^(\d+) tips went into the jar", place.command("run", town, "--out", "jar"), re.M)
    assert said is not None
    assert int(said[1]) > 12
    assert f"{said[1]} tips went into the jar" in (place.folder / "jar" / "report.md").read_text(encoding="utf-8")
    place.command("audit", "jar")
    compared = place.command(
        "compare", town, "--set", "tip_jar.coin=3 CNY", "--metric", "tip_jar.held_fen", "--replications", "2",
        "--processes", "2", "--no-report", "--out", "compared",
    )  # fmt: skip
    assert "money in the jar" in compared
