from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.exceptions import NotFittedError
from sklearn.metrics import log_loss
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_classifiers_train, check_param_validation, parametrize_with_checks

from pipeline.model import BalancedRidgeClassifier


def _expected_failures(_: object) -> dict[str, str]:
    # Copies of a row fall in different folds, a weighted row in one, so the links differ, as in every cross-validated
    # estimator of scikit-learn.
    checks = ("check_sample_weight_equivalence_on_dense_data", "check_sample_weight_equivalence_on_sparse_data")
    return dict.fromkeys(checks, "the link is cross-validated")


@pytest.mark.slow
@parametrize_with_checks(  # type: ignore[untyped-decorator]
    [BalancedRidgeClassifier(folds=2, stacking_penalty=1.0)],  # covers the variant without stacking, too
    expected_failed_checks=_expected_failures,
)
def test_it_is_a_scikit_learn_estimator(estimator: Any, check: Any) -> None:
    check(estimator)


def _blobs(classes: int = 4, size: int = 60) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    y = np.repeat([f"c{i}" for i in range(classes)], size)
    X = np.eye(classes).repeat(size, axis=0) * 1.5 + rng.normal(size=(classes * size, classes))
    return X, y


def test_probabilities_are_as_sure_as_they_are_right() -> None:
    X, y = _blobs()
    held_X, held_y = X[::2], y[::2]
    model = BalancedRidgeClassifier().fit(X[1::2], y[1::2])
    probability = model.predict_proba(held_X).max(axis=1)
    assert abs(probability.mean() - (model.predict(held_X) == held_y).mean()) < 0.1


def test_scores_are_one_linear_function() -> None:
    X, y = _blobs()
    model = BalancedRidgeClassifier(folds=0).fit(X, y)
    assert_allclose(model.decision_function(X), X @ model.coef_.T + model.intercept_, rtol=1e-5)


def test_features_that_tell_the_classes_apart_are_believed_sooner() -> None:
    random = np.random.default_rng(0)
    y = np.repeat(["a", "b"], 200)
    telling = (random.random(400) < np.where(y == "a", 0.3, 0.05)).astype(float)
    X = np.column_stack([telling, random.random((400, 30)) < 0.2]).astype(np.float32)
    plain, weighed = (BalancedRidgeClassifier(folds=0, alpha=300.0, relevance=r).fit(X, y) for r in (0.0, 5.0))
    plain_share, share = (abs(m.coef_[0, 0]) / np.abs(m.coef_[0]).sum() for m in (plain, weighed))
    assert share > 1.2 * plain_share
    assert_allclose(
        weighed.decision_function(X), (X @ weighed.coef_.T + weighed.intercept_) @ [-1, 1], rtol=1e-4, atol=1e-5
    )
    with pytest.raises(ValueError, match="not be negative"):
        BalancedRidgeClassifier(relevance=1.0).fit(-X, y)


def test_a_row_without_weight_counts_for_nothing() -> None:
    X, y = _blobs()
    wrong = np.concatenate([y[:120], np.repeat("c3", 120)])
    weight = np.r_[np.ones(120), np.zeros(120)]
    model = BalancedRidgeClassifier(folds=0, balance=0).fit(X, wrong, sample_weight=weight + 1e-9)
    assert (model.predict(X[:120]) == y[:120]).mean() > 0.8


def test_a_class_that_a_fold_lacks_does_not_stop_the_calibration() -> None:
    X, y = _blobs()
    y[0] = "alone"
    model = BalancedRidgeClassifier().fit(X, y)
    assert model.link_ is not None
    assert np.isfinite(model.predict_proba(X)).all()


def test_rows_of_one_group_make_it_less_sure() -> None:
    X, y = _blobs(size=10)
    X, y = X.repeat(6, axis=0), y.repeat(6)
    groups = np.arange(len(y)) // 6
    sure = BalancedRidgeClassifier().fit(X, y).predict_proba(X).max(axis=1).mean()
    honest = BalancedRidgeClassifier().fit(X, y, groups=groups).predict_proba(X).max(axis=1).mean()
    assert honest < sure


def test_stacking_is_part_of_the_one_matrix_and_helps_on_rows_that_no_fold_has_seen() -> None:
    X, y = _blobs(classes=5, size=400)
    X[:, 1] += X[:, 0]  # the first class also causes the second one's feature
    plain, stacked = (BalancedRidgeClassifier(stacking_penalty=penalty).fit(X[::2], y[::2]) for penalty in (None, 1.0))
    assert_allclose(stacked.decision_function(X), X @ stacked.coef_.T + stacked.intercept_, rtol=1e-4, atol=1e-5)
    surprise = [log_loss(y[1::2], model.predict_proba(X[1::2]), labels=model.classes_) for model in (plain, stacked)]
    assert surprise[1] < surprise[0]


