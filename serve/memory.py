"""What a server that runs for months does with memory that it has used."""

from __future__ import annotations

from typing import Final

from pipeline.memory import Mallopt, set_allocator

_SETTINGS: Final = {Mallopt.MMAP_THRESHOLD: 128 * 1024, Mallopt.ARENA_MAX: 2}


def give_back_what_is_freed() -> None:
    """Have glibc return large blocks to the system when they are freed, and let threads share two arenas.

    By default glibc comes to take ever larger blocks from its arenas, of which each thread may have its own. The
    memories of words are exchanged every now and then: each time they left holes of some megabytes, for hours
    (docs/reliability.md). Does nothing where another C library is used, or glibc's own settings are given.
    """
    set_allocator(_SETTINGS)
