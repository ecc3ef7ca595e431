"""Plots for reports and notebooks."""

from __future__ import annotations

from typing import Any

from IPython.core.formatters import DisplayFormatter

from training.plots import figure


def test_a_notebook_shows_a_plot_that_a_cell_ends_with() -> None:
    made, axes = figure("Complaints", "day", "complaints")
    axes.plot([1, 2], [3, 4])
    jupyter: Any = DisplayFormatter()
    shown, _ = jupyter.format(made)
    assert shown["image/png"].startswith(b"\x89PNG")
