from __future__ import annotations

import random
import string
import sys

import pytest

from pipeline.text import stems
from pipeline.text.stems import MAX_LETTERS, MAX_STEMMED_FORMS, MIN_LETTERS, _stem, is_affixed, stem


def test_affixes_are_taken_off() -> None:
    assert stems(["memperbaiki", "penerangan", "jalan", "berlubang"]) == ["baik", "terang", "jalan", "lubang"]


@pytest.mark.parametrize("word", ["penerangan", "jalan", "meja2kan", "pe" + "n" * MAX_LETTERS, "mati", "berkali-kali"])
def test_one_word_is_stemmed_as_those_of_a_text(word: str) -> None:
    assert [stem(word)] == stems([word])
    assert stem(word) == word or is_affixed(word)


def test_affixes_are_looked_for_in_words_of_ordinary_length_that_are_no_roots() -> None:
    assert is_affixed("b" * MIN_LETTERS)
    assert is_affixed("b" * MAX_LETTERS)
    assert is_affixed("berkali-kali")
    for word in ("b" * (MIN_LETTERS - 1), "b" * (MAX_LETTERS + 1), "jalan", "meja2kan"):
        assert not is_affixed(word)


def test_the_same_text_gives_the_same_stems_whatever_came_before() -> None:
    words = [f"me{a}{b}rakan" for a in "bcdfgh" for b in string.ascii_lowercase]
    first = stems(words)
    stems(["menerangi", "diperjalankan"])
    assert stems(words) == first
    _stem.cache_clear()
    assert stems(words) == first


def test_after_the_limit_of_forms_words_stand_as_they_are() -> None:
    invented = [f"memper{a}{b}kan" for a in "bcd" for b in string.ascii_lowercase]
    assert stems([*invented, "memperbaiki"])[-1] == "memperbaiki"
    assert stems([*invented[: MAX_STEMMED_FORMS - 1], "memperbaiki"])[-1] == "baik"


@pytest.mark.parametrize("kind", ["one word of 5,000 letters", "1,000 invented forms", "me repeated"])
def test_an_attack_reaches_sastrawi_a_limited_number_of_times(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(0)
    invented = [f"me{''.join(rng.choices(string.ascii_lowercase, k=rng.randint(4, 15)))}kan" for _ in range(1000)]
    words = {
        "one word of 5,000 letters": ["x" * 5000],
        "1,000 invented forms": invented,
        "me repeated": [f"{'me' * n}kan" for n in range(1000)],
    }[kind]
    asked: list[str] = []

    def count(word: str) -> str:
        asked.append(word)
        return word

    # The package's attribute of that name is the function, so the module is taken from sys.modules.
    monkeypatch.setattr(sys.modules["pipeline.text.stems"], "_stem", count)
    assert stems(words) == words
    assert len(set(asked)) <= MAX_STEMMED_FORMS
    assert all(len(word) <= MAX_LETTERS for word in asked)
