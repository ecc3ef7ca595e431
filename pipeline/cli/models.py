"""``disposisi models``: the list of models."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pipeline.artifact import list_models
from pipeline.champion import Standing, read_standing
from pipeline.cli.console import out, print_json
from pipeline.cli.options import JsonOption
from pipeline.errors import ModelError, ModelNotFoundError
from pipeline.manifest import read_manifest

_UNBOUNDED = 10_000  # characters


def add_commands(app: typer.Typer) -> None:
    """Add ``models``."""
    app.command()(models)


def models(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that contains the model folders.")] = Path(
        "models"
    ),
    *,
    as_json: JsonOption = False,
) -> None:
    """List trained models with region, data and metrics."""
    found = list_models(folder)
    if not found:
        raise ModelNotFoundError(f"There are no models in {folder}.", mend="Train one: disposisi train --out MODEL.")
    standing = read_standing(folder)
    listed = [_facts(path) | {"role": _role(path, standing)} for path in found]
    if as_json:
        print_json(listed)
    else:
        _show(listed)


def _role(path: Path, standing: Standing | None) -> Literal["champion", "challenger"] | None:
    """Return a model's role when the folder is served: champion, challenger or none."""
    if standing is None:
        return None
    return "champion" if path.name == standing.champion else "challenger" if path.name == standing.challenger else None


def _facts(path: Path) -> dict[str, Any]:
    """Return a model's facts for the list; for an unusable model the reason."""
    try:
        manifest = read_manifest(path)
    except ModelError as error:
        return {"folder": str(path), "error": error.what}
    held_out = manifest.metrics.get("agency", {})
    return {
        "folder": str(path),
        "name": manifest.name,
        "region": manifest.region.name,
        "agencies": len(manifest.agencies),
        "real_rows": manifest.data.get("real_rows", 0),
        "starter_rows": manifest.data.get("starter_rows", 0),
        "top1": held_out.get("top1"),
        "top3": held_out.get("top3"),
    }


def _show(listed: list[dict[str, Any]]) -> None:
    table = Table(box=None, header_style="bold")
    table.add_column("model", no_wrap=True)  # people copy folder and name
    table.add_column("region", min_width=len("Kabupaten"))
    table.add_column("agencies", no_wrap=True)
    table.add_column("rows")
    table.add_column("top-1", no_wrap=True)
    table.add_column("top-3", no_wrap=True)
    for one in listed:
        if "error" in one:
            table.add_row(Text(one["folder"]), Text(one["error"], "red"))
            continue
        figures = ["–" if one[name] is None else f"{one[name]:.3f}" for name in ("top1", "top3")]
        rows = f"{one['real_rows']:,} + {one['starter_rows']:,}"
        table.add_row(_named(one), Text(one["region"]), str(one["agencies"]), rows, *figures)
    needed = Measurement.get(out, out.options.update(max_width=_UNBOUNDED), table).minimum
    if needed > out.width:
        table.width = needed  # else rich would shorten the folders
    out.print(table, crop=False)
    out.print("[dim]rows: real + starter; top-1, top-3: held out in training, real complaints only if there are 200[/]")


def _named(one: dict[str, Any]) -> Text:
    """Return a model's folder, and below it its name, unless the folder is called so, and its role."""
    folder = Text(one["folder"])
    below = [Text(one["name"])] if Path(one["folder"]).name != one["name"] else []
    if one["role"]:
        below.append(Text(one["role"], "bold"))
    return Text("\n").join([folder, Text(" ").join(below)]) if below else folder
