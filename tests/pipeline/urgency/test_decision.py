from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Level
from pipeline.region import national_costs
from pipeline.urgency import LEVELS, DangerSign, decide_levels
from tests.pipeline.urgency.asked import signs

FIRE = "rumah kebakaran"
HOLE = "jalan berlubang membahayakan"


def _level(probabilities: list[float], found: list[DangerSign]) -> Level:
    return decide_levels(LEVELS, np.array([probabilities], dtype=np.float32), [found], national_costs())[0]


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4), st.sampled_from([FIRE, HOLE, "taman kotor"]))
def test_dangers_raise_and_never_lower(weights: list[float], text: str) -> None:
    probabilities = [weight / sum(weights) for weight in weights]
    alone, with_dangers = _level(probabilities, []), _level(probabilities, signs(text))
    assert LEVELS.index(with_dangers) >= LEVELS.index(alone)
    if text == FIRE:
        assert with_dangers is Level.DARURAT


def test_a_possible_emergency_is_worth_a_needless_alarm() -> None:
    assert _level([0.3, 0.5, 0.05, 0.15], []) in {Level.TINGGI, Level.DARURAT}
    assert _level([0.3, 0.69, 0.005, 0.005], []) is Level.SEDANG


@pytest.mark.parametrize("told", LEVELS)
@pytest.mark.parametrize("text", ["taman kotor", "tidak ada kebakaran", "kebakaran sudah padam"])
def test_what_is_no_danger_or_none_any_more_leaves_the_level_as_it_is(text: str, told: Level) -> None:
    assert _level([float(level is told) for level in LEVELS], signs(text)) is told
    assert _level([0.1, 0.84, 0.06, 0.0], signs(text)) is Level.SEDANG


@pytest.mark.parametrize(("belief", "level"), [(0.06, Level.TINGGI), (0.01, Level.SEDANG)])
def test_serious_harm_raises_unless_the_words_leave_no_doubt(belief: float, level: Level) -> None:
    assert _level([0.1, 0.9 - belief, belief, 0.0], signs(HOLE)) is level
    assert _level([0.1, 0.9 - belief, belief / 2, belief / 2], signs(HOLE)) is level  # an emergency is no less
    assert _level([1.0, 0.0, 0.0, 0.0], signs(HOLE)) is Level.RENDAH
