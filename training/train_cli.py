"""``disposisi train`` and ``starter``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.batch import Columns
from pipeline.cli.console import err, print_json, progress, tell
from pipeline.cli.options import (
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    TextColumn,
    UrgencyColumn,
    written_as,
)
from pipeline.manifest import NO_REGION
from pipeline.region import load_region
from training import tracking
from training.options import (
    LabelsRegionOption,
    ParamsOption,
    SignOption,
    SplitOption,
    out_option,
    report_lone_choices,
    report_rows,
)
from training.params import load_params
from training.signing import read_key
from training.starter import generate, write_corpus
from training.train import STEPS, Trained, TrainingJob, train


def add_commands(app: typer.Typer) -> None:
    """Add ``train`` and ``starter``."""
    app.command("train")(train_command)
    app.command("starter")(starter_command)


def train_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="Labelled complaints: CSV, Excel, JSON Lines or Parquet. Without any, the model is trained on the "
            "starter corpus alone.",
        ),
    ] = None,
    *,
    out_: Annotated[Path, out_option("MODEL", "Folder to write the model to.")],
    region: LabelsRegionOption = "kab_bekasi",
    starter: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="ROWS", help="Starter complaints to blend in. Default: starter.rows of the parameters."
        ),
    ] = None,
    starter_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read the starter corpus from this file instead of composing it."),
    ] = None,
    held_out: Annotated[
        Path | None,
        typer.Option(
            "--held-out",
            metavar="FILE",
            help="Write held-out scores (.npz) and leave calibration to disposisi calibrate.",
            callback=written_as(".npz"),
        ),
    ] = None,
    sign_with: SignOption = None,
    track: Annotated[bool, typer.Option("--track", help="Log the run and the model to MLflow.")] = False,
    split: SplitOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    urgency: UrgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    params: ParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a model on labelled complaints, blended with the starter corpus.

    The folder is written completely or not at all. Servers use the model once it is promoted.

    Examples
    --------
      disposisi train --out models/default

      disposisi train lapor-2025.xlsx --agency "Instansi Terdisposisi" --out models/2025

      disposisi train surabaya.parquet --region none --split-column split=train --out models/surabaya
    """
    job = TrainingJob(
        files=tuple(files or ()),
        region=region,
        columns=Columns(text=text, agency=agency, urgency=urgency, date=date, address=address),
        split=split,
        starter_rows=starter,
        starter_file=starter_file,
        held_out_file=held_out,
        params=load_params(params),
    )
    # Both first, so that errors are reported before minutes of training.
    if track:
        tracking.check_installed()
    sign = read_key(sign_with) if sign_with else None
    with progress() as display:
        task = display.add_task("Starting", total=STEPS)

        def report(what: str) -> None:
            display.update(task, description=what, advance=1)

        trained = train(job, out_, report, sign)
    report_rows(trained.bad, trained.warnings)
    _report_gaps(trained)
    report_lone_choices(trained.policy)
    rows = trained.manifest.data
    region_name = "" if region == NO_REGION else f" for {trained.manifest.region.name}"
    tell(
        f"Wrote model {trained.manifest.name}{region_name} to {out_}: {len(trained.manifest.agencies)} agencies, "
        f"{rows['real_rows']:,} real and {rows['starter_rows']:,} starter complaints, {trained.seconds:.0f} s."
    )
    if as_json:
        print_json(
            {
                "model": out_,
                "name": trained.manifest.name,
                "agencies": len(trained.manifest.agencies),
                "real_rows": rows["real_rows"],
                "starter_rows": rows["starter_rows"],
                "unusable_rows": len(trained.bad),
                "seconds": round(trained.seconds, 1),
            }
        )
    if track:  # last: if MLflow fails, the model is already saved and reported
        err.print(f"MLflow run {tracking.track(out_)}. {tracking.where_to_look()}")


def starter_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Parquet file to write.", callback=written_as(".parquet"))
    ],
    rows: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="ROWS", help="Number of complaints to generate. Default: starter.rows of the parameters."
        ),
    ] = None,
    region: Annotated[str, typer.Option(metavar="REGION", help="Region folder or name.")] = "kab_bekasi",
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="SEED",
            help="Random seed; the same seed gives the same rows. Default: starter.seed of the parameters.",
        ),
    ] = None,
    params: ParamsOption = None,
) -> None:
    """Generate a starter corpus: complaints composed from the problem catalogue."""
    settings = load_params(params).starter
    rows = rows or settings.rows
    corpus = generate(
        load_region(region),
        rows,
        seed=settings.seed if seed is None else seed,
        noise=settings.noise,
        priors=settings.priors,
    )
    with progress() as display:
        count = write_corpus(file, display.track(corpus, total=rows, description="Composing"))
    tell(f"Wrote {count:,} complaints to {file}.")


def _report_gaps(trained: Trained) -> None:
    """Tell what the complaints lack without being unusable: an agency, a date, or a text of their own."""
    if trained.without_agency:
        tell(f"{trained.without_agency:,} row(s) name no agency: they can only train urgency.", "yellow")
    if trained.repeated:
        tell(
            f"{trained.repeated:,} complaint(s) repeat another's text, address and agency, and each counts. "
            "If files overlap, merge them first: disposisi prepare.",
            "yellow",
        )
    data = trained.manifest.data
    if data["real_rows"] and "newest" not in data:
        tell(
            "No complaint has a date: compare cannot tell which complaints the model was trained on, and will refuse. "
            "If the files have dates, name their column: --date.",
            "yellow",
        )
    elif undated := data.get("undated_rows"):
        tell(
            f"{undated:,} complaint(s) have no date: compare cannot tell whether the model was trained on other "
            "complaints, and will refuse without --unseen.",
            "yellow",
        )
