"""How far a word of time, a supposition or a comparison reaches, without a model."""

from __future__ import annotations

import pytest

from pipeline.complaint import Level
from pipeline.urgency import Standing
from tests.pipeline.urgency.asked import is_emergency, levels, signs


@pytest.mark.parametrize(
    ("text", "words", "within", "beyond"),
    [
        ("hampir {} kebakaran", 2, Standing.FEARED, Standing.REAL),
        ("kaya {} kebakaran", 2, Standing.UNCONCERNED, Standing.REAL),
        ("takut {} kebakaran", 5, Standing.FEARED, Standing.REAL),
        ("tiap malam {} kebakaran", 4, Standing.OVER, Standing.REAL),
        ("kalau {} kebakaran", 8, Standing.CONDITIONAL, Standing.REAL),
        ("kalau saya {} habis kesetrum", 5, Standing.REAL, Standing.CONDITIONAL),
        ("istri saya mau melahirkan ditolak igd, suruh {} dulu", 4, Standing.REAL, Standing.OVER),
        ("kebakaran sekarang {} sudah padam", 2, Standing.OVER, Standing.REAL),
        ("kebakaran {}", 119, Standing.REAL, Standing.OVER),  # a longer text is mostly a history
    ],
)
def test_each_word_reaches_so_many_words_and_no_further(
    text: str, words: int, within: Standing, beyond: Standing
) -> None:
    told = [{sign.standing for sign in signs(text.format("kursi " * between))} for between in (words, words + 1)]
    assert told == [{within}, {beyond}]


@pytest.mark.parametrize(("danger", "words"), [("anak {} tenggelam", 7), ("kabel {} menjuntai", 14)])
def test_an_event_is_told_within_nine_words_and_a_lasting_condition_within_sixteen(danger: str, words: int) -> None:
    assert [bool(signs(danger.format("kursi " * between))) for between in (words, words + 1)] == [True, False]


def test_a_denial_reaches_over_four_fillers_and_over_no_other_word() -> None:
    for between, standing in (
        ("ada lagi yang itu", Standing.DENIED),
        ("ada lagi yang itu ini", Standing.REAL),
        ("kursi", Standing.REAL),
    ):
        assert [sign.standing for sign in signs(f"tidak {between} kebakaran")] == [standing]


def test_a_drill_explains_an_emergency_in_a_text_of_three_sentences_and_in_a_longer_one_only_beside_it() -> None:
    drill = "hanya simulasi"
    assert not is_emergency(f"kebakaran di ruko. kursi meja. {drill}")
    assert is_emergency(f"kebakaran di ruko. kursi meja. kursi meja. {drill}")
    assert not is_emergency(f"kebakaran di ruko {drill}. kursi meja. kursi meja. kursi meja")


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("anak saya dihajar wali kelasnya bulan lalu, sekarang sudah pindah sekolah", False),
        ("paman ketabrak bus tahun 2019, sekarang jalannya pincang", False),
        ("anak saya dihajar bapaknya, sekarang masih dipukuli", True),
        ("minggu lalu dipukuli, sekarang suami saya memukuli ibu lagi", True),
    ],
)
def test_now_counts_only_in_the_clause_of_the_danger(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


def test_still_inside_goes_on_although_it_is_part_of_a_phrase() -> None:
    text = "bulan lalu gudang ini latihan kebakaran, {} dua karyawan masih di dalam gedung yang kebakaran"
    assert is_emergency(text.format("siang tadi"))
    assert not is_emergency("bulan lalu gudang ini latihan kebakaran bersama dua karyawan")


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("maaf pak, kalau ibu saya tadi pingsan terus bibirnya biru itu ke poli apa ya", True),
        ("mau tanya kalau adik saya habis kesetrum bagusnya diapain", True),
        ("kalau ada yang kesetrum di rumah bagusnya diapain ya", False),
        ("kalau anak saya pingsan di sekolah siapa yang tanggung jawab", False),
    ],
)
def test_a_polite_if_about_what_has_just_happened_is_no_supposition(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("pertigaan ini tiap malam tabrakan motor", False),
        ("tahun ini sudah tiga mobil terguling di turunan itu", False),
        ("setiap sore tawuran di lapangan", False),
        ("tiap malam tawuran di lapangan, sekarang lagi bacok-bacokan", True),
        ("baru saja tabrakan motor, korban tergeletak", True),
    ],
)
def test_what_happens_again_and_again_is_no_emergency_by_itself(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    "text",
    [
        "warung saya kebakaran sebelum puasa, mau tanya bantuan modal",
        "jembatan itu ambruk april lalu, kapan dianggarkan",
        "suami saya meninggal tersambar petir, saya mau urus santunan anak",
        "kapal karam zaman belanda itu bisa jadi wisata selam",
        "waktu saya kecil ada yang tenggelam di situ",
    ],
)
def test_seasons_months_and_eras_tell_of_the_past(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "dikira kebakaran, warga keluar semua, tahunya fogging",
        "kirain banjir bandang, cuma pipa pecah",
        "tes fitur laporan kebakaran",
        "kampanye cegah bunuh diri di alun-alun",
        "monumen korban kecelakaan kereta kotor",
    ],
)
def test_what_was_mistaken_tried_or_campaigned_for_is_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize("fear", ["hariwang", "wedi", "kuwatir"])
def test_fear_is_understood_in_dialect(fear: str) -> None:
    assert levels(f"tembok tetangga doyong, {fear} ambruk ke kamar") == {Level.TINGGI}


@pytest.mark.parametrize(
    "text",
    [
        "kabel pln yang menjuntai sudah diikat petugas",
        "pohon tumbang sudah digeser ke pinggir, makasih",
        "ketuban istri pecah di jalan tapi anaknya lahir selamat",
    ],
)
def test_what_was_tied_moved_or_ended_well_is_over(text: str) -> None:
    assert not is_emergency(text)
