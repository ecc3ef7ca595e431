"""The commands of this package, as ``disposisi`` lists them."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand, Panel

COMMANDS: Final = (
    LazyCommand(
        "promote",
        "training.registry_cli",
        "Make a model the champion; refuse one that lost the comparison.",
        Panel.MODELS,
    ),
    LazyCommand("rollback", "training.registry_cli", "Roll back to the previous champion.", Panel.MODELS),
    LazyCommand(
        "challenge",
        "training.registry_cli",
        "Run a model in shadow mode: its answers are counted, never shown.",
        Panel.MODELS,
    ),
    LazyCommand("signing", "training.signing_cli", "Sign models and verify their signatures.", Panel.MODELS),
    LazyCommand(
        "starter",
        "training.train_cli",
        "Generate a starter corpus: complaints composed from the problem catalogue.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "prepare",
        "training.stages_cli",
        "Mask, merge and split labelled complaints into a training and a held-out set.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "train",
        "training.train_cli",
        "Train a model on labelled complaints, blended with the starter corpus.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "calibrate",
        "training.calibrate_cli",
        "Calibrate a model's probabilities and thresholds on held-out scores.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "policy",
        "training.calibrate_cli",
        "Choose the probability thresholds for suggesting and offering agencies.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "evaluate",
        "training.evaluate_cli",
        "Evaluate a model on labelled complaints, with confidence intervals.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "compare",
        "training.registry_cli",
        "Compare two models on newer complaints and decide which one should answer.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "drift",
        "training.drift_cli",
        "Compare complaints with the training data, week by week.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "figures",
        "training.stages_cli",
        "Write a model's metrics and curves to files: JSON with intervals, and CSV.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "report",
        "training.stages_cli",
        "Write a model's report as one HTML page: data, metrics, plots, limits.",
        Panel.MEASURE,
    ),
    LazyCommand("track", "training.stages_cli", "Log a model to MLflow.", Panel.MEASURE),
    LazyCommand(
        "suspects",
        "training.labels_cli",
        "List labels that are probably wrong, least plausible first (cleanlab).",
        Panel.LABELS,
    ),
    LazyCommand(
        "teach",
        "training.labels_cli",
        "List undecided complaints, the most informative ones first.",
        Panel.LABELS,
    ),
)
