"""Entries of the record in a dispatcher's words: the lines of a history, and what was just done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from serve.desk import wording
from serve.desk.desk import Desk
from serve.store import models, record
from serve.store.history import Entry
from serve.store.lifecycle import Action

MAX_DONE = 30  # at once


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history; ``user`` is the name in the record of the one whom colleagues call ``by``."""

    at: str
    user: str
    by: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that was just made, in a sentence, and how an undo names it."""

    sentence: str
    undo: str | None


def line_of(desk: Desk, entry: Entry, names: Mapping[str, str], now: dt.datetime) -> Line:
    """Return a line of the history, with people called by their names."""
    why = "" if entry.action is Action.RECEIVE else entry.why
    at = wording.short(entry.at, desk.calendar.zone, now)
    return Line(at, entry.by, names[entry.by], _what(desk, entry), why)


def done(session: Session, desk: Desk, pairs: Sequence[str], viewer: str) -> tuple[Done, ...]:
    """Return what was last done with complaints named as ``number:version``; what is none is left out.

    With one press everybody takes back only what was their own: an address with the name may come from a colleague.
    """
    found = []
    for pair in pairs[:MAX_DONE]:
        number, _, version = pair.partition(":")
        complaint = session.get(models.Complaint, int(number)) if number.isdecimal() and len(number) < 18 else None
        if complaint is None or str(complaint.version) != version:
            continue
        entry = record.entry_from_json(record.rows_of(session, complaint.id)[-1].body)
        sentence = wording.sentence(complaint.id, entry.action, _what(desk, entry))
        found.append(Done(sentence, pair if entry.by == viewer and entry.action is not Action.UNDO else None))
    return tuple(found)


def _what(desk: Desk, entry: Entry) -> str:
    what = wording.DONE[entry.action]
    if entry.action is Action.RETURN and entry.agency:
        what = f"dikembalikan {desk.offices.name(entry.agency)}"
    elif entry.chosen:
        what += ": " + ", ".join(desk.offices.name(code) for code in entry.chosen)
    elif entry.action is Action.URGENCY and entry.urgency:
        what = f"urgensi menjadi {entry.urgency}"
    elif entry.action is Action.MARK:
        what += ": " + ", ".join(filter(None, (entry.situation and entry.situation.label, *(entry.tags or ()))))
    elif entry.into:
        what += f" ke aduan {entry.into}"
    elif entry.parts:
        what += " menjadi " + ", ".join(map(str, entry.parts))
    return what
