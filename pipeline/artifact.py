"""A trained model as one folder: written whole or not at all, verified before anything is opened.

::

    models/default/
      manifest.json    versions, region, data fingerprint, parameters, metrics, sha256 of each file
      model.joblib     the estimators
      README.md        the model card
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

import joblib
import sklearn
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ModelError, ModelNotFoundError, ModelSchemaError, TamperedModelError
from pipeline.model import ComplaintModel

SCHEMA_VERSION: Final = 3  # raised when a model of an earlier version can no longer be read
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
    content = {_MODEL: _pickled(model), _CARD: card.encode()}
    now = dt.datetime.now(dt.UTC)
    digest = hashlib.sha256(content[_MODEL]).hexdigest()
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        name=f"{now:%Y%m%d}-{digest[:8]}",
        created_at=now,
        versions={"disposisi": version("disposisi"), "scikit-learn": sklearn.__version__},
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


def load_model(folder: Path) -> tuple[ComplaintModel, Manifest]:
    """Verify a model's folder and load it; the pickle is opened only if it is the one that was saved.

    Raises
    ------
    ModelError
        See :func:`read_manifest`; also if a file is missing, changed, or of another scikit-learn.
    """
    manifest = read_manifest(folder)
    content = {name: _verified(folder / name, digest) for name, digest in manifest.files.items()}
    if _MODEL not in content:
        raise TamperedModelError(f"{folder / MANIFEST} names no {_MODEL}.", mend=_RESTORE)
    trained_with = manifest.versions.get("scikit-learn", "?")
    if trained_with.split(".")[:2] != sklearn.__version__.split(".")[:2]:
        raise ModelSchemaError(
            f"{folder} was trained with scikit-learn {trained_with}; here is {sklearn.__version__}.", mend=_RETRAIN
        )
    model = joblib.load(io.BytesIO(content[_MODEL]))
    if not isinstance(model, ComplaintModel):
        raise ModelError(f"{folder / _MODEL} holds a {type(model).__name__}, no model.", mend=_RETRAIN)
    return model, manifest


def list_models(folder: Path) -> list[Path]:
    """Return the folders under ``folder`` that hold a manifest, by name."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def _pickled(model: ComplaintModel) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=("zlib", 1))
    return buffer.getvalue()


def _verified(path: Path, digest: FileDigest) -> bytes:
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
