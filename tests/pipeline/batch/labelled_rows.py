"""Two labelled complaints, and reading a file of such."""

from __future__ import annotations

from pathlib import Path

from pipeline.batch import BadRow, Columns, Record, read_records, split_bad

ROWS = [
    ("A-1", "Lampu jalan mati", "Dinas Perhubungan", "05/01/2025 08:15"),
    ("A-2", "Sampah menumpuk; bau, sekali", "Dinas Lingkungan Hidup", "2025-01-06"),
]
HEADER = ("No Aduan", "Isi Laporan", "Instansi Terdisposisi", "Tanggal Laporan")


def read(path: Path, columns: Columns | None = None) -> tuple[list[Record], list[BadRow]]:
    return split_bad(read_records(path, columns))
