"""The commands of this package, as ``disposisi`` lists them."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand

COMMANDS: Final = (
    LazyCommand("classify", "pipeline.cli.classify", "Suggest agency and urgency for a complaint."),
    LazyCommand(
        "reclassify",
        "pipeline.cli.reclassify",
        "Route many complaints again: any format, bounded memory, nothing lost in a crash.",
    ),
    LazyCommand("models", "pipeline.cli.models", "List the trained models: name, region, data, figures."),
    LazyCommand("region", "pipeline.cli.region", "Check and make the data folder of a region."),
)
