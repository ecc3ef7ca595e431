"""The inputs and outputs of ``disposisi reclassify`` by its options, and what it must not overwrite."""

from __future__ import annotations

import datetime as dt
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


def plan_of(files: list[InputFile], sql: str | None, table: str | None, query: str | None, columns: Columns) -> Plan:
    """Return what is read.

    Raises
    ------
    DataError
        If the options are contradictory, or the input cannot be read.
    """
    if bool(files) == bool(sql):
        raise DataError("Give either files to read or --sql, not both.", mend="See disposisi reclassify --help.")
    if sql is None:
        if table or query:
            raise DataError("--table and --query need a database.", mend="Give its address: --sql URL.")
        return plan_files(files, columns)
    if bool(table) == bool(query):
        raise DataError("--sql needs either --table or --query, not both.", mend="Name the table to read.")
    return plan_source(SqlSource(connect(sql), table, query), columns)


def sink_of(
    out_file: Path | None, out_table: str | None, sql: str | None, out_sql: str | None, clock: dt.tzinfo
) -> tuple[FileSink | SqlSink, Path]:
    """Return where the results go, and the journal's folder.

    Raises
    ------
    DataError
        If the options are contradictory.
    BatchError
        If it is a folder.
    """
    if out_sql and not out_table:
        raise DataError("--out-sql needs --out-table.", mend="Name the table, or omit --out-sql.")
    if bool(out_file) == bool(out_table):
        raise DataError(
            "Give either --out or --out-table for the result, not both.",
            mend="Pass -o OUT.parquet, or --dry-run N for a first look.",
        )
    if out_file is not None:
        if out_file.is_dir():
            raise BatchError(f"{out_file} is a folder.", mend="Name a file in it.")
        return FileSink(out_file, clock), out_file.with_name(f"{out_file.name}.part")
    url = out_sql or sql
    if url is None:
        raise DataError("--out-table needs a database.", mend="Give its address: --out-sql URL.")
    name = str(out_table)
    return SqlSink(connect(url), name, Path(f"{name}.rejected.csv")), Path(f"{name}.part")


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
