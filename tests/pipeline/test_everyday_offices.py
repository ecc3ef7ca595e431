"""Everyday phrases are routed to the right office by a model of default size, though another has most of the words."""

from __future__ import annotations

import pytest

from pipeline.router import Router

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

MEANT = {
    "mati lampu terus tiap sore di kampung kami": "luar-pln",  # a power cut; street lamps are the transport office's
    "kenapa mati lampu ya min dari tadi siang": "luar-pln",
    "sering mati lampu tanpa pemberitahuan kulkas rusak": "luar-pln",
    "lampu jalan mati terus tiap malam di kampung kami": "dishub",
    "difabel di desa kami ga pernah didata": "dinsos",
    "follow ig kita ya gan banyak promo": "bukan-aduan",
}


def test_what_people_say_for_a_power_cut_and_other_everyday_things_is_understood(default_router: Router) -> None:
    first = [suggestion.agencies[0].code for suggestion in default_router.suggest_many(list(MEANT))]
    told = dict(zip(MEANT, first, strict=True))
    assert {text: code for text, code in told.items() if code != MEANT[text]} == {}
