"""A model's report: one HTML page that needs nothing else, made from the fitted model and its figures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from matplotlib.figure import Figure

from pipeline.artifact import Manifest, load_model
from pipeline.region import Region, load_region
from training import plots
from training.curves import draw_curves
from training.evaluate import Evaluation, evaluate
from training.figures import read_for

PAGE: Final = "index.html"
_FEW_ROWS: Final = 30  # an agency with fewer complaints in the hold-out is called uncertain


def write_report(folder: Path, file: Path, out: Path) -> Evaluation:
    """Measure a model and write its report and the plots.

    Parameters
    ----------
    folder
        The model's folder.
    file
        Labelled complaints that it has not seen.
    out
        Where ``index.html`` and the plots as PNG go.

    Raises
    ------
    DisposisiError
        If model or data cannot be used.
    """
    model, manifest = load_model(folder)
    data = read_for(manifest, file)
    evaluation, curves = evaluate(model, data.rows), draw_curves(model, data.rows)
    figures = {
        "reliability": plots.plot_reliability(curves.reliability),
        "coverage": plots.plot_coverage(curves.coverage),
        "confusion": plots.plot_confusion(curves.confusion),
        "classes": plots.plot_classes(evaluation.classes),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        plots.save(figure, out / f"{name}.png")
    page = render(manifest, evaluation, figures, rows=len(data.rows), unusable=len(data.bad))
    unfinished = out / f".{PAGE}.part"
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(out / PAGE)
    return evaluation


def render(manifest: Manifest, evaluation: Evaluation, figures: dict[str, Figure], *, rows: int, unusable: int) -> str:
    """Return the page."""
    region = None if manifest.region.code == "none" else load_region(manifest.region.folder)
    environment = Environment(loader=PackageLoader("training", "templates"), autoescape=True, trim_blocks=True)
    return environment.get_template("report.html").render(
        manifest=manifest,
        figures=evaluation,
        plots={name: _inline(figure) for name, figure in figures.items()},
        names={row.label: _named(row.label, region) for row in evaluation.classes},
        rows=rows,
        unusable=unusable,
        few=_FEW_ROWS,
    )


def _named(code: str, region: Region | None) -> str:
    agency: Any = region.agencies.get(code) if region else None
    return f"{agency.name} ({code})" if agency else code


def _inline(figure: Figure) -> Markup:
    """Return a figure as SVG to stand in the page: sharp at every size, and no second file."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return Markup(text[text.index("<svg") :])  # noqa: S704 (drawn by us; matplotlib escapes the names in it)
