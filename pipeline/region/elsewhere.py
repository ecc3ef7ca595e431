"""Other regencies, cities and provinces: how they are called, and whether a complaint is about one."""

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
# After these a name tells which government is meant, even if the name is an ordinary word (Kota Batu, Kota Malang).
_GOVERNMENT_WORDS = {
    "kota": "kota", "pemkot": "kota", "wali kota": "kota", "kabupaten": "kabupaten", "pemkab": "kabupaten",
    "bupati": "kabupaten", "provinsi": "provinsi", "pemprov": "provinsi",
}  # fmt: skip
# After these it names a street, an origin, a direction or a dish, not where something happens.
_NOT_WHERE = STREET_WORDS | {
    "perumahan", "kampung", "dari", "ke", "arah", "menuju", "tujuan", "jurusan", "asal", "asli", "kelahiran", "orang",
    "suku", "bahasa", "nasi", "soto", "bakso", "sate", "mi", "tahu", "batik", "kereta", "bus", "bank", "klub",
    "bandara", "stasiun", "pelabuhan", "universitas",
}  # fmt: skip
# Names that mean something else far more often, whatever stands beside them: offices, materials, words of Java.
_AMBIGUOUS = frozenset({
    "kaur", "bangli", "batubara", "karo", "demak", "kotabaru", "pedes", "makasar", "batang", "puncak", "landak",
    "metro", "medan", "ketapang",
})  # fmt: skip
# Words of the dictionary that hardly anybody writes but for the town.
_RARE_WORDS = frozenset({"jonggol", "porong", "koja", "tangsel"})
_ALSO_CALLED = {
    "Solo": "Kota Surakarta", "Jogja": "Kota Yogyakarta", "Tangsel": "Kota Tangerang Selatan",
    "Jakpus": "Kota Administrasi Jakarta Pusat", "Jakut": "Kota Administrasi Jakarta Utara",
    "Jakbar": "Kota Administrasi Jakarta Barat", "Jaksel": "Kota Administrasi Jakarta Selatan",
    "Jaktim": "Kota Administrasi Jakarta Timur", "Jabar": "Jawa Barat", "Jateng": "Jawa Tengah", "Jatim": "Jawa Timur",
}  # fmt: skip
_LOCAL = frozenset({"Kabupaten", "Kota"})  # kinds of government that are no province
_SHORTEST_IN_ADDRESS = 5  # letters; shorter names (Alor, Ende, Pati) begin too many streets and estates


@dataclass(frozen=True, slots=True)
class Government:
    """Another province, regency or city.

    Attributes
    ----------
    name
        As it is called officially: *Kabupaten Garut*.
    bare
        Without its kind: *Garut*.
    telling
        Whether the bare name says which government is meant: no ordinary word, no name of the region itself.
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
    """Return all governments but a region's own and its province; none for a code that is no region's."""
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
    """Return (kecamatan, regency or city) of governments that adjoin a region, if their names tell which is meant.

    Those that are words which people write don't, nor what the region itself is called: about *Sukabumi* somebody of
    Kota Sukabumi writes, and not of the kecamatan next door.
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
    """Return how places outside a regency are called: *Kota Bekasi*, *Karawang*, *Kecamatan Rawalumbu*.

    Kecamatan are those of the same province and of the ``neighbours``, and need the word before them: there are too
    many of them to be told from villages and ordinary words otherwise. One that a kecamatan of the region begins with
    (*Ujung* in Parepare, *Ujung Tanah* in Makassar) is none of them.
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
    """Return names that mean another government only behind a village's: *Sukaraja Bogor*, *Mekarsari Cileungsi*.

    Those of provinces too: by itself *di Banten* says less than the village that the same text names.
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
    """Finds the names of other governments, and of the kecamatan next door; places of the region itself are none.

    Parameters
    ----------
    code
        The region's own Kemendagri code; any other (``none``) finds nothing.
    places
        The region's places: a name that one of them has is never elsewhere.
    neighbours
        Codes of the regencies and cities whose kecamatan are known by name.
    landmarks
        The region's landmarks: the name of one is elsewhere only behind the word *kecamatan*.
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
        # Most words of a complaint begin no name: one look into this set passes them.
        self._beginnings = {bare[:size] for bare in self._bare for size in range(1, len(bare) + 1)}

    def find(self, words: Sequence[Word]) -> str | None:
        """Return what a text names as where it happens: the first other government, or kecamatan next door."""
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
        """Tell whether the word there ends a name of the region: *Babakan Ciamis*."""
        begins = range(max(0, position + 1 - MAX_NAME_WORDS), position)
        return any("".join(forms[begin : position + 1]) in self._own for begin in begins)

    def _named(self, word: Word, forms: Sequence[str], own: Set[str]) -> str | None:
        """Return what the words from ``word`` on name: the longest name, unless that is one of the region's own."""
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
    """Return how a region and its province are called, without their kind."""
    known = governments()
    return frozenset(joined(_bare(known.get(own, ""))) for own in (code, code[:2]))


def _is_root(name: str) -> bool:
    return name not in _RARE_WORDS and is_root(name)


def _bare(name: str) -> str:
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(f"{prefix} ")), "")
    return name.removeprefix(prefix).strip()


def _one_word(name: str) -> str:
    """Return a name as one word of the dictionary, which has hyphens: *tangan-tangan*, and *sa'dan* is none."""
    return "".join(name.lower().split())
