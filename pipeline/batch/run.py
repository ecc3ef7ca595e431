"""A run: chunks are read, answered by an engine, kept in the journal, and assembled at the end."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from pipeline.batch.answers import Answering
from pipeline.batch.chunks import BadRow, Chunk
from pipeline.batch.engines import Engine
from pipeline.batch.journal import Journal, begun_run
from pipeline.batch.plan import Plan
from pipeline.clock import day_by
from pipeline.errors import BatchError, ChangedInputError, DataError
from pipeline.manifest import MANIFEST, NO_REGION, read_manifest
from pipeline.region.digest import region_digest
from pipeline.region.national import clock_of

CHUNK_ROWS = 2_000  # some seconds of work: little is lost when a run is killed, and 10⁸ rows make at most 50,000 files


class Watch(Protocol):
    """Receives the progress of a run."""

    def begin(self, expected_rows: int) -> None:
        """Receive the number of rows, an upper bound."""

    def advance(self, rows: int, refused: int, *, resumed: bool) -> None:
        """Receive that a chunk is finished; ``resumed`` if an earlier run finished it.

        A sheet that was left out is no row, and not among the ``refused``.
        """

    def begin_writing(self, rows: int) -> None:
        """Receive that all chunks are answered, and how many rows of the result are now being written."""

    def written(self, rows: int) -> None:
        """Receive that the next rows of the result were passed to the writer."""


class Sink(Protocol):
    """Where the results go."""

    @property
    def name(self) -> str:
        """Its name without a folder: an interrupted run resumes only into an output of the same name."""

    def write(self, schema: pa.Schema, tables: Iterator[pa.Table], rows: int) -> None:
        """Write all rows so that they appear at once or not at all."""

    def write_refused(self, rows: Iterator[BadRow]) -> None:
        """Write which rows were refused."""


@dataclass(frozen=True, slots=True)
class Model:
    """The model's folder and the region's, if not the model's own."""

    folder: Path
    region: str | None = None

    def digest(self) -> str:
        """Return the manifest's sha256, which covers those of all files.

        Raises
        ------
        ModelError
            If there is no model.
        """
        read_manifest(self.folder)
        return hashlib.sha256((self.folder / MANIFEST).read_bytes()).hexdigest()

    def clock(self) -> dt.tzinfo:
        """Return the region's clock.

        Raises
        ------
        ModelError
            If there is no model.
        """
        return clock_of(read_manifest(self.folder).region.code)

    def today(self) -> dt.date:
        """Return the day by that clock."""
        return day_by(self.clock())

    def region_digest(self) -> str:
        """Return a sha256 of the region's files, which the model's digest doesn't cover.

        Raises
        ------
        ModelError
            If there is no model.
        RegionError
            If the region cannot be found.
        """
        trained = read_manifest(self.folder).region
        return region_digest(None if trained.code == NO_REGION else self.region or trained.folder)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the rows that were answered, those refused, and those finished by an earlier, killed run."""

    rows: int
    refused: int
    resumed: int
    seconds: float


EngineMaker = Callable[[Answering], Engine]


def run_batch(
    plan: Plan,
    sink: Sink,
    journal_folder: Path,
    model: Model,
    make_engine: EngineMaker,
    watch: Watch,
    *,
    prefix: str = "disposisi_",
    source_columns: bool = False,
    chunk_rows: int = CHUNK_ROWS,
) -> Outcome:
    """Answer all rows of a plan, without the chunks that an earlier run with the same journal finished.

    Parameters
    ----------
    journal_folder
        Where finished chunks are kept until all are finished.
    prefix
        Prefix of the added columns' names.
    source_columns
        Whether each row also gets its file and its row number there.
    chunk_rows
        Rows of a chunk.

    Raises
    ------
    ChangedInputError
        If the journal belongs to another input, model, region or options, or the input changes while it is read.
    BatchError
        If the run cannot continue; the same call resumes it.
    DataError
        If a column's name is taken.
    """
    began = time.monotonic()
    begun = begun_run(journal_folder)
    answering = answering_for(plan, prefix, _day_of(begun) or model.today(), source_columns=source_columns)
    inputs = plan.fingerprint()
    run = {
        "versions": {"disposisi": version("disposisi"), "pyarrow": pa.__version__},
        "day": answering.day.isoformat(),
        "model": model.digest(),
        "region": model.region,
        "content of the region": model.region_digest(),
        "prefix": prefix,
        "source columns": source_columns,
        "rows of a chunk": chunk_rows,
        "output": sink.name,
        **inputs,
    }
    schema = pa.schema([*plan.schema, *answering.added])
    with Journal(journal_folder, run) as journal:
        watch.begin(plan.expected_rows)
        reader = _Reader(plan, journal, watch, chunk_rows)
        for answered in make_engine(answering).answers(reader.unfinished()):
            journal.add(answered)
            watch.advance(len(answered.table), sum(row.is_single for row in answered.refused), resumed=False)
        if missing := sorted(set(range(reader.read)) - set(journal.finished)):
            raise BatchError(f"Chunk {missing[0]} was not processed.", mend="Run the same command again.")
        if plan.fingerprint() != inputs or len(journal.finished) > reader.read:
            raise ChangedInputError("The input changed while it was being read.", mend="Start over with --fresh.")
        rows = sum(finished.rows for finished in journal.finished.values())
        refused = len(plan.unusable) + sum(finished.refused for finished in journal.finished.values())
        watch.begin_writing(rows)
        sink.write_refused(chain(plan.unusable, journal.refused()))
        sink.write(schema, _watched(journal.tables(), watch), rows)
        journal.remove()
    return Outcome(rows, refused, reader.resumed, time.monotonic() - began)


def _watched(tables: Iterator[pa.Table], watch: Watch) -> Iterator[pa.Table]:
    for table in tables:
        yield table
        watch.written(len(table))


def _day_of(begun: dict[str, Any] | None) -> dt.date | None:
    """Return the day on which a run began; ``None`` without a run, or if its journal lacks the day and is refused."""
    day = begun.get("day") if begun else None
    return dt.date.fromisoformat(day) if day else None


def answering_for(plan: Plan, prefix: str, day: dt.date, *, source_columns: bool = False) -> Answering:
    """Return the settings that every chunk of a plan is answered with.

    Raises
    ------
    DataError
        If an added column's name is taken.
    """
    answering = Answering(prefix, day, source_columns)
    for planned in plan.sources:
        if taken := [name for name in answering.added.names if name in planned.source.schema.names]:
            raise DataError(
                f"{planned.source.name} already has a column {taken[0]!r}.",
                mend="Choose another --prefix, or leave out the result of an earlier run.",
            )
    return answering


class _Reader:
    """Reads chunks; those in the journal are only compared with what was read then."""

    def __init__(self, plan: Plan, journal: Journal, watch: Watch, chunk_rows: int) -> None:
        self._plan, self._journal, self._watch, self._chunk_rows = plan, journal, watch, chunk_rows
        self.read = 0
        self.resumed = 0

    def unfinished(self) -> Iterator[Chunk]:
        for chunk in self._plan.chunks(self._chunk_rows):
            self.read += 1
            finished = self._journal.finished.get(chunk.number)
            if finished is None:
                yield chunk
                continue
            if chunk.digest != finished.input_digest:
                raise ChangedInputError(
                    f"{chunk.source} has changed since this run began: its rows from "
                    f"{chunk.piece.rows[0] if len(chunk.piece.rows) else '?'} on differ.",
                    mend="Start over with --fresh. If it is a query, add an ORDER BY to keep its rows in order.",
                )
            self.resumed += finished.rows
            left_out = sum(not row.is_single for row in chunk.piece.refused)
            self._watch.advance(finished.rows, finished.refused - left_out, resumed=True)
