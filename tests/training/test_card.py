"""A model's card describes its training data and its accuracy, as far as training can measure it."""

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


def test_it_tells_all_that_taught_it_and_what_its_figures_are_of(model_folder: Path) -> None:
    model, manifest = load_model(model_folder)
    counts = {"starter_rows": 100, "written_rows": 1180, "urgency_real_rows": 0, "urgency_starter_rows": 24000}
    data = manifest.data | counts | {"real_rows": 0, "urgency_written_rows": 4546}

    def card(**figures: float) -> str:
        metrics = {"agency": {"top1": 0.674, "top3": 0.865} | figures}
        return " ".join(model_card(model, manifest.region, data, manifest.params, metrics).split())

    assert "Agencies learnt from 0 real, 100 starter and 1,180 written complaints" in card()
    assert "urgency from 0 real, 24,000 starter and 4,546 written ones" in card()
    assert "Of 1,280 complaints held out while training, none of them real," in card(rows=1280, real_rows=0)
    assert "harder than what citizens write" in card(rows=1280, real_rows=0)
    assert "Of 1,380 complaints held out while training, 100 of them real," in card(rows=1380, real_rows=100)
    assert "Of 450 real complaints held out while training the first agency" in card(rows=450, real_rows=450)
    assert "harder" not in card(rows=450, real_rows=450)


def test_labels_of_no_region_are_called_so(model_folder: Path) -> None:
    model, manifest = load_model(model_folder)
    none = RegionOfModel(code=NO_REGION, name=NO_REGION, folder=NO_REGION)
    card = model_card(model, none, manifest.data, manifest.params, manifest.metrics)
    assert card.startswith("# Model of Disposisi for labels as they are\n")
