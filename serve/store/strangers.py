"""Wrong passwords for names that nobody has, counted as those for real names are: a lock must not tell which exist.

They are counted in memory and by each process for itself, so that nobody can fill the store with names.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_NAMES = 10_000  # the one not tried for longest makes room
MAX_NAME_CHARS = 64  # no account has a longer name


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a name was tried, and until when it cannot be tried again."""

    failed: int = 0
    locked_until: dt.datetime | None = None


class Strangers:
    """Remembers the tries of names without an account."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, Tries] = OrderedDict()
        self._lock = Lock()

    def of(self, name: str) -> Tries:
        """Return the tries of a name."""
        with self._lock:
            return self._tries.get(name[: MAX_NAME_CHARS + 1], Tries())

    def keep(self, name: str, tries: Tries) -> None:
        """Remember the tries of a name."""
        name = name[: MAX_NAME_CHARS + 1]
        with self._lock:
            self._tries[name] = tries
            self._tries.move_to_end(name)
            while len(self._tries) > MOST_NAMES:
                self._tries.popitem(last=False)
