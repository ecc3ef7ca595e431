"""``disposisi calibrate`` and ``policy``: probabilities and thresholds, from complaints that a model has not seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pipeline.artifact import load_model
from pipeline.batch import Columns
from pipeline.cli.console import err, out, report_bad_rows
from pipeline.errors import DataError
from pipeline.model import analyse
from pipeline.region import load_region
from training.calibrate import MIN_ROWS_FOR_THRESHOLDS, HeldOut, calibrated, save_again
from training.data import OTHERS, Split, read_labelled
from training.params import PolicyParams, load_params
from training.thresholds import NEVER, choose_thresholds


def add_commands(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("calibrate")(calibrate_command)
    app.command("policy")(policy_command)


def calibrate_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="What disposisi train --held-out FILE made.")],
    *,
    held_out: Annotated[
        Path, typer.Option("--held-out", metavar="FILE", help="The scores of held-out complaints from that training.")
    ],
    out_: Annotated[Path, typer.Option("--out", metavar="MODEL", help="The folder to write the calibrated model to.")],
    params: Annotated[Path | None, typer.Option(metavar="FILE", help="By default ./params.yaml.")] = None,
) -> None:
    """Fit a model's probabilities and thresholds to the scores of held-out complaints.

    disposisi train does so itself; as a step of its own it can be repeated without training again.
    """
    loaded, manifest = load_model(model)
    settings = load_params(params)
    changed = calibrated(loaded, HeldOut.read(held_out), settings)
    saved = save_again(
        out_,
        changed,
        manifest,
        {"policy": settings.policy.model_dump(), "starter": {"certainty": settings.starter.certainty}},
    )
    out.print(
        f"Model {saved.name} is in {out_}: suggests alone from {changed.policy.suggest_probability:.3f}, "
        f"offers agencies from {changed.policy.choose_probability:.3f}.",
        markup=False,
    )


def policy_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="The model's folder; it gets the new thresholds.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled complaints it was not trained on.")],
    *,
    precision: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Wanted share of right ones among agencies suggested alone.")
    ] = PolicyParams().precision,
    coverage: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="How often the right agency shall be among those to choose from.")
    ] = PolicyParams().coverage,
    split_column: Annotated[
        str | None, typer.Option("--split-column", metavar="COLUMN=VALUE", help="Take only rows with this value.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="COLUMN", help="Column of the complaint's text.")
    ] = None,
    agency: Annotated[str | None, typer.Option("--agency", metavar="COLUMN", help="Column of the agency.")] = None,
) -> None:
    """Choose from which probability on an agency is suggested alone, and which agencies are offered to choose from.

    Training chooses both from held-out folds; complaints newer than the training data judge better.

    Example:

      disposisi policy models/surabaya surabaya.parquet --split-column split=dev
    """
    loaded, manifest = load_model(model)
    region = None if manifest.region.code == "none" else load_region(manifest.region.folder)
    split = Split.parse(split_column) if split_column else None
    data = read_labelled([file], region, Columns(text=text, agency=agency), split)
    rows = [row for row in data.rows if row.agency]
    if len(rows) < MIN_ROWS_FOR_THRESHOLDS:
        raise DataError(
            f"{file.name} has {len(rows):,} usable rows with an agency; thresholds need {MIN_ROWS_FOR_THRESHOLDS:,}.",
            mend="Give more rows, or keep the thresholds that training chose.",
        )
    report_bad_rows(data.bad)
    position = {str(code): number for number, code in enumerate(loaded.agency.classes_)}
    others = position.get(OTHERS, -1)
    target = np.array([position.get(str(row.agency), others) for row in rows])
    probabilities = loaded.score([analyse(row.complaint) for row in rows]).agency
    policy = choose_thresholds(
        loaded.policy, probabilities, target, PolicyParams(precision=precision, coverage=coverage)
    )
    changed = replace(loaded, policy=policy)
    saved = save_again(model, changed, manifest, {"policy": {"precision": precision, "coverage": coverage}})
    sets = (probabilities >= policy.choose_probability).sum(axis=1).clip(1)
    if policy.suggest_probability >= NEVER:
        err.print(f"[yellow]No threshold reaches a precision of {precision:.0%}: nothing will be suggested alone.[/]")
    out.print(
        f"Model {saved.name}: suggests alone from {policy.suggest_probability:.3f} "
        f"({(probabilities.max(axis=1) >= policy.suggest_probability).mean():.1%} of {len(rows):,} complaints), "
        f"offers agencies from {policy.choose_probability:.3f} ({sets.mean():.1f} on average).",
        markup=False,
    )
