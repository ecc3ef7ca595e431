from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_param_validation, parametrize_with_checks

from pipeline.model import OrdinalClassifier


@parametrize_with_checks([OrdinalClassifier(folds=0)])  # type: ignore[untyped-decorator]
def test_it_is_a_scikit_learn_estimator(estimator: Any, check: Any) -> None:
    check(estimator)


def _ladder(rows: int = 800) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    height = rng.uniform(0, 4, rows)
    X = np.column_stack([height + rng.normal(0, 0.7, rows), rng.normal(size=rows)])
    return X, np.array(["d", "c", "b", "a"])[height.astype(int)]


def test_mistakes_are_mostly_one_level_off_and_probabilities_add_up() -> None:
    X, y = _ladder()
    model = OrdinalClassifier(("d", "c", "b", "a")).fit(X[::2], y[::2])
    ranks = {name: rank for rank, name in enumerate("dcba")}
    away = np.array([abs(ranks[t] - ranks[p]) for t, p in zip(y[1::2], model.predict(X[1::2]), strict=True)])
    assert (away <= 1).mean() > 0.97
    assert np.allclose(model.predict_proba(X).sum(axis=1), 1, atol=1e-5)
    assert (model.predict_proba(X) >= 0).all()
    assert model.held_out_["levels_off"] < 0.6


def test_calibrated_probabilities_are_as_sure_as_they_are_right() -> None:
    X, y = _ladder(2000)
    model = OrdinalClassifier(("d", "c", "b", "a"), C=100).fit(X[::2], y[::2])
    above = model.predict_proba(X[1::2])[:, 2:].sum(axis=1)
    assert abs(above.mean() - np.isin(y[1::2], ["a", "b"]).mean()) < 0.03


def test_a_class_that_the_order_lacks_is_named() -> None:
    with pytest.raises(ValueError, match="c"):
        OrdinalClassifier(("a", "b"), folds=0).fit(np.eye(3), ["a", "b", "c"])


def test_settings_that_mean_nothing_and_rows_without_a_level_are_refused() -> None:
    check_param_validation("OrdinalClassifier", OrdinalClassifier())
    X, y = _ladder(40)
    with pytest.raises(ValueError, match="'folds' parameter"):
        OrdinalClassifier(folds=-1).fit(X, y)
    with pytest.raises(ValueError, match="1 of 40 rows have no class, the first at position 0"):
        OrdinalClassifier(folds=0).fit(X, [None, *y[1:]])
    with pytest.raises(ValueError, match="Negative values"):
        OrdinalClassifier(folds=0).fit(X, y, sample_weight=-np.ones(40))
    with pytest.raises(ValueError, match="only one class, 'a';"):
        OrdinalClassifier(folds=0).fit(X[:2], ["a", "a"])


def test_an_order_that_names_a_class_twice_is_refused() -> None:
    X, y = np.arange(12.0).reshape(-1, 1), np.repeat(["low", "mid", "high"], 4)
    with pytest.raises(ValueError, match=r"names \['mid'\] twice"):
        OrdinalClassifier(("low", "mid", "mid", "high"), folds=0).fit(X, y)


def test_every_threshold_may_have_its_own_regularisation() -> None:
    X, y = _ladder()
    order, strengths = ("d", "c", "b", "a"), (0.001, 1.0, 100.0)
    each = [OrdinalClassifier(order, C=C, folds=0).fit(X, y).coef_ for C in strengths]
    own = OrdinalClassifier(order, C=strengths, folds=0).fit(X, y)
    assert np.array_equal(own.coef_, [coef[threshold] for threshold, coef in enumerate(each)])
    away = [np.abs(coef[:, 0]) for coef in each]
    assert (away[0] < 0.9 * away[1]).all(), "stronger regularisation brings weights closer to 0"
    assert (away[1] < 0.99 * away[2]).all()
    without = y != "b"
    lacking = OrdinalClassifier(order, C=strengths, folds=0).fit(X[without], y[without])
    top = OrdinalClassifier(order, C=100.0, folds=0).fit(X[without], y[without])
    assert np.array_equal(lacking.coef_[1], top.coef_[1])


