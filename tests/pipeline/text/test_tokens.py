from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import normalise_word, tokenise
from pipeline.text.mask import find_numbers
from pipeline.text.tokens import _WORD, read_words


def test_tokens_know_where_they_stand() -> None:
    text = "Jln. rusak PARAH!! hub 081234567890"
    tokens = tokenise(text)
    assert [t.normal for t in tokens] == ["jalan", "rusak", "parah", "hubungi", "[TELEPON]"]
    assert [text[t.span.start : t.span.end] for t in tokens] == ["Jln", "rusak", "PARAH", "hub", "081234567890"]


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    spans = [token.span for token in tokenise(text)]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.lists(st.sampled_from(["jalan", "rusak", "lampu", "mati", "air"]), min_size=1), st.sampled_from(" \n,.!?😀"))
def test_every_plain_word_is_a_token(words: list[str], between: str) -> None:
    assert [token.normal for token in tokenise(between.join(words))] == words


@given(st.lists(st.text(max_size=80), max_size=4), st.sampled_from(" \n\t\u3000"))
def test_reading_by_chunks_is_reading_the_whole(chunks: list[str], space: str) -> None:
    text = space.join(chunks)
    if not list(find_numbers(text)):
        whole = [(m.start(), m.end(), normalise_word(m[0])) for m in _WORD.finditer(text)]
        assert [(token.span.start, token.span.end, token.normal) for token in tokenise(text)] == [
            found for found in whole if found[2]
        ]


def test_a_letter_that_is_nothing_but_marks_is_no_word() -> None:
    assert [word.normal for word in read_words("lampu \ufc5e mati")] == ["lampu", "mati"]
