"""Erasure of personal data: a complaint becomes a tombstone that keeps the record and the figures consistent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import and_, delete, exists, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.complaint import Suggestion
from serve.errors import StoreError
from serve.store import messages, models, record, suggestions
from serve.store.database import Database
from serve.store.database_errors import first_line
from serve.store.lifecycle import Action
from serve.store.record import ERASED_TEXT

_TABLES = ("complaints", "suggestions", "messages", "decisions")
# The condition that only the tombstone of a complaint is left. Its words alone don't tell: a citizen may write them.
ERASED: Final = and_(
    models.Complaint.text == ERASED_TEXT,
    exists().where(models.Decision.complaint_id == models.Complaint.id, models.Decision.action == str(Action.ERASE)),
)


def is_erased(session: Session, complaint: models.Complaint) -> bool:
    """Tell whether a complaint is only a tombstone."""
    if complaint.text != ERASED_TEXT:
        return False
    return session.scalar(select(models.Complaint.id).where(models.Complaint.id == complaint.id, ERASED)) is not None


def erase(session: Session, complaint: models.Complaint, *, by: str, now: dt.datetime) -> None:
    """Erase all text and personal data of a complaint, in every table and in the search index.

    Its number, channel, times, kecamatan, agencies, urgency and status stay, as the figures need them. Unsent replies
    are never sent.
    """
    # Take the lock before changing anything: a decision that holds it could wait for our changes, and we for its lock.
    record.lock(session)
    if is_erased(session, complaint):
        return
    complaint.text = ERASED_TEXT
    complaint.address = complaint.sender_id = complaint.reporter_name = complaint.reporter_contact = None
    complaint.place_code = complaint.latitude = complaint.longitude = None
    for suggestion in suggestions.of_complaint(session, complaint.id):
        suggestion.body = _without_quotes(suggestions.suggestion_of(suggestion)).to_dict()
    for message in messages.of_complaint(session, complaint.id):
        message.text = ERASED_TEXT
        message.sent_at = message.sent_at or now
    session.execute(delete(models.Claim).where(models.Claim.complaint_id == complaint.id))
    record.erase_words(session, complaint, by=by, now=now)


def _without_quotes(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion without quotations from the text or spans in it."""
    urgency = replace(suggestion.urgency, reasons=(), spans=())
    return replace(suggestion, id=None, urgency=urgency, place=None, words=(), instead=(), parts=(), notes=())


def overwrite(database: Database) -> None:
    """Vacuum the database, so that erased words cannot be recovered from its files.

    Both databases only mark deleted data as free.

    Raises
    ------
    StoreError
        If that cannot be done now, because the disk is full or another process holds the database.
    """
    try:
        done = _overwrite(database)
    except (database.engine.dialect.loaded_dbapi.Error, DBAPIError) as error:
        raise _left_over(first_line(error)) from None
    if not done:
        raise _left_over("another process is reading them")


def _left_over(cause: str) -> StoreError:
    return StoreError(
        f"The text is erased, but the database's files still contain it: {cause}.",
        mend="Free as much disk space as the store uses, or wait for the other process. "
        "Then run the same command again.",
    )


def _overwrite(database: Database) -> bool:
    """Vacuum, and tell whether it completed."""
    if database.embedded:
        with database.writing() as session:
            session.execute(text("INSERT INTO complaints_fts(complaints_fts) VALUES ('optimize')"))
        statements = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    else:
        statements = [f"VACUUM {table}" for table in _TABLES]
    # Neither can run in a transaction; the connection is used for nothing else.
    raw = database.engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        if not database.embedded:
            driver.autocommit = True
        for statement in statements:
            done = driver.execute(statement)
        # A checkpoint blocked by a reader reports so in its result instead of raising an error.
        return not (database.embedded and done.fetchone()[0])
    finally:
        raw.invalidate()
        raw.close()
