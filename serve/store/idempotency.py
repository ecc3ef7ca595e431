"""Idempotency of decisions: tells a retried decision from a different one under the same key."""

from __future__ import annotations

from sqlalchemy.orm import Session

from serve.errors import KeyConflictError
from serve.store import messages, models, record
from serve.store.history import Action, Entry
from serve.store.orders import Order, chosen_once, tags_once

_CHOOSES = frozenset({Action.FORWARD, Action.OUTSIDE, Action.RELABEL})
_URGES = frozenset({Action.FORWARD, Action.URGENCY})


def is_done(session: Session, complaint_id: int, key: str, by: str, order: Order, reply: str | None) -> bool:
    """Tell whether a decision is already on a complaint's record, under its key and by the same person.

    Parameters
    ----------
    reply
        Reply to the citizen; not compared if ``None``. Nor is the version: whoever retries may have seen a newer one.

    Raises
    ------
    KeyConflictError
        If the key belongs to a different decision.
    """
    entry = record.under_key(session, complaint_id, key, by)
    if entry is None:
        return False
    if _of_order(order) != _of_entry(entry) or not _has_words(session, entry, order, reply):
        raise KeyConflictError(
            f"Halaman atau kunci ini sudah dipakai untuk keputusan lain atas aduan nomor {complaint_id}.",
            mend="Keputusan ini belum disimpan. Muat ulang halaman; lewat API, beri setiap keputusan kunci sendiri.",
        )
    return True


def _of_order(order: Order) -> tuple[object, ...]:
    """Return what an order would put on record, comparable with :func:`_of_entry`."""
    action = order.action
    return (
        action,
        order.why.strip(),
        chosen_once(order.agencies) if action in _CHOOSES else (),
        order.agency if action is Action.RETURN else None,
        order.urgency if action in _URGES else None,
        order.into if action is Action.MERGE else None,
        order.situation if action is Action.MARK else None,
        tags_once(order.tags) if action is Action.MARK else None,
    )


def _of_entry(entry: Entry) -> tuple[object, ...]:
    return (
        entry.action,
        entry.why,
        entry.chosen,
        entry.agency,
        entry.urgency,
        entry.into,
        entry.situation,
        entry.tags,
    )


def _has_words(session: Session, entry: Entry, order: Order, reply: str | None) -> bool:
    """Tell whether the order's texts are those that the entry's decision stored.

    If no message is stored, none is compared: an undo deletes a reply that hasn't been sent.
    """
    if order.action is Action.SPLIT:
        parts = [session.get_one(models.Complaint, number).text for number in entry.parts]
        if parts != [part.strip() for part in order.parts]:
            return False
    # A merged complaint also has the replies about the complaint that it was merged into.
    stored = {m.text for m in messages.of_complaint(session, entry.complaint) if m.number == entry.number}
    answer = order.text if order.action is Action.ANSWER else None
    return all(not words or not stored or words.strip() in stored for words in (reply, answer))
