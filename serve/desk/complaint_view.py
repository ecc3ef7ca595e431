"""View model of an opened complaint: exactly the values that the template displays."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pipeline.complaint import Complaint, Decision, Level, Suggestion, Word
from serve.desk import wording
from serve.desk.desk import Desk
from serve.desk.entries import Line, line_of
from serve.desk.highlights import Piece, marked
from serve.desk.offices import Office
from serve.desk.others import Other, other, outranked
from serve.desk.replies import ReplyWriter
from serve.store import models
from serve.store.display_names import called
from serve.store.lifecycle import OPEN, POSSIBLE, Action, Situation, Status
from serve.store.messages import overtaken, sender_of
from serve.store.orders import SERVICE_TAG
from serve.store.settlement_terms import term_of
from serve.store.suggestions import suggestion_of
from serve.store.view import View, view

SHOWN_OFFICES = 3  # each with a shortcut key; the others are a click away


@dataclass(frozen=True, slots=True)
class Choice:
    """A suggested office, with its shortcut key, probability, and the text with the words that support it marked."""

    key: int
    code: str
    name: str
    probability: float
    office: Office | None
    pieces: tuple[Piece, ...]
    action: Action
    reply: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One of several problems in a complaint, and the office suggested for it alone."""

    text: str
    office: str
    probability: float


@dataclass(frozen=True, slots=True)
class Told:
    """A message to or from the citizen; ``delivery`` is the delivery status of one to the citizen."""

    at: str
    mine: bool
    text: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Holder:
    """An office that the complaint was sent to; if it no longer exists, ``short`` is empty."""

    code: str
    name: str
    short: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """An office that returned the complaint, and its reason, which is empty if erased."""

    office: str
    why: str


@dataclass(frozen=True, slots=True)
class Opened:
    """All that the page of a complaint shows.

    Attributes
    ----------
    tags
        Those that people gave, without ``service_tags``.
    services
        Offices that the sender of an Open311 request chose, by name; the complaint holds them as ``service_tags``.
    """

    id: int
    version: int
    status: Status
    level: Level
    situation: Situation
    tags: tuple[str, ...]
    services: tuple[str, ...]
    service_tags: tuple[str, ...]
    reasons: tuple[str, ...]
    clock: wording.Clock | None
    due: str
    received: str
    received_ago: str
    channel: str
    sender_id: str | None
    reporter: str
    secret: bool
    reachable: bool
    address: str | None
    place: str | None
    text: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]
    decision: str
    sentence: str
    notes: tuple[str, ...]
    kind: str
    problems: tuple[Problem, ...]
    agencies: tuple[Holder, ...]
    returns: tuple[Returned, ...]
    duplicates: tuple[Other, ...]
    duplicate_days: int
    earlier: tuple[Other, ...]
    merged: tuple[int, ...]
    outranked: str
    parts: tuple[int, ...]
    parent: int | None
    merged_into: int | None
    history: tuple[Line, ...]
    messages: tuple[Told, ...]
    claimed_by: str | None
    as_of: str
    undoable: bool
    last: Line
    possible: frozenset[str]
    replies: ReplyWriter
    forward_reply: str


