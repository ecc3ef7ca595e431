"""``disposisi compare``, ``promote``, ``rollback`` and ``challenge``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.artifact import load_model
from pipeline.atomic_files import check_writable
from pipeline.batch import Columns
from pipeline.champion import Standing, resolve_model
from pipeline.cli.console import err, out, print_json, tell, writable
from pipeline.cli.options import (
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    RegionOption,
    TextColumn,
    UrgencyColumn,
    day,
)
from pipeline.errors import DataError, ModelRegionError
from training.compare import Contender, compare
from training.comparison import Alone, Comparison, Group, MeanWeek, Paired, save_comparison, to_dict
from training.data import read_labelled
from training.duplicates import without_repeats
from training.evaluated_model import open_trained
from training.options import ParamsOption, SplitOption, report_measured
from training.params import load_params
from training.registry import challenge, comparison_file, promote, rollback
from training.tracking import point_aliases
from training.training_overlap import Seen, hold_out

ModelsOption = Annotated[Path, typer.Option("--models", metavar="DIR", help="Folder of models.")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="WHY", help="Reason, recorded in the history.")]
_MODELS = Path("models")
SHOWN_GROUPS = 12


def add_commands(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("compare")(compare_command)
    app.command("promote")(promote_command)
    app.command("rollback")(rollback_command)
    app.command("challenge")(challenge_command)


def compare_command(
    champion: Annotated[
        Path, typer.Argument(metavar="CHAMPION", help='Current champion: a model folder, or "models".')
    ],
    challenger: Annotated[Path, typer.Argument(metavar="CHALLENGER", help="Model that might replace it.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled complaints newer than both training sets.")],
    *,
    models: ModelsOption = _MODELS,
    since: Annotated[
        dt.date | None,
        day("--since", "Use complaints from this day on. Default: those newer than both training sets."),
    ] = None,
    unseen: Annotated[
        bool,
        typer.Option("--unseen", help="Confirm that neither model was trained on undated complaints."),
    ] = False,
    region: RegionOption = None,
    split: SplitOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    urgency: UrgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    params: ParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two models on newer complaints and decide which one should answer.

    The verdict follows the rules under "gate" in params.yaml; disposisi promote relies on it.

    Examples
    --------
      disposisi compare models models/new lapor-2026-06.xlsx

      disposisi compare models/default models/new data.parquet --split-column split=dev
    """
    settings = load_params(params)
    old, old_manifest = load_model(resolve_model(champion))
    new, new_manifest, own_region = open_trained(challenger, region)
    if old_manifest.region.code != new_manifest.region.code:
        raise ModelRegionError(
            f"{champion} was trained for {old_manifest.region.name}, {challenger} for {new_manifest.region.name}.",
            mend="Compare models of the same region.",
        )
    both = (old, old_manifest), (new, new_manifest)
    kept_in = comparison_file(models, old_manifest.name, new_manifest.name)
    check_writable(kept_in)
    columns = Columns(text=text, agency=agency, urgency=urgency, date=date, address=address)
    data = read_labelled([file], own_region, columns, split)
    data.check_agencies([file])
    contenders = [Contender(each.name, model, Seen.of(each.data)) for model, each in both]
    # Naming a split says which rows were kept from training.
    seen = () if split else tuple(contender.seen for contender in contenders)
    report_measured(data)
    unlike = without_repeats(data.rows)
    if repeated := len(data.rows) - len(unlike):
        tell(f"{repeated:,} row(s) repeat another's text, address and agency: each complaint counts once.", "yellow")
    rows = hold_out(unlike, *seen, since=since, believed=unseen or split is not None)
    if left := len(unlike) - len(rows):
        tell(
            f"Skipped {left:,} of {len(unlike):,} complaints: they are undated, or not newer than both training sets.",
            "yellow",
        )
    with err.status(f"Comparing on {len(rows):,} complaints"):
        found = compare(contenders[0], contenders[1], rows, settings.gate, own_region)
        found = replace(found, data=writable(file.name), sha256=data.fingerprint)
    save_comparison(kept_in, found)
    if found.champion == found.challenger:
        tell(f"Both are model {found.champion}: there is nothing to compare.", "yellow")
    if as_json:
        print_json(to_dict(found))
    else:
        _show(found)


def promote_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model to promote.")],
    *,
    models: ModelsOption = _MODELS,
    force: Annotated[
        bool, typer.Option("--force", help="Promote even if the model lost or was not compared; needs --reason.")
    ] = False,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make a model the champion; refuse one that lost the comparison.

    Servers that serve this folder of models switch to it within seconds. The previous champion is kept for rollback.
    """
    standing = promote(resolve_model(model), models, force=force, reason=reason)
    before = f", replacing {standing.previous[-1]}" if standing.previous else ""
    line = f"The champion in {escape(str(models))} is now [bold]{standing.champion}[/]{before}."
    _tell_change(standing, line, as_json=as_json)


def rollback_command(
    *,
    models: ModelsOption = _MODELS,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Roll back to the previous champion."""
    standing = rollback(models, reason)
    line = f"The champion in {escape(str(models))} is again [bold]{standing.champion}[/]."
    _tell_change(standing, line, as_json=as_json)


