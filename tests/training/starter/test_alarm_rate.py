from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import ALARMS, Complaint, Level
from pipeline.region import Region
from training.data import Labelled
from training.fit import starter_rows
from training.params import StarterParams
from training.starter.alarm_rate import as_often_urgent

_ROWS = st.lists(
    st.builds(
        Labelled,
        st.just(Complaint("jalan rusak")),
        st.just("dinas"),
        st.sampled_from(Level),
        st.sampled_from(["sosial/a", "sosial/b", "kominfo/a", None]),
        weight=st.floats(0.1, 10),
    )
)


def _weights(rows: list[Labelled]) -> tuple[dict[str, float], dict[str, float]]:
    whole: dict[str, float] = defaultdict(float)
    urgent: dict[str, float] = defaultdict(float)
    for row in rows:
        name = (row.problem or "").partition("/")[0]
        whole[name] += row.weight
        urgent[name] += row.weight * (row.urgency in ALARMS)
    return whole, urgent


@given(_ROWS, st.floats(0.01, 0.99))
def test_alarms_have_their_share_of_an_urusans_weight_and_nothing_else_changes(
    rows: list[Labelled], share: float
) -> None:
    weighed = as_often_urgent(rows, {"sosial": share, "pertanian": 0.5})
    (whole, urgent), (before, alarms) = _weights(weighed), _weights(rows)
    assert whole == pytest.approx(before)
    mixed = 0 < alarms["sosial"] < before["sosial"]
    assert urgent["sosial"] == pytest.approx(share * whole["sosial"] if mixed else alarms["sosial"])
    assert urgent["kominfo"] == alarms["kominfo"]
    assert [(row.complaint, row.urgency, row.problem) for row in weighed] == [
        (row.complaint, row.urgency, row.problem) for row in rows
    ]


def test_the_national_shares_hold_of_a_regions_starter_corpus(bekasi: Region) -> None:
    rows = as_often_urgent(starter_rows(bekasi, StarterParams(), 4000), bekasi.alarm_shares)
    whole, urgent = _weights(rows)
    for name, share in bekasi.alarm_shares.items():
        if 0 < urgent[name]:
            assert urgent[name] / whole[name] == pytest.approx(share), name
