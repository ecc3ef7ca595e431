"""Work in a second process, for code that Python's threads could not run in parallel."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from joblib import cpu_count
from threadpoolctl import threadpool_limits

from pipeline.worker import KilledError, Worker

Result = TypeVar("Result")


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Start work now, and return a function that waits for its result.

    The process is forked, so it shares what this one has read without copying or sending it. Where that is impossible
    (not on Linux, or only one processor), or if the process was killed, perhaps for lack of memory, the work is done
    when its result is requested. Work whose result nobody waits for any more is stopped.

    Parameters
    ----------
    work
        Its result is pickled, and so is an error that it raises; neither arrives before it is requested.
    """
    if sys.platform != "linux" or cpu_count() == 1:
        yield work
        return

    def in_its_turn(_: None) -> Result:
        # BLAS threads wait in busy loops, which would take the processor from the parent process.
        with threadpool_limits(1, "blas"):
            return work()

    def wait() -> Result:
        try:
            return worker.take()
        except KilledError:
            return work()

    worker = Worker(in_its_turn)
    try:
        worker.give(None)
        yield wait
    finally:
        worker.end()
