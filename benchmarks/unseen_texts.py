"""Starter complaints that no model here was trained on, for the benchmarks of speed."""

from __future__ import annotations

from typing import Final

from real_complaints import ROOT

from pipeline.region import load_region
from training.params import load_params
from training.starter import StarterRow, generate

DEFAULT_MODEL: Final = ROOT / "models" / "default"
_SEED = 99  # other than that of the starter corpus


def unseen_rows(count: int) -> list[StarterRow]:
    """Return ``count`` rows, always the same."""
    noise = load_params(ROOT / "params.yaml").starter.noise
    return list(generate(load_region("kab_bekasi"), count, seed=_SEED, noise=noise))


def unseen_texts(count: int) -> list[str]:
    """Return the texts of :func:`unseen_rows`."""
    return [row.text for row in unseen_rows(count)]
