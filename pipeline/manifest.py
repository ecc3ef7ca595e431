"""``manifest.json`` of a model's folder: what the model is, and the sha256 of each of its files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ModelNotFoundError, ModelSchemaError, TamperedModelError
from pipeline.trust import configured_trust

MANIFEST: Final = "manifest.json"
SCHEMA_VERSION: Final = 6  # raised when a model of an earlier version can no longer be read
NO_REGION: Final = "none"  # the code of a model's region where labels were taken as they are
RETRAIN: Final = "Train it again: disposisi train."
RESTORE: Final = "Copy the folder again from where it was made, or train it again: disposisi train."


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


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a model's folder.

    Raises
    ------
    ModelNotFoundError
        If there is no model in ``folder``.
    UntrustedModelError
        If only signed models are opened here, and no trusted key signed this one.
    ModelSchemaError
        If it was written by a version of Disposisi, newer or earlier, whose models this one doesn't read.
    TamperedModelError
        If it isn't a manifest.
    """
    content = manifest_bytes(folder)
    trusted = configured_trust()
    if trusted is not None:
        trusted.signer(folder / MANIFEST, content)
    return parsed_manifest(folder, content)


def manifest_bytes(folder: Path) -> bytes:
    """Return the content of the manifest file without checking who signed it.

    Raises
    ------
    ModelNotFoundError, TamperedModelError
        If it isn't there or cannot be read.
    """
    try:
        return (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _not_found(folder) from None
    except OSError as error:
        raise unreadable(folder / MANIFEST, error) from None


def named_files(folder: Path) -> set[str]:
    """Return the names of the files that a manifest of any version names; none where it cannot be read."""
    try:
        return set(json.loads((folder / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def _not_found(folder: Path) -> ModelNotFoundError:
    """Return the error for a folder that is not a model, perhaps a folder of models without a champion."""
    if inside := next((path.parent for path in sorted(folder.glob(f"*/{MANIFEST}"))), None):
        return ModelNotFoundError(
            f"{folder} contains models, but none is the champion.",
            mend=f"Promote one: disposisi promote {inside} --models {folder}; or name one: --model {inside}.",
        )
    if folder.is_file():
        return ModelNotFoundError(
            f"{folder} is a file, but a model is a folder.",
            mend="Name the model's folder, as MODEL before FILE or with --model.",
        )
    return ModelNotFoundError(
        f"There is no model in {folder}.", mend="Train one: disposisi train FILE --out MODEL, or make run."
    )


def unreadable(path: Path, error: OSError) -> TamperedModelError:
    """Return the error of a model's file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        return TamperedModelError(f"{path} is missing.", mend=RESTORE)
    if isinstance(error, PermissionError):
        return TamperedModelError(f"{path} cannot be read: permission denied.", mend="Grant this account read access.")
    return TamperedModelError(f"{path} cannot be read ({error.strerror}).", mend=RESTORE)


def parsed_manifest(folder: Path, manifest: bytes) -> Manifest:
    """Parse the content of the manifest file of ``folder``.

    Raises
    ------
    ModelSchemaError, TamperedModelError
        See :func:`read_manifest`.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(manifest)
        schema = int(content["schema_version"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise TamperedModelError(f"{path} is not a model's manifest ({type(error).__name__}).", mend=RESTORE) from None
    if schema > SCHEMA_VERSION:
        raise ModelSchemaError(
            f"{path} has schema version {schema}; this version of Disposisi reads up to {SCHEMA_VERSION}.",
            mend="Update Disposisi, or train the model with this version: disposisi train.",
        )
    if schema < SCHEMA_VERSION:
        raise ModelSchemaError(
            f"{path} has the old schema version {schema}; this version of Disposisi reads {SCHEMA_VERSION}.",
            mend=RETRAIN,
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(map(str, detail["loc"]))
        raise TamperedModelError(f"{path} is not valid at {where}: {detail['msg']}.", mend=RESTORE) from None
