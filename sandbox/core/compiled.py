"""`compiled`: the decorator of every function that numba may compile.

The same function runs uncompiled, slowly and with the same bytes, where numba is absent or switched off
(`ECNY_SANDBOX_COMPILED=0` or numba's own `NUMBA_DISABLE_JIT=1`): that is what a debugger steps through.

Compiled code is kept (`sandbox.core.code_cache`) in a folder of our own below the user's cache folder, or below
`NUMBA_CACHE_DIR`. Its name holds a digest of all compiled sources, because a function's own file says nothing of the
functions that it calls.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_COMPILED: Final = ("base", "core", "engine", "features", "market", "tables.py")


def _digest() -> str:
    digest = hashlib.sha256()
    for name in _COMPILED:
        place = _PACKAGE / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path | None:
    """Where code is kept; it need not exist."""
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    try:
        root = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:  # no home
        return None
    return root / "ecny-sandbox" / f"{sys.implementation.cache_tag}-{_digest()}"


def _compiler() -> Callable[..., Any] | None:
    if os.environ.get("ECNY_SANDBOX_COMPILED", "1") == "0":
        return None
    try:
        import numba
    except ImportError:
        return None
    config: Any = numba.config
    if config.DISABLE_JIT:
        return None
    from sandbox.core.code_cache import CodeStore, FunctionCodeCache

    store = CodeStore(_cache_folder())

    # `_nrt=False` leaves out the counting of references to arrays, which would cost three quarters of the time; such
    # functions cannot make arrays. The option is not in numba's type hints.
    njit: Any = numba.njit
    unliteral: Any = numba.types.unliteral

    def compile_with(
        function: Callable[..., Any], *, inline: bool = False, memory: bool = False, from_python: bool = True
    ) -> Any:
        dispatcher = njit(
            nogil=True, forceinline=inline, _nrt=memory, no_cfunc_wrapper=True, no_cpython_wrapper=not from_python
        )(function)
        if not inline:
            dispatcher._cache = FunctionCodeCache(function, store)
        if not from_python:
            _close(dispatcher)
        general = dispatcher.get_call_template

        # numba would compile a function anew for each constant that it is called with, six times for some.
        def for_all_numbers(arguments: Any, named: Any) -> Any:
            of_names = {name: unliteral(one) for name, one in named.items()}
            return general(tuple(unliteral(one) for one in arguments), of_names)

        dispatcher.get_call_template = for_all_numbers
        return dispatcher

    return compile_with


_COMPILE: Final = _compiler()

IS_COMPILED: Final = _COMPILE is not None
"""Whether functions marked `compiled` really are."""


def _close(dispatcher: Any) -> None:
    """Have calls by Python refused: a function that only compiled code calls has no entry for Python, which takes a
    tenth of the compiler's time, and numba would jump to where it is not."""
    name = dispatcher.py_func.__qualname__

    def keep(result: Any) -> None:
        dispatcher.overloads[tuple(result.signature.args)] = result

    def refuse(*_: Any) -> None:
        raise TypeError(f"{name} is for compiled functions only; mark it `shared` if Python has to call it")

    dispatcher.add_overload, dispatcher._compile_for_args = keep, refuse


def _in_silence(function: F) -> F:
    """An uncompiled function whose integers wrap around without a warning, as compiled ones do."""

    @wraps(function)
    def run(*arguments: Any) -> Any:
        with np.errstate(over="ignore"):
            return function(*arguments)

    return cast(F, run)


def compiled(function: F) -> F:
    """Compile a function that Python calls."""
    return _in_silence(function) if _COMPILE is None else _COMPILE(function)


def allocating(function: F) -> F:
    """As `compiled`, for a function that makes arrays."""
    return _in_silence(function) if _COMPILE is None else _COMPILE(function, memory=True)


def shared(function: F) -> F:
    """Compile a function that Python calls, and that is put in line in compiled functions."""
    return function if _COMPILE is None else _COMPILE(function, inline=True)


def inlined(function: F) -> F:
    """Compile a function that only compiled functions call, always put in line there."""
    return function if _COMPILE is None else _COMPILE(function, inline=True, from_python=False)


def rare(function: F) -> F:
    """Compile a function that compiled functions call now and then: not put in line, which keeps the callers small."""
    return function if _COMPILE is None else _COMPILE(function, from_python=False)
