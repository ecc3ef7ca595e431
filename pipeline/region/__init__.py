"""Everything local to a government: agencies, places, deadlines, the problem catalogue; one data folder per region."""

from pipeline.region.catalogue import Problem, Urusan
from pipeline.region.load import (
    check_region,
    find_region,
    load_region,
    national_costs,
    region_of_labels,
    shipped_regions,
)
from pipeline.region.region import Region
from pipeline.region.schema import Agency, PlaceEntry
from pipeline.region.sources import Mistake

__all__ = [
    "Agency",
    "Mistake",
    "PlaceEntry",
    "Problem",
    "Region",
    "Urusan",
    "check_region",
    "find_region",
    "load_region",
    "national_costs",
    "region_of_labels",
    "shipped_regions",
]
