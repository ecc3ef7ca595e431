"""What a model was taught with, in a dispatcher's words: for the desk's page and for training's report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pipeline.numerals import thousands


def taught_with(data: Mapping[str, Any]) -> str:
    """Return how many rows of each kind a model was trained on, as a phrase.

    Parameters
    ----------
    data
        ``data`` of the model's manifest; those of earlier versions lack the counts of examples and of urgency.

    Examples
    --------
    >>> taught_with({"real_rows": 1200, "newest": "2026-03-31", "starter_rows": 5000})
    '1.200 aduan nyata (yang terbaru dari 31-03-2026), 5.000 aduan buatan'
    """
    newest = data.get("newest")
    dated = f" (yang terbaru dari {dt.date.fromisoformat(str(newest)[:10]):%d-%m-%Y})" if newest else ""
    offices = f"{thousands(data.get('real_rows', 0))} aduan nyata{dated}, {_composed(data)}"
    if "written_rows" not in data:
        return offices
    urgency = {name: data[f"urgency_{name}"] for name in ("real_rows", "starter_rows", "written_rows")}
    return f"{offices}; untuk urgensi {thousands(urgency['real_rows'])} aduan nyata, {_composed(urgency)}"


def _composed(data: Mapping[str, Any]) -> str:
    starter = f"{thousands(data.get('starter_rows', 0))} aduan buatan"
    return f"{starter}, {thousands(data['written_rows'])} pesan contoh" if "written_rows" in data else starter
