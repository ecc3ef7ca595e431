"""The same words about people, things and animals, without a model."""

from __future__ import annotations

import pytest

from tests.pipeline.urgency.asked import is_emergency, levels

_PERSONS = (
    "dede ponakan nyokap bokap sodara sepupu teteh akang abah umi babeh enyak pakde bude abang ojol kurir kuli mandor "
    "pembantu bocil menantu mahasiswi security ustad ustadz mamang paman uwak encing mpok mamah mama papa om tante "
    "ipar karyawati lelaki aku bule montir janda anak2 bapak2 mas2"
).split()
_HAPPENS = (
    "{} tenggelam di kali belum ketemu",
    "{} sesak napas parah",
    "{} hanyut kebawa arus",
    "{} terkunci di dalam lift",
    "{} ga gerak di pinggir jalan",
)


@pytest.mark.parametrize("person", [*_PERSONS, "pak haji", "pak rt", "mertua sy"])
def test_whatever_a_person_is_called_what_happens_to_him_counts(person: str) -> None:
    # An officer who doesn't move is complained about, not in danger.
    happens = _HAPPENS[:-1] if person == "pak rt" else _HAPPENS
    assert [text for happening in happens if not is_emergency(text := happening.format(person))] == []


@pytest.mark.parametrize(
    "text",
    [
        "warga resah tutup got hilang",
        "pak rt, penutup selokan hilang dicuri",
        "pak rt tidak bergerak mengatasi sampah",
        "satpam dan security perumahan tidak bergerak menertibkan parkir",
        "om, pompa air di kali hilang",
        "kurir ga respon, paket saya hilang",
        "mama saya mau bikin ktp hilang",
        "bocil kebut-kebutan tiap malam",
        "jalan haji umi rusak",
        "abang tukang sampah belum datang dari kemarin",
    ],
)
def test_a_person_alone_makes_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "dompet saya jatuh ke kali",
        "hp saya kecemplung got",
        "sendal gue hanyut di kali",
        "bebek kami hanyut",
        "sawah kami tenggelam banjir",
        "usaha kami tenggelam karena pandemi",
        "motor saya keseret arus banjir",
        "sepeda anak saya hilang di sungai",
        "kambing saya kejebak di kandang banjir",
        "kucing saya mati ketabrak motor",
        "kucing tetangga saya ketabrak motor luka",
        "ikan saya mati keracunan limbah",
        "anjing saya keracunan",
        "saldo saya kejebak di aplikasi",
    ],
)
def test_what_happens_to_a_thing_or_an_animal_does_not_happen_to_its_owner(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "dompet hilang, saya jatuh ke kali",
        "tadi naik motor saya jatuh ke kali",
        "motor saya ditabrak truk, saya luka parah",
        "anak saya hanyut di kali",
        "motor anak tenggelam di kali belum ketemu anaknya",
        "mobil kami jatuh ke kali tolong",
        "mobil saya terbalik di tol",
        "rumah saya hanyut kebawa arus",
        "rumah saya ketiban pohon",
        "kucing saya hanyut, adik saya nolongin ikut hanyut",
        "anjing saya keracunan, anak saya juga muntah-muntah keracunan",
        "kambing saya hanyut, kami terjebak banjir di atap",
    ],
)
def test_what_happens_to_people_beside_their_things_counts(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "temenku tenggelam di danau barusan",
        "temennya jatuh ke jurang pingsan",
        "adekku hanyut di irigasi tolong",
        "cowokku ketusuk perutnya",
        "omku tenggelam di laut",
        "opung kami hanyut di sungai",
        "dedek hanyut di kali",
    ],
)
def test_people_are_known_by_what_their_own_call_them(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    ("spoilt", "attacked"),
    [
        ("kera liar merusak jagung warga", "kera ngamuk di kebun, warga dikejar"),
        ("kawanan monyet ngerusak genteng sama pisang", "monyet ngamuk nyakar balita"),
        ("celeng ngrusak singkong tiap malam", "celeng ngamuk masuk kampung nyeruduk warga"),
        ("kerbau lepas merusak sawah tetangga", "kerbau ngamuk di sawah mengejar petani"),
        ("kawanan sapi berkeliaran di jalan tiap malam", "kawanan bertopeng berkeliaran di kampung malam ini"),
        ("sapi saya mulutnya luka, punya warga lain juga", "sapi lepas nyeruduk pedagang sampai luka"),
    ],
)
def test_an_animal_that_spoils_crops_or_is_ill_attacks_nobody(spoilt: str, attacked: str) -> None:
    assert not is_emergency(spoilt)
    assert is_emergency(attacked)


