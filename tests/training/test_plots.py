"""Plots for reports and notebooks."""

from __future__ import annotations

from typing import Any

from IPython.core.formatters import DisplayFormatter

from training.curves import Bin, Covered
from training.plots import figure, plot_coverage, plot_reliability, say


def test_a_notebook_shows_a_plot_that_a_cell_ends_with() -> None:
    made, axes = figure("Complaints", "day", "complaints")
    axes.plot([1, 2], [3, 4])
    jupyter: Any = DisplayFormatter()
    shown, _ = jupyter.format(made)
    assert shown["image/png"].startswith(b"\x89PNG")


def test_numbers_of_a_plot_in_indonesian_have_a_comma() -> None:
    bins = [Bin(probability=0.5, right=0.5, low=0.4, high=0.6, complaints=10)]
    reliability = say(plot_reliability(bins), "", "", "", "", "")
    coverage = say(plot_coverage([Covered(coverage=0.5, precision=0.93, probability=0.82)]), "", "", "")
    for made in (reliability, coverage):
        made.draw_without_rendering()
        axes: Any = made.axes[0]
        written = [text.get_text() for text in (*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts)]
        assert "0,4" in written
        assert not any("." in text for text in written)
    assert "p ≥ 0,82" in written
