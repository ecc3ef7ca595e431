"""The roles of a table's columns: by the names that Indonesian exports use, or as given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from pipeline.errors import DataError
from pipeline.text import mask

_LONGEST_NAME = 30  # characters; what is longer may be a complaint, and is not shown
# Names are compared in lower case, letters and digits only. The first alias that the table has wins.
ALIASES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "teks", "isi", "isiaduan", "isilaporan", "isipengaduan", "aduan", "pengaduan", "laporan", "keluhan",
        "uraian", "deskripsi", "description", "complaint", "content", "message", "pesan", "isikeluhan", "detail",
        "uraianpengaduan", "uraianaduan", "uraianlaporan", "isipesan", "deskripsiaduan", "deskripsilaporan",
        "isilaporanawal", "isilaporanakhir",  # SP4N-LAPOR!: as the citizen wrote it, as its admin left it
    ),
    "agency": (
        "agency", "instansi", "instansiterkait", "instansiterdisposisi", "opd", "skpd", "dinas", "unitkerja",
        "disposisi", "disposisike", "terdisposisi", "tujuan", "label", "perangkatdaerah", "department",
        "instansitujuan", "opdtujuan", "dinastujuan", "skpdtujuan", "opdterkait", "diteruskanke",
    ),
    "urgency": ("urgency", "urgensi", "prioritas", "priority", "tingkaturgensi", "kegawatan", "skalaprioritas"),
    "date": (
        "date", "tanggal", "tgl", "createdat", "tanggallaporan", "tanggaladuan", "tanggalmasuk", "tgllaporan",
        "tgladuan", "waktu", "timestamp", "tanggalpengaduan", "waktulaporan", "tglmasuk", "tglpengaduan", "waktumasuk",
        "tanggallaporanmasuk",
    ),
    "address": (
        "address", "lokasikejadian", "alamatkejadian", "lokasiaduan", "alamat", "lokasi", "location", "tempat",
    ),
    "id": (
        "id", "trackingid", "noaduan", "nolaporan", "nomoraduan", "nomorlaporan", "idlaporan", "idaduan", "notiket",
        "nomortiket", "idtiket", "ticketid", "nomor", "no", "kode",
    ),
    "answered": (
        "answeredat", "answered", "closedat", "tanggaldijawab", "tanggaljawaban", "tanggalselesai", "tglselesai",
        "tanggaltindaklanjut", "tgltindaklanjut",
        "tanggaljawab", "tgljawab", "tgljawaban", "waktujawaban", "dijawab", "selesai", "waktuselesai", "resolvedat",
        "tanggalditutup", "tglditutup", "tanggaltutup", "tgltutup",
    ),
    "status": (
        "status", "statusaduan", "statuslaporan", "statuspengaduan", "statuspenanganan", "statustindaklanjut",
    ),
    "kecamatan": ("kecamatan", "kec", "district"),
    "secret": ("secret", "rahasia", "israhasia", "kerahasiaan", "tipelaporananonimrahasia"),
    "problem": ("problem", "masalah"),
    "source": ("source", "asal"),
}  # fmt: skip
_KNOWN = frozenset(alias for aliases in ALIASES.values() for alias in aliases)
_RUNNING = frozenset({"no", "nomor"})
_LONGEST_COUNT = 5  # digits


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns to read, as given; ``None`` finds a column by its aliases."""

    text: str | None = None
    agency: str | None = None
    urgency: str | None = None
    date: str | None = None
    address: str | None = None
    id: str | None = None
    answered: str | None = None
    status: str | None = None
    secret: str | None = None

    def find(self, header: Sequence[str], where: str) -> Mapping[str, int]:
        """Return the position of each column that the table has.

        Parameters
        ----------
        header
            The table's column names.
        where
            The file, for error messages.

        Raises
        ------
        DataError
            If a given column is missing, or no column has the text.
        """
        cleaned = [_cleaned(name) for name in header]
        positions: dict[str, int] = {}
        for role, aliases in ALIASES.items():
            told = getattr(self, role, None)
            if told is not None and told not in header:
                raise DataError(f"{where} has no column {told!r}.", mend=f"Its columns are: {shown_columns(header)}.")
            found = _position(aliases, cleaned) if told is None else header.index(told)
            if found is not None:
                positions[role] = found
        if "text" not in positions:
            raise DataError(
                f"{where} has no column that looks like the complaint text; its columns: {shown_columns(header)}.",
                mend="Name it with --text COLUMN.",
            )
        return positions


def columns_of_each(headers: Sequence[Sequence[str]], columns: Columns) -> list[Columns]:
    """Return the column names to use for each table: of several, one with none of the given names uses the aliases.

    Such a table is an export beside a spreadsheet, or from a year when the columns had other names.

    Raises
    ------
    DataError
        If none of several tables has a given column.
    """
    told = {name for name in asdict(columns).values() if name}
    if not told or len(headers) < 2:
        return [columns] * len(headers)
    if missing := told.difference(*headers):
        raise DataError(f"None of the files has a column {min(missing)!r}.", mend="Check the spelling.")
    return [Columns() if told.isdisjoint(header) else columns for header in headers]


def known_columns(header: Sequence[str], columns: Columns | None = None) -> Mapping[str, int]:
    """Return the positions of cells that are known column names; none if the text column isn't among them."""
    try:
        return (columns or Columns()).find(header, "")
    except DataError:
        return {}


def column_of(role: str, header: Sequence[str]) -> str | None:
    """Return the name of the column that has a role by its alias; ``None`` if there is none."""
    found = _position(ALIASES[role], [_cleaned(name) for name in header])
    return None if found is None else header[found]


def _position(aliases: Sequence[str], cleaned: Sequence[str]) -> int | None:
    return next((cleaned.index(alias) for alias in aliases if alias in cleaned), None)


def may_only_count(name: str, value: str) -> bool:
    """Tell whether an id of this column may be only a running number, which starts at 1 again in each table."""
    return _cleaned(name) in _RUNNING and value.isdecimal() and len(value) <= _LONGEST_COUNT


def shown_columns(header: Sequence[str]) -> str:
    """Return column names for an error, on one line; without a header they may be the first complaint.

    So where none of them is known, those of several words are not shown.
    """
    is_header = any(_cleaned(name) in _KNOWN for name in header)
    return ", ".join(shown_name(name) if is_header or len(name.split()) == 1 else "…" for name in header)


def shown_name(name: str) -> str:
    """Return a column's name for a message; anything that may be a complaint's text is not shown."""
    shown = mask(" ".join(name.split()))
    return shown if len(shown) <= _LONGEST_NAME else "…"


def _cleaned(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
