"""A model's card says what it was made of and how well it answers, as far as its training can tell."""

from __future__ import annotations

from pathlib import Path

from pipeline.artifact import load_model
from pipeline.manifest import NO_REGION, RegionOfModel
from training.card import model_card


def test_it_tells_how_well_and_how_old(model_folder: Path) -> None:
    model, manifest = load_model(model_folder)
    data = manifest.data | {"real_rows": 2000, "undated_rows": 500, "newest": "2026-06-30"}
    metrics = {"agency": {"top1": 0.7641, "top3": 0.8869}}
    card = model_card(model, manifest.region, data, manifest.params, metrics)
    assert "the newest of 2026-06-30, 500 without a date" in card
    assert "the first agency was right for 76.4 %, one of the first three for 88.7 %" in " ".join(card.split())
    bare = model_card(model, manifest.region, manifest.data | {"real_rows": 0}, manifest.params, {"agency": {}})
    assert "newest" not in bare
    assert "was right" not in bare


def test_labels_of_no_region_are_called_so(model_folder: Path) -> None:
    model, manifest = load_model(model_folder)
    none = RegionOfModel(code=NO_REGION, name=NO_REGION, folder=NO_REGION)
    card = model_card(model, none, manifest.data, manifest.params, manifest.metrics)
    assert card.startswith("# Model of Disposisi for labels as they are\n")