@pytest.mark.parametrize(
    "text",
    [
        "tolong dibunuh nyamuknya fogging dong",
        "hama tikus dibunuh pakai racun",
        "usaha saya mau mati gara2 pasar sepi",
        "hp saya mau mati",
        "tanaman kami mau mati kekeringan",
        "padi kami sudah mau mati, pupuk kosong",
        "tanaman pada mau mati semua",
        "butuh ambulan desa baru yang lama rusak",
        "minta ambulance buat puskesmas",
        "butuh mobil ambulan desa buat jenazah besok gratis ga ya",
        "gas 3kg isinya kurang bocor",
        "saya sekarat secara ekonomi min",
    ],
)
def test_things_vermin_and_purchases_are_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "saya mau mati aja",
        "saya sudah mau mati rasanya",
        "pasangan saya dibunuh",
        "tabung gas bocor di dapur",
        "suami sekarat",
        "minta ambulans ke desa kami",
    ],
)
def test_but_of_people_the_same_is(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    ("text", "serious"),
    [
        ("lks dijual di sekolah 250rb per anak", False),
        ("traktor bantuan kelompok tani dijual ketuanya", False),
        ("tanah warisan saya dijual paman", False),
        ("susu bayi dijual mahal", False),
        ("beras bantuan dijual lagi ke warga", False),
        ("anak gadis dijual lewat aplikasi", True),
        ("keponakan saya dijual ke muncikari", True),
        ("bayi dijual ibunya", True),
        ("anak di bawah umur dijual", True),
    ],
)
def test_selling_people_is_violence_and_selling_things_is_not(text: str, serious: bool) -> None:
    assert bool(levels(text)) is serious


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("sapi warga kejang-kejang lalu mati 4 ekor", False),
        ("kambing mulutnya berbusa, mati mendadak 14 ekor", False),
        ("ada orang mulutnya berbusa", True),
        ("anak kejang digigit anjing", True),
        ("kakek pingsan diseruduk sapi", True),
        ("anak pingsan dikejar dua ekor anjing", True),
    ],
)
def test_heads_of_cattle_are_no_people(text: str, emergency: bool) -> None:
    assert is_emergency(text) is emergency


@pytest.mark.parametrize(
    "text",
    [
        "kunci rumah jatuh ke selokan",
        "hp jatuh ke got tolong dong",
        "toko kebanjiran pembeli alhamdulillah",
        "sekolah kebanjiran murid, kelasnya ga muat",
        "taman buaya ga keurus",
        "boneka ular di sekolah bikin anak takut",
        "patung macan di alun2 jelek",
        "jembatan putus nyambung anggarannya",
        "tiang bendera di lapangan miring",
        "kepala saya mau meledak ngurus imb",
    ],
)
def test_things_that_fall_images_of_beasts_and_plays_of_words_are_no_danger(text: str) -> None:
    assert levels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "jual anak buaya ilegal di pasar hewan",
        "bunuh diri karir kalo lapor beginian",
        "dibunuh karakternya sama kades",
        "urus ktp sampe mau mati rasanya",
        "plafon jebol sedikit bekas tikus",
        "pohon pisang tumbang di kebun saya",
        "kabel wifi nyangkut kepala orang lewat",
    ],
)
def test_nor_are_they_an_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "anak jatuh ke got dalam belum ketemu",
        "anak saya digigit anak buaya",
        "ular kobra masuk kamar anak, dia lagi main boneka",
        "kepala anak nyangkut di pagar",
        "jembatan putus di kampung sawah",
        "plafon kelas jebol nimpa murid",
    ],
)
def test_but_of_people_and_real_beasts_the_same_words_are(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    ("calm", "emergency"),
    [
        ("kabut asap pekat, minta masker", "asap pekat dari ruko sebelah"),
        ("makam bapak saya sudah hanyut kena abrasi", "bapak saya hanyut di muara"),
        ("rumah rusak akibat gempa sudah didata belum cair", "gempa barusan rumah kami rusak"),
        ("kayu dibaok truk tiap malam", "sopir truk dibacok"),
        ("kambing diculke di jalan", "anak saya diculik"),
    ],
)
def test_what_follows_a_disaster_and_words_of_the_provinces_are_no_emergency(calm: str, emergency: str) -> None:
    assert not is_emergency(calm)
    assert is_emergency(emergency)
