"""A forked process that handles one item at a time and may be killed at any moment."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeAlias, TypeVar, cast

Item = TypeVar("Item")
Result = TypeVar("Result")

_Answer: TypeAlias = tuple[Result, None] | tuple[None, Exception]


class KilledError(Exception):
    """A process died."""


class Worker(Generic[Item, Result]):
    """A forked process, which shares the memory of this one, and the only pipe to it.

    Parameters
    ----------
    work
        The function it applies to an item. The fork inherits it: only items, results and errors are pickled.
    others
        Pipes of other workers. It closes them, or they would stay open after this process has ended.

    Attributes
    ----------
    item
        The item it was given last.
    pipe
        Ready to be read once :meth:`take` has something to return or to raise.
    """

    item: Item

    def __init__(self, work: Callable[[Item], Result], others: Sequence[Connection] = ()) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, its_pipe = context.Pipe()
        # A daemon, so that an error on the way out doesn't leave the parent waiting for it.
        self._process = context.Process(target=_serve, args=(work, its_pipe, [self.pipe, *others]), daemon=True)
        self._process.start()
        its_pipe.close()  # the last copy but the process's own: its death is the pipe's end

    def give(self, item: Item) -> None:
        """Send it an item to work on."""
        self.item = item
        with contextlib.suppress(OSError):  # killed while idle: take() raises it
            self.pipe.send(item)

    def take(self) -> Result:
        """Wait for the result of the item that was given.

        Raises
        ------
        KilledError
            If the process died.
        Exception
            Whatever ``work`` raised, with its traceback as a note.
        """
        try:
            answer: _Answer[Result] = self.pipe.recv()
        except (EOFError, OSError):
            raise KilledError from None
        result, error = answer
        if error is not None:
            raise error
        return cast(Result, result)

    def end(self) -> None:
        """Kill it."""
        self._process.kill()  # it writes nothing that could be left half done
        self._process.join()
        self.pipe.close()


def _serve(work: Callable[[Item], Result], pipe: Connection, parents: Sequence[Connection]) -> None:
    for connection in parents:
        connection.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is left to the parent, which ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: _Answer[Result] = (work(item), None)
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = (None, error)
        try:
            pipe.send(answer)
        except OSError:  # the parent is gone
            return


def _end_with_parent() -> None:
    """End this process when its parent is gone, however it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
