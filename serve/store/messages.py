"""Messages between the desk and citizens, and the outbox of replies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, delete, exists, not_, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from pipeline.complaint import MAX_TEXT_CHARS
from pipeline.numerals import thousands
from serve.errors import OrderError
from serve.store import cursor as cursors
from serve.store import models
from serve.store.history import UNDO_WINDOW, Entry
from serve.store.lifecycle import SENT, Action, Status, stored

PAGE_SIZE = 100
_IN, _OUT = "in", "out"
_AT_AGENCIES = stored(SENT | {Status.SELESAI})


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to be sent, with its channel and the channel's identifier of the recipient."""

    message: models.Message
    channel: str
    sender_id: str | None


@dataclass(frozen=True, slots=True)
class Outbox:
    """A page of replies in order; ``following`` is the cursor of the next page, ``None`` on the last."""

    replies: list[Reply]
    following: str | None


def add_answer(session: Session, complaint_id: int, entry: Entry, text: str) -> None:
    """Store the citizen's answer to a question."""
    _add(session, complaint_id, entry.number, _IN, text, by=entry.by, at=entry.at)


def add_reply(session: Session, complaint: models.Complaint, text: str, *, by: str, now: dt.datetime) -> models.Message:
    """Store a reply to the citizen about the last decision.

    Raises
    ------
    OrderError
        If it is empty, or longer than a complaint may be.
    """
    return _add(session, complaint.id, complaint.version, _OUT, text, by=by, at=now)


def add_for_merged(session: Session, into: models.Complaint, text: str, *, by: str, now: dt.datetime) -> None:
    """Store a reply about a complaint also for each one merged into it, with that one's number in the text."""
    number = re.compile(rf"\b(nomor|no\.?)(\s+){into.id}\b", re.IGNORECASE)  # only complaint numbers, not "3 Desember"
    for merged in session.scalars(select(models.Complaint).where(models.Complaint.id.in_(_merged_into(into.id)))):
        add_reply(session, merged, number.sub(rf"\g<1>\g<2>{merged.id}", text), by=by, now=now)


def _add(
    session: Session, complaint_id: int, number: int, direction: str, text: str, *, by: str, at: dt.datetime
) -> models.Message:
    text = text.strip()
    if not 0 < len(text) <= MAX_TEXT_CHARS:
        raise OrderError(
            f"Pesan berisi {thousands(len(text))} karakter; 1 sampai {thousands(MAX_TEXT_CHARS)} diterima.",
            mend="Perbaiki isinya.",
        )
    message = models.Message(complaint_id=complaint_id, number=number, direction=direction, text=text, by=by, at=at)
    session.add(message)
    session.flush()
    return message


def of_complaint(session: Session, complaint_id: int) -> Sequence[models.Message]:
    """Return all messages about a complaint, oldest first."""
    query = select(models.Message).where(models.Message.complaint_id == complaint_id)
    return session.scalars(query.order_by(models.Message.id)).all()


def answers(session: Session, complaint_id: int) -> list[str]:
    """Return the citizen's answers, oldest first."""
    return [message.text for message in of_complaint(session, complaint_id) if message.direction == _IN]


def sender_of(session: Session, complaint: models.Complaint) -> str | None:
    """Return the channel's identifier of the sender (for a part, of the complaint it was split from), or ``None``."""
    whole: models.Complaint | None = complaint
    while whole is not None and whole.parent_id is not None:
        whole = session.get(models.Complaint, whole.parent_id)  # None if it is secret and hidden from this session
    return whole.sender_id if whole else None


