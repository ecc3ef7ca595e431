"""Twenty complaints, written for this test by somebody who didn't write the catalogue, reach their offices."""

from __future__ import annotations

from pipeline.router import Router

COMPLAINTS = {
    "Aspal di Jl. Raya Setu amblas selebar dua meter, tadi pagi ada ojol terjungkal": "sdabmbk",
    "min PJU sepanjang tanggul kalimalang tewas semua dr senin, serem bgt pulang shift 2": "dishub",
    "Sudah 4 hari truk sampah ga nongol di perum kami, belatungnya udah kemana mana": "dlh",
    "Keran di rumah cuma keluar angin dari subuh, padahal tagihan Tirta Bhagasasi saya lunas": "pdam",
    "E-KTP anak saya rekam dari Maret kok belum dicetak juga, alasannya blangko kosong": "disdukcapil",
    "Anak saya ditolak PPDB SMP negeri padahal jarak rumah cuma 300 meter dari sekolah": "disdik",
    "Puskesmas Cibitung tutup jam 10, antrian masih panjang, petugasnya judes": "dinkes",
    "Bapak tua tidur di kolong flyover sudah seminggu, sakit dan tidak ada keluarga": "dinsos",
    "Ada sarang tawon vespa segede galon di atap musala, anak ngaji takut disengat": "damkar",
    "Mau tanya lowongan kerja di kawasan MM2100, katanya harus bayar 5 juta lewat calo?": "disnaker",
    "Lapak PKL menutup trotoar depan stasiun, pejalan kaki sampai turun ke jalan": "satpolpp",
    "PBB saya tahun ini naik 3x lipat padahal tanahnya tidak berubah, mohon dicek": "bapenda",
    "Kepala dusun minta uang 500 ribu buat tanda tangan surat tanah, ini pungli pak": "inspektorat",
    "Kios di pasar baru bocor semua, pedagang rugi, retribusi tetap ditarik": "disdag",
    "Listrik di kampung kami byar pet terus, kulkas sampai rusak": "luar-pln",
    "Suami tetangga mukulin istrinya tiap malam, anak anaknya menjerit ketakutan": "dp3a",
    "Izin usaha saya nyangkut di OSS sudah sebulan, ke kantor perizinan disuruh nunggu": "dpmptsp",
    "Pupuk subsidi ga ada di kios, padi kami sudah kuning kuning daunnya": "pertanian",
    "Dana desa tahun kemarin buat jalan gak jelas wujudnya, musdes juga ga pernah diundang": "dpmd",
    "Motor saya dibegal tadi malam di jalan inspeksi, tolong polisi patroli": "luar-polisi",
}
AT_LEAST = 15


def test_at_least_fifteen_of_twenty_are_among_the_first_three(router: Router) -> None:
    suggestions = router.suggest_many(COMPLAINTS)
    hits = [
        expected in [agency.code for agency in suggestion.agencies[:3]]
        for expected, suggestion in zip(COMPLAINTS.values(), suggestions, strict=True)
    ]
    assert sum(hits) >= AT_LEAST
    assert all(suggestion.words for suggestion in suggestions)
