"""The commands of this package, as ``disposisi`` lists them."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand, Panel

COMMANDS: Final = (
    LazyCommand(
        "classify", "pipeline.cli.classify", "Suggest an agency and an urgency level for a complaint.", Panel.SUGGEST
    ),
    LazyCommand(
        "reclassify",
        "pipeline.cli.reclassify",
        "Reroute many complaints: any format, bounded memory, resumable after a crash.",
        Panel.SUGGEST,
    ),
    LazyCommand("models", "pipeline.cli.models", "List trained models with region, data and metrics.", Panel.MODELS),
    LazyCommand("region", "pipeline.cli.region", "Check, create and compare region data folders.", Panel.REGIONS),
)
