"""Matches of patterns, compared with brute force over all choices of words: distances, and exclusions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.complaint import Level
from pipeline.text import tokenise
from pipeline.urgency import DangerFinder, DangerSign, Standing, load_cues
from pipeline.urgency.matcher import LONG_WINDOW, WINDOW
from pipeline.urgency.schema import Cue, CueCatalogue

Span = tuple[int, int]  # words [start, end)
CLASSES = {"API": (("api",), ("asap", "tebal")), "GEDUNG": (("pasar",),), "TOWER": (("menara",), ("tebal",))}
WORDS = ["api", "asap", "tebal", "asap tebal", "pasar", "menara", "air", "."]
GAPS = [0, 1, *(window - beyond for window in (WINDOW, LONG_WINDOW) for beyond in (1, 2, 3))]  # words between
PATTERNS = ["API GEDUNG", "API GEDUNG|TOWER !air", "TOWER air", "API"]


@cache
def finder(*cues: tuple[str, Level, str]) -> DangerFinder:
    made = tuple(Cue(id=name, level=level, reason="sebabnya", any=(pattern,)) for name, level, pattern in cues)
    return DangerFinder(CueCatalogue(classes=CLASSES, shadows=(), cues=made, context=load_cues().context))


def signs(found_by: DangerFinder, text: str) -> list[DangerSign]:
    return found_by.find(text, tokenise(text))


def _places(element: str, words: Sequence[str]) -> list[Span]:
    return [
        (at, at + len(phrase))
        for name in element.split("|")
        for phrase in CLASSES.get(name, ((name,),))
        for at in range(len(words))
        if tuple(words[at : at + len(phrase)]) == phrase
    ]


def _matches(pattern: str, said: Sequence[str], window: int) -> set[str]:
    """Return the span of words of each valid choice of positions for the elements.

    A position belongs to the sentence of its first word: a full stop doesn't break a phrase.
    """
    words = [word for word in said if word != "."]
    sentences = [said[:at].count(".") for at, word in enumerate(said) if word != "."]
    elements = [element for element in pattern.split() if not element.startswith("!")]
    forbidden = {
        sentences[at] for each in pattern.split() if each.startswith("!") for at, _ in _places(each[1:], words)
    }
    spread = set()
    for chosen in product(*(_places(element, words) for element in elements)):
        begin, end = min(start for start, _ in chosen), max(end for _, end in chosen)
        together = {sentences[start] for start, _ in chosen}
        apart = all(one[1] <= other[0] for one, other in pairwise(sorted(chosen)))
        allowed = len(together) == 1 and together.isdisjoint(forbidden)
        if apart and allowed and (len(chosen) == 1 or end - begin <= window):
            spread.add(" ".join(words[begin:end]))
    return spread


def _agrees(pattern: str, level: Level, words: Sequence[str]) -> bool:
    """Tell whether a danger is found exactly if some choice matches, and its span is that of one."""
    text = " ".join(words)
    named = {
        " ".join(text[sign.span.start : sign.span.end].replace(".", " ").split())
        for sign in signs(finder(("bahaya", level, pattern)), text)
    }
    expected = _matches(pattern, words, WINDOW if level is Level.DARURAT else LONG_WINDOW)
    return bool(named) is bool(expected) and named <= expected


@pytest.mark.parametrize("level", [Level.DARURAT, Level.TINGGI])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_two_words_are_one_danger_up_to_the_window_and_not_beyond(pattern: str, level: Level) -> None:
    for first, gap, second in product(WORDS, GAPS, WORDS):
        words = [*first.split(), *["entah"] * gap, *second.split()]
        assert _agrees(pattern, level, words), words


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "entah"]), max_size=24), st.sampled_from(PATTERNS))
def test_a_danger_is_found_where_its_words_stand_near_enough_in_one_sentence(said: list[str], pattern: str) -> None:
    assert _agrees(pattern, Level.DARURAT, " ".join(said).split())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("api entah entah pasar api", "pasar api"),  # after it
        ("api api pasar entah api", "api pasar"),  # before it
        ("api entah asap tebal pasar api", "pasar api"),
        ("api entah pasar entah api", "api entah pasar"),  # equally near: the first
        ("pasar entah api entah pasar api", "pasar entah api"),  # the first position of the rarer element
    ],
)
def test_of_several_places_the_nearest_to_the_rarest_word_is_named(text: str, named: str) -> None:
    (sign,) = signs(finder(("bahaya", Level.DARURAT, "API GEDUNG")), text)
    assert text[sign.span.start : sign.span.end] == named


@pytest.mark.parametrize(
    ("text", "standing", "level"),
    [
        ("takutnya api. api", Standing.REAL, Level.DARURAT),
        ("api. takutnya api", Standing.REAL, Level.DARURAT),
        ("tidak ada api. takutnya api", Standing.FEARED, Level.TINGGI),
        ("takutnya api. tidak ada api", Standing.FEARED, Level.TINGGI),
        ("tidak ada api, tidak ada api", Standing.DENIED, None),
    ],
)
def test_a_danger_named_several_times_stands_where_it_weighs_most(
    text: str, standing: Standing, level: Level | None
) -> None:
    (sign,) = signs(finder(("bahaya", Level.DARURAT, "API")), text)
    assert (sign.standing, sign.level) == (standing, level)


def test_dangers_are_told_in_the_order_of_the_catalogue_each_once() -> None:
    cues = [("roboh", Level.TINGGI, "TOWER"), ("api", Level.DARURAT, "API"), ("air", Level.DARURAT, "air")]
    assert [sign.cue.id for sign in signs(finder(*cues), "api, menara, api. menara")] == ["roboh", "api"]
    assert [sign.cue.id for sign in signs(finder(*reversed(cues)), "menara. api, air")] == ["air", "api", "roboh"]
