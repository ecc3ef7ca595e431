from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.normalise import NUMBER, normalise_word, slang


@pytest.mark.parametrize(
    ("form", "normal"),
    [
        ("yg", "yang"),
        ("YG", "yang"),
        ("jln", "jalan"),
        ("rusaaaaak", "rusak"),
        ("bangeeeet", "sekali"),
        ("'jalan’", "jalan"),
        ("a" * 2 + "b" * 2 + "c" * 2 + "de" * 20, "aabbcc" + "de" * 17),
        ("rumah2", "rumah-rumah"),
        ("rumah2nya", "rumah-rumahnya"),
        ("15.000", NUMBER),
        ("2jt", NUMBER),
        ("𝐣𝐚𝐥𝐚𝐧", "jalan"),
        ("ｊａｌａｎ", "jalan"),
        ("jálan", "jalan"),
        ("ja\u200blan", "jalan"),
        ("jalan", "jalan"),
    ],
)
def test_a_word_becomes_the_word_meant(form: str, normal: str) -> None:
    assert normalise_word(form) == normal


@pytest.mark.parametrize(
    ("form", "normal"),
    [
        ("distrik", "kecamatan"),  # Papua
        ("kapanewon", "kecamatan"),  # Yogyakarta
        ("kemantren", "kecamatan"),
        ("panewu", "camat"),
        ("kalurahan", "desa"),
        ("nagari", "desa"),  # West Sumatra
        ("nagori", "desa"),  # Simalungun
        ("gampong", "desa"),  # Aceh
        ("keuchik", "kepala desa"),
        ("pekon", "desa"),  # Lampung
        ("tiyuh", "desa"),
        ("trada", "tidak ada"),  # Papua, Maluku, Manado
        ("tra", "tidak"),
        ("katong", "kita"),
        ("torang", "kita"),
        ("dorang", "mereka"),
    ],
)
def test_offices_and_everyday_words_of_other_provinces_are_known(form: str, normal: str) -> None:
    assert normalise_word(form) == normal


def test_the_slang_table_is_large_and_leads_to_words_that_are_no_slang() -> None:
    table = slang()
    assert len(table) >= 1000
    assert not {normal for normal in table.values() if normal in table}
    assert all(form == form.lower().strip() and " " not in form for form in table)
    assert all(1 <= len(normal.split()) <= 3 for normal in table.values())


@given(st.text(max_size=60))
def test_normalising_is_bounded_and_never_fails(form: str) -> None:
    assert len(normalise_word(form)) <= 200
