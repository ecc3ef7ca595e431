"""Other regencies, cities and provinces: their names, and whether a complaint is about one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache

from pipeline.region.mentions import STREET_WORDS, joined, ways_to_write
from pipeline.region.national import governments, kecamatan_elsewhere, kecamatan_of
from pipeline.region.schema import Landmark, PlaceEntry
from pipeline.text.stems import is_root, stem
from pipeline.text.tokens import Word

MAX_NAME_WORDS = 5  # Kabupaten Ogan Komering Ulu Selatan
_PREFIXES = ("Kabupaten Administrasi", "Kota Administrasi", "Kabupaten", "Kota", "Daerah Istimewa", "DKI")
# After these words a name means a government, even if it is an ordinary word (Kota Batu, Kota Malang).
_GOVERNMENT_WORDS = {
    "kota": "kota", "pemkot": "kota", "wali kota": "kota", "kabupaten": "kabupaten", "pemkab": "kabupaten",
    "bupati": "kabupaten", "provinsi": "provinsi", "pemprov": "provinsi",
}  # fmt: skip
# After these words it names a street, an origin, a direction or a dish, not where something happens.
_NOT_WHERE = STREET_WORDS | {
    "perumahan", "kampung", "dari", "ke", "arah", "menuju", "tujuan", "jurusan", "asal", "asli", "kelahiran", "orang",
    "suku", "bahasa", "nasi", "soto", "bakso", "sate", "mi", "tahu", "batik", "kereta", "bus", "bank", "klub",
    "bandara", "stasiun", "pelabuhan", "universitas",
}  # fmt: skip
# Names that mean something else far more often, in any context: offices, materials, Javanese words.
_AMBIGUOUS = frozenset({
    "kaur", "bangli", "batubara", "karo", "demak", "kotabaru", "pedes", "makasar", "batang", "puncak", "landak",
    "metro", "medan", "ketapang",
})  # fmt: skip
# Dictionary words that people hardly use except for the town.
_RARE_WORDS = frozenset({"jonggol", "porong", "koja", "tangsel"})
_ALSO_CALLED = {
    "Solo": "Kota Surakarta", "Jogja": "Kota Yogyakarta", "Tangsel": "Kota Tangerang Selatan",
    "Jakpus": "Kota Administrasi Jakarta Pusat", "Jakut": "Kota Administrasi Jakarta Utara",
    "Jakbar": "Kota Administrasi Jakarta Barat", "Jaksel": "Kota Administrasi Jakarta Selatan",
    "Jaktim": "Kota Administrasi Jakarta Timur", "Jabar": "Jawa Barat", "Jateng": "Jawa Tengah", "Jatim": "Jawa Timur",
}  # fmt: skip
_LOCAL = frozenset({"Kabupaten", "Kota"})  # kinds of government other than provinces
_SHORTEST_IN_ADDRESS = 5  # letters; shorter names (Alor, Ende, Pati) begin too many streets and estates


@dataclass(frozen=True, slots=True)
class Government:
    """Another province, regency or city.

    Attributes
    ----------
    name
        Its official name: *Kabupaten Garut*.
    bare
        Without its kind: *Garut*.
    telling
        Whether the bare name is unambiguous: not an ordinary word, and not a name of the region itself.
    """

    name: str
    bare: str
    telling: bool

    @property
    def kind(self) -> str:
        """*Kabupaten*, *Kota* or *Provinsi*."""
        first = self.name.partition(" ")[0]
        return first if first in _LOCAL else "Provinsi"


@cache
def other_governments(code: str) -> tuple[Government, ...]:
    """Return all governments except a region's own and its province; none for a code that is not a region's."""
    known = governments()
    if code not in known:
        return ()
    mine = {known[code], known[code[:2]]}
    own = _own_names(code) | _AMBIGUOUS
    called = [(name, _bare(name)) for name in known.values()] + [(name, bare) for bare, name in _ALSO_CALLED.items()]
    return tuple(
        Government(name, bare, joined(bare) not in own and not _is_root(joined(bare)))
        for name, bare in called
        if name not in mine
    )


@cache
def neighbouring_kecamatan(code: str, neighbours: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (kecamatan, regency or city) of the governments adjoining a region, if their names are unambiguous.

    Ordinary words are ambiguous, and so is the region's own name: in Kota Sukabumi, *Sukabumi* means the city and not
    the kecamatan next door.
    """
    own = _own_names(code)
    return tuple(
        (name, government)
        for name, government in kecamatan_of(neighbours)
        if len(name) >= _SHORTEST_IN_ADDRESS
        and joined(name) not in own | _AMBIGUOUS
        and not _is_root(stem(_one_word(name)))
    )


