"""A memory of what was asked for lately, bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(dict[Key, Value]):
    """Makes the value of a key when it is first asked for, and remembers it for a while.

    There are two generations. When the newer one is full, it becomes the older and the older is forgotten; what is
    asked for again moves to the newer. So what is common stays, at the cost of a dict's look-up and no list of uses.

    Parameters
    ----------
    make
        Makes the value of a key.
    size
        Keys of one generation: at least that many are remembered, and at most twice as many.

    Examples
    --------
    >>> lengths = Recent(len, size=2)
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
