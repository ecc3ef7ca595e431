"""Memory during training: no garbage collection, and freed memory is reused."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.memory import Mallopt, set_allocator, uncollected

_KEPT: Final = {Mallopt.TRIM_THRESHOLD: 2**31 - 1, Mallopt.MMAP_MAX: 0, Mallopt.ARENA_MAX: 1}
# The value that glibc's own rule reaches in a process with large arrays.
_USUAL: Final = {Mallopt.TRIM_THRESHOLD: 64 << 20, Mallopt.MMAP_MAX: 65_536, Mallopt.ARENA_MAX: 0}


@contextmanager
def memory_kept() -> Iterator[None]:
    """Switch off garbage collection, and keep freed memory for the next array instead of returning it.

    Complaints and words are millions of objects, none of them garbage: visiting all of them again and again takes a
    fifth of the training time. Also, glibc returns the memory of an array of some megabytes to the system as soon as it
    is freed, separately for each thread; getting its pages again, zeroed one by one, takes a seventh of the time of the
    fit. The peak is not higher. Afterwards all free memory is returned.
    """
    is_kept = set_allocator(_KEPT)
    try:
        with uncollected():
            yield
    finally:
        if is_kept:
            set_allocator(_USUAL)
            ctypes.CDLL(None).malloc_trim(0)
