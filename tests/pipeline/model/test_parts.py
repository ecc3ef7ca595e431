from __future__ import annotations

import numpy as np
import pytest

from pipeline.complaint import Complaint
from pipeline.model import Analysis, analyse
from pipeline.model.parts import MAX_CUTS, Cut, Side, cuts_of, problems_of, sides_of, two_problems

TWO = "lampu jalan mati di gang kami, selain itu sampah menumpuk di pasar lama"
LAMP, WASTE, NOTHING = [0.9, 0.04, 0.06], [0.05, 0.8, 0.15], [0.05, 0.05, 0.9]


def cut(text: str) -> tuple[Analysis, list[Cut]]:
    document = analyse(Complaint(text))
    return document, cuts_of(document)


def told(before: list[float], behind: list[float], left_out: frozenset[int] = frozenset()) -> tuple[int, ...]:
    document, cuts = cut(TWO)
    sides = two_problems(document, cuts, np.array([before, behind], dtype=np.float32), left_out)
    return tuple(side.agency for side in sides or ())


def test_a_message_is_cut_before_words_that_begin_another_matter_and_nowhere_else() -> None:
    document, cuts = cut(TWO)
    (before, behind) = sides_of(document, cuts)
    assert behind.tokens[0].normal.startswith("selain")
    assert (*before.tokens, *behind.tokens) == tuple(document.tokens)
    assert cut("lampu jalan mati di gang kami. sampah menumpuk di pasar lama")[1] == []


@pytest.mark.parametrize(
    "text", ["jalan rusak selain itu sampah menumpuk di pasar", "lampu jalan mati di gang, selain itu gelap"]
)
def test_a_side_of_a_few_words_is_no_problem_of_its_own(text: str) -> None:
    assert cut(text)[1] == []


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("Lampu jalan mati, selain itu sampah menumpuk", "selain itu sampah menumpuk"),
        ("sampah tidak diangkut, belum lagi jalan rusak parah", "belum lagi jalan rusak parah"),
        ("Lampu jalan mati. Ada lagi pak, sampah menumpuk", "Ada lagi pak, sampah menumpuk"),
        ("Lampu jalan mati, disamping itu sampah menumpuk", "disamping itu sampah menumpuk"),
        ("Lampu jalan mati, oh iya sampah jg menumpuk", "oh iya sampah jg menumpuk"),
        ("lampu jalan mati sudah dilaporkan, selain itu sampah menumpuk", "selain itu sampah menumpuk"),
        ("1. jalan berlubang 2. lampu jalan mati 3. sampah menumpuk", "2. lampu jalan mati "),
        ("- jalan berlubang depan sd\n- pju mati\n- sampah", "pju mati\n- "),
        ("a. jalan berlubang b. pju mati", "b. pju mati"),
    ],
)
def test_short_problems_and_items_of_a_list_are_cut(text: str, behind: str) -> None:
    _, cuts = cut(text)
    tokens = analyse(Complaint(text)).tokens
    position, until = cuts[0]
    end = tokens[until].start if until < len(tokens) else len(text)
    assert text[tokens[position].start : end] == behind


@pytest.mark.parametrize(
    "text",
    [
        "sudah lapor ke desa, terus juga ke kecamatan, tapi jalan masih rusak",
        "Sudah saya laporkan ke pln dan juga dishub tapi lampu pju masih mati",
        "sudah saya laporkan ke pln kemarin, selain itu lampu masih mati",
        "gelap sekali dari balai desa, terus juga ke kecamatan kami",
        "kapan ada lagi job fair di sini",
        "pak, kapan ya ada lagi job fair di sini",
        "1) KTP saya belum jadi",
        "buka jam 2. jalan macet 1. km",
        "- jalan berlubang depan sd\n- _",
    ],
)
def test_offices_that_were_told_and_single_items_are_no_other_matter(text: str) -> None:
    assert cut(text)[1] == []


def test_a_message_full_of_connecting_words_is_cut_a_few_times_only() -> None:
    assert len(cut("lampu jalan mati total " + "selain itu jalan rusak " * 50)[1]) == MAX_CUTS


