"""What a server that runs for months does with memory that it has used."""

from __future__ import annotations

import gc
from typing import Final

from pipeline.memory import Mallopt, set_allocator

# Collections of the middle generation for one of the oldest, where Python has 10.
_OLDEST_AFTER: Final = 100
_SETTINGS: Final = {Mallopt.MMAP_THRESHOLD: 128 * 1024, Mallopt.ARENA_MAX: 2}


def give_back_what_is_freed() -> None:
    """Have glibc return large blocks to the system when they are freed, and let threads share two arenas.

    By default glibc comes to take ever larger blocks from its arenas, of which each thread may have its own. The
    memories of words are exchanged every now and then: each time they left holes of some megabytes, for hours
    (docs/reliability.md). Does nothing where another C library is used, or glibc's own settings are given.
    """
    set_allocator(_SETTINGS)


def collect_the_oldest_rarely() -> None:
    """Let garbage that has grown old wait for ten times as long as by default.

    What grows old in a server are the memories of words, which hold no cycles: of 12,000 suggestions five collections
    took 0.1 s each on a busy machine, and found nothing. The desk's pages leave some, which come to 2 MB.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _OLDEST_AFTER)
