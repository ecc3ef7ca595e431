"""Orders of a dispatcher, validated as far as possible without the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.complaint import UNREADABLE, Level
from pipeline.numerals import thousands
from serve.errors import OrderError
from serve.store.history import Action, Situation

MAX_WHY_CHARS = 2_000
MAX_AGENCIES = 10
MAX_PARTS = 10
MAX_TAGS, MAX_TAG_CHARS = 20, 200
SERVICE_TAG = "layanan:"  # begins the tag of an Open311 service that a sender chose; its code follows
# Actions that need a reason: they contradict somebody, or would be hard to understand later.
_NEEDS_WHY = frozenset({Action.RETURN, Action.OUTSIDE, Action.REOPEN})
# Actions that only the system puts on record.
NOT_ORDERED = frozenset({Action.RECEIVE, Action.WITHDRAW, Action.ERASE})


def chosen_once(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return agencies as put on record: in order, without duplicates."""
    return tuple(dict.fromkeys(codes))


def tags_once(tags: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return tags as put on record: lower-cased, sorted, without duplicates; ``None`` leaves them unchanged."""
    return None if tags is None else tuple(sorted({tag.strip().lower() for tag in tags} - {""}))


@dataclass(frozen=True, slots=True)
class Order:
    """A dispatcher's order.

    Attributes
    ----------
    agencies
        For ``forward`` one or several; for ``outside`` who is responsible; for ``relabel`` who would have been right.
    agency
        For ``return``: the agency that returned it.
    urgency
        For ``urgency``; optional for ``forward``, to do both at once.
    into
        For ``merge``: number of the target.
    parts
        For ``split``: the text of each part.
    text
        For ``answer``: what the citizen added.
    situation, tags
        For ``mark``.

    Raises
    ------
    OrderError
        If something is missing, excessive or unreadable.
    """

    action: Action
    agencies: tuple[str, ...] = ()
    agency: str | None = None
    why: str = ""
    urgency: Level | None = None
    into: int | None = None
    parts: tuple[str, ...] = ()
    text: str | None = None
    situation: Situation | None = None
    tags: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.action in NOT_ORDERED:
            raise OrderError("Tindakan ini dicatat oleh sistem sendiri.", mend="Pilih tindakan lain.")
        problems = {
            "Instansi belum dipilih.": self.action in {Action.FORWARD, Action.RELABEL} and not self.agencies,
            "Pilih satu instansi saja.": self.action is Action.RELABEL and len(self.agencies) > 1,
            f"Lebih dari {MAX_AGENCIES} instansi.": len(self.agencies) > MAX_AGENCIES,
            "Instansi yang mengembalikan belum disebut.": self.action is Action.RETURN and not self.agency,
            "Tingkat urgensi belum dipilih.": self.action is Action.URGENCY and self.urgency is None,
            "Aduan tujuan penggabungan belum disebut.": self.action is Action.MERGE and self.into is None,
            f"Pemecahan butuh 2 sampai {MAX_PARTS} bagian.": self.action is Action.SPLIT
            and not 2 <= len(self.parts) <= MAX_PARTS,
            "Jawaban pelapor masih kosong.": self.action is Action.ANSWER and not (self.text or "").strip(),
            "Alasannya belum ditulis.": self.action in _NEEDS_WHY and not self.why.strip(),
            f"Alasan lebih dari {thousands(MAX_WHY_CHARS)} karakter.": len(self.why) > MAX_WHY_CHARS,
            f"Lebih dari {MAX_TAGS} tanda.": len(self.tags or ()) > MAX_TAGS,
            f"Ada tanda yang lebih dari {MAX_TAG_CHARS} karakter.": any(
                len(tag) > MAX_TAG_CHARS for tag in self.tags or ()
            ),
            "Ada karakter yang bukan tulisan.": any(UNREADABLE.search(words) for words in self._words()),
        }
        if what := next((what for what, found in problems.items() if found), None):
            raise OrderError(what, mend="Lengkapi keputusannya, lalu kirim lagi.")

    def _words(self) -> Iterator[str]:
        yield from (self.why, self.agency or "", self.text or "")
        yield from (*self.agencies, *self.parts, *(self.tags or ()))
