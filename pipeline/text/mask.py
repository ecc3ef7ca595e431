"""Finding and masking personal data: numbers of telephones, people, accounts and plates, e-mail addresses, names.

Complaints are personal data (UU 27/2022). What is masked keeps its kind, as ``[NIK]``, because "my NIK is refused" and
"here is my phone number" say something about the complaint that the digits don't. How much of it is found is measured
in docs/personal-data.md.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.complaint import Span
from pipeline.text.names import NAMES
from pipeline.text.plain_signs import DIGIT_WORDS, with_digits_for_letters, with_plain_signs
from pipeline.text.telephone import GROUPED, end_of_telephone

# Prefixes of Indonesian number plates (Perkap 5/2012 and its amendments); without the list "RT 03 RW" would match.
_PLATE_PREFIX = "A[ABDEGC]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNPRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABG]?|R|S|T|W|Z"
_MAILBOXES = "gmail|yahoo|ymail|hotmail|outlook|icloud|rocketmail"
_SEP = "[ )._/–-]{0,5}"  # between the groups of a telephone number, as in "(0812)  -  3456"
# A number ends in two digits that touch, unless it is spelt digit by digit: "… 7890 2 rumah" ends before the 2.
_END = rf"(?: \d | (?<=[ )._/–-]\d) {_SEP} \d )"
_COUNTRY = rf"(?: (?:\+|00)?62 {_SEP} (?:\(?0\)?[ ]?)? \(? )"  # also "+62 (0)" and "+62 0", which doubles the zero
# What may follow digits without being the end of a plate.
_UNITS = "rt|rw|no|km|kg|cm|mm|rb|jt|wib|kk|th|thn|va|kv|dan|di|ke|ini|itu"
_SHORT_WORDS = "cc|yg|ga|gk|sy|jg|dg|tp|lg|sm|dr|pd|aj|ya|ad|bs"  # after 1500 in small letters

# Every alternative starts at a boundary and has bounded repeats, so that a megabyte of one letter stays linear.
# Where a group has a cue before it, the group alone is the personal data.
_NUMBERS = re.compile(
    rf"""
      (?P<URL>     (?<!\w) (?:https?://|www\.) [^\s<>"']{{2,300}} )
    | (?P<EMAIL>   (?<![\w.+-]) [\w.+-]{{1,64}} @ [\w-]{{1,63}} (?:\.[\w-]{{1,63}}){{1,4}} )
    | (?P<EMAIL_SALAH> (?<![\w.+-]) [\w.+-]{{1,64}} [ ]?@[ ]? (?i:{_MAILBOXES})
                   (?![\w-]) (?: [ ]?[.,][ ]? (?i:com?|id) (?!\w) ){{0,2}} )
    | (?P<NIK>     (?<!\d) (?! (?:(?:19|20)\d\d[ .-]){{2}} | 08 (?:[ -]?\d){{8,11}} [ .-] 0[2-9] (?:[ .-]?\d){{7}} )
                   (?: \d{{4}} (?: [ .-]? \d{{4}} ){{3}} | \d{{6}} [ .-]? \d{{6}} [ .-]? \d{{4}}
                     | \d\d [ .-] \d\d [ .-] \d\d [ .-] \d{{6}} [ .-] \d{{4}} ) (?!\d) )
    | (?: (?<![^\W_]) (?i:nik|ktp|kk) [^\w\n]{{1,3}} (?:(?i:no|nomor|saya|nya)\b [^\w\n]{{1,3}}){{0,2}}
                   (?P<NIK_CUED> \d (?: [ .-]? \d ){{13,17}} ) (?!\d) )
    | (?P<TELEPON> (?=[+(06Oo]) (?: (?<![\w+/#]) | (?<=wa\.me/) | (?<=\d/) | (?<=\b_)
                     | (?i: (?<=\bwa) | (?<=\bhp) | (?<=\bhub) | (?<=\btlp) | (?<=\btelp) | (?<=\btelpon)
                       | (?<=\bno) | (?<=\bnomor) | (?<=\bnmr) | (?<=\bnohp) | (?<=\bsms) | (?<=\btel) | (?<=\bcall)
                       | (?<=\btelepon) | (?<=\bwa/) | (?<=\bhp/) | (?<=\btelp/) | (?<=mail/) | (?<=\bsurel/)
                       | (?<=\.com/) | (?<=\.id/) ) )
                   (?: (?: {_COUNTRY} | \(?0\)?[ -]? | [Oo] (?=8) ) 8[ ]?\d (?: {_SEP} \d ){{6,9}} {_END}
                     | (?: {_COUNTRY} | \(?0\)? ) (?: 2[1-9] | [3-79]\d ) (?: {_SEP} \d ){{5,8}} {_END} )
                   (?! \d | [.,] (?!0[2-9]\d\d) \d | /[A-Z] ) )
    | {GROUPED}
    | (?: (?<![^\W_]) (?i:wa|whatsapp|hp|telp?|tlp|telepon|telpon|hub|hubungi|kontak|sms) [ :.]{{1,2}}
                   (?:(?:saya|sy|ku|aku|gue|gw|nya|kami)[ ])?
                   (?P<TELEPON_CUED> 8[1-9]\d (?: [ .-]? \d ){{6,9}} ) (?!\d) )
    | (?P<PLAT>    (?<!\w) (?: (?:{_PLATE_PREFIX}) [ -]? [1-9]\d{{1,3}} [ -]? (?!(?i:{_UNITS})\b) [A-Z]{{2,3}}
                     | (?:{_PLATE_PREFIX}) \. [1-9]\d{{1,3}} \. [A-Z]{{2,3}} (?!/)
                     | (?! H[ -](?:19|20)\d\d[ ]M | M[ -]1[34]\d\d[ ]H )  # years of both calendars: 1446 H 2025 M
                       (?:{_PLATE_PREFIX}) [ -]? [1-9]\d{{2,3}} [ -]? [A-Z]
                     | (?i:{_PLATE_PREFIX}) [ -]? (?!(?:19|20)\d\d) [1-9]\d{{3}} [ -]?
                       (?!(?i:{_UNITS})\b) [a-z]{{3}} ) (?!\w) )
    | (?: (?<![^\W_]) (?i:motor|mobil|truk|angkot|bus|pick[ ]?up) [ ] (?:[^\W\d_]{{3,12}}[ ])?
                   (?P<PLAT_KENDARAAN> (?i:{_PLATE_PREFIX}) [ -]? (?!(?:19|20)\d\d) [1-9]\d{{3}} [ -]?
                     (?!(?:{_UNITS}|{_SHORT_WORDS})\b) [a-z]{{2}} ) (?!\w) )
    | (?P<PLAT_TERSEBUT> (?<!\w) (?i:pe?lat(?:nya)?|nopol|no\.?[ ]?pol) (?i:[ ]nomor|[ ]no)? \.? [ :]{{1,3}}
                   (?i:[a-z]{{1,2}}) [ -]? \d{{1,4}} [ -]? (?!(?i:{_UNITS})\b) (?i:[a-z]{{1,3}}) (?!\w) )
    """,
    re.VERBOSE,
)
# Numbers that are not a telephone number, NIK or plate because of the words before them.
_NOT_A_PHONE = re.compile(
    r"(?:\b(?:tiket|lapor(?:an)?|aduan|resi|registrasi|pesanan|invoice|faktur|antr(?:e|i)an|surat|rp|idr|senilai|seharga|sebesar|"
    r"anggaran|idpel|id\s+pel|(?:no|nomor|id)\.?\s+(?:pelanggan|sambungan|meter(?:an)?))"
    r"(?:\s+(?:jne|jnt|nomor|no|id|kode|pdam|pln))?|#)[\s.:#]*$",
    re.IGNORECASE,
)
_NOT_IN_PAIRS = re.compile(
    rf"{_NOT_A_PHONE.pattern}|\b(?:rt|rw|kode|tanggal|tgl|jam|pukul|pkl|versi|pasal)\W{{0,3}}$", re.IGNORECASE
)
_PRICE = re.compile(
    r"\b(?:harga|biaya|total|nilai|tagihan|kerugian|pagu)(?:nya)?\W{1,3}62(?:\.\d{3}){3}$", re.IGNORECASE
)
_NOT_A_NIK = re.compile(
    r"\b(?:(?:token|stroom|strum)\b[^\d\n]{0,20}|(?:tiket|lapor(?:an)?|aduan|resi|registrasi|pesanan)\s+(?:no|nomor|id|kode)"
    r"[\s.:#]*|tiket[\s.:#]*|(?:jam|pukul)\s*)$",
    re.IGNORECASE,
)
_NOT_A_PLATE = re.compile(
    r"\b(?:blok|gang|gg|kav(?:ling|eling)?|lantai|tower|sektor|lampu|gardu|golongan|vitamin|kelas|ruang|loket|kamar|"
    r"bangsal|tipe|simpang|cluster|gedung|unit|kunci|beton|mutu|seri|jalur|trayek|darah|kertas)\W{0,3}$",
    re.IGNORECASE,
)
_NO_SUCH = {
    "TELEPON": _NOT_A_PHONE, "TELEPON_TERPISAH": _NOT_IN_PAIRS, "TELEPON_BERPASANG": _NOT_IN_PAIRS,
    "NIK": _NOT_A_NIK, "PLAT": _NOT_A_PLATE,
}  # fmt: skip
_BEFORE = 32  # letters looked at
_GROUPED = frozenset({"TELEPON_TERPISAH", "TELEPON_BERPASANG", "TELEPON_EJAAN"})  # their digits are counted afterwards

_BANK = "bca|bri|bni|mandiri|bsi|bjb|btn|dana|ovo|gopay|shopeepay|linkaja|seabank|jago|blu|jenius|permata|danamon|cimb"
_SUM = r"(?: \d{1,3}(?:\.\d{3}){1,4}(?!\d) | \d{1,9}0{5}(?!\d) )"
_WORDS = "|".join(DIGIT_WORDS)
_WRITTEN = rf"""
      (?P<TELEPON_EJAAN> (?<![\w]) (?i: (?:0[ ,.-]{{1,3}} | 08[ ,.-]{{1,3}})? (?:{_WORDS})
          (?: [ ,.-]{{1,3}} (?: {_WORDS} | \d{{1,4}} ) ){{3,15}} ) (?!\w) )
    |
      (?: (?<![^\W_]) (?i: rek(?:ening)? | no\.?rek | va | virtual[ ]account | {_BANK} )
          (?: [\s.:]{{1,2}} (?i: no | nomor | bank | saya | istri | suami | pribadi | tujuan
              | penipu(?:nya)? | pelaku(?:nya)? | adalah | yaitu | ini | itu | {_BANK} ) \b )
          {{0,3}} [\s.:]{{1,3}}
          (?! (?:19|20)\d\d[-./ ]\d | \d\d?[-./]\d\d?[-./]\d{{4}} | {_SUM}
              | \d\d?[ ]\d\d?[ ](?:19|20)\d\d(?![ .-]?\d) )
          (?P<REKENING> \d (?: [ .-]? \d ){{7,18}} ) (?!\d) )
    | (?: (?<![^\W_]) (?i: transfer | tf | trf | kirim | setor ) \b [^\d\n]{{0,20}} \b ke [ ] (?! {_SUM} )
          (?P<REKENING_TUJUAN> \d (?: [ .-]? \d ){{7,18}} ) (?= [ ,(]{{1,3}} (?i: (?:bank[ ])? (?:{_BANK}) ) \b ) )
    | (?P<EMAIL_AT> (?<![\w.+-]) [\w.+-]{{1,64}}
          (?i: [ ]?[\[(][ ]?at[ ]?[\])][ ]? | [ ]at[ ](?=(?:{_MAILBOXES})\b) )
          [\w-]{{1,63}} (?: (?: \. | (?i:[ ]?[\[(][ ]?dot[ ]?[\])][ ]? | [ ]dot[ ]) ) [\w-]{{1,63}} ){{1,3}} )
    | (?: (?<![^\W_]) (?i: bpjs | kis | jkn ) \b [^\d\n]{{0,24}} (?P<BPJS> 000 (?: [ .-]? \d ){{10}} ) (?!\d) )
    | (?: (?<![^\W_]) (?i: npwp ) \b [^\d\n]{{0,24}} (?P<NPWP> \d (?: [ .-]? \d ){{14,15}} ) (?!\d) )
    | (?: (?<![^\W_]) (?i: nisn \b [^\d\n]{{0,24}} (?P<IDENTITAS_SISWA> \d (?: [ .-]? \d ){{9}} )
          | nip \b [^\d\n]{{0,24}} (?P<IDENTITAS_PEGAWAI> \d (?: [ .-]? \d ){{17}} )
          | sim \b [^\d\n]{{0,24}} (?P<IDENTITAS_SIM> \d (?: [ .-]? \d ){{11,13}} )
          | nop \b [^\d\n]{{0,24}} (?P<IDENTITAS_PAJAK> \d (?: [ .-]? \d ){{16,17}} )
          | pas(?:por|sport) \b [^\d\n]{{0,20}} \b (?P<IDENTITAS_PASPOR> [a-z] [ ]? \d{{6,7}} ) ) (?!\w) )
    | {NAMES}
    | (?: (?<![^\W_]) (?i: (?:alamat|almt) (?: [ ](?:saya|sy|kami|rumah|rmh|lengkap|ktp|pelapor|tinggal) )?
            | (?:rumah|rmh)[ ](?:saya|sy|kami)
            | (?:saya[ ])?tinggal | domisili ) [ ]*:? [ ] [^\n,;]{{0,40}}?
          (?P<ALAMAT> \b (?i: blok[ ]\w{{1,3}} | no(?:mor)?\b\.?[ ]?\d | rt\b[ .]{{0,2}}\d )
            (?: [ ./-]{{0,2}}
                (?i: [a-z]\b | \d{{1,4}}[a-z]?\b | rt\b | rw\b | no(?:mor)?\b | [a-z]\d{{1,3}}\b ) ){{0,10}} ) )
    """

# What every alternative of _NUMBERS contains: nine digits, the digits of a plate, or one of the other signs. Each text
# is searched for a digit first: re finds a leading character class directly, and fastest in ASCII.
_DIGIT = re.compile(r"\d")
_ASCII_DIGIT = re.compile(r"[0-9]")
_DIGITS = re.compile(
    r"""\d (?: (?: [ ()._/,;:|*~\n\r\t–-]{0,5} [\dOoIil] ){8}
          | (?: (?<=[^\W\d_]\d) (?<!R[TW]\d) | (?<=[^\W\d_][ .-]\d) (?<!R[TW][ .-]\d) )
            (?: \d{1,3} [ .-]? [A-Z] | \d{3} [ -]? [^\W\d_] ) )""",
    re.VERBOSE,
)
_ADDRESS = re.compile(r"@|://|www\.")
_PLATE = re.compile(r"pe?lat|no\.?[ ]?pol", re.IGNORECASE)  # before the digits
# Characters between the start of a match and its first sign: the cue of a NIK, or the name in an e-mail address, of up
# to 64 characters.
_BEFORE_SIGN, _BEFORE_ADDRESS = 36, 72
_AFTER_SIGN = 64  # from its last sign to its end, if there is white space between them
_SPACE = re.compile(r"\s")
_WRITTEN_SIGN = re.compile(
    r"delapan|rek|va\b|virtual|nama|\ba\.|a/n|an\.|alamat|almt|rumah|rmh|tinggal|domisili|bpjs|kis\b|jkn|npwp|pelapor|"
    r"pengadu|hormat|nisn|nip\b|sim\b|nop\b|paspor|passport|kenalkan|ttd|tertanda|(?:saya|sy|kami) (?-i:[A-Z])|"
    rf"\b(?:cp|hub|hubungi|contact|kontak)\b|[\[(] ?at| at (?:{_MAILBOXES})|{_BANK}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Personal data in a text: its place and its kind.

    ``NIK`` (with KK numbers, which look the same), ``TELEPON``, ``EMAIL``, ``PLAT``, ``URL``; after words that announce
    them also ``REKENING``, ``BPJS``, ``NPWP``, ``IDENTITAS`` (a pupil's, an official's, a driver's), ``NAMA`` and
    ``ALAMAT`` (the house, not the street).
    """

    span: Span
    kind: str

    @property
    def mask(self) -> str:
        """The replacement for it, for example ``[NIK]``."""
        return f"[{self.kind}]"


def find_numbers(text: str) -> list[PersonalData]:
    """Return what is recognisable by its form alone, in order and without overlap: the model's features use only this.

    Examples
    --------
    >>> find_numbers("hub 0812-3456-7890 ya")
    [PersonalData(span=Span(start=4, end=18), kind='TELEPON')]
    """
    text = with_plain_signs(text)
    signs = _signs(text)
    if not signs:
        return []
    text = with_digits_for_letters(text)
    return [found for first, last in _near(signs, text) for found in _numbers(text, first, last)]


def find_personal_data(text: str) -> Iterator[PersonalData]:
    """Yield all pieces of personal data in ``text``, in order and without overlap.

    Examples
    --------
    >>> [found.kind for found in find_personal_data("a.n. Budi Santoso, hub 0812-3456-7890")]
    ['NAMA', 'TELEPON']
    """
    end = 0
    for found in heapq.merge(find_numbers(text), _find_written(text), key=lambda f: (f.span.start, -f.span.end)):
        if found.span.start >= end:
            end = found.span.end
            yield found


def mask(text: str) -> str:
    """Replace every piece of personal data by its kind in brackets.

    Examples
    --------
    >>> mask("NIK saya 3216 0112 3456 0001, surel budi@contoh.id")
    'NIK saya [NIK], surel [EMAIL]'
    """
    parts: list[str] = []
    end = 0
    for found in find_personal_data(text):
        parts += (text[end : found.span.start], found.mask)
        end = found.span.end
    parts.append(text[end:])
    return "".join(parts)


def _numbers(text: str, first: int, last: int) -> Iterator[PersonalData]:
    """Yield the numbers within a part of a text."""
    for match in _NUMBERS.finditer(text, first, last):
        name = match.lastgroup or ""
        start, end = match.span(name)
        kind = name.partition("_")[0]
        before = text[max(0, start - _BEFORE) : start]
        no = _NO_SUCH.get(name)
        if no is not None and no.search(before):
            continue
        if text[start : start + 3] == "62." and _PRICE.search(text, max(0, start - _BEFORE), end):
            continue
        if name in _GROUPED and not (end := end_of_telephone(text, start, end)):
            continue
        yield PersonalData(Span(start, end), kind)


def _signs(text: str) -> list[tuple[int, int]]:
    """Return for each sign of a number its end, and where the number could start at the earliest.

    This runs on every text, and nearly all texts have no sign.
    """
    signs: list[tuple[int, int]] = []
    if (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text) is not None:
        signs = [(sign.start() - _BEFORE_SIGN, sign.end()) for sign in _DIGITS.finditer(text)]
        small = text.lower()
        if "lat" in small or "pol" in small:
            signs += [(sign.start() - _BEFORE_SIGN, sign.end()) for sign in _PLATE.finditer(text)]
    if "@" in text or "://" in text or "www." in text:
        signs += [(sign.start() - _BEFORE_ADDRESS, sign.end()) for sign in _ADDRESS.finditer(text)]
    signs.sort()
    return signs


def _near(signs: Sequence[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that may contain a number, in order and disjoint; reading it all takes thrice as long.

    A part ends at white space, so that no lookahead sees a truncated word.
    """
    begin = end = 0
    for first, last in signs:
        if end and first > end:
            yield begin, end
            begin = first
        elif not end:
            begin = max(0, first)
        after = last + _AFTER_SIGN
        # No white space was found up to the end of this part: searching again at every sign would take quadratic time
        # in a text without white space.
        if not end or after > end:
            space = _SPACE.search(text, after)
            end = space.start() if space else len(text)
    yield begin, end


def _find_written(text: str) -> Iterator[PersonalData]:
    """Yield what is recognisable only by the words before it."""
    if _WRITTEN_SIGN.search(text) is None:
        return
    text = with_plain_signs(text)
    for match in _written().finditer(text):
        name = match.lastgroup or ""
        start, end = match.span(name)
        if name in _GROUPED and not (end := end_of_telephone(text, start, end)):
            continue
        yield PersonalData(Span(start, end), name.partition("_")[0])


@cache
def _written() -> re.Pattern[str]:
    """Return the pattern for data announced by words; compiling takes 30 ms, and suggestions need only numbers."""
    return re.compile(_WRITTEN, re.VERBOSE)
