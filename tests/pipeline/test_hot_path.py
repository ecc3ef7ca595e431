"""Cost of one answer in function calls, which unlike seconds are the same on every machine and under every load.

A change that makes more calls than the budget fails here. If it is worth it, raise the budget, with the reason in the
commit; if there are fewer calls, lower it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from itertools import count
from types import FrameType
from typing import Any

import pytest

from pipeline.complaint import Complaint
from pipeline.model import analyse
from pipeline.router import Router
from pipeline.text import tokenise
from pipeline.urgency import danger_finder

TEXTS = [
    "lampu jalan depan pasar Cibitung mati sudah seminggu, gelap sekali kalau malam",
    "jln berlubang dalam bgt di Desa Sukadami, kemarin ada motor jatuh dan pengendaranya luka",
    "sampah menumpuk sudah 2 minggu tdk diangkut, bau menyengat",
    "air pdam mati 3 hari, tagihan tetap jalan. mohon ditindaklanjuti",
    "kabel listrik putus menjuntai di depan SDN 01, anak-anak lewat situ",
    "mau urus KTP hilang tapi antriannya tidak jelas, hub 0812 3456 7890",
    "puskesmas menolak pasien BPJS, petugasnya kasar",
    "banjir setinggi lutut di perumahan kami, tolong kirim perahu",
    "guru di SD negeri minta uang seragam kepada wali murid",
    "mohon diperbaiki jembatan kayu yang hampir roboh di Kampung Sawah",
]


ADDRESS = "Jl. Raya Cibitung No. 5, RT 02/RW 03, Kec. Cibitung, Kab. Bekasi"
ENDS = ("", "", "", "kan", "in", "nya", "i", "an", "is", "ban")

BUDGET = {  # calls per text, with all its words cached except in the case of unseen words
    "suggest, one by one": 850,
    "suggest, with an address": 1_120,
    "suggest, ten unseen words": 2_950,
    "route, together": 607,
    "agencies, one by one": 53,
    "agencies, together": 26,
    "urgency, together": 339,
}


def _calls(work: Callable[[], object]) -> int:
    """Return the number of calls of Python and C functions that ``work`` makes."""
    count = 0

    def counted(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _unseen(numbers: Iterator[int]) -> list[str]:
    """Return the texts, each with ten new words added."""
    invented = ("".join(chr(97 + n // 20**place % 20) + "aiu"[place % 3] for place in range(4)) for n in numbers)
    return [" ".join([text, *(word + end for word, end in zip(invented, ENDS, strict=False))]) for text in TEXTS]


def _works(router: Router) -> dict[str, Callable[[], object]]:
    analyses = [analyse(text) for text in TEXTS]
    addressed = [Complaint(text, address=ADDRESS) for text in TEXTS]
    numbers = count(1)
    return {
        "suggest, ten unseen words": lambda: [router.suggest(text) for text in _unseen(numbers)],
        "suggest, with an address": lambda: [router.suggest(complaint) for complaint in addressed],
        "suggest, one by one": lambda: [router.suggest(text) for text in TEXTS],
        "route, together": lambda: router.route_many(TEXTS),
        "agencies, one by one": lambda: [router.model.agency_probabilities([each]) for each in analyses],
        "agencies, together": lambda: router.model.agency_probabilities(analyses),
        "urgency, together": lambda: router.model.urgency.read(analyses),
    }


@pytest.mark.parametrize(("name", "budget"), BUDGET.items())
def test_an_answer_makes_no_more_calls_than_its_budget(router: Router, name: str, budget: int) -> None:
    work = _works(router)[name]
    work()  # so that its words are known
    calls = _calls(work) / len(TEXTS)
    assert calls <= budget, f"{name}: {calls:.0f} calls a text"
    assert calls >= 0.8 * budget, f"{name}: {calls:.0f} calls a text; lower the budget"


@pytest.mark.parametrize(("before", "end", "budget"), [("", "u", 75), ("desa ", "i", 58)])
def test_of_words_invented_without_end_each_takes_few_calls(router: Router, before: str, end: str, budget: int) -> None:
    router.suggest(TEXTS[0])  # word caches filled by other tests change the count by up to half a call
    text = " ".join(
        f"{before}{chr(97 + n % 20)}a{chr(97 + n // 20 % 20)}o{chr(97 + n // 400)}{end}" for n in range(8_000)
    )
    calls = _calls(lambda: router.suggest(text[:8_000])) / len(text[:8_000].split())
    assert calls <= budget, f"{calls:.1f} calls a word"
    assert calls >= 0.8 * budget, f"{calls:.1f} calls a word; lower the budget"


@pytest.mark.parametrize(("separator", "budget"), [(" selain itu ", 55), ("\n{}. ", 55)])
def test_a_long_message_of_many_matters_is_read_once(router: Router, separator: str, budget: int) -> None:
    matters = [" ".join(TEXTS[start:] + TEXTS[:start]) for start in range(7)]
    text = "".join(separator.format(number) + matter for number, matter in enumerate(matters, start=1))
    router.suggest(text)  # so that its words are known
    calls = _calls(lambda: router.suggest(text)) / len(text.split())
    assert calls <= budget, f"{calls:.1f} calls a word"
    assert calls >= 0.8 * budget, f"{calls:.1f} calls a word; lower the budget"


@pytest.mark.parametrize(
    "words",
    [
        "sepeda motor saya anak jatuh kali",
        "api kebakaran rumah anak listrik kabel nya dulu",
        "api kebakaran rumah jika takut hampir tidak kemarin sekarang selesai",
    ],
)
def test_reading_danger_words_without_end_is_linear_in_their_number(words: str) -> None:
    text = " ".join(random.Random(1).choices(words.split(), k=1_000))

    def calls(text: str) -> int:
        tokens = tokenise(text)
        return _calls(lambda: danger_finder().find(text, tokens))

    calls(text)  # so that its words are known
    assert calls(text) <= 2.5 * calls(text[: len(text) // 2])
