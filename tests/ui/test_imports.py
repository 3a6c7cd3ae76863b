"""Every module of the pages can be imported first: which one comes first must not matter."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EACH_ALONE = """
import importlib, sys
for name in sys.argv[1:]:
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == "ui"]:
        del sys.modules[loaded]
    importlib.import_module(name)
"""


def test_whichever_comes_first() -> None:
    files = sorted((ROOT / "ui").rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
    command = [sys.executable, "-W", "ignore", "-c", EACH_ALONE, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
