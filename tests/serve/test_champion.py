"""A new champion answers without a restart; a broken one changes nothing; a challenger is asked and only counted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from pipeline.artifact import load_model, read_manifest, save_model
from pipeline.champion import Standing, read_standing, write_standing
from pipeline.complaint import Complaint
from pipeline.router import Router
from serve.champion import ChampionMetrics, ChampionWatch
from serve.drift import WINDOW
from serve.store.deadlines import WorkingCalendar
from serve.store.suggester import Suggester

LAMP = Complaint("lampu jalan PJU di gang kami mati")


@dataclass
class Application:
    router: Router
    suggester: Suggester


@pytest.fixture
def models(model_folder: Path, tmp_path: Path) -> Path:
    """A folder of two models, the first of them champion; their names are their folders'."""
    folder = tmp_path / "models"
    model, manifest = load_model(model_folder)
    first = folder / manifest.name
    shutil.copytree(model_folder, first)
    changed = replace(model, policy=replace(model.policy, suggest_probability=0.61))
    unnamed = folder / "unnamed"
    made = save_model(unnamed, changed, region=manifest.region, data={}, params={}, metrics={}, card="")
    unnamed.rename(folder / made.name)
    write_standing(folder, Standing(champion=first.name))
    return folder


@pytest.fixture
def application(models: Path) -> Application:
    router = Router.load(models)
    return Application(router, Suggester(router, WorkingCalendar("Asia/Jakarta")))


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def watch(application: Application, models: Path, registry: CollectorRegistry) -> Iterator[ChampionWatch]:
    made = ChampionWatch(application, models, None, ChampionMetrics.registered(registry))
    yield made
    made.stop()


def other(models: Path) -> str:
    standing = read_standing(models)
    assert standing is not None
    return next(path.name for path in models.iterdir() if path.is_dir() and path.name != standing.champion)


def test_a_new_champion_answers_and_the_desk_asks_it_too(
    application: Application, models: Path, watch: ChampionWatch, registry: CollectorRegistry
) -> None:
    before = application.router
    watch.check()
    assert application.router is before, "nothing has changed"
    name = other(models)
    write_standing(models, Standing(champion=name))
    watch.check()
    assert application.router.name == name == application.suggester.suggest(LAMP).model
    assert application.router.name == read_manifest(models / name).name
    assert before.suggest(LAMP).model == before.name, "who has begun with the old one ends with it"
    assert registry.get_sample_value("disposisi_champion_changes_total") == 1


def test_a_champion_that_cannot_be_loaded_changes_nothing(
    application: Application, models: Path, watch: ChampionWatch, registry: CollectorRegistry
) -> None:
    name, before = other(models), application.router
    (models / name / "model.joblib").write_bytes(b"damaged")
    write_standing(models, Standing(champion=name))
    watch.check()
    assert application.router is before
    assert registry.get_sample_value("disposisi_champion_failed") == 1
    write_standing(models, Standing(champion=before.name))
    watch.check()
    assert application.router is before
    assert registry.get_sample_value("disposisi_champion_failed") == 0


def test_a_challenger_is_asked_beside_the_champion_and_only_counted(
    application: Application, models: Path, watch: ChampionWatch, registry: CollectorRegistry
) -> None:
    write_standing(models, Standing(champion=application.router.name, challenger=other(models)))
    watch.check()
    suggester = replace(application.suggester, observers=(watch.observe,))
    assert suggester.suggest(LAMP).model == application.router.name
    watch.start()
    for _ in range(100):
        if registry.get_sample_value("disposisi_shadow_agreed_total"):
            break
        watch._ended.wait(0.05)
    assert registry.get_sample_value("disposisi_shadow_agreed_total") == 1
    assert registry.get_sample_value("disposisi_shadow_differed_total") == 0


def test_the_folder_of_one_model_is_not_watched(application: Application, model_folder: Path) -> None:
    watch = ChampionWatch(application, model_folder, None, ChampionMetrics.registered(CollectorRegistry()))
    assert not watch.watches


def test_drift_and_champion_are_told_to_prometheus_without_a_word_of_the_complaint(local_client: TestClient) -> None:
    before = _complaints_compared(local_client.get("/metrics").text)
    for _ in range(3):
        local_client.post("/v1/suggestions", json={"text": "lampu jalan zyzzogeton mati"})
    told = local_client.get("/metrics").text
    assert _complaints_compared(told) == min(before + 3, WINDOW)
    assert "disposisi_champion_changes_total 0.0" in told
    assert "zyzzogeton" not in told


def _complaints_compared(metrics: str) -> float:
    found = re.search(r"^disposisi_drift_complaints (\S+)$", metrics, re.MULTILINE)
    return float(found[1]) if found else 0
