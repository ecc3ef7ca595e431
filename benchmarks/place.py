"""How often the place found in a complaint is the one it was filed under: real complaints of Kota Surabaya.

    python benchmarks/place.py [--bench FOLDER] [--split dev|train] [--table]

Only text and address are read; the columns ``district`` (kecamatan) and ``village`` (kelurahan) say what is right. With
--table it prints, for each way of writing a name, how often it lies in the right kecamatan; the confidences in
``pipeline/region/places.py`` are rounded from these. Intervals are 95 % bootstrap intervals over the complaints.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from real_complaints import BENCH, found
from rich.console import Console
from rich.table import Table

from pipeline.complaint import Place
from pipeline.region import load_region
from pipeline.region.mentions import NameIndex, joined
from pipeline.region.places import place_finder
from pipeline.region.schema import PlaceEntry
from pipeline.text import tokenise
from training.metrics import bootstrap_mean

REGION = "kota_surabaya"
# Spellings of the city's complaint system -> those of the ministry's register.
_SPELLINGS = {"pabeancantikan": "pabeancantian"}


@dataclass(frozen=True, slots=True)
class Filed:
    """A complaint, and the place it was filed under."""

    text: str
    address: str
    kecamatan: str
    village: str


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH, metavar="FOLDER", help="folder of the real complaints")
    parser.add_argument("--split", default="dev", help="rows to evaluate on; defaults to dev")
    parser.add_argument("--table", action="store_true", help="print the reliability of names by the words around them")
    arguments = parser.parse_args()
    filed = read_filed(arguments.bench, arguments.split)
    console = Console(width=110)
    console.print(_reliabilities(filed) if arguments.table else _figures(filed))


def read_filed(bench: Path, split: str) -> list[Filed]:
    """Return the complaints of a split that have a district."""
    rows = pq.read_table(found(bench / "city-complaints.parquet")).to_pylist()
    return [
        Filed(row["text"], row["address"] or "", _spelt(row["district"]), joined(row["village"] or ""))
        for row in rows
        if row["split"] == split and row["district"]
    ]


def _spelt(kecamatan: str) -> str:
    return _SPELLINGS.get(joined(kecamatan), joined(kecamatan))


def _figures(filed: list[Filed]) -> Table:
    finder = place_finder(load_region(REGION))
    tokens = [(tokenise(one.text), tokenise(one.address)) for one in filed]
    started = time.perf_counter()
    places = [
        finder.find(one.text, words, one.address, address) for one, (words, address) in zip(filed, tokens, strict=True)
    ]
    seconds = time.perf_counter() - started
    given = np.array([place is not None for place in places])
    right = np.array([_is_in(place, one.kecamatan) for place, one in zip(places, filed, strict=True)])
    exact = np.array([place is not None and place.kind != "kecamatan" for place in places])
    village = np.array([_is_at(place, one.village) for place, one in zip(places, filed, strict=True)])
    confidence = np.array([place.confidence for place in places if place and place.kind == "kecamatan"])
    table = Table("figure", "value (95 % interval)", title=f"{len(filed):,} complaints")
    table.add_row("a place is given out", str(bootstrap_mean(given)))
    table.add_row("precision, kecamatan", str(bootstrap_mean(right[given])))
    table.add_row("recall, kecamatan", str(bootstrap_mean(right)))
    table.add_row("a kelurahan is given out", str(bootstrap_mean(exact)))
    table.add_row("precision, kelurahan", str(bootstrap_mean(village[exact])))
    table.add_row("mean confidence of kecamatan given out", f"{confidence.mean():.3f}")
    table.add_row("time per complaint, tokens apart", f"{1e6 * seconds / len(filed):.0f} µs")
    return table


def _is_in(place: Place | None, kecamatan: str) -> bool:
    return place is not None and joined(place.kecamatan) == kecamatan


def _is_at(place: Place | None, village: str) -> bool:
    return place is not None and joined(place.name) == village


def _reliabilities(filed: list[Filed]) -> Table:
    """Return how often a name is in the right kecamatan, by the words before and after it."""
    region = load_region(REGION)
    index: NameIndex[PlaceEntry] = NameIndex(
        [(name, place) for place in region.places.values() for name in (place.name, *place.aliases)],
        own={"surabaya", "sby"},
    )
    seen: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for one in filed:
        for text in (one.text, one.address):
            for mention in index.mentions(text, tokenise(text)):
                key = (str(mention.lead), str(mention.tail))
                seen[key] += 1
                kecamatan = (region.places[place.kecamatan_code or place.code].name for place in mention.candidates)
                right[key] += one.kecamatan in {joined(name) for name in kecamatan}
    table = Table("before", "behind", "names", "in the right kecamatan")
    for key in sorted(seen):
        table.add_row(*key, f"{seen[key]:,}", f"{right[key] / seen[key]:.3f}")
    return table


if __name__ == "__main__":
    main()
