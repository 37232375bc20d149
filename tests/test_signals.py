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
