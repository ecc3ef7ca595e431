"""A model's report: an HTML page with its style and plots beside it, made from the fitted model and its figures.

The page contains only text and numbers, without scripts, so that the desk's strict content policy allows it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader
from matplotlib.figure import Figure

from pipeline.atomic_files import replacing_together
from pipeline.batch import Columns
from pipeline.champion import REPORT, changing
from pipeline.clock import WIB, local_time
from pipeline.errors import ModelError
from pipeline.manifest import NO_REGION, Manifest, read_manifest
from pipeline.numerals import thousands
from pipeline.region import Region
from pipeline.replaceable import check_replaceable
from pipeline.training_summary import taught_with
from training import plots
from training.curves import Curves, draw_curves
from training.evaluate import Evaluation, evaluate
from training.evaluated_model import open_trained
from training.figures import ReportRead, read_for
from training.training_overlap import Seen

PAGE: Final = "index.html"
_STYLE: Final = "report.css"
_CREATOR: Final = "disposisi report"
_MARKS: Final = {  # near the beginning of each file
    PAGE: f'href="{_STYLE}"',
    _STYLE: "--paper: #fff; --line:",
    **dict.fromkeys(("reliability.svg", "coverage.svg", "confusion.svg", "classes.svg"), _CREATOR),
}
_TEMPLATES: Final = Path(__file__).parent / "templates"
_FEW_ROWS: Final = 30  # an agency with fewer complaints in the hold-out is called uncertain


def write_report(
    folder: Path,
    file: Path,
    out: Path | None = None,
    region: str | None = None,
    columns: Columns | None = None,
    report: ReportRead = lambda _: None,
) -> Evaluation:
    """Measure a model and write its report: a page, its style and its plots.

    Parameters
    ----------
    folder
        The model's folder.
    file
        Labelled complaints that it has not seen.
    out
        The output folder; by default the model's folder, from which the desk shows it.
    region
        The model's region folder; by default the one used in training.
    columns
        The file's columns; by default detected by name.
    report
        Called with what was read, to tell which rows are of no use.

    Raises
    ------
    DisposisiError
        If model or data cannot be used, another file is where one of the report would be, or the model was
        replaced meanwhile.
    """
    out = out or folder / REPORT
    for name, mark in _MARKS.items():
        check_replaceable(out / name, mark, "report")
    model, manifest, own_region = open_trained(folder, region)
    data = read_for(own_region, file, columns, report)
    evaluation, curves = evaluate(model, data.rows, own_region), draw_curves(model, data.rows, own_region)
    seen, measured = Seen.of(manifest.data), [row for row in data.rows if row.agency]
    page = render(
        manifest,
        evaluation,
        own_region,
        rows=len(data.rows),
        unusable=len(data.bad),
        older=sum(map(seen.is_old, measured)),
        untold=sum(map(seen.is_untold, measured)),
    )
    with changing(folder.resolve().parent):
        if out == folder / REPORT:
            _check_same(folder, manifest)
        _write(out, page, _figures(evaluation, curves))
    return evaluation


def render(
    manifest: Manifest,
    evaluation: Evaluation,
    region: Region | None,
    *,
    rows: int,
    unusable: int,
    older: int,
    untold: int = 0,
) -> str:
    """Return the page, in Indonesian, as dispatchers read it too.

    Parameters
    ----------
    rows, unusable, older, untold
        Complaints read, rows that could not be used; and of the complaints with an agency those no newer than the
        model's training data, which it may have seen, and those of unknown age.
    """
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
    environment.filters.update(thousands=thousands, decimals=lambda value: f"{value:.3f}".replace(".", ","))
    return environment.get_template("report.html").render(
        manifest=manifest,
        region="tanpa wilayah" if manifest.region.code == NO_REGION else manifest.region.name,
        made=local_time(manifest.created_at, region.clock if region else WIB),
        newest=f"{until:%d-%m-%Y}" if (until := Seen.of(manifest.data).until) else "",
        taught_with=taught_with(manifest.data),
        figures=evaluation,
        names={row.label: _named(row.label, region) for row in evaluation.classes},
        rows=rows,
        unusable=unusable,
        older=older,
        untold=untold,
        few=_FEW_ROWS,
    )


def _check_same(folder: Path, measured: Manifest) -> None:
    now = read_manifest(folder).name
    if now != measured.name:
        raise ModelError(
            f"{folder} was replaced by {now} while {measured.name} was measured, whose report was not written.",
            mend="Do it again.",
        )


def _write(out: Path, page: str, figures: Mapping[str, Figure]) -> None:
    """Write the page and what it shows; a crash leaves no new plots beside an old page."""
    plotted = [out / f"{name}.svg" for name in figures]
    with replacing_together([out / PAGE, out / _STYLE, *plotted]) as (page_, style, *unfinished):
        for figure, path in zip(figures.values(), unfinished, strict=True):
            plots.save(figure, path, _CREATOR)
        shutil.copyfile(_TEMPLATES / _STYLE, style)
        page_.write_bytes(page.encode())


def _figures(evaluation: Evaluation, curves: Curves) -> dict[str, Figure]:
    return {
        "reliability": plots.say(
            plots.plot_reliability(curves.reliability),
            "Apakah “yakin 80%” benar 80%?",
            "kemungkinan yang disebut",
            "bagian yang benar",
            "persis sesuai",
            "model ini, selang 95%",
        ),
        "coverage": plots.say(
            plots.plot_coverage(curves.coverage),
            "Seberapa benar usulan yang paling yakin",
            "bagian aduan, yang paling yakin lebih dahulu (p: kemungkinan yang disebut)",
            "bagian yang benar",
        ),
        "confusion": plots.say(
            plots.plot_confusion(curves.confusion),
            "Instansi yang bertanggung jawab dan yang diusulkan (% per baris)",
            "usulan pertama",
            "yang bertanggung jawab",
        ),
        "classes": plots.say(plots.plot_classes(evaluation.classes), "F1 instansi dengan aduan terbanyak", "F1", ""),
    }


def _named(code: str, region: Region | None) -> str:
    agency: Any = region.agencies.get(code) if region else None
    return f"{agency.name} ({code})" if agency else code
