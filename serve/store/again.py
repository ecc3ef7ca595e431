"""A decision whose key is on record already: the same one sent again, or another one that would be lost."""

from __future__ import annotations

from sqlalchemy.orm import Session

from serve.errors import KeyConflictError
from serve.store import messages, models, record
from serve.store.history import Action, Entry
from serve.store.orders import Order, chosen_once, tags_once

_CHOOSES = frozenset({Action.FORWARD, Action.OUTSIDE, Action.RELABEL})
_URGES = frozenset({Action.FORWARD, Action.URGENCY})


def is_done(session: Session, complaint_id: int, key: str, by: str, order: Order, reply: str | None) -> bool:
    """Tell whether a decision is on a complaint's record, under its key and from the same person.

    Parameters
    ----------
    reply
        What the citizen is told; not compared if ``None``. Nor is the version: who sends it again may have seen a
        newer one.

    Raises
    ------
    KeyConflictError
        If it is another decision that stands there.
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
    """Return what an order would put on record, in the form of :func:`_of_entry`."""
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
    """Tell whether what was written is what the entry's decision stored.

    Where nothing is stored nothing is compared: an undo takes back a reply that wasn't sent.
    """
    if order.action is Action.SPLIT:
        parts = [session.get_one(models.Complaint, number).text for number in entry.parts]
        if parts != [part.strip() for part in order.parts]:
            return False
    # A merged complaint also has the replies about the whole.
    stored = {m.text for m in messages.of_complaint(session, entry.complaint) if m.number == entry.number}
    answer = order.text if order.action is Action.ANSWER else None
    return all(not words or not stored or words.strip() in stored for words in (reply, answer))
