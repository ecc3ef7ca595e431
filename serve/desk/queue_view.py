"""View model of the queue: rows, counts and filters."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from pipeline.complaint import Decision, Level
from serve.desk import wording
from serve.desk.desk import Desk
from serve.identity import Identity
from serve.live import latest
from serve.store import claims, queue
from serve.store.accounts import Scope
from serve.store.display_names import called
from serve.store.lifecycle import Status
from serve.store.queue import Counts, Filter

Member = TypeVar("Member", bound=StrEnum)
_DAYS = re.compile(r"[1-9][0-9]{0,2}")
_NUMBER = re.compile(r"(?:#|no\.?|nomor|aduan)?\s*([0-9]{1,18})", re.IGNORECASE)
_FIRST_CHARS = 110
_CANDIDATES = 12  # for the next complaint: more than there are dispatchers at one desk
ANY = "semua"
NEWEST = "baru"  # sort order: newest first, whatever the urgency
TEACHING = "ajar"  # sort order: most informative for training first
MOST_COUNTED = 1000  # matches; beyond that the desk says "lebih dari 1.000", as nobody reads them all
_FIELDS = ("status", "urgensi", "instansi", "kecamatan", "putusan", "kanal", "terlambat", "hari", "urutan", "cari")


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the list."""

    id: int
    level: Level
    clock: wording.Clock | None
    words: str
    where: str
    office: str
    probability: float | None
    decision: str
    status: Status
    loops: int
    secret: bool
    claimed_by: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter, with the number of its complaints if they are counted."""

    value: str
    label: str
    number: int | None = None


_STATUSES = (
    *(Option(status, status.label) for status in Status if status is not Status.PERLU_VERIFIKASI),
    Option(ANY, "Semua status"),
)
_NEWEST = Option(NEWEST, "Terbaru dahulu")
_TEACHING = Option(TEACHING, "Paling berguna bagi model")


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the queue.

    Attributes
    ----------
    active
        The non-empty fields of the filter, from the URL.
    query
        The same as a query string, for links.
    found
        Number of matches, up to ``MOST_COUNTED``; ``None`` without a search or filter, and on later pages.
    finds_more
        Whether there are more matches than were counted.
    following
        Query string of the next page; ``None`` on the last.
    status_label
        Label of the status that the counts refer to.
    everywhere
        Query string of the same search in every status; ``None`` without a search, or if it is in every status already.
    without_days
        Query string of the same filter without the limit of days.
    without_order
        Query string of the same filter in the default order.
    usual_order
        What the order is called that nobody asked for: newest first in a search or among all statuses.
    orders
        The sort orders that the viewer may choose instead.
    newest_first
        Whether the newest are listed first instead of the most urgent.
    latest
        Cursor of the last event included in the page, so that events during its delivery aren't missed.
    """

    items: tuple[Item, ...]
    counts: Counts
    active: dict[str, str]
    query: str
    found: int | None
    finds_more: bool
    following: str | None
    status_label: str
    everywhere: str | None
    without_days: str
    without_order: str
    statuses: tuple[Option, ...]
    agencies: tuple[Option, ...]
    districts: tuple[Option, ...]
    channels: tuple[Option, ...]
    decisions: tuple[Option, ...]
    levels: tuple[Option, ...]
    usual_order: str
    orders: tuple[Option, ...]
    newest_first: bool
    latest: int

    @property
    def first(self) -> int | None:
        """The first complaint that nobody else is working on; otherwise the first one."""
        return next((item.id for item in self.items if not item.claimed_by), self.items[0].id if self.items else None)


def filter_of(params: QueryParams, now: dt.datetime) -> tuple[Filter, dict[str, str]]:
    """Parse the filter from a URL's query; also return its fields, without invalid ones."""
    active = {name: value for name in _FIELDS if (value := params.get(name, "").strip()[:200])}
    status = _known(Status, active.get("status"))
    if status is None and active.get("status") != ANY:
        active.pop("status", None)
        status = Status.PERLU_VERIFIKASI
    days = active.get("hari", "")
    if not _DAYS.fullmatch(days):
        active.pop("hari", None)
    wanted = Filter(
        status=status,
        received_from=now - dt.timedelta(days=int(days)) if "hari" in active else None,
        urgency=_known(Level, active.get("urgensi")),
        agency=active.get("instansi"),
        kecamatan=active.get("kecamatan"),
        decision=_known(Decision, active.get("putusan")),
        channel=active.get("kanal"),
        due_before=now if active.get("terlambat") else None,
        words=active.get("cari"),
    )
    newest_first = wanted.usually_by_urgency and active.get("urutan") == NEWEST
    return replace(wanted, newest_first=newest_first), active


