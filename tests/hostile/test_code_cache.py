"""Compiled code that is kept: what is damaged is compiled anew, and where nothing can be kept runs go on."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandbox.core.compiled import IS_COMPILED
from tests.hostile.test_kills import small_disk

if not IS_COMPILED:
    pytest.skip("numba is absent or switched off", allow_module_level=True)

from sandbox.core import code_cache
from sandbox.core.code_cache import SPARE, CodeStore, FunctionCodeCache

COMMAND = Path(sys.executable).with_name("ecny-sandbox")


def double(values: Any) -> int:
    total = 0
    for value in values:
        total += 2 * value
    return total


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CodeStore:
    monkeypatch.setenv(SPARE, str(tmp_path / "spare"))
    return CodeStore(tmp_path / "cache" / "of-a-build")


def compiled_anew(store: CodeStore, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Call the function as a new process would; whether its code was compiled."""
    import numba

    dispatcher = numba.njit(double)
    dispatcher._cache = FunctionCodeCache(double, store)
    compiled: list[object] = []
    compiler = dispatcher._compiler.compile
    monkeypatch.setattr(dispatcher._compiler, "compile", lambda *given: compiled.append(given) or compiler(*given))
    assert dispatcher(np.arange(5)) == 20
    return bool(compiled)


def kept(store: CodeStore) -> Path:
    assert store._folder is not None
    (file,) = store._folder.iterdir()
    return file


def in_its_place(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        file.unlink()
        make(file)

    return damage


def folder_with_a_file(place: Path) -> None:
    place.mkdir()
    (place / "file").touch()


def of_another_make(file: Path) -> None:
    """Whole, by its digest, and nonsense."""
    import hashlib
    import pickle

    data = pickle.dumps(("not", "code"))
    file.write_bytes(hashlib.sha256(data).digest() + data)


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "cut in its digest": lambda file: os.truncate(file, 7),
    "one byte less": lambda file: os.truncate(file, file.stat().st_size - 1),
    "a bit flipped": flipped,
    "garbage": lambda file: file.write_bytes(os.urandom(5_000)),
    "another make": of_another_make,
    "a folder": in_its_place(folder_with_a_file),
    "a pipe": in_its_place(os.mkfifo),
    "a link to itself": in_its_place(lambda file: file.symlink_to(file)),
    "a device": in_its_place(lambda file: file.symlink_to("/dev/zero")),
    "a sparse giant": lambda file: os.truncate(file, 1 << 40),
    "gone": lambda file: file.unlink(),
    "not to be read": lambda file: file.chmod(0),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damaged_code_is_thrown_away(
    store: CodeStore, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], case: str
) -> None:
    assert compiled_anew(store, monkeypatch)
    assert not compiled_anew(store, monkeypatch)
    DAMAGE[case](kept(store))
    compiled_anew(store, monkeypatch)
    assert not compiled_anew(store, monkeypatch), "and kept again"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_where_nothing_can_be_kept_one_command_shares_a_folder_and_says_so_once(
    store: CodeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], number: int
) -> None:
    write = code_cache.write_whole

    def refuse(file: Path, data: bytes) -> None:
        if file.parent == store._folder:
            raise OSError(number, os.strerror(number))
        write(file, data)

    monkeypatch.setattr(code_cache, "write_whole", refuse)
    assert compiled_anew(store, monkeypatch)
    another_process = CodeStore(store._folder)
    assert not compiled_anew(another_process, monkeypatch)
    another_process.put("other", b"code")
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert os.strerror(number) in said
    assert all(words in said for words in (str(tmp_path / "cache"), "half a minute", "XDG_CACHE_HOME"))


def test_nowhere_at_all(
    store: CodeStore, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for place in ("cache", "spare"):
        (tmp_path / place).write_text("a file in the way")
    assert compiled_anew(store, monkeypatch)
    assert compiled_anew(store, monkeypatch)
    assert capfd.readouterr().err.count("\n") == 1


def test_without_a_home(store: CodeStore, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    homeless = CodeStore(None)
    assert compiled_anew(homeless, monkeypatch)
    assert not compiled_anew(homeless, monkeypatch)
    assert "no home folder" in capfd.readouterr().err


def test_spoiled_while_several_use_it(store: CodeStore) -> None:
    """Whoever reads gets the whole code or nothing, whatever others do to it meanwhile."""
    data = os.urandom(100_000)
    store.put("code", data)
    assert store._folder is not None
    file, stop, found = store._folder / "code", threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            found.add(store.get("code"))
            store.put("code", data)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(200):
        try:
            file.write_bytes(data[: turn * 7])
        except OSError:
            continue
    stop.set()
    for reader in readers:
        reader.join()
    assert found <= {None, data}


def test_the_folder_of_a_command_ends_with_it(tmp_path: Path) -> None:
    """Its children know it and leave it alone."""
    script = """
import os, subprocess, sys
from pathlib import Path
from sandbox.core.code_cache import SPARE, CodeStore
CodeStore(None).put("code", b"x")
here = Path(os.environ[SPARE])
child = "import os; from sandbox.core.code_cache import CodeStore; print(CodeStore(None).get('code'))"
print(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout.strip())
if os.fork() == 0:
    sys.exit()
os.wait()
print(here.exists(), here)
"""
    environment = {name: value for name, value in os.environ.items() if name != SPARE} | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[0] == "b'x'"
    assert done.stdout.splitlines()[1].startswith(f"True {tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_a_file_is_no_ctrl_c(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    from sandbox.cli import list as verb
    from sandbox.cli.main import status_of

    def fail(*_: object, **__: object) -> None:
        raise EOFError("Ran out of input")

    monkeypatch.setattr(verb.command, "callback", fail)
    assert status_of(["list"]) == 1
    assert "EOFError" in capfd.readouterr().err


def command(scenario: Path, cache: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != SPARE}
    environment["XDG_CACHE_HOME"] = str(cache)
    return subprocess.run(
        [COMMAND, arguments[0], scenario, *map(str, arguments[1:])], capture_output=True, text=True, timeout=600,
        env=environment,
    )  # fmt: skip


@pytest.mark.long
def test_a_damaged_cache_gives_the_same_run(small_town: Path, tmp_path: Path) -> None:
    cache, runs = tmp_path / "cache", tmp_path / "runs"
    payments = []
    for turn, damage in enumerate((None, "empty", "a folder")):
        if damage is not None:
            for file in cache.rglob("*.nbc"):
                DAMAGE[damage](file)
        done = command(small_town, cache, "run", "--no-report", "--out", runs / str(turn))
        assert (done.returncode, done.stderr) == (0, "")
        payments.append((runs / str(turn) / "payments.parquet").read_bytes())
    assert len(set(payments)) == 1


@pytest.mark.slow
def test_a_full_cache_disk_fails_no_run_and_is_told_once(small_town: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "16k") as disk:
        done = command(small_town, disk, "run", "--no-report", "--out", tmp_path / "run")
        assert done.returncode == 0
        assert done.stderr.count("\n") == 1
        assert os.strerror(errno.ENOSPC) in done.stderr
        two = ("--replications", "4", "--processes", "2")
        many = command(small_town, disk, "run", *two, "--no-report", "--out", tmp_path / "many")
        assert many.returncode == 0
        assert many.stderr.count("\n") == 1
