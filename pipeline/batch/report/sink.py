"""Writing the report beside the result, in the same pass over the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.batch.chunks import BadRow
from pipeline.batch.report.changes import Changes
from pipeline.batch.report.intervals import Scope
from pipeline.batch.report.page import page
from pipeline.batch.report.workbook import write_workbook
from pipeline.batch.run import Sink
from pipeline.batch.sinks import appearing_whole


@dataclass(frozen=True, slots=True)
class ReportingSink:
    """A sink that also counts what changes, and writes the report once the rows are written."""

    sink: Sink
    changes: Changes
    path: Path

    @property
    def name(self) -> str:
        """The result's name."""
        return self.sink.name

    def write(self, schema: pa.Schema, tables: Iterator[pa.Table], rows: int) -> None:
        """Write all rows, then the report."""
        counted = self._counted(tables)
        self.sink.write(schema, counted, rows)
        # A sink that finds its work done by a killed run reads nothing.
        for _ in counted:
            pass
        write_report(self.path, self.changes, Scope())

    def write_refused(self, rows: Iterator[BadRow]) -> None:
        """Write which rows were refused."""
        self.sink.write_refused(rows)

    def _counted(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            self.changes.add(table)
            yield table


def write_report(path: Path, changes: Changes, scope: Scope) -> None:
    """Write the page to ``path`` and the workbook beside it, ``.xlsx``."""
    with appearing_whole(path) as unfinished:
        unfinished.write_text(page(changes, scope), encoding="utf-8")
    with appearing_whole(path.with_suffix(".xlsx")) as unfinished:
        write_workbook(unfinished, changes, scope)