def outbox(
    session: Session, now: dt.datetime, *, channel: str | None = None, cursor: str | None = None, size: int = PAGE_SIZE
) -> Outbox:
    """Return replies to be sent: those whose decision can no longer be undone, oldest first.

    Replies without a recipient are left out; they stay unsent forever, and would fill every page. So are outdated ones:
    the agency that they name has returned the complaint meanwhile, or it was forwarded elsewhere.

    Parameters
    ----------
    channel
        Channel of the complaints; ``None`` for all.

    Raises
    ------
    InvalidInputError
        If the cursor is invalid.
    """
    message, complaint, whole = models.Message, models.Complaint, aliased(models.Complaint)
    due = (
        select(message.id, complaint.channel, complaint.sender_id, complaint.parent_id)
        .join(complaint, complaint.id == message.complaint_id)
        .where(
            message.direction == _OUT,
            message.sent_at.is_(None),
            message.at <= now - UNDO_WINDOW,
            not_(_is_overtaken()),
            or_(complaint.sender_id.is_not(None), complaint.parent_id.is_not(None)),
        )
    )
    if channel is not None:
        due = due.where(complaint.channel == channel)
    if cursor is not None:
        micros, number = cursors.read(cursor, 2)
        order = (message.at, message.id)
        due = due.where(tuple_(*order) > tuple_(cursors.moment(micros), number, types=[c.type for c in order]))
    # Walk from each part up to the complaint it was split from, which has the sender.
    found = due.cte("found", recursive=True)
    above = select(found.c.id, found.c.channel, whole.sender_id, whole.parent_id)
    found = found.union_all(above.join(whole, whole.id == found.c.parent_id))
    query = (
        select(message, found.c.channel, found.c.sender_id)
        .join(found, found.c.id == message.id)
        .where(found.c.parent_id.is_(None), found.c.sender_id.is_not(None))
        .order_by(message.at, message.id)
        .limit(size + 1)
    )
    replies = [Reply(sent, on, sender) for sent, on, sender in session.execute(query)]
    last = replies[size - 1].message if len(replies) > size else None
    return Outbox(replies[:size], cursors.written([cursors.micros(last.at), last.id]) if last else None)


def overtaken(session: Session, complaint_id: int) -> frozenset[int]:
    """Return the ids of a complaint's replies that :func:`outbox` leaves out as outdated."""
    message, complaint = models.Message, models.Complaint
    query = select(message.id).join(complaint, complaint.id == message.complaint_id)
    query = query.where(message.complaint_id == complaint_id, message.direction == _OUT, message.sent_at.is_(None))
    return frozenset(session.scalars(query.where(_is_overtaken())))


def _is_overtaken() -> ColumnElement[bool]:
    """Return the SQL condition that a reply is outdated: about a forwarding that no longer holds.

    The forwarding is that of its complaint, or of the one merged into; copies made by :func:`add_for_merged` are
    recognised by time and author of the decision.
    """
    message, complaint, entry, whole = models.Message, models.Complaint, models.Decision, aliased(models.Complaint)
    own = exists().where(
        entry.complaint_id == message.complaint_id,
        entry.number == message.number,
        entry.action == str(Action.FORWARD),
    )
    of_whole = exists().where(
        complaint.merged_into.is_not(None),
        entry.at == message.at,
        entry.by == message.by,
        entry.action == str(Action.FORWARD),
        entry.complaint_id != message.complaint_id,
        whole.id == entry.complaint_id,
        not_(_holds(whole)),
    )
    return or_(and_(own, not_(_holds(complaint))), of_whole)


def _holds(complaint: type[models.Complaint]) -> ColumnElement[bool]:
    """Return the SQL condition that a complaint is still at the agencies to which the message's decision sent it."""
    return and_(complaint.status.in_(_AT_AGENCIES), complaint.forwarded_at == models.Message.at)


def mark_sent(session: Session, numbers: Sequence[int], now: dt.datetime) -> int:
    """Mark replies as sent, and return how many were unsent before.

    A reply whose decision can still be undone isn't marked: no outbox has listed it yet, and none ever would.
    """
    message = models.Message
    statement = update(message).where(
        message.id.in_(numbers),
        message.direction == _OUT,
        message.sent_at.is_(None),
        message.at <= now - UNDO_WINDOW,
    )
    return len(session.scalars(statement.values(sent_at=now).returning(message.id)).all())


def drop_unsent_of_merged(session: Session, into: int, at: dt.datetime) -> None:
    """Delete the unsent copies that :func:`add_for_merged` stored with the decision made at ``at``, now undone."""
    session.execute(
        delete(models.Message)
        .where(
            models.Message.complaint_id.in_(_merged_into(into)),
            models.Message.at == at,
            models.Message.direction == _OUT,
            models.Message.sent_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


def _merged_into(number: int) -> Select[int]:
    """Return the query for the numbers of all complaints merged into one, directly or through others."""
    complaint = models.Complaint
    found = select(complaint.id).where(complaint.merged_into == number).cte("merged", recursive=True)
    found = found.union(select(complaint.id).join(found, complaint.merged_into == found.c.id))
    return select(found.c.id)


def drop_unsent(session: Session, complaint_id: int, number: int) -> None:
    """Delete the unsent replies of a decision that is undone."""
    session.execute(
        delete(models.Message).where(
            models.Message.complaint_id == complaint_id,
            models.Message.number == number,
            models.Message.direction == _OUT,
            models.Message.sent_at.is_(None),
        )
    )
