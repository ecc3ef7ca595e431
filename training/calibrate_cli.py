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
from pipeline.champion import REPORT, check_replaceable, resolve_model
from pipeline.cli.console import out, print_json, report_bad_rows, tell
from pipeline.cli.options import AddressColumn, AgencyColumn, DateColumn, JsonOption, RegionOption, TextColumn
from pipeline.errors import DataError
from pipeline.model import analyse
from pipeline.model.policy import Policy
from pipeline.trust import SIGNATURE, Sign
from training.answers import answers_of
from training.calibrate import MIN_ROWS_FOR_THRESHOLDS, calibrated, read_scores_of, save_again
from training.data import Labelled, read_labelled
from training.opened import open_trained
from training.options import (
    ModelArgument,
    ParamsOption,
    SignOption,
    SplitOption,
    out_option,
    report_lone_choices,
    report_seen,
)
from training.params import PolicyParams, load_params
from training.seen import Seen
from training.signing import read_key
from training.thresholds import choose_thresholds, told_thresholds


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
    out_: Annotated[Path, out_option("MODEL", "The folder to write the calibrated model to.")],
    sign_with: SignOption = None,
    params: ParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit a model's probabilities and thresholds to held-out scores.

    disposisi train does so itself; as a step of its own it can be repeated without training again.
    """
    model = resolve_model(model)
    check_replaceable(out_)
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
        f"Model {saved.name} is in {out_}: suggests alone {told_thresholds(changed.policy)}, "
        f"offers agencies from {changed.policy.choose_probability:.3f}.",
        markup=False,
    )


def policy_command(
    model: ModelArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled complaints it was not trained on.")],
    *,
    out_: Annotated[
        Path | None, out_option("MODEL", "The folder to write it to; by default its own gets the new thresholds.")
    ] = None,
    sign_with: SignOption = None,
    precision: Annotated[
        float,
        typer.Option(
            min=0.5, max=0.999, metavar="SHARE", help="Wanted share of right ones among agencies suggested alone."
        ),
    ] = PolicyParams().precision,
    coverage: Annotated[
        float,
        typer.Option(
            min=0.5, max=0.999, metavar="SHARE", help="How often the right agency shall be among those to choose from."
        ),
    ] = PolicyParams().coverage,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="You know that it was not trained on complaints whose age nothing tells.")
    ] = False,
    region: RegionOption = None,
    split: SplitOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    as_json: JsonOption = False,
) -> None:
    """Choose from which probability on agencies are suggested or offered.

    From one probability on an agency is suggested alone, from a lower one it is offered to choose from. Training
    chooses both from held-out folds; complaints newer than the training data judge better. Others are left out, as the
    model may have seen them, unless a split is named or, of those without a date, --unseen is said.

    Example:

      disposisi policy models/surabaya surabaya.parquet --split-column split=dev
    """
    model = resolve_model(model)
    out_ = out_ or model
    check_replaceable(out_)
    sign = _signer(model, out_, sign_with)
    loaded, manifest, own_region = open_trained(model, region)
    data = read_labelled([file], own_region, Columns(text=text, agency=agency, date=date, address=address), split)
    data.check_agencies([file])
    report_bad_rows(data.bad)
    rows = [row for row in data.rows if row.agency]
    if split is None:  # who names one says what was kept from training
        rows = _unseen(rows, Seen.of(manifest.data), unseen)
    if len(rows) < MIN_ROWS_FOR_THRESHOLDS:
        raise DataError(
            f"{file.name} has {len(rows):,} usable rows with an agency; thresholds need {MIN_ROWS_FOR_THRESHOLDS:,}.",
            mend="Give more rows, newer than the training's, or keep the thresholds that training chose.",
        )
    report_seen(rows, manifest, kept_apart=unseen or split is not None)
    answers = answers_of(loaded, [analyse(row.complaint) for row in rows], own_region, by_words=True)
    codes, probabilities = answers.codes, answers.agency
    position = {code: number for number, code in enumerate(codes)}
    target = np.array([position.get(answers.class_of(str(row.agency)), -1) for row in rows])
    wanted = PolicyParams(precision=precision, coverage=coverage)
    policy = choose_thresholds(loaded.policy, codes, probabilities, target, wanted)
    changed = replace(loaded, policy=policy)
    params = {"policy": {"precision": precision, "coverage": coverage}}
    _tell_report(model, out_)
    saved = save_again(out_, changed, manifest, params, sign)
    sets = (probabilities >= policy.choose_probability).sum(axis=1).clip(1)
    alone = float(policy.suggests(codes, probabilities).mean())
    if not alone:
        tell(f"No threshold reaches a precision of {precision:g}: nothing will be suggested alone.", "yellow")
    report_lone_choices(policy)
    offered = float(sets.mean())
    if as_json:
        shares = {"rows": len(rows), "suggested_alone": alone, "offered_on_average": offered}
        print_json({"model": out_, "name": saved.name, **_thresholds(policy), **shares})
        return
    out.print(
        f"Model {saved.name}: suggests alone {told_thresholds(policy)} "
        f"({alone:.1%} of {len(rows):,} complaints), "
        f"offers agencies from {policy.choose_probability:.3f} ({offered:.1f} on average).",
        markup=False,
    )


def _unseen(rows: Sequence[Labelled], seen: Seen, believed: bool) -> list[Labelled]:
    """Return the rows that the model was not trained on, as far as dates tell, and tell how many are left out.

    Of what it was trained on it is surer than of new complaints: thresholds would let almost everything through.
    """
    newer = [row for row in rows if not seen.is_old(row)]
    if left := len(rows) - len(newer):
        tell(
            f"{left:,} of {len(rows):,} complaints are left out: they are no newer than the newest that the model was "
            f"trained on ({seen.until}). If they were kept from its training, name the split: --split-column.",
            "yellow",
        )
    if believed:
        return newer
    dated = [row for row in newer if not seen.is_untold(row)]
    if left := len(newer) - len(dated):
        tell(
            f"{left:,} of {len(rows):,} complaints are left out: no date tells whether the model was trained on them. "
            "If the file has dates, name their column: --date. If you know that it was not, say --unseen.",
            "yellow",
        )
    return dated


def _signer(model: Path, new: Path, key: Path | None) -> Sign | None:
    """Return what signs the new model; without a key tell if the model that it is made of was signed."""
    if key is not None:
        return read_key(key)
    if (model / SIGNATURE).exists():
        tell(
            f"{model} was signed; what is written to {new} is another model and is not. "
            f"Sign it: disposisi signing sign {new} --key KEY, or say --sign-with KEY here.",
            "yellow",
        )
    return None


def _tell_report(model: Path, new: Path) -> None:
    """Tell that a report, which names the model that it is of, isn't taken along."""
    if (model / REPORT).is_dir():
        tell(
            f"The report in {model} is of the model before and is left out: disposisi report {new} DATA makes it anew."
        )


def _thresholds(policy: Policy) -> dict[str, float | dict[str, float]]:
    return {
        "suggest_probability": policy.suggest_probability,
        "own_suggest_probability": dict(policy.own_suggest_probability),
        "choose_probability": policy.choose_probability,
    }
