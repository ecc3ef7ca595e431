"""Harm that becomes serious within days, and phrases that only sound like it, without a model."""

from __future__ import annotations

import pytest

from tests.pipeline.urgency.asked import is_emergency, named


@pytest.mark.parametrize(
    "text",
    [
        "korlap kebersihan namanya muklis tidak pernah datang, sampah menumpuk",
        "mohon menghungi ketua rw kami soal jadwal posyandu",
        "warga mau menyebrang ke pasar susah, motor rame",
        "di depan smpn ada jalan becek",
        "linmas kelurahan tidak pernah keliling",
        "di rawa banyak nyambek, rumputnya tinggi",
        "arek arek main bola di embong sampai malam, berisik",
        "enceng gondok di kali sudah lama tidak diangkat",
        "kabel speker masjid terlalu keras suaranya",
        "syaraf kejepit di pinggang, mau tanya poli apa",
    ],
)
def test_names_and_words_of_every_day_are_no_slips_of_a_danger(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "jalan depan balai desa selalu tergenang kalau hujan, mohon ditinggikan",
        "setiap hujan ada genangan di depan gapura",
        "tiap hujan banjir di jalan menuju pasar",
        "kali dangkal penuh eceng gondok, bisa menimbulkan banjir, mohon dikeruk",
        "lampu taman mati sejak pompa air mancur rusak",
        "genangan hujan hari senin kemarin lama keringnya",
        "air limbah rumah tangga tetangga masuk ke got depan",
    ],
)
def test_puddles_in_the_street_are_no_water_in_the_houses(text: str) -> None:
    assert "banjir-rumah" not in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "tiap hujan deras air got meluap masuk ke rumah kami",
        "genangan sampai masuk dapur dan kamar warga",
        "sudah tiga hari kampung kami kebanjiran selutut",
        "rumah saya penuh genangan tiap hujan",
        "perumahan kami langganan banjir, setiap hujan pasti air masuk rumah",
        "banjir di gang kami berhari-hari tidak surut",
        "pompa air rusak, banjir tidak bisa dibuang",
        "kali meluap tadi malam",
        "motor pada mogok kena banjir setinggi lutut",
    ],
)
def test_water_in_the_houses_is_serious(text: str) -> None:
    assert "banjir-rumah" in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "parkiran minimarket dijaga preman, bayar terus",
        "pengelola merampas hak warga untuk lewat",
        "petugas parkir galak kaya preman",
        "sekolah anak panah belum membagikan rapor",
        "besi ayunan anak di taman sudah karatan",
        "spanduk ancaman pidana buang sampah sudah sobek",
        "pak lurah mengancam mempersulit surat pindah kami",
        "saya diancam tidak dikasih bansos lagi sama perangkat",
        "tukang kayu sebelah rumah memukul paku sampai malam",
    ],
)
def test_bullies_rights_and_paperwork_are_no_crime_nor_violence(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("sudah tiga kali motor warga dibawa maling di gang ini", "kejahatan-rawan"),
        ("kemarin adik saya dijambret di depan pabrik", "kejahatan-rawan"),
        ("geng motor keliling kampung tiap malam minggu, meresahkan", "kejahatan-rawan"),
        ("preman pasar memalak pedagang dan menghajar yang menolak", "kejahatan-rawan"),
        ("pintu warung dicongkel, dompet pelanggan dirampas", "kejahatan-rawan"),
        ("pelajar bawa celurit nongkrong di jembatan", "kejahatan-rawan"),
        ("anak-anak smp beli tramadol di toko kosmetik", "kejahatan-rawan"),
        ("tetangga sering memukuli istri dan anaknya", "kekerasan-dilaporkan"),
        ("saya diancam akan dihajar oleh mantan suami", "kekerasan-dilaporkan"),
        ("anak saya dipukul gurunya kemarin", "kekerasan-dilaporkan"),
    ],
)
def test_robbers_weapons_and_blows_are_serious(text: str, cue: str) -> None:
    assert cue in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "parkir di bahu jalan membahayakan pengguna jalan lain",
        "kebanyakan nonton video itu bahaya bagi belajar anak",
        "rambu dipasang demi keselamatan pengendara",
        "asap bakaran membahayakan warga",
        "daun kering sering jatuh di jalan, mohon disapu",
        "sudah ada putusan pengadilan, hak asuh jatuh ke paman, kartu keluarga kami bagaimana",
        "apakah bpjs menanggung kecelakaan di jalan",
        "proyek gudang sering berdebu, jatuh ke jemuran kami",
        "penipuan lowongan kerja sudah memakan korban, modusnya pinjaman online",
    ],
)
def test_what_falls_or_harms_elsewhere_is_no_accident_on_the_road(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "jalan bergelombang, membahayakan pengendara motor",
        "jembatan bambu licin, bahaya buat anak-anak yang sekolah",
        "pju mati di tikungan, membahayakan warga yang lewat",
        "banyak pemotor jatuh di tanjakan itu",
        "lubang di jalan raya sudah memakan korban",
        "paving lepas, ibu saya terpeleset dan jatuh",
        "sering terjadi kecelakaan di perempatan",
    ],
)
def test_what_harms_those_on_the_road_is_serious(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("dahan mangga sudah menempel di kabel pln depan posyandu", "pohon-rawan"),
        ("ranting pohon melilit kabel listrik", "pohon-rawan"),
        ("pohon di pinggir jalan tingginya sudah melebihi kabel pln", "pohon-rawan"),
        ("mohon pemangkasan di depan sekolah, takut roboh kena anak", "pohon-rawan"),
        ("mohon perantingan karena dikhawatirkan tumbang kalau hujan angin", "pohon-rawan"),
        ("pohon sudah mati dan lapuk, bisa menimpa warung", "pohon-rawan"),
        ("jalan berlubang dalam dekat pasar", "lubang-berbahaya"),
        ("ada lubang besar di tengah jalan desa", "lubang-berbahaya"),
        ("lubang kedalaman setengah meter di depan pabrik", "lubang-berbahaya"),
        ("lubang di zebra cross depan sekolah", "lubang-berbahaya"),
        ("tutup manhole di trotoar patah", "saluran-terbuka"),
        ("penutup got hilang dua biji", "saluran-terbuka"),
        ("got di tepi jalan bolong", "saluran-terbuka"),
        ("pagar pengaman sungai di gang kami roboh", "saluran-terbuka"),
        ("turap kali di belakang musala ambruk", "tanah-ambles"),
    ],
)
def test_trees_at_cables_deep_holes_and_open_drains_are_serious(text: str, cue: str) -> None:
    assert cue in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "sisa tumpukan pohon tumbang minggu lalu belum diangkut",
        "daun pohon jatuh ke genteng, talang mampet",
        "mohon pemangkasan pohon di taman, sudah rimbun",
        "perantingan pohon menutupi lampu jalan",
        "jalan berlubang di gang kami mohon ditambal",
        "sampah jatuh ke sungai, mohon dibersihkan",
        "got mampet karena daun, airnya bau",
    ],
)
def test_leaves_leftovers_and_common_holes_are_not(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("air pdam mati sudah lima hari, warga ngangsu ke masjid", "air-mati"),
        ("dua minggu ini air ledeng kecil sekali dan keruh", "air-mati"),
        ("seminggu tidak bisa mandi karena air pdam macet", "air-mati"),
        ("pipa pdam bocor besar, jalan sampai tergenang", "pipa-bocor"),
        ("pipa induk pecah kena ekskavator", "pipa-bocor"),
        ("empat warga rt kami kena dbd, belum ada fogging", "wabah"),
        ("banyak anak terkena db di perumahan ini", "wabah"),
        ("ibu saya kanker, tidak punya bpjs dan tidak ada biaya", "sakit-tanpa-biaya"),
        ("bapak harus cuci darah tapi bpjsnya nonaktif", "sakit-tanpa-biaya"),
        ("istri dirawat di rumah sakit, kis tidak aktif", "tenggat-dekat"),
        ("paspor belum jadi, umrah lusa berangkat", "tenggat-dekat"),
        ("anak saya tidak boleh ikut ujian karena spp menunggak dua bulan", "ujian-tertahan"),
        ("adik gak boleh ikut PTS sebelum lunas", "ujian-tertahan"),
    ],
)
def test_what_cannot_wait_for_weeks_is_serious(text: str, cue: str) -> None:
    assert cue in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "pipa pdam bocor di depan rumah nomor 5",
        "saluran air kamar mandi umum mampet",
        "air pdam kecil kalau pagi, siang normal lagi",
        "genangan bisa jadi sarang nyamuk demam berdarah",
        "bpjs saya dipakai berobat, antreannya empat jam",
        "saya butuh biaya hidup, bansos belum cair",
        "disuruh balik besok lagi, berkasnya kurang satu",
        "kontrak kerja melebihi batas waktu jam kerja",
        "kapan jadwal ujian paket c dibuka",
    ],
)
def test_what_can_wait_is_not(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "rumput tinggi dikhawatirkan jadi sarang ular",
        "lahan kosong penuh ilalang, takut ada ular",
        "pengunjung pasar malam penuh sesak, parkir semrawut",
        "asap bakar sampah tetangga bikin kami sesak",
        "seragam anak saya sobek, belum bisa beli lagi",
        "dekat rel tiap hujan kebanjiran, gotnya belum dibuat",
        "sampah di bawah jembatan berpotensi menyumbat",
        "parkir di jembatan membahayakan yang keluar gang",
    ],
)
def test_what_is_only_feared_or_told_in_passing_is_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("ular masuk rumah warga lewat got", "hewan-berbahaya"),
        ("banyak ular keluar dari lahan kosong", "hewan-berbahaya"),
        ("palang pintu perlintasan rusak", "perlintasan"),
        ("jembatan desa sudah keropos", "bangunan-rawan"),
        ("anak panas tinggi, mau opname tidak punya BPJS", "sakit-tanpa-biaya"),
    ],
)
def test_beasts_crossings_and_bridges_are_serious(text: str, cue: str) -> None:
    assert cue in named(text)