def test_two_problems_need_two_sure_agencies_each_strange_to_the_other_side() -> None:
    assert told(LAMP, WASTE) == (0, 1)
    assert told(LAMP, LAMP) == ()
    assert told(LAMP, [0.05, 0.45, 0.4]) == ()  # the second isn't sure enough
    assert told([0.45, 0.05, 0.4], WASTE) == ()  # the first isn't sure enough
    assert told([0.7, 0.25, 0.05], WASTE) == ()  # the first side mentions waste, too


@pytest.mark.parametrize(
    ("sides", "at", "sure"),
    [
        ([LAMP, [0.05, 0.85, 0.1], LAMP, WASTE], 3, 0.85),
        ([LAMP, WASTE, LAMP, [0.05, 0.85, 0.1]], 7, 0.85),
        ([LAMP, WASTE, LAMP, WASTE], 3, 0.8),
        ([LAMP, LAMP, LAMP, WASTE], 7, 0.8),
    ],
)
def test_of_several_cuts_the_surest_tells_which_words_are_of_which_problem(
    sides: list[list[float]], at: int, sure: float
) -> None:
    document, cuts = cut("lampu jalan mati, selain itu jalan rusak, selain itu sampah menumpuk")
    assert [place.position for place in cuts] == [3, 7]
    found = two_problems(document, cuts, np.array(sides), frozenset())
    assert found == (Side(0, at - 1, 0, 0.9), Side(at, len(document.words) - 1, 1, sure))


def test_what_is_no_complaint_is_no_problem() -> None:
    assert told(LAMP, NOTHING) == (0, 2)
    assert told(LAMP, NOTHING, left_out=frozenset({2})) == ()


LIST = "mohon dibantu 1. lampu jalan mati 2. sampah menumpuk 3. ktp belum jadi 4. air keruh"


def listed(*items: list[float], text: str = LIST) -> list[tuple[int, int]]:
    """Return (first word, agency) of the problems, of items scored alone, each behind all that is before it."""
    document, cuts = cut(text)
    before = [items[0]] * len(cuts)
    rows = [row for pair in zip(before, items[1:], strict=True) for row in pair]
    return [(side.first, side.agency) for side in problems_of(document, cuts, np.array(rows), frozenset({3}))]


def test_a_list_has_as_many_problems_as_items_of_different_agencies() -> None:
    lamp, waste, card, water = np.eye(5)[[0, 1, 2, 4]].tolist()
    assert listed(lamp, waste, card, water) == [(0, 0), (6, 1), (9, 2), (13, 4)]
    assert listed(lamp, waste, waste, water) == [(0, 0), (6, 1), (13, 4)]
    document, cuts = cut(LIST)
    sides = problems_of(document, cuts, np.array([lamp, waste, lamp, card, lamp, water]), frozenset())
    assert [side.last + 1 for side in sides] == [*(side.first for side in sides[1:]), len(document.words)]


def test_an_item_that_is_unsure_or_speaks_for_its_neighbour_stays_with_it() -> None:
    lamp, waste, card, water = np.eye(5)[[0, 1, 2, 4]].tolist()
    unsure, nothing, lamp_too = [0.1, 0.3, 0.3, 0.0, 0.3], [0.0, 0.0, 0.0, 1.0, 0.0], [0.2, 0.8, 0.0, 0.0, 0.0]
    assert listed(lamp, waste, unsure, water) == [(0, 0), (6, 1), (13, 4)]
    assert listed(lamp, waste, nothing, water) == [(0, 0), (6, 1), (13, 4)]
    assert listed(lamp, lamp_too, card, water) == [(0, 0), (9, 2), (13, 4)]
    # Without a sure first item, or with two problems only, the list is cut once, as any message.
    assert listed(unsure, waste, card, water) == []
    assert len(listed(lamp, waste, waste, waste)) == 2


def test_connecting_words_are_no_list() -> None:
    lamp, waste, card, _ = np.eye(4).tolist()
    document, cuts = cut("lampu jalan mati, selain itu sampah menumpuk, selain itu ktp belum jadi")
    assert len(problems_of(document, cuts, np.array([lamp, waste, lamp, card]), frozenset())) == 2
