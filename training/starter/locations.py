"""Where a complaint says that it happens: invented addresses at real places of the region."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.region.schema import PlaceEntry
from training.starter.phrases import Phrases

_KIND_WORDS = {
    "desa": ("Desa", "desa", "ds"),
    "kelurahan": ("Kelurahan", "Kel.", "kel"),
    "kecamatan": ("Kecamatan", "Kec.", "kec"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a complaint; ``place`` is the code of the place that it names."""

    text: str
    place: str | None = None


class Draws(Protocol):
    """Whatever locations are drawn from."""

    def draw(self, rng: random.Random) -> list[Part]:
        """Return a location with its preposition, in parts."""

    def home(self, rng: random.Random) -> list[Part]:
        """Return where the writer lives, without preposition."""


class Locations:
    """Draws locations of one region."""

    def __init__(self, places: Sequence[PlaceEntry], phrases: Phrases) -> None:
        self._phrases = phrases
        self._kecamatan = {p.code: p for p in places if p.kind == "kecamatan"}
        self._villages = [p for p in places if p.kind != "kecamatan"]

    def draw(self, rng: random.Random) -> list[Part]:
        """Return a location with its preposition, in parts."""
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

    def home(self, rng: random.Random) -> list[Part]:
        """Return where the writer lives, without preposition."""
        return self._named(rng) or [Part(f"RT {rng.randint(1, 15):02d}")]

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
            return _with_kind(place, rng)
        village = rng.choice(self._villages)
        parts = _with_kind(village, rng)
        parent = self._kecamatan.get(village.kecamatan_code or "")
        return parts + _with_kind(parent, rng) if parent and rng.random() < 0.4 else parts


class Elsewhere:
    """Draws locations in other regencies of the province."""

    def __init__(self, kecamatan: Sequence[tuple[str, str]]) -> None:
        self._kecamatan = kecamatan

    def draw(self, rng: random.Random) -> list[Part]:
        """Return a location with its preposition, in parts."""
        return [Part("di"), *self.home(rng)]

    def home(self, rng: random.Random) -> list[Part]:
        """Return where the writer lives, without preposition."""
        kecamatan, regency = rng.choice(self._kecamatan)
        regency = regency if rng.random() < 0.6 else regency.replace("Kabupaten", "Kab.")
        return [Part(regency)] if rng.random() < 0.5 else [Part(f"Kec. {kecamatan}"), Part(regency)]


def _with_kind(place: PlaceEntry, rng: random.Random) -> list[Part]:
    name = Part(rng.choice(place.aliases) if place.aliases and rng.random() < 0.2 else place.name, place.code)
    if rng.random() < 0.55:
        return [Part(rng.choice(_KIND_WORDS[place.kind])), name]
    return [name]
