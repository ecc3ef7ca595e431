"""Stored suggestions; a damaged or missing one is replaced by a stand-in, and breaks no page."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.complaint import Decision, Suggestion, Urgency
from serve.store import models
from serve.store.history import Suggested

_SUGGESTION = TypeAdapter(Suggestion)
_UNREADABLE = "Usulan yang tersimpan tidak terbaca. Baca teksnya, lalu pilih sendiri instansinya."
_log = logging.getLogger("disposisi")


def keep(
    session: Session, complaint_id: int, suggestion: Suggestion, now: dt.datetime, excluded: Collection[str] = ()
) -> Suggested:
    """Store a suggestion, and return its summary for the record."""
    first = next(iter(suggestion.agencies), None)
    row = models.StoredSuggestion(
        complaint_id=complaint_id,
        made_at=now,
        model=suggestion.model,
        decision=str(suggestion.decision),
        agency=first.code if first else None,
        probability=first.probability if first else None,
        urgency=suggestion.urgency.level,
        kecamatan=suggestion.place.kecamatan if suggestion.place else None,
        excluded=sorted(set(excluded)),
        body=suggestion.to_dict(),
    )
    session.add(row)
    session.flush()
    codes = tuple(score.code for score in suggestion.agencies)
    return Suggested(row.id, suggestion.model, suggestion.decision, codes)


def of_complaint(session: Session, complaint_id: int) -> Sequence[models.StoredSuggestion]:
    """Return all suggestions made for a complaint, oldest first."""
    query = select(models.StoredSuggestion).where(models.StoredSuggestion.complaint_id == complaint_id)
    return session.scalars(query.order_by(models.StoredSuggestion.id)).all()


def in_force(session: Session, complaint: models.Complaint) -> models.StoredSuggestion:
    """Return a complaint's current suggestion, or its :func:`stand_in` if the row is missing."""
    return session.get(models.StoredSuggestion, complaint.suggestion_id) or stand_in(complaint)


def stand_in(complaint: models.Complaint) -> models.StoredSuggestion:
    """Return a placeholder, not stored, for a suggestion whose row is missing; its body counts as unreadable."""
    return models.StoredSuggestion(
        complaint_id=complaint.id,
        made_at=complaint.received_at,
        model="",
        decision=str(Decision.READ),
        urgency=complaint.urgency,
        kecamatan=complaint.kecamatan,
        excluded=[],
        body=None,
    )


def suggestion_of(stored: models.StoredSuggestion) -> Suggestion:
    """Return a stored suggestion as made; if it is unreadable, one that tells a person to read the complaint."""
    try:
        return _SUGGESTION.validate_python(stored.body)
    except ValidationError:  # not logged, as its message quotes the suggestion
        _log.warning("The suggestion of complaint %d cannot be read; it is shown without one", stored.complaint_id)
    urgency = Urgency(stored.urgency, probabilities={}, reasons=())
    return Suggestion(
        id=None,
        agencies=(),
        urgency=urgency,
        place=None,
        decision=Decision.READ,
        words=(),
        model=stored.model,
        notes=(_UNREADABLE,),
    )


def body_of(stored: models.StoredSuggestion) -> dict[str, Any]:
    """Return the stored JSON of a suggestion; if there is none, that of the suggestion shown instead."""
    return suggestion_of(stored).to_dict() if stored.body is None else stored.body
