"""What a form of the desk orders, and what the dispatcher and the citizen are told about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pipeline.complaint import Level
from serve.desk import wording
from serve.desk.complaint_view import action_for
from serve.desk.desk import Desk
from serve.desk.html import Form, first
from serve.errors import NotPossibleNowError, OrderError
from serve.store import decisions, models, record
from serve.store.lifecycle import Action, Situation
from serve.store.orders import Order
from serve.store.terms import current_term

ACCEPT = "accept"  # of a suggestion: forward, outside or not-complaint, by the kind of the office
_TELLS_CITIZEN = frozenset({Action.FORWARD, Action.ASK, Action.OUTSIDE, Action.NOT_COMPLAINT, Action.MERGE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done.

    Attributes
    ----------
    sentence
        For the dispatcher.
    undo
        ``number:version`` of every complaint that an undo takes back.
    gone
        Complaints that are no longer in the queue of the desk.
    """

    sentence: str
    undo: tuple[str, ...]
    gone: tuple[int, ...]


def act(session: Session, desk: Desk, number: int, form: Form, *, by: str, now: dt.datetime) -> Outcome:
    """Do what a form orders with a complaint.

    Raises
    ------
    OrderError
        If something is missing.
    NotFoundError, ConflictError
        As :func:`serve.store.decisions.decide`.
    """
    order = _order(desk, form)
    complaint = decisions.load(session, number)
    key = first(form, "kunci")[:64] or None
    decided = decisions.decide(
        session,
        desk.suggester,
        number,
        order,
        by=by,
        now=now,
        expected_version=_integer(form, "versi"),
        key=key,
        reply=None if _is_known(session, number, key, by) else _reply(session, desk, complaint, order, form, now),
    )
    parts = record.state_of(session, number).parts if order.action is Action.SPLIT else ()
    sentence = wording.sentence(number, order.action, _done(desk, order, parts))
    gone = () if order.action in {Action.URGENCY, Action.MARK} else (number,)
    return Outcome(sentence, (f"{number}:{decided.version}",), gone)


def merge_here(session: Session, desk: Desk, number: int, form: Form, *, by: str, now: dt.datetime) -> Outcome:
    """Merge the chosen complaints into this one.

    Raises
    ------
    OrderError
        If none is chosen.
    NotFoundError, ConflictError
        As :func:`serve.store.decisions.decide`.
    """
    chosen = [_pair(value) for value in form.get("aduan", [])]
    if not chosen:
        raise OrderError("Belum ada aduan yang dipilih.", mend="Centang aduan yang akan digabung.")
    undo = []
    into = decisions.load(session, number)
    for other, version in chosen:
        writer = desk.replies(other, now)
        key = f"{first(form, 'kunci')[:40]}-{other}"
        is_known = _is_known(session, other, key, by)
        decided = decisions.decide(
            session,
            desk.suggester,
            other,
            Order(Action.MERGE, into=number),
            by=by,
            now=now,
            expected_version=version,
            key=key,
            reply=None if is_known else writer.merged(writer.template(Action.MERGE) or "", into),
        )
        undo.append(f"{other}:{decided.version}")
    sentence = f"{len(chosen)} aduan digabung ke aduan {number}."
    return Outcome(sentence, tuple(undo), tuple(other for other, _ in chosen))


def undo(session: Session, desk: Desk, form: Form, *, by: str, now: dt.datetime) -> tuple[int, ...]:
    """Undo the last decision of the complaints that a form names, and return their numbers.

    Raises
    ------
    NotFoundError, ConflictError
        If that isn't possible any more.
    """
    pairs = [_pair(value) for value in form.get("aduan", [])]
    for number, version in pairs:
        key = f"{first(form, 'kunci')[:40]}-{number}" if first(form, "kunci") else None
        order = Order(Action.UNDO)
        decisions.decide(session, desk.suggester, number, order, by=by, now=now, expected_version=version, key=key)
    return tuple(number for number, _ in pairs)


