"""A trained model and its region, as the commands that evaluate models open them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipeline.artifact import load_model
from pipeline.champion import resolve_model
from pipeline.manifest import NO_REGION, Manifest
from pipeline.model import ComplaintModel
from pipeline.region import Region
from pipeline.trained_region import region_of_model


class Opened(NamedTuple):
    """The opened model; ``region`` is ``None`` if it was trained without one."""

    model: ComplaintModel
    manifest: Manifest
    region: Region | None


def open_trained(path: Path, region: str | None = None) -> Opened:
    """Open the model that ``path`` refers to, and its region.

    Parameters
    ----------
    path
        The model's folder, or the folder of models whose champion is meant.
    region
        Where the region's folder is, or its name; by default where it was at the training, seen from here.

    Raises
    ------
    ModelError
        If the model cannot be used, or its region isn't found or is another one.
    """
    folder = resolve_model(path)
    model, manifest = load_model(folder)
    found = region_of_model(manifest, folder, region)
    return Opened(model, manifest, None if manifest.region.code == NO_REGION else found)
