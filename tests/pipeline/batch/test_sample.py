"""A sample is drawn evenly, in one pass, and with memory for its own rows only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.batch.chunks import Piece
from pipeline.batch.columns import Columns
from pipeline.batch.files import find_files
from pipeline.batch.plan import plan_files, plan_source
from pipeline.batch.sample import draw
from tests.pipeline.batch.conftest import complaints


def test_a_sample_is_drawn_evenly_without_doubles_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name, rows in (("a", 700), ("b", 300)):
        pq.write_table(pa.Table.from_pylist(list(complaints(rows))), tmp_path / f"{name}.parquet")
    (tmp_path / "c.jsonl").write_text('{"isi": "sampah"}\n' + "{oops\n" * 99)
    plan = plan_files(find_files([str(tmp_path)]), Columns())
    seen = refused = 0
    for seed in range(20):
        sample = draw(plan, 100, seed=seed, chunk_rows=64)
        again = draw(plan, 100, seed=seed, chunk_rows=64)
        drawn = [(chunk.source, row) for chunk in sample.chunks for row in chunk.piece.rows]
        assert drawn == [(chunk.source, row) for chunk in again.chunks for row in chunk.piece.rows]
        assert drawn == sorted(set(drawn))
        bad = {row for chunk in sample.chunks for row in chunk.piece.refused}
        assert (len(drawn) + len(bad), sample.population) == (100, 1100)
        refused += len(bad)
        assert max(len(chunk.piece.table) for chunk in sample.chunks) <= 64
        seen += sum(source == "a.parquet" for source, _ in drawn)
    # 20 × 100 draws at 7/11 and 99/1100: 1,273 and 180 ± 5 standard deviations of a hypergeometric draw.
    assert abs(seen - 1273) < 5 * 21
    assert abs(refused - 180) < 5 * 13


class _Long:
    """A piece that is read again and again; after each, the memory that the reader's tables take is noted."""

    name = "long"
    rows, times = 500, 400
    expected_rows = rows * times

    def __init__(self) -> None:
        self.table = pa.table({"isi": ["jalan rusak " * 100] * self.rows})
        self.schema = self.table.schema
        self.held: list[int] = []

    def fingerprint(self) -> dict[str, Any]:
        return {}

    def pieces(self, size: int) -> Iterator[Piece]:
        before = pa.total_allocated_bytes()
        for _ in range(self.times):
            yield Piece(range(size), self.table)
            self.held.append(pa.total_allocated_bytes() - before)


def test_a_sample_needs_memory_for_its_own_rows_not_for_those_it_is_drawn_from() -> None:
    source = _Long()
    sample = draw(plan_source(source, Columns()), 50, seed=1, chunk_rows=source.rows)
    assert (sample.population, sum(len(chunk.piece.table) for chunk in sample.chunks)) == (source.expected_rows, 50)
    assert max(source.held) < 4 * source.table.nbytes, "a piece or two, and twice the sample"
