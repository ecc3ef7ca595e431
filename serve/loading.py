"""Loading a model in the background without delaying requests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.memory import uncollected

# Seconds after which the loading thread yields the GIL. Python's default of 5 ms may delay one answer up to ten times,
# once for each read or write of its connection.
_TURN: Final = 0.0005


@contextmanager
def loading() -> Iterator[None]:
    """Load with a short GIL switch interval and without garbage collection; freeze what was loaded.

    A model, a region and the modules are some 250,000 objects, of which 1,000 are garbage after loading. Collecting
    takes 50 to 200 ms, during which nothing is answered. Frozen objects are still freed by reference counting.
    """
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        with uncollected(freeze=True):
            yield
    finally:
        sys.setswitchinterval(turn)
