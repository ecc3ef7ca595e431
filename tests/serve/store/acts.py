"""Shorthand for actions on the store in tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.complaint import Complaint, Suggestion
from pipeline.region import Agency
from pipeline.router import Router
from serve.store import decisions, intake, models, record
from serve.store.database import Database
from serve.store.history import Action, State
from serve.store.orders import Order
from serve.store.suggester import Suggester
from serve.store.suggestions import suggestion_of

NOW = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)  # a Monday, 10 o'clock in Bekasi
LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"


@dataclass
class Act:
    """A store and a user acting on it; each action advances the clock by a second."""

    database: Database
    suggester: Suggester
    now: dt.datetime = field(default=NOW)

    def receive(
        self,
        text: str = LAMP,
        sender_id: str | None = None,
        channel: str = "web",
        address: str | None = None,
        **about: Any,
    ) -> int:
        self.now += dt.timedelta(seconds=1)
        arrival = intake.Arrival(Complaint(text, address=address, id=sender_id), channel, **about)
        with self.database.writing() as session:
            return intake.receive(session, self.suggester, arrival, by="loket", now=self.now).complaint.id

    def order(
        self,
        complaint: int,
        action: Action,
        *,
        by: str = "ani",
        seen: int | None = None,
        key: str | None = None,
        reply: str | None = None,
        **what: Any,
    ) -> State:
        self.now += dt.timedelta(seconds=1)
        order = Order(action, **what)
        with self.database.writing() as session:
            version = decisions.load(session, complaint).version if seen is None else seen
            about: dict[str, Any] = {"by": by, "now": self.now, "expected_version": version, "key": key, "reply": reply}
            decisions.decide(session, self.suggester, complaint, order, **about)
        return self.state(complaint)

    def state(self, complaint: int) -> State:
        with self.database.reading() as session:
            return record.state_of(session, complaint)

    def suggestion(self, complaint: int) -> Suggestion:
        with self.database.reading() as session:
            stored = session.get_one(models.StoredSuggestion, record.state_of(session, complaint).suggested.id)
            return suggestion_of(stored)

    def row(self, complaint: int) -> models.Complaint:
        with self.database.reading() as session:
            return decisions.load(session, complaint)


def with_agencies(suggester: Suggester, agencies: Mapping[str, Agency]) -> Suggester:
    """Return a suggester with the same model and region, but other agencies."""
    router = suggester.router
    region = replace(suggester.region, agencies=agencies)
    return replace(suggester, router=Router(router.model, region, router.name))
