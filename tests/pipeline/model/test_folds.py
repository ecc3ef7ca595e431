"""Every row is held out exactly once, and groups are never divided between folds."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.model.folds import make_folds


@pytest.mark.parametrize("groups", [None, np.arange(60) // 4])
def test_every_row_is_held_out_once(groups: np.ndarray | None) -> None:
    folds = make_folds(np.arange(60) % 3, 5, 0, groups)
    assert sorted(np.concatenate([held for _, held in folds])) == list(range(60))
    assert all(not set(rest) & set(held) for rest, held in folds)


def test_no_group_stands_on_both_sides() -> None:
    groups = np.arange(60) // 4
    assert all(not set(groups[rest]) & set(groups[held]) for rest, held in make_folds(groups % 2, 5, 0, groups))


def test_fewer_groups_than_folds_are_a_fold_each_and_one_group_is_none() -> None:
    groups = np.arange(60) % 3
    assert [len(held) for _, held in make_folds(groups, 5, 0, groups)] == [20, 20, 20]
    assert make_folds(groups, 5, 0, np.zeros(60)) == []


@pytest.mark.filterwarnings("error")
def test_a_class_with_fewer_rows_than_folds_is_no_trouble() -> None:
    y = np.array(["a"] * 20 + ["b"] * 20 + ["c"])
    assert sum("c" in y[held] for _, held in make_folds(y, 5, 0)) == 1


def test_where_no_class_has_as_many_rows_as_folds_the_largest_tells_how_many_there_are() -> None:
    assert [len(held) for _, held in make_folds(np.array([0, 0, 1, 1, 2]), 5, 0)] == [3, 2]
    assert make_folds(np.arange(12), 5, 0) == []
