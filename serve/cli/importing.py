"""``disposisi import``: imports complaints from a file into the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.batch import Columns
from pipeline.cli.console import print_json, progress, report_bad_rows, tell
from pipeline.cli.options import (
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    RegionOption,
    TextColumn,
    column,
)
from pipeline.errors import DataError
from pipeline.router import Router
from serve.cli.store import DatabaseOption, opened, settings_with
from serve.store.deadlines import WorkingCalendar
from serve.store.importing import import_file
from serve.store.intake import is_channel
from serve.store.suggester import Suggester


def add_commands(app: typer.Typer) -> None:
    """Add ``import``."""
    app.command("import")(import_complaints)


def import_complaints(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, Excel, JSON Lines or Parquet.", show_default=False)
    ],
    channel: Annotated[
        str, typer.Option(metavar="NAME", help="Channel that the complaints came from, in lower case.")
    ] = "impor",
    text: TextColumn = None,
    address: AddressColumn = None,
    identifier: Annotated[str | None, column("--id", "the sender's identifier")] = None,
    date: DateColumn = None,
    agency: AgencyColumn = None,
    status: Annotated[str | None, column("--status", "its status, such as Selesai")] = None,
    answered: Annotated[str | None, column("--answered", "the time of the answer")] = None,
    secret: Annotated[str | None, column("--secret", "whether it is secret, ya or tidak")] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Model folder, or a folder of models whose champion answers. Default: DISPOSISI_MODEL, or models.",
        ),
    ] = None,
    region: RegionOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import complaints from a file into the queue, with suggestions.

    Complaints that are already stored are skipped. A row without an identifier gets one from the file name and row
    number, so the same file can be imported again. A complaint whose status says that it was sent to an agency or
    settled is stored as such, with agency and time, and doesn't enter the queue.
    """
    if not is_channel(channel):  # fail once, before the model is loaded, not for each row
        raise DataError(
            f"{channel!r} is not a valid channel name.",
            mend="Use lower-case letters, digits and hyphens for --channel, such as sp4n-lapor.",
        )
    settings = settings_with(database)
    columns = Columns(
        text, agency, date=date, address=address, id=identifier, answered=answered, status=status, secret=secret
    )
    router = Router.load(model or settings.model, region or settings.region)
    suggester = Suggester(router, WorkingCalendar.of(router.region, settings.timezone))
    with opened(database) as store, progress() as shown:
        task = shown.add_task(f"Importing {file.name}", total=None)
        report = import_file(store, suggester, file, columns, channel, lambda done: shown.update(task, completed=done))
    tell(f"{report.new:,} new complaint(s); {report.known:,} already existed.")
    if report.handled:
        tell(f"{report.handled:,} of the new ones were already handled and are not in the queue.")
    if report.new and not report.secrecy_told:
        tell("No column says which complaints are secret (rahasia), so none is. Name it: --secret.", "yellow")
    report_bad_rows(report.refused, "refused")
    if as_json:
        print_json(asdict(report))
    if report.refused:
        raise typer.Exit(DataError.exit_code)
