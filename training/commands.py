"""The commands of this package, as ``disposisi`` lists them."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand

COMMANDS: Final = (
    LazyCommand("train", "training.cli", "Train a model on labelled complaints, blended with the starter corpus."),
    LazyCommand(
        "evaluate",
        "training.cli",
        "Measure a model on labelled complaints: top-1, top-3, macro-F1, calibration, classes, confusions.",
    ),
    LazyCommand(
        "starter", "training.cli", "Make a starter corpus: complaints composed from the region's problem catalogue."
    ),
    LazyCommand(
        "prepare",
        "training.stages_cli",
        "Mask, join and split labelled complaints: what to train on, and the newest to measure on.",
    ),
    LazyCommand(
        "figures",
        "training.stages_cli",
        "Write a model's figures as files: metrics.json with intervals, and the curves as CSV.",
    ),
    LazyCommand(
        "report",
        "training.stages_cli",
        "Write a model's report: data, figures with intervals, plots, limits, as one HTML page.",
    ),
    LazyCommand(
        "track",
        "training.stages_cli",
        "Log a model that is there to MLflow: a model's folder is the source, its run can be made again.",
    ),
    LazyCommand(
        "compare",
        "training.registry_cli",
        "Compare two models on newer complaints and say whether the challenger may take over.",
    ),
    LazyCommand(
        "promote", "training.registry_cli", "Make a model the champion; one that lost the comparison is refused."
    ),
    LazyCommand("rollback", "training.registry_cli", "Make the champion before the present one champion again."),
    LazyCommand(
        "challenge",
        "training.registry_cli",
        "Let a model run in shadow: servers ask it beside the champion and count where it disagrees.",
    ),
    LazyCommand("signing", "training.signing_cli", "Sign models, and tell who signed one."),
    LazyCommand(
        "suspects", "training.labels_cli", "List labels that are likely wrong, the least believable first (cleanlab)."
    ),
    LazyCommand(
        "teach",
        "training.labels_cli",
        "List undecided complaints by how much a decision on them would teach the model: the most first.",
    ),
    LazyCommand(
        "drift",
        "training.drift_cli",
        "Compare complaints, week by week, with those the model was trained on, and say what to do.",
    ),
    LazyCommand(
        "calibrate",
        "training.calibrate_cli",
        "Fit a model's probabilities and thresholds to the scores of held-out complaints.",
    ),
    LazyCommand(
        "policy",
        "training.calibrate_cli",
        "Choose from which probability on an agency is suggested alone, and which agencies are offered to choose from.",
    ),
)
