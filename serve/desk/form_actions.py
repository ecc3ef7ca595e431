"""Carries out the desk's forms, and describes the outcome to the dispatcher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from serve.desk.desk import Desk
from serve.desk.entries import latest_entry, sentence_of
from serve.desk.form_orders import codes_of, integer_of, order_of, seen
from serve.desk.form_replies import reply_of
from serve.desk.forms import Form, first, key_of
from serve.desk.others import outranked
from serve.errors import NotPossibleNowError, OrderError
from serve.store import decisions, record
from serve.store.history import Entry
from serve.store.lifecycle import Action
from serve.store.orders import Order


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a form.

    Attributes
    ----------
    sentence
        Message to the dispatcher.
    undo
        ``number:version`` of every complaint that an undo would revert.
    gone
        Numbers of complaints that have left the queue.
    """

    sentence: str
    undo: tuple[str, ...]
    gone: tuple[int, ...]


def act(session: Session, desk: Desk, number: int, form: Form, *, by: str, now: dt.datetime) -> Outcome:
    """Carry out a form's order on a complaint.

    Raises
    ------
    OrderError
        If something is missing.
    NotFoundError, ConflictError
        As in :func:`serve.store.decisions.decide`.
    """
    order = order_of(form, desk)

    def reply() -> str | None:
        return reply_of(form, session, desk, decisions.load(session, number), order, now)

    made = _made(session, desk, number, order, key_of(form), integer_of(form, "versi"), by=by, now=now, reply=reply)
    outcome = _outcome(desk, made, () if order.action in {Action.URGENCY, Action.MARK} else (number,))
    return _warned(session, outcome, order.into, [number]) if order.action is Action.MERGE else outcome


def merge_here(session: Session, desk: Desk, number: int, form: Form, *, by: str, now: dt.datetime) -> Outcome:
    """Merge the chosen complaints into this one.

    Raises
    ------
    OrderError
        If none is chosen.
    NotFoundError, ConflictError
        As in :func:`serve.store.decisions.decide`.
    """
    chosen = seen(form)
    if not chosen:
        raise OrderError("Belum ada aduan yang dicentang.", mend="Centang aduan yang akan digabung.")
    undo = []
    into = decisions.load(session, number)
    for other, version in chosen:
        writer, order = desk.replies(other, now), Order(Action.MERGE, into=number)
        reply = partial(writer.merged, writer.template(Action.MERGE) or "", into)
        made = _made(session, desk, other, order, _key_for(form, other), version, by=by, now=now, reply=reply)
        undo.append(f"{other}:{made.number}")
    gone = tuple(other for other, _ in chosen)
    outcome = Outcome(f"{len(chosen)} aduan digabung ke aduan {number}.", tuple(undo), gone)
    return _warned(session, outcome, number, gone)


def undo(session: Session, desk: Desk, form: Form, *, by: str, now: dt.datetime) -> tuple[int, ...]:
    """Undo the last decision of the complaints that a form names, and return their numbers.

    Raises
    ------
    NotFoundError, ConflictError
        If it isn't possible any more.
    """
    pairs = seen(form)
    for number, version in pairs:
        order, key = Order(Action.UNDO), _key_for(form, number)
        decisions.decide(session, desk.suggester, number, order, by=by, now=now, expected_version=version, key=key)
    return tuple(number for number, _ in pairs)


def relabel(session: Session, desk: Desk, number: int, form: Form, *, by: str, now: dt.datetime) -> Outcome:
    """Put on record which agency would have been right; nothing is sent.

    Raises
    ------
    OrderError
        If none is chosen.
    NotFoundError, ConflictError
        As in :func:`serve.store.decisions.decide`.
    """
    order = Order(Action.RELABEL, agencies=codes_of(form), why=first(form, "alasan"))
    made = _made(session, desk, number, order, key_of(form), integer_of(form, "versi"), by=by, now=now)
    return _outcome(desk, made, ())


def undo_relabel(session: Session, desk: Desk, form: Form, *, by: str, now: dt.datetime) -> tuple[str, ...]:
    """Undo judgements only: permission to judge doesn't include undoing decisions.

    Returns ``number:version`` of every complaint reverted.

    Raises
    ------
    NotFoundError
        If there is no such complaint.
    NotPossibleNowError
        If the last decision on a complaint is something else.
    """
    for number, _ in seen(form):
        if latest_entry(session, decisions.load(session, number).id).action is not Action.RELABEL:
            raise NotPossibleNowError(
                f"Keputusan terakhir aduan {number} bukan hasil pemeriksaan.", mend="Muat ulang halaman."
            )
    numbers = undo(session, desk, form, by=by, now=now)
    return tuple(f"{number}:{record.state_of(session, number).version}" for number in numbers)


def _key_for(form: Form, number: int) -> str | None:
    """Return the idempotency key for one of several complaints in a form."""
    key = first(form, "kunci")[:40]
    return f"{key}-{number}" if key else None


def _made(
    session: Session,
    desk: Desk,
    number: int,
    order: Order,
    key: str | None,
    version: int,
    *,
    by: str,
    now: dt.datetime,
    reply: Callable[[], str | None] = lambda: None,
) -> Entry:
    """Carry out an order with the reply composed by ``reply``, and return the decision.

    A retry, with the key of a stored decision, is answered with that one, even if others have decided since, and sends
    no reply: one composed now might differ from the one stored.
    """
    record.lock(session)  # so that nobody decides between the look and the decision
    known = record.under_key(session, number, key, by) if key else None
    words = None if known else reply()
    decisions.decide(
        session, desk.suggester, number, order, by=by, now=now, expected_version=version, key=key, reply=words
    )
    return known or latest_entry(session, number)


def _warned(session: Session, outcome: Outcome, into: int | None, merged: Collection[int]) -> Outcome:
    """Return the outcome of a merger, with what to do if something more urgent was merged."""
    warning = outranked(session, decisions.load(session, into or 0), merged)
    return replace(outcome, sentence=f"{outcome.sentence} {warning}") if warning else outcome


def _outcome(desk: Desk, made: Entry, gone: tuple[int, ...]) -> Outcome:
    return Outcome(sentence_of(desk, made), (f"{made.complaint}:{made.number}",), gone)
