"""The one way Ripple compiles: every law and every inner loop is decorated with `kernel`.

Numba keeps compiled code on disk but does not see an edit in a *called* function of another file, so the
folder it keeps it in is named after a hash of every compiled source: an edit anywhere starts a new folder.
No `fastmath`: contraction changes last bits, and two engines must agree bit for bit.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numba.extending
from llvmlite import ir
from numba.core import types as _types

from sim.folders import kept_folder

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


@cache
def _sources_hash() -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{numba.__version__} {here}".encode())  # Numba keeps code by the path of its source too
    for source in (Path(__file__), here / "scenario" / "quantity.py"):  # the length of a year is in a law
        digest.update(source.read_bytes())
    for folder in ("behaviour", "engines", "outcomes"):
        for source in sorted((here / folder).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where the compiled code of this version, in this place, is kept."""
    return kept_folder(f"compiled-{_sources_hash()}")


numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]


def kernel(function: Compiled) -> Compiled:
    """Compile a pure function once, keep it on disk, and let threads run it side by side."""
    return cast(Compiled, numba.njit(cache=True, nogil=True)(function))


def inlined(function: Compiled) -> Compiled:
    """A part of one kernel that reads better on its own: it is put in where it is called, and costs no call."""
    return cast(Compiled, numba.njit(inline="always")(function))


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
def borrowed(_: Any, thing: Any) -> Any:
    """The same named tuple of arrays, for a kernel whose caller keeps them alive.

    Nobody counts references to arrays without an owner. Counting is what an event loop over many arrays would
    otherwise spend most of its time on.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _without_owner(context, builder, signature.args[0], args[0])

    return thing(thing), codegen


@_intrinsic
def high_word(_: Any, a: Any, b: Any) -> Any:
    """The upper 64 bits of the 128-bit product of two unsigned 64-bit words, by the machine's own multiplication."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        double = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], double), builder.zext(args[1], double))
        return builder.trunc(builder.lshr(product, double(64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), codegen