def challenge_command(
    model: Annotated[
        Path | None, typer.Argument(metavar="MODEL", help="Model to run in shadow mode; omit it to stop.")
    ] = None,
    *,
    models: ModelsOption = _MODELS,
    as_json: JsonOption = False,
) -> None:
    """Run a model in shadow mode: its answers are counted, never shown.

    Servers that serve this folder of models also ask it, and count where it disagrees with the champion.
    """
    standing = challenge(resolve_model(model) if model else None, models)
    shadowed = f"Shadowing {standing.champion}: [bold]{standing.challenger}[/]."
    line = shadowed if standing.challenger else f"No model shadows {standing.champion}."
    _tell_change(standing, line, as_json=as_json)


def _tell_change(standing: Standing, line: str, *, as_json: bool) -> None:
    """Update MLflow's aliases, and print the new standing: as JSON, or the line that says what changed."""
    try:
        point_aliases(standing)
    except DataError as error:
        # Servers follow champion.json, which is valid without them.
        tell(f"MLflow aliases were not updated and stay as they are until the next change: {error.english}", "yellow")
    if as_json:
        print_json(standing.model_dump(mode="json"))
    else:
        out.print(line)


def _show(found: Comparison) -> None:
    when = f", {found.since} to {found.until}" if found.since else ", without dates"
    out.print(f"{found.champion} (champion) and {found.challenger} (challenger)", markup=False)
    unseen = "that neither was trained on" if found.proved else "declared unseen"
    out.print(f"on {found.rows:,} complaints {unseen}{when}\n", markup=False)
    out.print(_figures(found))
    for title, groups in (("Agencies that differ most", found.agencies), ("Slices that differ most", found.slices)):
        out.print()
        out.print(_differing(title, groups))
    out.print(f"\n{'Average week' if found.since else 'Total'}: {_told(found.week)}\n", markup=False)
    for finding in found.verdict.findings:
        out.print(Text("✓ " if finding.passed else "✗ ", "green" if finding.passed else "bold red") + finding.text)
    if found.champion == found.challenger:
        return
    if found.verdict.passed:
        out.print("\n[bold green]The challenger may replace the champion:[/] disposisi promote MODEL")
    else:
        out.print("\n[bold red]Keep the champion.[/]")


def _figures(found: Comparison) -> Table:
    table = _table("", "champion", "challenger", "change (95 %)", "won", "lost", "p")
    _row(table, "top-1", found.top1)
    _row(table, "top-3", found.top3)
    if found.urgent:
        _row(table, "urgent recall", found.urgent)
    if found.urgency_cost:
        _row(table, "urgency cost", found.urgency_cost)
    if found.alone:
        _alone_rows(table, found.alone)
    table.add_row("calibration error", *(f"{value:.3f}" for value in found.calibration), "", "", "", "")
    table.add_row("µs per complaint", *(f"{cost.microseconds:.0f}" for cost in found.cost), "", "", "", "")
    table.add_row("weights, MB", *(f"{cost.megabytes:.0f}" for cost in found.cost), "", "", "", "")
    return table


def _differing(title: str, groups: Sequence[Group]) -> Table:
    """Return the groups on which one model is much better than the other."""
    table = _table(title, "complaints", "champion", "challenger", "won", "lost", "p")
    for group in sorted(groups, key=lambda group: -abs(group.top1.won - group.top1.lost))[:SHOWN_GROUPS]:
        one = group.top1
        shares = f"{one.champion:.2f}", f"{one.challenger:.2f}"
        table.add_row(Text(group.name), f"{one.rows:,}", *shares, str(one.won), str(one.lost), one.told_p)
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(first, box=None, header_style="bold")
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def _told(week: MeanWeek) -> str:
    (first, new_first), (three, new_three), (search, new_search) = week.first, week.among_three, week.search
    return (
        f"{week.complaints:.0f} complaints. First suggestion right: {first:.0f} → {new_first:.0f}; second or third: "
        f"{three:.0f} → {new_three:.0f}; none of the three: {search:.0f} → {new_search:.0f}. "
        f"{week.different:.0f} first suggestions differ."
    )


def _alone_rows(table: Table, alone: Alone) -> None:
    table.add_row("suggested alone", *(f"{share:.3f}" for share in alone.share), "", "", "", "")
    table.add_row("precision alone", *(f"{share:.3f}" for share in alone.precision), alone.change.signed, "", "", "")


def _row(table: Table, name: str, one: Paired) -> None:
    figures = f"{one.champion:.3f}", f"{one.challenger:.3f}", one.change.signed
    table.add_row(name, *figures, f"{one.won:,}", f"{one.lost:,}", one.told_p)
