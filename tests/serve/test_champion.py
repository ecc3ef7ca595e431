"""A new champion takes over without a restart, a broken one is ignored, and a challenger only runs in shadow."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from pipeline.artifact import load_model, save_model, sign_model
from pipeline.champion import Standing, read_standing, write_standing
from pipeline.complaint import Complaint
from pipeline.drift import Profile
from pipeline.manifest import read_manifest
from pipeline.region import Region
from pipeline.router import Router
from pipeline.trust import TRUSTED_KEYS
from serve.champion import ChampionMetrics, ChampionWatch
from serve.drift import WINDOW, DriftGauges, profile_of_champion
from serve.store.deadlines import WorkingCalendar
from serve.store.suggester import Suggester
from training.signing import make_key, read_key

LAMP = Complaint("lampu jalan PJU di gang kami mati")


@dataclass
class Application:
    router: Router
    suggester: Suggester


@pytest.fixture(scope="module")
def two_models(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two") / "models"
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
def models(two_models: Path, tmp_path: Path) -> Path:
    """A folder of two models, named like their folders; the first is champion."""
    return Path(shutil.copytree(two_models, tmp_path / "models"))


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


def champion(models: Path) -> str:
    standing = read_standing(models)
    assert standing is not None
    return standing.champion


def other(models: Path) -> str:
    return next(path.name for path in models.iterdir() if path.is_dir() and path.name != champion(models))


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


def test_a_champion_whose_files_arrive_later_is_taken_over(
    application: Application, models: Path, watch: ChampionWatch, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    name, before = other(models), application.router
    complete = models / name
    missing = complete.rename(models.parent / "elsewhere") / "model.joblib"
    arriving = shutil.copytree(missing.parent, complete, ignore=lambda *_: [missing.name])
    write_standing(models, Standing(champion=name))
    monkeypatch.setattr("serve.champion.RETRY_SECONDS", 0.0)
    for _ in range(3):
        watch.check()
    assert application.router is before
    assert [record.getMessage().count("model.joblib is missing") for record in caplog.records] == [1]
    shutil.copy(missing, arriving)
    watch.check()
    assert application.router.name == name


def test_what_cannot_be_loaded_is_not_tried_again_at_once(
    models: Path, watch: ChampionWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (models / other(models) / "model.joblib").write_bytes(b"damaged")
    write_standing(models, Standing(champion=champion(models), challenger=other(models)))
    tried: list[Path] = []
    load = Router.load

    def counting(path: Path, region: str | None) -> Router:
        tried.append(path)
        return load(path, region)

    monkeypatch.setattr(Router, "load", counting)
    for _ in range(5):
        watch.check()
    assert tried == [models / other(models)]


def test_a_champion_in_a_folder_of_another_name_is_loaded_once(
    application: Application, models: Path, watch: ChampionWatch, registry: CollectorRegistry
) -> None:
    name = other(models)
    (models / name).rename(models / "candidate")
    write_standing(models, Standing(champion="candidate"))
    for _ in range(3):
        watch.check()
    assert application.router.name == name
    assert registry.get_sample_value("disposisi_champion_changes_total") == 1


def test_a_crash_while_loading_does_not_end_the_watch(
    application: Application, models: Path, watch: ChampionWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> Router:
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(Router, "load", crash)
        patch.setattr("serve.champion.RETRY_SECONDS", 0.0)
        write_standing(models, Standing(champion=other(models)))
        watch.check()
    watch.check()
    assert application.router.name == champion(models)


def test_an_unsigned_champion_changes_nothing_until_it_is_signed(
    application: Application, models: Path, watch: ChampionWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    registry: CollectorRegistry,
) -> None:  # fmt: skip
    make_key(tmp_path / "key", "ani")
    monkeypatch.setenv(TRUSTED_KEYS, str(tmp_path / "key.pub"))
    monkeypatch.setattr("serve.champion.RETRY_SECONDS", 0.0)
    name, before = other(models), application.router
    write_standing(models, Standing(champion=name))
    watch.check()
    assert application.router is before
    assert registry.get_sample_value("disposisi_champion_failed") == 1
    sign_model(models / name, read_key(tmp_path / "key"))
    watch.check()
    assert application.router.name == name
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


def test_an_agency_with_a_new_name_is_no_drift(model_folder: Path, bekasi: Region) -> None:
    profile = Profile.from_dict(read_manifest(model_folder).data["profile"])
    ended = bekasi.agencies["dishub"].model_copy(update={"valid_to": dt.date(2020, 12, 31), "successor": ("baru",)})
    begun = bekasi.agencies["dishub"].model_copy(update={"code": "baru", "valid_from": dt.date(2021, 1, 1)})
    renamed = replace(bekasi, agencies={**bekasi.agencies, "dishub": ended, "baru": begun})
    scorer = load_model(model_folder)[0].scorer
    before, after = (_drift(Router(scorer, region, "m"), profile) for region in (bekasi, renamed))
    assert before == pytest.approx(after)


def test_while_a_champion_cannot_be_loaded_the_other_one_isnt_measured_by_its_profile(
    application: Application, models: Path, watch: ChampionWatch
) -> None:
    gauges = DriftGauges(lambda: application.router, partial(profile_of_champion, models))
    gauges.observe(LAMP, application.router.suggest(LAMP))
    assert list(gauges.collect())
    name, known = other(models), read_manifest(models / champion(models)).data["profile"]
    manifest = json.loads((models / name / "manifest.json").read_text())
    manifest["data"]["profile"] = known | {"agencies": {"dinas-yang-akan-ada": 1.0}}
    (models / name / "manifest.json").write_text(json.dumps(manifest))
    (models / name / "model.joblib").write_bytes(b"damaged")
    write_standing(models, Standing(champion=name))
    watch.check()
    assert not list(gauges.collect())


def _drift(router: Router, profile: Profile) -> dict[str, float]:
    gauges = DriftGauges(lambda: router, lambda _: profile)
    gauges.observe(LAMP, router.suggest(LAMP))
    return {family.name: family.samples[0].value for family in gauges.collect()}
