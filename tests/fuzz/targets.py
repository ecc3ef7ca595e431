"""Fuzzing targets: each takes bytes, and suppresses only the project's own errors for bad input.

Each starts from valid inputs (seeds), which the fuzzer mutates towards code not reached yet.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from pipeline.artifact import load_scorer
from pipeline.batch import read_records, split_bad
from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError, DataError, ModelError
from pipeline.manifest import MANIFEST
from pipeline.region.catalogue import Urusan
from pipeline.region.load import check_region
from pipeline.region.national import BASE
from pipeline.region.schema import Agency, RegionSettings
from pipeline.region.sources import Sources
from pipeline.router import Router
from pipeline.text import mask

_CELLS = [{"no": "1", "teks": "lampu, jalan; mati", "dinas": "x"}, {"no": "2", "teks": "sampah", "dinas": "y"}]


@dataclass(frozen=True)
class Target:
    """A function to call with bytes, and valid inputs to start from."""

    attempt: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def text(model: Path, _: Path) -> Target:
    """Return the target that masks a complaint with an address and suggests agencies for it."""
    router = Router.load(model)

    def attempt(content: bytes) -> None:
        halves = "surrogateescape" if content.startswith(b"\xff") else "replace"  # JSON can contain lone surrogates
        written, _, address = content.decode("utf-8", halves).partition("|")
        mask(written)
        with suppress(ComplaintError):
            json.dumps(router.suggest(Complaint(written, address=address)).to_dict())

    seeds = (
        "Lampu jalan di dpn Pasar Cibitung mati sdh 1 minggu|Desa Wanasari, Kec. Cibitung",
        "a.n. Budi Santoso, NIK 3216 0112 3456 0001, hub 0812-3456-7890, budi@contoh.id, B 1234 XYZ, https://a.id/b",
        "KEBAKARAN di gudang!!! tolong ada anak terjebak\\nrt 03 rw 05",
    )
    return Target(attempt, tuple(seed.encode() for seed in seeds))


def readers(_: Path, folder: Path) -> Target:
    """Return the target that reads a file of complaints; its first byte selects the format."""
    kinds = (".csv", ".xlsx", ".jsonl", ".parquet")

    def attempt(content: bytes) -> None:
        path = folder / f"a{kinds[content[0] % len(kinds)]}" if content else folder / "a.csv"
        path.write_bytes(content[1:])
        with suppress(DataError):
            split_bad(read_records(path))

    return Target(attempt, tuple(bytes([number]) + _table(kind, folder) for number, kind in enumerate(kinds)))


def artifact(model: Path, folder: Path) -> Target:
    """Return the target that loads a model's folder with the given manifest."""
    copied = folder / "model"
    shutil.copytree(model, copied)

    def attempt(content: bytes) -> None:
        (copied / MANIFEST).write_bytes(content)
        with suppress(ModelError):
            load_scorer(copied)

    return Target(attempt, ((model / MANIFEST).read_bytes(),))


def region(_: Path, folder: Path) -> Target:
    """Return the target that reads a region's files; the first byte selects which."""
    kinds = (("region.yaml", RegionSettings), ("catalogue/perhubungan.yaml", Urusan), ("agencies.csv", Agency))
    (folder / "catalogue").mkdir()

    def attempt(content: bytes) -> None:
        name, entry = kinds[content[0] % len(kinds)] if content else kinds[0]
        (folder / name).write_bytes(content[1:])
        sources = Sources(folder)
        read = sources.table if name.endswith(".csv") else sources.document
        list(read(folder / name, entry))
        if name == "region.yaml":
            check_region(folder)

    return Target(
        attempt, tuple(bytes([number]) + (BASE / name).read_bytes() for number, (name, _) in enumerate(kinds))
    )


TARGETS: dict[str, Callable[[Path, Path], Target]] = {
    "text": text, "readers": readers, "artifact": artifact, "region": region,
}  # fmt: skip


def _table(kind: str, folder: Path) -> bytes:
    if kind == ".csv":
        return b'no;teks;dinas\n1;"lampu, jalan; mati";x\n'
    if kind == ".jsonl":
        return "\n".join(map(json.dumps, _CELLS)).encode()
    path = folder / f"good{kind}"
    if kind == ".parquet":
        pq.write_table(pa.Table.from_pylist(_CELLS), path)
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([list(_CELLS[0]), *(list(cells.values()) for cells in _CELLS)]):
                sheet.write_row(number, 0, row)
    return path.read_bytes()
