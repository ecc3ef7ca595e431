"""Effect of context on a danger, whichever it is."""

from __future__ import annotations

import pytest

from pipeline.complaint import Level
from tests.pipeline.urgency.asked import is_emergency, levels

_HAPPENS = (
    "rumah tetangga kebakaran",
    "anak kecebur sumur",
    "jembatan ambruk",
    "motor ketabrak truk orangnya luka parah",
    "tabung gas meledak",
    "warga keracunan makanan",
    "nenek pingsan di pasar",
)


@pytest.mark.parametrize(
    "frame",
    [
        # a polite phrase, not a condition
        "kalo bisa cepet pak {}",
        "kalau boleh tolong kirim bantuan {}",
        "jika berkenan mohon dibantu {}",
        "kalo ga salah {}",
        # a negated cancelling word cancels nothing
        "bukan hoax ini {} beneran",
        "ini bukan latihan {}",
        "saya tidak bercanda pak {}",
        "ini bukan simulasi, {}",
        # the time of the event, not the request
        "{} pas lomba 17an",
        "{} saat latihan pramuka",
        "{} waktu kunjungan pejabat",
        "{} pas lagi belajar",
        "{} saat uji coba",
        "{} kaya di film",
        "{} padahal dulu ga pernah",
        # thanks for something else
        "kami warga RT 3 berterima kasih kepada pemda. tapi {}",
        "makasih banyak jalannya udah bagus, namun {}",
        # help is wished for, not the event
        "semoga selamat {}",
        "semoga cepet ditolong {}",
        "mudah2an cepet dateng {}",
        "dapet info {}",
        "{} hubungi siapa ini",
    ],
)
def test_what_only_looks_like_a_condition_a_plan_or_thanks_hides_no_emergency(frame: str) -> None:
    assert [text for happens in _HAPPENS if not is_emergency(text := frame.format(happens))] == []


@pytest.mark.parametrize(
    "frame",
    [
        "kalau {} lapor ke mana",
        "kalau boleh tau, kalau {} lapor ke mana",
        "minta pelatihan untuk {}",
        "pas simulasi {} kemarin jalan macet",
        "lagi latihan {} bareng damkar",
        "terima kasih kepada petugas, {} kemarin cepat ditangani",
        "semoga {} tidak terjadi lagi",
        "dulu pernah {}",
        # unharmed
        "untung ga sampe {}",
        "alhamdulillah ga jadi {}",
        "untungnya tidak ada {}",
        # a question whether it is true
        "katanya {}, bener ga min",
        "ada kabar {}, beneran ga sih",
        "semalem mimpi {}",
        "nonton sinetron isinya {} mulu",
        # nearly
        "hampir aja {}",
        "nyaris saja {}",
    ],
)
def test_what_did_not_happen_is_no_emergency(frame: str) -> None:
    assert [text for happens in _HAPPENS if is_emergency(text := frame.format(happens))] == []


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("lubang gede di tengah jalan makan korban 3 orang", False),
        ("begal di tengah perumahan, minta ronda", False),
        ("orang tengah berantem bawa golok", True),
        ("jalan kampung ga pernah diaspal dari dulu, ambulans ogah masuk", False),
        ("api sudah padam tapi masih ada orang terjebak", True),
        ("tiap hujan tebing belakang rumah longsor dikit-dikit", False),
        ("tebing longsor nimpa rumah", True),
        ("tanggul sudah retak, lama-lama jebol", False),
        ("mimpi apa semalam, rumah saya kebakaran", True),
        ("rumah kami habis terbakar api, rasanya seperti mimpi", True),
    ],
)
def test_now_and_again_are_read_from_the_words_around(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    "luck", ["untung ga ada korban", "syukurlah ga ada yg luka", "warga selamat semua", "pada gapapa"]
)
@pytest.mark.parametrize(
    ("danger", "stays"),
    [
        ("kabel listrik putus jatuh di trotoar", True),
        ("tiang telkom tumbang ngalangin jalan", True),
        ("gas bocor di dapur warung", True),
        ("tembok sekolah ambruk ke halaman", True),
        ("angkot kebalik di tikungan", False),
        ("perahu getek kebalik di kali", False),
        ("tadi ada tabrakan motor sama mobil", False),
    ],
)
def test_that_nobody_is_hurt_calms_only_what_is_over_then(danger: str, stays: bool, luck: str) -> None:
    assert is_emergency(f"{danger}, {luck}") is stays


def test_a_tree_that_leans_stays_serious_when_nobody_was_hit() -> None:
    for text in ("pohon waru miring banget ke arah warung", "tiang lampu doyong ke jalan"):
        assert Level.TINGGI in levels(f"{text}, untung tidak ada korban")


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("melahirkan di puskesmas gratis ga", False),
        ("stroke bisa ditangani di puskesmas ga", False),
        ("puskesmas 24 jam ada dokter jaga ga ya buat lahiran", False),
        ("operasi jantung di rsud ada belum", False),
        ("bapak stroke di igd ga ditangani", True),
        ("bapak stroke dari pagi di igd dilihat pun tidak", True),
        ("ibu mau melahirkan, bidan tidak ada", True),
    ],
)
def test_a_question_ends_with_a_denial_that_denies_nothing(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("waktu latihan bola pemain tersambar petir, tidak sadarkan diri", True),
        ("anak-anak latihan silat di balai, atapnya ambruk menimpa mereka", True),
        ("pas jam pelajaran ruang kelas terbakar, murid lari keluar", True),
        ("latihan evakuasi kebakaran di sekolah besok", False),
        ("belajar memadamkan api di tempat damkar, kapan bisa", False),
    ],
)
def test_who_trains_at_a_sport_or_sits_in_class_stages_nothing(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("balita saya menelan baterai kancing, tidak apa-apa ya?", True),
        ("adik ketelen baterai, gapapa kan kak?", True),
        ("api udah nyala di ruang tengah, kami tidak berani masuk", True),
        ("lampu depan rumah sudah nyala setelah percikan api kemarin", False),
        ("kompor rumah saya apinya sudah nyala lagi setelah diservis", False),
    ],
)
def test_a_question_whether_it_is_harmless_is_no_comfort_and_a_fire_that_has_begun_is_not_over(
    text: str, emergency: bool
) -> None:
    assert is_emergency(text) is emergency
