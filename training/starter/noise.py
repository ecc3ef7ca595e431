"""How people type: slang, dropped vowels, typing errors, missing spaces, capitals, elongation, emoji.

Every model takes a text and a random generator and returns a text; :func:`draw_noises` draws a writer's habits.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache

from pipeline.text.normalise import slang

_WORD = re.compile(r"[A-Za-z]+")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = re.compile(r"(?<=[^\Waeiou_\d])[aeiou](?=[^\Waeiou_\d])", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[.,!?;:]+(?=\s|$)")

Noise = Callable[[str, random.Random], str]


def draw_noises(register: str, amount: float, rng: random.Random) -> list[Noise]:
    """Draw the habits of one writer, for :func:`distort`.

    Parameters
    ----------
    register
        Formal letters keep their spelling, WhatsApp messages hardly any of it.
    amount
        0 is a writer without habits, 1 the most careless.
    """
    if register in {"formal", "sepuh"}:
        amount *= 0.35
    elif register in {"whatsapp", "singkat"}:
        amount *= 1.6
    return [noise for noise, chance in _CHANCES if rng.random() < chance * amount]


def distort(text: str, noises: Sequence[Noise], rng: random.Random) -> str:
    """Return a part of a complaint as a writer with these habits types it.

    A writer's habits (capitals, no punctuation) apply everywhere, typing errors only here and there.
    """
    for noise in noises:
        if noise not in _OF_THE_MOMENT or rng.random() < _MOMENT_CHANCE:
            text = noise(text, rng)
    return text


def abbreviate(text: str, rng: random.Random) -> str:
    """Replace about half of the words that have a shorthand by one."""
    forms = _shorthand()

    def shorten(match: re.Match[str]) -> str:
        known = forms.get(match[0].lower())
        return rng.choice(known) if known and rng.random() < 0.5 else match[0]

    return _WORD.sub(shorten, text)


def drop_vowels(text: str, rng: random.Random) -> str:
    """Drop vowels between consonants in one word out of six: *jalan* → *jaln*, *jln*."""

    def drop(match: re.Match[str]) -> str:
        word = match[0]
        return _VOWELS.sub("", word) if 4 <= len(word) <= 9 and rng.random() < 0.16 else word

    return _WORD.sub(drop, text)


def slip(text: str, rng: random.Random) -> str:
    """Make a typing error in about one of forty letters: a neighbouring key, a letter lost, doubled or swapped."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 40)):
        at = rng.randrange(len(letters)) if letters else 0
        if not letters or not letters[at].isalpha():
            continue
        kind = rng.randrange(4)
        if kind == 0:
            letters[at] = rng.choice(_neighbours().get(letters[at].lower(), letters[at]))
        elif kind == 1:
            letters[at] = ""
        elif kind == 2:
            letters[at] *= 2
        elif at + 1 < len(letters) and letters[at + 1].isalpha():
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def lose_space(text: str, rng: random.Random) -> str:
    """Drop one space, between two words or after a comma."""
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    if not spaces:
        return text
    at = rng.choice(spaces)
    return text[:at] + text[at + 1 :]


def shout(text: str, rng: random.Random) -> str:  # noqa: ARG001 (all noises have one shape)
    """Write in capitals."""
    return text.upper()


def whisper(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """Write in small letters."""
    return text.lower()


def elongate(text: str, rng: random.Random) -> str:
    """Draw out the last vowel of a word: *lamaaaa*."""
    words = [m for m in _WORD.finditer(text) if len(m[0]) > 3 and m[0][-1] in "aeiou"]
    if not words:
        return text
    at = rng.choice(words).end()
    return text[:at] + text[at - 1] * rng.randint(2, 5) + text[at:]


def unpunctuate(text: str, rng: random.Random) -> str:
    """Leave out the punctuation, or replace all of it by dots."""
    return _PUNCTUATION.sub("" if rng.random() < 0.7 else "...", text)


def write_reduplication_as_2(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """Write *rumah2* for *rumah-rumah*."""
    return re.sub(r"\b([a-z]{3,})-\1", r"\g<1>2", text)


_CHANCES: tuple[tuple[Noise, float], ...] = (
    (abbreviate, 0.5),
    (write_reduplication_as_2, 0.5),
    (drop_vowels, 0.15),
    (slip, 0.4),
    (lose_space, 0.15),
    (elongate, 0.08),
    (unpunctuate, 0.5),
    (whisper, 0.4),
    (shout, 0.06),
)


_OF_THE_MOMENT = (elongate, lose_space)
_MOMENT_CHANCE = 0.3


@cache
def _shorthand() -> dict[str, list[str]]:
    """Return the inverse of the slang table: standard word → its spellings."""
    forms: dict[str, list[str]] = {}
    for form, normal in slang().items():
        if " " not in normal:
            forms.setdefault(normal, []).append(form)
    return forms


@cache
def _neighbours() -> dict[str, str]:
    """Return for each key its neighbouring keys, on the same row and the next."""
    beside: dict[str, str] = {}
    for y, row in enumerate(_KEYBOARD):
        for x, key in enumerate(row):
            near = [
                _KEYBOARD[j][i]
                for j in (y - 1, y, y + 1)
                if 0 <= j < len(_KEYBOARD)
                for i in (x - 1, x, x + 1)
                if 0 <= i < len(_KEYBOARD[j]) and (i, j) != (x, y)
            ]
            beside[key] = "".join(near)
    return beside
