"""From files to a saved model: what ``disposisi train`` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.artifact import save_model
from pipeline.batch import BadRow, Columns
from pipeline.complaint import Level
from pipeline.errors import DataError
from pipeline.manifest import NO_REGION, Manifest, RegionOfModel
from pipeline.model import Policy
from pipeline.region import Region, load_region
from pipeline.saveable import check_saveable
from pipeline.trust import Sign
from training.background import beside
from training.calibrate import HELD_OUT, HeldOut, calibrated
from training.card import model_card
from training.data import ENOUGH_REAL, OTHERS, Labelled, LabelledData, Split, join_rare, read_labelled
from training.drift import training_profile
from training.duplicates import without_repeats
from training.fit import Report, blend, fit_uncalibrated, situation_rows, situations_of, starter_rows
from training.memory import memory_kept
from training.params import Params
from training.prepare import read_starter
from training.starter.alarm_rate import as_often_urgent

STEPS = 6  # number of bad rows reported
URGENCY_REGION = "kab_bekasi"  # its catalogue teaches urgency if there are too few labels and no region


@dataclass(frozen=True)
class TrainingJob:
    """What to train on, and how.

    Attributes
    ----------
    files
        Labelled complaints; none for a model of the starter corpus alone.
    region
        Folder or name of a region, or ``none``.
    starter_rows
        Rows of the starter corpus; ``None`` for as many as the parameters say.
    starter_file
        Take the starter corpus from this file instead of composing it.
    held_out_file
        Write the scores of held-out complaints here and leave the calibration to :mod:`training.calibrate`.
    """

    files: tuple[Path, ...]
    region: str
    columns: Columns = field(default_factory=Columns)
    split: Split | None = None
    starter_rows: int | None = None
    starter_file: Path | None = None
    held_out_file: Path | None = None
    params: Params = field(default_factory=Params)


@dataclass(frozen=True)
class Trained:
    """The result of a training.

    Attributes
    ----------
    without_agency
        Rows that name no agency, whether they have an urgency or not.
    policy
        The thresholds that were chosen.
    repeated
        Complaints with the same text, address and agency as another: each counts.
    """

    manifest: Manifest
    bad: Sequence[BadRow]
    warnings: Sequence[BadRow]
    seconds: float
    without_agency: int = 0
    policy: Policy = field(default_factory=Policy)
    repeated: int = 0


def train(job: TrainingJob, folder: Path, report: Report, sign: Sign | None = None) -> Trained:
    """Read, blend, fit and save.

    Parameters
    ----------
    folder
        The model's folder; an existing model is replaced when the new one is complete.
    report
        Called with a line on each step.
    sign
        Signs the model.

    Raises
    ------
    DisposisiError
        If the data, the region or the parameters cannot be used.
    ModelError, OSError
        If no model can be saved in ``folder``; that is found before anything is read.
    """
    started = time.monotonic()
    _check_starter(job)
    check_saveable(folder)
    if job.held_out_file:
        HeldOut.check_writable(job.held_out_file)
    report("Reading region and complaints")
    region = None if job.region == NO_REGION else load_region(job.region)
    with memory_kept():
        with _starter(job, region) as starter:
            data = _read(job, region)
            report("Composing the starter corpus")
            agency_rows, urgency_rows = _rows(job, data, region, starter())
        model, held_out = fit_uncalibrated(agency_rows, urgency_rows, job.params, report)
    if not job.held_out_file:
        model = calibrated(model, held_out, job.params)
    report("Saving")
    facts: dict[str, Any] = {
        "real_rows": sum(bool(row.agency) for row in data.rows),
        **counted_by_origin(agency_rows, urgency_rows),
        "sha256": data.fingerprint,
        "undated_rows": sum(row.created_at is None for row in data.rows),
        "unusable_rows": len(data.bad),
        "doubted_rows": int(held_out.doubted.sum()),
        HELD_OUT: held_out.sha256,
    }
    if dates := [row.created_at for row in data.rows if row.created_at]:
        facts["newest"] = max(dates).date().isoformat()
    facts["profile"] = training_profile(model, agency_rows, held_out.figures.get("top1", 0.0)).to_dict()
    params = job.params.model_dump(mode="json")  # as read back from the manifest
    described = RegionOfModel(
        code=region.code if region else NO_REGION, name=region.name if region else NO_REGION, folder=job.region
    )
    metrics = {"agency": held_out.figures, "urgency": model.urgency.held_out_}
    manifest = save_model(
        folder,
        model,
        region=described,
        data=facts,
        params=params,
        metrics=metrics,
        card=model_card(model, described, facts, params, metrics),
        sign=sign,
    )
    if job.held_out_file:
        held_out.write(job.held_out_file)
    without = sum(not row.agency for row in data.rows)
    repeated = len(data.rows) - len(without_repeats(data.rows))
    return Trained(manifest, data.bad, data.warnings, time.monotonic() - started, without, model.policy, repeated)


def counted_by_origin(agency_rows: Sequence[Labelled], urgency_rows: Sequence[Labelled]) -> dict[str, int]:
    """Count the training rows for agencies and urgency that are not real complaints: composed and written ones.

    A message that several agencies are trained on counts once.
    """

    def written(rows: Sequence[Labelled]) -> int:
        return len({row.group for row in rows if row.group and not row.problem})

    def starter(rows: Sequence[Labelled]) -> int:
        return sum(bool(row.group and row.problem) for row in rows)

    return {
        "starter_rows": starter(agency_rows),
        "written_rows": written(agency_rows),
        "urgency_real_rows": sum(row.group is None for row in urgency_rows),
        "urgency_starter_rows": starter(urgency_rows),
        "urgency_written_rows": written(urgency_rows),
    }


def _check_starter(job: TrainingJob) -> None:
    """Refuse options for the starter corpus that would have no effect."""
    if job.starter_file and job.starter_rows is not None:
        raise DataError(
            "--starter sets how many rows to compose, but --starter-file uses existing ones.",
            mend="Use only one of them.",
        )
    if job.region == NO_REGION and (job.starter_file or job.starter_rows):
        raise DataError(
            "Without a region there are no starter complaints: their agencies belong to a region.",
            mend="Omit --starter and --starter-file, or set --region.",
        )


def _read(job: TrainingJob, region: Region | None) -> LabelledData:
    """Read the labelled complaints.

    Raises
    ------
    DataError
        If nothing can be learnt from them.
    """
    data = read_labelled(job.files, region, job.columns, job.split)
    if job.files and not job.starter_file:
        data.check_agencies(job.files)
    if region is None and not job.files:
        raise DataError(
            "Without files there is nothing to train on.", mend="Give FILE, or a --region with a catalogue."
        )
    return data


def _starter(job: TrainingJob, region: Region | None) -> AbstractContextManager[Callable[[], list[Labelled] | None]]:
    """Start composing the region's starter corpus, and return a function that waits for it.

    That returns ``None`` if no corpus is wanted. Composing takes as long as reading a city's complaints, so both are
    done at the same time.
    """
    settings = job.params.starter
    count = settings.rows if job.starter_rows is None else job.starter_rows
    if region is None or count == 0:
        return nullcontext(lambda: None)
    if job.starter_file:
        return nullcontext(partial(read_starter, job.starter_file))
    compose = partial(starter_rows, region, settings, count)
    return beside(compose) if job.files else nullcontext(compose)


def _rows(
    job: TrainingJob, data: LabelledData, region: Region | None, starter: list[Labelled] | None
) -> tuple[Sequence[Labelled], Sequence[Labelled]]:
    """Return the rows for agency and the rows for urgency."""
    settings = job.params.starter
    rows = data.rows if region else _common(data, job.params.min_rows)
    judged = [row for row in rows if row.urgency]
    if starter is None and len(judged) >= ENOUGH_REAL and {row.urgency for row in judged} == set(Level):
        return rows, judged
    # Trained on few levels, or without emergencies, a model would never call anything an emergency.
    taught_by = region or load_region(URGENCY_REGION)
    composed = starter_rows(taught_by, settings) if starter is None else starter
    urgent = as_often_urgent(composed, taught_by.alarm_shares)
    situations = situation_rows(job.params.urgency.situation_weight)
    if starter is None:
        return rows, [*judged, *urgent, *situations]
    # Dispatchers rarely note urgency: an agency's starter rows keep their weight until its real rows have levels, too.
    told = [*starter, *situations_of(taught_by, settings.situation_weight)]
    return blend(rows, told, settings), [*blend(judged, urgent, settings), *situations]


def _common(data: LabelledData, min_rows: int) -> list[Labelled]:
    """Return the rows, with rare labels merged into one class.

    Raises
    ------
    DataError
        If all labels are rare.
    """
    rows = join_rare(data.rows, data.label_counts, min_rows)
    if {row.agency for row in rows if row.agency} == {OTHERS}:
        raise DataError(
            f"No agency has {min_rows} rows (min_rows in params.yaml): the only class would be {OTHERS}.",
            mend="Add more rows, or lower min_rows.",
        )
    return rows
