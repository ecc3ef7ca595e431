"""Which words are marked as having counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Complaint, Level, Place
from pipeline.highlights import MAX_WORDS, MIN_WORD_SHARE, marked_words, quoted, telling_words
from pipeline.model import analyse

TWENTY = analyse(Complaint(" ".join(f"kata{letter}" for letter in "abcdefghijklmnopqrst")))
LAMP = analyse(Complaint("lampu jalan mati dan gelap di sukadami"))
SUKADAMI = Place("32.16.19.2001", "desa", "Sukadami", "Cikarang Selatan", 30, 38)


@given(st.lists(st.floats(-5, 5), min_size=20, max_size=20))
def test_the_strongest_words_are_marked_in_their_order_and_the_weakest_never(shares: list[float]) -> None:
    at = {token.start: position for position, token in enumerate(TWENTY.tokens)}
    marked = [at[word.start] for word in marked_words(TWENTY, shares)]
    assert marked == sorted(marked)
    ranked = sorted(map(abs, shares), reverse=True)
    least = MIN_WORD_SHARE * ranked[0]
    assert len(marked) == sum(share > least for share in ranked[:MAX_WORDS])
    assert all(abs(shares[position]) > least for position in marked)
    weakest = min((abs(shares[position]) for position in marked), default=0)
    assert all(abs(share) <= weakest or position in marked for position, share in enumerate(shares) if marked)


@pytest.mark.parametrize(
    ("level", "shares", "told"),
    [
        (Level.DARURAT, [0.2, 0.1, 0.9, 0.8, 0.5, 0.7, 0.6], ["mati", "gelap", "lampu", "jalan"]),
        (Level.TINGGI, [0.2, -0.3, 0.9, 0, -0.5, 0, 0], ["mati", "lampu"]),
        (Level.SEDANG, [0.2, -0.3, 0.9, 0, -0.5, 0, 0], ["gelap", "jalan"]),
        (Level.RENDAH, [0.2, -0.3, 0.9, 0, -0.5, 0, 0], ["gelap", "jalan"]),
        (Level.SEDANG, [0.2, 0.3, 0.9, 0, 0.5, 0, 0], ["mati", "gelap", "jalan", "lampu"]),  # no negative shares
    ],
)
def test_what_speaks_for_a_level_tells_the_strongest_first_and_neither_particles_nor_the_place(
    level: Level, shares: list[float], told: list[str]
) -> None:
    assert [LAMP.words[position].typed for position in telling_words(LAMP, shares, level, SUKADAMI)] == told


def test_a_word_is_quoted_as_it_was_typed_and_whole() -> None:
    long = "BANJIR" * 10
    document = analyse(Complaint(f"RUMAH {long} parah"))
    assert [quoted(document, position) for position in range(3)] == ["“rumah”", f"“{long.lower()}”", "“parah”"]
