"""Names of places in a text and their context: after *kecamatan*, as part of a street's name, after *arah*."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache, partial
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from pipeline.text import Token
from pipeline.text.normalise import NUMBER
from pipeline.text.stems import is_root
from pipeline.text.tokens import Word

MAX_NAME_WORDS = 7  # Kecamatan Balai Baiak Malai III Koto has six
ADDRESS_WORDS = 8  # tokens of a street's name and number
MIN_SIMILARITY = 88  # of 100: one wrong letter in eight; below that Karangsari would match Karangasih
MIN_FUZZY_LETTERS = 6  # with a wrong letter a shorter name becomes another name
MAX_GUESSED = 48  # places after *desa* and the like in one text; the most in 10,268 real complaints was 24

Entry = TypeVar("Entry")


class Lead(StrEnum):
    """The context before a name."""

    KIND = "kind"  # kecamatan, kelurahan, desa, and who heads them
    LOCAL = "local"  # di (Javanese ndek, ning), warga, daerah, kampung
    START = "start"  # nothing: the beginning, a comma, its own line
    ALLEY = "alley"  # a comma after an alley, an RT or a block, which lie in one village, while roads cross borders
    ROAD = "road"  # a comma after a road
    NEAR = "near"  # dekat, depan, perbatasan
    STREET = "street"  # jalan, raya, gang: the name is a street's
    HOUSING = "housing"  # perumahan, griya: the name is an estate's
    OFFICE = "office"  # puskesmas, polsek: the name is that of the place which the office serves
    BUILDING = "building"  # pasar, SDN, hotel: the name is a building's
    TOWARDS = "towards"  # arah, menuju, dari
    OTHER = "other"


class Tail(StrEnum):
    """The context after a name."""

    PARENT = "parent"  # the name of the place that contains it: Keputih, Sukolilo
    CLOSED = "closed"  # the end, or punctuation
    LONGER = "longer"  # indah, timur, gang, a number: the name continues, and is that of a street or estate
    CAPITAL = "capital"  # a capitalised word in a text with small letters: the name may continue
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Mention(Generic[Entry]):
    """A name in a text, and what it can mean.

    Attributes
    ----------
    kind
        ``kecamatan``, ``kelurahan`` or ``desa`` if the word before says so.
    """

    start: int
    end: int
    name: str
    words: int
    candidates: tuple[Entry, ...]
    lead: Lead
    tail: Tail
    kind: str | None = None

    def with_candidates(self, candidates: tuple[Entry, ...]) -> Mention[Entry]:
        """Return the same mention with fewer candidates."""
        return replace(self, candidates=candidates)


_Found = tuple[int, tuple[Entry, ...]]  # number of words of a name, and what it means

# Including the words used in Papua, Yogyakarta, West Sumatra, Simalungun, Aceh and Lampung, and their heads.
_KIND_WORDS: Mapping[str, str] = {
    "kecamatan": "kecamatan camat distrik kapanewon panewu kemantren",
    "kelurahan": "kelurahan lurah",
    "desa": "desa kalurahan nagari nagori gampong keuchik pekon tiyuh",
}
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()} | {"kepala desa": "desa"}
_LEADS: Mapping[Lead, str] = {
    Lead.KIND: " ".join(_KIND_WORDS.values()),
    Lead.LOCAL: "di daerah wilayah warga kampung dusun sekitar kawasan lokasi domisili alamat didaerah diwilayah area "
    "lingkungan penduduk masyarakat tinggal ndek ndik nde ning neng ing",  # the last six are Javanese for di
    Lead.NEAR: "dekat depan seberang samping belakang sebelah perbatasan sebrang didepan",
    Lead.STREET: "jalan raya gang tol lorong jembatan perempatan pertigaan simpang bundaran terusan underpass flyover "
    "sungai kali",
    Lead.HOUSING: "perumahan perum perumnas apartemen kompleks komplek komp villa vila pondok griya graha wisma puri "
    "taman cluster klaster ruko rusun rusunawa kost bukit citra bumi permata pesona grand",
    Lead.OFFICE: "puskesmas pustu polsek koramil",
    Lead.BUILDING: "pasar posyandu sd sdn smp smpn sma sman smk smkn tk paud mi mts indomaret alfamart "
    "polres masjid mushola stasiun terminal tpa tps tpu makam kantor hotel mall mal plaza bank spbu pln "
    "pdam balai gereja pabrik toko warung sakit klinik rsud rsia lapangan waduk bozem kampus",
    Lead.TOWARDS: "arah menuju tujuan ke jurusan dari sampai hingga antara kearah",
}
STREET_WORDS = frozenset(_LEADS[Lead.STREET].split())
_LEAD_OF = {word: lead for lead, words in _LEADS.items() for word in words.split()}
_PARENTS = frozenset(
    {"kota", "kabupaten", "kecamatan", "distrik", "kapanewon", "kemantren", "kelurahan", "desa", "rt", "rw"}
)
_THROUGH = frozenset({"nomor", "negeri", "<angka>"})  # SDN 1 X, SMP negeri X
_LONGER_WORDS = (
    "indah asri permai baru lama jaya tama tengah timur barat utara selatan lor kidul wetan kulon raya gang nomor blok "
    "dalam besar kecil mulya regency residence city square mall estate town village park garden hills <angka> rejo "
    "sari i ii iv v vi vii ix x xi xii"
)
_LONGER = frozenset(_LONGER_WORDS.split())
# After a number these are what it counts, so the number is not part of the name: di Cibitung 3 hari.
_COUNTED_WORDS = (
    "orang warga anak siswa jiwa kepala kartu keluarga rumah unit titik tiang pohon motor mobil truk ekor menit jam "
    "hari malam minggu pekan bulan tahun kali meter kilometer persen"
)
_COUNTED = frozenset(_COUNTED_WORDS.split())
_SMALL_WORDS = "gang rt rw blok lorong i ii iv v vi vii ix x xi xii xiv xv"  # III is read as I
_SMALL = frozenset(_SMALL_WORDS.split())
_WITHIN_WORDS = "'’-"  # signs that may occur inside a word
_PAUSE = re.compile(r"[^\w\s'’\-\"(]|\n")


class NameIndex(Generic[Entry]):
    """Names as people write them, with and without spaces, and what they mean.

    Parameters
    ----------
    entries
        Pairs of a name and what it means; a name may occur several times.
    own
        The names of the region itself; a place followed by one of them is the end of an address.
    misspelt
        Names that are also recognised with a wrong letter, after a word such as *desa*.
    """

    def __init__(
        self, entries: Iterable[tuple[str, Entry]], own: Iterable[str] = (), misspelt: Iterable[str] = ()
    ) -> None:
        self._by_name: dict[str, tuple[Entry, ...]] = {}
        # Most words of a complaint don't begin a name, which one look-up in this set shows. It contains a single letter
        # only if that is the first word of a name.
        self._beginnings: set[str] = set()
        for name, entry in entries:
            for key in ways_to_write(name):
                self._by_name[key] = (*self._by_name.get(key, ()), entry)
                self._beginnings.update(key[:size] for size in range(2, len(key) + 1))
            first = joined(name.partition(" ")[0])
            self._beginnings.update([first] if len(first) == 1 else ())
        self._own = frozenset(own) | _PARENTS
        # Searching all names takes 0.1 ms, so results are cached. A bound method would reference this object, which
        # references the cache: only garbage collection would free them, from which a server exempts what it loaded.
        self._nearest = lru_cache(maxsize=4_096)(partial(_nearest, sorted({joined(name) for name in misspelt})))

    def may_mention(self, words: Sequence[Word]) -> bool:
        """Tell, quickly, whether :meth:`mentions` can yield anything for these words; ``False`` is certain."""
        beginnings = self._beginnings
        forms = [word.typed for word in words]
        return any(
            (form in beginnings and self._longest(forms, position)) or words[position].normal in _KINDS
            for position, form in enumerate(forms)
        )

    def mentions(self, text: str, tokens: Sequence[Token]) -> Iterator[Mention[Entry]]:
        """Yield the names in ``text``, the longest at each position."""
        beginnings = self._beginnings
        forms = [token.word.typed for token in tokens]
        mixed = not text.isupper()
        position = guessed = 0
        while position < len(forms):
            found = self._longest(forms, position) if forms[position] in beginnings else None
            if not found and position and tokens[position - 1].normal in _KINDS and guessed < MAX_GUESSED:
                guessed += 1
                found = self._misspelt(forms[position : position + 2])
            if not found:
                position += 1
                continue
            size, meanings = found
            end = position + size
            lead = _lead(text, tokens, position)
            yield Mention(
                tokens[position].start,
                tokens[end - 1].end,
                joined("".join(forms[position:end])),
                size,
                meanings,
                lead,
                self._tail(text, tokens, end, mixed),
                _KINDS.get(tokens[position - 1].normal) if lead is Lead.KIND else None,
            )
            position = end

    def _longest(self, forms: Sequence[str], position: int) -> _Found[Entry] | None:
        """Return the longest name that starts at ``position``."""
        longest = None
        name = ""
        for size, form in enumerate(forms[position : position + MAX_NAME_WORDS], start=1):
            name += form
            if name not in self._beginnings:
                break
            if meanings := self._by_name.get(name):
                longest = (size, meanings)
        return longest

    def _misspelt(self, forms: Sequence[str]) -> _Found[Entry] | None:
        for size in range(len(forms), 0, -1):
            name = joined("".join(forms[:size]))
            if len(name) >= MIN_FUZZY_LETTERS and (nearest := self._nearest(name)):
                return size, self._by_name[nearest]
        return None

    def _tail(self, text: str, tokens: Sequence[Token], position: int, mixed: bool) -> Tail:
        if position == len(tokens):
            return Tail.CLOSED
        token = tokens[position]
        gap = text[tokens[position - 1].end : token.start]
        if token.normal in self._own:
            return Tail.PARENT
        if _PAUSE.search(gap):
            return Tail.CLOSED
        if token.normal in _LONGER and not _counts(tokens, position):
            return Tail.LONGER
        return Tail.CAPITAL if mixed and text[token.start].isupper() else Tail.OPEN


def _counts(tokens: Sequence[Token], position: int) -> bool:
    """Tell whether a number counts what the next word names."""
    return (
        tokens[position].normal == NUMBER and position + 1 < len(tokens) and tokens[position + 1].word.first in _COUNTED
    )


def joined(name: str) -> str:
    """Return a name in small letters without spaces and punctuation: *tambunselatan* for *Tambun Selatan*."""
    return "".join(filter(str.isalnum, name.lower()))


def ways_to_write(name: str) -> set[str]:
    """Return the forms that a name can have in a text, with its words joined: *sa'dan* and *sadan* for *Sa'dan*."""
    kept = "".join(word.strip(_WITHIN_WORDS) for word in name.lower().split())
    kept = "".join(letter for letter in kept if letter.isalnum() or letter in _WITHIN_WORDS)
    return {joined(name), kept, kept.replace("’", "'"), kept.replace("'", "’")} - {""}


def _nearest(names: Sequence[str], name: str) -> str | None:
    """Return the one of ``names`` that differs from ``name`` by a wrong letter, if any."""
    found = process.extract(name, names, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, limit=2)
    if not found or is_root(name) or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    return found[0][0]


def _lead(text: str, tokens: Sequence[Token], position: int) -> Lead:
    """Return the context before the token at ``position``."""
    if position == 0:
        return Lead.START
    before = tokens[position - 1]
    lead = _told_by(before)
    gap = text[before.end : tokens[position].start]
    if lead and not (set(gap) & {",", ";", "\n"}):
        return lead
    if _PAUSE.search(gap):
        return _address_lead(tokens, position)
    if before.normal in _THROUGH and position > 1:
        return _told_by(tokens[position - 2]) or Lead.OTHER
    return Lead.OTHER


def _told_by(token: Token) -> Lead | None:
    """Return what a word before a name says about it, as typed, since *sma* is read as *sama*, or as meant."""
    return _LEAD_OF.get(token.word.typed) or _LEAD_OF.get(token.word.last)


def _address_lead(tokens: Sequence[Token], position: int) -> Lead:
    """Return the kind of the address before a comma: an alley, a road, or none."""
    lead = Lead.START
    for token in reversed(tokens[max(0, position - ADDRESS_WORDS) : position]):
        if token.normal in _SMALL:
            return Lead.ALLEY
        if _LEAD_OF.get(token.normal) is Lead.STREET:
            lead = Lead.ROAD
    return lead
