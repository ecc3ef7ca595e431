"""How long complaints are kept: what was settled long ago loses its words, the figures stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from serve.errors import StoreError
from serve.store import logins, models
from serve.store.database import Database
from serve.store.erasure import erase
from serve.store.lifecycle import CLOSED, Status
from serve.store.record import ERASED_TEXT

QUIET = dt.timedelta(days=90)  # no office that is at work hears nothing for so long
AT_ONCE = 200  # complaints of one transaction; others wait for no more than that
_BY = "retensi"  # as it stands in the record
_OVER = tuple(sorted(str(s) for s in (*CLOSED, Status.DIGABUNG, Status.DIPECAH, Status.DITARIK)))


def expired(session: Session, before: dt.datetime) -> Sequence[int]:
    """Return the complaints that were settled before a moment and still have their words, the oldest first.

    One that is open or with an agency is never among them, however old.
    """
    complaint = models.Complaint
    query = select(complaint.id).where(
        complaint.status.in_(_OVER), complaint.changed_at < before, complaint.text != ERASED_TEXT
    )
    return session.scalars(query.order_by(complaint.id)).all()


def check_clock(session: Session, now: dt.datetime) -> None:
    """Pass if something was received or decided not long ago.

    Raises
    ------
    StoreError
        If nothing was for ``QUIET``: then the clock may run ahead, and what is erased cannot be brought back.
    """
    newest = session.scalar(select(func.max(models.Decision.at)))
    if newest is not None and now - newest > QUIET:
        raise StoreError(
            f"Nothing was received or decided since {newest:%Y-%m-%d}, and this machine's clock says {now:%Y-%m-%d}.",
            mend="Set the clock; if it is right, erase with --clock-is-right.",
        )


def purge(database: Database, numbers: Sequence[int], now: dt.datetime) -> None:
    """Erase complaints, and the logins that have ended; killed in between, the same call goes on."""
    for start in range(0, len(numbers), AT_ONCE):
        with database.writing() as session:
            for number in numbers[start : start + AT_ONCE]:
                erase(session, session.get_one(models.Complaint, number), by=_BY, now=now)
    with database.writing() as session:
        logins.sweep(session, now)
