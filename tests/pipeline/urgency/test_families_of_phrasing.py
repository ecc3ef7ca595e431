"""Dangers told by who does it, what is seen or what is missing, and what only sounds like them; without a model."""

from __future__ import annotations

import pytest

from tests.pipeline.urgency.asked import is_emergency, named


@pytest.mark.parametrize(
    "text",
    [
        "bininye lagi dicekik di dapur",
        "bojoku kesetrum pompa",
        "tonggoku keseret banyu kali",
        "lakinye ketindih tembok",
        "ambu kuring pingsan",
        "marbot jatuh dari menara",
    ],
)
def test_people_are_people_in_dialect_and_by_trade(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "ayah tiri lagi gebukin adik pakai tangan kosong",
        "majikan nendangin anak kecil sambil teriak",
        "dia tamparin istri sampai lemas",
        "dari lantai atas ada yang menjerit minta tolong",
        "pintu kamar didobrak orang bertopeng",
    ],
)
def test_violence_is_told_by_who_does_it_too(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text", ["anak-anak nendangin bola ke pagar", "petugas menendang gerobak sayur", "hajar terus pak"]
)
def test_to_kick_things_is_no_violence_against_people(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("anak tidak sampai rumah, hp gurunya tidak aktif", "orang-hilang"),
        ("kakek belum pulang, motornya juga tidak ada", "orang-hilang"),
        ("aku tidak sanggup, sudah beli racun", "bunuh-diri"),
        ("tiang lampu patah menggantung di kabel atas jalan", "tiang-roboh"),
        ("dinding rumah bunyi kretek-kretek terus miring", "bangunan-ambruk"),
        ("bukit di belakang bergemuruh, tanah mulai bergerak", "longsor"),
        ("nenek alzheimer salah naik angkot", "orang-hilang"),
        ("anak menemukan besi berkarat bentuk nanas di kebun", "bom"),
        ("bumil terpeleset, keluar flek merah", "nyawa-terancam"),
        ("adu depan di tikungan, sopirnya masih mengerang", "kecelakaan"),
        ("celah flyover makin lebar, bus lewat bergetar", "jembatan-ambruk"),
        ("rambut karyawan tergulung mesin, kepala ikut tertarik", "terjepit"),
        ("darah merembes ke kasur ibu", "nyawa-terancam"),
        ("jahitan operasi terbuka, darah keluar", "nyawa-terancam"),
        ("tukang belum naik dari sumur, katanya pusing", "nyawa-terancam"),
        ("tangki pabrik mendesis, karyawan lari keluar", "gas-bocor"),
        ("mata kami perih mendadak, dada sesak, dari arah tangki", "kimia"),
    ],
)
def test_an_emergency_is_recognised_by_what_is_seen(text: str, danger: str) -> None:
    assert danger in named(text)
    assert is_emergency(text)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("kemoterapi ibu tertunda karena rujukan dipersulit", "sakit-tanpa-biaya"),
        ("digigit kera, serum di puskesmas habis", "obat-kosong"),
        ("plafon kelas melendut", "bangunan-rawan"),
        ("limbah pabrik ke kali, ikan mati", "pencemaran-berbahaya"),
        ("asap pabrik bikin asma bapak kambuh", "pencemaran-berbahaya"),
        ("air sumur bau solar", "pencemaran-berbahaya"),
        ("jarum suntik dibuang di kebun", "pencemaran-berbahaya"),
        ("trafo berdengung, oli menetes", "korsleting"),
        ("tutup got dibongkar tidak dipasang lagi", "saluran-terbuka"),
        ("majikan di taiwan, gaji tidak dibayar, minta pulang", "telantar"),
        ("anak ditinggal ibunya dua minggu sendirian", "telantar"),
        ("kambing mendadak mati puluhan", "wabah"),
        ("kabel pln kendur di atas teras", "kabel-rendah"),
    ],
)
def test_serious_harm_is_recognised_by_what_is_missing_or_seen(text: str, danger: str) -> None:
    assert danger in named(text)
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "kaca halte pecah dicoret-coret",
        "nama ibu hilang dari daftar pkh",
        "harga telur naik, dompet emak kebakaran",
        "pabrik sekarat, thr dicicil",
        "iuran ini mau bunuh rakyat",
        "surat disandera tunggakan",
        "petugas nembak angka meteran",
        "cuma nyatet doang, tidak pernah ngukur",
        "mulut melepuh sapi saya",
        "ambulans desa dipakai buat piknik, tolong ditegur",
        "penerimaan petugas pemadam kebakaran kapan",
        "alat pendeteksi kebocoran gas ada subsidinya?",
    ],
)
def test_figures_of_speech_things_and_trades_are_no_emergencies(text: str) -> None:
    assert not is_emergency(text)


def test_a_slack_power_line_within_reach_is_an_emergency() -> None:
    assert is_emergency("kabel pln kendur sampai tersangkut kepala pengendara")
    assert not is_emergency("kabel pln kendur di depan pagar")
