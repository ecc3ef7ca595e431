"""``disposisi calibrate`` and ``policy``: probabilities and thresholds, from complaints that a model has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pipeline.artifact import load_model
from pipeline.batch import Columns
from pipeline.champion import REPORT, resolve_model
from pipeline.cli.console import out, print_json, tell
from pipeline.cli.options import AddressColumn, AgencyColumn, DateColumn, JsonOption, RegionOption, TextColumn
from pipeline.errors import DataError
from pipeline.model import ComplaintModel, analyse
from pipeline.model.policy import Policy
from pipeline.region import Region
from pipeline.saveable import check_saveable
from pipeline.trust import SIGNATURE, Sign
from training.answers import answers_of
from training.calibrate import MIN_ROWS_FOR_THRESHOLDS, calibrated, read_scores_of, save_again
from training.data import Labelled, read_labelled
from training.evaluated_model import open_trained
from training.options import (
    ModelArgument,
    ParamsOption,
    SignOption,
    SplitOption,
    out_option,
    report_lone_choices,
    report_measured,
    report_seen,
)
from training.params import PolicyParams, load_params
from training.signing import read_key
from training.thresholds import choose_thresholds, told_thresholds
from training.training_overlap import Seen


def add_commands(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("calibrate")(calibrate_command)
    app.command("policy")(policy_command)


def calibrate_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Model made by disposisi train --held-out FILE.")],
    *,
    held_out: Annotated[
        Path, typer.Option("--held-out", metavar="FILE", help="Held-out scores from that training run.")
    ],
    out_: Annotated[Path, out_option("MODEL", "Folder to write the calibrated model to.")],
    sign_with: SignOption = None,
    params: ParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Calibrate a model's probabilities and thresholds on held-out scores.

    disposisi train already does this. As a separate step it can be repeated without retraining.
    """
    model = resolve_model(model)
    check_saveable(out_)
    sign = _signer(model, out_, sign_with)
    loaded, manifest = load_model(model)
    settings = load_params(params)
    changed = calibrated(loaded, read_scores_of(manifest, held_out), settings)
    saved = save_again(
        out_,
        changed,
        manifest,
        {"policy": settings.policy.model_dump(), "starter": {"certainty": settings.starter.certainty}},
        sign,
    )
    report_lone_choices(changed.policy)
    if as_json:
        print_json({"model": out_, "name": saved.name, **_thresholds(changed.policy)})
        return
    out.print(
        f"Wrote model {saved.name} to {out_}: suggests one agency {told_thresholds(changed.policy)}, "
        f"offers agencies from {changed.policy.choose_probability:.3f}.",
        markup=False,
    )


def policy_command(
    model: ModelArgument,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Labelled complaints that the model was not trained on.")
    ],
    *,
    out_: Annotated[
        Path | None, out_option("MODEL", "Folder to write the model to. Default: update MODEL in place.")
    ] = None,
    sign_with: SignOption = None,
    precision: Annotated[
        float,
        typer.Option(min=0.5, max=0.999, metavar="SHARE", help="Target precision of agencies suggested alone."),
    ] = PolicyParams().precision,
    coverage: Annotated[
        float,
        typer.Option(
            min=0.5, max=0.999, metavar="SHARE", help="Target rate at which the right agency is among those offered."
        ),
    ] = PolicyParams().coverage,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Confirm that the model was not trained on undated complaints.")
    ] = False,
    region: RegionOption = None,
    split: SplitOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    as_json: JsonOption = False,
) -> None:
    """Choose the probability thresholds for suggesting and offering agencies.

    Above the higher threshold an agency is suggested alone; above the lower one it is offered as a choice. Training
    chooses both on held-out folds, but complaints newer than the training data are a better test. Other complaints are
    skipped because the model may have been trained on them. To keep them, name a split; to keep undated ones, pass
    --unseen.

    Example:

      disposisi policy models/surabaya surabaya.parquet --split-column split=dev
    """
    model = resolve_model(model)
    out_ = out_ or model
    check_saveable(out_)
    sign = _signer(model, out_, sign_with)
    loaded, manifest, own_region = open_trained(model, region)
    data = read_labelled([file], own_region, Columns(text=text, agency=agency, date=date, address=address), split)
    data.check_agencies([file])
    report_measured(data)
    rows = [row for row in data.rows if row.agency]
    if split is None:  # naming a split says which rows were kept from training
        rows = _unseen(rows, Seen.of(manifest.data), unseen)
    if len(rows) < MIN_ROWS_FOR_THRESHOLDS:
        raise DataError(
            f"{file.name} has {len(rows):,} usable rows with an agency; thresholds need {MIN_ROWS_FOR_THRESHOLDS:,}.",
            mend="Add rows newer than the training data, or keep the thresholds chosen in training.",
        )
    report_seen(rows, manifest, kept_apart=unseen or split is not None)
    policy, alone, offered = _choose(loaded, rows, own_region, PolicyParams(precision=precision, coverage=coverage))
    params = {"policy": {"precision": precision, "coverage": coverage}}
    _tell_report(model, out_)
    saved = save_again(out_, replace(loaded, policy=policy), manifest, params, sign)
    if not alone:
        tell(f"No threshold reaches a precision of {precision:g}: no agency will be suggested alone.", "yellow")
    report_lone_choices(policy)
    if as_json:
        shares = {"rows": len(rows), "suggested_alone": alone, "offered_on_average": offered}
        print_json({"model": out_, "name": saved.name, **_thresholds(policy), **shares})
        return
    out.print(
        f"Model {saved.name}: suggests one agency {told_thresholds(policy)} "
        f"({alone:.1%} of {len(rows):,} complaints), "
        f"offers agencies from {policy.choose_probability:.3f} ({offered:.1f} on average).",
        markup=False,
    )


