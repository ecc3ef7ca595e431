"""The queue and other lists of complaints: filters, keyset pagination and counts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, String, cast, false, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from pipeline.complaint import UNREADABLE, Level
from serve.errors import InvalidInputError
from serve.store import cursor as cursors
from serve.store import models
from serve.store.lifecycle import UNDER_WAY, Status, stored
from serve.store.models import LEVELS
from serve.store.search import arrival_order, matching
from serve.store.suggestions import stand_in

PAGE_SIZE = 50
MAX_PAGE_SIZE = 500
_UNDER_WAY = stored(UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Filter:
    """Filter of complaints; ``None`` doesn't restrict.

    Attributes
    ----------
    status
        With a status the order is the queue's: urgency, then deadline. Without, newest first.
    newest_first
        Newest first also with a status.
    decision
        ``suggest``, ``choose`` or ``read``.
    due_before
        Overdue at this time.
    words
        Words that text or address must contain, each as a word or the beginning of one; newest first.

    Raises
    ------
    InvalidInputError
        If it contains characters that no database stores.
    """

    status: Status | None = Status.PERLU_VERIFIKASI
    urgency: Level | None = None
    agency: str | None = None
    kecamatan: str | None = None
    decision: str | None = None
    channel: str | None = None
    due_before: dt.datetime | None = None
    received_from: dt.datetime | None = None
    received_to: dt.datetime | None = None
    words: str | None = None
    newest_first: bool = False

    def __post_init__(self) -> None:
        values = (self.agency, self.kecamatan, self.decision, self.channel, self.words)
        if any(UNREADABLE.search(value or "") for value in values):
            raise InvalidInputError("Saringan memuat karakter yang bukan tulisan.", mend="Kirim sebagai UTF-8.")

    @property
    def usually_by_urgency(self) -> bool:
        """Whether the page is in the queue's order unless the newest are wanted first."""
        return self.status is not None and not self.words

    @property
    def by_urgency(self) -> bool:
        """Whether the page is in the queue's order instead of newest first."""
        return self.usually_by_urgency and not self.newest_first

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL conditions on complaints, without the words."""
        complaint = models.Complaint
        equal = {
            complaint.status: self.status and str(self.status),
            complaint.urgency: self.urgency,
            complaint.agency: self.agency,
            complaint.kecamatan: self.kecamatan,
            complaint.decision: self.decision,
            complaint.channel: self.channel,
        }
        conditions: list[ColumnElement[bool]] = [c == value for c, value in equal.items() if value is not None]
        if self.due_before is not None:
            conditions += self.overdue(self.due_before)
        if self.received_from is not None:
            conditions.append(complaint.received_at >= self.received_from)
        if self.received_to is not None:
            conditions.append(complaint.received_at < self.received_to)
        return conditions

    def overdue(self, now: dt.datetime) -> list[ColumnElement[bool]]:
        """Return the SQL conditions that one of the filter's complaints is overdue, which settled ones never are."""
        is_late = models.Complaint.due_at < now
        if self.status is None:
            return [models.Complaint.status.in_(_UNDER_WAY), is_late]
        return [is_late] if self.status in UNDER_WAY else [false()]


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint in a list, with its current suggestion, or a stand-in if that row is missing."""

    complaint: models.Complaint
    suggestion: models.StoredSuggestion


@dataclass(frozen=True, slots=True)
class Page:
    """A page of complaints in order; ``following`` is the cursor of the next page, ``None`` on the last."""

    rows: list[Row]
    following: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of complaints by each of the queue's filters."""

    total: int
    overdue: int
    urgency: dict[str, int] = field(default_factory=dict)
    agency: dict[str, int] = field(default_factory=dict)
    kecamatan: dict[str, int] = field(default_factory=dict)
    decision: dict[str, int] = field(default_factory=dict)
    channel: dict[str, int] = field(default_factory=dict)


def page(session: Session, wanted: Filter, cursor: str | None = None, size: int = PAGE_SIZE) -> Page:
    """Return a page; the next one begins after its last row, whatever is decided meanwhile (keyset pagination).

    Raises
    ------
    InvalidInputError
        If the cursor is invalid.
    """
    complaint = models.Complaint
    dialect = session.get_bind().dialect.name
    newest = arrival_order(dialect) if wanted.words else complaint.id
    order = (complaint.urgency, complaint.due_at, complaint.id) if wanted.by_urgency else (newest.desc(),)
    # Select the page's numbers first, so that texts and suggestions are read only for complaints on it.
    numbers = _after(_numbers(wanted, dialect), wanted, newest, cursor)
    size = max(1, min(size, MAX_PAGE_SIZE))
    listed = numbers.order_by(*order).limit(size + 1)
    found = _rows(
        session, _with_suggestions(listed).order_by(*(order if wanted.by_urgency else (complaint.id.desc(),)))
    )
    rows = found[:size]
    return Page(rows, _cursor(rows[-1].complaint, wanted) if len(found) > size else None)


def number_found(session: Session, wanted: Filter, beside: Collection[int] = (), at_most: int = MAX_PAGE_SIZE) -> int:
    """Return how many complaints a filter finds, up to ``at_most``, plus those of ``beside`` that it doesn't find."""
    dialect = session.get_bind().dialect.name
    numbers = _numbers(wanted, dialect)
    if wanted.words:  # ordered as the page is, or SQLite would search the words again for every complaint of a status
        numbers = numbers.order_by(arrival_order(dialect).desc())

    def counted(found: Select[int]) -> int:
        return session.scalar(select(func.count()).select_from(found.subquery())) or 0

    found = counted(numbers.limit(at_most))
    return found + len(beside) - counted(numbers.where(models.Complaint.id.in_(beside))) if beside else found


