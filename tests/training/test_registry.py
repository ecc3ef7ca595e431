"""Promotion passes the gate or needs a reason; rollback restores the previous champion."""

from __future__ import annotations

import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.artifact import load_model, save_model
from pipeline.champion import REPORT, changing, check_not_in_use, read_standing, resolve_model, write_standing
from pipeline.errors import ModelError, ModelNotFoundError, PromotionError, TamperedModelError
from pipeline.manifest import MANIFEST, RegionOfModel, read_manifest
from pipeline.router import Router
from tests.full_disk import files_no_larger_than
from training.comparison import Comparison, Cost, MeanWeek, Paired, save_comparison
from training.gate import Finding, Verdict
from training.metrics import Estimate
from training.registry import challenge, comparison_file, promote, rollback, take_in

_EQUAL = Paired(10, 0.5, 0.5, Estimate(0, 0, 0), 0, 0, 1.0)


def compared(champion: str, challenger: str, *, passed: bool) -> Comparison:
    pair, cost = (1.0, 1.0), Cost(1, 1)
    week, verdict = MeanWeek(1, pair, pair, pair, 0), Verdict(passed, (Finding("top1", passed, "top-1 fell"),))
    groups = ((), (), (), ())
    return Comparison(
        champion, challenger, 10, None, None, _EQUAL, _EQUAL, (0, 0), None, *groups, week, (cost, cost), verdict
    )


