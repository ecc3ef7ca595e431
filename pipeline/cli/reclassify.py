"""``disposisi reclassify``: years of complaints routed again."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from pipeline.batch.answers import Answering
from pipeline.batch.columns import Columns
from pipeline.batch.engines import Engine
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.files import find_files
from pipeline.batch.journal import throw_away
from pipeline.batch.plan import Plan
from pipeline.batch.report import Changes, ReportFiles, ReportingSink
from pipeline.batch.report.changes import Reading
from pipeline.batch.report.intervals import Scope
from pipeline.batch.run import CHUNK_ROWS, Model, Sink, answering_for, run_batch
from pipeline.batch.sample import draw
from pipeline.batch.sinks import FileSink
from pipeline.batch.sql_sink import SqlSink
from pipeline.champion import resolve_model
from pipeline.cli.console import err
from pipeline.cli.in_and_out import check_free, keep_clear_of, own_files, plan_of, sink_of
from pipeline.cli.options import (
    DEFAULT_MODEL,
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    ModelOption,
    RegionOption,
    TextColumn,
    column,
)
from pipeline.cli.outcome import (
    Sampled,
    tell_columns,
    tell_interrupted,
    tell_passed_over,
    tell_run,
    tell_sample,
    tell_unusable,
)
from pipeline.cli.watching import watching
from pipeline.errors import DataError
from pipeline.manifest import NO_REGION, read_manifest
from pipeline.region import load_region, region_of_labels
from pipeline.router import Router

REFUSED_EXIT_CODE = 11  # the result is complete, but some rows could not be used
_HOURS = 24

_INPUT, _OUTPUT, _WORK, _REPORT = "Input", "Output", "Work", "What changes"


class EngineName(StrEnum):
    """Where the rows are answered."""

    LOCAL = "local"
    DASK = "dask"


@dataclass(frozen=True, slots=True)
class Workers:
    """Where the rows are answered, and with how many workers."""

    engine: EngineName
    scheduler: str | None
    processes: int

    def make(self, model: Model, answering: Answering) -> Engine:
        """Return the engine; nothing is started yet."""
        if self.engine is EngineName.LOCAL:

            def load() -> Router:
                return Router.load(model.folder, model.region, today=lambda: answering.day)

            return LocalEngine(load, answering, self.processes)
        from pipeline.batch.engines.dask import DaskEngine  # noqa: PLC0415 (an extra)

        return DaskEngine(model.folder, model.region, answering, self.scheduler, self.processes)


def add_commands(app: typer.Typer) -> None:
    """Add ``reclassify``."""
    app.command()(reclassify)


def reclassify(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Files, folders, globs or URLs: CSV, Excel, JSON Lines or Parquet, also .csv.gz and .jsonl.gz.",
        ),
    ] = None,
    sql: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Database to read from: postgresql://me@host/db or sqlite:///FILE.",
            rich_help_panel=_INPUT,
        ),
    ] = None,
    table: Annotated[str | None, typer.Option(metavar="TABLE", help="Table to read.", rich_help_panel=_INPUT)] = None,
    query: Annotated[
        str | None,
        typer.Option(metavar="SELECT", help="Query for the rows to read; include an ORDER BY.", rich_help_panel=_INPUT),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="OUT",
            help="File to write: .parquet, .csv(.gz), .jsonl(.gz), or .xlsx (1,048,575 rows a sheet).",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    out_table: Annotated[
        str | None, typer.Option(metavar="TABLE", help="Write to a new table instead.", rich_help_panel=_OUTPUT)
    ] = None,
    out_sql: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Database of the new table. Default: --sql.", rich_help_panel=_OUTPUT),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="Replace OUT, OUT.rejected.csv and the report if they exist.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    prefix: Annotated[
        str, typer.Option(metavar="TEXT", help="Prefix of the added columns' names.", rich_help_panel=_OUTPUT)
    ] = "disposisi_",
    source_columns: Annotated[
        bool,
        typer.Option(
            "--source-columns",
            help="Add each row's file and row number, as in OUT.rejected.csv.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    model: ModelOption = DEFAULT_MODEL,
    region: RegionOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    address: AddressColumn = None,
    date: DateColumn = None,
    answered: Annotated[str | None, column("--answered", "the time of the answer")] = None,
    engine: Annotated[
        EngineName, typer.Option(help="Where to compute: local processes or a Dask cluster.", rich_help_panel=_WORK)
    ] = EngineName.LOCAL,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Dask scheduler, such as tcp://host:8786. Default: a cluster on this machine.",
            rich_help_panel=_WORK,
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, metavar="N", help="Number of processes on this machine.", rich_help_panel=_WORK)
    ] = (os.cpu_count() or 1),
    chunk_rows: Annotated[
        int, typer.Option(min=1, metavar="ROWS", help="Rows per checkpoint.", rich_help_panel=_WORK)
    ] = CHUNK_ROWS,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="Discard the progress of an interrupted run and start over.", rich_help_panel=_WORK
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="PAGE", help="Write what changes to PAGE.html and PAGE.xlsx.", rich_help_panel=_REPORT),
    ] = None,
    dry_run: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Classify a random sample of N rows and only report.", rich_help_panel=_REPORT
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(metavar="SEED", help="Random seed; the same seed draws the same sample.", rich_help_panel=_REPORT),
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Reroute many complaints: any format, bounded memory, resumable after a crash.

    All input columns are kept. Added columns: the suggested agency, the next two, their probabilities, the decision,
    the urgency and its reason, the place, whether the previous agency agrees, and the model.

    Unusable rows are listed in OUT.rejected.csv, and the exit code is 11. To resume a run that was killed, run the
    same command again.

    Examples
    --------
      disposisi reclassify 2019/ 2020/*.csv.gz -o hasil.parquet --report perubahan

      disposisi reclassify aduan.xlsx --dry-run 2000 --report contoh

      disposisi reclassify --sql postgresql://me@host/lapor --table aduan --out-table aduan_baru
    """
    if scheduler and engine is not EngineName.DASK:
        raise DataError("--scheduler needs the Dask engine.", mend="Add --engine dask.")
    workers = Workers(engine, scheduler, processes)
    chosen = Model(resolve_model(model), region)
    clock = chosen.clock()  # a wrong path is reported before the input is read at length
    columns = Columns(text=text, agency=agency, address=address, date=date, answered=answered)
    sink, journal = (None, None) if dry_run else sink_of(out_file, out_table, sql, out_sql, clock)
    told = ReportFiles.named(report) if report else None
    passed_over: list[str] = []
    own = own_files(out_file, told)
    files = find_files(inputs, leave_out=own, pass_over=passed_over.append) if inputs else []
    tell_passed_over(passed_over)
    if out_file and not dry_run:
        keep_clear_of(files, FileSink(out_file))
    if told:
        told.make_folder()
        told.keep_clear_of([*(Path(file.url) for file in files), *([out_file] if out_file else [])])
    with err.status("Scanning the input"):  # workbooks, JSON Lines and tables are read completely
        plan = plan_of(files, sql, table, query, columns)
    if dry_run or sink is None or journal is None:
        if told and not overwrite:
            told.check_free()
        tell_columns(plan)
        # Without a result, the report tells where a row stands in its file.
        answering = answering_for(plan, prefix, chosen.today(), source_columns=True)
        sampled = _dry_run(plan, dry_run or 0, seed, chosen, workers, answering, chunk_rows)
        tell_sample(sampled, told, as_json=as_json)
        return
    check_free(sink, told, overwrite=overwrite, begun=journal.exists() and not fresh)
    if isinstance(sink, SqlSink) and not sink.exists():
        added = answering_for(plan, prefix, chosen.today(), source_columns=source_columns).added
        sink.try_out(pa.schema([*plan.schema, *added]))
    if fresh:
        throw_away(journal)
    tell_columns(plan)
    tell_unusable(plan.unusable, "the others are processed")
    counting: Sink = ReportingSink(sink, Changes(_reading(plan, chosen, prefix)), told) if told else sink
    with tell_interrupted(journal), watching() as watch:
        outcome = run_batch(
            plan,
            counting,
            journal,
            chosen,
            lambda answering: workers.make(chosen, answering),
            watch,
            prefix=prefix,
            source_columns=source_columns,
            chunk_rows=chunk_rows,
        )
    tell_run(outcome, sink, told, as_json=as_json)
    if outcome.refused:
        raise typer.Exit(REFUSED_EXIT_CODE)


