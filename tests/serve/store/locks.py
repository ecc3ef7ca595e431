"""Waiting until one transaction waits for another."""

from __future__ import annotations

from sqlalchemy import text

from serve.store.database import Database
from tests.waiting import wait_until


def wait_for_a_waiting_one(database: Database) -> None:
    """Return once a transaction waits for a lock; at once on SQLite, where nobody begins to write beside another."""

    def is_waiting() -> bool:
        with database.reading() as session:
            waiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            return bool(session.scalar(text(f"SELECT count(*) {waiting}")))

    if not database.embedded:
        wait_until(is_waiting, seconds=30)
