"""Probabilities and thresholds are fitted on real held-out complaints if there are enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pytest

from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.manifest import read_manifest
from pipeline.model import BalancedRidgeClassifier, ComplaintModel, Policy
from pipeline.model.link import Link
from training.calibrate import HELD_OUT, MIN_ROWS_FOR_THRESHOLDS, HeldOut, calibrated, read_scores_of
from training.data import Labelled
from training.params import Params

PARAMS = Params()
NOTHING = cast(Any, None)  # features and urgency aren't used


def _fitted(rows: int, group: str | None) -> tuple[ComplaintModel, HeldOut]:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, rows)
    X = np.eye(3)[labels] + rng.normal(0, 0.6, (rows, 3))
    agency = BalancedRidgeClassifier(folds=3).fit(X, np.array(["a", "b", "c"])[labels])
    labelled = [Labelled(Complaint("jalan rusak"), "abc"[label], group=group) for label in labels]
    return ComplaintModel(NOTHING, agency, NOTHING), HeldOut.of(agency, labelled)


def test_enough_real_complaints_choose_the_thresholds() -> None:
    model, held_out = _fitted(MIN_ROWS_FOR_THRESHOLDS, None)
    policy = calibrated(model, held_out, PARAMS).policy
    assert policy != Policy()
    probabilities = calibrated(model, held_out, PARAMS).agency.probabilities(held_out.scores)
    right = probabilities[np.arange(len(held_out.target)), held_out.target]
    assert (right >= policy.choose_probability).mean() == pytest.approx(PARAMS.policy.coverage, abs=0.01)


def test_few_real_complaints_keep_the_defaults() -> None:
    model, held_out = _fitted(MIN_ROWS_FOR_THRESHOLDS - 1, None)
    after = calibrated(model, held_out, PARAMS)
    assert after.policy == Policy()
    assert after.agency.link_ == model.agency.link_


def test_composed_complaints_are_corrected_and_twice_is_as_once() -> None:
    model, held_out = _fitted(2 * MIN_ROWS_FOR_THRESHOLDS, "starter 1")
    plain = cast(Link, model.agency.link_)
    once = calibrated(model, held_out, PARAMS)
    assert once.agency.link_ == plain.tempered(PARAMS.starter.certainty)
    assert calibrated(once, held_out, PARAMS).agency.link_ == once.agency.link_
    assert model.agency.link_ == plain, "the given model is not changed"


def test_a_model_is_as_right_as_on_real_complaints_whatever_was_composed_beside_them() -> None:
    scores = np.array([[2, 1, 0]] * 1000, dtype=np.float32)
    target = np.repeat([0, 1, 2], [160, 40, 800])  # 160 of 200 real ones are right, and none of the generated
    everything = HeldOut(scores, target, np.ones(1000), np.arange(1000) < 200, np.zeros(1000, dtype=bool))
    assert everything.figures == {"top1": 0.8, "top3": 1.0, "rows": 200, "real_rows": 200}
    few = replace(everything, real=np.arange(1000) < 199)
    assert few.figures["top1"] == 0.16, "too few real ones to be used"
    assert (few.figures["rows"], few.figures["real_rows"]) == (1000, 199)
    assert replace(few, scores=scores[:0], target=target[:0], real=few.real[:0]).figures == {}


def test_scores_are_read_as_they_were_written_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    _, held_out = _fitted(60, None)
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    held_out.write(one)
    HeldOut.read(one).write(two)
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(DataError, match=r"There is no file .*missing.npz"):
        HeldOut.read(tmp_path / "missing.npz")


def test_scores_are_written_to_the_very_file_that_was_named_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, held_out = _fitted(60, None)
    path = tmp_path / "new" / "scores"
    held_out.write(path)
    before = path.read_bytes()

    def crash(file: IO[bytes], **_: object) -> None:
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", crash)
    with pytest.raises(OSError, match="disk full"):
        held_out.write(path)
    assert [each.name for each in path.parent.iterdir()] == ["scores"]
    assert path.read_bytes() == before


def test_a_file_of_anything_else_is_told_whatever_is_wrong_with_it(tmp_path: Path) -> None:
    _, held_out = _fitted(60, None)
    held_out.write(tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    np.save(tmp_path / "array.npy", held_out.scores)
    middle = whole.index(b"scores.npy") + 60
    contents = (b"", b"PK nothing", whole[:-100], whole[:middle] + b"\xff" * 40 + whole[middle + 40 :])
    for content in (*contents, (tmp_path / "array.npy").read_bytes()):
        (tmp_path / "broken").write_bytes(content)
        with pytest.raises(DataError, match="held-out scores"):
            HeldOut.read(tmp_path / "broken")


def test_scores_of_another_training_are_refused(model_folder: Path, tmp_path: Path) -> None:
    manifest = read_manifest(model_folder)
    model, held_out = _fitted(60, None)
    held_out.write(tmp_path / "scores")
    own = manifest.model_copy(update={"data": manifest.data | {HELD_OUT: held_out.sha256}})
    assert read_scores_of(own, tmp_path / "scores").sha256 == held_out.sha256
    with pytest.raises(DataError, match="not from the training run of model"):
        read_scores_of(manifest, tmp_path / "scores")
    none = replace(held_out, **{name: getattr(held_out, name)[:0] for name in held_out.__dataclass_fields__})
    assert none.sha256 != held_out.sha256
    assert calibrated(model, none, PARAMS) is model
