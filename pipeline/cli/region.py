"""``disposisi region …``: checking, creating and comparing region data folders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import out, print_json, tell
from pipeline.cli.options import JsonOption, day
from pipeline.errors import RegionError
from pipeline.region import Region, check_region, load_region
from pipeline.region.diff import diff_regions, next_change
from pipeline.region.new import new_region
from pipeline.region.sources import Mistake
from pipeline.region.succession import today

region_app = typer.Typer(help="Check, create and compare region data folders.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``region``."""
    app.add_typer(region_app, name="region")


@region_app.command()
def check(
    folder: Annotated[str, typer.Argument(metavar="REGION", help="Region folder, or the name of a built-in region.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """List every mistake in a region folder, with file and line."""
    mistakes = check_region(folder)
    if as_json:
        print_json([asdict(mistake) for mistake in mistakes])
    else:
        _tell(folder, mistakes)
    if mistakes:
        raise typer.Exit(RegionError.exit_code)


@region_app.command()
def new(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Kemendagri code of the regency or city, such as 35.78.")],
    folder: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder to create. Default: regions/CODE.")
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Create the folder of any regency or city, with its places, the standard agencies and the national catalogue."""
    made = new_region(code, folder or Path("regions") / code)
    region = load_region(made)
    if as_json:
        places, agencies = len(region.places), len(region.agencies)
        print_json({"folder": made, "code": code, "name": region.name, "places": places, "agencies": agencies})
        return
    out.print(
        f"Created {region.name} in {made}: {len(region.places)} places, {len(region.agencies)} standard agencies. "
        f"Enter what differs in {made / 'agencies.csv'}. "
        f"Next: disposisi region check {made}; disposisi train --region {made} --out MODEL",
        markup=False,
        soft_wrap=True,
    )


@region_app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Old version: a region folder or name.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="New version: a region folder or name.")],
    at: Annotated[dt.date | None, day("--at", "Date to compare at, such as 2027-01-01. Default: today.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show what changes between two versions: agencies, their problems and labels, places."""
    before, after = load_region(old), load_region(new)
    compared_at = at or today(after)
    changes = diff_regions(before, after, compared_at)
    if as_json:
        print_json([asdict(change) for change in changes])
        return
    for change in changes:
        out.print(str(change), markup=False, soft_wrap=True)
    if not changes:
        out.print("No changes.")
    if later := next_change(before, after, compared_at):
        tell(f"On {later} more changes: see it with --at {later}.")


def _tell(folder: str, mistakes: Sequence[Mistake]) -> None:
    for mistake in mistakes:
        out.print(str(mistake), markup=False, soft_wrap=True)
    if mistakes:
        return
    region = load_region(folder)
    problems = list(region.problems())
    phrasings = sum(len(problem.texts) for _, problem in problems)
    out.print(
        f"{region.name} ({region.code}) is in order: {len(region.agencies)} agencies, {len(region.places)} places, "
        f"{len(problems)} problems, {phrasings:,} phrasings.",
        markup=False,
        soft_wrap=True,
    )
    idle = [agency.code for agency in region.existing(today(region)) if not agency.urusan]
    if idle:
        out.print(
            f"{len(idle)} without urusan, so never suggested until {'it has' if len(idle) == 1 else 'they have'} "
            f"labelled complaints: {', '.join(idle)}.",
            markup=False,
            soft_wrap=True,
        )
    shared = [(name, who) for name in region.catalogue if len(who := _handling(region, name)) > 1]
    if shared:
        told = ", ".join(f"{name} ({', '.join(who)})" for name, who in shared)
        out.print(
            f"Handled by several agencies, which share the starter complaints: {told}. "
            "List standard agencies that you don't have under without in region.yaml.",
            soft_wrap=True,
        )


def _handling(region: Region, urusan: str) -> list[str]:
    """Return the codes of today's agencies that list an urusan."""
    return [agency.code for agency in region.existing(today(region)) if urusan in agency.urusan]
