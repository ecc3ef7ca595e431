"""Which SLA term applies to a complaint: the dispatcher's situation takes precedence over the model's kind."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipeline.complaint import ALARMS, Kind, Suggestion
from pipeline.region.region import SUPERVISED
from serve.store import models
from serve.store.lifecycle import Situation
from serve.store.suggestions import in_force, suggestion_of


def situation_of(suggestion: Suggestion) -> Situation | None:
    """Return a new complaint's situation; ``None`` if it follows from the urgency."""
    asks = suggestion.kind is Kind.INFORMASI and suggestion.urgency.level not in ALARMS
    return Situation.PERMINTAAN_INFORMASI if asks else None


def term_of(situation: Situation, suggested: Kind) -> str:
    """Return the term for :meth:`pipeline.region.Region.sla_working_days`.

    If a request for information was suggested but isn't the situation any more, it is an ordinary complaint.
    """
    match situation:
        case Situation.BERPENGAWASAN:
            return SUPERVISED
        case Situation.PERMINTAAN_INFORMASI:
            return Kind.INFORMASI
        case _:
            return Kind.PENGADUAN if suggested is Kind.INFORMASI else suggested


def current_term(session: Session, complaint: models.Complaint, situation: Situation | None = None) -> str:
    """Return the term of a stored complaint, or what it would be in ``situation``."""
    suggested = suggestion_of(in_force(session, complaint))
    return term_of(situation or Situation(complaint.situation), suggested.kind)
