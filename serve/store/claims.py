"""Claims on complaints, so that two dispatchers don't unknowingly work on the same one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from sqlalchemy import delete, not_, or_, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from serve.errors import ClaimedError
from serve.store import models
from serve.store.display_names import called
from serve.store.expiry import lasts

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

CLAIM_TIME = dt.timedelta(minutes=5)  # renewed by every view of the complaint; a forgotten claim expires


def claim(session: Session, complaint_id: int, *, by: str, now: dt.datetime) -> models.Claim:
    """Claim a complaint, or renew one's own claim.

    Raises
    ------
    ClaimedError
        If somebody else holds the claim.
    """
    # A single upsert, so that of two concurrent claims exactly one succeeds. PostgreSQL locks the row even if it isn't
    # updated, because it is somebody else's; so it cannot be gone when it is read below.
    insert = _insert_of(session.get_bind().dialect.name)
    statement = insert(models.Claim).values(complaint_id=complaint_id, by=by, expires_at=now + CLAIM_TIME)
    statement = statement.on_conflict_do_update(
        index_elements=[models.Claim.complaint_id],
        set_={"by": by, "expires_at": now + CLAIM_TIME},
        where=or_(models.Claim.by == by, not_(lasts(models.Claim.expires_at, now, CLAIM_TIME))),
    )
    session.execute(statement)
    held = session.get_one(models.Claim, complaint_id, populate_existing=True)
    if held.by != by:
        raise _claimed(session, held, now)
    return held


def check(session: Session, complaint_id: int, *, by: str, now: dt.datetime) -> None:
    """Check that nobody else holds a claim on the complaint.

    Raises
    ------
    ClaimedError
        If somebody does.
    """
    held = session.get(models.Claim, complaint_id)
    if held is not None and held.by != by and lasts(held.expires_at, now, CLAIM_TIME):
        raise _claimed(session, held, now)


def release(session: Session, complaint_id: int, *, by: str) -> None:
    """Release one's own claim; somebody else's stays."""
    session.execute(delete(models.Claim).where(models.Claim.complaint_id == complaint_id, models.Claim.by == by))


def holders(session: Session, complaint_ids: Collection[int], now: dt.datetime) -> dict[int, str]:
    """Return the holders of claims on these complaints, by complaint."""
    query = select(models.Claim).where(
        models.Claim.complaint_id.in_(complaint_ids), lasts(models.Claim.expires_at, now, CLAIM_TIME)
    )
    return {held.complaint_id: held.by for held in session.scalars(query)}


def _insert_of(dialect: str) -> Callable[..., postgresql.Insert | sqlite.Insert]:
    """Return the dialect's INSERT, which supports ON CONFLICT."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (not importing it makes a start 20 ms faster)

        return postgresql.insert
    return sqlite.insert


def _claimed(session: Session, held: models.Claim, now: dt.datetime) -> ClaimedError:
    minutes = math.ceil((held.expires_at - now) / dt.timedelta(minutes=1))
    return ClaimedError(
        f"{called(session, [held.by])[held.by]} sedang mengerjakan aduan nomor {held.complaint_id}.",
        mend=f"Ambil aduan lain; bila ditinggalkan, aduan ini bebas lagi dalam {minutes} menit.",
    )
