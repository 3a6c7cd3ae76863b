"""The one way Ripple compiles: every law and every inner loop is decorated with `kernel`.

Numba keeps compiled code on disk but does not see an edit in a *called* function of another file, so the
folder it keeps it in is named after a hash of every compiled source: an edit anywhere starts a new folder.
No `fastmath`: contraction changes last bits, and two engines must agree bit for bit.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numba.extending
from llvmlite import ir
from numba.core import types as _types

from sim.folders import hash_of_sources, kept_folder

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


@cache
def cache_folder() -> Path:
    """Where the compiled code of this version, in this place, is kept."""
    here = Path(__file__).parent
    layers = [here / folder for folder in ("behaviour", "engines", "outcomes")]
    sources = Path(__file__), here / "scenario" / "quantity.py", *layers  # the length of a year is in a law
    besides = f"{numba.__version__} {here}"  # Numba keeps code by the path of its source too
    return kept_folder(f"compiled-{hash_of_sources(*sources, besides=besides)}")


numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]


def kernel(function: Compiled) -> Compiled:
    """Compile a pure function once, keep it on disk, and let threads run it side by side."""
    return cast(Compiled, numba.njit(cache=True, nogil=True)(function))


def inlined(function: Compiled) -> Compiled:
    """A part of one kernel that reads better on its own: it is put in where it is called, and costs no call."""
    return cast(Compiled, numba.njit(inline="always")(function))


def rule(function: Compiled) -> Compiled:
    """What both engines do alike: Python runs it as it stands, and in compiled code it is put in where it is called."""
    return in_compiled(function)(function)


def called_rule(function: Compiled) -> Compiled:
    """The same for a rule that is called from many places: compiled code has it once."""
    numba.extending.register_jitable(function)
    return function


def in_compiled(function: Callable[..., Any]) -> Callable[[Compiled], Compiled]:
    """What is put into compiled code instead of such a function, while Python runs the function itself.

    An `overload` gives it a type. The attributes are those of `njit(inline="always")`, and say that it is put in before
    types are known; an overload itself is put in afterwards, which takes much longer to compile and makes false code of
    rules that end early.
    """

    def register(instead: Compiled) -> Compiled:
        numba.extending.overload(function, strict=False)(lambda *args: instead)
        function.py_func, function.targetoptions = instead, {"inline": "always"}  # type: ignore[attr-defined]
        return instead

    return register


_intrinsic, types = cast(Any, numba.extending.intrinsic), cast(Any, _types)


def _without_owner(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.BaseTuple):
        for position, inner in enumerate(kind.types):
            part = _without_owner(context, builder, inner, builder.extract_value(value, position))
            value = builder.insert_value(value, part, position)
        return value
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = array.parent = context.get_constant_null(types.voidptr)
        return array._getvalue()
    return value


@_intrinsic
def _borrowed(_: Any, thing: Any) -> Any:
    """The same named tuple of arrays without their owner."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _without_owner(context, builder, signature.args[0], args[0])

    return thing(thing), codegen


def borrowed(thing: Any) -> Any:
    """The same named tuple of arrays, for a kernel whose caller keeps them alive; in Python the thing itself.

    Nobody counts references to arrays without an owner. Counting is what an event loop over many arrays would
    otherwise spend most of its time on.
    """
    return thing


@in_compiled(borrowed)
def _(thing: Any) -> Any:
    return _borrowed(thing)


@_intrinsic
def high_word(_: Any, a: Any, b: Any) -> Any:
    """The upper 64 bits of the 128-bit product of two unsigned 64-bit words, by the machine's own multiplication."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        double = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], double), builder.zext(args[1], double))
        return builder.trunc(builder.lshr(product, double(64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), codegen
