"""What the labels of past complaints mean today."""

from __future__ import annotations

import datetime as dt

from pipeline.region import Region

PER_PLACE = ("Kecamatan", "Kelurahan", "Desa")


def code_of_label(region: Region, label: str) -> str | None:
    """Return the code of the agency that a label names, ``None`` if the region has none.

    ``Kecamatan Tambun Selatan`` is the class ``kecamatan``: offices that exist once per place are one class.
    """
    found = region.agency_named(label)
    if found is None:
        kind = next((kind for kind in PER_PLACE if label.startswith(f"{kind} ")), None)
        found = region.agency_named(kind) if kind else None
    return found.code if found else None


def acting_for(region: Region, label: str, day: dt.date) -> tuple[str, ...]:
    """Return the codes of the agencies that act on ``day`` for the one that a label names; none if it is unknown.

    Several act where the agency was divided.
    """
    code = code_of_label(region, label)
    return tuple(region.current(code, day)) if code else ()