def test_rows_count_where_they_are_held_out_as_they_are_told_to() -> None:
    X, y = _blobs()
    wrong = np.where(np.arange(len(y)) % 5 == 0, "c0", y)
    doubted = np.where(wrong == y, 1.0, 0.0)
    unsure = BalancedRidgeClassifier().fit(X, wrong, sample_weight=doubted, held_out_weight=np.ones(len(y)))
    sure = BalancedRidgeClassifier().fit(X, wrong, sample_weight=doubted)
    assert_allclose(unsure.coef_, sure.coef_)
    assert unsure.predict_proba(X).max(axis=1).mean() < sure.predict_proba(X).max(axis=1).mean()


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="only one class, 'a';"):
        BalancedRidgeClassifier().fit(np.ones((3, 2)), ["a", "a", "a"])


def test_settings_that_mean_nothing_are_refused_by_name() -> None:
    check_param_validation("BalancedRidgeClassifier", BalancedRidgeClassifier())
    X, y = _blobs(size=4)
    for wrong in ({"alpha": -1.0}, {"balance": -1.0}, {"stacking_penalty": -5.0}, {"folds": -2}, {"folds": 1.5}):
        with pytest.raises(ValueError, match=f"'{next(iter(wrong))}' parameter"):
            BalancedRidgeClassifier(**wrong).fit(X, y)
    for weights in ({"sample_weight": -np.ones(len(y))}, {"held_out_weight": -np.ones(len(y))}):
        with pytest.raises(ValueError, match="Negative values"):
            BalancedRidgeClassifier(folds=2).fit(X, y, **weights)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_rows_without_a_class_are_refused_however_they_say_so(missing: Any) -> None:
    X, y = _blobs(size=4)
    labels = pd.Series(y, dtype=object)
    labels[[5, 7]] = missing
    with pytest.raises(ValueError, match="2 of 16 rows have no class, the first at position 5"):
        BalancedRidgeClassifier(folds=2).fit(X, labels)


def test_features_that_tell_the_classes_apart_are_said_to_be_positive() -> None:
    assert not get_tags(BalancedRidgeClassifier()).input_tags.positive_only
    weighing = BalancedRidgeClassifier(folds=2, relevance=1.0)
    assert get_tags(weighing).input_tags.positive_only
    check_classifiers_train("BalancedRidgeClassifier", weighing)  # the check respects the tag


def test_a_warm_start_gives_what_a_cold_one_gives_and_starts_anew_with_other_rows() -> None:
    X, y = _blobs(size=40)
    weight = np.ones(len(y))
    warm = BalancedRidgeClassifier(folds=3, warm_start=True).fit(X, y, sample_weight=weight)
    weight[::9] = 0.3
    warm.fit(X, y, sample_weight=weight)
    cold = BalancedRidgeClassifier(folds=3).fit(X, y, sample_weight=weight)
    assert_allclose(warm.decision_function(X), cold.decision_function(X), atol=0.1)
    assert_allclose(warm.held_out_scores_, cold.held_out_scores_, atol=0.1)
    fewer = warm.fit(X[::2], y[::2])
    assert_allclose(fewer.coef_, BalancedRidgeClassifier(folds=3).fit(X[::2], y[::2]).coef_)
    assert not len(warm.__getstate__()["duals_"])


def test_folds_alone_tell_what_they_tell_in_a_whole_fit() -> None:
    X, y = _blobs()
    whole = BalancedRidgeClassifier(folds=3, stacking_penalty=1.0).fit(X, y)
    folds = BalancedRidgeClassifier(folds=3, stacking_penalty=1.0, warm_start=True).fit_folds(X, y)
    assert_allclose(folds.held_out_scores_, whole.held_out_scores_)
    assert folds.link_ == whole.link_
    assert_allclose(folds.fit(X, y).decision_function(X), whole.decision_function(X), atol=0.1)


def test_nothing_is_predicted_between_the_folds_and_the_whole_fit() -> None:
    X, y = _blobs()
    for before in (BalancedRidgeClassifier(folds=3), BalancedRidgeClassifier(folds=3).fit(X[:, ::-1], y)):
        folds = before.fit_folds(X, np.char.add("other ", y.astype(str)))
        for predict in (folds.predict, folds.predict_proba, folds.decision_function):
            with pytest.raises(NotFittedError):
                predict(X)
