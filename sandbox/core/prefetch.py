"""Ask the processor to fetch a row before it is needed; uncompiled, this does nothing.

With a million wallets each account lies in main memory, some 150 ns away. A payment's accounts are known at its birth
and wanted at its posting, several events later: fetched in between, they cost nothing.
"""

from __future__ import annotations

from typing import Any

from sandbox.core.compiled import IS_COMPILED
from sandbox.core.draws import Int64Array


def prefetch(array: Int64Array, row: int) -> None:
    """Fetch `array[row]` into the caches, for a write to come."""


def _compile() -> None:
    """Teach compiled code the processor's own instruction for it."""
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic, overload

    pointer_add: Any = cgutils.pointer_add

    def typed(typing_context: Any, array: Any, row: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            shape = context.make_array(signature.args[0])(context, builder, arguments[0])
            stride = builder.extract_value(shape.strides, 0)
            index = context.cast(builder, arguments[1], signature.args[1], types.intp)
            address = pointer_add(builder, shape.data, builder.mul(index, stride))
            number = ir.IntType(32)
            pointer = address.type
            kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
            function = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
            # To be written (1), kept in all caches (3), data (1).
            builder.call(function, [address, number(1), number(3), number(1)])
            return context.get_dummy_value()

        return types.none(array, row), generate

    instruction: Any = intrinsic(typed)

    # Put in line by LLVM. Where numba itself does it (`inline="always"`), it then strikes out what it takes for dead,
    # even writes into arrays that were unpacked, four or more at once. `_nrt` is not in numba's type hints.
    options: Any = {"forceinline": True, "_nrt": False}

    @overload(prefetch, jit_options=options)
    def compiled_prefetch(array: Any, row: Any) -> Any:
        def fetch(array: Any, row: Any) -> Any:
            return instruction(array, row)

        return fetch


if IS_COMPILED:
    _compile()
