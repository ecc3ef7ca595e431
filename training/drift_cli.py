"""``disposisi drift``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.batch import Columns
from pipeline.cli.console import out, print_json
from pipeline.cli.options import (
    DEFAULT_MODEL,
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    ModelOption,
    RegionOption,
    TextColumn,
)
from pipeline.drift import MIN_COMPLAINTS, Profile
from pipeline.errors import DataError
from training.data import read_labelled
from training.drift import Week, drift_by_week, judged
from training.evaluated_model import open_trained
from training.options import report_rows

ALARMED = 8  # exit code if the week that is checked raises an alarm, so that a scheduler notices


def add_commands(app: typer.Typer) -> None:
    """Add ``drift``."""
    app.command("drift")(drift_command)


def drift_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Complaints with dates; with labels, agreement is measured too.")
    ],
    *,
    model: ModelOption = DEFAULT_MODEL,
    region: RegionOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    as_json: JsonOption = False,
) -> None:
    """Compare complaints with the training data, week by week.

    Says what to do about drift. Exits with code 8 if the newest week with at least 50 complaints raises an alarm.
    """
    loaded, manifest, own_region = open_trained(model, region)
    if "profile" not in manifest.data:
        raise DataError(f"{model} has no profile of its training data.", mend="Train it again: disposisi train.")
    columns = Columns(text=text, agency=agency, date=date, address=address)
    data = read_labelled([file], own_region, columns, label_needed=False)
    report_rows(data.bad, data.warnings, "agency, date or urgency")
    profile = Profile.from_dict(manifest.data["profile"])
    weeks = drift_by_week(loaded, profile, data.rows, own_region)
    newest = judged(weeks)
    if as_json:
        print_json([{**asdict(week), "judged": week is newest} for week in weeks])
    else:
        _show(weeks, newest)
    if newest and newest.drift.alarms:
        raise typer.Exit(ALARMED)


def _show(weeks: Sequence[Week], newest: Week | None) -> None:
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
    out.print("[dim]length, agencies: population stability index; 0.25 or more is drift, unless it is within chance[/]")
    if newest is None:
        out.print(f"No week has {MIN_COMPLAINTS} complaints, so no week was checked.")
        return
    found = newest.drift.alarms
    out.print(f"Checked: {_name(newest)}, {newest.drift.complaints:,} complaints{':' if found else ', no alarm.'}")
    for alarm in found:
        out.print(f"[bold red]{alarm.what}[/] {alarm.action}")


def _name(week: Week) -> str:
    return f"the week of {week.monday}" if week.monday else "the complaints without a date"
