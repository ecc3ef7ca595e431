"""Figures for the overview: volume, open, overdue, median time, returns, and agreement with the suggestions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from serve.store import models
from serve.store.lifecycle import OPEN, SENT, Action, Status

Dimension = Literal["agency", "kecamatan"]
# Not an office's work: merged into another, divided, or withdrawn; their complaints are counted where they went.
_NOT_COUNTED = tuple(map(str, (Status.DIGABUNG, Status.DIPECAH, Status.DITARIK)))
_UNDER_WAY = tuple(sorted(map(str, OPEN | SENT)))


@dataclass(frozen=True, slots=True)
class Period:
    """Complaints received from ``start`` up to but not at ``end``."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one agency or kecamatan; a complaint at several agencies counts for the first, which leads.

    Attributes
    ----------
    name
        The agency's code, or the kecamatan; ``None`` where it isn't known.
    open
        Not closed yet, at the desk or at an agency.
    overdue
        Open, and the deadline has passed.
    finished, on_time
        Settled by the agency; settled before the deadline.
    returned
        How often the agency returned one; ``None`` for a kecamatan.
    median_days
        From arrival to settlement, in days; ``None`` if none is settled.
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
class Agreement:
    """How often, in the week beginning on ``monday``, the first agency chosen was the one suggested.

    ``first`` counts those suggested first, ``among_three`` those among the first three.
    """

    monday: dt.date
    decided: int
    first: int
    among_three: int


def by(session: Session, dimension: Dimension, period: Period, now: dt.datetime) -> list[Figures]:
    """Return the figures of every agency or kecamatan that had complaints in the period, the busiest first."""
    complaint = models.Complaint
    column = complaint.agency if dimension == "agency" else complaint.kecamatan
    under_way = complaint.status.in_(_UNDER_WAY)
    finished = complaint.status == str(Status.SELESAI)

    def number(condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0))

    query = (
        select(
            column,
            func.count(),
            number(under_way),
            number(and_(under_way, complaint.due_at < now)),
            number(finished),
            number(and_(finished, complaint.closed_at <= complaint.due_at)),
        )
        .where(*_in(period))
        .group_by(column)
        .order_by(func.count().desc(), column)
    )
    medians = _median_days(session, column, period)
    returns = _returns(session, period) if dimension == "agency" else None
    return [
        Figures(name, volume, open_, overdue, done, on_time, None if returns is None else returns.get(name, 0), days)
        for name, volume, open_, overdue, done, on_time in session.execute(query)
        for days in (medians.get(name),)
    ]


def agreement(session: Session, start: dt.datetime, end: dt.datetime) -> list[Agreement]:
    """Return the agreement of decisions with suggestions by week (UTC), the oldest first; undone ones don't count."""
    decision = models.Decision
    suggested = decision.body["suggested"]["agencies"]
    first = suggested[0].as_string() == decision.agency
    among = or_(first, *(suggested[n].as_string() == decision.agency for n in (1, 2)))
    week = _monday(decision.at, session)
    query = (
        select(week, func.count(), func.sum(case((first, 1), else_=0)), func.sum(case((among, 1), else_=0)))
        .where(
            decision.action.in_((str(Action.FORWARD), str(Action.OUTSIDE))),
            decision.agency.is_not(None),
            decision.at >= start,
            decision.at < end,
            ~_undone(decision),
        )
        .group_by(week)
        .order_by(week)
    )
    return [
        Agreement(dt.date.fromisoformat(str(monday)), decided, right, near)
        for monday, decided, right, near in session.execute(query)
    ]


def _in(period: Period) -> list[ColumnElement[bool]]:
    complaint = models.Complaint
    return [
        complaint.received_at >= period.start,
        complaint.received_at < period.end,
        complaint.status.not_in(_NOT_COUNTED),
    ]


def _median_days(session: Session, column: Any, period: Period) -> dict[str | None, float]:
    """Return the median days from arrival to settlement; by ranks, because SQLite has no function for it."""
    complaint = models.Complaint
    days = _days_between(complaint.received_at, complaint.closed_at, session)
    ranked = (
        select(
            column.label("name"),
            days.label("days"),
            func.row_number().over(partition_by=column, order_by=days).label("rank"),
            func.count().over(partition_by=column).label("size"),
        )
        .where(*_in(period), complaint.status == str(Status.SELESAI))
        .subquery()
    )
    # The one in the middle, or the two around it: size/2 <= rank <= size/2 + 1.
    query = (
        select(ranked.c.name, func.avg(ranked.c.days))
        .where(ranked.c.rank * 2 >= ranked.c.size, ranked.c.rank * 2 <= ranked.c.size + 2)
        .group_by(ranked.c.name)
    )
    return {name: round(float(value), 2) for name, value in session.execute(query)}


def _returns(session: Session, period: Period) -> dict[str, int]:
    decision = models.Decision
    query = (
        select(decision.agency, func.count())
        .join(models.Complaint, models.Complaint.id == decision.complaint_id)
        .where(*_in(period), decision.action == str(Action.RETURN), ~_undone(decision))
        .group_by(decision.agency)
    )
    return {agency: number for agency, number in session.execute(query) if agency is not None}


def _undone(decision: type[models.Decision]) -> ColumnElement[bool]:
    undo = aliased(models.Decision)
    return exists().where(undo.complaint_id == decision.complaint_id, undo.undoes == decision.number)


def _days_between(start: Any, end: Any, session: Session) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", end - start) / 86_400
    return func.julianday(end) - func.julianday(start)


def _monday(moment: Any, session: Session) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.date_trunc("week", func.timezone("UTC", moment)), Date)
    return func.date(moment, "weekday 0", "-6 days")