def shown(session: Session, desk: Desk, params: QueryParams, now: dt.datetime, viewer: Identity) -> Shown:
    """Return the page of the queue for a URL's query.

    Raises
    ------
    InvalidInputError
        If the cursor is invalid.
    ReviewListError
        If the list of complaints to label first cannot be read.
    """
    newest = latest(session)  # before the complaints are read, so that no event is missed
    wanted, active = filter_of(params, now)
    cursor = params.get("lanjut") or None
    page = _page(session, desk, wanted, active, cursor, viewer)
    otherwise = _found_otherwise(session, wanted, viewer) if wanted.words and cursor is None else []
    page = replace(page, rows=_first_rows(otherwise, page.rows))
    holders = claims.holders(session, [row.complaint.id for row in page.rows], now)
    names = called(session, holders.values())
    others = {number: names[holder] for number, holder in holders.items() if holder != viewer.name}
    # The selects offer all values of the status, whatever else is chosen, so that the choice can be changed.
    counts = queue.counts(session, Filter(status=wanted.status), now)
    orders = ((_NEWEST, wanted.usually_by_urgency), (_TEACHING, Scope.REVIEW in viewer.scopes))
    query = urlencode(active)
    found = _number_found(session, wanted, active, otherwise) if cursor is None else None
    return Shown(
        items=tuple(_item(desk, row, now, others.get(row.complaint.id)) for row in page.rows),
        counts=counts,
        active=active,
        query=query,
        found=None if found is None else min(found, MOST_COUNTED),
        finds_more=found is not None and found > MOST_COUNTED,
        following=urlencode(active | {"lanjut": page.following}) if page.following else None,
        status_label=wanted.status.label if wanted.status else "",
        everywhere=urlencode(active | {"status": ANY}) if wanted.words and wanted.status else None,
        without_days=_without(active, "hari"),
        without_order=_without(active, "urutan"),
        statuses=_STATUSES,
        agencies=_options(counts.agency, desk.offices.name),
        districts=_options(counts.kecamatan, str),
        channels=_options(counts.channel, wording.channel),
        decisions=tuple(Option(d, label, counts.decision.get(d, 0)) for d, label in wording.DECISIONS.items()),
        levels=tuple(Option(level, level.capitalize(), counts.urgency[level]) for level in Level),
        usual_order="Urgensi, lalu tenggat" if wanted.usually_by_urgency else _NEWEST.label,
        orders=tuple(order for order, offered in orders if offered),
        newest_first=not wanted.by_urgency and active.get("urutan") != TEACHING,
        latest=newest,
    )


def _found_otherwise(session: Session, wanted: Filter, viewer: Identity) -> list[queue.Row]:
    """Return matches by number, whatever the status, and by sender, if the viewer may see that."""
    number = _NUMBER.fullmatch(wanted.words or "")
    found = queue.numbered(session, int(number[1])) if number else []
    return [*found, *(queue.sent_by(session, wanted) if viewer.sees_reporters else [])]


def _number_found(session: Session, wanted: Filter, active: dict[str, str], otherwise: list[queue.Row]) -> int | None:
    """Return the number of matches, counted up to ``MOST_COUNTED + 1``; ``None`` if it needn't be shown."""
    if not active.keys() - {"status", "urutan"} or active.get("urutan") == TEACHING:  # counted above; has only one page
        return None
    beside = {row.complaint.id for row in otherwise}
    return queue.number_found(session, wanted, beside, MOST_COUNTED + 1)


def _first_rows(first: list[queue.Row], others: list[queue.Row]) -> list[queue.Row]:
    """Return all rows without duplicates, ``first`` before the others."""
    return list({row.complaint.id: row for row in (*first, *others)}.values())


def next_in(
    session: Session, desk: Desk, params: QueryParams, now: dt.datetime, but: int, viewer: Identity
) -> int | None:
    """Return the first complaint of the queue other than ``but``, preferably one that nobody else is working on."""
    wanted, active = filter_of(params, now)
    rows = _page(session, desk, wanted, active, None, viewer, size=_CANDIDATES).rows
    numbers = [row.complaint.id for row in rows if row.complaint.id != but]
    holders = claims.holders(session, numbers, now)
    free = (number for number in numbers if holders.get(number, viewer.name) == viewer.name)
    return next(free, numbers[0] if numbers else None)


def _page(
    session: Session,
    desk: Desk,
    wanted: Filter,
    active: dict[str, str],
    cursor: str | None,
    viewer: Identity,
    size: int = queue.PAGE_SIZE,
) -> queue.Page:
    """Return a page in the requested order; that for training has one page, which refills as complaints are decided."""
    if active.get("urutan") == TEACHING and Scope.REVIEW in viewer.scopes:
        return queue.Page(queue.ranked(session, wanted, desk.review.teaching(), size), None)
    if not wanted.newest_first:
        active.pop("urutan", None)
    return queue.page(session, wanted, cursor, size)


def _item(desk: Desk, row: queue.Row, now: dt.datetime, claimed_by: str | None) -> Item:
    complaint, suggested = row.complaint, row.suggestion
    words = " ".join(complaint.text.split())
    sent = complaint.agencies
    first = sent[0] if sent else suggested.agency
    status = Status(complaint.status)
    return Item(
        id=complaint.id,
        level=complaint.urgency,
        clock=wording.clock_of(status, complaint.due_at, complaint.closed_at, now, desk.calendar),
        words=words if len(words) <= _FIRST_CHARS else words[:_FIRST_CHARS].rsplit(" ", 1)[0] + " …",
        where=complaint.kecamatan or "",
        office=desk.offices.name(first) if first else "belum ada usulan",
        probability=None if sent else suggested.probability,
        decision=complaint.decision,
        status=status,
        loops=complaint.loops,
        secret=complaint.secret,
        claimed_by=claimed_by,
    )


def _without(active: dict[str, str], name: str) -> str:
    return urlencode({other: value for other, value in active.items() if other != name})


def _options(numbers: dict[str, int], label: Callable[[str], str]) -> tuple[Option, ...]:
    """Return the values that occur, the most frequent first."""
    found = sorted((-number, label(value), value) for value, number in numbers.items())
    return tuple(Option(value, shown, -number) for number, shown, value in found)


def _known(kind: type[Member], value: str | None) -> Member | None:
    return next((member for member in kind if member.value == value), None)
