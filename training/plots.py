"""The plots of a report, in Okabe and Ito's colours, which colour-blind readers can distinguish; readable in grey."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from training.curves import Bin, Confused, Covered
from training.metrics import ClassFigures

BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"
RED: Final = "#D55E00"
GREY: Final = "#666666"
_LABEL_WIDTH: Final = 0.15  # of a label in the plot of coverage, on its axis, with some space

mpl.rcParams["svg.hashsalt"] = "disposisi"  # so that the same data give the same file


def figure(title: str, x: str, y: str, size: tuple[float, float] = (6.4, 4.4)) -> tuple[Figure, Any]:
    """Return an empty figure with named axes."""
    made = _ShownFigure(figsize=size, layout="constrained")
    axes = made.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return made, axes


def save(made: Figure, path: Path, creator: str = "") -> None:
    """Write a figure in the format of its extension, without the date; an SVG tells its ``creator``."""
    told = {"Creator": creator} if creator else {}
    made.savefig(path, dpi=130, metadata={"Date": None} | told if path.suffix == ".svg" else {})


def say(made: Figure, title: str, x: str, y: str, *legend: str) -> Figure:
    """Return a figure with Indonesian texts and decimal commas."""
    axes: Any = made.axes[0]
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    for text, words in zip(axes.get_legend().get_texts() if legend else (), legend, strict=True):
        text.set_text(words)
    for text in axes.texts:
        text.set_text(text.get_text().replace(".", ","))
    for axis in (axes.xaxis, axes.yaxis):
        if isinstance(axis.get_major_formatter(), ScalarFormatter):  # if the ticks are numbers, not names
            axis.set_major_formatter(_CommaFormatter())
    return made


def plot_reliability(bins: Sequence[Bin]) -> Figure:
    """Plot the predicted probability against how often the model was right."""
    made, axes = figure("Is 80 % sure right 80 % of the time?", "said probability", "share that was right")
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="perfectly calibrated")
    x, y = [b.probability for b in bins], [b.right for b in bins]
    errors = [[max(0, b.right - b.low) for b in bins], [max(0, b.high - b.right) for b in bins]]
    # Most points are at the upper right corner: they are drawn completely, even beyond the axes.
    drawn = axes.errorbar(x, y, yerr=errors, color=BLUE, marker="o", capsize=3, label="this model, 95 % intervals")
    for artist in drawn.get_children():
        artist.set_clip_on(False)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.legend(frameon=False, loc="upper left")
    return made


def plot_coverage(points: Sequence[Covered]) -> Figure:
    """Plot the precision of the most confident suggestions."""
    made, axes = figure(
        "How right the surest suggestions are",
        "share of complaints, the surest first (p: said probability)",
        "share of them that is right",
    )
    x, y = [p.coverage for p in points], [p.precision for p in points]
    axes.plot(x, y, color=BLUE, marker="o", markersize=4)
    for point in points:
        if round(point.coverage * 100) in {25, 50, 75, 100}:
            behind = [p.precision for p in points if point.coverage - _LABEL_WIDTH <= p.coverage <= point.coverage]
            axes.annotate(
                f"p ≥ {point.probability:.2f}",
                (point.coverage, min(behind)),
                xytext=(-3, -3),  # below the curve, which falls as a rule, there is free space
                textcoords="offset points",
                ha="right",
                va="top",
                fontsize=8,
            )
    axes.set_xlim(0, 1.05)
    axes.set_ylim(max(0, min(y, default=0) - 0.1), 1.03)
    return made


def plot_confusion(pairs: Sequence[Confused]) -> Figure:
    """Plot the confusion of the busiest agencies, in percent of the row."""
    actual, predicted = list(dict.fromkeys(p.actual for p in pairs)), list(dict.fromkeys(p.predicted for p in pairs))
    counts = np.array([p.complaints for p in pairs], dtype=float).reshape(len(actual), len(predicted))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    made, axes = figure(
        "Responsible and suggested agency (% of each row)", "suggested first", "responsible", (8.2, 6.2)
    )
    axes.grid(visible=False)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(predicted)), [_short(name) for name in predicted], rotation=45, ha="right")
    axes.set_yticks(range(len(actual)), [_short(name) for name in actual])
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            if share >= 0.005:
                axes.text(
                    j,
                    i,
                    f"{share:.0%}".rstrip("%"),
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if share > 0.5 else "black",
                )
    return made


def plot_classes(classes: Sequence[ClassFigures], most: int = 25) -> Figure:
    """Plot F1 of the largest classes with their numbers of complaints."""
    shown = list(classes[:most])[::-1]
    made, axes = figure("F1 of the agencies with most complaints", "F1", "", (7.2, max(2.5, 0.28 * len(shown) + 1.2)))
    axes.barh(range(len(shown)), [row.f1 for row in shown], color=BLUE, height=0.7)
    axes.set_yticks(range(len(shown)), [f"{_short(row.label)} ({row.support:,})" for row in shown])
    axes.set_xlim(0, 1)
    axes.margins(y=0.01)
    axes.grid(visible=False, axis="y")
    return made


class _ShownFigure(Figure):
    """A figure that notebooks display: Jupyter itself displays only pyplot's figures, which pyplot keeps in memory."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png")
        return png.getvalue()


class _CommaFormatter(ScalarFormatter):
    """Numbers of an axis in Indonesian format."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", ",")


def _short(name: str, longest: int = 28) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
