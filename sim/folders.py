"""Folders of Ripple's own: where it keeps what it has made, and where things are made before they are put in place."""

import atexit
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psutil

_LOOSE = 0o077  # whatever others may do


def kept_folder(name: str) -> Path:
    """The first folder of that name that is this user's alone: in the user's cache folder, else a temporary one.

    What lies there is loaded and, where it is compiled code, run; so one that somebody else owns, or may write to, is
    not used. Where there is none, it is a new one that goes when the program ends, which is said once.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    for parent in (base, Path(tempfile.gettempdir())):
        try:
            parent.mkdir(parents=True, exist_ok=True)
            return _ours(_ours(parent / "ripple") / name)
        except OSError:
            continue
    return _for_now(name)


def _ours(folder: Path) -> Path:
    """The folder, made if there is none.

    Raises:
        OSError: it cannot be made or written, is a link, or is not this user's alone.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    seen = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or seen.st_uid != os.getuid():
        raise PermissionError(f"{folder} is somebody else's")
    if seen.st_mode & _LOOSE:
        folder.chmod(0o700)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be written")
    return folder


@cache
def _for_now(name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ripple-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    print(f"Nothing can be kept for the next start ({name}): no cache folder is this user's alone.", file=sys.stderr)
    return folder


def hash_of_sources(*places: Path, besides: str = "") -> str:
    """A hash of all Python text in these files and folders, and of what else matters: another one after any edit."""
    digest = hashlib.sha256(besides.encode())
    for place in places:
        for source in [place] if place.is_file() else sorted(place.rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def why_no_file(path: Path, *endings: str) -> str | None:
    """Why no file with one of these endings could be put there, and what is allowed; None where one could."""
    if path.suffix.lower() not in endings:
        return f'found "{path.name}"; allowed: a file whose name ends in {endings[0]}'
    if path.is_dir():
        return f'found "{path}", a folder; allowed: a file'
    if not path.parent.is_dir():
        return f'found "{path.parent}", which is no folder; allowed: a folder that exists'
    return None


def why_not_written(path: Path, error: OSError) -> str:
    """Why the file was not put there, though it could have been, and what is allowed."""
    return f"found {path}, which cannot be written ({error.strerror or error}); allowed: a file in a folder of yours"


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A folder beside the target, to make that in and move it into place when it is whole.

    It is gone afterwards, and with it what programs left there that were killed on this machine.
    """
    here = re.sub(r"\W", "_", platform.node())
    for left in target.parent.glob(f".ripple-{here}-*-*"):
        maker = left.name.removeprefix(f".ripple-{here}-").partition("-")[0]
        if maker.isdigit() and not psutil.pid_exists(int(maker)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".ripple-{here}-{os.getpid()}-", dir=target.parent) as folder:
        yield Path(folder)
