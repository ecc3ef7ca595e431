"""Lockout for unknown user names, the same as for real ones, so that a lock doesn't reveal which names exist.

Counted in memory, by each process separately, so that nobody can fill the store with names.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_NAMES = 10_000  # beyond that the least recently tried is dropped
MAX_NAME_CHARS = 64  # no account has a longer name


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed attempts with a name, and until when it is locked."""

    failed: int = 0
    locked_until: dt.datetime | None = None


class UnknownUsers:
    """Bounded store of failed attempts with names that have no account."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, Tries] = OrderedDict()
        self._lock = Lock()

    def of(self, name: str) -> Tries:
        """Return a name's attempts."""
        with self._lock:
            return self._tries.get(name[: MAX_NAME_CHARS + 1], Tries())

    def keep(self, name: str, tries: Tries) -> None:
        """Store a name's attempts."""
        name = name[: MAX_NAME_CHARS + 1]
        with self._lock:
            self._tries[name] = tries
            self._tries.move_to_end(name)
            while len(self._tries) > MOST_NAMES:
                self._tries.popitem(last=False)
