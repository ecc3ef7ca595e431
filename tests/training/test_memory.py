from __future__ import annotations

import gc
import resource
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from pipeline.memory import OWN_SETTINGS
from training.memory import memory_kept


def _pages_asked_for() -> int:
    """Return the number of pages that the system supplied for short-lived arrays."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        np.ones(12_000_000, dtype=np.float32)  # 48 MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _asked_for_by_a_second_thread() -> int:
    with memory_kept():
        for _ in range(2):
            with ThreadPoolExecutor(1) as thread:
                asked = thread.submit(_pages_asked_for).result()
    return asked


@pytest.mark.skipif(sys.platform != "linux", reason="settings of glibc")
def test_memory_that_threads_have_freed_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OWN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    # In a new process, like training: here, threads that have ended may have left other allocation arenas.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        assert fresh.submit(_asked_for_by_a_second_thread).result() < 1_000


@pytest.mark.parametrize("collects", [True, False])
def test_collection_is_afterwards_what_it_was_before(collects: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        with memory_kept():
            assert not gc.isenabled()
        assert gc.isenabled() is collects
    finally:
        (gc.enable if before else gc.disable)()
