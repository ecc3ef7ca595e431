"""Small inputs and a runner for the batch tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.batch.answers import Answering
from pipeline.batch.columns import Columns
from pipeline.batch.engines import Engine
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.files import find_files
from pipeline.batch.plan import plan_files
from pipeline.batch.run import Model, Outcome, run_batch
from pipeline.batch.sinks import FileSink
from pipeline.router import Router

PROBLEMS = (
    "Lampu jalan mati sudah seminggu di depan pasar",
    "Sampah menumpuk dan bau sekali belum diangkut",
    "Air PDAM mati tiga hari di perumahan kami",
    "Jalan berlubang besar, banyak pengendara jatuh",
    "KTP saya belum jadi sudah dua bulan",
)
AGENCIES = ("Dinas Perhubungan", "Dinas Lingkungan Hidup", "pdam", "tidak dikenal", "")


def complaints(rows: int) -> Iterator[dict[str, str]]:
    """Yield distinct rows."""
    for i in range(rows):
        yield {
            "no": f"{i:05d}",
            "isi laporan": f"{PROBLEMS[i % 5]} nomor rumah {i}",
            "instansi": AGENCIES[i % 5],
            "tanggal": f"2024-{i % 12 + 1:02d}-05 08:00",
            "catatan": "ya" if i % 2 else "",
        }


@dataclass
class Counting:
    """Progress watcher that only counts."""

    rows: int = 0
    refused: int = 0
    resumed: int = 0
    expected: list[int] = field(default_factory=list)

    def begin(self, expected_rows: int) -> None:
        self.expected.append(expected_rows)

    def advance(self, rows: int, refused: int, *, resumed: bool) -> None:
        self.rows += rows
        self.refused += refused
        self.resumed += rows if resumed else 0

    def begin_writing(self, rows: int) -> None:
        self.expected.append(rows)

    def written(self, rows: int) -> None: ...


@dataclass(frozen=True)
class Runner:
    """Runs batches with the small model in this process."""

    router: Router
    model: Path

    def __call__(
        self,
        inputs: list[str],
        out: Path,
        *,
        chunk_rows: int = 20,
        engine: Engine | None = None,
        processes: int = 1,
        watch: Counting | None = None,
    ) -> Outcome:
        def make_engine(answering: Answering) -> Engine:
            return engine or LocalEngine(lambda: self.router, answering, processes)

        return run_batch(
            plan_files(find_files(inputs), Columns()),
            FileSink(out),
            out.with_name(f"{out.name}.part"),
            Model(self.model),
            make_engine,
            watch or Counting(),
            chunk_rows=chunk_rows,
        )


@pytest.fixture
def runner(router: Router, model_folder: Path) -> Runner:
    return Runner(router, model_folder)
