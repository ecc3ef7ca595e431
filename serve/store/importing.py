"""Complaints of a file into the store: in batches, each whole or not at all, again without harm."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.batch import BadRow, Columns, Record, read_records
from pipeline.batch.values import cell_text
from pipeline.complaint import Suggestion
from pipeline.errors import ComplaintError
from serve.errors import SenderConflictError
from serve.store import archive, intake
from serve.store.archive import Past
from serve.store.database import Database
from serve.store.history import ARCHIVIST
from serve.store.intake import Arrival, Received
from serve.store.suggester import Suggester

ROWS_AT_ONCE = 200  # a commit each; others wait for no more than that
_BY = "impor"
_SECRET = frozenset({"ya", "y", "yes", "true", "1", "rahasia"})
_NOT_SECRET = frozenset({"", "-", "tidak", "t", "no", "n", "false", "0", "biasa", "umum"})
# SP4N-LAPOR! tells both in one cell; who is anonymous is a matter of its own.
_ANONYMOUS = re.compile(r"\s*(?:,|/|&|\bdan\b)?\s*\banonim\b\s*(?:,|/|&|\bdan\b)?\s*")


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows."""

    new: int = 0
    handled: int = 0  # of the new ones, those that were decided before they came here
    known: int = 0
    refused: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Usable:
    """A row that can be stored, and what was done with its complaint before it came here."""

    row: Record
    arrival: Arrival
    past: Past | None


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
    again after an interruption, is stored once. So does one of a column called *No*, unless ``columns`` names that,
    whose number stands for another complaint already: it counts the rows of its table.

    A row whose date cannot be read is refused, as what is stored cannot be dated again; so is one of which it isn't
    clear whether it is *rahasia*, or what was done with it. What was decided before it came here gets that decision on
    record, at its own time, and never stands in the queue.

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
        _store(database, suggester, usable, report, numbers_told=columns.id is not None)
        done += len(batch)
        progress(done)
    return report


def _usable(
    batch: list[Record | BadRow], channel: str, suggester: Suggester, report: ImportReport
) -> Iterator[_Usable]:
    now = dt.datetime.now(tz=dt.UTC)
    for row in batch:
        if isinstance(row, BadRow):
            report.refused.append(row)
            continue
        secret = _ANONYMOUS.sub("", cell_text(row.extra.get("secret")).casefold())
        is_clear = secret in _SECRET | _NOT_SECRET
        if unclear := row.warning or ("" if is_clear else "whether it is secret: write ya or tidak"):
            report.refused.append(BadRow(row.file, row.row, unclear))
            continue
        given = row.complaint
        complaint = given if given.id else replace(given, id=_place_in_file(row))
        try:
            arrival = Arrival(complaint, channel, received_at=_moment(row.date, suggester), secret=secret in _SECRET)
            yield _Usable(row, arrival, archive.past_of(row, suggester, now))
        except ComplaintError as error:
            report.refused.append(BadRow(row.file, row.row, error.english))
        except (ValueError, OverflowError) as error:  # a zone may take a date out of the calendar
            report.refused.append(BadRow(row.file, row.row, str(error)))


def _store(
    database: Database,
    suggester: Suggester,
    usable: list[_Usable],
    report: ImportReport,
    *,
    numbers_told: bool,
) -> None:
    suggestions = suggester.router.suggest_many([one.arrival.complaint for one in usable])
    now = dt.datetime.now(tz=dt.UTC)
    with database.writing() as session:
        for one, suggestion in zip(usable, suggestions, strict=True):
            row = one.row
            try:
                own = _place_in_file(row) if row.counted and not numbers_told else None
                received = _receive(session, suggester, one, suggestion, now, own)
            except SenderConflictError as error:
                report.refused.append(BadRow(row.file, row.row, error.english))
                continue
            if one.past and received.is_new:
                archive.put_on_record(session, suggester, received.complaint, one.past)
                report.handled += 1
            report.new += received.is_new
            report.known += not received.is_new


def _receive(
    session: Session, suggester: Suggester, one: _Usable, suggestion: Suggestion, now: dt.datetime, own: str | None
) -> Received:
    """Store a complaint under its identifier or, if that is taken, under ``own``.

    Raises
    ------
    SenderConflictError
        If the identifier stands for a complaint with other content, and there is no ``own``.
    """
    arrival = one.arrival
    by, at = (ARCHIVIST, one.past.received_at) if one.past else (_BY, now)
    try:
        return intake.receive(session, suggester, arrival, by=by, now=at, suggestion=suggestion)
    except SenderConflictError:
        if own is None:
            raise
    arrival, suggestion = replace(arrival, complaint=replace(arrival.complaint, id=own)), replace(suggestion, id=own)
    return intake.receive(session, suggester, arrival, by=by, now=at, suggestion=suggestion)


def _place_in_file(row: Record) -> str:
    return f"{row.file}#{row.row}"[-200:]


def _moment(date: dt.datetime | None, suggester: Suggester) -> dt.datetime | None:
    """Return a date of a file as a moment: without zone it is the region's time."""
    return None if date is None else archive.in_zone(date, suggester.calendar.zone)
