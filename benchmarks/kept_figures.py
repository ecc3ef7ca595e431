"""Shared by the benchmarks that draw a plot: their options, and the CSV from which it can be drawn again."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from real_complaints import BENCH

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Figure = TypeVar("Figure", bound="DataclassInstance")


def run(
    what: str,
    kind: type[Figure],
    path: Path,
    measure: Callable[[argparse.Namespace], Sequence[Figure]],
    draw: Callable[[Sequence[Figure]], None],
    *,
    seeds: int | None = None,
) -> None:
    """Measure, save the figures, and draw them; with ``--plot-only``, draw the saved ones.

    Parameters
    ----------
    what
        The benchmark's description; its first line is shown by ``--help``.
    kind
        The dataclass of a figure; its fields are the columns.
    path
        The CSV file.
    measure
        Called with the options ``bench`` and, if a default is given, ``seeds``.
    """
    parser = argparse.ArgumentParser(description=what.splitlines()[0])
    parser.add_argument("--bench", type=Path, default=BENCH, metavar="FOLDER")
    parser.add_argument("--plot-only", action="store_true", help="draw again from the CSV")
    if seeds is not None:
        parser.add_argument("--seeds", type=int, default=seeds)
    options = parser.parse_args()
    if not options.plot_only:
        _write(path, kind, measure(options))
    draw(_read(path, kind))


def _write(path: Path, kind: type[Figure], figures: Sequence[Figure]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(kind)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(figure) for figure in figures)


def _read(path: Path, kind: type[Figure]) -> list[Figure]:
    types: dict[str, Any] = get_type_hints(kind)
    with path.open(encoding="utf-8", newline="") as file:
        return [kind(**{name: types[name](value) for name, value in row.items()}) for row in csv.DictReader(file)]
