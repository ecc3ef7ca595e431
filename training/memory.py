"""How memory is handled while a model is made: what lives is not gone through, and what was freed is used again."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Of glibc's malloc.h, and what its own rule comes to in a process that has had large arrays (see mallopt(3)).
_TRIM_THRESHOLD: Final = -1, 64 << 20
_MMAP_MAX: Final = -4, 65_536
_ARENA_MAX: Final = -8, 0
_ALL_OF_IT: Final = 2**31 - 1


@contextmanager
def memory_kept() -> Iterator[None]:
    """Do without garbage collection, and keep freed memory for the next array in place of handing it back.

    Complaints and words are millions of objects, none of them garbage: to look at all of them again and again takes a
    fifth of a training's time. And glibc hands the memory of an array of some megabytes back to the system as soon as
    it is freed, and each thread's apart; to have its pages again, zeroed one by one, takes a seventh of the time of the
    fit. What is held at most is not more. Afterwards all that is free is handed back.
    """
    collects = gc.isenabled()
    gc.disable()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    tunable = libc if hasattr(libc, "mallopt") else None  # other C libraries have no such settings
    if tunable:
        for setting, value in ((_TRIM_THRESHOLD, _ALL_OF_IT), (_MMAP_MAX, 0), (_ARENA_MAX, 1)):
            tunable.mallopt(setting[0], value)
    try:
        yield
    finally:
        if tunable:
            for setting in (_TRIM_THRESHOLD, _MMAP_MAX, _ARENA_MAX):
                tunable.mallopt(*setting)
            tunable.malloc_trim(0)
        if collects:
            gc.enable()
