"""The locations in generated complaints: invented addresses at real places of the region."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.region.schema import PlaceEntry, PlaceKind
from training.starter.local_terms import LocalTerms
from training.starter.phrases import Phrases

_KIND_WORDS: dict[PlaceKind, tuple[str, ...]] = {
    "desa": ("Desa", "desa", "ds"),
    "kelurahan": ("Kelurahan", "Kel.", "kel"),
    "kecamatan": ("Kecamatan", "Kec.", "kec"),
}


OWN_NAME_ALONE = 0.12  # of locations; without it the model would take any regency's name for another region
OWN_NAME_BEHIND = 0.2
NEXT_DOOR = 0.6  # of locations elsewhere, if the region states its neighbours


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a complaint; ``place`` is the code of the place that it names."""

    text: str
    place: str | None = None


class Own:
    """What people call the government of a regency or city, from its official name."""

    def __init__(self, name: str) -> None:
        kind, _, bare = name.partition(" ")
        self._is_city = kind == "Kota"
        self._bare = bare.removeprefix("Administrasi ") or name
        self._name = name

    def name(self, rng: random.Random) -> str:
        """Return the region's name, like *Kab. Bekasi*, or without its kind."""
        return self._bare if rng.random() < 0.35 else rng.choice(_called(self._name))

    def government(self, rng: random.Random) -> str:
        """Return the government's name, like *Pemkab Bekasi*."""
        kinds = ("Pemkot", "Pemerintah Kota") if self._is_city else ("Pemkab", "Pemerintah Kabupaten")
        return f"{rng.choice((*kinds, 'Pemda'))} {self._bare}"

    def head(self, rng: random.Random) -> str:
        """Return the head of the government, like *Bupati Bekasi*."""
        titles = ("Wali Kota", "Walikota") if self._is_city else ("Bupati", "Pak Bupati")
        return f"{rng.choice(titles)} {self._bare}"


class Draws(Protocol):
    """A source of random locations."""

    def draw(self, rng: random.Random) -> list[Part]:
        """Return a location with its preposition, in parts."""

    def home(self, rng: random.Random) -> list[Part]:
        """Return where the writer lives, without preposition."""


class Locations:
    """Draws locations of one region."""

    def __init__(self, places: Sequence[PlaceEntry], phrases: Phrases, own: Own, called: LocalTerms) -> None:
        self._phrases = phrases
        self._own = own
        self._kind_words = {kind: called.kind_words(kind) * 2 + words for kind, words in _KIND_WORDS.items()}
        self._kecamatan = {p.code: p for p in places if p.kind == "kecamatan"}
        self._villages = [p for p in places if p.kind != "kecamatan"]

    def draw(self, rng: random.Random) -> list[Part]:
        """Return a location with its preposition, in parts; often with the region's name, sometimes only that."""
        if rng.random() < OWN_NAME_ALONE:
            return [Part("di"), Part(self._own.name(rng))]
        parts = self._where(rng)
        return [*parts, Part(self._own.name(rng))] if rng.random() < OWN_NAME_BEHIND else parts

    def home(self, rng: random.Random) -> list[Part]:
        """Return where the writer lives, without preposition."""
        if rng.random() < OWN_NAME_ALONE:
            return [Part(self._own.name(rng))]
        return self._named(rng) or [Part(f"RT {rng.randint(1, 15):02d}")]

    def _where(self, rng: random.Random) -> list[Part]:
        parts = [Part("di")]
        detail = self._detail(rng)
        if rng.random() < 0.3:
            parts[0] = Part(rng.choice(self._phrases.landmarks))
        elif detail:
            parts.append(Part(detail))
        named = self._named(rng)
        if named and (len(parts) == 1 or rng.random() < 0.7):
            parts += named
        elif len(parts) == 1 and parts[0].text == "di":
            parts.append(Part(f"Jl. {rng.choice(self._phrases.streets)}"))
        return parts

    def _detail(self, rng: random.Random) -> str:
        kind = rng.randrange(7)
        words = self._phrases
        if kind == 0:
            return f"Jl. {rng.choice(words.streets)} No. {rng.randint(1, 120)}"
        if kind == 1:
            return rng.choice(("Jalan", "jl", "Jl.", "jln")) + f" {rng.choice(words.streets)}"
        if kind == 2:
            return f"RT {rng.randint(1, 15):02d} RW {rng.randint(1, 20):02d}"
        if kind == 3:
            return f"RT {rng.randint(1, 15)}/{rng.randint(1, 20)}"
        if kind == 4:
            block = f"blok {rng.choice('ABCDEFGH')}{rng.randint(1, 30)}"
            return f"{rng.choice(('Perum', 'Perumahan', 'perum'))} {rng.choice(words.housing)} {block}"
        if kind == 5:
            return f"{rng.choice(('Kp.', 'Kampung', 'kp'))} {rng.choice(words.kampungs)}"
        return ""

    def _named(self, rng: random.Random) -> list[Part]:
        if not self._villages or rng.random() < 0.3:
            if not self._kecamatan:
                return []
            place = rng.choice(list(self._kecamatan.values()))
            return self._with_kind(place, rng)
        village = rng.choice(self._villages)
        parts = self._with_kind(village, rng)
        parent = self._kecamatan.get(village.kecamatan_code or "")
        return parts + self._with_kind(parent, rng) if parent and rng.random() < 0.4 else parts

    def _with_kind(self, place: PlaceEntry, rng: random.Random) -> list[Part]:
        name = Part(rng.choice(place.aliases) if place.aliases and rng.random() < 0.2 else place.name, place.code)
        if rng.random() < 0.55:
            return [Part(rng.choice(self._kind_words[place.kind])), name]
        return [name]


class Elsewhere:
    """Draws locations in other regencies of the province and in adjoining ones.

    Parameters
    ----------
    kecamatan
        Pairs of a kecamatan and its regency or city.
    neighbours
        Such pairs for each adjoining government, first the one that people confuse with the region most.
    told
        Adjoining kecamatan that are unambiguous without a word before them or a regency after them.
    """

    def __init__(
        self,
        kecamatan: Sequence[tuple[str, str]],
        neighbours: Sequence[Sequence[tuple[str, str]]] = (),
        told: Collection[str] = (),
    ) -> None:
        self._kecamatan = kecamatan
        self._neighbours = neighbours
        self._weights = range(len(neighbours), 0, -1)
        self._told = told

    def draw(self, rng: random.Random) -> list[Part]:
        """Return a location with its preposition, in parts."""
        return [Part("di"), *self.home(rng)]

    def home(self, rng: random.Random) -> list[Part]:
        """Return where the writer lives, without preposition."""
        pairs = self._kecamatan
        if self._neighbours and rng.random() < NEXT_DOOR:
            pairs = rng.choices(self._neighbours, self._weights)[0]
        kecamatan, regency = rng.choice(pairs)
        called = Part(rng.choice(_called(regency)))
        if rng.random() < 0.5:
            return [called]
        if kecamatan in self._told and rng.random() < 0.5:
            return [Part(kecamatan)]
        return [Part(f"Kec. {kecamatan}"), called]


def _called(regency: str) -> tuple[str, ...]:
    """Return the name of a regency or city with its kind, as people write it."""
    kind, _, bare = regency.partition(" ")
    if kind == "Kabupaten":
        return regency, regency, f"Kab. {bare}", f"kab {bare}"
    return regency, regency.removeprefix("Kota Administrasi ")