def relabel(session: Session, desk: Desk, number: int, form: Form, *, by: str, now: dt.datetime) -> Outcome:
    """Put on record which agency would have been right; nothing is sent.

    Raises
    ------
    OrderError
        If none is chosen.
    NotFoundError, ConflictError
        As :func:`serve.store.decisions.decide`.
    """
    chosen = tuple(code for code in form.get("instansi", []) if code)
    decided = decisions.decide(
        session,
        desk.suggester,
        number,
        Order(Action.RELABEL, agencies=chosen, why=first(form, "alasan")),
        by=by,
        now=now,
        expected_version=_integer(form, "versi"),
        key=first(form, "kunci")[:64] or None,
    )
    names = ", ".join(map(desk.offices.name, chosen))
    return Outcome(f"Aduan {number} {wording.DONE[Action.RELABEL]}: {names}.", (f"{number}:{decided.version}",), ())


def undo_relabel(session: Session, desk: Desk, form: Form, *, by: str, now: dt.datetime) -> tuple[str, ...]:
    """Take back judgements, and nothing else: who may judge may not undo what others decided.

    Returns ``number:version`` of every complaint that is as it was before.

    Raises
    ------
    NotPossibleNowError
        If something else was done with the complaint since.
    """
    for value in form.get("aduan", []):
        number, _ = _pair(value)
        rows = record.rows_of(session, number)
        if not rows or rows[-1].action != str(Action.RELABEL):
            raise NotPossibleNowError(f"Keputusan terakhir aduan {number} bukan penilaian.", mend="Muat ulang halaman.")
    numbers = undo(session, desk, form, by=by, now=now)
    return tuple(f"{number}:{record.state_of(session, number).version}" for number in numbers)


def _is_known(session: Session, number: int, key: str | None, by: str) -> bool:
    """Tell whether a decision of this key has come before: a reply written now might be another than was stored."""
    return key is not None and record.under_key(session, number, key, by) is not None


def _order(desk: Desk, form: Form) -> Order:
    codes = tuple(code for code in form.get("instansi", []) if code)
    name, why = first(form, "tindakan"), first(form, "alasan")
    if name == ACCEPT and not codes:
        raise OrderError("Instansi belum dipilih.", mend="Pilih salah satu usulan.")
    action = action_for(desk.offices.of(codes[0])) if name == ACCEPT else _action(name)
    if action is Action.OUTSIDE:
        if not codes:
            raise OrderError("Belum dipilih siapa yang berwenang.", mend="Pilih salah satu.")
        why = why or f"Kewenangan {', '.join(map(desk.offices.name, codes))}."
    if action is Action.NOT_COMPLAINT:
        codes = ()
    return Order(
        action,
        agencies=codes if action in {Action.FORWARD, Action.OUTSIDE} else (),
        agency=codes[0] if action is Action.RETURN and codes else None,
        why=why,
        urgency=_level(first(form, "urgensi")) if action in {Action.URGENCY, Action.FORWARD} else None,
        into=_integer(form, "ke") if action is Action.MERGE else None,
        parts=tuple(filter(None, (part.strip() for part in form.get("bagian", [])))) if action is Action.SPLIT else (),
        text=first(form, "jawaban") if action is Action.ANSWER else None,
        situation=_situation(form) if action is Action.MARK else None,
        tags=tuple(first(form, "tanda").split(",")) if action is Action.MARK else None,
    )


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError:
        raise OrderError("Tindakan ini tidak dikenal.", mend="Muat ulang halaman.") from None


def _level(name: str) -> Level | None:
    return next((level for level in Level if level.value == name), None)


def _situation(form: Form) -> Situation | None:
    """Return the situation that was chosen; ``None`` where it is the one that was shown."""
    chosen = first(form, "situasi")
    return next((s for s in Situation if s.value == chosen and chosen != first(form, "situasi_semula")), None)


