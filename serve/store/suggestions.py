"""Stored suggestions, read again. One that is damaged is told as such, and takes no page along."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.complaint import Decision, Suggestion, Urgency
from serve.store import models

_SUGGESTION = TypeAdapter(Suggestion)
_UNREADABLE = "Usulan yang tersimpan tidak terbaca. Baca teksnya, lalu pilih sendiri instansinya."
_log = logging.getLogger("disposisi")


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
