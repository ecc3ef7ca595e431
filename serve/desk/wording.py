"""Indonesian wording of levels, deadlines, actions, dates and percentages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.complaint import ALARMS, Decision, Kind, Level, Place, Span, Urgency
from pipeline.numerals import thousands
from pipeline.region import Region
from serve.store.deadlines import WorkingCalendar
from serve.store.lifecycle import Action, Status

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_LONG_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_SOON_DAYS = 1

DECISIONS = {
    Decision.SUGGEST: "Usulan jelas",
    Decision.CHOOSE: "Perlu dipilih",
    Decision.READ: "Baca dahulu",
}
LEVELS = {
    Level.DARURAT: "Nyawa atau keselamatan terancam sekarang: kabari instansinya lewat telepon juga.",
    Level.TINGGI: "Bila dibiarkan 1 sampai 3 hari: luka atau rugi berat, layanan pokok putus, orang rentan telantar.",
    Level.SEDANG: "Keluhan biasa: ada yang rusak atau tidak jalan, tetapi dapat menunggu giliran.",
    Level.RENDAH: "Pertanyaan, saran, atau hal yang tidak mendesak.",
}
KINDS = {
    Kind.PENGADUAN: "",
    Kind.INFORMASI: "permintaan informasi",
    Kind.ASPIRASI: "aspirasi",
    Kind.BUKAN: "tampaknya bukan aduan",
}
DONE = {
    Action.RECEIVE: "diterima",
    Action.FORWARD: "diteruskan",
    Action.URGENCY: "urgensi diubah",
    Action.MARK: "ditandai",
    Action.ASK: "pelapor ditanya",
    Action.ANSWER: "pelapor menjawab",
    Action.OUTSIDE: "dinyatakan di luar kewenangan",
    Action.NOT_COMPLAINT: "bukan aduan",
    Action.MERGE: "digabung",
    Action.SPLIT: "dipecah",
    Action.WITHDRAW: "ditarik",
    Action.RETURN: "dikembalikan instansi",
    Action.START: "mulai diproses",
    Action.FINISH: "selesai",
    Action.REOPEN: "dibuka lagi",
    Action.ERASE: "data pribadi dihapus",
    Action.RELABEL: "diperiksa, yang tepat",
    Action.UNDO: "dibatalkan",
}
_NOT_OF_THE_COMPLAINT = frozenset({Action.URGENCY, Action.ASK, Action.ANSWER, Action.NOT_COMPLAINT})


@dataclass(frozen=True, slots=True)
class Clock:
    """Wording of the time left; ``tone`` is ``late``, ``soon`` or ``calm``."""

    text: str
    tone: str


def clock_of(
    status: Status, due: dt.datetime, closed: dt.datetime | None, now: dt.datetime, calendar: WorkingCalendar
) -> Clock | None:
    """Return the wording of a complaint's deadline; ``None`` if closed other than by an agency, when it is moot."""
    if closed is None:
        return _running(due, now, calendar)
    return _stopped(due, closed, calendar) if status is Status.SELESAI else None


def _running(due: dt.datetime, now: dt.datetime, calendar: WorkingCalendar) -> Clock:
    left = calendar.days_left(due, now)
    if left < 0:
        return Clock(f"terlambat {thousands(-left)} hari kerja", "late")
    if left == 0:
        return Clock("jatuh tempo hari ini", "soon")
    return Clock(f"sisa {thousands(left)} hari kerja", "soon" if left <= _SOON_DAYS else "calm")


def _stopped(due: dt.datetime, closed: dt.datetime, calendar: WorkingCalendar) -> Clock:
    left = calendar.days_left(due, closed)
    return Clock("selesai tepat waktu" if left >= 0 else f"selesai, terlambat {thousands(-left)} hari kerja", "calm")


def sentence(number: int, action: Action, what: str) -> str:
    """Return what was done as a sentence; a colon separates actions that don't have the complaint as their subject."""
    if action is Action.UNDO:  # it is the decision that is cancelled, not the complaint
        return f"Keputusan atas aduan {number} dibatalkan."
    return f"Aduan {number}{':' if action in _NOT_OF_THE_COMPLAINT else ''} {what}."


def why(urgency: Urgency, level: Level) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """Return the reasons for a complaint's urgency, and their spans in the text.

    Empty if a person has changed the urgency, and for levels below the alarms: their reasons are only some words that
    the model relies on, and *Sedang karena "desa"* would tell a dispatcher nothing.
    """
    return (urgency.reasons, urgency.spans) if level is urgency.level and level in ALARMS else ((), ())


def where(place: Place | None, region: Region) -> str | None:
    """Return a complaint's place in the region's wording: *Desa Wanasari, Kecamatan Cibitung*."""
    return region.place_told(place.kind, place.name, place.kecamatan) if place else None


def share(part: float) -> str:
    """Return a counted share as a percentage; unlike a probability it may be 0% or 100%."""
    return f"{part * 100:.0f}%"


def tenths(number: float) -> str:
    """Return a number with one decimal: ``3,5``."""
    return f"{number:.1f}".replace(".", ",")


def date(day: dt.date) -> str:
    """Return a date in short, for tables: ``3 Des 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Return a date in full, for citizens: ``3 Desember 2026``."""
    local = moment.astimezone(zone)
    return f"{local.day} {_LONG_MONTHS[local.month - 1]} {local.year}"


def long(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Return a date and time in full: ``3 Desember 2026 pukul 08.15``."""
    return f"{day(moment, zone)} pukul {moment.astimezone(zone):%H.%M}"


def short(moment: dt.datetime, zone: ZoneInfo, now: dt.datetime | None = None) -> str:
    """Return a short date and time: ``3 Des 08.15``, or ``3 Des 2024 08.15`` if not in the year of ``now``."""
    local = moment.astimezone(zone)
    year = f" {local.year}" if now is not None and local.year != now.astimezone(zone).year else ""
    return f"{local.day} {_MONTHS[local.month - 1]}{year} {local:%H.%M}"


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """Return how long ago something was."""
    minutes = max(0, round((now - moment).total_seconds() / 60))
    if minutes < 1:
        return "baru saja"
    if minutes < 60:
        return f"{minutes} menit lalu"
    if minutes < 24 * 60:
        return f"{minutes // 60} jam lalu"
    return f"{thousands(minutes // (24 * 60))} hari lalu"


def delivery(*, sent: bool, reachable: bool, overtaken: bool) -> str:
    """Return the delivery status of a reply to the citizen."""
    if sent:
        return "terkirim"
    if overtaken:
        return "tidak dikirim: aduannya sudah tidak pada instansi itu"
    return "dikirim sesudah masa pembatalan" if reachable else "tidak dikirim, sampaikan sendiri kepada pelapor"


def channel(name: str) -> str:
    """Return a channel's display name."""
    known = {"sp4n-lapor": "SP4N-LAPOR!", "whatsapp": "WhatsApp", "api": "API", "sms": "SMS"}
    return known.get(name, name.replace("-", " ").capitalize())
