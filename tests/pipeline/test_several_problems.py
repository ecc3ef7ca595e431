"""Messages with two problems for two agencies are recognised, and others hardly ever taken for one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.router import Router

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

WRITTEN = Path(__file__).parents[1] / "data" / "several_problems.tsv"
LEAST_FOUND = 24  # of 36 recognised with both agencies right; measured: 31 (docs/several-problems.md)
MOST_WRONG = 2  # recognised with other problems; measured: 1


def test_two_problems_are_found_with_their_agencies_and_a_single_one_is_left_whole(default_router: Router) -> None:
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], tuple(row["agencies"].split())) for row in csv.DictReader(file, delimiter="\t")]
    found = [tuple(part.code for part in default_router.suggest(text).parts) for text, _ in rows]
    right = [text for (text, codes), parts in zip(rows, found, strict=True) if len(codes) == 2 and parts == codes]
    wrong = {text: parts for (text, codes), parts in zip(rows, found, strict=True) if parts and parts != codes}
    assert len(right) >= LEAST_FOUND
    assert len(wrong) <= MOST_WRONG, wrong


def test_the_parts_are_pieces_of_the_text_cut_before_the_connecting_word(default_router: Router) -> None:
    text = "Air PDAM di rumah kami mati sudah empat hari. Sekalian lapor juga, sampah di ujung gang menumpuk dan bau."
    first, second = default_router.suggest(text).parts
    assert text[first.start : first.end] == "Air PDAM di rumah kami mati sudah empat hari"
    assert text[second.start : second.end].startswith("Sekalian lapor juga, sampah")
    assert (first.name, second.name) == tuple(default_router.region.agencies[c].name for c in ("pdam", "dlh"))
