"""A plugin of mypy: the builtin `sum` is for whole numbers.

Python 3.12 began to compensate the rounding of `sum` over floats, so one scenario gave other digits on 3.11. What is
summed must therefore be known to be whole; floats go to `math.fsum`, which rounds once, and arrays to NumPy.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.checker import TypeChecker
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import GeneratorExpr
from mypy.plugin import FunctionContext, Plugin
from mypy.types import Instance, LiteralType, Type, UnionType, get_proper_type

WHOLE = ("builtins.int", "builtins.bool")


class WholeSums(Plugin):
    """Refuses `sum` of what may be a float."""

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """For `sum` alone."""
        return _checked if fullname == "builtins.sum" else None


def _checked(call: FunctionContext) -> Type:
    item = _item(call)
    starts = [one for given in call.arg_types[1:] for one in given]
    if not all(map(_is_whole, (item, *starts))):
        call.api.fail(f"`sum` of {item}: floats go to `math.fsum`, which is the same on every Python", call.context)
    return call.default_return_type


def _item(call: FunctionContext) -> Type | None:
    """The type of one summand, without what the call's place would make of it."""
    summed = call.args[0][0]
    if isinstance(summed, GeneratorExpr) and isinstance(call.api, TypeChecker):
        return call.api.expr_checker.accept(summed.left_expr)
    values = get_proper_type(call.arg_types[0][0])
    if isinstance(values, Instance) and values.type.has_base("typing.Iterable"):
        iterable = call.api.named_generic_type("typing.Iterable", [call.default_return_type]).type
        return map_instance_to_supertype(values, iterable).args[0]
    return None


def _is_whole(given: Type | None) -> bool:
    if given is None:
        return False
    kind = get_proper_type(given)
    if isinstance(kind, UnionType):
        return all(map(_is_whole, kind.items))
    if isinstance(kind, LiteralType):
        return _is_whole(kind.fallback)
    return isinstance(kind, Instance) and kind.type.fullname in WHOLE


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return WholeSums
