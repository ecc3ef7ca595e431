"""How this process handles memory: garbage collection, and the C library's allocator."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import Final

OWN_SETTINGS: Final = ("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


class Mallopt(IntEnum):
    """Parameters of glibc's malloc.h, see mallopt(3)."""

    TRIM_THRESHOLD = -1
    MMAP_THRESHOLD = -3
    MMAP_MAX = -4
    ARENA_MAX = -8


def set_allocator(settings: Mapping[Mallopt, int]) -> bool:
    """Set parameters of glibc's allocator, and return whether they were set.

    They are not set under another C library, or if the environment already configures glibc's allocator.
    """
    if sys.platform != "linux" or any(name in os.environ for name in OWN_SETTINGS):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    for parameter, value in settings.items():
        mallopt(int(parameter), value)
    return True


@contextmanager
def uncollected(*, freeze: bool = False) -> Iterator[None]:
    """Switch off garbage collection within the block.

    Parameters
    ----------
    freeze
        Let it pass over what is there at the end from then on.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        if freeze:
            gc.freeze()
    finally:
        if collects:
            gc.enable()