@cache
def names_elsewhere(code: str, neighbours: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return names of places outside a regency: *Kota Bekasi*, *Karawang*, *Kecamatan Rawalumbu*.

    Kecamatan are those of the same province and of the ``neighbours``, and only count after that word: there are too
    many to distinguish them from villages and ordinary words otherwise. The beginning of an own kecamatan's name
    (*Ujung* in Parepare, *Ujung Tanah* in Makassar) is left out.
    """
    called: list[str] = []
    for other in other_governments(code):
        if other.kind in _LOCAL:
            called += (other.name, f"Kab {other.bare}" if other.kind == "Kabupaten" else f"{other.bare} Kota")
            called += [other.bare] if other.telling and len(other.bare) >= _SHORTEST_IN_ADDRESS else []
    own = [f"{name.lower()} " for name, _ in kecamatan_of((code,))]
    for name, _ in (*kecamatan_elsewhere(code), *kecamatan_of(neighbours)):
        if not any(mine.startswith(f"{name.lower()} ") for mine in own):
            called += (f"Kecamatan {name}", f"Kec {name}")
    return tuple(called)


@cache
def names_behind(code: str, neighbours: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return names that mean another government only after a village: *Sukaraja Bogor*, *Mekarsari Cileungsi*.

    This includes provinces: *di Banten* alone says less than a village named in the same text.
    """
    own = _own_names(code)
    return (
        *(
            other.bare
            for other in other_governments(code)
            if not (other.telling and other.kind in _LOCAL)
            and joined(other.bare) not in own | _AMBIGUOUS
            and (other.bare in _ALSO_CALLED or len(other.bare) >= _SHORTEST_IN_ADDRESS)
        ),
        *(name for name, _ in neighbouring_kecamatan(code, neighbours)),
    )


class ElsewhereFinder:
    """Finds the names of other governments and of adjoining kecamatan, except those that the region has itself.

    Parameters
    ----------
    code
        The region's own Kemendagri code; any other (``none``) finds nothing.
    places
        The region's places: their names never mean elsewhere.
    neighbours
        Codes of the regencies and cities whose kecamatan names are known.
    landmarks
        The region's landmarks: their names mean elsewhere only after the word *kecamatan*.
    """

    def __init__(
        self,
        code: str,
        places: Iterable[PlaceEntry],
        neighbours: tuple[str, ...] = (),
        landmarks: Iterable[Landmark] = (),
    ) -> None:
        self._own_places = _names(places)
        self._own = self._own_places | _names(landmarks)
        others = other_governments(code)
        self._full = {joined(other.name): other.name for other in others}
        self._full |= {joined(f"{other.kind} {other.bare}"): other.name for other in others}
        self._bare = {
            form: f"Kecamatan {name}, {government}"
            for name, government in neighbouring_kecamatan(code, neighbours)
            if others and joined(name) not in self._own_places
            for form in ways_to_write(name)
        } | {
            joined(other.bare): other.name
            for other in others
            if other.telling and joined(other.bare) not in self._own_places
        }
        # Most words of a complaint don't begin a name: one look-up in this set rules them out.
        self._beginnings = {bare[:size] for bare in self._bare for size in range(1, len(bare) + 1)}

    def find(self, words: Sequence[Word]) -> str | None:
        """Return where the text says that it happens: the first other government or adjoining kecamatan."""
        forms = [word.typed for word in words]
        for position, word in enumerate(words):
            if forms[position] not in self._beginnings and word.normal not in _GOVERNMENT_WORDS:
                continue
            before = words[position - 1].normal if position else ""
            if before in _NOT_WHERE:
                continue
            own = self._own_places if before == "kecamatan" else self._own
            found = self._named(word, forms[position : position + MAX_NAME_WORDS], own)
            if found and not self._ends_own(forms, position):
                return found
        return None

    def _ends_own(self, forms: Sequence[str], position: int) -> bool:
        """Tell whether the word at this position ends a name of the region: *Babakan Ciamis*."""
        begins = range(max(0, position + 1 - MAX_NAME_WORDS), position)
        return any("".join(forms[begin : position + 1]) in self._own for begin in begins)

    def _named(self, word: Word, forms: Sequence[str], own: Set[str]) -> str | None:
        """Return what the words from ``word`` on name: the longest name, unless it is one of the region's own."""
        government = _GOVERNMENT_WORDS.get(word.normal)
        for size in range(len(forms), 0, -1):
            name = "".join(forms[:size])
            if name in own:
                return None
            found = self._bare.get(name)
            if found is None and size > 1 and government:
                found = self._full.get(government + "".join(forms[1:size]))
            if found:
                return found
        return None


def _names(named: Iterable[PlaceEntry | Landmark]) -> frozenset[str]:
    return frozenset(form for each in named for name in (each.name, *each.aliases) for form in ways_to_write(name))


def _own_names(code: str) -> frozenset[str]:
    """Return the names of a region and its province, without their kind."""
    known = governments()
    return frozenset(joined(_bare(known.get(own, ""))) for own in (code, code[:2]))


def _is_root(name: str) -> bool:
    return name not in _RARE_WORDS and is_root(name)


def _bare(name: str) -> str:
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(f"{prefix} ")), "")
    return name.removeprefix(prefix).strip()


def _one_word(name: str) -> str:
    """Return a name as one dictionary word, with hyphens: *tangan-tangan*; ``sa'dan`` is not one."""
    return "".join(name.lower().split())
