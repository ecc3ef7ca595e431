"""``disposisi prepare``, ``figures``, ``report`` and ``track``: the stages of dvc.yaml around training."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.batch import Columns
from pipeline.champion import REPORT, resolve_model
from pipeline.cli.console import print_json, tell
from pipeline.cli.options import (
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    RegionOption,
    TextColumn,
    UrgencyColumn,
)
from pipeline.errors import DataError
from training.options import HeldOutData, ModelArgument, ParamsOption, out_option, report_measured, report_rows
from training.params import load_params
from training.prepare import prepare
from training.tracking import check_installed, track


def add_commands(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("prepare")(prepare_command)
    app.command("figures")(figures_command)
    app.command("report")(report_command)
    app.command("track")(track_command)


def prepare_command(
    labelled: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Labelled complaints: files, or folders of files.")
    ],
    *,
    starter: Annotated[
        Path, typer.Option("--starter-file", metavar="FILE", help="Starter corpus, made by disposisi starter FILE.")
    ],
    out_: Annotated[Path, out_option("DIR", "Folder to write to.")],
    region: Annotated[
        str, typer.Option(metavar="REGION", help="Region whose agencies the labels name: a folder or a built-in name.")
    ] = "kab_bekasi",
    text: TextColumn = None,
    agency: AgencyColumn = None,
    urgency: UrgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    params: ParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mask, merge and split labelled complaints into a training and a held-out set.

    The newest complaints are held out.
    """
    columns = Columns(text=text, agency=agency, urgency=urgency, date=date, address=address)
    prepared = prepare(labelled, starter, region, load_params(params).prepare.hold_out, out_, columns)
    card = prepared.card
    report_rows(prepared.bad, prepared.warnings)
    if card.train and not card.since:
        tell(
            "Too few complaints have a date, or most share one: starter complaints are held out instead of "
            "the newest real ones, and metrics on them say little about real complaints.",
            "yellow",
        )
    if as_json:
        print_json(asdict(card))
        return
    held = f"since {card.since}" if card.since else "starter complaints with unseen phrasings"
    tell(
        f"Training set: {card.train:,} real and {card.starter:,} starter complaints; "
        f"held-out set: {card.hold_out:,} {held}. {card.unusable:,} rows could not be used, "
        f"{card.without_agency:,} name no agency, {card.undated:,} have no date, {card.repeated:,} are duplicates."
        + (f" {card.seen_twice:,} more left out, as the same text is held out." if card.seen_twice else "")
    )


def figures_command(
    model: ModelArgument,
    file: HeldOutData,
    out_: Annotated[Path, out_option("DIR", "Folder to write to.")],
    region: RegionOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    urgency: UrgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
) -> None:
    """Write a model's metrics and curves to files: JSON with intervals, and CSV.

    The metrics are in metrics.json; DVC reads both.
    """
    from training.figures import write_figures  # noqa: PLC0415 (see report)

    columns = Columns(text=text, agency=agency, urgency=urgency, date=date, address=address)
    evaluation = write_figures(resolve_model(model), file, out_, region, columns, report_measured)
    tell(
        f"top-1 {evaluation.top1}, top-3 {evaluation.top3}, macro-F1 {evaluation.macro_f1} "
        f"on {evaluation.rows:,} complaints: {out_}"
    )


def report_command(
    model: ModelArgument,
    file: HeldOutData,
    out_: Annotated[
        Path | None, out_option("DIR", "Folder to write to. Default: the model folder, where the desk finds it.")
    ] = None,
    region: RegionOption = None,
    tracked: Annotated[bool, typer.Option("--track", help="Add metrics and report to the model's MLflow run.")] = False,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    urgency: UrgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
) -> None:
    """Write a model's report as one HTML page: data, metrics, plots, limits."""
    from training.report import write_report  # noqa: PLC0415 (matplotlib belongs to the extra for training)

    if tracked:
        check_installed()
    folder = resolve_model(model)
    out_ = out_ or folder / REPORT
    columns = Columns(text=text, agency=agency, urgency=urgency, date=date, address=address)
    evaluation = write_report(folder, file, out_, region, columns, report_measured)
    tell(f"Report: {out_ / 'index.html'}")
    if tracked:
        track(folder, evaluation.to_dict(), out_)


def track_command(
    model: ModelArgument,
    figures: Annotated[
        Path | None, typer.Option(metavar="FILE", help="metrics.json written by disposisi figures.")
    ] = None,
    files: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of plots and reports to attach.")] = None,
) -> None:
    """Log a model to MLflow.

    The model folder is the source of truth: its run can be created again from it.
    """
    if files and not files.is_dir():  # MLflow would attach nothing, and say nothing
        raise DataError(f"{files} is not a folder.", mend="Name the folder of plots and reports: --files DIR.")
    tell(f"MLflow run {track(resolve_model(model), _read_figures(figures) if figures else None, files)}")


def _read_figures(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise DataError(f"{file} is not a metrics file.", mend="Create it: disposisi figures.")
    return read
