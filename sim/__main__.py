"""Ripple from a command line: `python -m sim --help`."""

import os
import signal
import sys

INTERRUPTED = 130

# Until `main` listens: an interrupt while the rest is being imported ends without a word.
signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def run() -> None:
    """Run the command that was typed, and end the program with its code."""
    from sim.cli.commands import main  # slow to import

    code = main()
    if code == INTERRUPTED:  # at once: a thread that is compiling would be waited for otherwise
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
