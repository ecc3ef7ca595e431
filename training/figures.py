"""Figures of a model as files: ``metrics.json`` and the curves as CSV, the same bytes for the same model and data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.atomic_files import replacing_together
from pipeline.batch import Columns
from pipeline.region import Region
from pipeline.replaceable import check_replaceable
from training.curves import CURVES, draw_curves
from training.data import LabelledData, read_labelled
from training.evaluate import Evaluation, evaluate
from training.evaluated_model import open_trained

METRICS = "metrics.json"
ReportRead = Callable[[LabelledData], None]  # is told what was read of a file


def read_for(region: Region | None, file: Path, columns: Columns | None, report: ReportRead) -> LabelledData:
    """Read labelled complaints with the agencies of the region that a model was trained for.

    Raises
    ------
    DataError
        If no row has an agency.
    """
    data = read_labelled([file], region, columns)
    data.check_agencies([file])
    report(data)
    return data


def write_figures(
    model: Path,
    file: Path,
    folder: Path,
    region: str | None = None,
    columns: Columns | None = None,
    report: ReportRead = lambda _: None,
) -> Evaluation:
    """Measure a model and write its figures.

    Parameters
    ----------
    model
        The model's folder.
    file
        Labelled complaints that it has not seen.
    folder
        The folder for ``metrics.json``, ``reliability.csv``, ``coverage.csv`` and ``confusion.csv``.
    region
        The model's region folder; by default the one used in training.
    columns
        The file's columns; by default detected by name.
    report
        Called with what was read, to tell which rows are of no use.

    Raises
    ------
    DisposisiError
        If model or data cannot be used, or another file of one of these names is there.
    """
    for name, header in CURVES.items():
        check_replaceable(folder / name, ",".join(header), "figures")
    check_replaceable(folder / METRICS, '"top1"', "figures")
    trained, _, own_region = open_trained(model, region)
    rows = read_for(own_region, file, columns, report).rows
    evaluation, curves = evaluate(trained, rows, own_region), draw_curves(trained, rows, own_region)
    with replacing_together(folder / name for name in (METRICS, *CURVES)) as (metrics, *unfinished):
        curves.write(unfinished)
        metrics.write_bytes(f"{json.dumps(numbers(evaluation.to_dict()), indent=2)}\n".encode())
    return evaluation


def numbers(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers among nested figures, as ``dvc metrics diff`` compares them.

    Examples
    --------
    >>> numbers({"rows": 3, "top1": {"value": 0.5}, "confused": [("a", "b", 1)], "urgency": None})
    {'rows': 3, 'top1': {'value': 0.5}}
    """
    kept: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            if inner := numbers(value):
                kept[name] = inner
        elif isinstance(value, int | float) and not isinstance(value, bool):
            kept[name] = round(value, 6)
    return kept
