"""Erasing what a complaint says of people: a tombstone stays, from which record and figures still follow."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.complaint import Suggestion
from serve.errors import StoreError
from serve.store import models, record
from serve.store.database import Database
from serve.store.record import ERASED_TEXT
from serve.store.suggestions import suggestion_of

_TABLES = ("complaints", "suggestions", "messages", "decisions")


def is_erased(complaint: models.Complaint) -> bool:
    """Tell whether only the tombstone of a complaint is left."""
    return complaint.text == ERASED_TEXT


def erase(session: Session, complaint: models.Complaint, *, by: str, now: dt.datetime) -> None:
    """Erase all words and personal data of a complaint, in every table and in the search index.

    Left are its number, channel, times, kecamatan, agencies, urgency and status: what figures are made of. Replies
    that have not gone out never will.
    """
    # Before anything is changed: a decision that has its turn would wait for what is, and the erasure for that turn.
    record.in_order(session)
    if is_erased(complaint):
        return
    complaint.text = ERASED_TEXT
    complaint.address = complaint.sender_id = complaint.reporter_name = complaint.reporter_contact = None
    complaint.place_code = complaint.latitude = complaint.longitude = None
    for suggestion in session.scalars(_of(models.StoredSuggestion, complaint)):
        suggestion.body = _without_quotes(suggestion_of(suggestion)).to_dict()
    for message in session.scalars(_of(models.Message, complaint)):
        message.text = ERASED_TEXT
        message.sent_at = message.sent_at or now
    session.execute(delete(models.Claim).where(models.Claim.complaint_id == complaint.id))
    record.erase_words(session, complaint, by=by, now=now)


def _without_quotes(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion without what quotes the text or points into it."""
    urgency = replace(suggestion.urgency, reasons=(), spans=())
    return replace(suggestion, id=None, urgency=urgency, place=None, words=(), instead=(), parts=(), notes=())


def overwrite(database: Database) -> None:
    """Let the database give back the room in which erased words still stood.

    Both databases only mark what is deleted; until then it can be read from their files.

    Raises
    ------
    StoreError
        If that cannot be done now: the disk is full, another process holds the database.
    """
    try:
        done = _overwrite(database)
    except (database.engine.dialect.loaded_dbapi.Error, DBAPIError) as error:
        raise _left_over(str(getattr(error, "orig", error)).partition("\n")[0].rstrip(".")) from None
    if not done:
        raise _left_over("another process reads it")


def _left_over(cause: str) -> StoreError:
    return StoreError(
        f"The words are erased, but not yet out of the database's files: {cause}.",
        mend="Free as much of the disk as the store takes, or wait for the other process; then the same command.",
    )


def _overwrite(database: Database) -> bool:
    """Tell whether nothing kept the database from it."""
    if database.embedded:
        with database.writing() as session:
            session.execute(text("INSERT INTO complaints_fts(complaints_fts) VALUES ('optimize')"))
        statements = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    else:
        statements = [f"VACUUM {table}" for table in _TABLES]
    # Neither can stand in a transaction; the connection is used for nothing else.
    raw = database.engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        if not database.embedded:
            driver.autocommit = True
        for statement in statements:
            done = driver.execute(statement)
        # A checkpoint that a reader holds up fails with a word, not with an error.
        return not (database.embedded and done.fetchone()[0])
    finally:
        raw.invalidate()
        raw.close()


def _of(table: Any, complaint: models.Complaint) -> Any:
    return select(table).where(table.complaint_id == complaint.id)
