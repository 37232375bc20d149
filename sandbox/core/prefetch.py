"""Ask the processor to fetch a row before it is needed; uncompiled, this does nothing.

With a million wallets each account lies in main memory, some 150 ns away. A payment's accounts are known at its birth
and wanted at its posting, several events later: fetched in between, they cost nothing.
"""

from __future__ import annotations

from typing import Any

from sandbox.core.compiled import IS_COMPILED
from sandbox.core.draws import Int64Array


def _nothing(array: Int64Array, row: int) -> None:
    """Uncompiled: nothing to do."""


def _instruction() -> Any:
    """The processor's prefetch of `array[row]`, as a function for compiled code."""
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    pointer_add: Any = cgutils.pointer_add

    @intrinsic
    def prefetch(typing_context: Any, array: Any, row: Any) -> Any:
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

    return prefetch


prefetch: Any = _instruction() if IS_COMPILED else _nothing
