"""Which words of a text are shown as those that counted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.complaint import Level, Place, Word
from pipeline.model import Analysis
from pipeline.text.normalise import MAX_WORD_LETTERS
from pipeline.text.stems import function_words

MAX_WORDS = 12  # words marked in the text
MIN_WORD_SHARE = 0.05  # share of the strongest word's weight; weaker words explain nothing
# Forms of address, greetings and particles. A model may well learn from them, since not everybody writes "bang"; but
# they tell no dispatcher why something is urgent.
_MANNERS_WORDS = (
    "admin bu kak bang abang mas mba mbak teh teteh kang mang gan bro sis om ka bos cak lur gaes guys euy atuh mah deh "
    "sih lho loh aduh hadeh assalamualaikum wr wb selamat pagi siang sore maaf tolong permisi lapor laporan terhormat "
    "hormat si nu keneh dina neng ning sing pan gara-gara"
)
_MANNERS = frozenset(_MANNERS_WORDS.split())


def marked_words(analysis: Analysis, shares: Sequence[float]) -> tuple[Word, ...]:
    """Return the words that counted most, in the order of the text.

    Parameters
    ----------
    shares
        What each word adds to a score.
    """
    tokens = analysis.tokens
    return tuple([Word(tokens[i].start, tokens[i].end, weight) for i, weight in _strongest(shares)])


def telling_words(analysis: Analysis, shares: Sequence[float], level: Level, place: Place | None) -> list[int]:
    """Return the positions of the words that spoke most for a level, the most telling first.

    The name of the place is left out: what a model learnt about it from composed complaints says nothing about urgency.

    Parameters
    ----------
    shares
        How much each word speaks for a higher level; for the low levels, words against one count.
    """
    sign = -1 if level in {Level.SEDANG, Level.RENDAH} else 1
    told = [sign * share if _tells(word.normal) else 0.0 for word, share in zip(analysis.words, shares, strict=True)]
    if place and place.end:
        begin, end = place.start or 0, place.end
        told = [0.0 if begin <= token[0] < end else share for token, share in zip(analysis.tokens, told, strict=True)]
    strongest = _strongest(told)
    # A middle level may be right although every word speaks for a higher one: then these words are its reasons.
    strongest = [(i, weight) for i, weight in strongest if weight > 0] or [(i, -weight) for i, weight in strongest]
    strongest.sort(key=lambda word: -word[1])
    return [position for position, _ in strongest]


def quoted(analysis: Analysis, position: int) -> str:
    """Return a word as typed, in small letters and quotation marks."""
    typed = analysis.words[position].typed
    if len(typed) == MAX_WORD_LETTERS:  # it may have been cut
        token = analysis.tokens[position]
        typed = analysis.text[token.start : token.end].lower()
    return f"“{typed}”"


def _strongest(weights: Sequence[float]) -> list[tuple[int, float]]:
    """Return position and weight of the words that counted most, in the order of the text."""
    if not weights:
        return []
    strongest = sorted(range(len(weights)), key=list(map(abs, weights)).__getitem__, reverse=True)[:MAX_WORDS]
    least = MIN_WORD_SHARE * abs(weights[strongest[0]])
    return [(i, round(weights[i], 4)) for i in sorted(strongest) if abs(weights[i]) > least]


@lru_cache(maxsize=8_192)
def _tells(word: str) -> bool:
    """Tell whether a word can be a reason: it is not a function word, greeting, number or masked personal data."""
    if word in function_words() or word in _MANNERS:
        return False
    return word.replace("-", "").replace(" ", "").isalpha()
