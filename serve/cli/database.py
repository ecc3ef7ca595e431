"""``disposisi db``: schema migrations, checks and audit of the store."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import out, print_json, tell
from pipeline.cli.options import JsonOption
from pipeline.errors import DataError
from serve.cli.store import DatabaseOption, check_there, opened_if_there, reached
from serve.errors import StoreError
from serve.store import audit, migrate

_commands = typer.Typer(name="db", help="Manage the store of complaints and decisions.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``db``."""
    app.add_typer(_commands)


@_commands.command()
def upgrade(database: DatabaseOption = None) -> None:
    """Upgrade the schema to this version."""
    with reached(database) as store:
        migrate.upgrade(store)
        tell(f"The schema is {migrate.current(store)}.")


@_commands.command()
def downgrade(
    revision: Annotated[
        str,
        typer.Argument(
            metavar="REVISION",
            help="Revision to go back to, such as 0003; disposisi db check shows the current one.",
            show_default=False,
        ),
    ],
    database: DatabaseOption = None,
) -> None:
    """Downgrade the schema to an older revision, before installing an older version."""
    if revision == "base":
        raise StoreError("Going back to base would delete all data.", mend="Delete the database itself to do that.")
    check_there(database)
    with reached(database) as store:
        migrate.downgrade(store, revision)
        tell(f"The schema is {migrate.current(store)}.")


@_commands.command()
def check(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Check that the schema is current and that the store matches its record of decisions."""
    check_there(database)
    doubts: list[audit.Doubt] = []
    with reached(database) as store:
        found, needed = migrate.current(store), migrate.newest()
        if found == needed:
            with store.snapshot() as session:
                doubts = list(audit.doubts(session))
    if as_json:
        print_json({"schema": found, "needed": needed, "doubts": [asdict(doubt) for doubt in doubts]})
    else:
        out.print(f"Schema {found or 'none'}, needed {needed}.")
        for doubt in doubts:
            out.print(f"Complaint {doubt.complaint}: {doubt.what}", markup=False)
    migrate.check_known(found)
    if found != needed:
        raise StoreError("The schema doesn't match this version.", mend="Run: disposisi db upgrade.")
    if doubts:
        raise StoreError(
            f"{len(doubts):,} mismatch(es) with the record.",
            mend="Compare with an earlier export: disposisi db audit.",
        )
    if not as_json:
        out.print("The store matches the record.")


@_commands.command("audit")
def export_audit(database: DatabaseOption = None) -> None:
    """Write the record of all decisions to standard output as JSON Lines, without complaint texts."""
    with opened_if_there(database) as store, store.reading() as session:
        for line in audit.export(session):
            sys.stdout.write(line + "\n")


@_commands.command()
def replay(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="File written by disposisi db audit.", exists=True, dir_okay=False)
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Replay an exported record and count its complaints by status; needs no database."""
    try:
        with file.open(encoding="utf-8") as lines:
            states = audit.read(lines)
    except UnicodeDecodeError:
        raise DataError(f"{file.name} is not UTF-8.", mend="Export it again.") from None
    counts = Counter(state.status.label for state in states.values())
    if as_json:
        print_json(dict(counts.most_common()))
        return
    for label, number in counts.most_common():
        out.print(f"{number:8,}  {label}")
