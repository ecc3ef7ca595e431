"""Parsing of the desk's forms into orders."""

from __future__ import annotations

from pipeline.complaint import Level
from pipeline.numerals import whole
from serve.desk.complaint_view import action_for
from serve.desk.desk import Desk
from serve.desk.forms import Form, first
from serve.errors import OrderError
from serve.store.lifecycle import Action, Situation
from serve.store.orders import Order

ACCEPT = "accept"  # a suggestion: means forward, outside or not-complaint, depending on the kind of office


def order_of(form: Form, desk: Desk) -> Order:
    """Return a form's order.

    Raises
    ------
    OrderError
        If something is missing, or the action is unknown.
    """
    codes = codes_of(form)
    name, why = first(form, "tindakan"), first(form, "alasan")
    action = _accepting(codes, desk) if name == ACCEPT else _action(name)
    if action is Action.OUTSIDE:
        if not codes:
            raise OrderError("Belum dipilih siapa yang berwenang.", mend="Pilih salah satu.")
        why = why or f"Kewenangan {', '.join(map(desk.offices.name, codes))}."
    return Order(
        action,
        agencies=codes if action in {Action.FORWARD, Action.OUTSIDE} else (),
        agency=codes[0] if action is Action.RETURN and codes else None,
        why=why,
        urgency=_level(first(form, "urgensi")) if action in {Action.URGENCY, Action.FORWARD} else None,
        into=integer_of(form, "ke") if action is Action.MERGE else None,
        parts=tuple(filter(None, (part.strip() for part in form.get("bagian", [])))) if action is Action.SPLIT else (),
        text=first(form, "jawaban") if action is Action.ANSWER else None,
        situation=_situation(form) if action is Action.MARK else None,
        tags=_tags(form) if action is Action.MARK else None,
    )


def _accepting(codes: tuple[str, ...], desk: Desk) -> Action:
    if not codes:
        raise OrderError("Instansi belum dipilih.", mend="Pilih salah satu usulan.")
    office = desk.offices.of(codes[0])
    if office is None:  # it was suggested before a reorganisation
        name = desk.offices.name(codes[0])
        raise OrderError(f"{name} sudah tidak ada.", mend="Pilih penggantinya lewat “Instansi lain”.")
    return action_for(office)


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError:
        raise OrderError("Tindakan ini tidak dikenal.", mend="Muat ulang halaman.") from None


def _level(name: str) -> Level | None:
    return next((level for level in Level if level.value == name), None)


def _situation(form: Form) -> Situation | None:
    """Return the situation chosen; ``None`` if it wasn't changed."""
    chosen = first(form, "situasi")
    return next((s for s in Situation if s.value == chosen and chosen != first(form, "situasi_semula")), None)


def _tags(form: Form) -> tuple[str, ...]:
    """Return the tags typed, and those that the desk shows as services and keeps."""
    return tuple(tag for name in ("tanda", "layanan") for tag in first(form, name).split(","))


def codes_of(form: Form) -> tuple[str, ...]:
    """Return the codes of the chosen offices."""
    return tuple(code for code in form.get("instansi", []) if code)


def integer_of(form: Form, name: str) -> int:
    """Return a field as an integer.

    Raises
    ------
    OrderError
        If it isn't one.
    """
    number = whole(first(form, name))
    if number is None:
        raise OrderError(f"Isian {name} harus nomor.", mend="Muat ulang halaman.")
    return number


def seen(form: Form) -> list[tuple[int, int]]:
    """Return the complaints in a form, each with the version that the dispatcher saw.

    Raises
    ------
    OrderError
        If one isn't written as ``number:version``.
    """
    return [_pair(value) for value in form.get("aduan", [])]


def _pair(value: str) -> tuple[int, int]:
    number, _, version = value.partition(":")
    pair = {"nomor": [number], "versi": [version]}
    return integer_of(pair, "nomor"), integer_of(pair, "versi")
