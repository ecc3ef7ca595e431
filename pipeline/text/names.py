"""How citizens introduce names in a text: "atas nama …", "nama saya …", "perkenalkan, saya …", "ttd …"."""

from __future__ import annotations

_TITLE = r"(?:(?i:bapak|ibu|bpk|pak|bu|sdri?|drs|dra|almarhumah?|alm|tn|ny|hj?)\b\.?[ ]){0,2}"
# What precedes a name and is part of it: M. Yusuf, Moh. Ridwan, I Made.
_SHORT = r"(?:(?:[A-Z]|Mo?ch|Mo?h|Muh|Much|Mhd|Abd|Ach|St|Rd|Rr|Dr|Drs|Dra|Ir|Ust|KH)\.[ ]?|[A-Z][ ]){0,3}"
# Words that don't begin a name.
_NO_NAME = (
    "warga|masyarakat|desa|orang|perusahaan|almarhum[ ]ayah|almarhum[ ]ibu|sendiri|saya|kami|kita|suami|istri|anak|"
    "ibu[ ]saya|bapak[ ]saya|ayah|dinas|kantor|seluruh|para|pemilik|pemohon|pt|cv|yayasan|tetangga|jalan|tidak|salah|"
    "belum|di|pada|bank|karyawan|sekolah|siswa|guru|murid|koperasi|pemerintah|organisasi|rakyat|"
    "kelompok|keluarga|yang|dan|sudah|nya|rt|rw|kepala|ketua|pengurus|dengan|sy|tdk|"
    "pribadi|hukum|keadilan|tuhan|dobel|double"
)
_END_OF_NAME = (
    f"{_NO_NAME}|sudah|masih|dulu|melonjak|ditahan|ditolak|keliru|hilang|berkas|antre|rumah|warga|nik|hp|ktp|kk|"
    "dari|asal|alamat|umur|usia|nomor"
)
_FAMILY = "anak|suami|istri|ayah|bapak|ibu|adik|kakak"
_PERSON = f"saya|{_FAMILY}|nenek|kakek|pasien|korban|siswa|tetangga|orang|pelaku|petugas|oknum|pegawai|guru|dokter"
_NAMED = (
    f"lengkap|pelapor|pemohon|saya|sy|(?:{_FAMILY})[ ](?:saya|sy|kami)|ibu[ ]kandung|{_FAMILY}|pasien|korban|siswa|"
    "wali|kepala[ ]keluarga"
)
_IS = "(?: [ ](?:adalah|ialah|yaitu) )?"
# A name in small letters: not a word that is said about names, and followed by something that ends a name.
_SMALL_NAME = (
    f"(?: (?!(?:{_END_OF_NAME}|di|ke|ter|ber|me[mn]|se|hilang|beda|ganda|keluar|muncul|ada|aja|kok|sama|kurang|kosong|"
    r"masuk|lain|typo|adalah|ialah|yaitu|itu|ini|kenapa|bukan|juga|yg|ga|gak|nggak|blm|udah|udh|sdh)\b)"
    r"(?!di|ter|ber|me[mn]|(?:untuk|buat|karena|tapi|bisa|mohon|tolong|pak|bu|min|kak)\b) [a-z]{3,20} [ ]? ){1,2}"
    r"(?<=[a-z]|[ ]) (?= [,.;\n] | $ | (?:dari|warga|alamat|umur|usia|no|nomor|nik|hp|asal|tinggal)\b )"
)
# Capitalised words that are not the name of somebody who introduces themselves or signs.
_NO_SELF = (
    f"{_NO_NAME}|guru|kader|bidan|perawat|pelajar|mahasiswa|wali|buruh|petani|pedagang|asli|tinggal|penduduk|mewakili|"
    "selaku|sebagai|mohon|mau|ingin|atas|sangat|sekarang|kerja|bekerja|pulang|bapak|pengguna|pengendara|pembeli|pelanggan|"
    "peserta|pasien|alumni|anggota|penghuni|relawan|sopir|kecamatan|kelurahan|perum|perumahan|masuk|naik|lulus|duduk|"
    "baru|paguyuban|forum|karang|komite|ikatan|himpunan|tim|admin|hormat|terima|salam|bukan|hanya|cuma|juga|lahir"
)
_CAPITAL = r"[A-Z][a-z'’]+"
_HONORED = r"(?:(?:H|Hj|Dr|Drs|Ust|Bpk)\.[ ]?)"
_OWN = rf"(?!(?i:{_NO_SELF})\b) {_CAPITAL}"
_SELF = rf"(?: {_HONORED} {_OWN} | {_OWN} [ ] {_OWN} ) (?: [ ] {_CAPITAL} ){{0,2}}"  # of two words, or honoured
# Not a name, where a text says whose telephone number follows.
_NO_CONTACT = (
    f"{_NO_SELF}|nomor|nomer|no|wa|whatsapp|hp|telp|telepon|call|center|hotline|posko|polsek|polres|polisi|damkar|"
    "puskesmas|rumah|rsud|rs|klinik|satpol|satpam|security|petugas|operator|customer|layanan|lurah|camat|kades|kadus|"
    "bupati|sekdes|bendahara|pdam|pln|bpbd|dishub|dinsos|unit|tim|panitia|toko|warung|bengkel|ambulans|ambulance|bagian|"
    "bidang|pengadu|pelapor|langsung|segera|nama|humas|sekretaris|sekretariat|marketing|developer|pengembang|pengelola|"
    "agen|driver|kurir|kost|kos|info|lapor|tolong|penanggung|balas"
)
_MOBILE = r"(?: \+?62 | 0 ) [ -]? 8 \d"
# Alternatives of a verbose pattern; the group alone is the name. Blanks on both sides of an optional sign are taken
# possessively (``*+``): otherwise a cue before 4,000 blanks takes 12 seconds, the square of their number.
NAMES = rf"""
      (?: (?<![^\W\d_]) (?: (?i: atas[ ]nama | a\.[ ]?n\.? | a/n ) | (?<!\d) (?:an|An|AN)\.
            | (?i: nama
                (?: [ ](?:{_NAMED}) {_IS} (?=[ \t]*:|[ ]+(?-i:[A-Z])) | [ ](?:saya|sy) {_IS} (?=[ ]{_SMALL_NAME})
                  | (?=[ \t]*:) )
              | (?:{_PERSON}) (?:[ ](?:saya|sy|kami))? [ ]bernama (?=[ ]+(?-i:[A-Z]))
              | (?:{_PERSON}) (?:nya)? (?:[ ](?:saya|sy|kami|itu|tersebut))? [ ]namanya (?=[ ]+(?-i:[A-Z][a-z]))
              | (?: pelapor | pengadu | hormat[ ]saya ) [ ]* [:,] (?=[ ]*(?-i:[A-Z])) ) )
          [ \t]*+ (?: : [ \t]*+ )? (?! (?i: {_NO_NAME} ) \b )
          (?P<NAMA> {_TITLE} (?: (?!(?-i:NIK|KTP|KK|HP|RT|RW)\b) {_SHORT} [A-Z][\w'’]+
              (?: [ ] (?:bin|binti) (?=[ ]) | [ ] (?!(?-i:NIK|KTP|KK|HP|RT|RW|BPJS)\b) {_SHORT} [A-Z][\w'’]+ ){{0,3}}
            | (?i: (?!(?:{_END_OF_NAME})\b) [a-z]{{3,20}} (?: [ ] (?!(?:{_END_OF_NAME})\b) [a-z]{{3,20}} )? ) ) )
          (?!\w) )
    | (?: (?<![^\W_]) (?i: (?:per)?kenalkan [ ]?,?[ ] (?:saya|sy) ) [ ]
          (?P<NAMA_KENAL> {_SELF} | {_OWN} ) (?!\w) )
    | (?: (?<![^\W_]) (?i:saya|sy) [ ] (?P<NAMA_SAYA> {_SELF} )
          (?= ,?[ ] (?:warga|dari|selaku|umur|usia|tinggal|penduduk|alamat|domisili|rt|RT)\b ) )
    | (?: (?<![^\W_]) (?i:{_PERSON}) [ ] (?i:saya|sy|kami) [ ]
          (?P<NAMA_KELUARGA> {_OWN} (?: [ ] {_CAPITAL} ){{0,2}} )
          (?= [ ]? \(? \d{{1,2}} [ ]? (?:th|thn|tahun|bln|bulan)\b | ,?[ ] (?:umur|usia|berusia|berumur|kelas)\b ) )
    | (?: (?<![^\W_]) (?i: hormat[ ]kami [ ]* [,:] | (?:ttd|tertanda) \b [ ]*+ [,:.]? ) \s*
          (?P<NAMA_TTD> {_OWN} (?: [ ] {_CAPITAL} ){{0,3}} ) (?= \W* \Z ) )
    | (?: (?<![^\W_]) (?i: cp | contact[ ]person | hub | hubungi | kontak ) [ .:]{{1,3}} (?i: ke[ ] )?
          (?i: (?:(?:pak|bu)[ ])? (?:ketua[ ])? (?:rt|rw) [ ] (?:\d{{1,3}}[ ])? )?
          (?P<NAMA_KONTAK>
              (?i: (?:bapak|ibu|bpk|pak|bu|sdri?|mas|mbak)\b \.?[ ] (?!(?:{_NO_CONTACT})\b) [a-z]{{3,20}} )
                (?: [ ] {_CAPITAL} )?
            | (?!(?i:{_NO_CONTACT})\b) {_CAPITAL} (?: [ ] (?!(?i:{_NO_CONTACT})\b) {_CAPITAL} )? )
          (?= [ ]? (?:(?i: di | no\.? | nomor | hp | wa )[ ]){{0,2}} [(:,-]? [ ]? {_MOBILE} ) )
"""
