"""From a word as citizens type it to the word they mean.

``bangeeeet`` → ``banget`` → ``sekali``; ``jln2`` → ``jalan-jalan``; ``𝐑𝐮𝐬𝐚𝐤`` → ``rusak``; ``15.000`` → ``<angka>``.
The slang table is :file:`slang.csv` beside this file, written for this project.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

NUMBER = "<angka>"

# Nobody writes longer words: they are attacks, a key held down, or pasted text without spaces.
MAX_WORD_LETTERS = 40

# Non-letters inside words: combining accents, as a Mac writes them, strokes, and invisible characters. These are
# Unicode's Extend and Format, which do not split words (UAX 29); a zero-width space does.
ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
UNSEEN = "\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"

_MARKS = re.compile(f"[{ACCENTS}{UNSEEN}]")
_ELONGATION = re.compile(r"(.)\1{2,}")
_REDUPLICATION = re.compile(r"([a-z]{2,})2(nya|an|kan|in|i)?")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*(?:rb|ribu|jt|juta|k|m|x|th|thn)?")


@cache
def slang() -> dict[str, str]:
    """Return the table of slang, abbreviations and regional words: form → standard Indonesian (one to three words)."""
    table = files("pipeline.text").joinpath("slang.csv").read_text(encoding="utf-8")
    return {row["form"]: row["normal"] for row in csv.DictReader(table.splitlines())}


def normalise_word(form: str) -> str:
    """Return the standard form of one word; several words, separated by spaces, where an abbreviation stands for them.

    Parameters
    ----------
    form
        The word as it stands in the text; longer ones than ``MAX_WORD_LETTERS`` are cut.

    Examples
    --------
    >>> [normalise_word(w) for w in ("YG", "bangeeeet", "rumah2nya", "2.500", "tidak")]
    ['yang', 'sekali', 'rumah-rumahnya', '<angka>', 'tidak']
    """
    word = form[:MAX_WORD_LETTERS]
    if word.isascii() and word.isalpha():
        word = word.lower()
    else:
        word = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").strip("'-")
        if _NUMBER.fullmatch(word):
            return NUMBER
        word = _without_marks(word).strip()  # a letter that decomposes into marks only leaves a space
    table = slang()
    if word in table:
        return table[word]
    if _ELONGATION.search(word):  # hardly ever true, and searching takes a quarter of the time of replacing
        word = _ELONGATION.sub(r"\1", word)
        if word in table:
            return table[word]
    if "2" in word and (doubled := _REDUPLICATION.fullmatch(word)):
        base = table.get(doubled[1], doubled[1])
        return f"{base}-{base}{doubled[2] or ''}"
    return word


def plain_letters(form: str) -> str:
    """Return a word with composed accents and without invisible characters, so that each word has one form.

    Examples
    --------
    >>> plain_letters("e\u0301mber"), plain_letters("ja\u00adlan"), plain_letters("𝐑𝐮𝐬𝐚𝐤")
    ('émber', 'jalan', 'Rusak')
    """
    # The Turkish capital İ becomes two characters: an i and a combining dot.
    return _MARKS.sub("", unicodedata.normalize("NFKC", form)).replace("İ", "I")


def _without_marks(word: str) -> str:
    """Drop accents and zero-width characters, which Indonesian spelling does not use."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    if decomposed.isalnum():  # no mark is in ASCII
        return decomposed
    return "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
