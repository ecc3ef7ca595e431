"""Engines: who answers the chunks. Each gives the same answers, by the same function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from pipeline.batch.answers import Answered
from pipeline.batch.chunks import Chunk


class Engine(Protocol):
    """Something that answers chunks."""

    def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Yield the answered chunks as they are ready, in any order; never more of them in memory than needed.

        Raises
        ------
        BatchError
            If the workers are lost for good.
        """