@pytest.mark.parametrize("strengths", [(1.0, 1.0), (1.0, 0.0, 1.0)])
def test_regularisation_that_fits_no_thresholds_is_refused(strengths: tuple[float, ...]) -> None:
    X, y = _ladder(40)
    with pytest.raises(ValueError, match="must be 3 numbers above 0, one for each threshold"):
        OrdinalClassifier(("d", "c", "b", "a"), C=strengths, folds=0).fit(X, y)


def test_without_folds_nothing_is_calibrated_and_nothing_was_held_out() -> None:
    X, y = _ladder()
    order = ("d", "c", "b", "a")
    plain = OrdinalClassifier(order, folds=0).fit(X, y)
    calibrated = OrdinalClassifier(order).fit(X, y)
    assert plain.held_out_ == {}
    assert set(calibrated.held_out_) == {"top1", "levels_off"}
    assert (plain.coef_ != calibrated.coef_).all()


@pytest.mark.parametrize(("rare", "held_out"), [(5, False), (6, True)])
def test_a_threshold_is_calibrated_from_two_rows_a_fold_on_on_either_side(rare: int, held_out: bool) -> None:
    X = np.random.default_rng(0).normal(size=(60, 2))
    y = np.repeat(["low", "high"], [60 - rare, rare])
    for order in (("low", "high"), ("high", "low")):
        assert bool(OrdinalClassifier(order, folds=3).fit(X, y).held_out_) == held_out


def test_a_calibration_that_would_turn_the_scores_round_is_left_out() -> None:
    # The groups contradict each other: held-out scores are always wrong.
    x = np.random.default_rng(0).normal(size=(60, 1))
    group = np.repeat([0, 1], 30)
    y = np.where((x[:, 0] > 0) == (group == 0), "high", "low")
    order = ("low", "high")
    plain = OrdinalClassifier(order, folds=0).fit(x, y)
    model = OrdinalClassifier(order, folds=2).fit(x, y, groups=group)
    assert np.array_equal(model.threshold_scores(x), plain.threshold_scores(x))
    assert model.held_out_["top1"] < 0.2


def test_rows_that_weigh_nothing_change_nothing() -> None:
    X, y = _ladder(400)
    order = ("d", "c", "b", "a")
    wrong = np.random.default_rng(1).permutation(y)
    alone = OrdinalClassifier(order).fit(X, y)
    beside = OrdinalClassifier(order).fit(np.vstack([X, X]), [*y, *wrong], sample_weight=np.repeat([1, 0], 400))
    assert np.abs(beside.predict_proba(X) - alone.predict_proba(X)).max() < 0.03


def test_the_figures_are_of_rows_held_out() -> None:
    # One column per row memorises the rows, and says nothing about a held-out row.
    X = np.eye(60)
    y = np.tile(["low", "mid", "high"], 20)
    model = OrdinalClassifier(("low", "mid", "high"), C=1000.0).fit(X, y)
    assert (model.predict(X) == y).mean() > 0.9
    assert model.held_out_["top1"] < 0.6
    assert 0.5 < model.held_out_["levels_off"] <= 2


def test_columns_unread_below_have_weight_at_the_highest_threshold_alone() -> None:
    X, y = _ladder()
    order = ("d", "c", "b", "a")
    fitted = OrdinalClassifier(order, folds=0).fit(X, y, unread=[0])
    assert np.allclose(fitted.coef_[:2, 0], 0, atol=1e-6)
    assert fitted.coef_[2, 0] > 1
    assert np.array_equal(fitted.coef_[2], OrdinalClassifier(order, folds=0).fit(X, y).coef_[2])
    assert np.array_equal(OrdinalClassifier(order).fit(X, y, unread=[]).coef_, OrdinalClassifier(order).fit(X, y).coef_)
