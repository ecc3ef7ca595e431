"""Forked processes that answer one item at a time, of which any may be killed at any moment."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeAlias, TypeVar, cast

from pipeline.errors import BatchError

MAX_LOST = 5  # processes that may die before the run gives up

Item = TypeVar("Item")
Result = TypeVar("Result")


def forked(work: Callable[[Item], Result], items: Iterable[Item], processes: int) -> Iterator[Result]:
    """Yield the results of ``work`` over ``items`` as they are ready, in any order.

    Each process has a pipe of its own, so that one that is killed, even half-way through a message, blocks no other
    (docs/decisions/0014-a-pipe-for-each-worker.md); its item is given to a new one. One item for each process and one
    read ahead are in memory, no more.

    Raises
    ------
    BatchError
        If more than ``MAX_LOST`` processes were killed.
    Exception
        Whatever ``work`` raises, with its traceback as a note.
    """
    items = iter(items)
    waiting: deque[Item] = deque()
    idle: list[_Worker[Item, Result]] = []
    busy: dict[Connection, _Worker[Item, Result]] = {}
    lost = 0

    def hand_out() -> None:
        while len(busy) < processes:
            waiting.extend(islice(items, 0 if waiting else 1))
            if not waiting:
                return
            worker = idle.pop() if idle else _Worker(work, list(busy))
            worker.give(waiting.popleft())
            busy[worker.pipe] = worker
        waiting.extend(islice(items, 0 if waiting else 1))

    try:
        hand_out()
        while busy:
            ready = wait(list(busy))
            for pipe in [pipe for pipe in busy if pipe in ready]:
                worker = busy.pop(pipe)
                idle.append(worker)
                try:
                    result = worker.take()
                except _KilledError:
                    lost += 1
                    waiting.appendleft(worker.item)
                    idle.pop().end()
                    if lost > MAX_LOST:
                        raise BatchError(
                            f"{lost} processes were killed, probably for want of memory.",
                            mend="Use fewer --processes or smaller --chunk-rows; the run goes on where it was.",
                        ) from None
                    hand_out()
                    continue
                hand_out()  # first, so that it works while the caller puts the result away
                yield result
    finally:
        for worker in (*idle, *busy.values()):
            worker.end()


_Answer: TypeAlias = tuple[Result, None] | tuple[None, Exception]


class _KilledError(Exception):
    """A process died."""


class _Worker(Generic[Item, Result]):
    """A forked process and the only pipe to it."""

    item: Item

    def __init__(self, work: Callable[[Item], Result], others: list[Connection]) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, its_pipe = context.Pipe()
        # A daemon, so that an error on the way out doesn't leave the parent waiting for it.
        self._process = context.Process(target=_serve, args=(work, its_pipe, [self.pipe, *others]), daemon=True)
        self._process.start()
        its_pipe.close()  # the last copy but the process's own: its death is the pipe's end

    def give(self, item: Item) -> None:
        self.item = item
        with contextlib.suppress(OSError):  # killed while idle: told when the result is to be taken
            self.pipe.send(item)

    def take(self) -> Result:
        try:
            answer: _Answer[Result] = self.pipe.recv()
        except (EOFError, OSError):
            raise _KilledError from None
        result, error = answer
        if error is not None:
            raise error
        return cast(Result, result)

    def end(self) -> None:
        self._process.kill()  # it holds nothing that could be left half done
        self._process.join()
        self.pipe.close()


def _serve(work: Callable[[Item], Result], pipe: Connection, parents: list[Connection]) -> None:
    for connection in parents:
        connection.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        try:
            answer: _Answer[Result] = (work(item), None)
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = (None, error)
        pipe.send(answer)


def _end_with_parent() -> None:
    """End this process when its parent is gone, however it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
