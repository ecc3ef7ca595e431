"""Words between the desk and the citizen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipeline.complaint import MAX_TEXT_CHARS
from serve.errors import OrderError
from serve.store import models
from serve.store.history import UNDO_WINDOW, Entry

_IN, _OUT = "in", "out"


def add_answer(session: Session, complaint_id: int, entry: Entry, text: str) -> None:
    """Store what the citizen added when asked."""
    _add(session, complaint_id, entry.number, _IN, text, by=entry.by, at=entry.at)


def add_reply(session: Session, complaint: models.Complaint, text: str, *, by: str, now: dt.datetime) -> models.Message:
    """Store what the citizen shall be told about the last decision.

    Raises
    ------
    OrderError
        If there is nothing in it, or it is longer than a complaint may be.
    """
    return _add(session, complaint.id, complaint.version, _OUT, text, by=by, at=now)


def _add(
    session: Session, complaint_id: int, number: int, direction: str, text: str, *, by: str, at: dt.datetime
) -> models.Message:
    text = text.strip()
    if not 0 < len(text) <= MAX_TEXT_CHARS:
        raise OrderError(
            f"Pesan berisi {len(text):,} karakter; 1 sampai {MAX_TEXT_CHARS:,} diterima.", mend="Perbaiki isinya."
        )
    message = models.Message(complaint_id=complaint_id, number=number, direction=direction, text=text, by=by, at=at)
    session.add(message)
    session.flush()
    return message


def of_complaint(session: Session, complaint_id: int) -> Sequence[models.Message]:
    """Return all messages about a complaint, the oldest first."""
    query = select(models.Message).where(models.Message.complaint_id == complaint_id)
    return session.scalars(query.order_by(models.Message.id)).all()


def answers(session: Session, complaint_id: int) -> list[str]:
    """Return what the citizen added, the oldest first."""
    return [message.text for message in of_complaint(session, complaint_id) if message.direction == _IN]


def outbox(session: Session, now: dt.datetime, limit: int = 100) -> Sequence[models.Message]:
    """Return replies to be sent: those whose decision can no longer be undone, the oldest first."""
    query = (
        select(models.Message)
        .where(
            models.Message.direction == _OUT,
            models.Message.sent_at.is_(None),
            models.Message.at <= now - UNDO_WINDOW,
        )
        .order_by(models.Message.at, models.Message.id)
    )
    return session.scalars(query.limit(limit)).all()


def mark_sent(session: Session, numbers: Sequence[int], now: dt.datetime) -> int:
    """Mark replies as sent and return how many were not before."""
    statement = update(models.Message).where(
        models.Message.id.in_(numbers), models.Message.direction == _OUT, models.Message.sent_at.is_(None)
    )
    return len(session.scalars(statement.values(sent_at=now).returning(models.Message.id)).all())


def drop_unsent(session: Session, complaint_id: int, number: int) -> None:
    """Remove the replies of a decision that is undone; one that was sent stays."""
    session.execute(
        delete(models.Message).where(
            models.Message.complaint_id == complaint_id,
            models.Message.number == number,
            models.Message.direction == _OUT,
            models.Message.sent_at.is_(None),
        )
    )
