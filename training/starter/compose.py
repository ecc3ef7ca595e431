"""Composes one complaint from one or two problems of the catalogue."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.complaint import Level
from pipeline.region.catalogue import Problem, Register
from training.starter.locations import Draws, Own, Part
from training.starter.noise import distort, draw_noises
from training.starter.phrases import Phrases

_PLACEHOLDER = re.compile(r"(\{lokasi\}|\{waktu\}|\{instansi\}|\{tempat\}|\{pemda\}|\{kepala\})")
ASIDE_CHANCE = 0.1  # probability of a remark about taxes, publicity or who should act
SHIFT_CHANCE = 0.22  # probability of a circumstance that raises or lowers the urgency
_BARE = frozenset({"singkat"})  # registers whose phrasings mostly stand alone


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a generated text names, by code and span."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Composed:
    """A generated text, its urgency, and the places in it."""

    text: str
    urgency: Level
    places: tuple[NamedPlace, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A phrasing of a problem, and the office it goes to."""

    problem: Problem
    register: Register
    text: str
    office: str


def compose(
    told: Sequence[Told], locations: Draws, own: Own, phrases: Phrases, noise: float, rng: random.Random
) -> Composed:
    """Return a complaint about the first problem and, if there is one, the second.

    Parameters
    ----------
    told
        One or two phrasings; the first decides register and urgency.
    locations
        The locations where it may happen, also elsewhere.
    own
        The government that people write to.
    noise
        0 to 1; see :func:`training.starter.noise.draw_noises`.
    """
    first = told[0]
    fill = _Filler(locations, own, phrases, rng, first.office)
    parts, urgency = _body(first, fill)
    for other in told[1:]:
        parts.append(Part(rng.choice(phrases.connectors)))
        parts += fill.parts(other.text)
    chatty = 0.25 if first.register in _BARE else 0.75
    if rng.random() < chatty * 0.6:
        parts = fill.parts(_for_register(phrases.openings, first.register, rng)) + parts
    for extra, chance in ((phrases.contexts, 0.2), (phrases.requests, 0.25)):
        if rng.random() < chance * chatty:
            parts.append(Part(rng.choice(extra)))
    if rng.random() < ASIDE_CHANCE:
        aside = fill.parts(rng.choice(phrases.asides))
        parts = aside + parts if rng.random() < 0.25 else parts + aside
    if rng.random() < chatty * 0.5:
        parts.append(Part(_for_register(phrases.closings, first.register, rng)))
    if rng.random() < 0.04:
        parts.append(Part(rng.choice(phrases.emoji)))
    return _joined(parts, urgency, first.register, noise, rng)


def _body(told: Told, fill: _Filler) -> tuple[list[Part], Level]:
    """Return the phrasing, sometimes with a circumstance, and the resulting urgency."""
    rng = fill.rng
    parts = fill.parts(told.text)
    if "{lokasi}" not in told.text and rng.random() < (0.15 if told.register in _BARE else 0.35):
        where = fill.location()
        parts = [Part("Lokasi"), *where, *parts] if rng.random() < 0.15 else [*parts, Part("lokasi"), *where]
    shifts = (*told.problem.raises, *told.problem.lowers)
    if not shifts or rng.random() >= SHIFT_CHANCE:
        return parts, told.problem.urgency
    shift = rng.choice(shifts)
    return parts + fill.parts(rng.choice(shift.fragments)), shift.to


class _Filler:
    """Fills places, times and names of offices and of the government into a phrasing."""

    def __init__(self, locations: Draws, own: Own, phrases: Phrases, rng: random.Random, office: str) -> None:
        self.rng = rng
        self._locations = locations
        self._own = own
        self._phrases = phrases
        self._office = office

    def parts(self, text: str) -> list[Part]:
        parts: list[Part] = []
        for piece in _PLACEHOLDER.split(text):
            if piece == "{lokasi}":
                parts += self.location()
            elif piece == "{tempat}":
                parts += self._locations.home(self.rng)
            elif piece == "{waktu}":
                parts.append(Part(self.rng.choice(self._phrases.times)))
            elif piece == "{instansi}":
                parts.append(Part(self._office))
            elif piece == "{pemda}":
                parts.append(Part(self._own.government(self.rng)))
            elif piece == "{kepala}":
                parts.append(Part(self._own.head(self.rng)))
            elif piece.strip():
                parts.append(Part(piece.strip()))
        return parts

    def location(self) -> list[Part]:
        return self._locations.draw(self.rng)


def _for_register(texts: dict[str, tuple[str, ...]], register: str, rng: random.Random) -> str:
    own = texts.get(register, ())
    return rng.choice(own if own and rng.random() < 0.6 else texts["any"])


def _joined(parts: Sequence[Part], urgency: Level, register: str, noise: float, rng: random.Random) -> Composed:
    """Distort the parts and join them, keeping the spans of places."""
    noises = draw_noises(register, noise, rng)
    pieces: list[str] = []
    places: list[NamedPlace] = []
    length = 0
    for part in parts:
        text = distort(part.text, noises, rng).strip()
        if not text:
            continue
        if pieces and text[0] not in ".,!?;:)":
            pieces.append(" ")
            length += 1
        if part.place:
            places.append(NamedPlace(part.place, length, length + len(text)))
        pieces.append(text)
        length += len(text)
    return Composed("".join(pieces), urgency, tuple(places))
