"""Open311 services: agencies that exist today, and what they handle."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.region import Region
from pipeline.region.succession import today

GENERAL, GENERAL_NAME = "umum", "Aduan umum"
MAX_KEYWORDS = 30


@dataclass(frozen=True, slots=True)
class Service:
    """A service, with the standard's field names."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


def services(region: Region) -> dict[str, Service]:
    """Return the services of a region by code."""
    general = Service(
        GENERAL, GENERAL_NAME, "Petugas menentukan instansi yang menangani.", False, "realtime", "", "umum"
    )
    found = {GENERAL: general}
    for agency in region.existing(today(region)):
        if agency.kind == "bukan":
            continue
        keywords = list(dict.fromkeys(problem.name for _, problem in region.problems_of(agency)))
        found[agency.code] = Service(
            service_code=agency.code,
            service_name=agency.name,
            description=region.mandate_of(agency) or agency.name,
            metadata=False,
            type="realtime",
            keywords=", ".join(keywords[:MAX_KEYWORDS]),
            group=agency.kind,
        )
    return found
