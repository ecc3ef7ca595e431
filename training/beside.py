"""Work in a process beside this one, for what Python's threads would only do by turns."""

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
    """Begin work at once, and give the function that waits for its result.

    The process is forked: it has all that this one had read, without a copy of it being made or sent. Where that is not
    to be had (other systems than Linux, one processor), and where the process was killed, for want of memory perhaps,
    the work is done when its result is asked for. Work that nobody waits for any more is broken off.

    Parameters
    ----------
    work
        What it returns is pickled, and so is the error that it raises; neither comes back before it is asked for.
    """
    if sys.platform != "linux" or cpu_count() == 1:
        yield work
        return

    def in_its_turn(_: None) -> Result:
        # Threads of the linear algebra wait by counting, which would take the processor from the process that forked.
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
