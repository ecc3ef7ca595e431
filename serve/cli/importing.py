"""``disposisi import``: complaints of a file into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.batch import Columns
from pipeline.cli.console import DEFAULT_MODEL, ModelOption, RegionOption, err, progress, report_bad_rows
from pipeline.router import Router
from serve.cli.store import DatabaseOption, opened, settings_with
from serve.store.deadlines import WorkingCalendar
from serve.store.importing import import_file
from serve.store.suggester import Suggester


def add_commands(app: typer.Typer) -> None:
    """Add ``import``."""
    app.command("import")(import_complaints)


def import_complaints(
    file: Annotated[Path, typer.Argument(help="CSV, Excel, JSON Lines or Parquet.", show_default=False)],
    channel: Annotated[str, typer.Option(help="Where the complaints come from, in small letters.")] = "impor",
    text: Annotated[str | None, typer.Option(help="Column of the text; found by its name otherwise.")] = None,
    address: Annotated[str | None, typer.Option(help="Column of the address.")] = None,
    identifier: Annotated[str | None, typer.Option("--id", help="Column of the sender's identifier.")] = None,
    date: Annotated[str | None, typer.Option(help="Column of the time of arrival.")] = None,
    model: ModelOption = DEFAULT_MODEL,
    region: RegionOption = None,
    database: DatabaseOption = None,
) -> None:
    """Bring complaints into the queue, with suggestions. What is there already is not stored twice.

    A row without identifier gets one from the file's name and its row, so that the same file can be imported again.
    """
    settings = settings_with(database)
    columns = Columns(text=text, address=address, id=identifier, date=date)
    suggester = Suggester(Router.load(model, region), WorkingCalendar(settings.timezone))
    with opened(database) as store, progress() as shown:
        task = shown.add_task(f"Importing {file.name}", total=None)
        report = import_file(store, suggester, file, columns, channel, lambda done: shown.update(task, completed=done))
    err.print(f"{report.new:,} new complaint(s), {report.known:,} were there already.")
    report_bad_rows(report.refused, "refused")
    if report.refused:
        raise typer.Exit(3)
