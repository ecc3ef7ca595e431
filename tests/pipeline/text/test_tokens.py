from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.text import normalise_word, tokenise
from pipeline.text.mask import find_numbers
from pipeline.text.normalise import MAX_WORD_LETTERS, NUMBER, plain_letters, slang
from pipeline.text.stems import is_affixed, stem
from pipeline.text.tokens import _FORMS, _LONGEST_REMEMBERED, _SPANS_OF, _WORD, _WORDS_OF, read_words

_PARTS = st.lists(
    st.sampled_from(["lampu", "jln2", "hub 081234567890", "NIK 3216011203450001,", "a\\nb", "1.500"])
    | st.text(max_size=8)
)


def test_tokens_know_where_they_stand() -> None:
    text = "Jln. rusak PARAH!! hub 081234567890"
    tokens = tokenise(text)
    assert [t.normal for t in tokens] == ["jalan", "rusak", "parah", "hubungi", "[TELEPON]"]
    assert [text[t.span.start : t.span.end] for t in tokens] == ["Jln", "rusak", "PARAH", "hub", "081234567890"]


@given(st.text(max_size=300) | _PARTS.map(" ".join))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    spans = [token.span for token in tokenise(text)]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.lists(st.sampled_from(["jalan", "rusak", "lampu", "mati", "air"]), min_size=1), st.sampled_from(" \n,.!?😀"))
def test_every_plain_word_is_a_token(words: list[str], between: str) -> None:
    assert [token.normal for token in tokenise(between.join(words))] == words


@given(st.lists(st.text(max_size=80), max_size=4), st.sampled_from(" \n\t\u3000"))
def test_reading_by_chunks_is_reading_the_whole(chunks: list[str], space: str) -> None:
    text = space.join(chunks).replace("\\n", "  ")  # an escaped line break, as in some exports, is not text
    if not list(find_numbers(text)):
        whole = [(m.start(), m.end(), normalise_word(plain_letters(m[0]))) for m in _WORD.finditer(text)]
        assert [(token.span.start, token.span.end, token.normal) for token in tokenise(text)] == [
            found for found in whole if found[2]
        ]


def test_a_letter_that_is_nothing_but_marks_is_no_word() -> None:
    assert [word.normal for word in read_words("lampu \ufc5e mati")] == ["lampu", "mati"]


@given(st.text(st.sampled_from("anyeéöñẹ1, -'"), max_size=40))
def test_an_accent_apart_from_its_letter_is_read_as_one_with_it(text: str) -> None:
    as_one, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assume(not find_numbers(apart))  # a plate may end before an accent
    assert [(word.typed, word.normal) for word in read_words(as_one)] == [
        (word.typed, word.normal) for word in read_words(apart)
    ]


@pytest.mark.parametrize("mark", ["\u0336", "\u00ad", "\u200d", "\u2060", "\ufe0f", "\ufeff"])
def test_what_isnt_seen_parts_no_word(mark: str) -> None:
    text = f"{mark}ru{mark}mah-ru{mark}mah, ja{mark}lan"
    tokens = tokenise(text)
    assert [(token.word.typed, token.normal) for token in tokens] == [("rumah-rumah",) * 2, ("jalan",) * 2]
    assert [text[token.start : token.end] for token in tokens] == [f"ru{mark}mah-ru{mark}mah", f"ja{mark}lan"]


@pytest.mark.parametrize("dressed", ["𝐂𝐢𝐛𝐢𝐭𝐮𝐧𝐠", "Ｃｉｂｉｔｕｎｇ", "𝒞𝒾𝒷𝒾𝓉𝓊𝓃ℊ", "CİBİTUNG"])
def test_a_word_in_letters_of_another_dress_is_typed_as_in_plain_ones(dressed: str) -> None:
    assert [word.form for word in read_words(dressed)] == [word.form for word in read_words("Cibitung")]


def test_a_space_of_no_width_parts_words() -> None:
    assert [word.normal for word in read_words("jalan\u200brusak")] == ["jalan", "rusak"]


@pytest.mark.parametrize(
    ("text", "form", "words", "affixed"),
    [
        ("memperbaiki", ("memperbaiki", "memperbaiki", "baik"), ("memperbaiki",), 1),
        ("Rumah2nya", ("rumah2nya", "rumah-rumahnya", "rumah"), ("rumah-rumahnya",), 1),
        ("15.000", ("15.000", NUMBER, NUMBER), (), 0),
        ("X" * 60, ("x" * MAX_WORD_LETTERS, "x", "x"), ("x",), 0),
    ],
)
def test_a_word_knows_its_form_and_what_of_it_is_stemmed(
    text: str, form: tuple[str, str, str], words: tuple[str, ...], affixed: int
) -> None:
    (word,) = read_words(text)
    assert (word.form, word.form, word.lettered, word.affixed) == (form, form, words, affixed)
    assert (word.first, word.last) == (word.normal, word.normal)


def test_an_abbreviation_of_several_words_is_stemmed_word_by_word() -> None:
    several = [word for form, meant in slang().items() if " " in meant for word in read_words(form)]
    assert any(word.affixed for word in several)
    for word in several:
        parts = word.normal.split()
        assert (word.first, word.last, list(word.lettered)) == (parts[0], parts[-1], parts)
        assert word.affixed == sum(map(is_affixed, parts))
        assert word.form == (word.typed, word.normal, " ".join(map(stem, parts)))


def test_a_word_typed_as_it_is_meant_is_kept_once_in_memory() -> None:
    (word,) = read_words("bintangdilangit")  # a word of no other test, as cached words aren't computed again
    assert word.typed is word.normal is word.first is word.last


def test_only_pieces_of_ordinary_length_are_remembered() -> None:
    longest, longer = "q" * _LONGEST_REMEMBERED, "q" * (_LONGEST_REMEMBERED + 1)
    assert [len(read_words(piece)) for piece in (longest, longer)] == [1, 1]
    assert longest in _WORDS_OF
    assert longer not in _WORDS_OF
    assert longest in _FORMS
    assert longer not in _FORMS
    tokenise(f"{longest[1:]}! {longest}!")
    assert f"{longest[1:]}!" in _SPANS_OF
    assert f"{longest}!" not in _SPANS_OF


def test_a_form_is_one_word_whatever_stands_beside_it() -> None:
    assert len(set(read_words("qpasarq qpasarq, (qpasarq) qpasarq!! qpasarq/qpasarq"))) == 1


@given(_PARTS.map(" ".join))
def test_the_words_are_those_of_the_tokens_whether_the_numbers_are_known_or_looked_for(text: str) -> None:
    numbers = find_numbers(text)
    words = [token.word.form for token in tokenise(text)]
    assert [word.form for word in read_words(text)] == words
    assert [word.form for word in read_words(text, numbers)] == words
    assert [token.word.form for token in tokenise(text, numbers)] == words
    plain = [word.normal for word in read_words(text, ())]
    assert not {"[NIK]", "[TELEPON]"} & set(plain), "words given as known aren't looked up again"
    assert [token.normal for token in tokenise(text, ())] == plain


def test_a_line_break_that_an_export_wrote_out_parts_words() -> None:
    text = r"lampu\nmati di sana\n"
    assert [text[token.start : token.end] for token in tokenise(text)] == ["lampu", "mati", "di", "sana"]
