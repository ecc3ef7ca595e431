"""Personal data as phones copy it and citizens write it, and numbers and names that aren't personal data."""

from __future__ import annotations

import pytest

from pipeline.text import find_personal_data, mask, tokenise


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hub +62\u00a0812\u20113456\u20117890 ya", "hub [TELEPON] ya"),
        ("hub \u202a+62 812\u20103456\u20107890\u202c ya", "hub \u202a[TELEPON]\u202c ya"),
        ("wa 0812\u00a03456\u00a07890", "wa [TELEPON]"),
        ("wa 0812\u200b3456\u200b7890", "wa [TELEPON]"),
        ("wa \u202a+62 812\u200e3456\u200d7890\u202c", "wa \u202a[TELEPON]\u202c"),
        ("wa 0812\u22123456\u20147890", "wa [TELEPON]"),
        ("NIK 3216\u00a00112\u00a00345\u00a00001", "NIK [NIK]"),
        ("NIK 321601\u202f120345\u202f0001", "NIK [NIK]"),
    ],
)
def test_numbers_are_masked_with_the_spaces_and_hyphens_that_phones_copy(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert all(text[token.start : token.end].strip() for token in tokenise(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("wa saya O812 3456 7890", "wa saya [TELEPON]"),
        ("hp o812-3456-7890", "hp [TELEPON]"),
        ("no wa ku 8123456789", "no wa ku [TELEPON]"),
        ("BPJS saya 0001234567891 nonaktif", "BPJS saya [BPJS] nonaktif"),
        ("no kartu KIS: 0001 2345 67891", "no kartu KIS: [BPJS]"),
        ("npwp 09.254.294.3-407.000", "npwp [NPWP]"),
        ("no rekening penipu 1234567890 bank bca", "no rekening penipu [REKENING] bank bca"),
        ("nomor rekening saya yaitu 1670001234567", "nomor rekening saya yaitu [REKENING]"),
        ("seabank 901234567890", "seabank [REKENING]"),
        ("transfer ke bank jago 1034567890123", "transfer ke bank jago [REKENING]"),
        ("blu 001234567890", "blu [REKENING]"),
        ("nama saya siti aminah, alamat cibarusah", "nama saya [NAMA], alamat cibarusah"),
        ("nama saya budi dari tambun", "nama saya [NAMA] dari tambun"),
        ("nama sy Siti", "nama sy [NAMA]"),
        ("anak saya bernama Rizky Pratama hilang", "anak saya bernama [NAMA] hilang"),
        ("nama anak: Rizky Pratama", "nama anak: [NAMA]"),
        ("nama pasien: Bpk. Sutrisno", "nama pasien: [NAMA]"),
        ("Nama Suami : Budi", "Nama Suami : [NAMA]"),
        ("Pelapor: Rudi Hartono", "Pelapor: [NAMA]"),
        ("Hormat saya, Rudi Hartono", "Hormat saya, [NAMA]"),
        ("rumah sy blok F12 no 7", "rumah sy [ALAMAT]"),
        # introductions and signatures
        ("perkenalkan saya Joko Susilo dari Cibitung", "perkenalkan saya [NAMA] dari Cibitung"),
        ("Perkenalkan, saya Joko mau lapor", "Perkenalkan, saya [NAMA] mau lapor"),
        ("saya Ahmad Fauzi warga RT 5", "saya [NAMA] warga RT 5"),
        ("Dengan hormat, saya Siti Aminah, selaku ketua RT", "Dengan hormat, saya [NAMA], selaku ketua RT"),
        ("Saya H. Abdul Rohim dari Setu", "Saya [NAMA] dari Setu"),
        ("ibu saya Sumiati umur 70", "ibu saya [NAMA] umur 70"),
        ("anak saya Putri Ayu kelas 3 SD", "anak saya [NAMA] kelas 3 SD"),
        ("anak sy Rizky (7 th) hilang", "anak sy [NAMA] (7 th) hilang"),
        ("jalan rusak. Hormat kami, Rudi Hartono", "jalan rusak. Hormat kami, [NAMA]"),
        ("jalan rusak ttd Rudi Hartono", "jalan rusak ttd [NAMA]"),
        # other ways to write plates, email addresses and telephone numbers
        ("mobil B.1234.ABC kabur", "mobil [PLAT] kabur"),
        ("truk F.8765.XY ngebut", "truk [PLAT] ngebut"),
        ("email andi @gmail.com", "email [EMAIL]"),
        ("email andi@gmail,com ya", "email [EMAIL] ya"),
        ("email andi.p@gmail", "email [EMAIL]"),
        ("kontak 8123456789", "kontak [TELEPON]"),
        ("hubungi 812-3456-7890 ya", "hubungi [TELEPON] ya"),
        # numbers of a pupil, an official, a licence, a passport, a plot's owner
        ("NISN 0071234567 tidak terdaftar", "NISN [IDENTITAS] tidak terdaftar"),
        ("nisn anak saya: 0071234567", "nisn anak saya: [IDENTITAS]"),
        ("NIP 19800101 200501 1 001", "NIP [IDENTITAS]"),
        ("no SIM 1234-5678-901234 hilang", "no SIM [IDENTITAS] hilang"),
        ("paspor A1234567 hilang", "paspor [IDENTITAS] hilang"),
        ("NOP 32.16.050.001.012-0345.0 salah", "NOP [IDENTITAS] salah"),
        # several in a row, and an export's escaped line break
        ("hp 081234567890,081234567891", "hp [TELEPON],[TELEPON]"),
        ("081234567890.081234567891", "[TELEPON].[TELEPON]"),
        ("0274-123456,0274-654321", "[TELEPON],[TELEPON]"),
        ("hp:\\n081234567890\\nNIK\\n3216011203450001", "hp:\\n[TELEPON]\\nNIK\\n[NIK]"),
        ("hub _081234567890_ ya", "hub _[TELEPON]_ ya"),
        # names after abbreviations, and names of relatives
        ("Nama: M. Yusuf Kalla", "Nama: [NAMA]"),
        ("Nama: M.Yusuf", "Nama: [NAMA]"),
        ("Nama : I Gusti Ngurah", "Nama : [NAMA]"),
        ("Nama\t: Budi Santoso", "Nama\t: [NAMA]"),
        ("nama saya Moh. Ridwan dari Tallo", "nama saya [NAMA] dari Tallo"),
        ("a.n. Andi Muh. Ilham Daeng Sila", "a.n. [NAMA]"),
        ("atas nama Drs. H. M. Yusuf, M.Si", "atas nama [NAMA], M.Si"),
        ("KTP atas nama istri saya Siti Aminah", "KTP atas nama istri saya [NAMA]"),
        ("petugas bernama Joko Susilo", "petugas bernama [NAMA]"),
        ("bca 1234567890a.n. Budi Santoso", "bca [REKENING]a.n. [NAMA]"),
        ("NIK 3216011203450001nama: Siti Aminah", "NIK [NIK]nama: [NAMA]"),
        ("hub 081234567890Pelapor: Rudi Hartono", "hub [TELEPON]Pelapor: [NAMA]"),
        ("nama saya adalah Budi Santoso, warga Tambun", "nama saya adalah [NAMA], warga Tambun"),
        ("nama saya adalah budi", "nama saya adalah [NAMA]"),
        ("anak saya namanya Rizky Pratama", "anak saya namanya [NAMA]"),
        ("petugas itu namanya Joko marah-marah", "petugas itu namanya [NAMA] marah-marah"),
        # names of telephones' owners
        ("CP: Budi 081234567890", "CP: [NAMA] [TELEPON]"),
        ("hub. Budi Santoso di 0812-3456-7890", "hub. [NAMA] di [TELEPON]"),
        ("hubungi pak budi 081234567890", "hubungi [NAMA] [TELEPON]"),
        ("hub pak RW Joko no. 081234567890", "hub pak RW [NAMA] no. [TELEPON]"),
        ("kontak ke Bu Yanti 081234567890", "kontak ke [NAMA] [TELEPON]"),
        ("Kontak: Ibu Siti +62 812 3456 7890", "Kontak: [NAMA] [TELEPON]"),
        # adjacent to the word or address before, in full-width digits, two in a row
        ("telp081234567890", "telp[TELEPON]"),
        ("email/081234567890", "email/[TELEPON]"),
        ("budi@contoh.id/081234567890", "[EMAIL]/[TELEPON]"),
        ("hp ０８１２-３４５６-７８９０", "hp [TELEPON]"),
        ("081234567890.0857-1234-5678", "[TELEPON].[TELEPON]"),
        ("0812-3456-7890 0857-1234-5678", "[TELEPON] [TELEPON]"),
        # the bank's name after the number, an address with a disguised @, a lowercase plate
        ("transfer ke 1234567890 BCA", "transfer ke [REKENING] BCA"),
        ("disuruh tf ke 1670001234567 (bank mandiri)", "disuruh tf ke [REKENING] (bank mandiri)"),
        ("bca 12 10 2025 9876", "bca [REKENING]"),
        ("budi[at]gmail.com", "[EMAIL]"),
        ("surel budi.s (at) gmail dot com ya", "surel [EMAIL] ya"),
        ("budi at yahoo dot co dot id", "[EMAIL]"),
        ("motor dd 1234 xx ngebut", "motor [PLAT] ngebut"),
        ("mobil avanza bk 1234 ab", "mobil avanza [PLAT]"),
    ],
)
def test_personal_data_is_masked_as_citizens_write_it(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "number",
    [
        "+62 (812) 3456-7890",
        "+62(812)3456-7890",
        "+62.(812).3456.7890",
        "(0812) 3456 7890",
        "(0812)-3456-7890",
        "(0812) - 3456 - 7890",
        "+62-(0)812-3456-7890",
        "+62 (0812) 3456 7890",
        "+62 0812 3456 7890",
        "6208123456789",
        "(0)812 3456 7890",
        "0-812-3456-7890",
        "62812 3456 7890",
        "0812  3456   7890",
        "0812  -  3456  -  7890",
        "0812--3456--7890",
        "0812..3456..7890",
        "0812\u00b73456\u00b77890",
        "0812\u20223456\u20227890",
        "0812\u30003456\u20037890",
        "\uff0b\uff16\uff12\uff08\uff18\uff11\uff12\uff09\uff13\uff14\uff15\uff16\uff0d\uff17\uff18\uff19\uff10",
        "+62 (21) 8901234",
        "+62 (021) 890-1234",
        "(021) - 890 1234",
    ],
)
def test_a_telephone_number_is_masked_whole_however_it_is_grouped(number: str) -> None:
    assert mask(f"hubungi saya di {number} terima kasih") == "hubungi saya di [TELEPON] terima kasih"
    assert mask(number) == "[TELEPON]"


@pytest.mark.parametrize("before", ["no", "nomor", "nmr", "nohp", "sms", "tel", "call"])
def test_a_telephone_number_is_masked_close_to_the_word_before(before: str) -> None:
    assert mask(f"ada {before}081234567890 ya") == f"ada {before}[TELEPON] ya"


@pytest.mark.parametrize(
    "text",
    [
        "no pelanggan pdam 0812345678",
        "idpel 0212345678",
        "idpel pdam 0212345678",
        "no antrian 0812345678",
        "anggaran 08123456789 rupiah",
        "token listrik 1234 5678 9012 3456 7890",
        "a.n karyawan PT ABC",
        "atas nama sekolah",
        "atas nama pribadi",
        "atas nama hukum dan keadilan",
        "atas nama RT. Mohon ditindak",
        "atas nama PT. Maju Jaya",
        "nama istri saya tidak ada di DTKS",
        "petugas bernama baik",
        "pinjaman bri 150000000 macet",
        "bantuan dana 50000000000 hilang",
        "Rp 12.345,0274 per liter",
        "nama saya dicoret dari daftar bansos",
        "nama saya hilang, tolong dicek",
        "nama saya tidak ada di DTKS",
        "nama saya beda dari yang di ijazah",
        "nama pasien tidak dipanggil",
        "belum ada nama saya untuk penugasan",
        "kenapa nama sy TDK dapat bantuan",
        "nama anak salah di akta",
        "Pelapor: warga RT 03",
        "toko bernama Berkah Jaya",
        "bpjs 2 bulan nunggak 150000",
        "jago 2 kali",
        "saya Warga Perumahan Telaga dari RT 5",
        "saya Ketua RT 03 dari Cibitung",
        "saya Guru Honorer dari SDN 2",
        "saya Asli Bekasi dari lahir",
        "saya Dari Cikarang",
        "Saya Tinggal di Setu dari 2010",
        "saya PNS dari 2010",
        "anak saya SD kelas 3",
        "anak saya Masuk kelas 1",
        "anak saya baru umur 3",
        "perkenalkan saya warga baru",
        "perkenalkan saya Warga baru",
        "Hormat kami, Warga RT 03",
        "Hormat kami, Paguyuban Warga",
        "ttd warga",
        "surat B.123.HK/2024",
        "posting @warga_bekasi",
        "laporan no 3216202511040012",
        "jam 0800-1200 1300-1500",
        "token ga masuk 1234 5678 9012 3456 7890",
        "SIM 5 tahun",
        "ganti paspor 350000",
        "hubungi 112",
        "nip belum keluar 2024",
        "tahun 1446 H 2025 M",
        "Ramadan 2025 M 1446 H",
        "dana 01 01 2025 belum cair",
        "nama saya dobel",
        "NAMA SAYA DOBEL",
        "nama saya adalah warga",
        "jalan ini namanya Melati",
        "petugas namanya siapa",
        "PETUGAS NAMANYA SIAPA",
        "transfer ke 2500000000 dana desa",
        "mobil l 3000 yg mogok",
        "motor b 1500 cc",
        "ketemu (at) kantor",
        "INV081234567890",
        "no pelanggan no0812345678",
        "harga 620.300.000.000 rupiah",
        "harganya 62.812.345.678 kemahalan",
        "total biaya: 62.500.000.000",
        "Nilai 62.215.000.000 untuk jembatan",
        "luas 620 (300) meter, 812 (3456) unit",
        "skor 0-8 lalu 12 orang pulang",
        "tanggal 08.12.24 - 10.12.24",
        "tanggal 08-12-2024 s.d. 10-12-2024",
        "jam 08.30 - 16.00, RT 062 (08) RW 12",
        "RT 0812 / RW 003 / no 45",
        "1. lampu 2. jalan 3. air --- 2024 -- 2025",
    ],
)
def test_what_only_looks_like_personal_data_is_left(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("saya pelanggan pdam, hp 081234567890", ["TELEPON"]),
        ("NIK 3216 0112 0345 0001 hp 0812 3456 7890", ["NIK", "TELEPON"]),
        ("hub Pak RT 081234567890", ["TELEPON"]),
        ("info harga 0812-3456-7890, total +62.812.345.678, biaya 62812345678", ["TELEPON"] * 3),
        ("soal harga hub 62.812.345.678", ["TELEPON"]),
        ("WA Damkar 081234567890, kontak: Posko Banjir 081234567891", ["TELEPON", "TELEPON"]),
        ("hubungi Ketua RW di 081234567890 atau HP saya 081234567891", ["TELEPON", "TELEPON"]),
    ],
)
def test_and_what_stands_beside_it_is_masked(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in find_personal_data(text)] == kinds