def _choose(
    model: ComplaintModel, rows: Sequence[Labelled], region: Region | None, wanted: PolicyParams
) -> tuple[Policy, float, float]:
    """Return the policy chosen on rows, their share suggested alone, and the mean number of agencies offered."""
    answers = answers_of(model, [analyse(row.complaint) for row in rows], region, by_words=True)
    codes, probabilities = answers.codes, answers.agency
    position = {code: number for number, code in enumerate(codes)}
    target = np.array([position.get(answers.class_of(str(row.agency)), -1) for row in rows])
    policy = choose_thresholds(model.policy, codes, probabilities, target, wanted)
    offered = (probabilities >= policy.choose_probability).sum(axis=1).clip(1)
    return policy, float(policy.suggests(codes, probabilities).mean()), float(offered.mean())


def _unseen(rows: Sequence[Labelled], seen: Seen, believed: bool) -> list[Labelled]:
    """Return the rows that the model was not trained on, as far as dates show, and print how many are skipped.

    A model is more confident on its training data than on new complaints, so thresholds chosen on it would be too low.
    """
    newer = [row for row in rows if not seen.is_old(row)]
    if left := len(rows) - len(newer):
        tell(
            f"Skipped {left:,} of {len(rows):,} complaints: they are no newer than the model's training data (up to "
            f"{seen.until}). If they were held out from training, name the split: --split-column.",
            "yellow",
        )
    if believed:
        return newer
    dated = [row for row in newer if not seen.is_untold(row)]
    if left := len(newer) - len(dated):
        tell(
            f"Skipped {left:,} of {len(rows):,} complaints: no date shows whether the model was trained on them. "
            "If the file has dates, name their column: --date. If you know that it was not, pass --unseen.",
            "yellow",
        )
    return dated


def _signer(model: Path, new: Path, key: Path | None) -> Sign | None:
    """Return the signer of the new model; without a key, warn if the original model was signed."""
    if key is not None:
        return read_key(key)
    if (model / SIGNATURE).exists():
        tell(
            f"{model} was signed, but the new model in {new} is not. "
            f"Sign it: disposisi signing sign {new} --key KEY, or pass --sign-with KEY to this command.",
            "yellow",
        )
    return None


def _tell_report(model: Path, new: Path) -> None:
    """Warn that the report is not copied, since it describes the old model."""
    if (model / REPORT).is_dir():
        tell(
            f"The report in {model} describes the old model and was not kept. "
            f"Write a new one: disposisi report {new} DATA"
        )


def _thresholds(policy: Policy) -> dict[str, float | dict[str, float]]:
    return {
        "suggest_probability": policy.suggest_probability,
        "own_suggest_probability": dict(policy.own_suggest_probability),
        "choose_probability": policy.choose_probability,
    }