def _reply(
    session: Session, desk: Desk, complaint: models.Complaint, order: Order, form: Form, now: dt.datetime
) -> str | None:
    """Return what the citizen is told: the standard reply, unless it was edited, or none was wanted.

    A text that was written for the first suggestion becomes that of the office chosen: all of it where it was left as
    it was, names and date in it where it was edited.

    Raises
    ------
    OrderError
        If it was edited, and names another office than was decided, or promises a deadline that is past.
    """
    if order.action not in _TELLS_CITIZEN or first(form, "tanpa_balasan"):
        return None
    writer = desk.replies(complaint.id, now)
    if order.action is Action.MERGE:
        template = first(form, "balasan") or writer.template(Action.MERGE) or ""
        return writer.merged(template, decisions.load(session, order.into or 0))
    due = desk.suggester.due_at(
        complaint.received_at, order.agencies, order.urgency or complaint.urgency, current_term(session, complaint)
    )
    written, shown = first(form, "balasan"), first(form, "balasan_baku")
    if not written or _same(written, shown):
        return writer.standard(order.action, order.agencies, due)
    if meant := first(form, "balasan_untuk"):
        if action_for(desk.offices.of(meant)) is not order.action:
            raise _about_another([desk.offices.name(meant)])
        if order.agencies:
            term = current_term(session, complaint)
            due_there = desk.suggester.due_at(complaint.received_at, [meant], complaint.urgency, term)
            written = writer.unfilled(written, [meant], due_there)
    if order.action is Action.FORWARD and "{tenggat}" in written and writer.is_past(due):
        past = wording.day(due, desk.calendar.zone)
        raise OrderError(
            f"Tenggat aduan ini sudah lewat ({past}), tetapi balasannya menjanjikannya.",
            mend="Hapus tanggalnya dari balasan.",
        )
    text = writer.filled(written, order.agencies, due)
    if others := _others_named(desk, order, shown, text):
        raise _about_another(others)
    return text


def _others_named(desk: Desk, order: Order, shown: str, text: str) -> list[str]:
    """Return the offices that the reply still names, as the one that was shown did, and that weren't decided."""
    for code in order.agencies:  # whose name may have another's in it
        text = text.replace(desk.offices.name(code), "")
    return [office.name for office in desk.offices.all if office.name in shown and office.name in text]


def _about_another(names: list[str]) -> OrderError:
    return OrderError(
        f"Balasan yang Anda ubah ditulis untuk {', '.join(names)}, sedangkan keputusannya lain.",
        mend="Kembalikan balasannya seperti semula, atau tulis balasan pada tindakan yang Anda pilih.",
    )


def _same(written: str, shown: str) -> bool:
    return written.split() == shown.split()


def _done(desk: Desk, order: Order, parts: Sequence[int]) -> str:
    if order.action is Action.FORWARD:
        return "diteruskan ke " + ", ".join(map(desk.offices.name, order.agencies))
    if order.action is Action.RETURN and order.agency:
        return f"dikembalikan {desk.offices.name(order.agency)}"
    if order.action is Action.OUTSIDE:
        return "di luar kewenangan: " + ", ".join(map(desk.offices.name, order.agencies))
    if order.action is Action.URGENCY:
        return f"urgensi menjadi {order.urgency}"
    if order.action is Action.MERGE:
        return f"digabung ke aduan {order.into}"
    if order.action is Action.SPLIT:
        return f"dipecah menjadi {', '.join(map(str, parts))}"
    return wording.DONE[order.action]


def _integer(form: Form, name: str) -> int:
    value = first(form, name)
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise OrderError(f"Isian {name} harus nomor.", mend="Muat ulang halaman.")
    return int(value)


def _pair(value: str) -> tuple[int, int]:
    number, _, version = value.partition(":")
    pair = {"nomor": [number], "versi": [version]}
    return _integer(pair, "nomor"), _integer(pair, "versi")
