"""Weekly agreement between suggestions and decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from serve.store import models
from serve.store.history import ARCHIVIST, UNDO_WINDOW
from serve.store.lifecycle import Action

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often decisions of a week agreed with the suggestions, by the first agency chosen.

    Attributes
    ----------
    monday
        The week's first day.
    decided
        Decisions that chose an agency.
    first
        Decisions for the agency suggested first.
    among_three
        Decisions for one of the first three.
    """

    monday: dt.date
    decided: int
    first: int
    among_three: int


def agreement(session: Session, start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> list[Agreement]:
    """Return the agreement of decisions with suggestions by week, which begins on Monday in ``zone``, oldest first.

    Undone decisions don't count, nor those of an imported archive, which were made without seeing a suggestion.
    """
    decision = models.Decision
    among = [decision.body["suggested", "agencies", n].as_string() == decision.agency for n in range(3)]
    week = _monday(decision.at, end.astimezone(zone).utcoffset() or dt.timedelta(), session)
    query = (
        select(week, func.count(), func.sum(case((among[0], 1), else_=0)), func.sum(case((or_(*among), 1), else_=0)))
        .where(
            decision.action.in_((str(Action.FORWARD), str(Action.OUTSIDE))),
            decision.agency.is_not(None),
            decision.by != ARCHIVIST,
            decision.at >= start,
            decision.at < end,
            ~undone(decision),
        )
        .group_by(week)
        .order_by(week)
    )
    return [
        Agreement(dt.date.fromisoformat(str(monday)), decided, right, near)
        for monday, decided, right, near in session.execute(query)
    ]


class PastWeeks:
    """Cache of past weeks: no decision can be added to them, and none in them can be undone any more.

    Parameters
    ----------
    zone
        Time zone in which weeks begin on Monday.
    """

    def __init__(self, zone: dt.tzinfo) -> None:
        self._zone = zone
        self._known: dict[dt.date, Agreement | None] = {}
        self._lock = Lock()

    def agreement(self, session: Session, start: dt.datetime, now: dt.datetime) -> list[Agreement]:
        """Return the agreement of whole weeks, from that of ``start`` to the current one; query only uncached weeks."""
        day = start.astimezone(self._zone)
        first = day.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=day.weekday())
        mondays = [first + n * _WEEK for n in range((now - first) // _WEEK + 1)]
        with self._lock:
            known = dict(self._known)
        missing = next((monday for monday in mondays if monday.date() not in known), now)
        counted = {week.monday: week for week in agreement(session, missing, now, self._zone)}
        over = (monday for monday in mondays if missing <= monday < now - _WEEK - UNDO_WINDOW)
        with self._lock:
            self._known.update((monday.date(), counted.get(monday.date())) for monday in over)
        found: Iterable[Agreement | None] = (
            counted.get(monday.date()) if monday >= missing else known[monday.date()] for monday in mondays
        )
        return [week for week in found if week is not None]


def undone(decision: type[models.Decision]) -> ColumnElement[bool]:
    """Return the SQL condition that a decision was undone."""
    undo = aliased(models.Decision)
    return exists().where(undo.complaint_id == decision.complaint_id, undo.undoes == decision.number)


def _monday(moment: Any, ahead: dt.timedelta, session: Session) -> Any:
    """Return the SQL expression of the Monday before a time, by a clock so much ahead of UTC."""
    seconds = ahead // dt.timedelta(seconds=1)
    if session.get_bind().dialect.name == "postgresql":
        local = func.timezone("UTC", moment) + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        return cast(func.date_trunc("week", local), Date)
    return func.date(moment, f"{seconds:+d} seconds", "weekday 0", "-6 days")
