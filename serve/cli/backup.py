"""``disposisi backup`` and ``disposisi restore``: copies of the embedded store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import err, print_json
from pipeline.cli.options import JsonOption
from serve.cli.store import DatabaseOption, opened_if_there, settings_with
from serve.store import backup

CopyFile = Annotated[Path, typer.Argument(metavar="FILE", help="The copy: one file.", show_default=False)]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]


def add_commands(app: typer.Typer) -> None:
    """Add ``backup`` and ``restore``."""
    app.command("backup")(back_up)
    app.command("restore")(restore)


def back_up(
    file: CopyFile, overwrite: Overwrite = False, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Copy the store into one file while the service runs, and prove the copy.

    It is proved by reading every page and replaying the record of decisions. A store on PostgreSQL is copied by
    pg_dump (docs/operations.md).
    """
    with opened_if_there(database) as store:
        _tell(f"{file} holds", backup.back_up(store, file, force=overwrite), as_json=as_json)


def restore(
    file: CopyFile, overwrite: Overwrite = False, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Put a proved copy in the place of the store; the service must be stopped."""
    settings = settings_with(database)
    _tell("The store holds", backup.restore(file, settings.database_url, force=overwrite), as_json=as_json)


def _tell(what: str, copy: backup.Copy, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(copy))
        return
    err.print(
        f"{what} {copy.complaints:,} complaint(s) and {copy.decisions:,} entries of the record; all of it follows.",
        markup=False,
        soft_wrap=True,
    )
