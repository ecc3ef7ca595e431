"""Work in a process beside this one, for what Python's threads would only do by turns."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from joblib import cpu_count
from threadpoolctl import threadpool_limits

Result = TypeVar("Result")


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Begin work at once, and give the function that waits for its result.

    The process is forked: it has all that this one had read, without a copy of it being made or sent. (A pool of
    :mod:`concurrent.futures` would outlive this process if that is killed.) Where that is not to be had (other systems
    than Linux, one processor), and where the process was killed, for want of memory perhaps, the work is done when its
    result is asked for. Work that nobody waits for any more is broken off.

    Parameters
    ----------
    work
        What it returns is pickled, and so is the error that it raises; neither comes back before it is asked for.
    """
    if sys.platform != "linux" or cpu_count() == 1:
        yield work
        return
    context = get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, reader, writer), daemon=True)
    process.start()
    writer.close()

    def wait() -> Result:
        try:
            result, error = reader.recv()
        except EOFError:
            return work()
        if error is not None:
            raise error
        answer: Result = result
        return answer

    with reader:
        try:
            yield wait
        finally:
            process.terminate()
            process.join()


def _do(work: Callable[[], object], reader: Connection, writer: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is broken off by the process that forked it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    reader.close()  # or what is sent would wait for ever where nobody reads it any more
    # Threads of the linear algebra wait by counting, which would take the processor from the process that forked.
    with threadpool_limits(1, "blas"), writer:
        try:
            sent: tuple[object, Exception | None] = work(), None
        except Exception as error:  # raised where the result is asked for
            error.add_note(traceback.format_exc())
            sent = None, error
        writer.send(sent)
