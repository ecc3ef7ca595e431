"""Makes suggestions for the desk, without agencies that returned the complaint, and deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from pipeline.complaint import Complaint, Decision, Level, Suggestion
from pipeline.region import Region
from pipeline.router import Router
from serve.store.deadlines import WorkingCalendar

Observe = Callable[[Complaint, Suggestion], None]  # called with every suggestion, for shadow mode and drift


@dataclass(frozen=True, slots=True)
class Suggester:
    """Makes suggestions and deadlines for the desk."""

    router: Router
    calendar: WorkingCalendar
    observers: tuple[Observe, ...] = ()

    @property
    def region(self) -> Region:
        """The region that is served."""
        return self.router.region

    def suggest(self, complaint: Complaint, without: Collection[str] = ()) -> Suggestion:
        """Return a suggestion, leaving out the agencies in ``without``, which returned the complaint."""
        suggestion = self.router.suggest(complaint)
        for observe in self.observers:
            observe(complaint, suggestion)
        return leave_out(suggestion, without)

    def due_at(self, received_at: dt.datetime, agencies: Sequence[str], level: Level, term: str) -> dt.datetime:
        """Return the deadline, counted from arrival; the earliest of several agencies.

        Parameters
        ----------
        term
            Kind of message, from :func:`serve.store.settlement_terms.term_of`.
        """
        days = min((self.region.sla_working_days(code, level, term) for code in agencies), default=None)
        if days is None:
            days = getattr(self.region.sla, level)
        return self.calendar.due(received_at, days)


def leave_out(suggestion: Suggestion, codes: Collection[str]) -> Suggestion:
    """Return the suggestion without some agencies, rescaling the other probabilities to the same sum.

    The model never learned what an agency's refusal means, so the next one is offered for choice, never suggested. If
    the first agency goes, so do the marked words, which explained it.
    """
    left = [score for score in suggestion.agencies if score.code not in codes]
    if len(left) == len(suggestion.agencies):
        return suggestion
    scale = sum(s.probability for s in suggestion.agencies) / (sum(s.probability for s in left) or 1)
    first_stays = bool(left) and left[0].code == suggestion.agencies[0].code
    return replace(
        suggestion,
        agencies=tuple(replace(score, probability=round(score.probability * scale, 4)) for score in left),
        words=suggestion.words if first_stays else (),
        decision=Decision.READ if not left or suggestion.decision is Decision.READ else Decision.CHOOSE,
    )
