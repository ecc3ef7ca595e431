"""Whether a danger is present, past, wished for or feared, without a model."""

from __future__ import annotations

import pytest

from pipeline.complaint import Level
from tests.pipeline.urgency.asked import is_emergency, levels


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("balita 2 tahun tenggelam di kolam", True),
        ("bocah 3 taun kecebur sumur", True),
        ("anak saya umur 5 th hanyut di kali", True),
        ("nenek usia 70 tahun terjepit pintu", True),
        ("anak perempuan 7 thn diculik", True),
        ("sudah 2 tahun jembatan ambruk belum diperbaiki", False),
        ("anak 3 tahun lalu hanyut di kali", False),
    ],
)
def test_how_old_a_person_is_does_not_say_how_long_ago_it_was(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("anak kejang di igd, disuruh bayar dulu", True),
        ("dulu anak saya kejang", False),
        ("pasien gawat di igd ga diurus, suruh bpjs aktif dulu", True),
        ("anak kejang di igd, harus ngurus surat dari kelurahan dulu", True),
        ("dulu pasien gawat ditolak igd", False),
        ("ibu hamil 8 bulan kecelakaan, keluar darah", True),
        ("bayi 3 bulan sesak napas", True),
        ("atap rumah ambruk sudah 3 bulan", False),
        ("saya dipukuli majikan sekarang, tidak boleh pulang", True),
        ("korban luka sudah boleh pulang", False),
        ("pohon tinggi menempel kabel, membahayakan rumah bila tumbang", False),
        ("kemarin ada yang dijambret lagi", False),
        ("lagi dijambret di depan pasar", True),
        ("sudah 7 kali pengendara jatuh di situ", False),
        ("warga kena demam berdarah, minta penyemprotan", False),
        ("mobil susah keluar masuk rumah warga", False),
        ("dua pengendara terperosok lubang di jalan raya", False),
        ("balita terperosok ke septic tank", True),
        ("setiap hujan banjir 1 meter", False),
        ("kakek umur 80 suka lupa jalan pulang, dari subuh sudah dicari ke semua tetangga belum ketemu", True),
    ],
)
def test_when_it_happened_and_to_whom_is_read_from_the_words_around(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    "text",
    [
        "kapan pohon depan rumah saya mau dipangkas",
        "kami mau penghijauan, butuh 500 bibit pohon",
        "jembatan penghubung desa mau dibangun kapan ya",
        "warga mau pasang kabel wifi, izin ke siapa",
        "tiang pju akan dipasang di mana saja",
        "minta tower, mau telepon susah sinyal",
        "baliho caleg akan dipasang di jalan protokol",
    ],
)
def test_what_somebody_wants_or_plans_is_no_danger_feared(text: str) -> None:
    assert levels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "pohon besar mau tumbang ke rumah",
        "ranting itu mau jatuh",
        "baliho bakal roboh",
        "kabel pln mau putus",
        "jembatan bambu akan ambrol",
        "tanggul mau jebol",
        "pohon depan rumah bikin takut warga",
        "tiang telkom rawan",
        "perlintasan kereta tidak memiliki palang maupun penjaga",
        "badan tower meleyot ke arah rumah",
    ],
)
def test_but_what_is_about_to_fall_is_serious_and_so_is_what_people_fear(text: str) -> None:
    assert levels(text) & {Level.TINGGI, Level.DARURAT}


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("puskesmas penuh terus, pasien harus nunggu dari subuh", False),
        ("rsud ruang tunggu penuh pasien pada berdiri", False),
        ("pasien bpjs disuruh menunggu, yang umum didahulukan", False),
        ("pasien kontrol disuruh pulang karena surat rujukan habis", False),
        ("dokter tidak ada di tempat, pasien disuruh besok lagi", False),
        ("pasien ditolak rumah sakit", True),
        ("pasien belum ditangani dari tadi", True),
        ("ruangan penuh, pasien kritis di lorong", True),
        ("pasien stroke disuruh menunggu terus", True),
    ],
)
def test_to_wait_is_an_emergency_for_the_gravely_ill_and_to_be_turned_away_for_any(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    ("text", "serious"),
    [
        ("haji saya kapan berangkat, sudah menunggu 12 tahun", False),
        ("antrean haji keberangkatan tahun berapa", False),
        ("berangkat umrah lusa, paspor belum jadi", True),
    ],
)
def test_when_one_leaves_is_a_question_and_no_date(text: str, serious: bool) -> None:
    assert bool(levels(text)) is serious
