"""The same rows in every format that is read, and reading them back."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from tests.pipeline.batch.conftest import complaints

ROWS = list(complaints(11))


def as_csv() -> bytes:
    lines = [";".join(ROWS[0])] + [";".join(f'"{cell}"' for cell in row.values()) for row in ROWS]
    return "\r\n".join(lines).encode()


def as_json_lines() -> bytes:
    return "\n".join(map(json.dumps, ROWS)).encode()


def write_excel(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (list(ROWS[0]), *(list(row.values()) for row in ROWS)):
        sheet.append(row)
    book.save(path)


def read_csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(content.decode().splitlines()))


def read_json_lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    ".csv": lambda path: read_csv(path.read_bytes()),
    ".csv.gz": lambda path: read_csv(gzip.decompress(path.read_bytes())),
    ".jsonl": lambda path: read_json_lines(path.read_bytes()),
    ".jsonl.gz": lambda path: read_json_lines(gzip.decompress(path.read_bytes())),
    ".parquet": lambda path: list(pq.read_table(path).to_pylist()),
    ".xlsx": lambda path: [
        dict(zip(map(str, rows[0]), row, strict=True))
        for rows in [CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]
        for row in rows[1:]
    ],
}
