"""The commands of this package, as ``disposisi`` lists them."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand, Panel

COMMANDS: Final = (
    LazyCommand("classify", "pipeline.cli.classify", "Suggest agency and urgency for a complaint.", Panel.SUGGEST),
    LazyCommand(
        "reclassify",
        "pipeline.cli.reclassify",
        "Route many complaints again: any format, bounded memory, safe from crashes.",
        Panel.SUGGEST,
    ),
    LazyCommand("models", "pipeline.cli.models", "List the trained models: name, region, data, figures.", Panel.MODELS),
    LazyCommand("region", "pipeline.cli.region", "Check, make and compare the data folder of a region.", Panel.REGIONS),
)
