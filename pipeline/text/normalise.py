"""One word form as citizens type it, to the word they mean.

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

# Nobody writes a longer word; what is longer is an attack, a key held down or a paste without spaces.
MAX_WORD_LETTERS = 40

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
        word = _without_marks(word).strip()  # of a letter that stands for marks alone, a space is left
    table = slang()
    if word in table:
        return table[word]
    if _ELONGATION.search(word):  # nearly never, and looking takes a quarter of replacing
        word = _ELONGATION.sub(r"\1", word)
        if word in table:
            return table[word]
    if "2" in word and (doubled := _REDUPLICATION.fullmatch(word)):
        base = table.get(doubled[1], doubled[1])
        return f"{base}-{base}{doubled[2] or ''}"
    return word


def _without_marks(word: str) -> str:
    """Drop accents and zero-width characters: they are no part of Indonesian spelling."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    if decomposed.isalnum():  # no mark is
        return decomposed
    return "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
