"""Forked processes that answer one item at a time; any of them may be killed at any moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import TypeVar

from pipeline.errors import BatchError
from pipeline.worker import KilledError, Worker

MAX_LOST = 5  # processes that may be killed before the run gives up

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
    idle: list[Worker[Item, Result]] = []
    busy: dict[Connection, Worker[Item, Result]] = {}
    lost = 0

    def read_ahead() -> None:
        if not waiting:
            waiting.extend(islice(items, 1))

    def hand_out() -> None:
        read_ahead()
        while waiting and len(busy) < processes:
            worker = idle.pop() if idle else Worker(work, list(busy))
            worker.give(waiting.popleft())
            busy[worker.pipe] = worker
            read_ahead()

    try:
        hand_out()
        while busy:
            ready = wait(list(busy))
            for pipe in [pipe for pipe in busy if pipe in ready]:
                worker = busy[pipe]
                try:
                    result = worker.take()
                except KilledError:
                    lost += 1
                    waiting.appendleft(worker.item)
                    worker.end()
                    del busy[pipe]
                    if lost > MAX_LOST:
                        raise BatchError(
                            f"{lost} worker processes were killed, probably because memory ran out.",
                            mend="Run the same command with fewer --processes to resume, "
                            "or start over with --fresh and smaller --chunk-rows.",
                        ) from None
                    hand_out()
                    continue
                idle.append(busy.pop(pipe))
                hand_out()  # first, so that it works while the caller puts the result away
                yield result
    finally:
        for worker in (*idle, *busy.values()):
            worker.end()
