"""What happens at the desk, as server-sent events, for pages that are open.

Every page asks the same question once a second, what is new in the record after my last entry, which is one look-up in
an index; so it works with several processes and needs no broker. An event carries numbers, never a text.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.complaint import Level
from serve.store import models
from serve.store.history import ARCHIVIST
from serve.store.lifecycle import Action
from serve.store.names import called
from serve.store.trouble import store_trouble

POLL_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 15.0  # proxies close what is silent for longer
RECHECK_SECONDS = 15.0  # after which it is asked again whether who listens still may
MAX_EVENTS = 200
ALARM_AGE = dt.timedelta(days=3)  # a weekend; what was sent longer before it came in is out of an archive

Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the record, for whoever watches.

    Attributes
    ----------
    id
        Of the entry: the cursor for what comes after.
    name
        What colleagues call the one who did it.
    emergency
        Whether it is the arrival of a complaint that cannot wait, was sent recently and hasn't been handled elsewhere.
    """

    id: int
    complaint: int
    action: str
    by: str
    name: str
    status: str
    urgency: str
    agency: str | None
    version: int
    emergency: bool


def latest(session: Session) -> int:
    """Return the cursor after which everything is still to come."""
    # Not the maximum: where some complaints are left out, SQLite would look at every entry for that.
    return session.scalar(select(models.Decision.id).order_by(models.Decision.id.desc()).limit(1)) or 0


def changes(session: Session, after: int, limit: int = MAX_EVENTS) -> Sequence[Change]:
    """Return what happened after the entry ``after``, in order, with the complaint's state now."""
    decision, complaint = models.Decision, models.Complaint
    query = (
        select(decision, complaint)
        .join(complaint, complaint.id == decision.complaint_id)
        .where(decision.id > after)
        .order_by(decision.id)
        .limit(limit)
    )
    found = session.execute(query).all()
    names = called(session, (entry.by for entry, _ in found))
    return [
        Change(
            id=entry.id,
            complaint=about.id,
            action=entry.action,
            by=entry.by,
            name=names[entry.by],
            status=about.status,
            urgency=str(about.urgency),
            agency=about.agency,
            version=about.version,
            emergency=entry.action == Action.RECEIVE
            and about.urgency is Level.DARURAT
            and entry.by != ARCHIVIST
            and entry.at - about.received_at <= ALARM_AGE,
        )
        for entry, about in found
    ]


def _always() -> bool:
    return True


async def stream(reading: Reading, after: int | None, may_listen: Callable[[], bool] = _always) -> AsyncIterator[str]:
    """Yield server-sent events for as long as somebody listens, and may, and the store answers.

    Parameters
    ----------
    reading
        Opens a session in which only what the listener may see exists.
    after
        The cursor (``Last-Event-ID``) of what was seen last; ``None`` begins now, and so does one beyond the record.
    may_listen
        Tells whether the login still lasts: it may end, or the account be closed, hours before the connection does.
    """
    try:
        newest = await run_in_threadpool(_latest, reading)
        # A copy of the store was restored: the listener must forget what it remembers, which isn't in the record.
        is_beyond = after is not None and after > newest
        cursor = newest if after is None or is_beyond else after
        told = json.dumps({"again": True} if is_beyond else {})
        yield f"retry: 2000\nid: {cursor}\nevent: hello\ndata: {told}\n\n"
        silent, checked = 0.0, time.monotonic()
        while True:
            if time.monotonic() - checked >= RECHECK_SECONDS:
                if not await run_in_threadpool(may_listen):
                    return
                checked = time.monotonic()
            found = await run_in_threadpool(_changes, reading, cursor)
            for change in found:
                cursor = change.id
                kind = "emergency" if change.emergency else "change"
                yield f"id: {change.id}\nevent: {kind}\ndata: {json.dumps(asdict(change), ensure_ascii=False)}\n\n"
            silent = 0.0 if found else silent + POLL_SECONDS
            if silent >= KEEP_ALIVE_SECONDS:
                silent = 0.0
                yield ": still here\n\n"
            if len(found) < MAX_EVENTS:
                await asyncio.sleep(POLL_SECONDS)
    except SQLAlchemyError as error:
        if store_trouble(error) is None:
            raise
        # The store is silent for now: who listened asks again, and is told what came meanwhile.


def _latest(reading: Reading) -> int:
    with reading() as session:
        return latest(session)


def _changes(reading: Reading, after: int) -> Sequence[Change]:
    with reading() as session:
        return changes(session, after)
