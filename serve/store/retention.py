"""Retention: erases the personal data of complaints settled long ago, and keeps the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from serve.errors import StoreError
from serve.store import logins, models, record
from serve.store.database import Database
from serve.store.erasure import ERASED, erase
from serve.store.lifecycle import CLOSED, DISSOLVED, stored

QUIET = dt.timedelta(days=90)  # no working office receives nothing for so long
AT_ONCE = 200  # complaints per transaction, so that other writers don't wait long
_BY = "retensi"  # author in the record
_OVER = stored(CLOSED | DISSOLVED)


def expired(session: Session, before: dt.datetime, among: Collection[int] | None = None) -> Sequence[int]:
    """Return the numbers of complaints settled before ``before`` and not erased yet, in order.

    Open complaints and those at an agency are never among them, however old.

    Parameters
    ----------
    among
        Numbers of the complaints asked about; ``None`` for all.
    """
    complaint = models.Complaint
    query = select(complaint.id).where(complaint.status.in_(_OVER), complaint.changed_at < before, ~ERASED)
    if among is not None:
        query = query.where(complaint.id.in_(among))
    return session.scalars(query.order_by(complaint.id)).all()


def check_clock(session: Session, now: dt.datetime) -> None:
    """Check the clock: something should have been received or decided recently.

    Raises
    ------
    StoreError
        If nothing was for ``QUIET``: the clock may run ahead, and erasure is irreversible.
    """
    newest = session.scalar(select(func.max(models.Decision.at)))
    if newest is not None and now - newest > QUIET:
        raise StoreError(
            f"Nothing was received or decided since {newest:%Y-%m-%d}, but this machine's clock says {now:%Y-%m-%d}.",
            mend="Set the clock; if it is right, pass --clock-is-right.",
        )


def purge(database: Database, numbers: Sequence[int], before: dt.datetime, now: dt.datetime) -> list[int]:
    """Erase complaints in batches, and delete expired logins; after an interruption the same call resumes.

    Returns the numbers of those erased. Those that were reopened before their turn are left alone.
    """
    erased: list[int] = []
    for start in range(0, len(numbers), AT_ONCE):
        with database.writing() as session:
            record.lock(session)  # until the end of the batch nobody reopens any of them
            batch = expired(session, before, numbers[start : start + AT_ONCE])
            for number in batch:
                erase(session, session.get_one(models.Complaint, number), by=_BY, now=now)
        erased += batch
    with database.writing() as session:
        logins.sweep(session, now)
    return erased
