"""Statistics for the overview: volume, open, overdue, median time and returns by agency and by kecamatan."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Float, and_, case, cast, exists, func, select
from sqlalchemy.orm import Session

from serve.store import models
from serve.store.agreement import undone
from serve.store.lifecycle import DISSOLVED, OPEN, UNDER_WAY, Action, Status, stored

_NOT_COUNTED = stored(DISSOLVED)  # no agency's work; counted as the complaints that they went into
# With no agency, whatever was suggested: not sent yet, back at the desk, or closed there.
_AT_THE_DESK = stored(OPEN | {Status.BUKAN_ADUAN})
_UNDER_WAY = stored(UNDER_WAY)
_OTHER, _OPEN, _OVERDUE, _LATE, _ON_TIME, _LEFT_OUT = range(6)  # kinds that complaints are counted as
_AT_ONCE = 10_000  # rows fetched at a time
Cells = Mapping[tuple[str | None, str | None], int]
_Days: TypeAlias = "defaultdict[str | None, array[float]]"  # array is generic only for type checkers


@dataclass(frozen=True, slots=True)
class Period:
    """Period of arrival, from ``start`` (included) to ``end`` (excluded)."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one agency or kecamatan; a complaint at several agencies counts for the first, which leads.

    Attributes
    ----------
    name
        The agency's code, ``None`` for complaints without agency (at the desk, or closed there); or the kecamatan,
        ``None`` if unknown.
    volume
        Complaints received.
    open
        Not closed yet, at the desk or at an agency.
    overdue
        Open, with the deadline passed.
    finished
        Settled by the agency.
    on_time
        Settled by the deadline.
    returned
        How often the agency returned one; ``None`` for a kecamatan.
    median_days
        Median time from arrival to settlement, in days; ``None`` if none is settled.
    """

    name: str | None
    volume: int
    open: int
    overdue: int
    finished: int
    on_time: int
    returned: int | None
    median_days: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of a period, busiest first, and the number of complaints by agency and kecamatan.

    The latter also counts agencies that are only suggested, as the queue's filter does.
    """

    agencies: list[Figures]
    kecamatan: list[Figures]
    cells: Cells


def overview(session: Session, period: Period, now: dt.datetime) -> Overview:
    """Return the figures of every agency and kecamatan that had complaints in the period."""
    cells = _cells(session, period, now)
    days = _days_to_settle(session, period)
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for agency, kecamatan, _, _, number in cells:
        counts[agency, kecamatan] += number
    by_agency = ((None if at_desk else agency, kind, number) for agency, _, at_desk, kind, number in cells)
    return Overview(
        _figures(by_agency, days[0], _returns(session, period)),
        _figures(((kecamatan, kind, number) for _, kecamatan, _, kind, number in cells), days[1], None),
        counts,
    )


def _cells(
    session: Session, period: Period, now: dt.datetime
) -> Sequence[tuple[str | None, str | None, int, int, int]]:
    """Count complaints by agency, kecamatan, whether at the desk, and kind; all figures are sums of these counts."""
    complaint = models.Complaint
    under_way = complaint.status.in_(_UNDER_WAY)
    finished = complaint.status == str(Status.SELESAI)
    kind = case(
        (and_(under_way, complaint.due_at < now), _OVERDUE),
        (under_way, _OPEN),
        (and_(finished, complaint.closed_at <= complaint.due_at), _ON_TIME),
        (finished, _LATE),
        (complaint.status.in_(_NOT_COUNTED), _LEFT_OUT),
        else_=_OTHER,
    ).label("kind")
    at_desk = case((complaint.status.in_(_AT_THE_DESK), 1), else_=0).label("at_desk")
    query = (
        select(complaint.agency, complaint.kecamatan, at_desk, kind, func.count())
        .where(*_received(period))
        # Adding "" makes SQLite's planner use the covering index instead of one by agency.
        .group_by(complaint.agency + "", complaint.agency, complaint.kecamatan, at_desk, kind)
    )
    return session.execute(query).all()


def _days_to_settle(session: Session, period: Period) -> tuple[_Days, _Days]:
    """Return the days from arrival to settlement by agency and by kecamatan, in arrays of eight bytes per complaint."""
    complaint = models.Complaint
    days = _days_between(complaint.received_at, complaint.closed_at, session)
    query = select(complaint.agency, complaint.kecamatan, days).where(
        *_received(period), complaint.status + "" == str(Status.SELESAI)
    )
    by_agency: _Days = defaultdict(lambda: array("d"))
    by_kecamatan: _Days = defaultdict(lambda: array("d"))
    for agency, kecamatan, took in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        by_agency[agency].append(took)
        by_kecamatan[kecamatan].append(took)
    return by_agency, by_kecamatan


def _figures(
    cells: Iterable[tuple[str | None, int, int]], days: _Days, returns: Mapping[str, int] | None
) -> list[Figures]:
    counts: Counter[tuple[str | None, int]] = Counter()
    for name, kind, number in cells:
        counts[name, kind] += number

    def of(name: str | None) -> Figures:
        other, open_, overdue, late, on_time = (counts[name, kind] for kind in range(_LEFT_OUT))
        return Figures(
            name,
            volume=other + open_ + overdue + late + on_time,
            open=open_ + overdue,
            overdue=overdue,
            finished=late + on_time,
            on_time=on_time,
            returned=None if returns is None else returns.get(name or "", 0),
            median_days=round(median(days[name]), 2) if name in days else None,
        )

    names = {name for name, kind in counts if kind != _LEFT_OUT} | set(returns or ())
    return sorted(map(of, names), key=lambda row: (-row.volume, row.name or ""))


def _received(period: Period) -> list[ColumnElement[bool]]:
    complaint = models.Complaint
    return [complaint.received_at >= period.start, complaint.received_at < period.end]


def _returns(session: Session, period: Period) -> dict[str, int]:
    decision, complaint = models.Decision, models.Complaint
    counted = exists().where(
        complaint.id == decision.complaint_id, *_received(period), complaint.status.not_in(_NOT_COUNTED)
    )
    query = (
        select(decision.agency, func.count())
        .where(decision.action == str(Action.RETURN), counted, ~undone(decision))
        .group_by(decision.agency)
    )
    return {agency: number for agency, number in session.execute(query) if agency is not None}


def _days_between(start: Any, end: Any, session: Session) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.extract("epoch", end - start) / 86_400, Float)
    return func.julianday(end) - func.julianday(start)
