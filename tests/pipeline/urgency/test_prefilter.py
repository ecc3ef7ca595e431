"""Whether a text has all that some danger needs, compared with a naive check of all adjacent words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.tokens import Word
from pipeline.urgency.lexicon import Lexicon
from pipeline.urgency.prefilter import Need, Needs
from pipeline.urgency.schema import Phrase

CLASSES: dict[str, tuple[Phrase, ...]] = {
    "API": (("api",), ("asap", "tebal")),
    "AIR": (("air", "besar"), ("air", "besar", "sekali"), ("banjir",)),
    "ANAK": (("anak",), ("anak", "kecil")),
    "BESAR": (("besar",), ("api", "besar")),
    "TANPA": (("kecil",),),  # no need names it
}
# The last three are normalised to several words, and "nya" to none.
WORDS = [
    *(Word(word, word) for word in ("api", "asap", "tebal", "air", "besar", "anak", "kecil", "banjir", "entah", "nya")),
    *(Word(typed, normal) for typed, normal in (("ab", "air besar"), ("ea", "entah air"), ("bk", "besar entah"))),
]
NAMES = st.sampled_from([("API",), ("AIR",), ("ANAK", "AIR"), ("BESAR",), ("ANAK",), ("API", "BESAR")])
NEEDS = st.builds(Need, st.integers(1, 4), st.lists(NAMES, min_size=1, max_size=3))


def _plainly(words: Sequence[Word], needs: Sequence[Need]) -> bool:
    """Naive implementation, on the classes at each position; a phrase is at the position of its first word."""
    read = [normal for word in words if (normal := word.normal.split()) != ["nya"]]
    flat = [(place, single) for place, normal in enumerate(read) for single in normal]
    at: list[set[str]] = [set() for _ in read]
    for (place, single), (_, following) in pairwise([*flat, (len(read), "")]):
        at[place] |= {
            name
            for name, phrases in CLASSES.items()
            for phrase in phrases
            if phrase[:2] in {(single,), (single, following)}
        }
    return any(
        all(
            any(not found.isdisjoint(names) and abs(other - place) < need.window for other, found in enumerate(at))
            for names in need.elements[1:]
        )
        for need in needs
        for place, here in enumerate(at)
        if not here.isdisjoint(need.elements[0])
    )


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.lists(NEEDS, min_size=1, max_size=3))
def test_a_need_is_met_where_its_elements_stand_near_each_other_and_nowhere_else(
    words: list[Word], needs: list[Need]
) -> None:
    assert Needs(Lexicon(CLASSES), needs).can_be_met(words) is _plainly(words, needs)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("air besar anak", True),  # a phrase of two words
        ("air entah anak", False),  # its first word alone
        ("besar air anak", False),  # in the other order
        ("air nya besar anak", True),  # a detached suffix doesn't break a phrase
        ("air entah besar anak", False),
        ("ab anak", True),  # an abbreviation for the phrase
        ("ea besar anak", True),  # an abbreviation that ends with the phrase's first word
        ("air bk anak", True),  # one that begins with its second
        ("ea bk anak", True),
        ("air ea anak", False),  # one that contains no more of it
        ("banjir entah entah anak", True),
        ("banjir entah entah entah anak", False),  # one word too far
        ("anak entah entah banjir", True),
        ("kecil banjir", False),  # a class that no need names
    ],
)
def test_neighbouring_words_are_a_phrase_whichever_tokens_they_come_from(text: str, met: bool) -> None:
    known = {word.typed: word for word in WORDS}
    needs = Needs(Lexicon(CLASSES), [Need(4, [("AIR",), ("ANAK",)])])
    assert needs.can_be_met([known[typed] for typed in text.split()]) is met
