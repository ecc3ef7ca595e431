"""Loading a model while others are answered: nothing may keep them waiting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.memory import uncollected

# After so many seconds who answers gets the processor back. Python's own 5 ms are taken up to ten times by one answer,
# each time that it reads or writes its connection.
_TURN: Final = 0.0005


@contextmanager
def loading() -> Iterator[None]:
    """Load in short turns, without garbage collection, and let collection pass over what is loaded from then on.

    A model, a region and the modules are some 250,000 objects, 1,000 of which are garbage once it is loaded. To look at
    all of them takes 50 to 200 ms, during which nothing is answered. What is loaded is freed when nobody holds it.
    """
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        with uncollected(freeze=True):
            yield
    finally:
        sys.setswitchinterval(turn)
