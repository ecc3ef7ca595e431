"""Dangers in everyday words, and phrases that only sound like one, without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.complaint import Level
from tests.pipeline.urgency.asked import is_emergency, levels

STREET = Path(__file__).parents[2] / "data" / "urgency" / "street.jsonl"


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("banjir sampe dada", True),
        ("banjir udah sampe pinggang", True),
        ("aer udah sampe leher", True),
        ("air setinggi orang dewasa", True),
        ("banjir nyampe atap", True),
        ("air nyampe ke jendela rumah", True),
        ("banjir 2 mtr", True),
        ("caah tos dugi ka dada", True),
        ("aer naek cepet, tlg perahu", True),
        ("banjir sampe mata kaki", False),
        ("genangan banjir panjangnya 50 mtr", False),
        ("air hujan masuk dari atap bocor sampai kamar", False),
        ("air tidak sampai ke atap karena tekanan kecil", False),
        ("dulu banjir sampe dada sekarang udah engga", False),
    ],
)
def test_a_flood_as_deep_as_people_are_tall_is_an_emergency(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    "text",
    [
        "ponakan dicabulin bapak tirinya malem ini masih serumah",
        "mbg basi 60 siswa muntah",
        "puluhan siswa pusing mual setelah makan MBG",
        "anak2 pada mencret abis makan bergizi gratis",
        "tangannya kegiling mesin",
        "jari anak saya kepotong mesin",
        "tangan anak putus kena petasan",
        "mobil dihantam kereta",
        "kereta api nabrak motor di perlintasan",
        "istri mau lahiran ambulan desa ditelp ga diangkat",
        "bidan desa ga ada istri saya udah bukaan 8",
        "melahirkan di jero angkot tulungan",
        "ade saya kesedak permen",
        "anak sy kemakan baterai jam",
        "ada yg mau lompat dari JPO",
        "ada orang mau lompat dari fly over",
        "pengen nyilet tangan, udah ga kuat",
        "saya capek hidup pengen nyusul ibu",
        "temen sy mau akhirin hidup",
        "saya minum obat nyamuk",
        "saya dikunciin suami di rumah, dipukulin",
        "saya dikurung suami ga dikasih makan",
        "tabung gas ngeses ga brenti2",
        "lg perang sarung bawa sajam",
    ],
)
def test_dangers_in_the_words_of_the_street_are_emergencies(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "adik saya dicabulin tetangga",
        "anak di sodomi guru ngaji",
        "anak saya digrepe di angkot",
        "anak saya dilecehin",
        "guru ngaji cabulin murid, kasusnya didiemin desa",
        "oknum guru mencabuli siswi",
        "tetangga menggerayangi anak kos",
        "pelatih melecehkan murid perempuan",
        "kakak kelas ngebully anak saya",
        "cacar nular di pesantren",
        "tbc nular di kontrakan",
        "listrik padam 3 hari",
        "warung jual tramadol",
    ],
)
def test_serious_harm_in_the_words_of_the_street_is_known(text: str) -> None:
    assert levels(text) == {Level.TINGGI}


@pytest.mark.parametrize(
    "text",
    [
        "mbg bikin pusing wali murid",
        "foto kepala terpotong di ktp",
        "pendaftaran pasien ditulis tangan karena koneksi putus",
        "perlintasan kereta rawan kecelakaan motor",
        "dalam dua bulan sudah dua motor tersambar kereta",
        "pintu gerbang komplek dikunciin satpam ga bisa lewat",
        "ambulans tidak bisa masuk, jalannya sempit",
        "ayam dikurung tetangga bau",
        "bukaan 2 median jalan ditutup",
        "capek hidup di bekasi macet terus",
        "fogging obat nyamuk bau",
        "JPO dan fly over rusak",
        "lampu pju mati 3 hari",
    ],
)
def test_the_same_words_in_an_ordinary_complaint_are_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("there is a fire next to my house, please send help", True),
        ("a man with a knife in front of the school", True),
        ("a child is drowning in the river", True),
        ("someone was stabbed", True),
        ("my father is unconscious", True),
        ("gas leak in the kitchen", True),
        ("car accident, people injured", True),
        ("people trapped in the flood", True),
        ("main free fire tiap malam berisik", False),
        ("where is the nearest fire station", False),
        ("the road is broken", False),
    ],
)
def test_the_plainest_english_of_an_emergency_is_understood(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


def test_emergencies_in_the_words_of_the_street_are_told_from_what_only_sounds_like_one() -> None:
    rows = [json.loads(line) for line in STREET.read_text(encoding="utf-8").splitlines()]
    told = {row["text"]: is_emergency(row["text"]) for row in rows}
    missed = [row["text"] for row in rows if row["emergency"] and not told[row["text"]]]
    alarms = [row["text"] for row in rows if not row["emergency"] and told[row["text"]]]
    grave = sum(row["emergency"] for row in rows)
    assert (grave, len(rows)) == (279, 489)
    assert len(missed) <= 0.05 * grave, "\n".join(missed)
    assert len(alarms) <= 0.03 * (len(rows) - grave), "\n".join(alarms)


_MANNERS = (
    "maaf mengganggu malam-malam, saya mau lapor {}",
    "Pak Bupati, kami akan melaporkan {}",
    "Yth. Bapak Bupati, mohon ijin melaporkan bahwa {} Demikian laporan kami, atas perhatiannya terima kasih",
    "min {} mohon segera ditindaklanjuti ya",
    "{} di Jl. Raya Setu No. 12 RT 03 RW 05",
    "TOLONG {} WA SAYA 081234567890",
)


@pytest.mark.parametrize(
    "happening",
    [
        "pohon roboh nimpa warung",
        "dua tukang pingsan di dalem septitank",
        "kompor emak nyamber gorden",
        "anak panas 41 kejang",
        "boiler pabrik njeblug",
        "bocor pipa gas",
        "tembok pabrik rubuh ngenain kontrakan",
    ],
)
def test_manners_and_addresses_take_nothing_away(happening: str) -> None:
    assert [text for frame in _MANNERS if not is_emergency(text := frame.format(happening))] == []


@pytest.mark.parametrize(
    "text",
    [
        "asepnya keluar dari jendela rumah kosong",
        "lilin nyamber kasur",
        "pagar dialiri listrik, bocah lemes megang",
        "forklift nindih kaki teman saya",
        "bukit runtuh ke dua rumah, keluarganya belum ada kabar",
        "jembatan gantung bautnya copot, anak-anak jatuh",
        "bianglala macet orangnya teriak di atas",
        "lift anjlok isi 8 orang",
        "bocah manjat sutet ngambil layangan",
        "penonton desak-desakan, ada yang keinjek",
        "ari ari nya ga keluar",
        "paraji nyerah, mau lahiran",
        "ketuban ijo dari pagi",
        "bapak tiba-tiba bicaranya pelo",
        "dedek ketelen kancing, lehernya biru",
        "ventilator mati, pasien dipompa tangan",
        "ibu saya ditolak 3 rs",
        "helikopter jatuh di sawah",
        "anak cewe ditarik masuk mobil avanza",
        "anak saya dijemput orang yang ngaku suruhan saya",
        "ada orang gendong bocah nangis, bukan bapaknya",
        "temen mau nyusul ibunya ke alam sana, udah naik ke atap",
        "adek gores-gores nadi di kamar",
        "tukang nemu mortir, dipegang-pegang",
        "rem bus los nabrak motor",
        "habis pesta ciu tiga orang buta",
    ],
)
def test_rarer_dangers_in_the_words_of_the_street_are_emergencies(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "oprit jembatan dekat rel ambles sedikit, masih bisa dilalui",
        "bayar listrik serasa kesetrum, nyetrum kantong",
        "pingsan gua liat harga cabe",
        "penembakan di amerika serem ya",
        "begal sudah jarang, makasih polres",
        "mau gantung diri rasanya ngurus ijin ribet",
        "stroke center di rsud sudah ada belum",
        "kompor gas bantuan pemerintah masih ada?",
        "mau nyusul ibu ke kantor naik angkot apa",
        "siapin tali buat lomba 17an, maaf boleh pinjam?",
        "lift turun anjlok sedikit tiap pagi",
        "jembatan setengah jadi hilang anggarannya",
        "ibu hamil hb rendah minta tablet tambah darah",
        "anak belum pulang, sekolah kok lembur terus",
        "ibu-ibu bawa golok kerja bakti potong rumput",
        "peluru mainan ditemukan anak di sekolah",
        "bayi saya belum lepas tali pusar, boleh mandi?",
        "wahana pasar malam izinnya gimana",
        "anak dijemput ojol langganan, sekolahnya jauh",
    ],
)
def test_their_words_in_an_ordinary_message_are_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "insulin ibu saya kosong di puskesmas",
        "vaksin rabies habis, anak saya digigit kucing kemarin",
        "monyet liar gigit tangan ibu saya",
        "anak di bawah umur bekerja di gudang tiap malam",
        "anak-anak disuruh mengemis di lampu merah",
    ],
)
def test_bites_missing_medicine_and_child_labour_are_serious(text: str) -> None:
    assert levels(text) == {Level.TINGGI}


@pytest.mark.parametrize(
    "text", ["anak saya mau kerja di pabrik", "masker kosong di apotek", "kucing tetangga berisik"]
)
def test_work_of_the_grown_and_other_wants_are_not(text: str) -> None:
    assert levels(text) == set()


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("laut mendadak surut, ikan menggelepar di pasir, warga lari", True),
        ("sehabis gempa tadi tsunami datang, kami lari ke bukit", True),
        ("ombak tinggi menyapu warung di pinggir pantai", True),
        ("gempa tadi, pasien berhamburan ke parkiran", True),
        ("gunung meletus, warga lereng mengungsi jalan kaki", True),
        ("wedhus gembel mengarah ke kampung", True),
        ("lahar dingin meluap menghantam rumah di bantaran", True),
        ("rambu jalur evakuasi tsunami dicorat-coret", False),
        ("tiap sore air laut surut, perahu susah sandar", False),
        ("tsunami kritik di akun pemda", False),
        ("tugas sekolah tentang gunung meletus, cari buku di mana", False),
        ("truk pengangkut pasir lahar bikin jalan rusak", False),
    ],
)
def test_sea_and_mountain_threaten_where_they_are_told_of_as_happening(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("gudang rongsok udah nyala besar apinya", True),
        ("adik berenang di waduk, tidak kelihatan lagi", True),
        ("sopir travel menggantung di tebing, mobilnya nyangkut", True),
        ("jembatan gantung bergoyang, sepeda motor susah papasan", False),
        ("baunya bikin pengen pingsan", False),
        ("loketnya panas bikin mau pingsan", False),
        ("seblaknya bikin lidah kebakar", False),
        ("penjual kue babak belur dihajar tagihan", False),
        ("satpamnya melotot kayak mau bunuh orang", False),
        ("admin kebanjiran komentar", False),
        ("bocah-bocah tenggelam dalam game", False),
    ],
)
def test_figures_of_speech_are_told_from_what_they_are_taken_from(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency
