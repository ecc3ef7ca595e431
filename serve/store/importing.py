"""Complaints of a file into the store: in batches, each whole or not at all, again without harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipeline.batch import BadRow, Columns, Record, read_records
from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError
from serve.errors import SenderConflictError
from serve.store import intake
from serve.store.database import Database
from serve.store.intake import Arrival
from serve.store.suggester import Suggester

ROWS_AT_ONCE = 200  # a commit each; others wait for no more than that
_BY = "impor"


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows."""

    new: int = 0
    known: int = 0
    refused: list[BadRow] = field(default_factory=list)


def import_file(
    database: Database,
    suggester: Suggester,
    path: Path,
    columns: Columns,
    channel: str,
    progress: Callable[[int], None],
) -> ImportReport:
    """Store every usable row of a file.

    A row without identifier gets one from the file's name and its number, so that a file that is imported twice, or
    again after an interruption, is stored once.

    Parameters
    ----------
    progress
        Called with the number of rows that are done.

    Raises
    ------
    DataError
        If the file as a whole cannot be read.
    """
    report = ImportReport()
    rows = read_records(path, columns)
    done = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        usable = list(_usable(batch, channel, suggester, report))
        _store(database, suggester, usable, report)
        done += len(batch)
        progress(done)
    return report


def _usable(
    batch: list[Record | BadRow], channel: str, suggester: Suggester, report: ImportReport
) -> Iterator[tuple[Record, Arrival]]:
    for row in batch:
        if isinstance(row, BadRow):
            report.refused.append(row)
            continue
        given = row.complaint
        complaint = Complaint(given.text, address=given.address, id=given.id or f"{row.file}#{row.row}"[-200:])
        try:
            yield row, Arrival(complaint, channel, received_at=_moment(row.date, suggester))
        except ComplaintError as error:
            report.refused.append(BadRow(row.file, row.row, error.what))


def _store(
    database: Database, suggester: Suggester, usable: list[tuple[Record, Arrival]], report: ImportReport
) -> None:
    suggestions = suggester.router.suggest_many([arrival.complaint for _, arrival in usable])
    now = dt.datetime.now(tz=dt.UTC)
    with database.writing() as session:
        for (row, arrival), suggestion in zip(usable, suggestions, strict=True):
            try:
                received = intake.receive(session, suggester, arrival, by=_BY, now=now, suggestion=suggestion)
            except SenderConflictError as error:
                report.refused.append(BadRow(row.file, row.row, error.what))
                continue
            report.new += received.is_new
            report.known += not received.is_new


def _moment(date: dt.datetime | None, suggester: Suggester) -> dt.datetime | None:
    """Return a date of a file as a moment: without zone it is the region's time."""
    if date is None or date.tzinfo is not None:
        return date
    return date.replace(tzinfo=suggester.calendar.zone)
