"""The one way Ripple compiles: every law and every inner loop is decorated with `kernel`.

Numba keeps compiled code on disk but does not see an edit in a *called* function of another file, so the
folder it keeps it in is named after a hash of every compiled source: an edit anywhere starts a new folder.
No `fastmath`: contraction changes last bits, and two engines must agree bit for bit.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


def _sources_hash() -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256(numba.__version__.encode())
    for folder in ("behaviour", "engines", "outcomes"):
        for source in sorted((here / folder).glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    """The first writable place for compiled code: the user's cache folder, else a temporary one."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for parent in (base, Path(tempfile.gettempdir())):
        folder = parent / "ripple" / f"compiled-{_sources_hash()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise OSError(f"no writable folder for compiled code: tried {base} and {tempfile.gettempdir()}")


numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]


def kernel(function: Compiled) -> Compiled:
    """Compile a pure function once, keep it on disk, and let threads run it side by side."""
    return cast(Compiled, numba.njit(cache=True, nogil=True)(function))
