"""The local engine: processes forked from one that has the model and its warm word memory."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain

from pipeline.batch.answers import Answered, Answering, answer
from pipeline.batch.chunks import Chunk
from pipeline.batch.engines.workers import forked
from pipeline.router import Router

WARMING_ROWS = 200  # answered once before forking, so that every process starts with their words in its cache


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Answers in forked processes, or in this one if there is to be only one.

    Forked processes share the model's memory with their parent as long as nobody writes to it, so a second process
    costs a fraction of the first (docs/batch.md has the figures); loky's processes would each load their own.

    Attributes
    ----------
    load
        Loads the router; called once, before forking.
    """

    load: Callable[[], Router]
    answering: Answering
    processes: int

    def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Yield the answered chunks; see :class:`pipeline.batch.engines.Engine`."""
        chunks = iter(chunks)
        first = next(chunks, None)
        if first is None:
            return
        router = self.load()
        chunks = chain([first], chunks)
        if self.processes == 1 or "fork" not in multiprocessing.get_all_start_methods():
            for chunk in chunks:
                yield answer(router, chunk, self.answering)
            return
        _warm(router, first, self.answering)
        with _unvisited():
            yield from forked(lambda chunk: answer(router, chunk, self.answering), chunks, self.processes)


def _warm(router: Router, chunk: Chunk, answering: Answering) -> None:
    table = chunk.piece.table.slice(0, WARMING_ROWS)
    answer(router, replace(chunk, piece=replace(chunk.piece, table=table, refused=())), answering)


@contextmanager
def _unvisited() -> Iterator[None]:
    """Exclude present objects from garbage collection, which writes to each object and so copies its page."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()  # a notebook runs for days, and its garbage would never be freed
