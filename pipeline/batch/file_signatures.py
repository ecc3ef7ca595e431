"""Detecting a file's format by its first bytes: systems export web pages as ``.xls``, and people rename files."""

from __future__ import annotations

import gzip
import re
from contextlib import suppress

from pipeline.batch.file_source import READ_ERRORS
from pipeline.batch.files import CSV, EXCEL, JSON_LINES, PARQUET, InputFile
from pipeline.errors import DataError

_FIRST_BYTES = 1 << 12
_TEXTS = (CSV, JSON_LINES)
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|\?xml|html|head|meta|style|table)\b", re.IGNORECASE)
# Each signature, with its format, a name for messages, and what to do if the extension says otherwise.
_SIGNS = (
    (
        re.compile(rb"PK\x03\x04"),
        EXCEL,
        "a workbook or another zip archive",
        "If it is a workbook, rename it to .xlsx.",
    ),
    (re.compile(rb"\xd0\xcf\x11\xe0"), EXCEL, "an old workbook", "Rename it to .xls."),
    (re.compile(rb"PAR1\x15"), PARQUET, "Parquet", "Rename it to .parquet."),
    (re.compile(rb"\x1f\x8b"), "gzip", "gzipped", "Decompress it, or add .gz to its name, as in aduan.csv.gz."),
    (_PAGE, "page", "a web page", "Open it in a spreadsheet program and save it as .xlsx."),
)


def check_signs(file: InputFile) -> None:
    """Refuse a file whose content shows that its extension is wrong; an unreadable file is left to its reader.

    Raises
    ------
    DataError
        If it begins like another format, or is text but named like a workbook or Parquet.
    """
    try:
        with file.open() as content:
            first = content.read(1)  # of what isn't gzipped not even that can be read
            with suppress(*READ_ERRORS):  # broken further on: its reader tells where
                first += content.read(_FIRST_BYTES - 1)
    except gzip.BadGzipFile:
        raise DataError(
            f"{file.name} is not gzipped, but its name ends in .gz.", mend="Remove .gz from its name."
        ) from None
    except READ_ERRORS:
        return
    for sign, kind, name, mend in _SIGNS:
        if sign.match(first):
            if kind != file.format:
                raise DataError(f"{file.name} is {name}, but its extension says {file.format}.", mend=mend)
            return
    if first and file.format not in _TEXTS and b"\x00" not in first and b"\n" in first:
        raise DataError(f"{file.name} is text, but its extension says {file.format}.", mend="Rename it to .csv.")
