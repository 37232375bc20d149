"""A signal ends a run by an exception, and never in the middle of an import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("signals_count")

MODULE = """
import os, signal, time
os.kill(os.getpid(), signal.{name})
for _ in range(20):
    time.sleep(0.01)  # a handler that raised at once would raise here
done = True
"""
DRIVER = """
import sys, time
sys.path.insert(0, {place!r})
from sandbox.signals import signals_as_exits
try:
    with signals_as_exits():
        import slow_to_import
        time.sleep(30)
except BaseException as error:
    print(type(error).__name__, getattr(error, "code", None), slow_to_import.done)
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [("SIGTERM", "SystemExit 143"), ("SIGHUP", "SystemExit 129"), ("SIGINT", "KeyboardInterrupt None")],
)
def test_an_import_is_finished_first(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "slow_to_import.py").write_text(MODULE.format(name=name))
    driver = DRIVER.format(place=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", driver], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"{said} True", done.stderr


def test_an_ignored_signal_stays_ignored() -> None:
    driver = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from sandbox.signals import signals_as_exits\n"
        "with signals_as_exits(): os.kill(os.getpid(), signal.SIGHUP); print('on')"
    )
    done = subprocess.run([sys.executable, "-c", driver], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "on", done.stderr


def said_by(driver: str) -> str:
    head = "import os, signal, sys, time\nfrom sandbox.signals import *\nfrom sandbox.signals import signals_held\n"
    interrupt = "def interrupt(): os.kill(os.getpid(), signal.SIGINT)\n"
    done = subprocess.run([sys.executable, "-c", head + interrupt + driver], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    return f"{done.stdout.strip()} {done.returncode}"


def test_a_signal_waits_while_it_is_held() -> None:
    assert (
        said_by("""
try:
    with signals_as_exits():
        with signals_held():
            with signals_held():
                interrupt()
            print("one", end=" ")
            interrupt()
            print("two", end=" ")
        print("never")
except KeyboardInterrupt:
    print("stopped", end="")
""")
        == "one two stopped 0"
    )


def test_a_signal_in_a_destructor_comes_again() -> None:
    assert (
        said_by("""
class One:
    def __del__(self):
        interrupt()
        time.sleep(0.01)
try:
    with signals_as_exits():
        one = One()
        del one
        print("on", end=" ")
        time.sleep(20)
        print("never")
except KeyboardInterrupt:
    print("stopped", end="")
""")
        == "on stopped 0"
    )


def test_what_is_forgotten_but_no_signal_is_still_told() -> None:
    driver = """
class One:
    def __del__(self):
        raise KeyboardInterrupt
with signals_as_exits():
    One()
"""
    done = subprocess.run(
        [sys.executable, "-c", f"from sandbox.signals import *{driver}"], capture_output=True, text=True, timeout=60
    )
    assert "Exception ignored in" in done.stderr


def test_an_error_that_a_library_makes_of_a_signal_is_still_the_signal() -> None:
    driver = """
def called_back():
    try:
        os.kill(os.getpid(), signal.{name})
        time.sleep(20)
    except BaseException as error:
        raise ValueError(f"cannot build this: {{type(error).__name__}}") from None
from sandbox.cli import main, verbs
class group:
    main = staticmethod(lambda *arguments, **options: called_back())
verbs.group = group
main.main(["list"])
"""
    for name, status in (("SIGINT", 130), ("SIGTERM", 143)):
        done = subprocess.run(
            [sys.executable, "-c", f"import os, signal, sys, time{driver.format(name=name)}"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert (done.returncode, "bug" in done.stderr) == (status, False), done.stderr


def test_what_goes_wrong_after_all_signals_is_told_as_what_it_is() -> None:
    assert (
        said_by("""
from sandbox.signals import ended_by
with signals_as_exits():
    print(type(ended_by(ValueError())).__name__, end=" ")
    try:
        interrupt()
        time.sleep(20)
    except KeyboardInterrupt:
        print(type(ended_by(ValueError())).__name__, end=" ")
print(type(ended_by(ValueError())).__name__, end="")
""")
        == "ValueError KeyboardInterrupt ValueError 0"
    )


def test_the_model_of_a_scenario_is_built_first() -> None:
    assert (
        said_by("""
import sandbox.scenario.schema
whole = sys.modules["sandbox.scenario.schema.assembly"]
real = whole.create_model
def slow(*words, **fields):
    interrupt()
    time.sleep(0.1)
    print("built", end=" ")
    return real(*words, **fields)
whole.create_model = slow
whole.declared = lambda kind: []
try:
    with signals_as_exits():
        whole._made(())
        print("never")
except KeyboardInterrupt:
    print("stopped", end="")
""")
        == "built stopped 0"
    )


def test_a_second_ctrl_c_does_not_interrupt_what_the_first_set_going() -> None:
    assert (
        said_by("""
with signals_as_exits():
    try:
        interrupt()
        time.sleep(1)
    except KeyboardInterrupt:
        interrupt()
        print("cleaned up", end="")
""")
        == "cleaned up 0"
    )


def test_when_all_work_is_done_a_signal_ends_the_process_at_once() -> None:
    assert (
        said_by("""
with signals_as_exits():
    last_signals_end_at_once()
print("done", end="", flush=True)
interrupt()
time.sleep(20)
print("never")
""")
        == "done 130"
    )


def test_a_signal_while_python_takes_itself_apart_changes_nothing() -> None:
    assert (
        said_by("""
class Last:
    kill, number = staticmethod(os.kill), os.getpid()
    def __del__(self):
        self.kill(self.number, 2)
last = Last()
with signals_as_exits():
    last_signals_end_at_once()
print("done", end="", flush=True)
""")
        == "done 0"
    )
