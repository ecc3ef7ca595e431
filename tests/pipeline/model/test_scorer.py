from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import numpy as np
import pytest

from pipeline.model import analyse
from pipeline.router import Router

LAMP = analyse("lampu jalan depan pasar mati sudah seminggu")


def test_a_scorer_that_has_answered_is_pickled_without_what_it_remembers(router: Router) -> None:
    scores = router.model.score([LAMP])
    again = pickle.loads(pickle.dumps(router.model))  # noqa: S301 (made here)
    assert "compiled" not in vars(again)
    assert np.array_equal(again.score([LAMP]).agency, scores.agency)


def _with_arrays(router: Router) -> list[Any]:
    model = router.model
    return [
        model,
        model.weights,
        model.weights.table,
        model.urgency_weights,
        model.score([LAMP]),
        model.urgency.read([LAMP]),
        model.explain_agency(LAMP, 0),
        router._acting_on(router._today()),
    ]


@pytest.mark.parametrize("number", range(8))
def test_what_holds_arrays_is_equal_to_itself_alone_and_can_be_a_key(router: Router, number: int) -> None:
    value = _with_arrays(router)[number]
    assert value == value
    arrays = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    copied = {name: array.copy() for name, array in arrays.items() if isinstance(array, np.ndarray)}
    assert value != dataclasses.replace(value, **copied)
    assert {value: 1}[value] == 1
