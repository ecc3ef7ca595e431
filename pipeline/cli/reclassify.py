"""``disposisi reclassify``: years of complaints routed again."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import typer

from pipeline.batch.answers import Answering
from pipeline.batch.columns import Columns
from pipeline.batch.engines import Engine
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.files import InputFile, find_files
from pipeline.batch.journal import throw_away
from pipeline.batch.plan import Plan
from pipeline.batch.report import Changes, ReportFiles, ReportingSink, write_report
from pipeline.batch.report.changes import Reading
from pipeline.batch.report.intervals import Scope
from pipeline.batch.run import CHUNK_ROWS, Model, Outcome, Sink, answering_for, run_batch
from pipeline.batch.sample import draw
from pipeline.batch.sinks import FileSink
from pipeline.batch.sql_sink import SqlSink
from pipeline.champion import resolve_model
from pipeline.cli.console import err
from pipeline.cli.in_and_out import Input, Output, check_free, keep_clear_of, output_of, own_files
from pipeline.cli.options import (
    DEFAULT_MODEL,
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    ModelOption,
    RegionOption,
    TextColumn,
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
from pipeline.cli.reclassify_options import (
    AnsweredColumn,
    ChunkRowsOption,
    DryRunOption,
    EngineName,
    EngineOption,
    FreshOption,
    Inputs,
    OutOption,
    OutSqlOption,
    OutTableOption,
    OverwriteOption,
    PrefixOption,
    ProcessesOption,
    QueryOption,
    ReportOption,
    SchedulerOption,
    SeedOption,
    SourceColumnsOption,
    SqlOption,
    TableOption,
)
from pipeline.cli.watching import watching
from pipeline.errors import DataError
from pipeline.manifest import NO_REGION, read_manifest
from pipeline.region import load_region, region_of_labels
from pipeline.router import Router

REFUSED_EXIT_CODE = 11  # the result is complete, but some rows could not be used
_HOURS = 24
_PROCESSORS = os.cpu_count() or 1


def add_commands(app: typer.Typer) -> None:
    """Add ``reclassify``."""
    app.command()(reclassify)


def reclassify(
    inputs: Inputs = None,
    sql: SqlOption = None,
    table: TableOption = None,
    query: QueryOption = None,
    out_file: OutOption = None,
    out_table: OutTableOption = None,
    out_sql: OutSqlOption = None,
    overwrite: OverwriteOption = False,
    prefix: PrefixOption = "disposisi_",
    source_columns: SourceColumnsOption = False,
    model: ModelOption = DEFAULT_MODEL,
    region: RegionOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    address: AddressColumn = None,
    date: DateColumn = None,
    answered: AnsweredColumn = None,
    engine: EngineOption = EngineName.LOCAL,
    scheduler: SchedulerOption = None,
    processes: ProcessesOption = _PROCESSORS,
    chunk_rows: ChunkRowsOption = CHUNK_ROWS,
    fresh: FreshOption = False,
    report: ReportOption = None,
    dry_run: DryRunOption = None,
    seed: SeedOption = 0,
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

      disposisi reclassify --sql sqlite:///lapor.db --table aduan --out-table baru
    """
    if scheduler and engine is not EngineName.DASK:
        raise DataError("--scheduler needs the Dask engine.", mend="Add --engine dask.")
    given = Input(inputs or [], sql, table, query)
    chosen = Model(resolve_model(model), region)
    work = _Work(chosen, _Workers(engine, scheduler, processes), prefix, source_columns, chunk_rows)
    clock = chosen.clock()  # a wrong path is reported before the input is read at length
    output = None if dry_run else output_of(out_file, out_table, sql, out_sql, clock)
    told = ReportFiles.named(report) if report else None
    files = _found(given, out_file, told)
    if output and isinstance(output.sink, FileSink):
        keep_clear_of(files, output.sink)
    if told:
        told.make_folder()
        told.keep_clear_of([*(Path(file.url) for file in files), *([out_file] if out_file else [])])
    columns = Columns(text=text, agency=agency, address=address, date=date, answered=answered)
    with err.status("Scanning the input"):  # workbooks, JSON Lines and tables are read completely
        plan = given.plan(files, columns)
    if output:
        check_free(output.sink, told, overwrite=overwrite, begun=output.journal.exists() and not fresh)
        outcome = _run(plan, work, output, told, fresh=fresh)
        tell_run(outcome, output.sink, told, as_json=as_json)
        if outcome.refused:
            raise typer.Exit(REFUSED_EXIT_CODE)
    elif dry_run:
        if told and not overwrite:
            told.check_free()
        tell_columns(plan)
        sampled = _sample(plan, work, dry_run, seed)
        if told:
            write_report(told, sampled.changes, sampled.scope)
        tell_sample(sampled, told, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Workers:
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


@dataclass(frozen=True, slots=True)
class _Work:
    """How rows are answered, whether all or a sample."""

    model: Model
    workers: _Workers
    prefix: str
    source_columns: bool
    chunk_rows: int


def _found(given: Input, out_file: Path | None, report: ReportFiles | None) -> list[InputFile]:
    """Return the input files; tell which were skipped."""
    passed_over: list[str] = []
    own = own_files(out_file, report)
    files = find_files(given.paths, leave_out=own, pass_over=passed_over.append)
    tell_passed_over(passed_over)
    return files


def _run(plan: Plan, work: _Work, output: Output, report: ReportFiles | None, *, fresh: bool) -> Outcome:
    """Answer all rows, from where an interrupted run ended unless it is to start ``fresh``."""
    sink, model = output.sink, work.model
    if isinstance(sink, SqlSink) and not sink.exists():
        answering = answering_for(plan, work.prefix, model.today(), source_columns=work.source_columns)
        sink.try_out(pa.schema([*plan.schema, *answering.added]))
    if fresh:
        throw_away(output.journal)
    tell_columns(plan)
    tell_unusable(plan.unusable, "the others are processed")
    counting: Sink = ReportingSink(sink, Changes(_reading(plan, work)), report) if report else sink
    with tell_interrupted(output.journal), watching() as watch:
        return run_batch(
            plan,
            counting,
            output.journal,
            model,
            lambda answering: work.workers.make(model, answering),
            watch,
            prefix=work.prefix,
            source_columns=work.source_columns,
            chunk_rows=work.chunk_rows,
        )


def _sample(plan: Plan, work: _Work, rows: int, seed: int) -> Sampled:
    """Answer rows drawn at random."""
    # Without a result, the report tells where a row stands in its file.
    answering = answering_for(plan, work.prefix, work.model.today(), source_columns=True)
    sample = draw(plan, rows, seed=seed, chunk_rows=work.chunk_rows)
    changes = Changes(_reading(plan, work))
    refused = 0
    with watching() as watch:
        watch.begin(sum(len(chunk.piece.rows) + len(chunk.piece.refused) for chunk in sample.chunks))
        for answer in work.workers.make(work.model, answering).answers(sample.chunks):
            changes.add(answer.table)
            refused += len(answer.refused)
            watch.advance(len(answer.table), len(answer.refused), resumed=False)
    return Sampled(changes, refused, Scope(sample.population), (*plan.unusable, *sample.left_out))


def _reading(plan: Plan, work: _Work) -> Reading:
    """Return what the report reads of the result: its columns by role, and the region's names and limits."""
    model = work.model
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
    return Reading(work.prefix, columns, names, region.sla.darurat * _HOURS, learned_until, region.clock, region)
