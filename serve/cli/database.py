"""``disposisi db``: schema, audit, check of the store."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import err, out, print_json
from pipeline.cli.options import JsonOption
from pipeline.errors import DataError
from serve.cli.store import DatabaseOption, check_there, opened_if_there, reached
from serve.errors import StoreError
from serve.store import audit, migrate

_commands = typer.Typer(name="db", help="The store of complaints and decisions.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``db``."""
    app.add_typer(_commands)


@_commands.command()
def upgrade(database: DatabaseOption = None) -> None:
    """Bring the schema to the one of this version."""
    with reached(database) as store:
        migrate.upgrade(store)
        err.print(f"The schema is {migrate.current(store)}.")


@_commands.command()
def downgrade(
    revision: Annotated[
        str,
        typer.Argument(
            metavar="REVISION",
            help="The revision to go back to, such as 0003; disposisi db check tells the present one.",
            show_default=False,
        ),
    ],
    database: DatabaseOption = None,
) -> None:
    """Bring the schema back to an older revision, before an older version is installed."""
    if revision == "base":
        raise StoreError("Going back to base would delete all data.", mend="Delete the database itself to do that.")
    check_there(database)
    with reached(database) as store:
        migrate.downgrade(store, revision)
        err.print(f"The schema is {migrate.current(store)}.")


@_commands.command()
def check(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Tell whether the schema is right and the store agrees with its record of decisions."""
    check_there(database)
    doubts: list[audit.Doubt] = []
    with reached(database) as store:
        found, needed = migrate.current(store), migrate.newest()
        if found == needed:
            with store.reading() as session:
                doubts = list(audit.doubts(session))
    if as_json:
        print_json({"schema": found, "needed": needed, "doubts": [asdict(doubt) for doubt in doubts]})
    else:
        out.print(f"Schema {found or 'none'}, needed {needed}.")
        for doubt in doubts:
            out.print(f"Complaint {doubt.complaint}: {doubt.what}", markup=False)
    migrate.check_known(found)
    if found != needed:
        raise StoreError("The schema isn't the one of this version.", mend="Run: disposisi db upgrade.")
    if doubts:
        raise StoreError(
            f"{len(doubts):,} doubt(s) about the record.", mend="Compare with an earlier export: disposisi db audit."
        )
    if not as_json:
        out.print("Everything follows from the record.")


@_commands.command("audit")
def export_audit(database: DatabaseOption = None) -> None:
    """Write the record of all decisions to standard output, as JSON Lines; no complaint's text is in it."""
    with opened_if_there(database) as store, store.reading() as session:
        for line in audit.export(session):
            sys.stdout.write(line + "\n")


@_commands.command()
def replay(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What disposisi db audit wrote.", exists=True, dir_okay=False)
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Replay an exported record and count where its complaints stand; needs no database."""
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
