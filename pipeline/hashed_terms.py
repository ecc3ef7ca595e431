"""A complaint as hashes of its words: all that is kept of it for finding similar ones."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from pipeline.model.analysis import Analysis
from pipeline.text import stems
from pipeline.text.stems import function_words

MAX_WORDS = 400  # of one complaint; the longest real ones have about 600 words


def terms_of(analysis: Analysis) -> list[int]:
    """Return the hashes of a complaint's words, as stems and as skeletons, each once, in order."""
    return sorted(set(_terms(content_words(analysis)[:MAX_WORDS])))


def content_words(analysis: Analysis) -> list[str]:
    """Return the words of a complaint, without words that carry no content and without personal data."""
    ignored = function_words()
    return [
        single
        for word in analysis.words
        for single in word.normal.split()
        if single not in ignored and not single.startswith("[")
    ]


def _terms(words: list[str]) -> Iterator[int]:
    for word, stem in zip(words, stems(words), strict=True):
        yield zlib.crc32(stem.encode())
        skeleton = _skeleton(word)
        if len(skeleton) > 1:
            yield zlib.crc32(f"~{skeleton}".encode())


def _skeleton(word: str) -> str:
    """Return a word without vowels and doubled letters, as people abbreviate it when they type in haste."""
    kept: list[str] = []
    for letter in word:
        if letter not in "aeiou" and (not kept or kept[-1] != letter):
            kept.append(letter)
    return "".join(kept)
