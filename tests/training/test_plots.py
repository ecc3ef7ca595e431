"""Plots for reports and notebooks."""

from __future__ import annotations

from typing import Any

from IPython.core.formatters import DisplayFormatter

from training.curves import Bin, Covered
from training.metrics import ClassFigures
from training.plots import figure, plot_classes, plot_coverage, plot_reliability, say


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


def test_no_label_of_the_curve_of_the_surest_lies_on_the_curve() -> None:
    shares = [n / 20 for n in range(1, 21)]
    rising = [Covered(coverage=share, precision=0.96 + 0.04 * share, probability=0.9) for share in shares]
    made = plot_coverage(rising)
    made.draw_without_rendering()
    axes: Any = made.axes[0]
    curve = axes.transData.transform(axes.lines[0].get_xydata())
    for label in axes.texts:
        box = label.get_window_extent()
        beside = curve[(curve[:, 0] >= box.x0) & (curve[:, 0] <= box.x1)]
        assert len(beside) > 0
        assert box.y1 < beside[:, 1].min(), label.get_text()


def test_the_surest_stand_whole_in_the_corner_of_the_plot() -> None:
    drawn = plot_reliability([Bin(probability=0.99, right=1.0, low=0.97, high=1.0, complaints=200)]).axes[0]
    assert [line.get_clip_on() for line in drawn.lines if line.get_marker() == "o"] == [False]
    assert not any(bars.get_clip_on() for bars in drawn.collections)


def test_bars_of_agencies_fill_their_plot() -> None:
    drawn = plot_classes([ClassFigures(f"dinas {n}", 0.8, 0.8, 0.8, 9) for n in range(25)]).axes[0]
    low, high = drawn.get_ylim()
    assert -1 < low < high < 25
