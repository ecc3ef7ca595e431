"""The region that a model answers for: the one that it was trained for."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ModelRegionError, RegionError
from pipeline.manifest import NO_REGION, Manifest
from pipeline.region import Region, load_region, region_of_labels


def region_of_model(manifest: Manifest, model: Path, given: str | Path | None) -> Region:
    """Return the region to answer for; the model must have been trained for it.

    Raises
    ------
    ModelRegionError
        If it was trained for another region, or its own cannot be found.
    RegionError
        If the one given cannot be used.
    """
    trained = manifest.region
    if trained.code == NO_REGION:
        if given and str(given) != NO_REGION:
            raise ModelRegionError(
                f"{model} was trained without a region, not for {given}.",
                mend=f"Omit --region, or train a model for it: disposisi train FILE --region {given}.",
            )
        return region_of_labels(manifest.agencies)
    try:
        region = load_region(given or trained.folder)
    except RegionError as error:
        if given:
            raise
        raise ModelRegionError(
            f"{model} was trained for {trained.name} ({trained.code}): {error.what}",
            mend="Name its region folder: --region FOLDER.",
        ) from None
    if region.code != trained.code:
        way_out = "Omit --region" if given else f"Restore {trained.folder}"
        raise ModelRegionError(
            f"{model} was trained for {trained.name} ({trained.code}), not for {region.name} ({region.code}).",
            mend=f"{way_out}, or train a model for it: disposisi train FILE --region {given or trained.folder}.",
        )
    return region
