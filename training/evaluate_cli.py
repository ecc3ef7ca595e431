"""``disposisi evaluate``: a model's figures on complaints that it has not seen."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from pipeline.batch import Columns
from pipeline.cli.console import err, out, print_json
from pipeline.cli.options import (
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    RegionOption,
    TextColumn,
    UrgencyColumn,
)
from training.data import read_labelled
from training.evaluate import Evaluation, evaluate
from training.evaluated_model import open_trained
from training.metrics import ClassFigures, Estimate
from training.options import HeldOutData, ModelArgument, SplitOption, report_measured, report_seen
from training.slices import MixChange, Slice

SHOWN_CLASSES = 60
SHOWN_SLICES = 6


def add_commands(app: typer.Typer) -> None:
    """Add ``evaluate``."""
    app.command("evaluate")(evaluate_command)


def evaluate_command(
    model: ModelArgument,
    file: HeldOutData,
    region: RegionOption = None,
    split: SplitOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    urgency: UrgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    as_json: JsonOption = False,
) -> None:
    """Evaluate a model on labelled complaints, with confidence intervals.

    Reports top-1, top-3, macro-F1, calibration, per-class metrics and confusions. Compares slices by district, length,
    slang, capitals, address and month, and shows whether the mix of agencies drifts. Warns about complaints that, by
    their dates, the model may have been trained on. The 95 % intervals are bootstrapped over complaints; those of
    slices are Wilson and Newcombe intervals. A star marks a difference whose interval excludes 0.

    Example:

      disposisi evaluate models/surabaya surabaya.parquet --split-column split=dev
    """
    loaded, manifest, own_region = open_trained(model, region)
    columns = Columns(text=text, agency=agency, urgency=urgency, date=date, address=address)
    data = read_labelled([file], own_region, columns, split)
    data.check_agencies([file])
    with err.status(f"Evaluating {len(data.rows):,} complaints"):
        evaluation = evaluate(loaded, data.rows, own_region)
    report_measured(data)
    report_seen(data.rows, manifest, kept_apart=split is not None)
    if as_json:
        print_json(evaluation.to_dict())
    else:
        _show(evaluation, manifest.name, file)


def _show(evaluation: Evaluation, name: str, file: Path) -> None:
    out.print(f"Model {name} on {evaluation.rows:,} complaints of {file.name}\n", markup=False)
    figures = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    figures.add_row("top-1", str(evaluation.top1))
    figures.add_row("top-3", str(evaluation.top3))
    figures.add_row("macro-F1", str(evaluation.macro_f1))
    figures.add_row("calibration error", f"{evaluation.calibration_error:.3f}")
    if evaluation.urgency_rows:
        figures.add_row("urgency accuracy", f"{evaluation.urgency_accuracy}  of {evaluation.urgency_rows:,}")
        figures.add_row("urgency within one level", str(evaluation.urgency_within_one))
    out.print(figures)
    _show_classes("Agency", evaluation.classes)
    if evaluation.urgency_classes:
        _show_classes("Urgency", evaluation.urgency_classes)
    if evaluation.confused:
        pairs = Table(
            "true",
            "predicted",
            "complaints",
            box=None,
            header_style="bold",
            title="Most frequent confusions",
            title_justify="left",
        )
        for true, predicted, times in evaluation.confused:
            pairs.add_row(Text(true), Text(predicted), f"{times:,}")
        out.print()
        out.print(pairs)
    _show_slices(evaluation.slices)
    if evaluation.drift:
        _show_drift(evaluation.drift)
    for label, times in evaluation.unknown_labels.items():
        err.print(
            f"The model has no class {label!r}: {times:,} complaint(s) counted as errors.", style="yellow", markup=False
        )


def _show_classes(title: str, classes: list[ClassFigures]) -> None:
    table = Table(title, box=None, header_style="bold")
    for column in ("precision", "recall", "F1", "complaints"):
        table.add_column(column, justify="right")
    for row in classes[:SHOWN_CLASSES]:
        table.add_row(Text(row.label), f"{row.precision:.2f}", f"{row.recall:.2f}", f"{row.f1:.2f}", f"{row.support:,}")
    out.print()
    out.print(table)


def _show_slices(slices: list[Slice]) -> None:
    """Show all slices of aspects with few slices; of districts and months those that differ most."""
    table = Table("Slice", box=None, header_style="bold")
    table.add_column("complaints", justify="right")
    table.add_column("top-1", no_wrap=True)
    table.add_column("vs. all others", no_wrap=True)
    for aspect, group in groupby(slices, key=lambda each: each.aspect):
        members = list(group)
        shown = sorted(members, key=lambda each: -abs(each.gap.value))[:SHOWN_SLICES]
        for each in (each for each in members if each in shown):
            table.add_row(Text(f"{aspect}: {each.name}"), f"{each.rows:,}", str(each.top1), _signed(each.gap))
        if hidden := len(members) - len(shown):
            table.add_row(f"[dim]{aspect}: {hidden} more[/]")
    if slices:
        out.print()
        out.print(table)


def _show_drift(drift: MixChange) -> None:
    verdict = "more than chance" if drift.distance > drift.by_chance else "no more than chance"
    out.print(
        f"\nDrift of agencies, older half to newer: {drift.distance:.3f}, {verdict} (up to {drift.by_chance:.3f})",
        markup=False,
    )
    table = Table("Agency", "older", "newer", "change", box=None, header_style="bold")
    for shift in drift.shifts:
        table.add_row(Text(shift.agency), f"{shift.before:.3f}", f"{shift.after:.3f}", _signed(shift.change))
    out.print(table)


def _signed(estimate: Estimate) -> str:
    """Show a difference, with a star if its interval excludes 0."""
    star = "" if estimate.low <= 0 <= estimate.high else " *"
    return f"{estimate.value:+.2f} ({estimate.low:+.2f} to {estimate.high:+.2f}){star}"
