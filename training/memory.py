"""How memory is handled while a model is made: what lives is not gone through, and what was freed is used again."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.memory import Mallopt, set_allocator, uncollected

_KEPT: Final = {Mallopt.TRIM_THRESHOLD: 2**31 - 1, Mallopt.MMAP_MAX: 0, Mallopt.ARENA_MAX: 1}
# What glibc's own rule comes to in a process that has had large arrays.
_USUAL: Final = {Mallopt.TRIM_THRESHOLD: 64 << 20, Mallopt.MMAP_MAX: 65_536, Mallopt.ARENA_MAX: 0}


@contextmanager
def memory_kept() -> Iterator[None]:
    """Do without garbage collection, and keep freed memory for the next array in place of handing it back.

    Complaints and words are millions of objects, none of them garbage: to look at all of them again and again takes a
    fifth of a training's time. And glibc hands the memory of an array of some megabytes back to the system as soon as
    it is freed, and each thread's apart; to have its pages again, zeroed one by one, takes a seventh of the time of the
    fit. What is held at most is not more. Afterwards all that is free is handed back.
    """
    is_kept = set_allocator(_KEPT)
    try:
        with uncollected():
            yield
    finally:
        if is_kept:
            set_allocator(_USUAL)
            ctypes.CDLL(None).malloc_trim(0)
