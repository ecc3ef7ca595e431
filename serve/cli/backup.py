"""``disposisi backup`` and ``disposisi restore``: copies of the SQLite store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import print_json, tell
from pipeline.cli.options import JsonOption
from serve.cli.store import DatabaseOption, opened_if_there, settings_with
from serve.store import backup

CopyFile = Annotated[Path, typer.Argument(metavar="FILE", help="File to write the copy to.", show_default=False)]
KeptFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Copy to restore, written by disposisi backup.", show_default=False)
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace FILE if it exists.")]
OverwriteStore = Annotated[bool, typer.Option("--overwrite", help="Replace the store if it exists.")]


def add_commands(app: typer.Typer) -> None:
    """Add ``backup`` and ``restore``."""
    app.command("backup")(back_up)
    app.command("restore")(restore)


def back_up(
    file: CopyFile, overwrite: Overwrite = False, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Copy the store to one file while the service runs, and verify the copy.

    Verification reads every page and replays the record of decisions. To copy a store on PostgreSQL, use pg_dump
    (docs/operations.md).
    """
    with opened_if_there(database) as store:
        _tell(f"{file} holds", backup.back_up(store, file, force=overwrite), as_json=as_json)


def restore(
    file: KeptFile, overwrite: OverwriteStore = False, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Replace the store with a verified copy; the service must be stopped."""
    settings = settings_with(database)
    _tell("The store holds", backup.restore(file, settings.database_url, force=overwrite), as_json=as_json)


def _tell(what: str, copy: backup.Copy, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(copy))
        return
    tell(f"{what} {copy.complaints:,} complaint(s) and {copy.decisions:,} entries of the record; both are consistent.")
