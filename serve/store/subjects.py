"""Data subject requests (*subjek data*, UU 27/2022): finds, exports and erases what the store has of a citizen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.text import find_personal_data
from pipeline.text.plain_signs import with_digits_for_letters, with_first_zero, with_plain_signs, without_words
from pipeline.text.telephone import group_ends
from serve.errors import OrderError
from serve.store import messages, models, record, suggestions
from serve.store.erasure import erase, is_erased

_BY = "penghapusan"  # author in the record
_COVER = "•"  # replaces each character, so that spans into the text stay valid
_SEPARATORS = re.compile(r"[\s.()+/_–-]")
_MORE_SEPARATORS = re.compile(r"[\s.()+/_,;:|*~–-]")
_MIN_DIGITS = 8
_SHARED = frozenset({"NAMA", "ALAMAT"})  # can belong to several people; masking could affect another one's data
_WHATSAPP = re.compile(r"@(?:c\.us|s\.whatsapp\.net)$", re.IGNORECASE)  # bots append these to the number
_COUNTRY = re.compile(r"^(?:00)?620?")
_MOBILE_WITHOUT_ZERO = re.compile(r"8\d{8,11}")  # spreadsheets drop a leading 0
# A telephone number or NIK: nothing else is read with letters or words for digits, or in groups far apart.
_PERSONS = re.compile(r"0?8[1-9]\d{7,10}|(?:00)?620?8[1-9]\d{7,10}|[1-9]\d{15}")
_ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of the complaints that concern a person.

    Attributes
    ----------
    sent
        Complaints sent by the person, and their parts.
    naming
        Complaints of others that mention the person's identifier.
    """

    sent: list[int] = field(default_factory=list)
    naming: list[int] = field(default_factory=list)


def canonical(identifier: str) -> str:
    """Return an identifier in canonical form: a telephone number as digits from 0, an e-mail address in lower case.

    Examples
    --------
    >>> canonical("+62 812-3456-7890"), canonical("Budi@Contoh.id")
    ('081234567890', 'budi@contoh.id')
    """
    plain = with_plain_signs(_WHATSAPP.sub("", identifier.strip()))
    digits = with_first_zero(_SEPARATORS.sub("", plain))
    if not _is_number(digits):
        spelled = without_words(with_first_zero(with_digits_for_letters(plain)))
        digits = _MORE_SEPARATORS.sub("", spelled)
        if not _PERSONS.fullmatch(digits):
            return identifier.strip().casefold()
    return f"0{digits}" if _MOBILE_WITHOUT_ZERO.fullmatch(digits) else _COUNTRY.sub("0", digits)


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) >= _MIN_DIGITS


def find(session: Session, identifier: str) -> Found:
    """Find the complaints that concern the person with an identifier.

    The identifier is a channel's sender id, a telephone number, e-mail address or NIK.

    Raises
    ------
    OrderError
        If it is empty.
    """
    wanted = canonical(identifier)
    if not wanted:
        raise OrderError(
            "The identifier is empty.", mend="Give a sender's identifier, telephone number, e-mail address or NIK."
        )
    complaint = models.Complaint
    query = select(
        complaint.id, complaint.parent_id, complaint.sender_id, complaint.reporter_contact, complaint.reporter_name,
        complaint.text, complaint.address,
    ).order_by(complaint.id)  # fmt: skip
    sent: set[int] = set()
    naming: set[int] = set()
    for row in session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        own = (row.sender_id, row.reporter_contact)
        # A part has a higher number than its parent, so the parent has been seen.
        if row.parent_id in sent or any(_is(wanted, value) for value in own):
            sent.add(row.id)
        elif any(_named(wanted, value) for value in (row.text, row.address, row.reporter_name)):
            naming.add(row.id)
    naming.update(_told(session, wanted))
    return Found(sorted(sent), sorted(naming - sent))


def about(session: Session, found: Found) -> Iterator[dict[str, Any]]:
    """Yield all that is stored of a person as JSON values; of others' complaints only that they name the person."""
    for number in found.sent:
        complaint = session.get_one(models.Complaint, number)
        yield {
            "complaint": {column.key: _plain(getattr(complaint, column.key)) for column in complaint.__table__.columns},
            "suggestions": [suggestions.body_of(row) for row in suggestions.of_complaint(session, number)],
            "messages": [
                {"direction": m.direction, "at": _plain(m.at), "text": m.text, "sent_at": _plain(m.sent_at)}
                for m in messages.of_complaint(session, number)
            ],
            "record": [row.body for row in record.rows_of(session, number)],
        }
    for number in found.naming:
        yield {"complaint": {"id": number}, "named": True}


def forget(session: Session, identifier: str, found: Found, now: dt.datetime) -> None:
    """Erase a person's complaints, and mask the identifier in others' complaints."""
    record.lock(session)  # before any change, as in erase()
    wanted = canonical(identifier)
    for number in found.sent:
        erase(session, session.get_one(models.Complaint, number), by=_BY, now=now)
    for number in found.naming:
        complaint = session.get_one(models.Complaint, number)
        if is_erased(session, complaint):
            continue
        complaint.text = _covered(wanted, complaint.text)
        complaint.address = complaint.address and _covered(wanted, complaint.address)
        complaint.reporter_name = complaint.reporter_name and _covered(wanted, complaint.reporter_name)
        for message in messages.of_complaint(session, number):
            message.text = _covered(wanted, message.text)
        for suggestion in suggestions.of_complaint(session, number):
            suggestion.body = _covered_within(wanted, suggestions.body_of(suggestion))
        if any(_named(wanted, row.body.get("why", "")) for row in record.rows_of(session, number)):
            record.erase_words(session, complaint, by=_BY, now=now)


def _told(session: Session, wanted: str) -> Iterator[int]:
    """Yield the complaints with the identifier in a message or in a decision's reason."""
    rows = session.execute(
        select(models.Message.complaint_id, models.Message.text).execution_options(yield_per=_ROWS_AT_ONCE)
    )
    yield from (number for number, words in rows if _named(wanted, words))
    query = select(models.Decision).execution_options(yield_per=_ROWS_AT_ONCE)
    yield from (row.complaint_id for row in session.scalars(query) if _named(wanted, row.body.get("why", "")))


def _is(wanted: str, value: str | None) -> bool:
    return value is not None and (canonical(value) == wanted or _named(wanted, value))


def _named(wanted: str, words: str | None) -> bool:
    return bool(words) and next(_mentions(wanted, words or ""), None) is not None


def _mentions(wanted: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of an identifier in a text, in any spelling."""
    for found in find_personal_data(words):
        if found.kind in _SHARED:
            continue
        start, end = found.span.start, found.span.end
        # Digits that follow a number may have been taken for its last group: "0812345678 12 rumah".
        groups = [end, *group_ends(words, start, end)]
        if end := next((group for group in groups if canonical(words[start:group]) == wanted), 0):
            yield start, end


def _covered(wanted: str, words: str) -> str:
    for start, end in list(_mentions(wanted, words)):
        words = words[:start] + _COVER * (end - start) + words[end:]
    return words


def _covered_within(wanted: str, value: Any) -> Any:
    if isinstance(value, str):
        return _covered(wanted, value)
    if isinstance(value, list):
        return [_covered_within(wanted, item) for item in value]
    if isinstance(value, dict):
        return {name: _covered_within(wanted, item) for name, item in value.items()}
    return value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