def _reading(plan: Plan, model: Model, prefix: str) -> Reading:
    manifest = read_manifest(model.folder)
    none = manifest.region.code == NO_REGION
    region = region_of_labels(manifest.agencies) if none else load_region(model.region or manifest.region.folder)
    columns: dict[str, list[str]] = {}
    for planned in plan.sources:
        for role, name in planned.roles.items():
            if name not in columns.setdefault(role, []):
                columns[role].append(name)
    names = {code: agency.name for code, agency in region.agencies.items()}
    newest = manifest.data.get("newest")
    learned_until = dt.date.fromisoformat(newest) if newest else None
    return Reading(prefix, columns, names, region.sla.darurat * _HOURS, learned_until, region.clock, region)


def _dry_run(
    plan: Plan, rows: int, seed: int, model: Model, workers: Workers, answering: Answering, chunk_rows: int
) -> Sampled:
    sample = draw(plan, rows, seed=seed, chunk_rows=chunk_rows)
    changes = Changes(_reading(plan, model, answering.prefix))
    refused = 0
    with watching() as watch:
        watch.begin(sum(len(chunk.piece.rows) + len(chunk.piece.refused) for chunk in sample.chunks))
        for answer in workers.make(model, answering).answers(sample.chunks):
            changes.add(answer.table)
            refused += len(answer.refused)
            watch.advance(len(answer.table), len(answer.refused), resumed=False)
    return Sampled(changes, refused, Scope(sample.population), (*plan.unusable, *sample.left_out))
