"""What a server that runs for months does with memory that it has used."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Final

# mallopt's parameters (glibc's malloc.h) and what they are set to.
_MMAP_THRESHOLD, _MMAP_BYTES = -3, 128 * 1024
_ARENA_MAX, _ARENAS = -8, 2
_OWN_SETTINGS: Final = ("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


def give_back_what_is_freed() -> None:
    """Have glibc return large blocks to the system when they are freed, and let threads share two arenas.

    By default glibc comes to take ever larger blocks from its arenas, of which each thread may have its own. The
    memories of words are exchanged every now and then: each time they left holes of some megabytes, for hours
    (docs/reliability.md). Does nothing where another C library is used, or glibc's own settings are given.
    """
    if sys.platform != "linux" or any(name in os.environ for name in _OWN_SETTINGS):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _MMAP_BYTES)
        mallopt(_ARENA_MAX, _ARENAS)