def numbered(session: Session, number: int) -> list[Row]:
    """Return a list with the complaint of that number; empty if there is none."""
    return _rows(session, _with_suggestions().where(models.Complaint.id == number))


def sent_by(session: Session, wanted: Filter) -> list[Row]:
    """Return the newest complaints of a filter whose sender, reporter or contact contains its words as a phrase."""
    complaint = models.Complaint
    words = (wanted.words or "").strip()
    holds = [
        column.icontains(words, autoescape=True)
        for column in (complaint.sender_id, complaint.reporter_name, complaint.reporter_contact)
    ]
    found = select(complaint.id).where(*wanted.conditions(), or_(*holds)).order_by(complaint.id.desc())
    return _rows(session, _with_suggestions(found.limit(PAGE_SIZE)).order_by(complaint.id.desc()))


def ranked(session: Session, wanted: Filter, numbers: Sequence[int], size: int = PAGE_SIZE) -> list[Row]:
    """Return the first ``size`` of the numbered complaints that pass a filter, in the order of ``numbers``."""
    rows: list[Row] = []
    for start in range(0, len(numbers), MAX_PAGE_SIZE):
        chunk = numbers[start : start + MAX_PAGE_SIZE]
        query = _with_suggestions().where(models.Complaint.id.in_(chunk), *wanted.conditions())
        found = {row.complaint.id: row for row in _rows(session, query)}
        rows += [found[number] for number in dict.fromkeys(chunk) if number in found]
        if len(rows) >= size:
            break
    return rows[:size]


def counts(session: Session, wanted: Filter, now: dt.datetime) -> Counts:
    """Return the counts of all complaints of a filter, ignoring its words."""
    complaint = models.Complaint
    conditions = wanted.conditions()
    columns = (complaint.urgency, complaint.agency, complaint.kecamatan, complaint.decision, complaint.channel)
    # One statement, hence one round trip; each count still uses its own index.
    by_column = [
        select(literal(column.key), cast(column, String), func.count())
        .where(*conditions, column.is_not(None))
        .group_by(column)
        for column in columns
    ]
    overdue = select(literal("overdue"), literal(""), func.count()).where(*conditions, *wanted.overdue(now))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for counted, value, number in session.execute(union_all(*by_column, overdue)):
        found[counted][value] = number
    urgency = found["urgency"]
    return Counts(
        total=sum(urgency.values()),
        overdue=found["overdue"][""],
        urgency={str(level): urgency.get(str(stored), 0) for stored, level in enumerate(LEVELS)},
        agency=found["agency"],
        kecamatan=found["kecamatan"],
        decision=found["decision"],
        channel=found["channel"],
    )


def counts_by_status(session: Session, received_from: dt.datetime | None = None) -> dict[str, int]:
    """Return the number of complaints by status, of all or of those received since ``received_from``."""
    status = models.Complaint.status
    # Adding "" makes SQLite's planner use the covering index by arrival instead of one by status and every row.
    query = select(status, func.count()).group_by(status + "", status)
    if received_from is not None:
        query = query.where(models.Complaint.received_at >= received_from)
    found: dict[str, int] = {row[0]: row[1] for row in session.execute(query)}
    return {str(status): found.get(str(status), 0) for status in Status}


def _numbers(wanted: Filter, dialect: str) -> Select[int]:
    """Return the query for the numbers of a filter's complaints, unordered."""
    numbers = select(models.Complaint.id).where(*wanted.conditions())
    return matching(numbers, wanted.words, dialect) if wanted.words else numbers


def _rows(session: Session, query: Select[models.Complaint, models.StoredSuggestion | None]) -> list[Row]:
    return [Row(complaint, suggestion or stand_in(complaint)) for complaint, suggestion in session.execute(query)]


def _with_suggestions(numbers: Select[int] | None = None) -> Select[models.Complaint, models.StoredSuggestion | None]:
    """Return the query for complaints with their suggestions, for all or for those selected by ``numbers``."""
    complaint, suggestion = models.Complaint, models.StoredSuggestion
    query = select(complaint, suggestion)
    if numbers is not None:  # joined first: SQLite doesn't move a table across an outer join
        listed = numbers.subquery()
        query = query.join(listed, listed.c.id == complaint.id)
    return query.outerjoin(suggestion, suggestion.id == complaint.suggestion_id)


def _after(
    query: Select[int], wanted: Filter, newest: ColumnElement[int] | InstrumentedAttribute[int], cursor: str | None
) -> Select[int]:
    if cursor is None:
        return query
    complaint = models.Complaint
    values = cursors.read(cursor, 3 if wanted.by_urgency else 1)
    if not wanted.by_urgency:
        return query.where(newest < values[0])
    level, due, number = values
    try:
        position = (LEVELS[level], cursors.moment(due), number)
    except IndexError:
        raise cursors.unknown() from None
    columns = (complaint.urgency, complaint.due_at, complaint.id)
    return query.where(tuple_(*columns) > tuple_(*position, types=[c.type for c in columns]))


def _cursor(last: models.Complaint, wanted: Filter) -> str:
    if not wanted.by_urgency:
        return cursors.written([last.id])
    return cursors.written([LEVELS.index(last.urgency), cursors.micros(last.due_at), last.id])
