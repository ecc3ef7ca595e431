"""``disposisi region …``: checking, making and comparing a region's data folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import out
from pipeline.errors import RegionError
from pipeline.region import check_region, load_region
from pipeline.region.diff import diff_regions
from pipeline.region.new import new_region

region_app = typer.Typer(help="Check and make the data folder of a region.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``region``."""
    app.add_typer(region_app, name="region")


@region_app.command()
def check(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A region's folder, or the name of a shipped one.")],
) -> None:
    """List every mistake of a region's folder, with file and line."""
    mistakes = check_region(folder)
    for mistake in mistakes:
        out.print(str(mistake), markup=False, soft_wrap=True)
    if mistakes:
        raise typer.Exit(RegionError.exit_code)
    region = load_region(folder)
    problems = list(region.problems())
    phrasings = sum(len(problem.texts) for _, problem in problems)
    out.print(
        f"{region.name} ({region.code}) is in order: {len(region.agencies)} agencies, {len(region.places)} places, "
        f"{len(problems)} problems, {phrasings:,} phrasings."
    )


@region_app.command()
def new(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Kemendagri code of the regency or city, as 35.78.")],
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="The folder to make; by default regions/CODE.")
    ] = None,
) -> None:
    """Make the folder of any regency or city: its places, the standard agencies and the national catalogue."""
    made = new_region(code, folder or Path("regions") / code)
    region = load_region(made)
    out.print(
        f"{region.name} is in {made}: {len(region.places)} places, {len(region.agencies)} agencies to name in "
        f"{made / 'agencies.csv'}. Then: disposisi region check {made}; disposisi train --region {made} --out MODEL",
        soft_wrap=True,
    )


@region_app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A region's folder or name, before.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, after.")],
    date: Annotated[str | None, typer.Option(metavar="DATE", help="The day to compare at; by default today.")] = None,
) -> None:
    """Show what moves: agencies, their problems and labels, places."""
    changes = diff_regions(load_region(old), load_region(new), _day(date))
    for change in changes:
        out.print(str(change), markup=False, soft_wrap=True)
    if not changes:
        out.print("Nothing moves.")


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(tz=dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RegionError(f"{text!r} is no date.", mend="Write it as 2027-01-01.") from None
