"""Counting wrong codes, so that nobody can try them all."""

import threading
import time
from collections import deque

A_PERSON, A_SERVER = 5, 60
WINDOW_SECONDS = 60.0


class Tries:
    """Wrong tries of late. Once there are `most` of them within a minute, everybody it counts for has to wait."""

    def __init__(self, most: int) -> None:
        self._times: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def count(self) -> None:
        """One more wrong try."""
        with self._lock:
            self._times.append(time.monotonic())

    @property
    def seconds_to_wait(self) -> int:
        """How long until the next try is allowed; 0: at once."""
        with self._lock:
            if len(self._times) < (self._times.maxlen or 0):
                return 0
            left = WINDOW_SECONDS - (time.monotonic() - self._times[0])
        return max(int(left) + 1, 0) if left > 0 else 0


def wait_said(seconds: int) -> str:
    """Why there is a wait, and for how long."""
    return f"Too many wrong codes were tried just now. Wait {seconds} seconds, then try again."
