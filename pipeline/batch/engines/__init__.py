"""Engines: where the chunks are answered. All give the same answers, with the same function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from pipeline.batch.answers import Answered
from pipeline.batch.chunks import Chunk


class Engine(Protocol):
    """Something that answers chunks."""

    def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Yield the answered chunks as they finish, in any order, with no more of them in memory than needed.

        Raises
        ------
        BatchError
            If the workers are lost for good.
        """
