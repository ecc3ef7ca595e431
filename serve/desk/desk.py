"""Shared state of the desk's pages, created once per model."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, cast

from fastapi import Depends, Request

from pipeline.region.succession import today
from serve.desk.offices import Offices
from serve.desk.replies import ReplyWriter
from serve.identity import Identity
from serve.review import ReviewLists
from serve.store.agreement import PastWeeks
from serve.store.deadlines import WorkingCalendar
from serve.store.similar import Likeness
from serve.store.suggester import Suggester


class Desk:
    """Suggester, calendar, today's offices, similarity of complaints, and cached agreement of past weeks.

    Parameters
    ----------
    suggester, review
        The application's.
    """

    def __init__(self, suggester: Suggester, review: ReviewLists) -> None:
        self.suggester = suggester
        self.review = review
        self.calendar: WorkingCalendar = suggester.calendar
        self.likeness = Likeness(suggester.router)
        self._past_weeks = {sees_secrets: PastWeeks(self.calendar.zone) for sees_secrets in (True, False)}
        self._offices: tuple[dt.date, Offices] | None = None

    @property
    def offices(self) -> Offices:
        """The offices that exist today; refreshed when the day changes."""
        day = today(self.suggester.region)
        if self._offices is None or self._offices[0] != day:
            self._offices = (day, Offices(self.suggester.region, day))
        return self._offices[1]

    def past_weeks(self, viewer: Identity) -> PastWeeks:
        """Return the cache of past weeks for what the viewer may see: with or without secret complaints."""
        return self._past_weeks[viewer.sees_reporters]

    def replies(self, number: int, now: dt.datetime) -> ReplyWriter:
        """Return the writer of replies about a complaint."""
        return ReplyWriter(self.suggester.region, self.offices, self.calendar.zone, number, now)


def _desk(request: Request) -> Desk:
    """Return the desk for the current model; a new one is created when the champion changes (serve/champion.py)."""
    state = request.app.state
    desk = getattr(state, "desk", None)
    if desk is None or desk.suggester is not state.suggester:
        desk = state.desk = Desk(state.suggester, state.review)
    return cast(Desk, desk)


TheDesk = Annotated[Desk, Depends(_desk)]
