"""A digest that changes when anything in a region's files does."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.region.load import find_region
from pipeline.region.national import BASE

_READ = {".csv", ".yaml", ".parquet"}  # the files that a region is read from; an editor's backup copies don't count


def region_digest(folder: str | Path | None) -> str:
    """Return the sha256 of a region's files and of the national base, which every region partly inherits.

    Parameters
    ----------
    folder
        A region's folder, or the name of a built-in region; ``None`` for the base alone.

    Raises
    ------
    RegionError
        If there is no such folder.
    """
    digest = hashlib.sha256()
    for root in (BASE, find_region(folder)) if folder else (BASE,):
        for path in sorted(path for path in root.rglob("*") if path.suffix in _READ):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(root)}\x1f{content}\x1e".encode(errors="surrogateescape"))
    return digest.hexdigest()