@pytest.mark.parametrize(
    ("text", "outbreak"),
    [
        ("sudah sebulan hasil tes dahak tbc bapak saya belum keluar juga", False),
        ("hasil lab hepatitis istri hilang di puskesmas", False),
        ("imunisasi campak anak saya kelewat, bisa nyusul ga", False),
        ("hasil lab tiga anak di gang kami positif difteri", True),
        ("tetangga kos kena tbc, sekarang dua orang ketularan", True),
        ("satu sd kena campak puluhan murid", True),
    ],
)
def test_who_waits_for_a_result_or_a_vaccine_tells_of_no_outbreak(text: str, outbreak: bool) -> None:
    assert ("wabah" in named(text)) is outbreak


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("pohon sengon tinggi di tikungan jalan desa yang ramai itu sungguh menguatirkan kalau angin", "pohon-rawan"),
        ("setiap kali hujan lokasi kami banjir", "banjir-rumah"),
        ("area sawah baru masih banjir", "banjir-rumah"),
        ("selang pdam putus kena galian", "pipa-bocor"),
        ("pdam mati, minta mobil tangki", "air-mati"),
        ("ruko tua itu bisa ambruk", "bangunan-rawan"),
        ("paving ambles di gang, membahayakan", "tanah-ambles"),
        ("penganiayaan anak sd oleh tetangga, pemukulan di lapangan", "kekerasan-dilaporkan"),
        ("dia keluar bawa golok mengancam tetangga", "kekerasan-dilaporkan"),
        ("ibu dirawat, bpjs tidak berlaku", "tenggat-dekat"),
    ],
)
def test_what_everyday_complaints_say_of_serious_harm_is_known(text: str, cue: str) -> None:
    assert cue in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "dahan mangga kena kabel listrik, minta dirapikan",
        "pohon tanjung menutupi kabel telepon",
        "got rumah ambrol jadi mampet",
        "selokan jebol, airnya bau",
        "menara seluler dikhawatirkan radiasi",
        "rumput tinggi banyak nyamuk menimbulkan demam berdarah",
        "saluran air warga tidak mengalir",
        "kali kotor, penyakit mengancam warga",
    ],
)
def test_pruning_at_cables_and_blocked_drains_are_everyday(text: str) -> None:
    assert named(text) == set()
