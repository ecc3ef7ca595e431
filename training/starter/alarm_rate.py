"""The share of urgent complaints in the starter corpus: the same as in real complaints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.complaint import ALARMS
from training.data import Labelled


def as_often_urgent(rows: Sequence[Labelled], shares: Mapping[str, float]) -> list[Labelled]:
    """Return starter rows weighted so that alarms have the stated share of their urusan's weight.

    The total weight stays the same.

    Parameters
    ----------
    rows
        With their ``problem``, ``urusan/id``.
    shares
        Of ``tinggi`` and ``darurat`` together, by urusan; an urusan that isn't listed, or has only alarms or none, is
        unchanged.
    """
    urusan = [(row.problem or "").partition("/")[0] for row in rows]
    whole: dict[str, float] = defaultdict(float)
    urgent: dict[str, float] = defaultdict(float)
    for name, row in zip(urusan, rows, strict=True):
        whole[name] += row.weight
        urgent[name] += row.weight * (row.urgency in ALARMS)
    factors = {
        name: (share * whole[name] / urgent[name], (1 - share) * whole[name] / (whole[name] - urgent[name]))
        for name, share in shares.items()
        if 0 < urgent[name] < whole[name]
    }
    return [
        replace(row, weight=row.weight * factors[name][row.urgency not in ALARMS]) if name in factors else row
        for name, row in zip(urusan, rows, strict=True)
    ]
