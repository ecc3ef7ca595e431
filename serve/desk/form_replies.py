"""Replies to citizens from the desk's forms: standard or edited."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from serve.desk import wording
from serve.desk.complaint_view import action_for
from serve.desk.desk import Desk
from serve.desk.forms import Form, first
from serve.errors import OrderError
from serve.store import decisions, models
from serve.store.lifecycle import Action
from serve.store.orders import Order
from serve.store.settlement_terms import current_term

_TELLS_CITIZEN = frozenset({Action.FORWARD, Action.ASK, Action.OUTSIDE, Action.NOT_COMPLAINT, Action.MERGE})


def reply_of(
    form: Form, session: Session, desk: Desk, complaint: models.Complaint, order: Order, now: dt.datetime
) -> str | None:
    """Return the reply to the citizen, the standard one unless it was edited; ``None`` if none is wanted.

    The text in the form was made for the first suggestion. If unedited, it is replaced by the standard reply for the
    chosen office; if edited, only office names, contacts and date in it are replaced.

    Raises
    ------
    OrderError
        If an edited reply names another office than the chosen one, or promises a deadline that has passed.
    """
    if order.action not in _TELLS_CITIZEN or first(form, "tanpa_balasan"):
        return None
    writer = desk.replies(complaint.id, now)
    if order.action is Action.MERGE:
        template = first(form, "balasan") or writer.template(Action.MERGE) or ""
        return writer.merged(template, decisions.load(session, order.into or 0))
    term = current_term(session, complaint)
    urgency = order.urgency or complaint.urgency
    due = desk.suggester.due_at(complaint.received_at, order.agencies, urgency, term)
    written, shown = first(form, "balasan"), first(form, "balasan_baku")
    if not written or _same(written, shown):
        return writer.standard(order.action, order.agencies, due)
    if meant := first(form, "balasan_untuk"):
        if action_for(desk.offices.of(meant)) is not order.action:
            raise _about_another([desk.offices.name(meant)])
        if order.agencies:
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
    """Return the offices, not among the chosen ones, that the reply still names as the one shown did."""
    for code in order.agencies:  # first, as one office's name may contain another's
        text = text.replace(desk.offices.name(code), "")
    return [office.name for office in desk.offices.all if office.name in shown and office.name in text]


def _about_another(names: list[str]) -> OrderError:
    return OrderError(
        f"Balasan yang Anda ubah ditulis untuk {', '.join(names)}, sedangkan keputusannya lain.",
        mend="Kembalikan balasannya seperti semula, atau tulis balasan pada tindakan yang Anda pilih.",
    )


def _same(written: str, shown: str) -> bool:
    return written.split() == shown.split()
