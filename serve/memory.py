"""What a server that runs for months does with memory that it has used."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def loading() -> Iterator[None]:
    """Load without garbage collection what stays loaded, and let collection pass over it from then on.

    A model, a region and the modules are some 250,000 objects, 1,000 of which are garbage once it is loaded. To look at
    all of them takes 50 to 200 ms, during which nothing is answered. What is loaded is freed when nobody holds it.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
