"""``disposisi subject`` and ``disposisi purge``: data subject requests and retention (docs/personal-data.md)."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.atomic_files import replacing
from pipeline.cli.console import print_json, print_table, tell
from pipeline.cli.options import JsonOption
from pipeline.clock import local_day
from pipeline.errors import DataError
from serve.cli.store import DECISIONS_FILE, DatabaseOption, desk_clock, now, opened_if_there
from serve.errors import OrderError
from serve.store import models, retention, subjects
from serve.store.erasure import overwrite
from serve.store.training_export import forget_exported

_commands = typer.Typer(
    name="subject", help="Show, export or erase what is stored about one citizen.", no_args_is_help=True
)
_DAYS = {"d": 1, "m": 30, "y": 365}

Identifier = Annotated[
    str,
    typer.Argument(
        metavar="PERSON",
        help="Sender's identifier, telephone number, e-mail address or NIK, in any spelling; - reads it from standard "
        "input, to keep it out of the shell history.",
        show_default=False,
    ),
]
Exports = Annotated[
    list[Path],
    typer.Option("--export", metavar="FILE", help="Exported training file to remove the rows from. Can be repeated."),
]
_DEFAULT_EXPORTS = [DECISIONS_FILE]


def add_commands(app: typer.Typer) -> None:
    """Add ``subject`` and ``purge``."""
    app.add_typer(_commands)
    app.command("purge")(purge)


@_commands.command()
def show(identifier: Identifier, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the complaints that concern a person, without their text."""
    given = _given(identifier)
    with opened_if_there(database) as store, store.reading() as session:
        found = subjects.find(session, given)
        complaints = [session.get_one(models.Complaint, number) for number in sorted([*found.sent, *found.naming])]
    if as_json:
        facts = ("id", "channel", "received_at", "status")
        print_json([{f: getattr(c, f) for f in facts} | {"sent": c.id in found.sent} for c in complaints])
        return
    clock = desk_clock()
    print_table(
        ("complaint", "channel", "received", "status", "the person"),
        (
            (
                c.id,
                c.channel,
                local_day(c.received_at, clock),
                c.status,
                "sender" if c.id in found.sent else "mentioned",
            )
            for c in complaints
        ),
    )
    _tell(found, given)


@_commands.command()
def export(
    identifier: Identifier,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines file to write.", show_default=False)],
    database: DatabaseOption = None,
) -> None:
    """Export all data stored about a person to a file for them; write no file if there is none."""
    if file.exists():
        raise OrderError(f"{file} already exists.", mend="Choose another file.")
    given = _given(identifier)
    with opened_if_there(database) as store, store.snapshot() as session:
        found = subjects.find(session, given)
        lines = [json.dumps(item, ensure_ascii=False) for item in subjects.about(session, found)]
    _tell(found, given)
    if not lines:
        return
    with replacing(file) as unfinished:
        unfinished.touch(mode=0o600)
        unfinished.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@_commands.command()
def erase(
    identifier: Identifier,
    exports: Exports = _DEFAULT_EXPORTS,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Erase a person's complaints, and mask the identifier in those of others; this cannot be undone."""
    given = _given(identifier)
    _check(exports)
    with opened_if_there(database) as store:
        with store.reading() as session:
            found = subjects.find(session, given)
        _tell(found, given)
        if found.sent or found.naming:
            if not yes:
                typer.confirm("Erase it permanently?", abort=True, err=True)
            # Exports first: once the store is erased, the rows of the person cannot be identified any more.
            _forget_in(exports, [*found.sent, *found.naming])
            with store.writing() as session:
                subjects.forget(session, given, subjects.find(session, given), now())
        # Even if nothing was found: an earlier call may have been interrupted before this step.
        overwrite(store)


def purge(
    older_than: Annotated[
        str,
        typer.Option(
            "--older-than", metavar="AGE", help="Minimum age, for example 730d, 24m or 2y.", show_default=False
        ),
    ],
    exports: Exports = _DEFAULT_EXPORTS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show how many would be erased.")] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Erase even if nothing was received for 90 days.")
    ] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase the text of complaints that were settled long ago.

    Statistics and the record of decisions are kept.
    """
    moment = now()
    before = moment - _age(older_than)
    _check(exports)
    with opened_if_there(database) as store:
        with store.reading() as session:
            numbers = retention.expired(session, before)
            if numbers and not (clock_is_right or dry_run):
                retention.check_clock(session, moment)
        if not dry_run:
            _forget_in(exports, numbers)
            numbers = retention.purge(store, numbers, before, moment)
            overwrite(store)
    tell(f"{len(numbers):,} settled complaint(s) {'would lose' if dry_run else 'lost'} their text.")
    if as_json:
        print_json({"complaints": numbers, "erased": not dry_run})


def _given(identifier: str) -> str:
    return sys.stdin.readline().strip() if identifier == "-" else identifier


def _tell(found: subjects.Found, given: str) -> None:
    tell(f"{len(found.sent):,} complaint(s) came from the person; {len(found.naming):,} others mention the identifier.")
    if not (found.sent or found.naming or re.search(r"[\d@]", given)):
        tell("A name alone finds nobody, as two people may share it: give a telephone number, e-mail address or NIK.")


def _check(exports: list[Path]) -> None:
    """Check that every file is an export; only the default one may be missing."""
    for file in exports:
        if file.exists():
            forget_exported(file, ())
        elif file != DECISIONS_FILE:
            raise DataError(f"There is no file {file}.", mend="Check --export. Nothing was erased.")


def _forget_in(exports: list[Path], numbers: Sequence[int]) -> None:
    clock = desk_clock()
    for file in exports:
        if file.exists():
            gone = forget_exported(file, numbers, clock)
            tell(f"Removed {gone:,} row(s) from {file}.")


def _age(written: str) -> dt.timedelta:
    match = re.fullmatch(r"(\d{1,5})([dmy])", written.strip())
    if not match or match[1].strip("0") == "":
        raise OrderError(f"{written!r} is not an age.", mend="Write --older-than as 730d, 24m or 2y.")
    return dt.timedelta(days=int(match[1]) * _DAYS[match[2]])
