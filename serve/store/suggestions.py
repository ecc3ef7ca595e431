"""Stored suggestions, read again. One that is damaged or gone is shown as such, and breaks no page."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from pipeline.complaint import Decision, Suggestion, Urgency
from serve.store import models

_SUGGESTION = TypeAdapter(Suggestion)
_UNREADABLE = "Usulan yang tersimpan tidak terbaca. Baca teksnya, lalu pilih sendiri instansinya."
_log = logging.getLogger("disposisi")


def in_force(session: Session, complaint: models.Complaint) -> models.StoredSuggestion:
    """Return a complaint's suggestion in force; where its row is gone, what :func:`stand_in` makes of the complaint."""
    return session.get(models.StoredSuggestion, complaint.suggestion_id) or stand_in(complaint)


def stand_in(complaint: models.Complaint) -> models.StoredSuggestion:
    """Return what is shown for a suggestion whose row is gone: one that cannot be read; it isn't stored."""
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
    """Return a stored suggestion as it was made; of one that cannot be read, that a person must read the complaint."""
    try:
        return _SUGGESTION.validate_python(stored.body)
    except ValidationError:  # whose message would quote it
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
    """Return the values of a stored suggestion as they are; of what holds none those that are shown instead."""
    return suggestion_of(stored).to_dict() if stored.body is None else stored.body
