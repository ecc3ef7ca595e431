from __future__ import annotations

import re
import time
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import find_personal_data, mask
from pipeline.text.mask import find_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hubungi 081234567890 ya", "hubungi [TELEPON] ya"),
        ("WA +62 812-3456-7890", "WA [TELEPON]"),
        ("telp (021) 8901234", "telp [TELEPON]"),
        ("telp 021-8901234.", "telp [TELEPON]."),
        ("NIK 3216011203450001", "NIK [NIK]"),
        ("KK 3216 0112 0345 0001 belum jadi", "KK [NIK] belum jadi"),
        ("nik:321601.120345.0001", "nik:[NIK]"),
        ("surel budi.s+1@contoh.co.id!", "surel [EMAIL]!"),
        ("lihat https://contoh.id/a?b=c dan www.contoh.id", "lihat [URL] dan [URL]"),
        ("truk B 9123 KXY ngebut", "truk [PLAT] ngebut"),
        ("motor nopol b 12 xy kabur", "motor [PLAT] kabur"),
    ],
)
def test_personal_data_is_masked_and_its_kind_kept(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "RT 03 RW 12 Blok B 123 No. 7",
        "sejak 12 Januari 2025 jam 08.30",
        "harga Rp15.000.000 per 2024",
        "tanggal 2025-12-31",
        "jalan rusak 200 meter, 3 hari, kode pos 17530",
    ],
)
def test_addresses_dates_and_sums_are_no_personal_data(text: str) -> None:
    assert mask(text) == text


@given(st.text(alphabet="08123456789+- .abAB@/:w", max_size=200))
def test_spans_are_in_order_and_masking_twice_changes_nothing(text: str) -> None:
    spans = [found.span for found in find_personal_data(text)]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert mask(mask(text)) == mask(text)


@given(st.from_regex(re.compile(r"08[0-9]{8,11}", re.ASCII), fullmatch=True), st.sampled_from(["", ".", " ", ","]))
def test_no_mobile_number_survives(number: str, after: str) -> None:
    assert number not in mask(f"hubungi saya di {number}{after} terima kasih")


MASK = import_module("pipeline.text.mask")  # the package's attribute of that name is the function
_NEAR_NUMBERS = [
    "0812", "3456", "7890", "3216 0112 0345 0001", "+62", "(021)", "8901234", "-", ".", " ", "\n", ",", "budi", "@",
    "contoh.id", "https://", "www.", "nik", "wa ", "hp: ", "plat nomor: ", "nopol", "B ", "b 12 xy", "KXY", "no. pol ",
    "RT ", "RW", "b 2345", " x", "O8l2", "08.12.", "08,",
    "warga yang menunggu di depan kantor sejak pagi sekali dan belum juga dilayani petugas", "a" * 80, "/", "x9",
]  # fmt: skip


@given(
    st.text(alphabet="0123456789 .-+()@/:wWbBxX\n", max_size=60)
    | st.text(max_size=60)
    | st.lists(st.sampled_from(_NEAR_NUMBERS), max_size=25).map("".join)
)
def test_reading_near_signs_finds_what_reading_everything_finds(text: str) -> None:
    found = find_numbers(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MASK, "_signs", lambda whole: [(0, len(whole))])
        assert found == find_numbers(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a.n. Budi Santoso hub 081234567890 a.n. Siti Aminah", "a.n. [NAMA] hub [TELEPON] a.n. [NAMA]"),
        ("norek 3216011203450001 22 ya", "norek [REKENING] ya"),
    ],
)
def test_what_is_told_by_form_and_by_words_is_masked_in_order_and_of_two_the_longer(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("nomor tiket 081234567890, hp 081234567891", "nomor tiket 081234567890, hp [TELEPON]"),
        ("blok B 1234 KX rusak, hub 081234567890", "blok B 1234 KX rusak, hub [TELEPON]"),
        ("tiket B 9123 KXY", "tiket [PLAT]"),
        ("blok 081234567890", "blok [TELEPON]"),
    ],
)
def test_a_ticket_is_no_telephone_and_a_block_no_plate_but_what_follows_is(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("letters", [1, 30, 64])
def test_an_email_address_is_masked_from_its_first_letter_on(letters: int) -> None:
    address = f"{'b' * letters}@contoh.id"
    assert mask(f"kalau ada kabar, kirim saja ke {address} ya") == "kalau ada kabar, kirim saja ke [EMAIL] ya"


@pytest.mark.parametrize("sign", ["@", "a@", "12-", "٠", "0", "0812,", "0O", "nol "])
def test_a_text_of_nothing_but_signs_and_without_a_space_takes_no_quadratic_time(sign: str) -> None:
    # Eight times if linear, 64 times if quadratic.
    assert _least_time(f"a {sign * 40_000}") < 16 * _least_time(f"a {sign * 5_000}")


@pytest.mark.parametrize("cue", ["atas nama", "a.n.", "nama saya :", "pelapor:", "ttd", "hormat kami,", "alamat"])
def test_blanks_without_end_after_what_announces_a_name_take_no_quadratic_time(cue: str) -> None:
    assert _least_time(f"a {cue}{' ' * 8_000}.") < 16 * _least_time(f"a {cue}{' ' * 1_000}.")


def _least_time(text: str) -> float:
    took = []
    for _ in range(3):
        began = time.thread_time()
        mask(text)
        took.append(time.thread_time() - began)
    return min(took)


@pytest.mark.parametrize("text", ["budi@contoh.id", "https://contoh.id/lampu", "www.contoh.id", "081234567890"])
def test_each_is_found_alone_first_and_last_in_a_text(text: str) -> None:
    (found,) = find_personal_data(text)
    assert text[found.span.start : found.span.end] == text
    assert mask(f"{text} tolong") == f"[{found.kind}] tolong"
    assert mask(f"hubungi {text}") == f"hubungi [{found.kind}]"


def test_of_a_long_text_each_is_found_once_wherever_it_stands() -> None:
    between = " warga menunggu di depan kantor sejak pagi dan belum dilayani petugas yang berjaga" * 3
    text = f"081234567890{between} budi@contoh.id{between} 3216011203450001{between} www.contoh.id"
    assert [found.kind for found in find_numbers(text)] == ["TELEPON", "EMAIL", "NIK", "URL"]
    assert mask(text) == f"[TELEPON]{between} [EMAIL]{between} [NIK]{between} [URL]"
