"""``disposisi drift``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.artifact import load_model
from pipeline.batch import Columns
from pipeline.cli.console import DEFAULT_MODEL, ModelOption, out, report_bad_rows
from pipeline.drift import Profile
from pipeline.errors import DataError
from pipeline.region import load_region
from training.data import read_labelled
from training.drift import drift_by_week

ALARMED = 8  # the exit code when the newest week raises an alarm, so that a scheduler notices


def add_commands(app: typer.Typer) -> None:
    """Add ``drift``."""
    app.command("drift")(drift_command)


def drift_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Complaints with dates; labels tell the agreement.")],
    *,
    model: ModelOption = DEFAULT_MODEL,
    text: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of the complaint's text.")] = None,
    agency: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of the agency.")] = None,
    date: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of the date.")] = None,
) -> None:
    """Compare complaints, week by week, with those the model was trained on, and say what to do.

    Ends with exit code 8 if the newest week raises an alarm.
    """
    loaded, manifest = load_model(model)
    if "profile" not in manifest.data:
        raise DataError(f"{model} has no profile of its training.", mend="Train it again: disposisi train.")
    region = None if manifest.region.code == "none" else load_region(manifest.region.folder)
    data = read_labelled([file], region, Columns(text=text, agency=agency, date=date))
    report_bad_rows(data.bad)
    profile = Profile.from_dict(manifest.data["profile"])
    weeks = drift_by_week(loaded, profile, data.rows)
    table = Table("week of", "complaints", "length", "agencies", "unknown words", "sure", "agreed", "", box=None)
    for week in weeks:
        one = week.drift
        table.add_row(
            str(week.monday or "no date"),
            f"{one.complaints:,}",
            f"{one.length_index:.2f}",
            f"{one.agency_index:.2f}",
            f"{one.unfamiliar:.0%}",
            f"{one.confidence:.2f}",
            "–" if one.agreement is None else f"{one.agreement:.2f}",
            "[red]![/]" * len(one.alarms),
        )
    out.print(table)
    out.print("[dim]length, agencies: population stability index, from 0.25 on a change[/]")
    newest = weeks[-1].drift.alarms if weeks else ()
    for alarm in newest:
        out.print(f"[bold red]{alarm.what}[/] {alarm.action}")
    if newest:
        raise typer.Exit(ALARMED)
