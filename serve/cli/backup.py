"""``disposisi backup`` and ``disposisi restore``: copies of the embedded store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import err
from serve.cli.store import DatabaseOption, opened, settings_with
from serve.store import backup

CopyFile = Annotated[Path, typer.Argument(metavar="FILE", help="The copy: one file.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def add_commands(app: typer.Typer) -> None:
    """Add ``backup`` and ``restore``."""
    app.command("backup")(back_up)
    app.command("restore")(restore)


def back_up(file: CopyFile, force: Force = False, database: DatabaseOption = None) -> None:
    """Copy the store into one file while the service runs, and prove the copy.

    It is proved by reading every page and replaying the record of decisions. A store on PostgreSQL is copied by
    pg_dump (docs/operations.md).
    """
    with opened(database) as store:
        _tell(f"{file} holds", backup.back_up(store, file, force=force))


def restore(file: CopyFile, force: Force = False, database: DatabaseOption = None) -> None:
    """Put a copy in the place of the store, once it has been proved; the service must be stopped."""
    settings = settings_with(database)
    _tell("The store holds", backup.restore(file, settings.database_url, force=force))


def _tell(what: str, copy: backup.Copy) -> None:
    err.print(
        f"{what} {copy.complaints:,} complaint(s) and {copy.decisions:,} entries of the record; all of it follows.",
        markup=False,
        soft_wrap=True,
    )
