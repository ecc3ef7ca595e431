"""The commands of this package, as ``disposisi`` lists them."""

from __future__ import annotations

from typing import Final

from pipeline.cli.lazy import LazyCommand, Panel

COMMANDS: Final = (
    LazyCommand(
        "promote",
        "training.registry_cli",
        "Make a model the champion; one that lost the comparison is refused.",
        Panel.MODELS,
    ),
    LazyCommand(
        "rollback", "training.registry_cli", "Make the champion before the present one champion again.", Panel.MODELS
    ),
    LazyCommand(
        "challenge",
        "training.registry_cli",
        "Let a model run in shadow of the champion: asked and counted, not heard.",
        Panel.MODELS,
    ),
    LazyCommand("signing", "training.signing_cli", "Sign models, and tell who signed one.", Panel.MODELS),
    LazyCommand(
        "starter",
        "training.train_cli",
        "Make a starter corpus: complaints composed from the problem catalogue.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "prepare",
        "training.stages_cli",
        "Mask, join and split labelled complaints: to train on, and to measure on.",
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
        "Fit a model's probabilities and thresholds to held-out scores.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "policy",
        "training.calibrate_cli",
        "Choose from which probability on agencies are suggested or offered.",
        Panel.TRAIN,
    ),
    LazyCommand(
        "evaluate",
        "training.evaluate_cli",
        "Measure a model on labelled complaints, with intervals.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "compare",
        "training.registry_cli",
        "Compare two models on newer complaints, and say which of them shall answer.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "drift",
        "training.drift_cli",
        "Compare complaints, week by week, with those of the training.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "figures",
        "training.stages_cli",
        "Write a model's figures as files: metrics with intervals, curves as CSV.",
        Panel.MEASURE,
    ),
    LazyCommand(
        "report",
        "training.stages_cli",
        "Write a model's report as one HTML page: data, figures, plots, limits.",
        Panel.MEASURE,
    ),
    LazyCommand("track", "training.stages_cli", "Log a model's folder to MLflow.", Panel.MEASURE),
    LazyCommand(
        "suspects",
        "training.labels_cli",
        "List labels that are likely wrong, the least believable first (cleanlab).",
        Panel.LABELS,
    ),
    LazyCommand(
        "teach",
        "training.labels_cli",
        "List undecided complaints: those whose decision would teach most come first.",
        Panel.LABELS,
    ),
)
