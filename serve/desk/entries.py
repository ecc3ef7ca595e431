"""Record entries in words for dispatchers: lines of the history, and sentences on what was just done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pipeline.numerals import whole
from serve.desk import wording
from serve.desk.desk import Desk
from serve.store import models
from serve.store.history import Entry
from serve.store.lifecycle import Action
from serve.store.orders import SERVICE_TAG
from serve.store.view import entries_of

MAX_DONE = 30  # sentences shown at once


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history; ``user`` is the user name in the record, ``by`` the display name."""

    at: str
    user: str
    by: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Done:
    """A sentence on a decision just made, and its ``number:version`` for an undo."""

    sentence: str
    undo: str | None


def line_of(desk: Desk, entry: Entry, names: Mapping[str, str], now: dt.datetime) -> Line:
    """Return a line of the history, with display names from ``names``."""
    why = "" if entry.action is Action.RECEIVE else entry.why
    at = wording.short(entry.at, desk.calendar.zone, now)
    return Line(at, entry.by, names[entry.by], _what(desk, entry), why)


def done(session: Session, desk: Desk, pairs: Sequence[str], viewer: str) -> tuple[Done, ...]:
    """Return the last decisions on complaints given as ``number:version``; invalid or outdated ones are left out.

    Undo is only offered for the viewer's own decisions, as the URL may come from a colleague.
    """
    found = []
    for pair in pairs[:MAX_DONE]:
        number, _, version = pair.partition(":")
        asked = whole(number)
        complaint = None if asked is None else session.get(models.Complaint, asked)
        if complaint is None or str(complaint.version) != version:
            continue
        entry = latest_entry(session, complaint.id)
        is_theirs = entry.by == viewer and entry.action is not Action.UNDO
        found.append(Done(sentence_of(desk, entry), pair if is_theirs else None))
    return tuple(found)


def latest_entry(session: Session, number: int) -> Entry:
    """Return the newest entry on a complaint's record."""
    return entries_of(session, number)[-1]


def sentence_of(desk: Desk, entry: Entry) -> str:
    """Return an entry as a whole sentence, such as ``Aduan 12 diteruskan ke Dinas Perhubungan.``."""
    return wording.sentence(entry.complaint, entry.action, _what(desk, entry))


def _what(desk: Desk, entry: Entry) -> str:
    what = wording.DONE[entry.action]
    chosen = ", ".join(desk.offices.name(code) for code in entry.chosen)
    match entry.action:
        case Action.FORWARD if chosen:
            return f"{what} ke {chosen}"
        case Action.OUTSIDE | Action.RELABEL if chosen:
            return f"{what}: {chosen}"
        case Action.RETURN if entry.agency:
            return f"dikembalikan {desk.offices.name(entry.agency)}"
        case Action.URGENCY if entry.urgency:
            return f"urgensi menjadi {entry.urgency}"
        case Action.MARK:
            tags = [tag for tag in entry.tags or () if not tag.startswith(SERVICE_TAG)]
            marks = [*([entry.situation.label] if entry.situation else []), *tags]
            return f"{what}: {', '.join(marks)}" if marks else "tidak lagi bertanda"
        case Action.MERGE if entry.into:
            return f"{what} ke aduan {entry.into}"
        case Action.SPLIT if entry.parts:
            return f"{what} menjadi {', '.join(map(str, entry.parts))}"
        case _:
            return what
