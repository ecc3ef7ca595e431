"""Bulk import of complaints from a file: in transactional batches, and idempotent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.batch import BadRow, Columns, Record, read_records
from pipeline.batch.columns import column_of, shown_name
from pipeline.batch.quotable import Quotable
from pipeline.batch.values import cell_text
from pipeline.complaint import Suggestion
from pipeline.errors import ComplaintError
from serve.errors import SenderConflictError
from serve.store import archive, intake
from serve.store.archive import Past, UnknownWordError
from serve.store.database import Database
from serve.store.history import ARCHIVIST
from serve.store.intake import Arrival, Received
from serve.store.suggester import Suggester

ROWS_AT_ONCE = 200  # per commit, so that other writers don't wait long
_BY = "impor"
_SECRET = frozenset({"ya", "y", "yes", "true", "1", "rahasia"})
_NOT_SECRET = frozenset({
    "", "-", "tidak", "t", "no", "n", "false", "0", "biasa", "umum", "normal", "publik", "terbuka", "tidak rahasia",
    "bukan rahasia",
})  # fmt: skip
_LONGEST_WORD = 20  # letters
# SP4N-LAPOR! has both in one cell; anonymity is independent of secrecy.
_ANONYMOUS = re.compile(r" ?(?:,|/|&|\bdan\b)? ?\banonim\b ?(?:,|/|&|\bdan\b)? ?")  # single blanks: tried in few ways


@dataclass(slots=True)
class ImportReport:
    """Outcome of an import, in rows."""

    new: int = 0
    handled: int = 0  # of the new ones, those already decided elsewhere
    known: int = 0
    secrecy_told: bool = False  # whether a column says which complaints are secret
    refused: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Usable:
    """A row that can be stored, with the complaint's past if it was decided elsewhere."""

    row: Record
    arrival: Arrival
    past: Past | None


@dataclass(slots=True)
class _UnknownWords:
    """The refused rows whose agency or status is unknown; which of these may be quoted is known at the file's end."""

    judges: dict[str, Quotable]
    rows: list[tuple[int, UnknownWordError]] = field(default_factory=list)  # with their places among the refused rows

    def add(self, place: int, error: Exception, text: str) -> None:
        """Add why a row was refused, which may be an unknown word."""
        if isinstance(error, UnknownWordError):
            self.rows.append((place, error))
            self.judges[error.role].add(error.word, text)
        if not isinstance(error, UnknownWordError) or error.role != "status":
            self.judges["status"].add_known()

    def quote(self, refused: list[BadRow]) -> None:
        """Quote the words that cannot be complaints."""
        for place, error in self.rows:
            if self.judges[error.role].may_quote(error.word):
                refused[place] = replace(refused[place], reason=error.quoting)


def import_file(
    database: Database,
    suggester: Suggester,
    path: Path,
    columns: Columns,
    channel: str,
    progress: Callable[[int], None],
) -> ImportReport:
    """Store every usable row of a file.

    A row without identifier gets one made of file name and row number, so that a file imported twice, or again after an
    interruption, is stored once. So does a row whose identifier comes from a column called *No* not named in
    ``columns``, if that number belongs to another complaint: such a column may just count the rows of its table.

    A row with an unreadable date is refused, as a stored complaint's date cannot be changed; so is one if it is unclear
    whether it is *rahasia* (secret), or what was done with it. A complaint decided elsewhere gets that decision on
    record, with its own time, and never appears in the queue.

    Parameters
    ----------
    progress
        Called with the number of rows processed so far.

    Raises
    ------
    DataError
        If the file as a whole cannot be read.
    """
    report = ImportReport()
    region = suggester.region
    unknown = _UnknownWords({"agency": Quotable(region), "status": Quotable(region, archive.is_status)})
    rows = read_records(path, columns)
    done = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        usable = list(_usable(batch, channel, suggester, report, unknown, columns.secret))
        _store(database, suggester, usable, report, numbers_told=columns.id is not None)
        done += len(batch)
        progress(done)
    unknown.quote(report.refused)
    return report


def _usable(
    batch: list[Record | BadRow],
    channel: str,
    suggester: Suggester,
    report: ImportReport,
    unknown: _UnknownWords,
    secret_column: str | None,
) -> Iterator[_Usable]:
    now = dt.datetime.now(tz=dt.UTC)
    for row in batch:
        if isinstance(row, BadRow):
            report.refused.append(row)
            continue
        report.secrecy_told |= "secret" in row.extra
        secret = _ANONYMOUS.sub("", " ".join(cell_text(row.extra.get("secret")).casefold().split()))
        is_clear = secret in _SECRET | _NOT_SECRET
        if unclear := row.warning or ("" if is_clear else _unclear(secret, row, secret_column)):
            report.refused.append(BadRow(row.file, row.row, unclear))
            continue
        given = row.complaint
        complaint = given if given.id else replace(given, id=_place_in_file(row))
        try:
            received_at = row.date and archive.in_zone(row.date, suggester.calendar.zone)
            arrival = Arrival(complaint, channel, received_at=received_at, secret=secret in _SECRET)
            past = archive.past_of(row, suggester, now)
            unknown.judges["status"].add_known()
            yield _Usable(row, arrival, past)
        except ComplaintError as error:
            report.refused.append(BadRow(row.file, row.row, error.english))
        except (ValueError, OverflowError) as error:  # converting the time zone may leave datetime's range
            unknown.add(len(report.refused), error, given.text)
            report.refused.append(BadRow(row.file, row.row, str(error)))


def _unclear(secret: str, row: Record, column: str | None) -> str:
    """Return why a complaint may be secret; only a single word is quoted, as what is longer may be a text."""
    name = column or column_of("secret", [name for name in row.extra if name != "secret"]) or "secret"
    told = repr(secret) if secret.isalpha() and len(secret) <= _LONGEST_WORD else "neither"
    return f"it is unclear whether it is secret: the column {shown_name(name)!r} says {told}; write ya or tidak"


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
        If the identifier belongs to a complaint with different content, and there is no ``own``.
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
