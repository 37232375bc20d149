"""The wheel holds everything a user needs: gallery and report templates, and a command that works on its own."""

from __future__ import annotations

import json
import os
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
    assert not any(name.startswith(("tests/", "benchmarks/", "docs/")) for name in inside)


def test_the_command_works_where_only_the_wheel_is_installed(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    python = venv / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def output(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def command(*arguments: str) -> str:
        return output(venv / "bin" / "ecny-sandbox", *arguments)

    output(sys.executable, "-m", "venv", venv)
    output(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel)
    site = Path(output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    # Dependencies come from the environment that runs the tests; a path file does not bring in its editable installs.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (tmp_path / "town.yaml").write_text(SMALL_TOWN, encoding="utf-8")
    assert Path(output(python, "-c", "import sandbox; print(sandbox.__file__)").strip()).is_relative_to(venv)
    names = {entry["name"] for entry in json.loads(command("list", "--json"))}
    assert names == {file.stem for file in (ROOT / "scenarios").glob("*.yaml")}
    command("run", "town.yaml", "--out", "run", "--quiet")
    assert "<html" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
