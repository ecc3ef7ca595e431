"""The inputs and outputs of ``disposisi reclassify`` by its options, and what it must not overwrite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.atomic_files import first_replaced
from pipeline.batch.columns import Columns
from pipeline.batch.databases import connect
from pipeline.batch.files import InputFile
from pipeline.batch.plan import Plan, plan_files, plan_source
from pipeline.batch.refused import lists_refused_rows
from pipeline.batch.report import ReportFiles
from pipeline.batch.sinks import FileSink
from pipeline.batch.sql_sink import SqlSink
from pipeline.batch.sql_source import SqlSource
from pipeline.errors import BatchError, DataError


@dataclass(frozen=True, slots=True)
class Input:
    """What is read: files, or a table or query of a database.

    Raises
    ------
    DataError
        If the options are contradictory.
    """

    paths: Sequence[str]
    sql: str | None
    table: str | None
    query: str | None

    def __post_init__(self) -> None:
        if self.paths and self.sql:
            raise DataError("Both files and --sql were given.", mend="Read one, then the other.")
        if not self.paths and not self.sql:
            raise DataError("There is nothing to read.", mend="Name files to read, or a database: --sql URL.")
        if self.table and self.query:
            raise DataError("Both --table and --query were given.", mend="Omit one of them.")
        if self.sql and not self.table and not self.query:
            raise DataError("--sql needs --table or --query.", mend="Name the table to read.")
        if not self.sql and (self.table or self.query):
            raise DataError("--table and --query need a database.", mend="Give its address: --sql URL.")

    def plan(self, files: list[InputFile], columns: Columns) -> Plan:
        """Return the plan for reading the files found at the paths, or the database.

        Raises
        ------
        DataError
            If the input cannot be read.
        """
        if self.sql:
            return plan_source(SqlSource(connect(self.sql), self.table, self.query), columns)
        return plan_files(files, columns)


@dataclass(frozen=True, slots=True)
class Output:
    """Where the result goes, and the folder of the journal."""

    sink: FileSink | SqlSink
    journal: Path


def output_of(
    out_file: Path | None, out_table: str | None, sql: str | None, out_sql: str | None, clock: dt.tzinfo
) -> Output:
    """Return where the result goes.

    Raises
    ------
    DataError
        If the options are contradictory.
    BatchError
        If it is a folder.
    """
    if out_sql and not out_table:
        raise DataError("--out-sql needs --out-table.", mend="Name the table, or omit --out-sql.")
    if out_file and out_table:
        raise DataError("Both --out and --out-table were given.", mend="Omit one of them.")
    if out_file:
        if out_file.is_dir():
            raise BatchError(f"{out_file} is a folder.", mend="Name a file in it.")
        return Output(FileSink(out_file, clock), out_file.with_name(f"{out_file.name}.part"))
    if not out_table:
        raise DataError(
            "Neither --out nor --out-table says where the result goes.",
            mend="Pass -o OUT.parquet, or --dry-run N for a first look.",
        )
    url = out_sql or sql
    if url is None:
        raise DataError("--out-table needs a database.", mend="Give its address: --out-sql URL.")
    return Output(SqlSink(connect(url), out_table, Path(f"{out_table}.rejected.csv")), Path(f"{out_table}.part"))


def own_files(out_file: Path | None, report: ReportFiles | None) -> list[str]:
    """Return the files that this command writes, which may be in an input folder from an earlier run.

    A workbook counts as an earlier run's if its page is beside it; any other is an input, which must not be replaced.
    """
    own = [str(out_file), f"{out_file}.rejected.csv"] if out_file else []
    return [*own, str(report.page), str(report.workbook)] if report and report.page.exists() else own


def keep_clear_of(files: list[InputFile], sink: FileSink) -> None:
    """Refuse to overwrite an input, which is the only place of the rows that could not be used.

    Raises
    ------
    DataError
        If the result or the list of refused rows would overwrite an input.
    """
    if path := first_replaced((sink.out, sink.refused), (Path(file.url) for file in files)):
        raise DataError(f"The result would overwrite {path}, which is an input.", mend="Choose another -o.")


def check_free(sink: FileSink | SqlSink, report: ReportFiles | None, *, overwrite: bool, begun: bool) -> None:
    """Refuse to overwrite existing files, unless an earlier start of this run wrote them.

    Raises
    ------
    BatchError, DataError
        If the result, the list of refused rows or the report would overwrite something else.
    """
    if not begun:
        if isinstance(sink, SqlSink):
            if sink.exists():
                raise BatchError(f"Table {sink.table} already exists.", mend="Choose another --out-table.")
        elif sink.exists() and not overwrite:
            raise BatchError(
                f"{sink.out} already exists.", mend="Write to another file, or replace it with --overwrite."
            )
    if not overwrite and sink.refused.exists() and not lists_refused_rows(sink.refused):
        raise BatchError(
            f"{sink.refused} already exists and was not written by reclassify.",
            mend="Move it away, write to another file, or replace it with --overwrite.",
        )
    # The report is written after the result: if the result exists, the report may also be from this run.
    if report and not overwrite and not sink.exists():
        report.check_free()
