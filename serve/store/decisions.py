"""Carrying out a dispatcher's decisions: checks, side effects and the entry on record."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy.orm import Session

from pipeline.complaint import MAX_TEXT_CHARS, UNREADABLE, Complaint, Level
from pipeline.region.schema import OUTSIDE_KINDS
from pipeline.region.succession import today
from serve.errors import ConflictError, NotFoundError, NotPossibleNowError, OrderError
from serve.store import claims, idempotency, messages, models, record
from serve.store.display_names import called
from serve.store.history import Action, Entry, State, Suggested, apply
from serve.store.intake import Arrival, store
from serve.store.lifecycle import DISSOLVED
from serve.store.orders import Order, chosen_once, tags_once
from serve.store.settlement_terms import current_term
from serve.store.suggester import Suggester
from serve.store.suggestions import keep

_CONCERNS_THE_MERGED = frozenset({Action.FORWARD, Action.OUTSIDE, Action.NOT_COMPLAINT})


def load(session: Session, complaint_id: int) -> models.Complaint:
    """Return a complaint by number.

    Raises
    ------
    NotFoundError
        If there is no such complaint.
    """
    complaint = session.get(models.Complaint, complaint_id) if abs(complaint_id) < 2**63 else None
    if complaint is None:
        raise NotFoundError(f"Tidak ada aduan nomor {complaint_id}.", mend="Periksa nomornya.")
    return complaint


def decide(
    session: Session,
    suggester: Suggester,
    complaint_id: int,
    order: Order,
    *,
    by: str,
    now: dt.datetime,
    expected_version: int,
    key: str | None = None,
    reply: str | None = None,
) -> models.Complaint:
    """Carry out an order and put it on record.

    Parameters
    ----------
    expected_version
        Version of the complaint that the dispatcher saw, for optimistic locking.
    key
        Idempotency key: a decision already on record under it by the same person isn't repeated.
    reply
        Reply to the citizen. If it says where the complaint went, the senders of complaints merged into it get it, too.

    Raises
    ------
    NotFoundError
        If there is no such complaint.
    OrderError
        If an agency is unknown, the complaint cannot be merged into that one, or key or reply contain unreadable
        characters.
    ConflictError
        If the complaint has changed meanwhile, somebody else is working on it, its status doesn't allow the action, or
        the key is on record for another decision.
    """
    if any(UNREADABLE.search(words or "") for words in (key, reply)):
        raise OrderError("Ada karakter yang bukan tulisan.", mend="Kirim sebagai UTF-8.")
    # Serialise decisions: what is read from here on stays current, and a concurrent retry finds the first attempt.
    record.lock(session)
    complaint = load(session, complaint_id)
    session.refresh(complaint)
    if key is not None and idempotency.is_done(session, complaint_id, key, by, order, reply):
        return complaint
    state = record.state_of(session, complaint_id)
    if state.version != expected_version:
        raise _overtaken(session, complaint, expected_version, by)
    # Somebody else's claim doesn't prevent undoing one's own last decision: its holder sees the undo at once.
    if not (order.action is Action.UNDO and record.rows_of(session, complaint_id)[state.last - 1].by == by):
        claims.check(session, complaint_id, by=by, now=now)
    entry = Entry(
        complaint=complaint_id,
        number=state.version + 1,
        at=now,
        by=by,
        action=order.action,
        suggested=state.suggested,
        why=order.why.strip(),
        key=key,
    )
    entry = _filled(session, suggester, complaint, state, order, entry)
    record.append(session, complaint, state, entry)
    if reply:
        messages.add_reply(session, complaint, reply, by=by, now=now)
        if order.action in _CONCERNS_THE_MERGED and not complaint.secret:
            messages.add_for_merged(session, complaint, reply, by=by, now=now)
    claims.release(session, complaint_id, by=by)
    return complaint


def _overtaken(session: Session, complaint: models.Complaint, expected: int, by: str) -> ConflictError:
    rows = record.rows_of(session, complaint.id)
    last = rows[-1]
    who = "Anda sendiri, di tab atau perangkat lain," if last.by == by else called(session, [last.by])[last.by]
    return ConflictError(
        f"{who} sudah mengubah aduan nomor {complaint.id} (versi {last.number}, Anda melihat versi {expected}).",
        mend="Muat ulang; keputusan Anda belum disimpan.",
    )


def _filled(
    session: Session, suggester: Suggester, complaint: models.Complaint, state: State, order: Order, entry: Entry
) -> Entry:
    """Return the entry with the fields of its action filled in, after carrying out the action's side effects."""
    match order.action:
        case Action.FORWARD:
            return _forwarded(session, suggester, complaint, state, order, entry)
        case Action.URGENCY:
            urgency = order.urgency or state.urgency
            term = current_term(session, complaint)
            return replace(entry, urgency=urgency, due_at=_due_at(suggester, complaint, state, urgency, term))
        case Action.OUTSIDE | Action.RELABEL:
            chosen = _known(suggester, order.agencies)
            return replace(entry, chosen=chosen)
        case Action.MERGE:
            return replace(entry, into=_target(session, complaint, order.into))
        case Action.SPLIT:
            return replace(entry, parts=_split(session, suggester, complaint, order, entry))
        case Action.RETURN:
            without = {*state.returned_by, order.agency or ""}
            again = _suggested_again(session, suggester, complaint, without, entry)
            return replace(entry, agency=order.agency, suggested=again)
        case Action.ANSWER:
            messages.add_answer(session, complaint.id, entry, order.text or "")
            again = _suggested_again(session, suggester, complaint, set(state.returned_by), entry)
            return replace(entry, suggested=again)
        case Action.UNDO:
            return _undone(session, state, entry)
        case Action.MARK:
            entry = replace(entry, situation=order.situation, tags=tags_once(order.tags))
            if order.situation is None:
                return entry
            term = current_term(session, complaint, order.situation)
            return replace(entry, due_at=_due_at(suggester, complaint, state, state.urgency, term))
        case _:
            return entry


