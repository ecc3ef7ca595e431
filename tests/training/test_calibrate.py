"""Real held-out complaints decide on probabilities and thresholds; a few of them do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.model import BalancedRidgeClassifier, ComplaintModel, Policy
from pipeline.model.link import Link
from training.calibrate import MIN_ROWS_FOR_THRESHOLDS, HeldOut, calibrated
from training.data import Labelled
from training.params import Params

PARAMS = Params()
NOTHING = cast(Any, None)  # features and urgency are not touched


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
    assert model.agency.link_ == plain, "the model that was given stays as it was"


def test_scores_are_read_as_they_were_written_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    _, held_out = _fitted(60, None)
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    held_out.write(one)
    HeldOut.read(one).write(two)
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(DataError, match="held-out scores"):
        HeldOut.read(tmp_path / "missing.npz")
