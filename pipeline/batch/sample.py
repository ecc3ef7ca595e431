"""A random sample of a plan's rows: what a dry run answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.batch.chunks import BadRow, Chunk, Piece
from pipeline.batch.plan import Plan

_Drawn = tuple[NDArray[np.float64], Chunk]  # the part of a chunk that is drawn, and its rows' keys before it


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows drawn without replacement, in their order, and the number of rows they were drawn from.

    Rows that were refused while reading are drawn like all others.

    Attributes
    ----------
    left_out
        Sheets that were left out as a whole; none of their rows can be drawn.
    """

    chunks: tuple[Chunk, ...]
    population: int
    left_out: tuple[BadRow, ...] = ()


def draw(plan: Plan, rows: int, *, seed: int, chunk_rows: int) -> Sample:
    """Draw ``rows`` rows with equal probability, in one pass and with memory for twice as many.

    Every row gets a random number; those with the smallest stay (reservoir sampling with keys: Efraimidis and
    Spirakis 2006, with equal weights).
    """
    rng = np.random.default_rng(seed)
    kept: list[_Drawn] = []
    held = population = 0
    below = 1.0
    left_out: list[BadRow] = []
    for read in plan.chunks(chunk_rows):
        left_out += (row for row in read.piece.refused if not row.is_single)
        single = tuple(row for row in read.piece.refused if row.is_single)
        chunk = replace(read, piece=replace(read.piece, refused=single))
        keys = rng.random(len(chunk.piece.table) + len(chunk.piece.refused))
        population += len(keys)
        drawn = _below(keys, chunk, below)
        held += len(drawn[0])
        kept.append(drawn)
        if held > 2 * rows:
            below, kept = _fewer(kept, rows)
            held = rows
    if held > rows:
        _, kept = _fewer(kept, rows)
    return Sample(tuple(_numbered(kept, chunk_rows)), population, tuple(left_out))


def _fewer(kept: list[_Drawn], rows: int) -> tuple[float, list[_Drawn]]:
    """Return the key that ``rows`` rows are below, and these rows."""
    below = float(np.partition(np.concatenate([keys for keys, _ in kept]), rows)[rows])
    fewer = [_below(keys, chunk, below) for keys, chunk in kept]
    return below, [(keys, chunk) for keys, chunk in fewer if len(keys)]


def _below(keys: NDArray[np.float64], chunk: Chunk, below: float) -> _Drawn:
    """Return the drawn part of a chunk and its keys, first those of the table's rows, then those of refused rows."""
    piece = chunk.piece
    taken = np.flatnonzero(keys < below)
    rows, refused = taken[taken < len(piece.table)], taken[taken >= len(piece.table)] - len(piece.table)
    drawn = replace(
        piece,
        rows=[piece.rows[i] for i in rows.tolist()],
        table=piece.table.take(pa.array(rows)),
        refused=tuple(piece.refused[i] for i in refused.tolist()),
    )
    return keys[taken], replace(chunk, piece=drawn)


def _numbered(kept: list[_Drawn], chunk_rows: int) -> Iterator[Chunk]:
    """Yield the sample as chunks of a useful size: the pieces of one file or sheet joined."""
    number = 0
    for _, drawn in groupby((chunk for _, chunk in kept), key=lambda chunk: chunk.source):
        own = list(drawn)
        table = pa.concat_tables([chunk.piece.table for chunk in own]).combine_chunks()
        rows = [row for chunk in own for row in chunk.piece.rows]
        refused = tuple(row for chunk in own for row in chunk.piece.refused)
        for start in range(0, max(1, len(rows)), chunk_rows):
            part = range(start, min(start + chunk_rows, len(rows)))
            # take() copies: a slice would be sent to the workers with the whole table.
            taken = table.take(pa.array(part, pa.int64()))
            piece = Piece([rows[i] for i in part], taken, () if start else refused)
            yield replace(own[0], number=number, piece=piece)
            number += 1
