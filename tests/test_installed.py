"""The program finds its own files by its own place, and says so when another package has taken it."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from sandbox import installed
from sandbox.cli.main import status_of
from sandbox.scenario import gallery

ROOT = Path(__file__).parents[1]
THEIRS = "title: Somebody else's\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a wheel leaves it: our packages, and the list of what was installed (PEP 376)."""
    site = tmp_path_factory.mktemp("wheel") / "site"
    information = site / "ecny_sandbox-0.1.0.dist-info"
    information.mkdir(parents=True)
    lines = [f"{information.name}/METADATA,,"]
    for package in ("wallets", "sandbox", "reports", "scenarios"):
        shutil.copytree(ROOT / package, site / package, ignore=shutil.ignore_patterns("__pycache__"))
        for file in sorted(one for one in (site / package).rglob("*") if one.is_file()):
            digest = base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).decode().rstrip("=")
            lines.append(f"{file.relative_to(site).as_posix()},sha256={digest},{file.stat().st_size}")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: ecny-sandbox\nVersion: 0.1.0\n")
    (information / "RECORD").write_text("\n".join(lines) + "\n")
    return site


@pytest.fixture
def site(wheel: Path, tmp_path: Path) -> Path:
    """One that a test may spoil."""
    return Path(shutil.copytree(wheel, tmp_path / "site"))


def command(site: Path, *words: str, before: Path | None = None, folder: Path | None = None) -> tuple[int, str, str]:
    """`ecny-sandbox` as installed there, what it depends on from the environment of the tests.

    Path files are not read, so that the editable install of that environment stays out.
    """
    places = [str(one) for one in (before, site, sysconfig.get_path("purelib")) if one is not None]
    program = f"import sys; sys.path[:0] = {places}; from sandbox.cli.main import main; main()"
    line = [sys.executable, "-I", "-S", "-c", program, *words]
    done = subprocess.run(line, cwd=folder or site, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
def test_a_wheel_shows_its_gallery_and_nobody_elses(site: Path, tmp_path: Path) -> None:
    """Another package has put a file beside ours, and the working folder has a gallery of its own."""
    (site / "scenarios" / "theirs.yaml").write_text(THEIRS)
    (tmp_path / "work" / "scenarios").mkdir(parents=True)
    (tmp_path / "work" / "scenarios" / "mine.yaml").write_text(THEIRS)
    status, out, err = command(site, "list", folder=tmp_path / "work")
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == gallery.names()


@pytest.mark.parametrize("package", ["scenarios", "reports", "wallets"])
def test_a_package_that_was_written_over_is_told(package: str, site: Path) -> None:
    (site / package / "__init__.py").write_text("VERSION = 7\n")
    status, out, err = command(site, "list")
    assert (status, out) == (2, "")
    assert f"{package}/__init__.py is not what ecny-sandbox installed" in err
    assert "virtual environment of its own" in err


@pytest.mark.parametrize("gone", ["bank-run.yaml", ""])
def test_a_gallery_that_is_gone_is_told(gone: str, site: Path) -> None:
    """As when another package with a folder of the same name is removed."""
    (site / "scenarios" / gone).unlink() if gone else shutil.rmtree(site / "scenarios")
    for words in (("list",), ("run", "city-retail-day")):
        status, out, err = command(site, *words)
        assert (status, out) == (2, "")
        assert f"{site}{os.sep}scenarios" in err
        assert "installed" in err


@pytest.mark.parametrize("package", ["reports", "wallets"])
def test_a_package_before_ours_on_the_path_is_told(package: str, wheel: Path, tmp_path: Path) -> None:
    (tmp_path / package).mkdir()
    assert command(wheel, "schema", before=tmp_path)[0] == 0, "a folder without code is no package"
    (tmp_path / package / "__init__.py").touch()
    status, out, err = command(wheel, "list", before=tmp_path)
    assert (status, out) == (2, "")
    assert f"another `{package}` ({tmp_path / package})" in err


def test_a_checkout_finds_its_gallery_from_a_folder_that_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As in a notebook, where the working folder stands first on the path."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "scenarios", raising=False)
    assert status_of(["list"]) == 0
    assert capfd.readouterr().out.count("\n") == len(list((ROOT / "scenarios").glob("*.yaml"))) > 30
    assert gallery.locate("bank-run").path == ROOT / "scenarios" / "bank-run.yaml"


def test_an_empty_gallery_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installed, "GALLERY", tmp_path)
    assert status_of(["list"]) == 2
    assert f"{tmp_path}{os.sep}*.yaml: the scenario gallery is not what was installed" in capfd.readouterr().err
