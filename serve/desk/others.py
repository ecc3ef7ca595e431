"""Similar complaints beside the opened one: likely duplicates, and earlier decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.complaint import Level
from serve.desk import wording
from serve.desk.desk import Desk
from serve.store import models
from serve.store.lifecycle import OPEN, SENT, Status
from serve.store.similar import Similar


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
        urgent, or seems to be somebody else's, has to be chosen.
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
        level=complaint.urgency if more_urgent else None,
        suggested=desk.offices.name(complaint.agency) if elsewhere and complaint.agency else "",
        ticked=is_open and not more_urgent and not elsewhere,
    )