def _due_at(suggester: Suggester, complaint: models.Complaint, state: State, urgency: Level, term: str) -> dt.datetime:
    """Return the deadline at the complaint's agencies, or at the first suggested one."""
    agencies = state.agencies or state.suggested.agencies[:1]
    return suggester.due_at(complaint.received_at, agencies, urgency, term)


def _forwarded(
    session: Session, suggester: Suggester, complaint: models.Complaint, state: State, order: Order, entry: Entry
) -> Entry:
    chosen = _known(suggester, order.agencies)
    if elsewhere := [code for code in chosen if suggester.region.kind_of(code) in OUTSIDE_KINDS]:
        names = ", ".join(suggester.region.agencies[code].name for code in elsewhere)
        raise OrderError(
            f"{names}: bukan instansi {suggester.region.name}, jadi tidak dapat diteruskan ke sana.",
            mend="Pakai “di luar kewenangan” atau “bukan aduan”.",
        )
    returned = [code for code in chosen if code in state.returned_by]
    if returned and not entry.why:
        names = ", ".join(suggester.region.agencies[code].name for code in returned)
        raise OrderError(f"{names} pernah mengembalikan aduan ini.", mend="Tulis alasan bila tetap diteruskan ke sana.")
    urgency = order.urgency or state.urgency
    return replace(
        entry,
        chosen=chosen,
        urgency=order.urgency,
        due_at=suggester.due_at(complaint.received_at, chosen, urgency, current_term(session, complaint)),
    )


def _known(suggester: Suggester, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes without duplicates, after checking that all are agencies that exist today."""
    region = suggester.region
    day = today(region)
    for code in codes:
        if code not in region.agencies or not region.agencies[code].exists_on(day):
            raise OrderError(
                f"Tidak ada instansi {code!r} di {region.name} hari ini.", mend="Pilih dari daftar di /v1/agencies."
            )
    return chosen_once(codes)


def _target(session: Session, complaint: models.Complaint, into: int | None) -> int:
    """Return the target of a merge: another complaint, which is not merged, split or withdrawn itself."""
    target = load(session, into or 0)
    session.refresh(target)  # it may have been read before its turn, as at the desk, and merged or split since
    if target.id == complaint.id or target.status in DISSOLVED:
        raise OrderError(
            f"Aduan nomor {target.id} tidak dapat menerima gabungan.",
            mend="Pilih aduan lain yang masih berdiri sendiri.",
        )
    return target.id


def _split(
    session: Session, suggester: Suggester, complaint: models.Complaint, order: Order, entry: Entry
) -> tuple[int, ...]:
    """Store each part as a complaint with its own suggestion, and return their numbers."""
    numbers = []
    for text in order.parts:
        part = Complaint(text.strip(), address=complaint.address)
        arrival = Arrival.like(complaint, part)
        stored = store(
            session, suggester, arrival, suggester.suggest(part), by=entry.by, now=entry.at, parent=complaint
        )
        numbers.append(stored.id)
    return tuple(numbers)


def _suggested_again(
    session: Session, suggester: Suggester, complaint: models.Complaint, without: set[str], entry: Entry
) -> Suggested:
    """Make and store a new suggestion from all that the citizen wrote, excluding the agencies in ``without``."""
    words = "\n".join([complaint.text, *messages.answers(session, complaint.id)])
    source = Complaint(words[:MAX_TEXT_CHARS], address=complaint.address, id=complaint.sender_id)
    return keep(session, complaint.id, suggester.suggest(source, without), entry.at, without)


def _undone(session: Session, state: State, entry: Entry) -> Entry:
    """Reverse the side effects of the last decision: withdraw parts, drop unsent replies."""
    entry = replace(entry, undoes=state.last)
    restored = apply(state, entry)
    if state.last_action is Action.SPLIT:
        for number in state.parts:
            _withdraw(session, load(session, number), entry)
    messages.drop_unsent(session, entry.complaint, state.last)
    messages.drop_unsent_of_merged(session, entry.complaint, state.changed_at)
    return replace(entry, suggested=restored.suggested)


def _withdraw(session: Session, part: models.Complaint, undo: Entry) -> None:
    state = record.state_of(session, part.id)
    if state.last != 1:  # not version: after an undone decision the part is untouched again
        raise NotPossibleNowError(
            f"Bagian nomor {part.id} sudah ditangani, jadi pemecahan tidak dapat dibatalkan.",
            mend="Batalkan dahulu keputusan pada bagian itu, atau selesaikan tiap bagian sendiri.",
        )
    entry = Entry(part.id, state.version + 1, undo.at, undo.by, Action.WITHDRAW, state.suggested)
    record.append(session, part, state, entry)