@pytest.fixture(scope="module")
def another(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second model; it differs only slightly, but models are named by their content."""
    model, manifest = load_model(model_folder)
    folder = tmp_path_factory.mktemp("another") / "model"
    changed = replace(model, policy=replace(model.policy, suggest_probability=0.61))
    save_model(folder, changed, region=manifest.region, data={}, params={}, metrics={}, card="")
    return folder


def test_the_first_model_is_promoted_without_a_comparison_and_answers(model_folder: Path, tmp_path: Path) -> None:
    standing = promote(model_folder, tmp_path)
    assert resolve_model(tmp_path) == tmp_path / standing.champion
    assert Router.load(tmp_path).name == standing.champion == read_manifest(model_folder).name


def test_a_challenger_needs_a_won_comparison_with_this_champion(
    model_folder: Path, another: Path, tmp_path: Path
) -> None:
    first = promote(model_folder, tmp_path).champion
    with pytest.raises(PromotionError, match="already the champion"):
        promote(model_folder, tmp_path, force=True, reason="once more")
    second = read_manifest(another).name
    with pytest.raises(PromotionError, match="not compared"):
        promote(another, tmp_path)
    save_comparison(comparison_file(tmp_path, first, second), compared(first, second, passed=False))
    with pytest.raises(PromotionError, match=r"did not prove to be as good as the champion.*top-1 fell"):
        promote(another, tmp_path)
    assert resolve_model(tmp_path).name == first
    save_comparison(comparison_file(tmp_path, first, second), compared(first, second, passed=True))
    assert promote(another, tmp_path).champion == second
    back = rollback(tmp_path, "wrong on roads")
    assert back.champion == first
    assert [change.action for change in back.history] == ["promote", "promote", "rollback"]
    assert back.history[-1].reason == "wrong on roads"


def test_of_two_changes_at_once_the_second_waits_and_both_are_kept(
    model_folder: Path, another: Path, tmp_path: Path
) -> None:
    first = promote(model_folder, tmp_path)
    second = threading.Thread(target=challenge, args=(another, tmp_path))
    with changing(tmp_path):
        standing = read_standing(tmp_path)
        assert standing is not None
        second.start()
        second.join(0.2)
        assert second.is_alive()
        write_standing(tmp_path, standing.model_copy(update={"history": (*standing.history, *first.history)}))
    second.join(10)
    standing = read_standing(tmp_path)
    assert standing is not None
    assert [change.action for change in standing.history] == ["promote", "promote", "challenge"]


def test_a_loser_is_promoted_with_a_reason_that_is_kept_and_not_with_a_blank_one(
    model_folder: Path, another: Path, tmp_path: Path
) -> None:
    promote(model_folder, tmp_path)
    with pytest.raises(PromotionError, match="needs a reason"):
        promote(another, tmp_path, force=True, reason="  ")
    change = promote(another, tmp_path, force=True, reason="the new office must be known").history[-1]
    assert (change.action, change.reason) == ("force", "the new office must be known")


def test_one_rollback_after_another_leads_back_to_the_first_champion(
    model_folder: Path, another: Path, tmp_path: Path
) -> None:
    first = promote(model_folder, tmp_path).champion
    second = promote(another, tmp_path, force=True, reason="a new office").champion
    promote(model_folder, tmp_path, force=True, reason="the office was closed")
    assert [rollback(tmp_path).champion for _ in range(2)] == [second, first]
    with pytest.raises(PromotionError, match="no champion before"):
        rollback(tmp_path)


@pytest.fixture(scope="module")
def of_elsewhere(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of another region."""
    model, _ = load_model(model_folder)
    folder = tmp_path_factory.mktemp("elsewhere") / "model"
    surabaya = RegionOfModel(code="35.78", name="Kota Surabaya", folder="kota_surabaya")
    save_model(folder, model, region=surabaya, data={}, params={}, metrics={}, card="")
    return folder


def test_a_model_of_another_region_is_neither_champion_nor_challenger_and_leaves_nothing(
    model_folder: Path, of_elsewhere: Path, tmp_path: Path
) -> None:
    standing = promote(model_folder, tmp_path)
    says = r"is for Kota Surabaya.*champion .* for Kabupaten Bekasi.*--models FOLDER"
    with pytest.raises(PromotionError, match=says):
        promote(of_elsewhere, tmp_path)
    with pytest.raises(PromotionError, match=says):
        promote(of_elsewhere, tmp_path, force=True, reason="by mistake")
    with pytest.raises(PromotionError, match=says):
        challenge(of_elsewhere, tmp_path)
    assert read_standing(tmp_path) == standing
    assert not (tmp_path / read_manifest(of_elsewhere).name).exists()
    assert promote(of_elsewhere, tmp_path / "surabaya").champion == read_manifest(of_elsewhere).name


def test_a_champion_whose_manifest_is_broken_can_still_be_replaced(
    model_folder: Path, another: Path, tmp_path: Path
) -> None:
    first = promote(model_folder, tmp_path).champion
    (tmp_path / first / MANIFEST).write_text("broken")
    standing = promote(another, tmp_path, force=True, reason="the old one is broken")
    assert standing.champion == read_manifest(another).name


def test_a_rollback_never_changes_the_region(model_folder: Path, of_elsewhere: Path, tmp_path: Path) -> None:
    first = promote(model_folder, tmp_path).champion
    manifest = (tmp_path / first / MANIFEST).read_bytes()
    (tmp_path / first / MANIFEST).write_text("broken")  # so that nobody knows its region
    standing = promote(of_elsewhere, tmp_path, force=True, reason="by mistake")
    (tmp_path / first / MANIFEST).write_bytes(manifest)
    says = rf"{first} is for Kabupaten Bekasi.*champion .* for Kota Surabaya.*promote MODEL.*champion\.json"
    with pytest.raises(PromotionError, match=says):
        rollback(tmp_path)
    assert read_standing(tmp_path) == standing


def test_a_rollback_to_a_damaged_model_leaves_the_champion(model_folder: Path, another: Path, tmp_path: Path) -> None:
    first = promote(model_folder, tmp_path).champion
    second = promote(another, tmp_path, force=True, reason="test").champion
    (tmp_path / first / "model.joblib").write_bytes(b"broken")
    with pytest.raises(TamperedModelError):
        rollback(tmp_path)
    assert resolve_model(tmp_path).name == second


def test_there_is_nothing_to_go_back_to_at_first(model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PromotionError, match="has no champion yet"):
        rollback(tmp_path)
    name = promote(model_folder, tmp_path).champion
    with pytest.raises(PromotionError, match=f"no champion before the current one, {name}"):
        rollback(tmp_path)


def test_a_challenger_stands_beside_the_champion(model_folder: Path, another: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="no champion"):
        challenge(another, tmp_path)
    first = promote(model_folder, tmp_path).champion
    with pytest.raises(PromotionError, match="the champion itself"):
        challenge(model_folder, tmp_path)
    standing = challenge(another, tmp_path)
    assert (standing.champion, standing.challenger) == (first, read_manifest(another).name)
    ended = challenge(None, tmp_path)
    assert (ended.challenger, ended.history[-1].reason) == (None, "ended")
    assert challenge(None, tmp_path) == read_standing(tmp_path) == ended  # nothing is recorded that did not happen


def test_a_challenger_that_becomes_champion_again_by_a_rollback_is_none_beside_itself(
    model_folder: Path, another: Path, tmp_path: Path
) -> None:
    first = promote(model_folder, tmp_path).champion
    promote(another, tmp_path, force=True, reason="test")
    challenge(model_folder, tmp_path)
    standing = rollback(tmp_path)
    assert (standing.champion, standing.challenger) == (first, None)


def test_what_champion_json_names_is_not_written_over(model_folder: Path, another: Path, tmp_path: Path) -> None:
    first = promote(model_folder, tmp_path).champion
    second = promote(another, tmp_path, force=True, reason="test").champion
    for name in (first, second):
        with pytest.raises(PromotionError, match=r"--out FOLDER"):
            check_not_in_use(tmp_path / name)
    check_not_in_use(tmp_path / "default")
    check_not_in_use(tmp_path / "elsewhere" / first)


def test_taking_a_model_in_copies_it_under_its_own_name(model_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "default"
    shutil.copytree(model_folder, source)
    name = take_in(source, tmp_path / "models")
    shutil.rmtree(source)
    load_model(tmp_path / "models" / name)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [name]


def test_a_model_that_is_there_already_gets_the_report_that_was_written_since_and_must_be_whole(
    model_folder: Path, tmp_path: Path
) -> None:
    source, models = tmp_path / "default", tmp_path / "models"
    shutil.copytree(model_folder, source, ignore=shutil.ignore_patterns(REPORT))
    target = models / take_in(source, models)
    (source / REPORT).mkdir()
    page = target / REPORT / "index.html"
    for _ in range(2):
        (source / REPORT / page.name).write_text("of this training")
        take_in(source, models)
        assert page.read_text() == "of this training"
    (target / "model.joblib").write_bytes(b"broken")
    with pytest.raises(TamperedModelError):
        take_in(source, models)


def test_a_report_of_which_half_was_copied_is_copied_again(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, models = tmp_path / "default", tmp_path / "models"
    shutil.copytree(model_folder, source, ignore=shutil.ignore_patterns(REPORT))
    target = models / take_in(source, models)
    (source / REPORT).mkdir()
    for name in ("a.svg", "index.html"):
        (source / REPORT / name).write_text("whole")

    def half(_: object, there: Path, **__: object) -> None:
        there.mkdir(exist_ok=True)
        (there / "a.svg").write_text("whole")
        raise OSError("No space left on device")

    with monkeypatch.context() as full:
        full.setattr(shutil, "copytree", half)
        with pytest.raises(OSError, match="No space"):
            take_in(source, models)
    take_in(source, models)
    assert (target / REPORT / "index.html").read_text() == "whole"
    assert [path.name for path in models.iterdir()] == [target.name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_fills_up_during_a_promotion_is_told_and_leaves_nothing(model_folder: Path, tmp_path: Path) -> None:
    says = r"cannot be copied to .*: File too large.*free space"
    with files_no_larger_than(10_000), pytest.raises(ModelError, match=says):
        promote(model_folder, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"champion": "../elsewhere"}',
        '{"champion": "a", "challenger": "."}',
        '{"champion": "a", "previous": ["b", "../elsewhere"]}',
    ],
)
def test_a_broken_standing_is_refused_by_name(content: str, tmp_path: Path) -> None:
    (tmp_path / "champion.json").write_text(content)
    with pytest.raises(TamperedModelError, match=r"champion\.json"):
        read_standing(tmp_path)


def test_without_a_champion_the_default_model_answers(model_folder: Path, tmp_path: Path) -> None:
    assert resolve_model(tmp_path) == tmp_path
    shutil.copytree(model_folder, tmp_path / "default")
    assert resolve_model(tmp_path) == tmp_path / "default"
    assert resolve_model(tmp_path / "default") == tmp_path / "default"