def opened(session: Session, desk: Desk, number: int, now: dt.datetime, viewer: str) -> Opened:
    """Return a complaint with all that a dispatcher needs to decide.

    Raises
    ------
    NotFoundError
        If there is no such complaint.
    """
    shown = view(session, number, now)
    complaint, state, holder = shown.complaint, shown.state, shown.claimed_by
    names = called(session, [*(entry.by for entry in shown.entries), *([holder] if holder else [])])
    suggestion = suggestion_of(shown.suggestion)
    writer = desk.replies(complaint.id, now)
    choices = _choices(desk, shown, suggestion, writer)
    decision, notes = _of_today(suggestion, choices)
    duplicates = desk.likeness.duplicates(session, complaint) if state.status in OPEN else []
    earlier = desk.likeness.earlier(session, complaint, state.suggested.agencies[:SHOWN_OFFICES])
    ages = [now - similar.complaint.received_at for similar in duplicates]
    service_tags = tuple(tag for tag in state.tags if tag.startswith(SERVICE_TAG))
    reachable, stale = sender_of(session, complaint) is not None, overtaken(session, number)
    return Opened(
        id=complaint.id,
        version=state.version,
        status=state.status,
        level=state.urgency,
        situation=state.situation,
        tags=tuple(tag for tag in state.tags if tag not in service_tags),
        services=tuple(desk.offices.name(tag.removeprefix(SERVICE_TAG)) for tag in service_tags),
        service_tags=service_tags,
        reasons=wording.why(suggestion.urgency, state.urgency)[0],
        clock=wording.clock_of(state.status, state.due_at, state.closed_at, now, desk.calendar),
        due=wording.day(state.due_at, desk.calendar.zone),
        received=wording.short(complaint.received_at, desk.calendar.zone, now),
        received_ago=wording.ago(complaint.received_at, now),
        channel=wording.channel(complaint.channel),
        sender_id=complaint.sender_id,
        reporter=_reporter(complaint),
        secret=complaint.secret,
        reachable=reachable,
        address=complaint.address,
        place=wording.where(suggestion.place, desk.suggester.region),
        text=complaint.text,
        choices=choices[:SHOWN_OFFICES],
        more=choices[SHOWN_OFFICES:],
        decision=str(decision),
        sentence=wording.DECISIONS[decision],
        notes=notes,
        kind=wording.KINDS[suggestion.kind],
        problems=tuple(
            Problem(complaint.text[part.start : part.end].strip(), part.name, part.probability)
            for part in suggestion.parts
        ),
        agencies=tuple(_holder(desk, code) for code in state.agencies),
        returns=_returns(desk, shown),
        duplicates=tuple(other(desk, s, complaint, now) for s in duplicates),
        duplicate_days=max(1, math.ceil(max(ages) / dt.timedelta(days=1))) if ages else 0,
        earlier=tuple(other(desk, s, complaint, now) for s in earlier),
        merged=shown.merged,
        outranked=outranked(session, complaint, shown.merged),
        parts=state.parts,
        parent=complaint.parent_id,
        merged_into=state.merged_into,
        history=tuple(line_of(desk, entry, names, now) for entry in reversed(shown.entries)),
        messages=tuple(
            Told(
                wording.short(m.at, desk.calendar.zone, now),
                m.direction == "out",
                m.text,
                wording.delivery(sent=m.sent_at is not None, reachable=reachable, overtaken=m.id in stale),
            )
            for m in shown.messages
        ),
        as_of=wording.long(now, desk.calendar.zone),
        claimed_by=names[holder] if holder and holder != viewer else None,
        undoable=state.undoable(now),
        last=line_of(desk, shown.entries[state.last - 1], names, now),
        possible=frozenset(str(action) for action, statuses in POSSIBLE.items() if state.status in statuses),
        replies=writer,
        forward_reply=writer.filled(writer.template(Action.FORWARD, state.due_at) or ""),
    )


def _choices(desk: Desk, shown: View, suggestion: Suggestion, writer: ReplyWriter) -> tuple[Choice, ...]:
    complaint = shown.complaint
    source = Complaint(complaint.text, address=complaint.address)
    _, urgent = wording.why(suggestion.urgency, shown.state.urgency)
    term = term_of(shown.state.situation, suggestion.kind)
    choices = []
    for number, score in enumerate(suggestion.agencies, start=1):
        office = desk.offices.of(score.code)
        words: Sequence[Word] = suggestion.words if number == 1 else ()
        if not words and number <= SHOWN_OFFICES:
            words = desk.suggester.router.words_for(source, score.code)
        action = action_for(office)
        due = desk.suggester.due_at(complaint.received_at, [score.code], shown.state.urgency, term)
        choices.append(
            Choice(
                key=number,
                code=score.code,
                name=score.name,
                probability=score.probability,
                office=office,
                pieces=tuple(marked(complaint.text, words, suggestion.place, urgent)),
                action=action,
                reply=writer.standard(action, [score.code], due),
            )
        )
    return tuple(choices)


def _of_today(suggestion: Suggestion, choices: Sequence[Choice]) -> tuple[Decision, tuple[str, ...]]:
    """Return what a suggestion asks for, and its notes, now that its first office may be no more."""
    if not choices or choices[0].office:
        return suggestion.decision, suggestion.notes
    decision = Decision.CHOOSE if suggestion.decision is Decision.SUGGEST else suggestion.decision
    return decision, (*suggestion.notes, f"{choices[0].name} sudah tidak ada.")


def action_for(office: Office | None) -> Action:
    """Return the action that accepts an office: nothing is forwarded to bodies outside the region's authority."""
    kind = office.kind if office else "dinas"
    return {"luar": Action.OUTSIDE, "bukan": Action.NOT_COMPLAINT}.get(kind, Action.FORWARD)


def _holder(desk: Desk, code: str) -> Holder:
    office = desk.offices.of(code)
    return Holder(code, desk.offices.name(code), office.short if office else "", exists=office is not None)


def _returns(desk: Desk, shown: View) -> tuple[Returned, ...]:
    """Return the offices that returned the complaint, each with its latest reason."""
    why = {entry.agency: entry.why for entry in shown.entries if entry.action is Action.RETURN}
    return tuple(
        Returned(desk.offices.name(code), why.get(code, "")) for code in dict.fromkeys(shown.state.returned_by)
    )


def _reporter(complaint: models.Complaint) -> str:
    if complaint.anonymous:
        return "anonim"
    return " · ".join(filter(None, (complaint.reporter_name, complaint.reporter_contact)))
