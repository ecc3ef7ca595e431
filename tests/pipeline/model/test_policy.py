"""Policy for the three decisions: suggest, choose, read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.complaint import Complaint, Decision
from pipeline.model import analyse
from pipeline.model.policy import Policy

FAMILIAR = frozenset({"lampu", "jalan", "mati"})


@given(arrays.arrays(np.float32, st.integers(1, 12), elements=st.floats(0, 1, width=32)))
def test_the_choices_are_all_that_are_probable_enough_the_most_probable_first_and_never_none(p: np.ndarray) -> None:
    policy = Policy()
    chosen = policy.choices(p)
    assert len(set(chosen.tolist())) == len(chosen) >= 1
    assert list(p[chosen]) == sorted(p[chosen], reverse=True)
    assert p[chosen[0]] == p.max()
    assert set(np.flatnonzero(p >= policy.choose_probability)) <= set(chosen)
    assert len(chosen) == max(1, int((p >= policy.choose_probability).sum()))


def test_an_agency_belongs_to_the_choices_from_its_threshold_on() -> None:
    assert Policy().choices(np.array([0.9, 0.05, 0.0499], np.float32)).tolist() == [0, 1]


def test_of_equals_the_first_comes_first() -> None:
    assert Policy().choices(np.array([0.2, 0.4, 0.2, 0.01, 0.2], np.float32)).tolist() == [1, 0, 2, 4]
    assert Policy().choices(np.tile(np.array([0.2, 0.4], np.float32), 50)).tolist() == [
        *range(1, 100, 2),
        *range(0, 100, 2),
    ]


@pytest.mark.parametrize(
    ("text", "first", "probability", "decision", "told"),
    [
        ("lampu mati", "dishub", 0.75, Decision.SUGGEST, None),
        ("lampu mati", "dishub", 0.749, Decision.CHOOSE, None),
        ("lampu mati", "dishub", 0.12, Decision.CHOOSE, None),
        ("lampu mati", "dishub", 0.119, Decision.READ, "Tidak ada instansi yang cukup menonjol."),
        ("lampu mati", "bukan-aduan", 0.9, Decision.READ, "Tampaknya bukan aduan."),
        ("lampu lampu lampu", "dishub", 0.9, Decision.READ, "Teksnya terlalu sedikit untuk disimpulkan."),
        ("lampu mati xqzt xqzt", "dishub", 0.9, Decision.SUGGEST, None),
        (
            "lampu mati xqzt xqzt xqzt", "dishub", 0.9, Decision.READ,
            "Sebagian besar kata tidak dikenal; mungkin bahasa lain.",
        ),
    ],
)  # fmt: skip
def test_each_threshold_is_met_from_its_value_on(
    text: str, first: str, probability: float, decision: Decision, told: str | None
) -> None:
    analysis = analyse(Complaint(text))
    assert Policy().decide(analysis, FAMILIAR, first, probability) == (decision, told)


def test_an_agency_may_have_a_threshold_of_its_own() -> None:
    policy = Policy(own_suggest_probability={"dinkes": 0.9, "dishub": 0.6})
    told = policy.decide(analyse(Complaint("lampu mati")), FAMILIAR, "dinkes", 0.89)
    assert told == (Decision.CHOOSE, None)
    probabilities = np.array([[0.89, 0.1, 0.0], [0.9, 0.1, 0], [0.39, 0.61, 0], [0.3, 0, 0.69]], np.float32)
    assert policy.suggests(["dinkes", "dishub", "dlh"], probabilities).tolist() == [False, True, True, False]


def test_numbers_are_no_words_and_an_abbreviation_counts_the_words_it_stands_for() -> None:
    assert Policy().decide(analyse(Complaint("lampu mati 1 2 3 4 5 6")), FAMILIAR, "dishub", 0.9)[0] is Decision.SUGGEST
    assert Policy().decide(analyse(Complaint("PJUU")), FAMILIAR, "x", 0.9)[0] is Decision.SUGGEST


@pytest.mark.parametrize(
    ("choose", "suggest", "own", "none"),
    [
        (0.05, 0.75, {}, False),
        (0.75, 0.75, {}, True),
        (0.4, 0.3, {}, True),
        (0.4, 0.3, {"c": 0.45}, False),
        (0.4, 0.3, {"c": 0.2}, True),
        (0.6, 1.01, {}, True),
        (0.4, 1.01, {}, False),
    ],
)
def test_one_agency_is_no_choice(choose: float, suggest: float, own: dict[str, float], none: bool) -> None:
    policy = Policy(suggest_probability=suggest, own_suggest_probability=own, choose_probability=choose)
    assert policy.never_offers_several() == none
    # Two equally probable agencies, at every possible probability.
    equal = np.repeat(np.arange(0.01, 0.5, 0.01, dtype=np.float32)[:, None], 2, axis=1)
    offered = [
        len(policy.choices(row)) for codes in (["a", "c"], ["c", "a"]) for row in equal[~policy.suggests(codes, equal)]
    ]
    assert (max(offered) < 2) == none
