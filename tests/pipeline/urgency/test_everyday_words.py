"""Dangers in the words that citizens use, and what only sounds like one, without any model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.complaint import Level
from tests.pipeline.urgency.asked import is_emergency, levels

STREET = Path(__file__).parents[2] / "data" / "urgency" / "street.jsonl"
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
    # Of an officer who does not move the citizen complains.
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
    ("text", "serious"),
    [
        ("haji saya kapan berangkat, sudah menunggu 12 tahun", False),
        ("antrean haji keberangkatan tahun berapa", False),
        ("berangkat umrah lusa, paspor belum jadi", True),
    ],
)
def test_when_one_leaves_is_a_question_and_no_date(text: str, serious: bool) -> None:
    assert bool(levels(text)) is serious


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
