"""Each rule of the gate blocks for its own reason, exactly from its own limit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from training.comparison import Alone, Comparison, Cost, Group, MeanWeek, Paired
from training.gate import Verdict, judge
from training.metrics import Estimate
from training.params import GateParams

RULES = GateParams(min_rows=100, min_group_rows=30, min_urgent_rows=20, group_p=0.04, max_group_loss=0.125)


def figure(low: float = 0, high: float = 0, rows: int = 30, champion: float = 0.5) -> Paired:
    value = (low + high) / 2
    return Paired(rows, champion, champion + value, Estimate(value, low, high), 0, 0, 1.0)


def group(name: str, loss: float, p: float, rows: int = 30) -> Group:
    return Group(name, Paired(rows, 0.75, 0.75 - loss, Estimate(-loss, -loss, -loss), 0, 0, p))


def alone(value: float, low: float, high: float) -> Alone:
    return Alone((0.5, 0.75), (0.9, 0.9 + value), Estimate(value, low, high))


EQUAL = Comparison(
    champion="old",
    challenger="new",
    rows=100,
    since=None,
    until=None,
    top1=figure(),
    top3=figure(),
    calibration=(0.05, 0.05),
    urgent=None,
    agencies=(),
    slices=(),
    lost_agencies=(),
    new_agencies=(),
    week=MeanWeek(1, (1, 1), (0, 0), (0, 0), 0),
    cost=(Cost(100, 10), Cost(100, 10)),
    verdict=Verdict(passed=True, findings=()),
)


@pytest.mark.parametrize(
    ("found", "blocked"),
    [
        (EQUAL, set()),
        (replace(EQUAL, rows=99), {"rows"}),
        (replace(EQUAL, lost_agencies=("dlh",)), {"agencies"}),
        (replace(EQUAL, new_agencies=("dlh",)), set()),
        (replace(EQUAL, top1=figure(-0.02, 0.03)), set()),
        (replace(EQUAL, top1=figure(-0.021, 0.03)), {"top1"}),  # may be worse than the margin
        (replace(EQUAL, top1=figure(-0.015, -0.001)), {"top1"}),  # small, but significant
        (replace(EQUAL, top3=figure(-0.03, 0.1)), {"top3"}),
        (replace(EQUAL, calibration=(0.05, 0.06)), set()),
        (replace(EQUAL, calibration=(0.05, 0.08)), {"calibration"}),
        (replace(EQUAL, alone=alone(-0.02, -0.1, 0.06)), set()),
        (replace(EQUAL, alone=alone(-0.021, -0.1, 0.06)), {"alone"}),
        (replace(EQUAL, alone=alone(-0.01, -0.015, -0.001)), {"alone"}),  # small, but significant
        (replace(EQUAL, urgent=figure(-0.2, 0.1, rows=19)), set()),  # too few to judge
        (replace(EQUAL, urgent=figure(-0.2, 0.1, rows=20)), {"urgent"}),
        (replace(EQUAL, urgency_cost=figure(-0.1, 0.2, champion=1)), set()),
        (replace(EQUAL, urgency_cost=figure(-0.1, 0.21, champion=1)), {"urgency_cost"}),
        (replace(EQUAL, urgency_cost=figure(0.01, 0.1, champion=1)), {"urgency_cost"}),
        (replace(EQUAL, urgency_cost=figure(0.01, 0.9, champion=1, rows=19)), set()),
        (replace(EQUAL, cost=(Cost(100, 10), Cost(200, 30))), set()),
        (replace(EQUAL, cost=(Cost(100, 10), Cost(201, 30))), {"speed"}),
        (replace(EQUAL, cost=(Cost(100, 10), Cost(200, 31))), {"size"}),
    ],
)
def test_each_rule_blocks_at_its_bound(found: Comparison, blocked: set[str]) -> None:
    verdict = judge(found, RULES)
    assert {finding.rule for finding in verdict.findings if not finding.passed} == blocked
    assert verdict.passed == (not blocked)


@pytest.mark.parametrize(
    ("rule", "found", "bounds"),
    [
        ("top1", replace(EQUAL, top1=figure(-0.015, -0.001)), "must lie above -0.02 and not wholly below 0"),
        ("alone", replace(EQUAL, alone=alone(-0.01, -0.015, -0.001)), "at most 0.02 lower.*not wholly below 0"),
        ("urgency_cost", replace(EQUAL, urgency_cost=figure(0.01, 0.1)), "must lie below 0.100 and not wholly above 0"),
    ],
)
def test_a_change_within_the_margin_that_blocks_is_told_with_the_bound_that_it_breaks(
    rule: str, found: Comparison, bounds: str
) -> None:
    (finding,) = (finding for finding in judge(found, RULES).findings if finding.rule == rule)
    assert not finding.passed
    assert re.search(bounds, finding.text)


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ((group("dlh", 0.25, 0.03),), "dlh 0.75 to 0.50"),
        ((group("dlh", 0.25, 0.03, rows=29),), None),  # too few to judge
        ((group("dlh", 0.125, 0.001),), None),  # within the limit
        ((group("dlh", -0.2, 0.001),), None),  # an improvement
        ((group("dlh", 0.25, 0.04),), None),  # not significant
        # Corrected for the number of groups tested; those too small to judge don't count.
        ((group("dlh", 0.25, 0.03), group("pdam", 0, 1)), None),
        ((group("dlh", 0.25, 0.019), group("pdam", 0.5, 0.001)), "dlh 0.75 to 0.50; pdam 0.75 to 0.25"),
        ((group("dlh", 0.25, 0.03), group("pdam", 0, 1, rows=29)), "dlh 0.75 to 0.50"),
    ],
)
def test_a_group_blocks_that_loses_much_beyond_chance(groups: tuple[Group, ...], told: str | None) -> None:
    for rule, found in (("agency", replace(EQUAL, agencies=groups)), ("slice", replace(EQUAL, slices=groups))):
        (finding,) = (finding for finding in judge(found, RULES).findings if finding.rule == rule)
        assert finding.passed == (told is None)
        assert told is None or finding.text.endswith(told)
