"""A bounded cache of recently used values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class BoundedMemo(dict[Key, Value]):
    """Computes the value of a key on first use, and keeps it for a while.

    There are two generations. When the newer one is full, it replaces the older one, which is dropped; a key that is
    used again moves to the newer one. So common keys stay, at the cost of a dict look-up and without a list of uses.
    Threads may share one without a lock: at worst a value is computed again.

    Parameters
    ----------
    make
        Computes the value of a key.
    size
        Keys of one generation: at least this many are kept, and at most twice as many.

    Examples
    --------
    >>> lengths = BoundedMemo(len, size=2)
    >>> lengths["jalan"]
    5
    """

    def __init__(self, make: Callable[[Key], Value], size: int) -> None:
        super().__init__()
        self._make = make
        self._size = size
        self._older: dict[Key, Value] = {}

    def __missing__(self, key: Key) -> Value:
        older = self._older
        value = older[key] if key in older else self._make(key)
        if len(self) >= self._size:
            self._older = dict(self)
            self.clear()
        self[key] = value
        return value
