"""Whether a word that would cancel a danger does so, judged only by the words around it."""

from __future__ import annotations

import pytest

from pipeline.urgency.meant import OCCASION, meant_as, only_asks


@pytest.mark.parametrize(
    ("name", "words", "at", "meant"),
    [
        ("_past", "dulu kebakaran", 0, "_past"),
        ("_past", "dulu tidak pernah kebakaran", 0, None),
        ("_past", "dahulu belum pernah ada kebakaran", 0, None),
        ("_past", "dulu tidak pernah kebakaran", 2, None),
        ("_past", "pernah kebakaran", 0, "_past"),
        ("_past", "tidak pernah kebakaran", 1, "_past"),
        ("_past", "tidak pernah kebakaran dulu", 1, "_past"),
        ("_past", "rumah tidak pernah kebakaran", 2, "_past"),
        ("_past", "dulu tidak ada kebakaran", 0, "_past"),
        ("_unconcerned", "seperti di film", 2, None),
        ("_unconcerned", "kaya film", 1, None),
        ("_unconcerned", "seperti kebakaran di film", 3, "_unconcerned"),
        ("_unconcerned", "di malaysia kebakaran", 0, "_unconcerned"),
        ("_unconcerned", "tki di malaysia kecelakaan", 1, None),
        ("_unconcerned", "tki lihat film", 2, "_unconcerned"),
        ("_unconcerned", "saat lomba", 1, OCCASION),
        ("_unconcerned", "saat simulasi", 1, "_unconcerned"),
        ("_unconcerned", "lomba saat", 0, "_unconcerned"),
        ("_resolved", "saat padam", 1, "_resolved"),
    ],
)
def test_past_play_and_other_countries_are_meant_unless_the_words_around_say_otherwise(
    name: str, words: str, at: int, meant: str | None
) -> None:
    assert meant_as(name, at, words.split(), frozenset()) == meant


@pytest.mark.parametrize("name", ["_resolved", "_unconcerned", "_past"])
def test_what_is_denied_just_before_is_not_meant(name: str) -> None:
    words = "itu bukan latihan".split()
    assert meant_as(name, 2, words, {1}) is None
    assert meant_as(name, 2, words, {0}) == name


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("bisa di sini tidak", True),
        ("sudah ada belum ya", True),
        ("sudah ada belum pak", True),
        ("sudah ada tidak menyala", False),
        ("dilihat pun tidak", False),
        ("ada pun tidak", False),
        ("kami dilayani tidak", False),
        ("ada a b c d e f g tidak", True),
        ("ada a b c d e f g h tidak", False),
    ],
)
def test_a_denial_at_the_end_asks_where_a_word_of_questions_stands_before_it(words: str, asks: bool) -> None:
    split = words.split()
    at = next(position for position, word in enumerate(split) if word in {"tidak", "belum"})
    assert only_asks(split, at, len(split)) is asks
