"""Doubted decisions that are still open: those corrected or confirmed since are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.review import Doubt
from serve.store import models, record
from serve.store.erasure import is_erased
from serve.store.history import Entry
from serve.store.labels import label_of, labelling, standing
from serve.store.lifecycle import POSSIBLE, Action, stored

_AT_ONCE: Final = 50  # complaints per query
_LONGEST: Final = 2000  # doubts examined; those below are hardly doubtful


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A doubted decision with its complaint and its entry on record."""

    doubt: Doubt
    complaint: models.Complaint
    decision: Entry


def doubtful(session: Session, doubts: Sequence[Doubt], most: int) -> list[Doubtful]:
    """Return the first ``most`` doubted decisions that still stand and haven't been reviewed since."""
    return list(islice(_standing(session, doubts[:_LONGEST]), most))


def _standing(session: Session, doubts: Sequence[Doubt]) -> Iterator[Doubtful]:
    possible = stored(POSSIBLE[Action.RELABEL])
    for start in range(0, len(doubts), _AT_ONCE):
        chunk = doubts[start : start + _AT_ONCE]
        numbers = [doubt.complaint for doubt in chunk]
        query = select(models.Complaint).where(models.Complaint.id.in_(numbers), models.Complaint.status.in_(possible))
        found = {complaint.id: complaint for complaint in session.scalars(query) if not is_erased(session, complaint)}
        decisions = _decisions(session, list(found))
        for doubt in chunk:
            last = decisions.get(doubt.complaint)
            if last and last.action is not Action.RELABEL and label_of(last) == doubt.given:
                yield Doubtful(doubt, found[doubt.complaint], last)


def _decisions(session: Session, numbers: Sequence[int]) -> dict[int, Entry]:
    """Return each complaint's current label decision, by number."""
    decision = models.Decision
    query = select(decision).where(decision.complaint_id.in_(numbers)).order_by(decision.complaint_id, decision.number)
    entries: defaultdict[int, list[Entry]] = defaultdict(list)
    for row in session.scalars(query):
        entries[row.complaint_id].append(record.entry_from_json(row.body))
    return {number: made[-1] for number, each in entries.items() if (made := labelling(standing(each)))}
