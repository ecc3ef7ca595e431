"""A trained model as one folder: written whole or not at all, verified before anything is opened.

::

    models/default/
      manifest.json             versions, region, data fingerprint, parameters, metrics, sha256 of each file
      manifest.sig              who made it, where models are signed (pipeline/trust.py)
      scorer.json, *.npy, …     what answers: plain arrays, mapped (pipeline/model/saved.py)
      model.joblib              the estimators, less the agencies' weights: only opened to train, measure and compare
      README.md                 the model card
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import hashlib
import pickle
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.atomic_files import write_whole
from pipeline.atomic_folders import replacing_folder
from pipeline.champion import changing
from pipeline.errors import ModelError, ModelSchemaError, TamperedModelError
from pipeline.manifest import (
    MANIFEST,
    RESTORE,
    RETRAIN,
    SCHEMA_VERSION,
    FileDigest,
    Manifest,
    RegionOfModel,
    manifest_bytes,
    parsed_manifest,
    read_manifest,
    unreadable,
)
from pipeline.saveable import check_may_go, disk_may_fill
from pipeline.trust import SIGNATURE, Sign, TrustList

if TYPE_CHECKING:
    from pipeline.model import ComplaintModel, Scorer

_MODEL = "model.joblib"
_CARD = "README.md"


def save_model(
    folder: Path,
    model: ComplaintModel,
    *,
    region: RegionOfModel,
    data: dict[str, Any],
    params: dict[str, Any],
    metrics: dict[str, Any],
    card: str,
    sign: Sign | None = None,
) -> Manifest:
    """Write a model's folder, replacing one that is there; a crash leaves the old one or none, never half a one.

    Nothing but a model is replaced: see :func:`pipeline.saveable.check_saveable`. Of two that are saved at once, the
    second waits, and replaces the first.

    Parameters
    ----------
    folder
        Where to; its parents are made.
    data
        Fingerprint and size of the training data; no text.
    card
        The model card, Markdown.
    sign
        Signs the manifest.

    Raises
    ------
    ModelError
        If something else is there, or the disk is full; what was there is unchanged.
    OSError
        If it cannot be written; likewise.
    """
    from pipeline.model.saved import scorer_files  # noqa: PLC0415 (reading a manifest needs none of it)
    from pipeline.region.national import clock_of  # noqa: PLC0415

    content = {_MODEL: _pickled(model), _CARD: card.encode(), **scorer_files(model.scorer)}
    now = dt.datetime.now(dt.UTC)
    digest = hashlib.sha256(b"".join(content.values())).hexdigest()
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        name=f"{now.astimezone(clock_of(region.code)):%Y%m%d}-{digest[:8]}",
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
    if sign is not None:
        content[SIGNATURE] = sign(content[MANIFEST])
    models = folder.resolve().parent
    with disk_may_fill(folder, sum(map(len, content.values()))):
        models.mkdir(parents=True, exist_ok=True)
        with changing(models):  # it may have been made champion since the training began
            check_may_go(folder)
            with replacing_folder(folder) as new:
                for name, written in content.items():
                    (new / name).write_bytes(written)
    return manifest


def sign_model(folder: Path, sign: Sign) -> Manifest:
    """Write the signature of a model whose files are those of its manifest, replacing one that is there in one step.

    A model that is saved in the same folder meanwhile waits, and comes without this signature.

    Raises
    ------
    ModelError
        See :func:`load_scorer`; it does not matter who signed it before.
    """
    with changing(folder.resolve().parent):
        content = manifest_bytes(folder)
        manifest = parsed_manifest(folder, content)
        _verify_all(folder, manifest)
        write_whole(folder / SIGNATURE, sign(content))
    return manifest


def who_signed(folder: Path, trusted: TrustList) -> tuple[str, Manifest]:
    """Return the name of the key that signed a model's folder, and the manifest; its files are unchanged since.

    Raises
    ------
    ModelError
        See :func:`load_scorer`.
    """
    content = manifest_bytes(folder)
    signer = trusted.signer(folder / MANIFEST, content)
    manifest = parsed_manifest(folder, content)
    _verify_all(folder, manifest)
    return signer, manifest


def load_scorer(folder: Path) -> tuple[Scorer, Manifest]:
    """Verify a model's folder and map what answers; neither scikit-learn nor a pickle is needed for it.

    Raises
    ------
    ModelError
        See :func:`read_manifest`; also if a file is missing or changed.
    """
    from pipeline.model.saved import FACTS, open_scorer  # noqa: PLC0415

    manifest = read_manifest(folder)
    _verify_all(folder, manifest)
    if FACTS not in manifest.files:
        raise TamperedModelError(f"{folder / MANIFEST} does not list {FACTS}.", mend=RESTORE)
    return open_scorer(folder), manifest


def load_model(folder: Path) -> tuple[ComplaintModel, Manifest]:
    """Verify a model's folder and load the estimators; the pickle is opened only if it is the one that was saved.

    Raises
    ------
    ModelError
        See :func:`load_scorer`; also if it was trained with another scikit-learn.
    """
    from pipeline.model import ComplaintModel  # noqa: PLC0415 (scikit-learn, which takes seconds)

    scorer, manifest = load_scorer(folder)
    if _MODEL not in manifest.files:
        raise TamperedModelError(f"{folder / MANIFEST} does not list {_MODEL}.", mend=RESTORE)
    trained_with, here = manifest.versions.get("scikit-learn", "?"), version("scikit-learn")
    if trained_with.split(".")[:2] != here.split(".")[:2]:
        raise ModelSchemaError(
            f"{folder} was trained with scikit-learn {trained_with}; installed is {here}.", mend=RETRAIN
        )
    content = _verify(folder / _MODEL, manifest.files[_MODEL])
    model = pickle.loads(zlib.decompress(content))  # noqa: S301 (it is the file that was saved)
    if not isinstance(model, ComplaintModel):
        raise ModelError(f"{folder / _MODEL} contains a {type(model).__name__}, not a model.", mend=RETRAIN)
    model.agency.coef_ = scorer.weights.coef.astype(np.float32).T
    return model, manifest


def list_models(folder: Path) -> list[Path]:
    """Return the folders in ``folder`` that contain a manifest, sorted by name; ``folder`` itself if it is a model.

    Hidden ones are left out: what a crash left half-way between the old model and the new.
    """
    return sorted(path.parent for pattern in (MANIFEST, f"[!.]*/{MANIFEST}") for path in folder.glob(pattern))


def _pickled(model: ComplaintModel) -> bytes:
    """Return the estimators without the agencies' weights: most of their size, and already in the scorer's files."""
    agency = copy.copy(model.agency)
    del agency.coef_
    # joblib.load reads it too, but it and joblib.dump, made for large arrays, take five times as long: most of this is
    # words, strings by the 100,000.
    return zlib.compress(pickle.dumps(dataclasses.replace(model, agency=agency), protocol=5), 1)


def _verify_all(folder: Path, manifest: Manifest) -> None:
    for name, digest in manifest.files.items():
        _verify(folder / name, digest)


def _verify(path: Path, digest: FileDigest) -> bytes:
    """Return the content of a file after checking that it is unchanged since it was saved."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    if len(content) != digest.bytes:
        raise TamperedModelError(f"{path} has {len(content):,} bytes instead of {digest.bytes:,}.", mend=RESTORE)
    if hashlib.sha256(content).hexdigest() != digest.sha256:
        raise TamperedModelError(f"{path} is not the file that was saved (its sha256 differs).", mend=RESTORE)
    return content
