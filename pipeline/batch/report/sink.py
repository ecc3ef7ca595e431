"""Writing the report beside the result, in the same pass over the rows."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.atomic_files import first_replaced
from pipeline.batch.chunks import BadRow
from pipeline.batch.output import appearing_whole
from pipeline.batch.report.changes import Changes
from pipeline.batch.report.intervals import Scope
from pipeline.batch.report.page import page
from pipeline.batch.report.workbook import write_workbook
from pipeline.batch.run import Sink
from pipeline.errors import DataError


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """The report's page, and beside it the workbook with its tables."""

    page: Path
    workbook: Path

    @classmethod
    def named(cls, name: Path) -> ReportFiles:
        """Return ``name.html`` and ``name.xlsx``; only the extension ``.html`` is removed from the given name."""
        stem = name.name.removesuffix(".html")
        return cls(name.parent / f"{stem}.html", name.parent / f"{stem}.xlsx")

    def keep_clear_of(self, paths: Iterable[Path]) -> None:
        """Refuse to overwrite files that the run reads or writes.

        Raises
        ------
        DataError
            If the page or the workbook is one of ``paths``.
        """
        if path := first_replaced((self.page, self.workbook), paths):
            raise DataError(f"The report would overwrite {path}, which this run needs.", mend=_ANOTHER_NAME)

    def make_folder(self) -> None:
        """Create their folder now, so that an error doesn't come after all the work.

        Raises
        ------
        OSError
            If it cannot be created, or this account may not write to it.
        """
        self.page.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(self.page.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.page))

    def check_free(self) -> None:
        """Refuse to replace existing files.

        Raises
        ------
        DataError
            If there is a page or a workbook of this name.
        """
        for path in (self.page, self.workbook):
            if path.exists():
                raise DataError(
                    f"{path} already exists.", mend=f"{_ANOTHER_NAME[:-1]}, or replace it with --overwrite."
                )


_ANOTHER_NAME = "Give --report another name."


@dataclass(frozen=True, slots=True)
class ReportingSink:
    """A sink that also counts what changes, and writes the report once the rows are written."""

    sink: Sink
    changes: Changes
    files: ReportFiles

    @property
    def name(self) -> str:
        """The result's name."""
        return self.sink.name

    def write(self, schema: pa.Schema, tables: Iterator[pa.Table], rows: int) -> None:
        """Write all rows, then the report."""
        counted = self._counted(tables)
        self.sink.write(schema, counted, rows)
        # A sink whose work was already done by a killed run reads nothing.
        for _ in counted:
            pass
        write_report(self.files, self.changes, Scope())

    def write_refused(self, rows: Iterator[BadRow]) -> None:
        """Write which rows were refused."""
        self.sink.write_refused(rows)

    def _counted(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            self.changes.add(table)
            yield table


def write_report(files: ReportFiles, changes: Changes, scope: Scope) -> None:
    """Write the page and the workbook; neither is replaced before both are written."""
    shown = changes.for_showing()
    with appearing_whole(files.workbook) as workbook:
        write_workbook(workbook, shown, scope)
        with appearing_whole(files.page) as unfinished:
            unfinished.write_text(page(shown, scope), encoding="utf-8")
