"""A complaint with all related data, as the desk's page and the API show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.store import claims, messages, models, record
from serve.store.decisions import load
from serve.store.history import Entry, State, replay
from serve.store.suggestions import in_force


@dataclass(frozen=True, slots=True)
class View:
    """A complaint with its current suggestion, state, history, messages, merged complaints and claim.

    Attributes
    ----------
    merged
        Numbers of the complaints that were merged into this one.
    claimed_by
        Who is working on it; ``None`` for nobody.
    """

    complaint: models.Complaint
    suggestion: models.StoredSuggestion
    state: State
    entries: tuple[Entry, ...]
    messages: Sequence[models.Message]
    merged: tuple[int, ...]
    claimed_by: str | None


def view(session: Session, complaint_id: int, now: dt.datetime) -> View:
    """Return a complaint with all related data.

    Raises
    ------
    NotFoundError
        If there is no such complaint.
    """
    complaint = load(session, complaint_id)
    entries = entries_of(session, complaint_id)
    merged = select(models.Complaint.id).where(models.Complaint.merged_into == complaint_id)
    return View(
        complaint=complaint,
        suggestion=in_force(session, complaint),
        state=replay(entries),
        entries=entries,
        messages=messages.of_complaint(session, complaint_id),
        merged=tuple(session.scalars(merged.order_by(models.Complaint.id))),
        claimed_by=claims.holders(session, [complaint_id], now).get(complaint_id),
    )


def entries_of(session: Session, complaint_id: int) -> tuple[Entry, ...]:
    """Return the record of a complaint; where it was merged into one that isn't in this session, not into which."""
    entries = tuple(record.entry_from_json(row.body) for row in record.rows_of(session, complaint_id))
    into = {entry.into for entry in entries if entry.into is not None}
    if not into:
        return entries
    seen = set(session.scalars(select(models.Complaint.id).where(models.Complaint.id.in_(into))))
    return tuple(entry if entry.into in seen else replace(entry, into=None) for entry in entries)
