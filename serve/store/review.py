"""Doubted decisions as they stand in the store: what was corrected or confirmed since is no doubt any more."""

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
from serve.store.lifecycle import POSSIBLE, Action

_AT_ONCE: Final = 50  # complaints looked up together
_LONGEST: Final = 2000  # doubts looked through; what stands below is hardly doubtful


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A doubted decision, the complaint that it was about, and the entry that made it."""

    doubt: Doubt
    complaint: models.Complaint
    decision: Entry


def doubtful(session: Session, doubts: Sequence[Doubt], most: int) -> list[Doubtful]:
    """Return the first doubted decisions that still stand as they were and that nobody has looked at since."""
    return list(islice(_standing(session, doubts[:_LONGEST]), most))


def _standing(session: Session, doubts: Sequence[Doubt]) -> Iterator[Doubtful]:
    possible = [str(status) for status in POSSIBLE[Action.RELABEL]]
    for start in range(0, len(doubts), _AT_ONCE):
        chunk = doubts[start : start + _AT_ONCE]
        numbers = [doubt.complaint for doubt in chunk]
        query = select(models.Complaint).where(models.Complaint.id.in_(numbers), models.Complaint.status.in_(possible))
        found = {complaint.id: complaint for complaint in session.scalars(query) if not is_erased(complaint)}
        decisions = _decisions(session, list(found))
        for doubt in chunk:
            last = decisions.get(doubt.complaint)
            if last and last.action is not Action.RELABEL and label_of(last) == doubt.given:
                yield Doubtful(doubt, found[doubt.complaint], last)


def _decisions(session: Session, numbers: Sequence[int]) -> dict[int, Entry]:
    """Return of each complaint the decision that is its label now."""
    decision = models.Decision
    query = select(decision).where(decision.complaint_id.in_(numbers)).order_by(decision.complaint_id, decision.number)
    entries: defaultdict[int, list[Entry]] = defaultdict(list)
    for row in session.scalars(query):
        entries[row.complaint_id].append(record.entry_from_json(row.body))
    return {number: made[-1] for number, each in entries.items() if (made := labelling(standing(each)))}
