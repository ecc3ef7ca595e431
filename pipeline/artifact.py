"""A trained model as one folder: written whole or not at all, verified before anything is opened.

::

    models/default/
      manifest.json             versions, region, data fingerprint, parameters, metrics, sha256 of each file
      scorer.json, *.npy, …     what answers: plain arrays, mapped (pipeline/model/saved.py)
      model.joblib              the estimators, less the agencies' weights: only opened to train, measure and compare
      README.md                 the model card
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ModelError, ModelNotFoundError, ModelSchemaError, TamperedModelError

if TYPE_CHECKING:
    from pipeline.model import ComplaintModel, Scorer

SCHEMA_VERSION: Final = 4  # raised when a model of an earlier version can no longer be read
MANIFEST: Final = "manifest.json"
_MODEL = "model.joblib"
_CARD = "README.md"
_RETRAIN = "Train it again: disposisi train."
_RESTORE = "Restore the folder from where it was made, or train it again: disposisi train."


class FileDigest(BaseModel):
    """What a file must be to be opened."""

    sha256: str
    bytes: int


class RegionOfModel(BaseModel):
    """The region that a model was trained for."""

    code: str
    name: str
    folder: str


class Manifest(BaseModel):
    """``manifest.json``."""

    model_config = ConfigDict(extra="ignore")

    schema_version: int
    name: str
    created_at: dt.datetime
    versions: dict[str, str]
    region: RegionOfModel
    agencies: list[str]
    data: dict[str, Any]
    params: dict[str, Any]
    metrics: dict[str, Any]
    files: Annotated[dict[str, FileDigest], Field(min_length=1)]


def save_model(
    folder: Path,
    model: ComplaintModel,
    *,
    region: RegionOfModel,
    data: dict[str, Any],
    params: dict[str, Any],
    metrics: dict[str, Any],
    card: str,
) -> Manifest:
    """Write a model's folder, replacing one that is there; a crash leaves the old one or none, never half a one.

    Parameters
    ----------
    folder
        Where to; its parents are made.
    data
        Fingerprint and size of the training data; no text.
    card
        The model card, Markdown.
    """
    from pipeline.model.saved import scorer_files  # noqa: PLC0415 (reading a manifest needs none of it)

    content = {_MODEL: _pickled(model), _CARD: card.encode(), **scorer_files(model.scorer)}
    now = dt.datetime.now(dt.UTC)
    digest = hashlib.sha256(b"".join(content.values())).hexdigest()
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        name=f"{now:%Y%m%d}-{digest[:8]}",
        created_at=now,
        versions={"disposisi": version("disposisi"), "scikit-learn": version("scikit-learn")},
        region=region,
        agencies=[str(code) for code in model.agency.classes_],
        data=data,
        params=params,
        metrics=metrics,
        files={name: FileDigest(sha256=hashlib.sha256(b).hexdigest(), bytes=len(b)) for name, b in content.items()},
    )
    content[MANIFEST] = manifest.model_dump_json(indent=2).encode()
    _write_folder(folder, content)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a model's folder.

    Raises
    ------
    ModelNotFoundError
        If there is no model in ``folder``.
    ModelSchemaError
        If it was written by a newer version of Disposisi.
    TamperedModelError
        If it isn't a manifest.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        schema = int(content["schema_version"])
    except FileNotFoundError:
        raise ModelNotFoundError(
            f"There is no model in {folder}.", mend="Train one: disposisi train FILE --out MODEL, or make run."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TamperedModelError(f"{path} is no manifest of a model ({type(error).__name__}).", mend=_RESTORE) from None
    if schema > SCHEMA_VERSION:
        raise ModelSchemaError(
            f"{path} has schema version {schema}; this Disposisi reads up to {SCHEMA_VERSION}.",
            mend="Update Disposisi, or train the model with this version: disposisi train.",
        )
    if schema < SCHEMA_VERSION:
        raise ModelSchemaError(
            f"{path} has schema version {schema}, from an earlier Disposisi; this one reads {SCHEMA_VERSION}.",
            mend=_RETRAIN,
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(map(str, detail["loc"]))
        raise TamperedModelError(f"{path} is broken at {where}: {detail['msg']}.", mend=_RESTORE) from None


def load_scorer(folder: Path) -> tuple[Scorer, Manifest]:
    """Verify a model's folder and map what answers; neither scikit-learn nor a pickle is needed for it.

    Raises
    ------
    ModelError
        See :func:`read_manifest`; also if a file is missing or changed.
    """
    from pipeline.model.saved import FACTS, open_scorer  # noqa: PLC0415

    manifest = read_manifest(folder)
    for name, digest in manifest.files.items():
        _verify(folder / name, digest)
    if FACTS not in manifest.files:
        raise TamperedModelError(f"{folder / MANIFEST} names no {FACTS}.", mend=_RESTORE)
    return open_scorer(folder), manifest


def load_model(folder: Path) -> tuple[ComplaintModel, Manifest]:
    """Verify a model's folder and load the estimators; the pickle is opened only if it is the one that was saved.

    Raises
    ------
    ModelError
        See :func:`load_scorer`; also if it is of another scikit-learn.
    """
    import joblib  # noqa: PLC0415 (it and scikit-learn, which it unpickles, take seconds)

    from pipeline.model import ComplaintModel  # noqa: PLC0415

    scorer, manifest = load_scorer(folder)
    if _MODEL not in manifest.files:
        raise TamperedModelError(f"{folder / MANIFEST} names no {_MODEL}.", mend=_RESTORE)
    trained_with, here = manifest.versions.get("scikit-learn", "?"), version("scikit-learn")
    if trained_with.split(".")[:2] != here.split(".")[:2]:
        raise ModelSchemaError(f"{folder} was trained with scikit-learn {trained_with}; here is {here}.", mend=_RETRAIN)
    model = joblib.load(io.BytesIO(_verify(folder / _MODEL, manifest.files[_MODEL])))
    if not isinstance(model, ComplaintModel):
        raise ModelError(f"{folder / _MODEL} holds a {type(model).__name__}, no model.", mend=_RETRAIN)
    model.agency.coef_ = scorer.weights.coef.astype(np.float32).T
    return model, manifest


def list_models(folder: Path) -> list[Path]:
    """Return the folders under ``folder`` that hold a manifest, by name."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def _pickled(model: ComplaintModel) -> bytes:
    """Return the estimators without the agencies' weights, which are most of them and stand in the scorer's files."""
    import joblib  # noqa: PLC0415

    agency = copy.copy(model.agency)
    del agency.coef_
    buffer = io.BytesIO()
    joblib.dump(dataclasses.replace(model, agency=agency), buffer, compress=("zlib", 1))
    return buffer.getvalue()


def _verify(path: Path, digest: FileDigest) -> bytes:
    """Return what is in a file; it is the one that was saved."""
    try:
        content = path.read_bytes()
    except OSError:
        raise TamperedModelError(f"{path} is missing.", mend=_RESTORE) from None
    if len(content) != digest.bytes:
        raise TamperedModelError(f"{path} has {len(content):,} of {digest.bytes:,} bytes.", mend=_RESTORE)
    if hashlib.sha256(content).hexdigest() != digest.sha256:
        raise TamperedModelError(f"{path} isn't the file that was saved (its sha256 differs).", mend=_RESTORE)
    return content


def _write_folder(folder: Path, content: dict[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in content.items():
            with (new / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        new.chmod(0o755)
        if folder.exists():
            old = new.with_name(f"{new.name}.old")
            folder.rename(old)
            new.rename(folder)
            shutil.rmtree(old)
        else:
            new.rename(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
