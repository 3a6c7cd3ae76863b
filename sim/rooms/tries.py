"""Counting wrong codes, so that nobody can try them all."""

import ipaddress
import threading
import time
from collections import OrderedDict, deque

A_PERSON, AN_ADDRESS, A_SERVER = 5, 20, 60
_MOST_ADDRESSES = 10_000
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
    def any_of_late(self) -> bool:
        """Whether there was one within the last minute."""
        with self._lock:
            return bool(self._times) and time.monotonic() - self._times[-1] < WINDOW_SECONDS

    @property
    def seconds_to_wait(self) -> int:
        """How long until the next try is allowed; 0: at once."""
        with self._lock:
            if len(self._times) < (self._times.maxlen or 0):
                return 0
            left = WINDOW_SECONDS - (time.monotonic() - self._times[0])
        return max(int(left) + 1, 0) if left > 0 else 0


class Everybody:
    """Wrong tries of everybody who comes to a server, by the address that they come from.

    Beyond what the whole server allows, only those addresses wait that tried a wrong code themselves: nobody can keep
    others out. Those without a known address count as one.
    """

    def __init__(self) -> None:
        self._all = Tries(A_SERVER)
        self._lock = threading.Lock()
        self._by: OrderedDict[str, Tries] = OrderedDict()

    def count(self, address: str | None) -> None:
        """One more wrong try from there."""
        self._all.count()
        where = network_of(address)
        if where is None:
            return
        with self._lock:
            tries = self._by.setdefault(where, Tries(AN_ADDRESS))
            self._by.move_to_end(where)
            if len(self._by) > _MOST_ADDRESSES:
                self._by.popitem(last=False)
        tries.count()

    def seconds_to_wait(self, address: str | None) -> int:
        """How long until the next try from there is allowed; 0: at once."""
        where = network_of(address)
        if where is None:
            return self._all.seconds_to_wait
        with self._lock:
            tries = self._by.get(where)
        if tries is None or not tries.any_of_late:
            return 0
        return max(tries.seconds_to_wait, self._all.seconds_to_wait)


def network_of(address: str | None) -> str | None:
    """What counts as one address: of IPv6 the 64 bits that a household has; None where it is none."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    return str(found if found.version == 4 else ipaddress.ip_network((int(found), 64), strict=False))


def wait_said(seconds: int) -> str:
    """Why there is a wait, and for how long."""
    return f"Too many wrong codes were tried just now. Wait {seconds} seconds, then try again."
