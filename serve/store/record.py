"""The record of decisions: append-only, hash-chained, and projected onto the complaint's columns."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from serve.errors import ConflictError
from serve.store import models
from serve.store.history import Action, Entry, State, apply, replay

_ENTRY = TypeAdapter(Entry)
FIRST_DIGEST = "0" * 64  # previous digest of the first entry
# Replaces erased text; the record's triggers (migration 0003) allow nothing else.
ERASED_TEXT = "[dihapus]"
_RECORD_LOCK = 0x0D15_B051  # advisory lock; an arbitrary number that nothing else uses


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON-serialisable values."""
    plain: dict[str, Any] = _ENTRY.dump_python(entry, mode="json")
    return plain


def entry_from_json(values: dict[str, Any]) -> Entry:
    """Return the entry from the values of :func:`entry_to_json`.

    Raises
    ------
    pydantic.ValidationError
        If they are not an entry.
    """
    return _ENTRY.validate_python(values)


def chained_digest(before: str, body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the previous digest and an entry's values as canonical JSON (sorted keys, no spaces).

    It is computed from the values as stored, so that a later version with more fields gets the same result.
    """
    content = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()


def rows_of(session: Session, complaint_id: int) -> Sequence[models.Decision]:
    """Return a complaint's decisions in order."""
    query = select(models.Decision).where(models.Decision.complaint_id == complaint_id)
    return session.scalars(query.order_by(models.Decision.number)).all()


def state_of(session: Session, complaint_id: int) -> State:
    """Return a complaint's state by replaying its decisions."""
    return replay(entry_from_json(row.body) for row in rows_of(session, complaint_id))


def under_key(session: Session, complaint_id: int, key: str, by: str) -> Entry | None:
    """Return the entry with an idempotency key by the same person on a complaint's record, or ``None``."""
    rows = rows_of(session, complaint_id)
    return next((entry_from_json(row.body) for row in rows if row.by == by and row.body.get("key") == key), None)


def append(session: Session, complaint: models.Complaint, state: State | None, entry: Entry) -> State:
    """Append an entry to the record, and update the complaint's columns.

    Parameters
    ----------
    state
        The complaint's state so far; ``None`` if it has just arrived.

    Raises
    ------
    NotPossibleNowError
        If the state doesn't allow the entry.
    ConflictError
        If another entry was added meanwhile.
    """
    after = apply(state, entry)
    lock(session)
    last = select(models.Decision.digest).where(
        models.Decision.complaint_id == entry.complaint, models.Decision.number == entry.number - 1
    )
    body = entry_to_json(entry)
    session.add(
        models.Decision(
            complaint_id=entry.complaint,
            number=entry.number,
            at=entry.at,
            by=entry.by,
            action=str(entry.action),
            agency=entry.agency or next(iter(entry.chosen), None),
            undoes=entry.undoes,
            body=body,
            digest=chained_digest(session.scalar(last) or FIRST_DIGEST, body),
        )
    )
    project(complaint, after)
    try:
        session.flush()
    except IntegrityError:
        raise ConflictError(
            "Keputusan lain atas aduan ini baru saja disimpan.", mend="Muat ulang; keputusan Anda belum disimpan."
        ) from None
    return after


def without_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry's values without free text: the reason, the tags and the idempotency key."""
    words: dict[str, Any] = {
        "why": ERASED_TEXT if body.get("why") else "",
        "tags": None if body.get("tags") is None else [],
    }
    return {**body, **words, "key": None}


def erase_words(session: Session, complaint: models.Complaint, *, by: str, now: dt.datetime) -> State:
    """Erase the free text of a complaint's entries, and put on record which entries were changed.

    The entries keep their digests, so that the chain stays valid; the new entry has a digest of what is left of each
    (``erased``), which distinguishes them from entries that were tampered with.
    """
    sealed: list[tuple[int, str]] = []
    before = FIRST_DIGEST
    for row in rows_of(session, complaint.id):
        left = without_words(row.body)
        if left != row.body:
            sealed.append((row.number, chained_digest(before, left)))
            row.body = left
        before = row.digest
    session.flush()
    state = state_of(session, complaint.id)
    entry = Entry(complaint.id, state.version + 1, now, by, Action.ERASE, state.suggested, erased=tuple(sealed))
    return append(session, complaint, state, entry)


def seals(bodies: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Return, by number, the digests of entries whose words were erased, collected from the later ``erase`` entries."""
    return {number: digest for body in bodies for number, digest in body.get("erased", ())}


def project(complaint: models.Complaint, state: State) -> None:
    """Write a state into a complaint's columns."""
    for name, value in columns(state).items():
        setattr(complaint, name, value)


def columns(state: State) -> dict[str, Any]:
    """Return the values of the complaint's columns that are derived from its state."""
    return {
        "status": str(state.status),
        "urgency": state.urgency,
        "due_at": state.due_at,
        "agency": state.agency,
        "agencies": list(state.agencies),
        "suggestion_id": state.suggested.id,
        "decision": str(state.suggested.decision),
        "situation": str(state.situation),
        "tags": list(state.tags),
        "merged_into": state.merged_into,
        "loops": len(state.returned_by),
        "forwarded_at": state.forwarded_at,
        "closed_at": state.closed_at,
        "changed_at": state.changed_at,
        "version": state.version,
    }


def lock(session: Session) -> None:
    """Lock the record until the transaction ends, so that ids are committed in order.

    Otherwise a reader that follows the record by id (serve/live.py) could miss entries. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RECORD_LOCK})
