"""Live updates for open desk pages, as server-sent events.

Each stream polls the record of decisions once a second for entries after its cursor, which is one index look-up; so it
works with several processes and needs no message broker. An event has no text of a complaint.
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
from serve.store.database_errors import store_trouble
from serve.store.display_names import called
from serve.store.history import ARCHIVIST
from serve.store.lifecycle import Action

POLL_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 15.0  # proxies close connections that are silent for longer
RECHECK_SECONDS = 15.0  # between checks that the listener is still authorised
MAX_EVENTS = 200
ALARM_AGE = dt.timedelta(days=3)  # covers a weekend; an older complaint comes from an archive and raises no alarm

Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the record, as sent to listeners.

    Attributes
    ----------
    id
        The entry's id, which is the cursor for later entries.
    name
        Display name of whoever did it.
    emergency
        Whether it is the arrival of an emergency that was sent recently and not handled elsewhere before.
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
    """Return the cursor of the newest entry; 0 if there is none."""
    # Not max(id): for a session without secret complaints, SQLite would scan every entry.
    return session.scalar(select(models.Decision.id).order_by(models.Decision.id.desc()).limit(1)) or 0


def changes(session: Session, after: int, limit: int = MAX_EVENTS) -> Sequence[Change]:
    """Return the entries after ``after``, in order, with each complaint's current state."""
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
    """Yield server-sent events until the listener leaves or loses its authorisation, or the store fails.

    Parameters
    ----------
    reading
        Opens a session in which only what the listener may see exists.
    after
        Cursor (``Last-Event-ID``) of the last event seen; ``None``, or one beyond the record, starts from now.
    may_listen
        Tells whether the listener is still authorised: a login may expire hours before the connection ends.
    """
    try:
        newest = await run_in_threadpool(_latest, reading)
        # The store was restored from a backup: the listener must drop state that is not in the record.
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
        # The store is temporarily unavailable: the listener reconnects, and then gets what it missed.


def _latest(reading: Reading) -> int:
    with reading() as session:
        return latest(session)


def _changes(reading: Reading, after: int) -> Sequence[Change]:
    with reading() as session:
        return changes(session, after)
