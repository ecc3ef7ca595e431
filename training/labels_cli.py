"""``disposisi suspects`` and ``disposisi teach``: which labels to look at again, and which to give next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.atomic_files import first_replaced, write_csv
from pipeline.batch import Columns
from pipeline.cli.console import print_json, report_bad_rows, tell
from pipeline.cli.options import (
    DEFAULT_MODEL,
    AddressColumn,
    AgencyColumn,
    DateColumn,
    JsonOption,
    ModelOption,
    RegionOption,
    TextColumn,
    column,
)
from pipeline.errors import DataError
from pipeline.manifest import NO_REGION
from pipeline.region import Region, load_region
from pipeline.replaceable import check_replaceable
from training.active_learning import rank_to_label
from training.data import LabelledData, Split, read_labelled
from training.duplicates import text_key
from training.evaluated_model import open_trained
from training.options import LabelsRegionOption, ParamsOption, SplitOption, out_option
from training.params import load_params

OutOption = Annotated[Path, out_option("FILE", "CSV file to write.", ".csv")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("suspects")(suspects_command)
    app.command("teach")(teach_command)


def suspects_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled complaints.")],
    *,
    out_: OutOption,
    region: LabelsRegionOption = "kab_bekasi",
    split: SplitOption = None,
    text: TextColumn = None,
    agency: AgencyColumn = None,
    date: DateColumn = None,
    address: AddressColumn = None,
    params: ParamsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List labels that are probably wrong, least plausible first (cleanlab).

    The list contains no complaint text. Its columns are the id, the position among the usable rows, the row in the
    file, the given label, the likely label and how plausible the given one is. Review the complaints at the desk
    (Periksa, from data/review/suspects.csv) or in notebooks/03; a review at the desk is a decision like any other.
    """
    _keep_clear(out_, file)
    check_replaceable(out_, f",{_SUSPECTS[-1]}", "suspects")
    from training.suspects import rank_suspects  # noqa: PLC0415 (cleanlab belongs to the extra for training)

    labels_of = None if region == NO_REGION else load_region(region)
    data = _read(file, labels_of, Columns(text=text, agency=agency, date=date, address=address), split)
    ranked = rank_suspects(data.rows, load_params(params))
    rows = ((*_place(data, one.position), one.given, one.likely, f"{one.quality:.4f}") for one in ranked)
    write_csv(out_, _SUSPECTS, rows)
    doubted = sum(one.given != one.likely for one in ranked)
    if alone := sum(bool(row.agency) for row in data.rows) - len(ranked):
        tell(f"{alone:,} label(s) were not checked: each occurs on only one complaint, or on copies of it.", "yellow")
    if as_json:
        print_json({"out": out_, "labels": len(ranked), "doubted": doubted})
        return
    tell(
        f"Wrote {len(ranked):,} labels to {out_}, the least plausible first; for {doubted:,} another agency seems "
        "likelier. Review from the top."
    )


def teach_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Undecided complaints.")],
    *,
    out_: OutOption,
    model: ModelOption = DEFAULT_MODEL,
    region: RegionOption = None,
    labelled: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Complaints labelled so far, to find rare agencies.")
    ] = None,
    text: TextColumn = None,
    agency: Annotated[str | None, column("--agency", "the agency in the --labelled file")] = None,
    address: AddressColumn = None,
    as_json: JsonOption = False,
) -> None:
    """List undecided complaints, the most informative ones first.

    The desk can sort its queue by this list, from data/review/teach.csv. Duplicate texts are listed once.
    """
    _keep_clear(out_, file, labelled)
    check_replaceable(out_, f",{_TEACH[-1]}", "teach")
    loaded, _, own_region = open_trained(model, region)
    data = read_labelled([file], own_region, Columns(text=text, address=address), label_needed=False)
    report_bad_rows(data.bad)
    known = _labels_of(labelled, own_region, text, agency) if labelled else []
    ranked: dict[str, tuple[int, float]] = {}  # by text: a decision on one complaint also decides its copies
    for position, value in rank_to_label(loaded, [row.complaint for row in data.rows], known, own_region):
        ranked.setdefault(text_key(data.rows[position]), (position, value))
    rows = ((*_place(data, position), f"{value:.4f}") for position, value in ranked.values())
    write_csv(out_, _TEACH, rows)
    if as_json:
        print_json({"out": out_, "complaints": len(ranked)})
        return
    tell(f"Wrote {len(ranked):,} complaints to {out_}, the most informative ones first.")


def _keep_clear(out_: Path, *inputs: Path | None) -> None:
    """Refuse to overwrite an input: the list would not contain its texts."""
    if first_replaced([out_], filter(None, inputs)):
        raise DataError(f"The list would overwrite {out_}, which is an input.", mend="Choose another --out.")


_PLACE = ("id", "position", "row")
_SUSPECTS = (*_PLACE, "given", "likely", "believable")
_TEACH = (*_PLACE, "teaches")


def _place(data: LabelledData, position: int) -> tuple[str, int, int]:
    """Return the values that identify a complaint, in the columns ``_PLACE``."""
    return data.rows[position].complaint.id or "", position + 1, data.numbers[position]


def _labels_of(file: Path, region: Region | None, text: str | None, agency: str | None) -> list[str]:
    """Return the agencies of the labelled complaints, whose file may have other columns than the undecided ones."""
    try:
        data = _read(file, region, Columns(text=text, agency=agency))
    except DataError:
        data = _read(file, region, Columns(agency=agency))
    if data.rows or data.bad:  # before the first decision an export is empty
        data.check_agencies([file])
    return [row.agency for row in data.rows if row.agency]


def _read(file: Path, region: Region | None, columns: Columns, split: Split | None = None) -> LabelledData:
    data = read_labelled([file], region, columns, split)
    report_bad_rows(data.bad)
    return data
