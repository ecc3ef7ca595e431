"""Telephone numbers in groups far apart, with letters for digits and in words, and what only looks like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import mask
from tests.spellings import mobile_numbers, spellings


@given(
    st.data(),
    st.sampled_from(["", "hubungi ", "WA: ", "Lampu mati.\n", "hp/"]),
    st.sampled_from(["", " ya", "\nTerima kasih", ". Tolong"]),
)
def test_a_number_in_any_spelling_is_masked_and_the_text_around_it_is_not(
    data: st.DataObject, before: str, after: str
) -> None:
    spelt = data.draw(spellings(data.draw(mobile_numbers())))
    assert mask(f"{before}{spelt}{after}") == f"{before}[TELEPON]{after}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hub 0812,3456,7890,100 rumah", "hub [TELEPON],100 rumah"),
        ("hub 0812,3456,7890, 12 rumah", "hub [TELEPON], 12 rumah"),
        ("0812,3456,7890\n0813,1111,2222", "[TELEPON]\n[TELEPON]"),
        ("hp 0812,3456,7890 NIK 3216011203450001", "hp [TELEPON] NIK [NIK]"),
        ("wa 08.12.34.56.78.90 ya", "wa [TELEPON] ya"),
        ("wa 0.8.1.2.3.4.5.6.7.8.9.0 ya", "wa [TELEPON] ya"),
        ("hp O8I2-3O45-67l9", "hp [TELEPON]"),
        ("hp 0812-3456-789O", "hp [TELEPON]"),
        ("NIK 32160l12O3450001", "NIK [NIK]"),
        ("nol delapan satu dua 3456 7890 dua rumah", "[TELEPON] rumah"),
        ("0 delapan satu dua tiga empat lima enam tujuh delapan", "[TELEPON]"),
        ("٠٨١٢٣٤٥٦٧٨٩٠ dan 𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎", "[TELEPON] dan [TELEPON]"),
    ],
)
def test_a_number_ends_where_it_ends(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "kode area 0811, 0812, 0813",
        "0812, 0813, 0821 dan 0822 tidak bisa",
        "no meter 0812, 3456, 7890",
        "surat 08.12.2024.1030",
        "dicetak 08-12-24-10-30-15",
        "tanggal 08.12.2024, 09.12.2024",
        "tagihan 08122024\n1234567",
        "Rp 62,812,345,678",
        "RT 08, 12, 34, 56, 78",
        "RT 08.10.11.12.13.14",
        "pasal 08.12.34.56.78",
        "koordinat -6.2345678, 107.1234567",
        "koordinat 0812345, 1071234567",
        "5 l air, 10 l solar, 1500 l",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",
        "tahun 2019, 2020, 2021, 2022, 2023",
        "08.00-12.00, 13.00-16.00",
        "08:12:34, 08:12:56",
        "Senin 08.00\nSelasa 08.15\nRabu 09.30",
        "No 08\n12 rumah\n34 orang\n56 anak\n78",
        "satu dua tiga empat lima enam tujuh delapan sembilan",
        "delapan ratus dua puluh satu juta lima ratus ribu",
        "token 1234 5678\n9012 3456 7890",
        "volume 0,8123456789 m3",
    ],
)
def test_lists_dates_sums_and_coordinates_stay_readable(text: str) -> None:
    assert mask(text) == text
