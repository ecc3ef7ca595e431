"""By which term a complaint must be settled: the dispatcher's word on what it is goes before the model's."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipeline.complaint import ALARMS, Kind, Suggestion
from pipeline.region.region import SUPERVISED
from serve.store import models
from serve.store.lifecycle import Situation
from serve.store.suggestions import in_force, suggestion_of


def situation_of(suggestion: Suggestion) -> Situation | None:
    """Return the situation that a complaint begins with; ``None`` where its urgency tells."""
    asks = suggestion.kind is Kind.INFORMASI and suggestion.urgency.level not in ALARMS
    return Situation.PERMINTAAN_INFORMASI if asks else None


def term_of(situation: Situation, suggested: Kind) -> str:
    """Return the kind of message whose term counts, for :meth:`pipeline.region.Region.sla_working_days`.

    A complaint that was suggested to be a request for information and isn't one any more is an ordinary one.
    """
    match situation:
        case Situation.BERPENGAWASAN:
            return SUPERVISED
        case Situation.PERMINTAAN_INFORMASI:
            return Kind.INFORMASI
        case _:
            return Kind.PENGADUAN if suggested is Kind.INFORMASI else suggested


def current_term(session: Session, complaint: models.Complaint, situation: Situation | None = None) -> str:
    """Return the term of a stored complaint, or what it would be in another situation."""
    suggested = suggestion_of(in_force(session, complaint))
    return term_of(situation or Situation(complaint.situation), suggested.kind)
