"""Other complaints beside the opened one: likely duplicates, earlier decisions, and those merged into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.complaint import Level
from serve.desk import wording
from serve.desk.desk import Desk
from serve.store import models
from serve.store.lifecycle import OPEN, POSSIBLE, SENT, Action, Status
from serve.store.similar import SAME_WORDS_LIKENESS, Similar


@dataclass(frozen=True, slots=True)
class Other:
    """A similar complaint shown beside this one.

    Attributes
    ----------
    level
        Its urgency, if that is higher than this one's.
    suggested
        The office suggested for it, if that is another one than for this one and nobody has decided yet.
    ticked
        Whether it is merged unless the dispatcher says otherwise: merging takes it out of the queue, so what is more
        urgent, seems to be somebody else's, or may lie elsewhere, has to be chosen.
    """

    id: int
    words: str
    received: str
    where: str
    went: str
    status: str
    version: int
    open: bool
    sent: bool
    secret: bool
    level: Level | None
    suggested: str
    ticked: bool


def other(desk: Desk, similar: Similar, of: models.Complaint, now: dt.datetime) -> Other:
    """Return a similar complaint as it is shown beside ``of``."""
    complaint = similar.complaint
    status = Status(complaint.status)
    went = ", ".join(desk.offices.name(code) for code in complaint.agencies)
    is_open = status in OPEN
    more_urgent = models.LEVELS.index(complaint.urgency) < models.LEVELS.index(of.urgency)
    elsewhere = is_open and complaint.agency != of.agency
    return Other(
        id=complaint.id,
        words=" ".join(complaint.text.split()),
        received=wording.ago(complaint.received_at, now),
        where=complaint.kecamatan or "",
        went=went or status.label,
        status=status.label,
        version=complaint.version,
        open=is_open,
        sent=status in SENT,
        secret=complaint.secret,
        level=complaint.urgency if more_urgent else None,
        suggested=desk.offices.name(complaint.agency) if elsewhere and complaint.agency else "",
        ticked=is_open and not more_urgent and not elsewhere and _in_one_place(desk, similar, of),
    )


def _in_one_place(desk: Desk, similar: Similar, of: models.Complaint) -> bool:
    """Tell whether both name one place, or none in the same words.

    Calls for rescue in like words come from many places at once, so emergencies must name one village.
    """
    complaint = similar.complaint
    emergency = Level.DARURAT in {complaint.urgency, of.urgency}
    if complaint.place_code != of.place_code:
        return False
    if of.place_code is None:
        return not emergency and similar.likeness >= SAME_WORDS_LIKENESS
    place = desk.suggester.region.places.get(of.place_code)
    return not emergency or (place is not None and place.kecamatan_code is not None)


def outranked(session: Session, into: models.Complaint, merged: Collection[int]) -> str:
    """Return what to do if one of the complaints merged into this one is more urgent than it; empty if none is.

    A merged complaint has left the queue, and its urgency with it: only a person can tell whether this one now has it.
    """
    if not merged or Status(into.status) not in POSSIBLE[Action.URGENCY]:
        return ""
    others = session.scalars(select(models.Complaint).where(models.Complaint.id.in_(merged)))
    most = min(others, key=lambda complaint: (models.LEVELS.index(complaint.urgency), complaint.id))
    if models.LEVELS.index(most.urgency) >= models.LEVELS.index(into.urgency):
        return ""
    return (
        f"Aduan {most.id} ({most.urgency}) lebih mendesak daripada aduan {into.id} ({into.urgency}): "
        f"naikkan urgensi aduan {into.id} bila perlu."
    )
